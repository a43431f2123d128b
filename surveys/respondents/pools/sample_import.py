"""Enterprises that a department hands in to be asked (报送样本; FC-R13, 方城 四(二))."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django.utils import timezone

from departments.access import own_unit
from departments.models import Department
from departments.names.wording import plain
from office.errors import Refused
from office.imports import definition as imports
from office.imports import short_lists
from office.imports.short_lists import ListKind, Plan
from office.models import User
from office.workbooks.credit_codes import fault_of, read_code
from office.workbooks.sheets import Fault, ReportProgress, squeeze, tidy
from office.workbooks.tables import Row, Table
from office.workbooks.totals import is_total
from surveys.models import HandedInSample

HEADINGS = {
    "name": ("企业名称", "名称", "市场主体名称", "单位名称"),
    "code": ("统一社会信用代码", "社会信用代码", "信用代码"),
    "matter": ("办理事项", "事项", "事项名称"),
    "contact": ("联系人", "法定代表人", "经营者", "负责人"),
    "phone": ("联系电话", "电话", "手机", "手机号码", "联系方式"),
    "is_withdrawn": ("已撤回", "撤回"),
}
NEEDED = ("name", "code", "phone")
LIMITS = {"name": 120, "matter": 120, "contact": 40, "phone": 40}
MOST_ROWS = 500
YES_NO = {"是": True, "否": False}
PHONE = re.compile(r"1[3-9]\d{9}|0\d{2,3}-?\d{7,8}(-\d{1,6})?|\d{7,8}")

SamplePlan = Plan[HandedInSample]


def quarter_of(day: date) -> str:
    return f"{day.year}-Q{(day.month + 2) // 3}"


def quarter_in_words(period: str) -> str:
    year, _, quarter = period.partition("-Q")
    return f"{year}年第{'一二三四'[int(quarter) - 1]}季度" if quarter in {"1", "2", "3", "4"} else period


def _kind_of(department: Department, today: date) -> ListKind[HandedInSample]:
    """The list of one department in the running quarter: it neither sees nor touches any other."""

    def compare(table: Table, progress: ReportProgress) -> SamplePlan:
        return _compare(table, progress, department, today)

    return ListKind(
        what="报送样本",
        action="sample.hand_in",
        headings=HEADINGS,
        needed=NEEDED,
        limit=MOST_ROWS,
        compared=(HandedInSample,),
        compare=compare,
        write=_write,
        subject=lambda _, __: department,
        audits_changes=False,
    )


def _compare(table: Table, progress: ReportProgress, department: Department, today: date) -> SamplePlan:
    plan: SamplePlan = Plan()
    period = quarter_of(today)
    stored = {one.code: one for one in HandedInSample.objects.filter(department=department, period=period)}
    first_rows: dict[str, int] = {}
    for row in table.rows(progress):
        if row.is_blank() or is_total(row.lead) or plain(row.own["name"]) in HEADINGS["name"]:
            continue
        if row.faults:
            plan.faults += row.faults
            continue
        wanted, faults = _read(table, row)
        first = first_rows.setdefault(wanted["code"], row.number)
        if first != row.number:
            text = f"“{wanted['code']}”在第{first}行已经出现，请删去一行。"
            faults.append(table.fault(row.number, "code", "twice", text))
        if faults:
            plan.faults += faults
        else:
            new = HandedInSample(department=department, period=period, handed_in_on=today)
            _settle(plan, stored.get(wanted["code"]) or new, wanted)
    return plan


def _read(table: Table, row: Row) -> tuple[dict[str, Any], list[Fault]]:
    wanted: dict[str, Any] = {
        "name": plain(row.shown["name"]),
        "code": read_code(row.own["code"]),
        "phone": tidy(row.own["phone"]),
    }
    wanted |= {name: plain(row.own[name]) for name in ("matter", "contact") if name in row.own}
    faults = [
        table.fault(row.number, name, "too long", f"文字超过 {most} 字，请缩短。")
        for name, most in LIMITS.items()
        if len(wanted.get(name, "")) > most
    ]
    if not wanted["name"]:
        faults.append(table.fault(row.number, "name", "blank", "企业名称空白，请补填。"))
    if fault := fault_of(wanted["code"]):
        faults.append(table.fault(row.number, "code", *fault))
    if not PHONE.fullmatch(squeeze(wanted["phone"])):
        text = f"“{wanted['phone'][:40]}”不是电话号码，请填写手机号码或带区号的固定电话。"
        faults.append(table.fault(row.number, "phone", "not a phone", text))
    if written := squeeze(row.own.get("is_withdrawn")):
        wanted["is_withdrawn"] = YES_NO.get(written)
        if wanted["is_withdrawn"] is None:
            text = f"“{written[:40]}”无法识别，请填写是或否。"
            faults.append(table.fault(row.number, "is_withdrawn", "not yes or no", text))
    return wanted, faults


def _settle(plan: SamplePlan, sample: HandedInSample, wanted: dict[str, Any]) -> None:
    before = {name: getattr(sample, name) for name in wanted}
    for name, value in wanted.items():
        setattr(sample, name, value)
    named = f"{wanted['name']}（{wanted['code']}）"
    if sample.pk is None:
        plan.new.append(sample)
        told = [f"{HEADINGS[name][0]} {_word(value)}" for name, value in wanted.items() if value]
        plan.changes.append(f"新增 {named}：{'，'.join(told)}")
    elif told := [
        f"{HEADINGS[name][0]}：{_word(before[name])} → {_word(value)}"
        for name, value in wanted.items()
        if before[name] != value
    ]:
        plan.altered.append(sample)
        plan.changes.append(f"变更 {named}：{'；'.join(told)}")
    else:
        plan.unchanged += 1


def _word(value: object) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    return str(value or "（空）")


def _write(plan: SamplePlan) -> None:
    HandedInSample.objects.bulk_create(plan.new)
    HandedInSample.objects.bulk_update(plan.altered, [*LIMITS, "is_withdrawn"])


def kind_for(user: User) -> ListKind[HandedInSample]:
    unit = own_unit(user)
    if unit is None:
        raise Refused("您的用户没有所属单位，不能报送样本", "请联系系统管理员。")
    return _kind_of(unit, timezone.localdate())


def preview(content: bytes, _option: bool, user: User, progress: ReportProgress) -> imports.Preview:
    kind = kind_for(user)
    plan = short_lists.preview_list(kind, content=content, acting_user=user, progress=progress)
    counts = {**plan.counts(), "有误": len({fault.row for fault in plan.faults})}
    return imports.Preview(
        digest=plan.digest(),
        headings=list(counts),
        rows=[(kind.what, list(counts.values()))],
        notes=[f"本次报送计入{quarter_in_words(quarter_of(timezone.localdate()))}。", *plan.notes],
        faults=plan.faults,
        changes=plan.changes,
        writes=plan.writes,
    )


def run(agreed: imports.Agreed, user: User, progress: ReportProgress) -> str:
    plan = short_lists.import_list(
        kind_for(user),
        content=agreed.content,
        file_name=agreed.file_name,
        expected_digest=agreed.digest,
        acting_user=user,
        progress=progress,
    )
    said = "，".join(f"{done} {count}" for done, count in plan.counts().items())
    return f"样本已报送：{said}。"
