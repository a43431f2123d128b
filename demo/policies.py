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
from office.models import User
from surveys import queries as survey_queries
from surveys import services as surveys
from surveys.voting.demo_box import fill_box

SHANGHAI = ZoneInfo("Asia/Shanghai")
VOTERS = 60
HOW_KNOWN = 0.9  # a voter knows so many of the units
COUNTED = TypedRow(source="现场评议统计表（示范）", source_on=date(2026, 10, 9))
People = Mapping[str, User]


def hold_rounds_of_other_policies(people: People, passphrase: str) -> None:
    """方城 gathers, 吉林 has sealed sheets, 广元 is served, 舞阳 is published."""
    units = list(Department.objects.bodies().filter(is_active=True).order_by("order"))
    gathering_fangcheng(people, units[:6])
    sealed_jilin(people, units[6:14])
    served_guangyuan(people, units[:8], passphrase)
    published_wuyang(people, units[8:18])


def gathering_fangcheng(people: People, units: Sequence[Department]) -> None:
    """Some of it entered, some confirmed by the reviewer, one channel settled."""
    held = _begun(people, "fangcheng-2022", {"责任单位": units}, "第四季度效能监测", "2026-Q4", date(2026, 11, 10))
    marks = {unit: _row(total=str(8 - place % 3), remark="按整改台账核对。") for place, unit in enumerate(units)}
    _enter(people, held, "marks.rectification", marks)
    _confirm(people, held, "marks.rectification")
    rounds.settle_channel(
        channel=_channel(held, "marks.rectification"), now=_at(date(2026, 11, 18)), acting_user=people["reviewer"]
    )
    _enter(people, held, "measures.articles", {unit: _row(total=str(3 + place)) for place, unit in enumerate(units)})
    entry = ledger.Draft(
        department=units[1],
        value="item:endorsed_city",
        day=date(2026, 11, 12),
        practice="一窗通办",
        remark="市级领导批示推广（示范）。",
    )
    ledger.enter_occurrence(
        scheme_id="fangcheng-2022",
        draft=entry,
        today=date(2026, 11, 18),
        now=_at(date(2026, 11, 18)),
        acting_user=people["centre"],
    )


def sealed_jilin(people: People, units: Sequence[Department]) -> None:
    """The leader of the demo has handed in a sheet that nobody can read before two persons open the panel."""
    groups = {"局室公司": units[:4], "基层单位": units[4:6], "双管单位": units[6:]}
    held = _begun(people, "jilin-jkq-2021", groups, "年度营商环境考核评价", "2026", date(2026, 11, 16))
    panel = panels.panel_of(_channel(held, "marks.leaders"))
    for name, account in (("示范丙", people["leader"]), ("示范寅", None), ("示范卯", None)):
        panels.add_marker(panel=panel, name=name, unit=None, account=account, acting_user=people["centre"])
    sheet = panels.sheets_of(panel).get(marker__account=people["leader"])
    typed: dict[Cell, str] = {
        (department_key(unit.pk), TOTAL): str(24 + place % 6) for place, unit in enumerate(units)
    }
    marking.submit_sheet(
        sheet=sheet,
        typed=typed,
        seen=sheet.version,
        zeros_confirmed=False,
        now=_at(date(2026, 11, 20)),
        acting_user=people["leader"],
    )


def served_guangyuan(people: People, units: Sequence[Department], passphrase: str) -> None:
    """A ballot about units as wholes, the real-time part taken over as counts, served within the appeal days."""
    centre, reviewer = people["centre"], people["reviewer"]
    held = _frozen(people, "guangyuan-2022", {"市级部门": units}, "第二次直接评价", "2026-2", date(2026, 9, 1))
    town = next(iter(survey_queries.voters_by_town()))
    rounds.plan_slips(round=held, plan={town: {_only_kind(): VOTERS}}, acting_user=centre)
    held = rounds.prepare_ballot(round=held, passphrase=passphrase, acting_user=centre)
    slips = [
        slip
        for batch in survey_queries.batches(survey_of(held))
        for slip in surveys.print_batch(batch=batch, acting_user=centre)
    ]
    held = rounds.open_round(round=held, passphrase=passphrase, today=date(2026, 9, 8), acting_user=centre)
    form = survey_of(held).frozen()["form"]
    votes = [(slip, answers, []) for slip, answers in zip(slips, _answers(form, len(slips)), strict=True)]
    fill_box(survey=survey_of(held), votes=votes)
    real_time = {
        unit: _row(**{f"efficiency/{word}": str(number) for word, number in _spread(held, "realtime", place).items()})
        for place, unit in enumerate(units)
    }
    _enter(people, held, "answers.realtime", real_time, COUNTED)
    _confirm(people, held, "answers.realtime")
    rounds.settle_channel(
        channel=_channel(held, "answers.realtime"), now=_at(date(2026, 11, 16)), acting_user=reviewer
    )
    rounds.close_round(round=held, today=date(2026, 11, 16), acting_user=centre)
    rounds.tally_round(round=held, passphrase=passphrase, acting_user=people["inspectorate"])
    rounds.compute_round(round=held, now=_at(date(2026, 11, 17)), acting_user=centre)
    rounds.sign_off_round(round=held, now=_at(date(2026, 11, 19)), acting_user=reviewer)
    rounds.serve_round(round=held, today=date(2026, 11, 24), acting_user=centre)


