"""Importing the State Council's calendar (节假日与调休): day, name, whether people work."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction

from office import audit, roles
from office.errors import Refused
from office.models import Holiday, User
from office.tables import Row, Table, best_guess, find_table
from office.workbooks import UNCHANGED, Fault, digest, open_workbook, squeeze, tidy

HEADINGS = {
    "day": ("日期", "节假日日期"),
    "name": ("名称", "节日", "节假日名称", "说明"),
    "works": ("是否上班", "上班", "是否工作日"),
}
NEEDED = ("day", "works")
YES_NO = {
    "是": True,
    "上班": True,
    "调休上班": True,
    "否": False,
    "放假": False,
    "休息": False,
    "不上班": False,
}
WRITTEN = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y年%m月%d号", "%Y%m%d")
LONGEST_NAME = 40
MOST_DAYS = 2000
YEARS = range(2000, 2100)


@dataclass
class CalendarPlan:
    """What importing a calendar would do."""

    new: list[Holiday] = field(default_factory=list)
    altered: list[Holiday] = field(default_factory=list)
    unchanged: int = 0
    changes: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        """Count days by what happens to them."""
        return {"新增": len(self.new), "变更": len(self.altered), "未变": self.unchanged}

    def digest(self) -> str:
        """Return a hash over everything a person sees of this plan."""
        lines = [*self.changes, *map(str, self.faults), str(self.unchanged)]
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def preview_holidays(*, content: bytes, acting_user: User | None) -> CalendarPlan:
    """Say what importing this calendar would do; write nothing."""
    _require(acting_user)
    return _plan(_table(content))


def import_holidays(
    *, content: bytes, file_name: str, acting_user: User | None, expected_digest: str | None = None
) -> CalendarPlan:
    """Import a calendar: all of it, or nothing and the list of faults. Days it does not name stay."""
    _require(acting_user)
    table = _table(content)
    with transaction.atomic():
        list(Holiday.objects.select_for_update().values_list("pk"))
        plan = _plan(table)
        if plan.faults:
            message = f"工作簿中有 {len(plan.faults)} 处需要更正，{UNCHANGED}请更正后重新上传。"
            raise Refused(message, [str(fault) for fault in plan.faults])
        if expected_digest is not None and plan.digest() != expected_digest:
            raise Refused(f"预览之后系统中的数据有了变化，{UNCHANGED}请重新预览后再导入。")
        if plan.new or plan.altered:
            Holiday.objects.bulk_create(plan.new)
            Holiday.objects.bulk_update(plan.altered, ["name", "is_working_day"])
            audit.record(
                "导入节假日",
                Holiday(day=min(day.day for day in (*plan.new, *plan.altered)), name=file_name),
                acting_user=acting_user,
                after={**plan.counts(), "变化": plan.changes[:100], "文件校验值": digest(content)},
            )
    return plan


def _require(acting_user: User | None) -> None:
    if acting_user is not None:
        roles.require(acting_user, "calendar.edit")


def _table(content: bytes) -> Table:
    sheets = open_workbook(content)
    for sheet in sheets:
        if table := find_table(sheet, HEADINGS, required=NEEDED, limit=MOST_DAYS):
            return table
    missing = "、".join(best_guess(sheets, HEADINGS, NEEDED))
    raise Refused(
        f"没有找到节假日的表头（日期、名称、是否上班），缺少：{missing}，{UNCHANGED}请补上表头后重新上传。"
    )


def _plan(table: Table) -> CalendarPlan:
    plan = CalendarPlan()
    stored = {holiday.day: holiday for holiday in Holiday.objects.all()}
    seen: dict[date, int] = {}
    for row in table.rows():
        if row.is_blank("day", "works"):
            continue
        day, works = _day(row.own["day"]), YES_NO.get(squeeze(row.own["works"]))
        faults = _faults(table, row, day, works, seen)
        plan.faults += faults
        if faults or day is None or works is None:
            continue
        wanted: dict[str, object] = {"is_working_day": works}
        if "name" in row.own:
            wanted["name"] = tidy(row.shown["name"])
        _settle(plan, day, stored.get(day), wanted)
    if not (plan.new or plan.altered or plan.unchanged or plan.faults):
        raise Refused(f"工作簿中只有表头，没有节假日，{UNCHANGED}请填写后重新上传。")
    return plan


def _settle(plan: CalendarPlan, day: date, holiday: Holiday | None, wanted: dict[str, object]) -> None:
    said = f"{day:%Y-%m-%d} {wanted.get('name', '')}（{'上班' if wanted['is_working_day'] else '放假'}）"
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
        text = f"“{tidy(row.own['day'])[:40]}”不是日期，请写成 2026-10-01 的样式。"
        found.append(table.fault(row.number, "day", "not a day", text))
    elif (first := seen.setdefault(day, row.number)) != row.number:
        found.append(
            table.fault(row.number, "day", "day twice", f"该日期在第{first}行已经出现，请删去一行。")
        )
    if works is None:
        text = f"“{tidy(row.own['works'])[:40]}”无法识别，请填写是或否。"
        found.append(table.fault(row.number, "works", "not yes or no", text))
    if len(tidy(row.own.get("name"))) > LONGEST_NAME:
        found.append(table.fault(row.number, "name", "too long", f"文字超过 {LONGEST_NAME} 字，请缩短。"))
    return found


def _day(value: object) -> date | None:
    """Read a day, whether the cell holds one or somebody typed it."""
    if isinstance(value, datetime):
        found: date | None = value.date()
    elif isinstance(value, date):
        found = value
    else:
        found = next((day for form in WRITTEN if (day := _typed(squeeze(value), form))), None)
    return found if found is not None and found.year in YEARS else None


def _typed(text: str, form: str) -> date | None:
    try:
        return datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no time zone
    except ValueError:
        return None
