"""One small round of each other policy, each in a state of its own, made through the services."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from departments.models import Department, UnitGroup
from disclosure.results.services import publish_results
from evaluations import services as rounds
from evaluations.gathering.entries.grid import REASON, TypedRow
from evaluations.gathering.ledger import services as ledger
from evaluations.gathering.sheets import marking, panels
from evaluations.gathering.sheets.form import TOTAL, Cell
from evaluations.models import Channel, Round, SchemeVersion
from evaluations.rounds.state import survey_of
from evaluations.rounds.subject_keys import department_key
from evaluations.schemes.stored import scheme_of
from evaluations.scoring.vocabulary import vocabulary
from office.models import User
from surveys import queries as survey_queries
from surveys import services as surveys
from surveys.ballots import forms
from surveys.voting.demo_box import fill_box

SHANGHAI = ZoneInfo("Asia/Shanghai")
VOTERS = 60
HOW_KNOWN = 0.9  # a voter knows so many of the units
ASKED = 40
COUNTED = TypedRow(source="现场评议统计表（示范）", source_on=date(2026, 10, 9))
Units = Sequence[Department]
Answers = dict[str, dict[str, str]]


class OtherPolicies:
    """方城 gathers, 吉林 has a sealed sheet, 广元 is served, 舞阳 is published."""

    def __init__(self, people: Mapping[str, User], passphrase: str) -> None:
        self.centre, self.reviewer, self.leader = (people[one] for one in ("centre", "reviewer", "leader"))
        self.inspectorate, self.passphrase = people["inspectorate"], passphrase

    def hold(self) -> None:
        units = list(Department.objects.bodies().filter(is_active=True).order_by("order"))
        self.gather(units[:6])
        self.seal(units[6:14])
        self.serve(units[:8])
        self.publish(units[8:18])

    def gather(self, units: Units) -> None:
        """Some of it entered, some confirmed by the reviewer, one channel settled."""
        held = self._frozen("fangcheng-2022", {"责任单位": units}, "第四季度效能监测", "2026-Q4")
        self._begin(held, date(2026, 11, 10))
        remark = {REASON: "按整改台账核对。"}
        marks = {unit: TypedRow({REASON: str(8 - at % 3)}, remark) for at, unit in enumerate(units)}
        self._enter(held, "marks.rectification", marks, date(2026, 11, 17))
        self._settle(held, "marks.rectification", date(2026, 11, 18))
        articles = {unit: TypedRow({REASON: str(3 + at)}) for at, unit in enumerate(units)}
        self._enter(held, "measures.articles", articles, date(2026, 11, 18))
        endorsed = ledger.Draft(
            department=units[1],
            value="item:endorsed_city",
            day=date(2026, 11, 12),
            practice="一窗通办",
            remark="市级领导批示推广（示范）。",
        )
        ledger.enter_occurrence(
            scheme_id="fangcheng-2022",
            draft=endorsed,
            today=date(2026, 11, 18),
            now=_at(date(2026, 11, 18)),
            acting_user=self.centre,
        )

    def seal(self, units: Units) -> None:
        """The leader of the demo has handed in a sheet; nobody reads it before two persons open the panel."""
        groups = {"局室公司": units[:4], "基层单位": units[4:6], "双管单位": units[6:]}
        held = self._frozen("jilin-jkq-2021", groups, "营商环境年度考核评价", "2026")
        panel = panels.panel_of(_channel(held, "marks.leaders"))
        panels.set_by_aspect(panel=panel, by_aspect=False, acting_user=self.centre)
        self._begin(held, date(2026, 11, 16))
        for name, account in (("示范丙", self.leader), ("示范寅", None), ("示范卯", None)):
            panels.add_marker(panel=panel, name=name, unit=None, account=account, acting_user=self.centre)
        sheet = panels.sheets_of(panel).get(marker__account=self.leader)
        typed: dict[Cell, str] = {
            (department_key(unit.pk), TOTAL): str(24 + at % 6) for at, unit in enumerate(units)
        }
        marking.submit_sheet(
            sheet=sheet,
            typed=typed,
            seen=sheet.version,
            zeros_confirmed=False,
            now=_at(date(2026, 11, 20)),
            acting_user=self.leader,
        )

    def serve(self, units: Units) -> None:
        """A ballot about units as wholes beside counts of real-time ratings; within the appeal days."""
        held = self._frozen("guangyuan-2022", {"市级部门": units}, "第二次直接评价", "2026-2")
        town = next(iter(survey_queries.voters_by_town()))
        kind = next(iter(survey_queries.voter_kinds(shares=False)))
        rounds.plan_slips(round=held, plan={town: {kind: VOTERS}}, acting_user=self.centre)
        held = rounds.prepare_ballot(round=held, passphrase=self.passphrase, acting_user=self.centre)
        slips = [
            slip
            for batch in survey_queries.batches(survey_of(held))
            for slip in surveys.print_batch(batch=batch, acting_user=self.centre)
        ]
        opened = date(2026, 9, 8)
        held = rounds.open_round(
            round=held, passphrase=self.passphrase, today=opened, acting_user=self.centre
        )
        drawn = _answers(survey_of(held).frozen()["form"], len(slips))
        fill_box(
            survey=survey_of(held),
            votes=[(slip, answers, []) for slip, answers in zip(slips, drawn, strict=True)],
        )
        self._take_over(held, "answers.realtime", units)
        closed = date(2026, 11, 16)
        rounds.close_round(round=held, today=closed, acting_user=self.centre)
        rounds.tally_round(round=held, passphrase=self.passphrase, acting_user=self.inspectorate)
        self._sign_off_and_serve(held, closed, date(2026, 11, 24))

    def publish(self, units: Units) -> None:
        """Counted on the spot by another body and taken over with its source."""
        groups = {"行政执法": units[:3], "行政审批": units[3:6], "行政管理与服务": units[6:]}
        held = self._frozen("wuyang-units-2022", groups, "第三季度满意度评议", "2026-Q3")
        by_counts = {"answers.ballot": Channel.Kind.COUNTS.value}
        held = rounds.edit_round(
            round=held,
            title=held.title,
            period=held.period,
            base_date=held.base_date,
            persons_public=held.persons_public,
            persons_public_decision="",
            channels=by_counts,
            acting_user=self.centre,
        )
        self._begin(held, date(2026, 10, 8))
        self._take_over(held, "answers.ballot", units)
        ended = date(2026, 10, 12)
        rounds.end_gathering(round=held, today=ended, acting_user=self.centre)
        self._sign_off_and_serve(held, ended, date(2026, 10, 13))
        published = date(2026, 10, 21)
        rounds.end_appeals(round=held, today=published, acting_user=self.centre)
        publish_results(round=held, now=_at(published), acting_user=self.centre)

    def _frozen(self, scheme_id: str, groups: Mapping[str, Units], title: str, period: str) -> Round:
        UnitGroup.objects.bulk_create(
            UnitGroup(department=unit, scheme_id=scheme_id, group=group)
            for group, units in groups.items()
            for unit in units
        )
        made = rounds.create_round(
            title=f"2026年{title}",
            period=period,
            scheme_version=SchemeVersion.objects.get(scheme_id=scheme_id, is_active=True),
            base_date=date(2026, 9, 1),
            persons_public=Round.PersonsPublic.NONE,
            persons_public_decision="",
            acting_user=self.centre,
        )
        return rounds.freeze_subjects(round=made, acting_user=self.centre)

    def _begin(self, held: Round, day: date) -> None:
        rounds.begin_gathering(round=held, today=day, acting_user=self.centre)

    def _enter(
        self,
        held: Round,
        need: str,
        rows: Mapping[Department, TypedRow],
        day: date,
        source: TypedRow | None = None,
    ) -> None:
        listed = dict(held.departments.values_list("department_id", "pk"))
        rounds.enter_in_grid(
            channel=_channel(held, need),
            typed={listed[unit.pk]: row for unit, row in rows.items()},
            default=source,
            now=_at(day),
            acting_user=self.centre,
        )

    def _settle(self, held: Round, need: str, day: date) -> None:
        """The reviewer confirms what the centre entered, and settles."""
        now = _at(day)
        rounds.confirm_entries(channel=_channel(held, need), now=now, acting_user=self.reviewer)
        rounds.settle_channel(channel=_channel(held, need), now=now, acting_user=self.reviewer)

    def _take_over(self, held: Round, need: str, units: Units) -> None:
        """Made-up counts: the further down the list, the less content."""
        scheme = scheme_of(held)
        asked = vocabulary(scheme).answers["subject", need.partition(".")[2]]
        words = list(scheme.answer_scales[asked.scale].choices)
        rows = {}
        for at, unit in enumerate(units):
            content = ASKED - 10 - 2 * at
            rest = ASKED - content
            spread = [content, rest - rest // 3, rest // 3, *[0] * len(words)]
            rows[unit] = TypedRow(
                {
                    f"{question}/{word}": str(number)
                    for question in asked.questions
                    for word, number in zip(words, spread, strict=False)
                }
            )
        self._enter(held, need, rows, date(2026, 10, 9), COUNTED)
        self._settle(held, need, date(2026, 10, 12))

    def _sign_off_and_serve(self, held: Round, computed: date, served: date) -> None:
        rounds.compute_round(round=held, now=_at(computed), acting_user=self.centre)
        rounds.sign_off_round(round=held, now=_at(computed), acting_user=self.reviewer)
        rounds.serve_round(round=held, today=served, acting_user=self.centre)


def _channel(held: Round, need: str) -> Channel:
    return Channel.objects.select_related("round__scheme_version", "round__survey").get(round=held, need=need)


def _answers(form: dict[str, Any], voters: int) -> list[Answers]:
    """Most know most units; the units differ in how content their voters are."""
    drawn = random.Random("units")  # noqa: S311 - demo data, nothing secret
    known = [choice["word"] for choice in form["choices"] if not choice["unknown"]]
    asked: dict[str, list[str]] = {}
    for cell in forms.cells(form):
        asked.setdefault(cell.subject, []).append(cell.question)
    found = []
    for _ in range(voters):
        answers: Answers = {}
        for at, (unit, questions) in enumerate(asked.items()):
            if drawn.random() < HOW_KNOWN:
                weights = [8 - at * 0.6, 5, 2 + at * 0.3, 0.6, 0.2][: len(known)]
                answers[unit] = {question: drawn.choices(known, weights)[0] for question in questions}
        found.append(answers)
    return found


def _at(day: date) -> datetime:
    return datetime.combine(day, time(9), tzinfo=SHANGHAI)
