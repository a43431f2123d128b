"""One small round of each other policy, each in a state of its own, made through the services."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from demo.consequences import decide_some
from demo.rated_periods import rate_period
from demo.surroundings import keep_a_pool, open_halls
from departments.models import Department, UnitGroup
from disclosure.results.services import publish_results
from evaluations import services as rounds
from evaluations.gathering.entries.grid import REASON, TypedRow
from evaluations.gathering.entries.kinds import grid_of
from evaluations.gathering.interviews import services as calls
from evaluations.gathering.interviews.kind import choices_of, questions_of
from evaluations.gathering.ledger import services as ledger
from evaluations.gathering.sheets import marking, panels
from evaluations.gathering.sheets.form import TOTAL, Cell
from evaluations.models import Channel, Interview, InterviewCall, Round, SchemeVersion
from evaluations.rounds.state import survey_of
from evaluations.rounds.subject_keys import department_key
from evaluations.schemes.stored import scheme_of
from evaluations.scoring.vocabulary import vocabulary
from office.models import User
from surveys import queries as survey_queries
from surveys import services as surveys
from surveys.ballots import forms
from surveys.voting.demo_box import fill_box

PASSPHRASE = "示范县计票口令请勿用于正式评价"  # noqa: S105 - of the demo rounds, printed on the screen
SHANGHAI = ZoneInfo("Asia/Shanghai")
VOTERS = 60
HOW_KNOWN = 0.9  # a voter knows so many of the units
ASKED = 40
COUNTED = TypedRow(source="现场评议统计表（示范）", source_on=date(2026, 10, 9))
Units = Sequence[Department]
Answers = dict[str, dict[str, str]]


class OtherPolicies:
    """方城 gathers, 吉林 is sealed, 舞阳's windows are computed, 广元 served, 舞阳's units published."""

    def __init__(self, people: Mapping[str, User], passphrase: str) -> None:
        self.centre, self.reviewer, self.leader = (people[one] for one in ("centre", "reviewer", "leader"))
        self.inspectorate, self.department = people["inspectorate"], people["department"]
        self.passphrase = passphrase

    def steps(self) -> dict[str, Callable[[], None]]:
        """Each round by its scheme, in the order in which they are held."""
        units = list(Department.objects.bodies().filter(is_active=True).order_by("order"))
        return {
            "wuyang-windows-2022": lambda: self.compute(open_halls(units)),
            "fangcheng-2022": lambda: self.gather(units[:6]),
            "jilin-jkq-2021": lambda: self.seal(units[6:14]),
            "guangyuan-2022": lambda: self.serve(units[:8]),
            "wuyang-units-2022": lambda: self.publish([*units[8:17], units[0]]),
        }

    def gather(self, units: Units) -> None:
        """Some of it entered, some confirmed by the reviewer, one channel settled; a pool beside it."""
        keep_a_pool(now=_at(date(2026, 11, 17)), acting_user=self.centre)
        held = self._frozen("fangcheng-2022", {"责任单位": units}, "第四季度效能监测", "2026-Q4")
        self._begin(held, date(2026, 11, 10))
        entered = date(2026, 11, 17)
        for need, rows in self._grids(held, units).items():
            self._enter(held, need, rows, entered, COUNTED)
        self._settle(held, "marks.rectification", date(2026, 11, 18))
        self._confirm(held, "measures.articles", date(2026, 11, 18))
        placed = {
            unit: TypedRow({"points": str(8 - at)}, {REASON: "结合稿件质量评定。"})
            for at, unit in enumerate(units[:2])
        }
        self._enter(held, "placements.publicity", placed, date(2026, 11, 19))
        self._ask(held, units)
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

    def _grids(self, held: Round, units: Units) -> dict[str, dict[Department, TypedRow]]:
        """What is typed in each grid; the last unit is left out, so that something is missing by name."""
        conditions = [
            column.item for column in grid_of(_channel(held, "conditions")).columns if column.needed
        ]
        indicators = ["开办企业", "获得电力"]
        rounds.name_indicators(
            channel=_channel(held, "external.indicators"), names=indicators, acting_user=self.centre
        )
        found: dict[str, dict[Department, TypedRow]] = {}
        for at, unit in enumerate(units):
            remark = {REASON: "按台账核对（示范）。"}
            rows = {
                "conditions": TypedRow(dict.fromkeys(conditions, "是")),
                "marks.rectification": TypedRow({REASON: str(8 - at % 3)}, remark),
                "marks.innovation": TypedRow({"highlight": str(5 - at % 2), "effect": "3"}, remark),
                "marks.assigned_tasks": TypedRow({REASON: str(8 - at % 2)}, remark),
                "placements.supervisors": TypedRow({"points": "8" if at % 2 else "6"}, remark),
                "external.indicators": TypedRow({name: str(90 - at) for name in indicators}),
                "measures.articles": TypedRow({REASON: str(3 + at)}),
                "answers.masses": TypedRow({"overall/不满意": str(at % 3)}),
            }
            everywhere = ("marks.rectification", "measures.articles")
            for need, row in rows.items():
                if need in everywhere or at < len(units) - 1:
                    found.setdefault(need, {})[unit] = row
        return found

    def _ask(self, held: Round, units: Units) -> None:
        """Two enterprises of each unit are listed; the first of three units has answered."""
        channel = _channel(held, "answers.enterprises")
        listed = dict(held.departments.values_list("department_id", "pk"))
        calls.list_enterprises(
            channel=channel,
            listed=[
                calls.Listed(listed[unit.pk], f"示范企业{at}{one}", "0530-0000000", "企业开办")
                for at, unit in enumerate(units, start=1)
                for one in "甲乙"
            ],
            acting_user=self.centre,
        )
        choices = choices_of(channel)
        for interview in channel.interviews.order_by("pk")[:6:2]:
            calls.record_call(
                interview=interview,
                call=calls.Call(
                    outcome=Interview.State.DONE,
                    day=date(2026, 11, 18),
                    half=InterviewCall.Half.MORNING,
                    answers=dict.fromkeys(questions_of(channel), next(iter(choices))),
                    days=2,
                    papers=3,
                ),
                today=date(2026, 11, 18),
                now=_at(date(2026, 11, 18)),
                acting_user=self.centre,
            )

    def seal(self, units: Units) -> None:
        """The leader of the demo has handed in a sheet; nobody reads it before two persons open the panel."""
        groups = {"局室公司": units[:4], "基层单位": units[4:6], "双管单位": units[6:]}
        on_sheets = dict.fromkeys(("marks.enterprises", "marks.supervisors"), Channel.Kind.SHEETS.value)
        held = self._frozen("jilin-jkq-2021", groups, "营商环境年度考核评价", "2026", channels=on_sheets)
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
        panels.add_units(panel=panels.panel_of(_channel(held, "marks.departments")), acting_user=self.centre)
        for need in on_sheets:
            other = panels.panel_of(_channel(held, need))
            for name in ("示范辰", "示范巳", "示范午"):
                panels.add_marker(panel=other, name=name, unit=None, account=None, acting_user=self.centre)
        late = ledger.Draft(
            department=units[2],
            value="item:monthly_report_late",
            day=date(2026, 11, 6),
            remark="10月信息迟报。",
        )
        entered = _at(date(2026, 11, 9))
        ledger.enter_occurrence(
            scheme_id="jilin-jkq-2021",
            draft=late,
            today=entered.date(),
            now=entered,
            acting_user=self.centre,
        )

    def compute(self, windows: Units) -> None:
        """Windows rated at their counters; computed, and waiting for somebody else to sign off."""
        held = self._frozen("wuyang-windows-2022", {"服务窗口": windows}, "10月服务窗口评议", "2026-10")
        held = self._gathered_by(held, Channel.Kind.RATINGS)
        self._begin(held, date(2026, 11, 2))
        rate_period("wuyang-windows", windows, date(2026, 10, 1), date(2026, 10, 31))
        self._take_ratings(held, "answers.ballot", date(2026, 11, 3))
        ended = date(2026, 11, 5)
        rounds.end_gathering(round=held, today=ended, acting_user=self.centre)
        rounds.compute_round(round=held, now=_at(ended), acting_user=self.centre)

    def serve(self, units: Units) -> None:
        """A ballot about units as wholes beside what was rated at counters; within the appeal days."""
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
        rate_period("guangyuan-bad-ratings", units, date(2026, 5, 1), date(2026, 8, 31), too_few=True)
        self._take_ratings(held, "answers.realtime", date(2026, 10, 9))
        closed = date(2026, 11, 16)
        rounds.close_round(round=held, today=closed, acting_user=self.centre)
        rounds.tally_round(round=held, passphrase=self.passphrase, acting_user=self.inspectorate)
        self._sign_off_and_serve(held, closed, date(2026, 11, 24))
        rounds.lodge_appeal(
            round_department=held.departments.get(department=units[0]),
            text="实时评价中有几条“不满意”疑似评错对象，应属其他单位，请核对（示范）。",
            now=datetime(2026, 11, 25, 10, tzinfo=SHANGHAI),
            acting_user=self.department,
        )

    def publish(self, units: Units) -> None:
        """Two quarters, so that the second has something to be compared with."""
        groups = {"行政执法": units[:3], "行政审批": units[3:6], "行政管理与服务": units[6:]}
        self._publish_counts("第二季度满意度评议", "2026-Q2", groups, date(2026, 7, 8), 3)
        held = self._publish_counts("第三季度满意度评议", "2026-Q3", groups, date(2026, 10, 8), 2)
        decided = date(2026, 10, 22)
        decide_some(held, {"reviewer": self.reviewer}, decided, _at(decided))

    def _publish_counts(
        self, title: str, period: str, groups: Mapping[str, Units], begun: date, falls: int
    ) -> Round:
        """Counted on the spot by another body and taken over with its source."""
        held = self._frozen(
            "wuyang-units-2022", groups, title, period, base_date=begun.replace(day=1) - timedelta(days=30)
        )
        held = self._gathered_by(held, Channel.Kind.COUNTS)
        self._begin(held, begun)
        units = [unit for group in groups.values() for unit in group]
        self._take_over(held, "answers.ballot", units, begun, falls)
        ended = begun + timedelta(days=4)
        rounds.end_gathering(round=held, today=ended, acting_user=self.centre)
        self._sign_off_and_serve(held, ended, ended + timedelta(days=1))
        published = begun + timedelta(days=13)
        rounds.end_appeals(round=held, today=published, now=_at(published), acting_user=self.centre)
        publish_results(round=held, now=_at(published), acting_user=self.centre)
        return held

    def _frozen(
        self,
        scheme_id: str,
        groups: Mapping[str, Units],
        title: str,
        period: str,
        *,
        channels: Mapping[str, str] | None = None,
        base_date: date = date(2026, 9, 1),
    ) -> Round:
        UnitGroup.objects.bulk_create(
            (
                UnitGroup(department=unit, scheme_id=scheme_id, group=group)
                for group, units in groups.items()
                for unit in units
            ),
            ignore_conflicts=True,
        )
        made = rounds.create_round(
            title=f"2026年{title}",
            period=period,
            scheme_version=SchemeVersion.objects.get(scheme_id=scheme_id, is_active=True),
            base_date=base_date,
            persons_public=Round.PersonsPublic.NONE,
            persons_public_decision="",
            channels=channels,
            acting_user=self.centre,
        )
        return rounds.freeze_subjects(round=made, acting_user=self.centre)

    def _gathered_by(self, held: Round, kind: Channel.Kind) -> Round:
        return rounds.edit_round(
            round=held,
            title=held.title,
            period=held.period,
            base_date=held.base_date,
            persons_public=held.persons_public,
            persons_public_decision="",
            channels={"answers.ballot": kind.value},
            acting_user=self.centre,
        )

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
        self._confirm(held, need, day)
        rounds.settle_channel(channel=_channel(held, need), now=_at(day), acting_user=self.reviewer)

    def _confirm(self, held: Round, need: str, day: date) -> None:
        rounds.confirm_entries(channel=_channel(held, need), now=_at(day), acting_user=self.reviewer)

    def _take_ratings(self, held: Round, need: str, day: date) -> None:
        rounds.take_ratings(channel=_channel(held, need), now=_at(day), acting_user=self.centre)
        self._settle(held, need, day + timedelta(days=1))

    def _take_over(self, held: Round, need: str, units: Units, begun: date, falls: int) -> None:
        """Made-up counts: the further down the list, the less content."""
        scheme = scheme_of(held)
        asked = vocabulary(scheme).answers["subject", need.partition(".")[2]]
        words = list(scheme.answer_scales[asked.scale].choices)
        rows = {}
        for at, unit in enumerate(units):
            content = ASKED - 10 - falls * at + (3 * falls - 6) * (at % 3)
            rest = ASKED - content
            spread = [content, rest - rest // 3, rest // 3, *[0] * len(words)]
            rows[unit] = TypedRow(
                {
                    f"{question}/{word}": str(number)
                    for question in asked.questions
                    for word, number in zip(words, spread, strict=False)
                }
            )
        self._enter(held, need, rows, begun + timedelta(days=1), COUNTED)
        self._settle(held, need, begun + timedelta(days=4))

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
