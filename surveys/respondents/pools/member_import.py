"""Members of a pool from a list: delegates, journalists, citizens; also who leaves it (GY-R1)."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from django.utils import timezone

from departments.models import Department
from departments.names.wording import person_name, plain
from office import dates
from office.calendar.working_time import after_months
from office.imports import short_lists
from office.imports.short_lists import ListKind, Plan
from office.workbooks.credit_codes import LENGTH, read_code
from office.workbooks.dates import day_of
from office.workbooks.sheets import Fault, ReportProgress, squeeze, tidy
from office.workbooks.tables import Row, Table
from office.workbooks.totals import is_total
from surveys.models import Pool, PoolCell, PoolMember

HEADINGS = {
    "pool": ("样本库", "样本库名称"),
    "stratum": ("类别", "样本类别", "评价主体"),
    "cell": ("细分", "子类", "地区", "县区"),
    "number": ("编号", "统一社会信用代码", "代码"),
    "name": ("姓名（名称）", "姓名", "名称", "单位名称", "企业名称"),
    "employer": ("所在单位", "工作单位", "单位"),
    "unit": ("所属参评单位", "参评单位"),
    "phone": ("联系电话", "电话", "手机", "手机号码", "联系方式"),
    "joined_on": ("入库日期", "入库时间"),
    "left_on": ("退出日期", "退出时间"),
    "left_reason": ("退出原因",),
}
NEEDED = ("stratum", "name")
LIMITS = {"number": 40, "name": 120, "employer": 120, "phone": 40, "left_reason": 100}
DAYS = ("joined_on", "left_on")
MOST_ROWS = 20_000
OWN = "样本"

MemberPlan = Plan[PoolMember]


class _Known:
    """Cells, members and departments as they are stored; numbers given out by this workbook."""

    def __init__(self) -> None:
        cells = PoolCell.objects.select_related("stratum__pool")
        self.cells = {(one.stratum.pool.name, one.stratum.name, one.name): one for one in cells}
        pools = {one.stratum.pool.name for one in self.cells.values()}
        self.only = next(iter(pools)) if len(pools) == 1 else ""
        members = PoolMember.objects.filter(left_on=None).select_related("unit")
        self.by_number = {(one.pool_id, one.number): one for one in members}
        # Without a column of employers in the workbook the name alone tells (None).
        self.by_name: dict[tuple[int, str, str | None], PoolMember] = {
            (one.cell_id, one.name, plain(one.employer)): one for one in members
        }
        self.by_name |= {(one.cell_id, one.name, None): one for one in members}
        every = PoolMember.objects.filter(number__startswith=OWN).values_list("number", flat=True)
        own = [int(one.removeprefix(OWN)) for one in every if one.removeprefix(OWN).isdecimal()]
        self.last = max(own, default=0)
        self.gone = {
            (pool, number, left)
            for pool, number, left in PoolMember.objects.exclude(left_on=None).values_list(
                "pool", "number", "left_on"
            )
        }
        self.departments = {plain(one.name): one for one in Department.objects.all()}
        self.first_rows: dict[tuple[int, str], int] = {}
        self.today = timezone.localdate()

    def next_number(self) -> str:
        self.last += 1
        return f"{OWN}{self.last:05}"


def _compare(table: Table, progress: ReportProgress) -> MemberPlan:
    plan: MemberPlan = Plan()
    known = _Known()
    for row in table.rows(progress):
        if row.is_blank() or is_total(row.lead) or plain(row.own["name"]) in HEADINGS["name"]:
            continue
        if row.faults:
            plan.faults += row.faults
            continue
        _Reading(table, row, known).settle(plan)
    return plan


class _Reading:
    """One row: which cell it means, what it wants, and what is wrong with it."""

    def __init__(self, table: Table, row: Row, known: _Known) -> None:
        self.table, self.row, self.known = table, row, known
        self.faults: list[Fault] = []
        self.shown = {name: plain(row.shown[name]) if name in row.shown else "" for name in HEADINGS}
        self.wanted: dict[str, Any] = {"name": person_name(row.own["name"])}
        self.number = self._number()
        self.cell = self._cell()
        self._texts()
        self._unit()
        for name in DAYS:
            self._day(name)
        if self.wanted.get("left_on"):
            self.wanted["phone"] = ""
            if not self.wanted.get("left_reason"):
                self._fault("left_reason", "blank", "退出的须写明退出原因。")

    def _fault(self, name: str, reason: str, text: str) -> None:
        self.faults.append(self.table.fault(self.row.number, name, reason, text))

    def _number(self) -> str:
        code = read_code(self.row.own.get("number"))
        return code if len(code) == LENGTH else self.shown["number"]

    def _cell(self) -> PoolCell | None:
        pool, stratum, cell = self.shown["pool"] or self.known.only, self.shown["stratum"], self.shown["cell"]
        found = self.known.cells.get((pool, stratum, cell))
        if found is None:
            named = f"“{stratum[:40]}”“{cell[:40]}”" if cell else f"“{stratum[:40]}”"
            text = f"样本库中没有{named}，请核对类别和细分，或先导入样本库结构。"
            self._fault("stratum", "unknown cell", text)
        return found

    def _texts(self) -> None:
        for name in ("employer", "left_reason"):
            if name in self.row.own:
                self.wanted[name] = self.shown[name]
        if "phone" in self.row.own:
            self.wanted["phone"] = tidy(self.row.own["phone"])
        for name, most in LIMITS.items():
            if len(self.number if name == "number" else self.wanted.get(name, "")) > most:
                self._fault(name, "too long", f"文字超过 {most} 字，请缩短。")
        if not self.wanted["name"]:
            self._fault("name", "blank", "姓名（名称）空白，请补填。")

    def _unit(self) -> None:
        if "unit" in self.row.own:
            written = self.shown["unit"]
            self.wanted["unit"] = self.known.departments.get(written)
            if written and self.wanted["unit"] is None:
                self._fault("unit", "unknown unit", f"没有“{written[:40]}”这个单位，请核对单位名称。")

    def _day(self, name: str) -> None:
        if name not in self.row.own:
            return
        day = self.wanted[name] = day_of(self.row.shown[name])
        if day is None and squeeze(self.row.shown[name]):
            text = f"“{tidy(self.row.shown[name])[:40]}”不是日期，请写成 2026-10-01 的样式。"
            self._fault(name, "not a day", text)
        elif day and day > self.known.today:
            self._fault(name, "in the future", "日期晚于今天，请核对。")

    def settle(self, plan: MemberPlan) -> None:
        if self.cell is None or self.faults:
            plan.faults += self.faults
            return
        known, wanted, cell = self.known, self.wanted, self.cell
        pool = cell.stratum.pool
        if wanted.get("left_on") and (pool.pk, self.number, wanted["left_on"]) in known.gone:
            plan.unchanged += 1  # somebody who left long ago, in a list that was taken out
            return
        named = (cell.pk, wanted["name"], plain(wanted["employer"]) if "employer" in wanted else None)
        member = known.by_number.get((pool.pk, self.number)) if self.number else known.by_name.get(named)
        number = self.number or (member.number if member else known.next_number())
        first = known.first_rows.setdefault((pool.pk, number), self.row.number)
        if first != self.row.number:
            text = f"编号“{number}”（{wanted['name'][:40]}）在第{first}行已经出现，请删去一行。"
            plan.faults.append(self.table.fault(self.row.number, "number", "twice", text))
        elif member is None:
            known.by_name[named] = _new(plan, cell, number, wanted, known.today)
        else:
            _change(plan, cell, member, wanted)


def _new(plan: MemberPlan, cell: PoolCell, number: str, wanted: dict[str, Any], today: date) -> PoolMember:
    joined = wanted.pop("joined_on", None) or today
    months = cell.stratum.renewal_months
    member = PoolMember(
        pool=cell.stratum.pool,
        cell=cell,
        number=number,
        source=PoolMember.Source.LIST,
        joined_on=joined,
        renew_on=after_months(joined, months),
        **wanted,
    )
    plan.new.append(member)
    told = [f"{HEADINGS[name][0]} {_word(value)}" for name, value in wanted.items() if value]
    told.append(f"入库日期 {dates.day(joined)}")
    plan.changes.append(f"新增 {cell} {number}：{'，'.join(told)}")
    return member


def _change(plan: MemberPlan, cell: PoolCell, member: PoolMember, wanted: dict[str, Any]) -> None:
    if joined := wanted.pop("joined_on", None):
        wanted["joined_on"] = joined
        if joined != member.joined_on:
            wanted["renew_on"] = after_months(joined, cell.stratum.renewal_months)
    wanted["cell"] = cell
    before = {name: getattr(member, name) for name in wanted}
    told = []
    for name, value in wanted.items():
        if before[name] != value:
            setattr(member, name, value)
            heading = {"cell": "细分", "renew_on": "到期日期"}.get(name) or HEADINGS[name][0]
            told.append(f"{heading}：{_word(before[name])} → {_word(value)}")
    if told:
        plan.altered.append(member)
        plan.changes.append(f"变更 {member.number}（{member.name}）：{'；'.join(told)}")
    else:
        plan.unchanged += 1


def _word(value: object) -> str:
    return dates.day(value) if isinstance(value, date) else str(value or "（空）")


CHANGED = (
    "cell",
    "name",
    "employer",
    "unit",
    "phone",
    "joined_on",
    "renew_on",
    "left_on",
    "left_reason",
)


def _write(plan: MemberPlan) -> None:
    PoolMember.objects.bulk_create(plan.new, batch_size=500)
    # All these rows are there and locked; putting a bulk_update together takes twenty times as long.
    PoolMember.objects.bulk_create(
        plan.altered, update_conflicts=True, unique_fields=["id"], update_fields=CHANGED, batch_size=500
    )


MEMBERS = ListKind(
    what="样本",
    action="pool.import",
    headings=HEADINGS,
    needed=NEEDED,
    limit=MOST_ROWS,
    compared=(PoolMember, PoolCell, Pool, Department),
    compare=_compare,
    write=_write,
    subject=lambda _, file_name: Pool(name=file_name),
    days=DAYS,
    audits_changes=False,
)
preview_members = partial(short_lists.preview_list, MEMBERS)
import_members = partial(short_lists.import_list, MEMBERS)
