"""Importing the State Council's calendar (节假日与调休): day, name, whether people work."""

from __future__ import annotations

from datetime import date
from functools import partial

from office import dates
from office.calendar import provisional
from office.imports import short_lists
from office.imports.short_lists import ListKind, Plan
from office.models import Holiday
from office.workbooks.dates import day_of, not_a_day
from office.workbooks.sheets import Fault, ReportProgress, squeeze, tidy
from office.workbooks.tables import Row, Table

HEADINGS = {
    "day": ("日期", "节假日日期"),
    "name": ("名称", "节日", "节假日名称", "说明"),
    "works": ("是否上班", "上班", "是否工作日"),
}
YES_NO = {
    "是": True,
    "上班": True,
    "调休上班": True,
    "否": False,
    "放假": False,
    "休息": False,
    "不上班": False,
}
LONGEST_NAME = 40
MOST_DAYS = 2000


CalendarPlan = Plan[Holiday]


def _compare(table: Table, progress: ReportProgress) -> CalendarPlan:
    plan: CalendarPlan = Plan()
    stored = {holiday.day: holiday for holiday in Holiday.objects.all()}
    seen: dict[date, int] = {}
    for row in table.rows(progress):
        if row.is_blank("day", "works") or table.leaves_out(row):
            continue
        if row.faults:
            plan.faults += row.faults
            continue
        day, works = day_of(row.own["day"]), YES_NO.get(squeeze(row.shown["works"]))
        faults = _faults(table, row, day, works, seen)
        plan.faults += faults
        if faults or day is None or works is None:
            continue
        wanted: dict[str, object] = {"is_working_day": works}
        if "name" in row.own:
            wanted["name"] = tidy(row.shown["name"])
        _settle(plan, day, stored.get(day), wanted)
    return plan


def _write(plan: CalendarPlan) -> None:
    Holiday.objects.bulk_create(plan.new)
    Holiday.objects.bulk_update(plan.altered, ["name", "is_working_day"])
    provisional.settle()


def _subject(plan: CalendarPlan, file_name: str) -> Holiday:
    return Holiday(day=min(day.day for day in (*plan.new, *plan.altered)), name=file_name)


def _settle(plan: CalendarPlan, day: date, holiday: Holiday | None, wanted: dict[str, object]) -> None:
    said = f"{dates.day(day)} {wanted.get('name', '')}（{'上班' if wanted['is_working_day'] else '放假'}）"
    if holiday is None:
        plan.new.append(Holiday(day=day, **wanted))
        plan.changes.append(f"新增 {said}")
    elif any(getattr(holiday, name) != value for name, value in wanted.items()):
        before = f"{holiday.name}（{'上班' if holiday.is_working_day else '放假'}）"
        for name, value in wanted.items():
            setattr(holiday, name, value)
        plan.altered.append(holiday)
        plan.changes.append(f"变更 {said}，原为{before}")
    else:
        plan.unchanged += 1


def _faults(
    table: Table, row: Row, day: date | None, works: bool | None, seen: dict[date, int]
) -> list[Fault]:
    found = []
    if day is None:
        found.append(table.fault(row.number, "day", "not a day", not_a_day(row.own["day"])))
    elif (first := seen.setdefault(day, row.number)) != row.number:
        found.append(
            table.fault(row.number, "day", "day twice", f"该日期在第{first}行已经出现，请删去一行。")
        )
    if works is None:
        text = f"“{tidy(row.shown['works'])[:40]}”无法识别，请填写是或否。"
        found.append(table.fault(row.number, "works", "not yes or no", text))
    if len(tidy(row.own.get("name"))) > LONGEST_NAME:
        found.append(table.fault(row.number, "name", "too long", f"文字超过 {LONGEST_NAME} 字，请缩短。"))
    return found


HOLIDAYS = ListKind(
    what="节假日",
    action="calendar.edit",
    headings=HEADINGS,
    needed=("day", "works"),
    limit=MOST_DAYS,
    compared=(Holiday,),
    compare=_compare,
    write=_write,
    subject=_subject,
    days=("day",),
)
preview_holidays = partial(short_lists.preview_list, HOLIDAYS)
import_holidays = partial(short_lists.import_list, HOLIDAYS)
