"""The account as workbooks: the year of all units, and one sheet for each appraisal it is coupled to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db import transaction

from evaluations.account.queries import entries, people_of, stood, units_in
from evaluations.account.reckoning import Account, Registered, Stood
from office import audit, roles
from office.errors import Refused
from office.models import User
from office.workbooks.writing import workbook_of

UNITS = (
    "单位",
    "亮牌（次）",
    "考核分（已决定）",
    "考核分（待决定的变动）",
    "位列前列（次）",
    "位列末位（次）",
    "连续情况",
)
STOOD = ("单位", "轮次周期", "方案", "得分", "等次", "名次", "名单")
ENTRIES = (
    "登记编号",
    "单位",
    "对象",
    "职务",
    "处置",
    "起因",
    "轮次",
    "方案",
    "考核分",
    "是否为累计数",
    "状态",
    "计入说明",
    "容错",
    "决定机关",
    "文号",
    "决定日期",
    "影响期起",
    "影响期止",
)


def _unit(one: Account) -> list[object]:
    points = one.points
    counted, pending = float(points.counted), float(points.pending)
    return [one.name, one.cards, counted, pending, one.times_best, one.times_worst, "；".join(one.runs)]


def _stood(one: Stood) -> list[object]:
    return [one.name, one.period, one.scheme_title, one.score, one.grade, one.rank, one.listed_in_words]


def _entry(one: Registered, unit: str, whom: str = "单位") -> list[object]:
    points = None if one.points is None else float(one.points)
    decided = (one.body, one.number, one.decided_on, one.effect_from, one.effect_until)
    about = (one.register_number, unit, whom, one.person_post, one.word, one.because)
    around = (one.round_title, one.scheme_title, points, one.points_are_total if one.points else None)
    return [*about, *around, one.state_in_words, one.why_not_counted, one.tolerance_in_words, *decided]


@transaction.atomic
def year_of_units(*, year: int, acting_user: User) -> bytes:
    """All units of a year; people only where the reader may see them."""
    roles.require(acting_user, "yearly.view")
    units = units_in(year)
    sheets: list[tuple[str, tuple[str, ...], Iterable[list[object]]]] = [
        (f"{year}年单位账目", UNITS, map(_unit, units)),
        ("各轮次评定", STOOD, (_stood(one) for unit in units for one in unit.stood)),
        ("单位处置明细", ENTRIES, (_entry(one, unit.name) for unit in units for one in unit.entries)),
    ]
    persons = roles.allowed(acting_user, "yearly.persons")
    if persons:
        names = {unit.department: unit.name for unit in units}
        sheets.append(("人员处置明细", ENTRIES, _people(year, names)))
    audit.record(
        "导出年度账目", acting_user, acting_user=acting_user, after={"年度": year, "含人员": persons}
    )
    return workbook_of(sheets)


def _people(year: int, names: dict[int, str]) -> Iterator[list[object]]:
    for one in entries(year=year):
        if one.is_about_a_person:
            yield _entry(one, names.get(one.department, ""), one.person_name or "姓名待定")


@transaction.atomic
def unit_of_year(*, account: Account, year: int, with_people: bool, acting_user: User) -> bytes:
    """One unit's year, for those who may read its page."""
    people = people_of(account.department, year) if with_people else []
    rows = [_entry(one, account.name) for one in account.entries]
    rows += [_entry(one, account.name, who.name) for who in people for one in who.entries]
    after = {"年度": year, "单位": account.name, "含人员": with_people}
    audit.record("导出年度账目", acting_user, acting_user=acting_user, after=after)
    return workbook_of([(f"{year}年账目", UNITS, [_unit(account)]), ("处置明细", ENTRIES, rows)])


APPRAISAL = ("单位", "轮次", "方案", "等次", "名次", "名单", "起因", "状态", "决定机关", "文号", "决定日期")


@transaction.atomic
def appraisals(*, year: int, acting_user: User) -> bytes:
    """One sheet for each appraisal that a scheme couples results to (WY-R4), in its own words."""
    roles.require(acting_user, "yearly.view")
    how = {(one.department, one.round): one for one in stood(year=year, staff_member=None)}
    by_word: dict[str, list[list[object]]] = {}
    for one in entries(year=year, kind="coupling"):
        stands = how.get((one.department, one.round))
        if one.state in ("withdrawn", "set_aside") or stands is None:
            continue
        shown = (stands.name, one.round_title, one.scheme_title, stands.grade, stands.rank)
        decided = (one.state_in_words, one.body, one.number, one.decided_on)
        row: list[object] = [*shown, stands.listed_in_words, one.because, *decided]
        by_word.setdefault(one.word, []).append(row)
    if not by_word:
        raise Refused(f"{year}年没有与考核挂钩的事项，不能导出", "申诉期结束以后，才有挂钩事项。")
    audit.record(
        "导出考核挂钩", acting_user, acting_user=acting_user, after={"年度": year, "考核": [*by_word]}
    )
    return workbook_of((word, APPRAISAL, rows) for word, rows in by_word.items())