def published_wuyang(people: People, units: Sequence[Department]) -> None:
    """Counted on the spot by another body and taken over with its source; published."""
    centre, reviewer = people["centre"], people["reviewer"]
    groups = {"行政执法": units[:3], "行政审批": units[3:6], "行政管理与服务": units[6:]}
    by_counts = {"answers.ballot": Channel.Kind.COUNTS.value}
    held = _begun(
        people, "wuyang-units-2022", groups, "第三季度满意度评议", "2026-Q3", date(2026, 10, 8), by_counts
    )
    counts = {
        unit: _row(**{f"overall/{word}": str(number) for word, number in _spread(held, "ballot", place).items()})
        for place, unit in enumerate(units)
    }
    _enter(people, held, "answers.ballot", counts, COUNTED)
    _confirm(people, held, "answers.ballot")
    rounds.settle_channel(
        channel=_channel(held, "answers.ballot"), now=_at(date(2026, 10, 12)), acting_user=reviewer
    )
    rounds.end_gathering(round=held, today=date(2026, 10, 12), acting_user=centre)
    rounds.compute_round(round=held, now=_at(date(2026, 10, 12)), acting_user=centre)
    rounds.sign_off_round(round=held, now=_at(date(2026, 10, 13)), acting_user=reviewer)
    rounds.serve_round(round=held, today=date(2026, 10, 13), acting_user=centre)
    rounds.end_appeals(round=held, today=date(2026, 10, 21), acting_user=centre)
    publish_results(round=held, now=_at(date(2026, 10, 21)), acting_user=centre)


def _frozen(
    people: People,
    scheme_id: str,
    groups: Mapping[str, Sequence[Department]],
    title: str,
    period: str,
    base_date: date,
    channels: Mapping[str, str] | None = None,
) -> Round:
    UnitGroup.objects.bulk_create(
        UnitGroup(department=unit, scheme_id=scheme_id, group=group)
        for group, units in groups.items()
        for unit in units
    )
    made = rounds.create_round(
        title=f"2026年{title}（示范）",
        period=period,
        scheme_version=SchemeVersion.objects.get(scheme_id=scheme_id, is_active=True),
        base_date=base_date,
        persons_public=Round.PersonsPublic.NONE,
        persons_public_decision="",
        acting_user=people["centre"],
        channels=channels,
    )
    return rounds.freeze_subjects(round=made, acting_user=people["centre"])


def _begun(
    people: People,
    scheme_id: str,
    groups: Mapping[str, Sequence[Department]],
    title: str,
    period: str,
    begun: date,
    channels: Mapping[str, str] | None = None,
) -> Round:
    made = _frozen(people, scheme_id, groups, title, period, begun, channels)
    return rounds.begin_gathering(round=made, today=begun, acting_user=people["centre"])


def _channel(held: Round, need: str) -> Channel:
    return Channel.objects.select_related("round__scheme_version", "round__survey").get(round=held, need=need)


def _enter(
    people: People,
    held: Round,
    need: str,
    rows: Mapping[Department, TypedRow],
    default: TypedRow | None = None,
) -> None:
    listed = dict(held.departments.values_list("department_id", "pk"))
    rounds.enter_in_grid(
        channel=_channel(held, need),
        typed={listed[unit.pk]: row for unit, row in rows.items()},
        default=default,
        now=_at(held.base_date),
        acting_user=people["centre"],
    )


def _confirm(people: People, held: Round, need: str) -> None:
    channel = _channel(held, need)
    rounds.confirm_entries(channel=channel, now=_at(held.base_date), acting_user=people["reviewer"])


def _row(*, total: str | None = None, remark: str = "", **values: str) -> TypedRow:
    given = {REASON: total} if total is not None else values
    return TypedRow(values=given, remarks={REASON: remark} if remark else {})


def _spread(held: Round, source: str, place: int) -> dict[str, int]:
    """Made-up counts of forty people: the further down the list, the less content."""
    scale = rounds.scale_of(held, source)
    content = 30 - 2 * place
    rest = 40 - content
    numbers = [content, rest - rest // 3, rest // 3]
    return dict(zip(scale, numbers, strict=False))


def _answers(form: dict[str, Any], voters: int) -> list[dict[str, dict[str, str]]]:
    """Most know most units; the units differ in how content their voters are."""
    drawn = random.Random("guangyuan")  # noqa: S311 - demo data, nothing secret
    known = [choice["id"] for choice in form["choices"] if not choice["unknown"]]
    found = []
    for _ in range(voters):
        answers: dict[str, dict[str, str]] = {}
        for place, unit in enumerate(form["departments"]):
            if drawn.random() < HOW_KNOWN:
                weights = [8 - place * 0.6, 5, 2 + place * 0.3, 0.6, 0.2][: len(known)]
                answers[unit["id"]] = {
                    question["id"]: drawn.choices(known, weights)[0] for question in unit["questions"]
                }
        found.append(answers)
    return found


def _only_kind() -> str:
    return next(iter(survey_queries.entity_kinds()))


def _at(day: date) -> datetime:
    return datetime.combine(day, time(9), tzinfo=SHANGHAI)
