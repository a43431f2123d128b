"""Importing supervisors: 吉林经开区 三(二)2(4) and 方城 (annex) have them judge, 广元 (一) asks them."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from departments.names.wording import person_name, plain
from office import dates
from office.imports import short_lists
from office.imports.short_lists import ListKind, Plan
from office.workbooks.dates import day_of, not_a_day
from office.workbooks.sheets import Fault, ReportProgress, squeeze, telephone
from office.workbooks.tables import Row, Table
from surveys.models import Supervisor

HEADINGS = {
    "name": ("姓名", "监督员姓名", "监督员"),
    "organization": ("所在单位", "单位", "工作单位", "单位名称", "所在单位（企业）"),
    "area": ("所属地区", "地区", "县区", "县（区）", "县（市、区）", "推荐地区"),
    "phone": ("联系电话", "电话", "手机", "手机号", "手机号码", "联系方式"),
    "term_starts": ("聘期开始", "聘期起", "聘任日期", "聘任时间", "开始日期", "开始", "起"),
    "term_ends": ("聘期结束", "聘期止", "聘期至", "届满日期", "结束日期", "结束", "止"),
    "is_active": ("在任", "是否在任", "是否在聘"),
}
NEEDED = ("name", "organization")
LIMITS = {"name": 40, "organization": 120, "area": 40, "phone": 40}
DAYS = ("term_starts", "term_ends")
YES_NO = {"是": True, "在任": True, "在聘": True, "否": False, "离任": False, "解聘": False, "不在任": False}
MOST_ROWS = 2000
FIELDS = tuple(HEADINGS)

SupervisorPlan = Plan[Supervisor]
Key = tuple[str, str]


def _compare(table: Table, progress: ReportProgress) -> SupervisorPlan:
    plan: SupervisorPlan = Plan()
    stored = {
        (person_name(person.name), plain(person.organization)): person for person in Supervisor.objects.all()
    }
    first_rows: dict[Key, int] = {}
    for row in table.rows(progress):
        if row.is_blank() or table.leaves_out(row) or plain(row.own["name"]) in HEADINGS["name"]:
            continue
        if row.faults:
            plan.faults += row.faults
            continue
        wanted, faults = _read(table, row)
        key = wanted["name"], wanted["organization"]
        faults += _twice(table, row, key, first_rows)
        person = stored.get(key) or Supervisor()
        if not faults:
            wanted = _completed(person, wanted)
            faults = _term_faults(table, row, wanted)
        if faults:
            plan.faults += faults
        else:
            _settle(plan, person, wanted)
    return plan


def _read(table: Table, row: Row) -> tuple[dict[str, Any], list[Fault]]:
    """Read one row; a column the workbook does not have leaves what is stored as it is."""
    wanted: dict[str, Any] = {
        "name": person_name(row.own["name"]),
        "organization": plain(row.shown["organization"]),
    }
    if "area" in row.own:
        wanted["area"] = plain(row.shown["area"])
    if "phone" in row.own:
        wanted["phone"] = telephone(row.shown["phone"])
    faults = [
        table.fault(row.number, name, "too long", f"文字超过 {LIMITS[name]} 字，请缩短。")
        for name, text in wanted.items()
        if len(text) > LIMITS[name]
    ]
    faults += [
        table.fault(row.number, name, "blank", f"{HEADINGS[name][0]}空白，请补填。")
        for name in NEEDED
        if not wanted[name]
    ]
    for name in DAYS:
        if name in row.own:
            wanted[name] = day_of(row.shown[name])
            if wanted[name] is None and squeeze(row.shown[name]):
                faults.append(table.fault(row.number, name, "not a day", not_a_day(row.shown[name])))
    if "is_active" in row.own and (written := squeeze(row.shown["is_active"])):
        wanted["is_active"] = YES_NO.get(written)
        if wanted["is_active"] is None:
            text = f"“{written[:40]}”无法识别，请填写是或否。"
            faults.append(table.fault(row.number, "is_active", "not yes or no", text))
    return wanted, faults


def _twice(table: Table, row: Row, key: Key, first_rows: dict[Key, int]) -> list[Fault]:
    """Refuse a second person of the same name and organization: nothing else distinguishes them."""
    if not all(key) or (first := first_rows.setdefault(key, row.number)) == row.number:
        return []
    text = (
        f"该单位的“{key[0][:40]}”在第{first}行已经出现。"
        "同一人的，请删去一行；确是两人的，请在姓名后注明，如“（一）”“（二）”。"
    )
    return [table.fault(row.number, "name", "same person", text)]


def _completed(person: Supervisor, wanted: dict[str, Any]) -> dict[str, Any]:
    """Fill in what the workbook leaves out; drop the phone number of somebody no longer in office."""
    whole = {name: getattr(person, name) for name in FIELDS} | wanted
    return whole if whole["is_active"] else {**whole, "phone": ""}


def _term_faults(table: Table, row: Row, wanted: dict[str, Any]) -> list[Fault]:
    starts, ends = (wanted[name] for name in DAYS)
    if starts is None or ends is None or starts <= ends:
        return []
    name = "term_ends" if "term_ends" in row.own else "term_starts"
    text = f"聘期结束（{ends}）早于聘期开始（{starts}），请核对日期。"
    return [table.fault(row.number, name, "ends before it starts", text)]


def _settle(plan: SupervisorPlan, person: Supervisor, wanted: dict[str, Any]) -> None:
    before = {name: getattr(person, name) for name in FIELDS}
    for name, value in wanted.items():
        setattr(person, name, value)
    named = f"{wanted['name']}（{wanted['organization']}）"
    if person.pk is None:
        plan.new.append(person)
        # What is new is told in full, so that the hash of a preview covers every cell.
        told = [f"{HEADINGS[name][0]} {_word(wanted[name])}" for name in FIELDS[2:] if wanted[name] != ""]
        plan.changes.append(f"新增 {named}：{'，'.join(told)}")
    elif told := [
        f"{HEADINGS[name][0]}：{_word(before[name])} → {_word(value)}"
        for name, value in wanted.items()
        if before[name] != value
    ]:
        plan.altered.append(person)
        plan.changes.append(f"变更 {named}：{'；'.join(told)}")
    else:
        plan.unchanged += 1


def _word(value: object) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    return dates.day(value) if isinstance(value, date) else str(value or "（空）")


def _write(plan: SupervisorPlan) -> None:
    Supervisor.objects.bulk_create(plan.new)
    # All these rows are there and locked; putting a bulk_update together takes twenty times as long.
    Supervisor.objects.bulk_create(
        plan.altered, update_conflicts=True, unique_fields=["id"], update_fields=FIELDS
    )


SUPERVISORS = ListKind(
    what="监督员",
    action="supervisor.import",
    headings=HEADINGS,
    needed=NEEDED,
    limit=MOST_ROWS,
    compared=(Supervisor,),
    compare=_compare,
    write=_write,
    subject=lambda _, file_name: Supervisor(name=file_name),
    days=DAYS,
    audits_changes=False,
)
preview_supervisors = partial(short_lists.preview_list, SUPERVISORS)
import_supervisors = partial(short_lists.import_list, SUPERVISORS)
