"""The ledger as a workbook: out as filtered, in with preview and marked faults, round trip without change.

A row with a number is an entry that was exported: it stays as it is, and a row that says something else is
a fault. A row without one is a new entry, which a second person confirms as any other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone

from departments.models import Department, DepartmentAlias
from departments.names.wording import plain
from evaluations.gathering.ledger.book import Ledger, LedgerRule, ledgers, value_of
from evaluations.gathering.ledger.lists import Row as ListRow
from evaluations.gathering.ledger.services import LENGTHS, Draft, case_of, faults_of
from evaluations.models import Occurrence, SchemeVersion
from office import audit, dates, roles
from office.imports import definition as imports
from office.imports import short_lists
from office.imports.short_lists import ListKind, Plan
from office.models import User
from office.workbooks.dates import day_of
from office.workbooks.sheets import ReportProgress, silently, squeeze, tidy
from office.workbooks.tables import Row, Table
from office.workbooks.writing import workbook

State = Occurrence.State
ACTION = "gathering.enter"
URL_NAME = "cockpit:import-ledger"
MOST_ROWS = 20_000
HEADINGS = {
    "number": ("编号",),
    "scheme": ("评价方案", "方案"),
    "department": ("单位", "单位名称", "部门"),
    "block": ("类别",),
    "item": ("项目", "事项", "扣分项目", "加分项目"),
    "day": ("发生日期", "日期"),
    "count": ("次数", "件数", "篇数"),
    "title": ("标题",),
    "practice": ("做法（事项）", "做法"),
    "remark": ("备注",),
    "veto": ("引起的一票否决",),
    "again_reason": ("确为另一件的说明",),
    "state": ("状态",),
    "reason": ("撤回原因",),
}
OUT = [names[0] for names in HEADINGS.values()]

LedgerPlan = Plan[Occurrence]


@transaction.atomic
def exported(*, ledger: Ledger, rows: Iterable[ListRow], acting_user: User) -> bytes:
    roles.require(acting_user, "round.view")
    written = [_written(ledger, row) for row in rows]
    told = {"列表": "工作台账", "评价方案": ledger.scheme.title, "行数": len(written)}
    audit.record("导出", acting_user, acting_user=acting_user, after=told)
    return workbook("工作台账", OUT, written)


def _written(ledger: Ledger, row: ListRow) -> list[Any]:
    one = row.occurrence
    events = ledger.scheme.veto.events if ledger.scheme.veto else {}
    return [
        one.pk,
        ledger.scheme.title,
        one.department.name,
        row.rule.heading if row.rule else "",
        row.label,
        one.day,
        one.count,
        one.title,
        one.practice,
        one.remark,
        events.get(one.veto, one.veto),
        one.again_reason,
        one.get_state_display(),
        one.withdrawn_reason,
    ]


@dataclass
class _Known:
    """What rows are compared with: five queries."""

    today: date
    ledgers: dict[str, Ledger] = field(default_factory=dict)
    units: dict[str, Department] = field(default_factory=dict)
    scoped: dict[str, dict[int, Department]] = field(default_factory=dict)
    stored: dict[int, Occurrence] = field(default_factory=dict)
    cases: dict[tuple[Any, ...], str] = field(default_factory=dict)
    """An entry that counts, or a row above → how a fault calls it."""

    @classmethod
    def now(cls) -> _Known:
        known = cls(timezone.localdate())
        for ledger in ledgers():
            known.ledgers[squeeze(ledger.scheme.title)] = ledger
            known.scoped[ledger.scheme_id] = {unit.pk: unit for unit in ledger.units()}
        units = {unit.pk: unit for unit in Department.objects.all()}
        known.units = {plain(unit.name): unit for unit in units.values()}
        for alias in DepartmentAlias.objects.all():
            known.units.setdefault(plain(alias.name), units[alias.department_id])
        for one in Occurrence.objects.all():
            one.department = units[one.department_id]
            known.stored[one.pk] = one
            if one.state != State.WITHDRAWN:
                known.cases.setdefault(_case(one), f"编号{one.pk}")
        return known


def _case(one: Occurrence) -> tuple[Any, ...]:
    return (one.scheme_id, one.department_id, one.item, one.is_veto, one.day, *case_of(one))


def _compare(table: Table, progress: ReportProgress) -> LedgerPlan:
    plan: LedgerPlan = Plan()
    known = _Known.now()
    for row in table.rows(progress):
        if row.is_blank("department", "item", "day") or table.leaves_out(row):
            continue
        if row.faults:
            plan.faults += row.faults
            continue
        _RowReader(table, row, known, plan).settle()
    return plan


@dataclass
class _RowReader:
    """One row on its way into the plan."""

    table: Table
    row: Row
    known: _Known
    plan: LedgerPlan

    def settle(self) -> None:
        if self.text("number"):
            self._keep()
        elif draft := self._draft():
            self._add(*draft)

    def text(self, name: str) -> str:
        return tidy(self.row.shown.get(name))

    def fault(self, name: str, reason: str, text: str) -> None:
        column = name if name in self.table.columns else "item"
        self.plan.faults.append(self.table.fault(self.row.number, column, reason, text))

    def _keep(self) -> None:
        """An entry that was exported: unchanged, or a fault that says which cell differs."""
        number = self.text("number")
        one = self.known.stored.get(int(number)) if number.isdecimal() and len(number) < 19 else None
        if one is None:
            self.fault("number", "unknown number", f"没有编号为“{number[:20]}”的记录；新的记录请把编号留空。")
            return
        differing = [name for name, value in self._as_exported(one).items() if not self._same(name, value)]
        for name in differing:
            text = "已登记的记录不能在表格中更改；需要更改的，请在系统中撤回后重新登记。"
            self.fault(name, "changed", text)
        self.plan.unchanged += not differing

    def _as_exported(self, one: Occurrence) -> dict[str, Any]:
        """Return what its row says, of the columns that are there."""
        ledger = next((led for led in self.known.ledgers.values() if led.scheme_id == one.scheme_id), None)
        if ledger is None:
            return {}
        rule = ledger.rules.get(value_of(one.item, is_veto=one.is_veto))
        cells = dict(zip(HEADINGS, _written(ledger, ListRow(one, rule)), strict=True))
        return {name: value for name, value in cells.items() if name in self.table.columns}

    def _same(self, name: str, value: Any) -> bool:
        if name == "day":
            return day_of(self.row.own[name]) == value
        return squeeze(self.row.shown[name]) == squeeze(value)

    def _draft(self) -> tuple[Ledger, Draft] | None:
        before = len(self.plan.faults)
        ledger = self._ledger()
        unit = self.known.units.get(plain(self.row.shown["department"]))
        if unit is None:
            name = self.text("department")[:40]
            self.fault(
                "department",
                "unknown department",
                f"单位名单中没有“{name}”，请核对名称。" if name else "单位空白，请补填。",
            )
        day = day_of(self.row.own["day"])
        if day is None:
            written = self.text("day")[:40]
            self.fault("day", "not a day", f"“{written}”不是日期，请写成 2026-10-01 的样式。")
        count = self._count()
        rule = self._rule(ledger) if ledger else None
        veto = self._veto(ledger) if ledger else ""
        if ledger is None or unit is None or day is None or rule is None or len(self.plan.faults) > before:
            return None
        texts = {name: self.text(name) for name in LENGTHS}
        return ledger, Draft(department=unit, value=rule.value, day=day, count=count, veto=veto, **texts)

    def _ledger(self) -> Ledger | None:
        name = squeeze(self.row.shown.get("scheme"))
        if not name and len(self.known.ledgers) == 1:
            return next(iter(self.known.ledgers.values()))
        if name in self.known.ledgers:
            return self.known.ledgers[name]
        there = "、".join(ledger.scheme.title for ledger in self.known.ledgers.values())
        self.fault("scheme", "unknown scheme", f"请在“评价方案”列写明方案名称：{there}。")
        return None

    def _rule(self, ledger: Ledger) -> LedgerRule | None:
        wanted, block = squeeze(self.row.shown["item"]), squeeze(self.row.shown.get("block"))
        found = [rule for rule in ledger.rules.values() if squeeze(rule.label) == wanted]
        found = [rule for rule in found if not block or squeeze(rule.heading) == block]
        if len(found) == 1:
            return found[0]
        text = f"“{ledger.scheme.title}”没有“{self.text('item')[:40]}”这个项目，请照方案的名称填写。"
        self.fault("item", "unknown item", text)
        return None

    def _veto(self, ledger: Ledger) -> str:
        wanted = squeeze(self.row.shown.get("veto"))
        if not wanted:
            return ""
        events = ledger.scheme.veto.events if ledger.scheme.veto else {}
        found = next((key for key, label in events.items() if squeeze(label) == wanted), "")
        if not found:
            self.fault(
                "veto", "unknown veto", f"该方案没有“{self.text('veto')[:40]}”这种一票否决情形，请核对。"
            )
        return found

    def _count(self) -> int:
        text = squeeze(self.row.shown.get("count"))
        if not text:
            return 1
        if text.isdecimal() and len(text) < 6:
            return int(text)
        self.fault("count", "not a number", f"“{text[:20]}”不是次数，请填写整数。")
        return 1

    def _add(self, ledger: Ledger, draft: Draft) -> None:
        faults = faults_of(ledger, draft, today=self.known.today, units=self.known.scoped[ledger.scheme_id])
        for name, text in faults:
            self.fault(name, "does not fit", text)
        one = draft.made(ledger.scheme_id)
        case = _case(one)
        if (twin := self.known.cases.get(case)) and not one.again_reason:
            text = f"同一件已登记过（{twin}）；确为另一件的，请在“确为另一件的说明”列写明。"
            self.fault("day", "same case", text)
            return
        self.known.cases.setdefault(case, f"第{self.row.number}行")
        if faults:
            return
        rule = ledger.rules[draft.value]
        self.plan.new.append(one)
        said = f"{one.department}　{dates.day(one.day)}　{rule.label}　{one.count} 次"
        self.plan.changes.append(f"新增 {said}{f'　{one.title}' if one.title else ''}")
        if not rule.takes(one.title):
            self.plan.notes.append(
                f"第{self.row.number}行：标题“{one.title[:40]}”不含规定词汇，可以登记，但不计分。"
            )


def _write_for_nobody(plan: LedgerPlan) -> None:
    raise RuntimeError("an entry needs somebody who enters it; call import_ledger")


def _write(plan: LedgerPlan, *, acting_user: User, now: datetime) -> None:
    for one in plan.new:
        one.entered_by, one.entered_at = acting_user, now
    Occurrence.objects.bulk_create(plan.new, batch_size=500)


LEDGER: ListKind[Occurrence] = ListKind(
    what="工作台账",
    action=ACTION,
    headings=HEADINGS,
    needed=("department", "item", "day"),
    limit=MOST_ROWS,
    compared=(Occurrence, Department, DepartmentAlias, SchemeVersion),
    compare=_compare,
    write=_write_for_nobody,
    subject=lambda _, file_name: Occurrence(department=Department(name=file_name), day=timezone.localdate()),
    days=("day",),
)


def import_ledger(
    *,
    content: bytes,
    file_name: str,
    acting_user: User,
    now: datetime,
    expected_digest: str | None = None,
    progress: ReportProgress = silently,
) -> LedgerPlan:
    """Enter every row without a number, or nothing; whoever uploads is who entered them."""
    write: Callable[[LedgerPlan], None] = partial(_write, acting_user=acting_user, now=now)
    return short_lists.import_list(
        replace(LEDGER, write=write),
        content=content,
        file_name=file_name,
        acting_user=acting_user,
        expected_digest=expected_digest,
        progress=progress,
    )


def _run(agreed: imports.Agreed, user: User, progress: ReportProgress) -> str:
    plan = import_ledger(
        content=agreed.content,
        file_name=agreed.file_name,
        acting_user=user,
        now=timezone.now(),
        expected_digest=agreed.digest,
        progress=progress,
    )
    return f"工作台账已导入：新增 {len(plan.new)}，未变 {plan.unchanged}。新增的记录待另一人确认后计分。"


IMPORT = imports.offer(
    replace(
        short_lists.offer(
            LEDGER,
            lead="上传工作台账，表头为评价方案、单位、项目、发生日期、次数、标题、做法（事项）、备注等。"
            "导出的台账可以补充新的行后在此导入：有编号的行保持不变，编号空白的行新增，新增的记录待另一人确认。",
            url_name=URL_NAME,
        ),
        run=_run,
    )
)
