"""Importing the list of what is to be covered: kind, name, credit code, town, from and to (WY-R1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial

from django.utils import timezone

from casework.models import CoveredObject
from casework.officers import objects, rules
from casework.procedure.officers import OfficerRules
from departments.models import Town, TownAlias
from departments.names.wording import plain
from departments.towns import TownNames
from office.imports import short_lists
from office.imports.short_lists import ListKind, Plan
from office.workbooks.credit_codes import read_code
from office.workbooks.dates import day_of, not_a_day
from office.workbooks.sheets import ReportProgress, tidy
from office.workbooks.tables import Row, Table

HEADINGS = {
    "kind": ("类别", "对象类别", "类型"),
    "name": ("名称", "对象名称", "企业名称", "单位名称"),
    "code": ("统一社会信用代码", "信用代码", "社会信用代码"),
    "town": ("镇（街）", "所在镇（街）", "乡镇", "镇街", "属地"),
    "address": ("地址", "经营地址", "位置"),
    "active_from": ("纳入日期", "纳入时间", "起始日期"),
    "ended_on": ("退出日期", "退出时间", "截止日期"),
}
MOST_ROWS = 2000
LONGEST = {"name": 100, "address": 120}


def _compare(table: Table, progress: ReportProgress) -> Plan[CoveredObject]:
    comparison = _Comparison(table, rules.in_use().rules)
    for row in table.rows(progress):
        if not (row.is_blank() or table.leaves_out(row) or plain(row.own["name"]) in HEADINGS["name"]):
            comparison.read(row)
    return comparison.plan


@dataclass(frozen=True)
class _Told:
    """What a row says of an object."""

    kind: str
    name: str
    code: str
    town: Town | None
    active_from: date | None
    ended_on: date | None


class _Comparison:
    def __init__(self, table: Table, stored: OfficerRules) -> None:
        self.table, self.rules = table, stored
        self.plan: Plan[CoveredObject] = Plan()
        self.kinds = {one.label: one.id for one in stored.kinds}
        self.towns = TownNames.stored()
        known = list(CoveredObject.objects.select_related("town"))
        self.by_code = {one.credit_code: one for one in known if one.credit_code}
        self.by_name = {(one.kind, one.name): one for one in known}
        self.linked = set(
            CoveredObject.objects.filter(links__isnull=False, links__to_day=None).values_list("pk", flat=True)
        )
        self.seen: dict[tuple[str, str], int] = {}

    def read(self, row: Row) -> None:
        if row.faults:
            self.plan.faults += row.faults
            return
        before = len(self.plan.faults)
        told = _Told(*self._who(row), self._town(row), *self._days(row))
        if len(self.plan.faults) > before:
            return
        stored = self.by_code.get(told.code) if told.code else self.by_name.get((told.kind, told.name))
        if stored is None and (told.kind, told.name) in self.by_name:
            text = f"名单中已有“{told.name}”，统一社会信用代码不同，请核对。"
            self._fault(row, "name", "taken", text)
        elif stored is None:
            self._add(row, told)
        else:
            self._alter(row, stored, told)

    def _who(self, row: Row) -> tuple[str, str, str]:
        label, name, code = plain(row.shown["kind"]), plain(row.own["name"]), read_code(row.own.get("code"))
        kind = self.kinds.get(label, "")
        if not kind:
            known = "、".join(self.kinds)
            self._fault(row, "kind", "unknown kind", f"“{label[:20]}”不是规定的类别，请填写{known}之一。")
        elif wrong := objects.code_fault(self.rules, kind, code):
            where = "code" if "code" in self.table.columns else "name"
            self._fault(row, where, "code", wrong)
        if not name:
            self._fault(row, "name", "blank", "名称空白，请补填。")
        for column, longest in LONGEST.items():
            if len(tidy(row.shown.get(column))) > longest:
                self._fault(row, column, "too long", f"{HEADINGS[column][0]}超过{longest}个字，请改短。")
        for key in ((kind, name), ("code", code)):
            first = self.seen.setdefault(key, row.number) if key[1] else row.number
            if first != row.number:
                self._fault(row, "name", "twice", f"“{key[1]}”在第{first}行已经出现，请删去一行。")
        return kind, name, code

    def _town(self, row: Row) -> Town | None:
        written = plain(row.shown.get("town"))
        town = self.towns.find(written) if written else None
        if written and town is None:
            self._fault(row, "town", "unknown town", f"没有找到镇（街）“{written[:20]}”，请核对名称。")
        return town

    def _days(self, row: Row) -> tuple[date | None, date | None]:
        found: list[date | None] = []
        for column in ("active_from", "ended_on"):
            value = row.shown.get(column)
            day = day_of(value)
            if tidy(value) and day is None:
                self._fault(row, column, "no day", not_a_day(value))
            found.append(day)
        return found[0], found[1]

    def _add(self, row: Row, told: _Told) -> None:
        new = CoveredObject(
            kind=told.kind,
            name=told.name,
            credit_code=told.code,
            town=told.town,
            address=tidy(row.shown.get("address")),
            active_from=told.active_from or timezone.localdate(),
            ended_on=told.ended_on,
        )
        if self._fits(row, new):
            self.plan.new.append(new)
            self.plan.changes.append(f"新增 {self._label(new)}")

    def _alter(self, row: Row, stored: CoveredObject, told: _Told) -> None:
        """A blank cell leaves what is stored."""
        if (other := self.by_name.get((told.kind, told.name))) is not None and other.pk != stored.pk:
            self._fault(row, "name", "taken", f"名单中已有另一个“{told.name}”，请核对。")
            return
        before = _in_words(stored)
        stored.kind, stored.name = told.kind, told.name
        stored.town = told.town or stored.town
        stored.address = tidy(row.shown.get("address")) or stored.address
        stored.active_from = told.active_from or stored.active_from
        stored.ended_on = told.ended_on or stored.ended_on
        after = _in_words(stored)
        said = [f"{key}由“{before[key]}”改为“{after[key]}”" for key in after if after[key] != before[key]]
        if not said:
            self.plan.unchanged += 1
        elif self._fits(row, stored):
            self.plan.altered.append(stored)
            self.plan.changes.append(f"变更 {self._label(stored)}：{'，'.join(said)}")

    def _fits(self, row: Row, one: CoveredObject) -> bool:
        if one.ended_on and one.ended_on < one.active_from:
            self._fault(row, "ended_on", "too early", "退出日期早于纳入日期，请核对。")
        elif one.ended_on and one.pk in self.linked:
            self._fault(row, "ended_on", "linked", "还有服务官挂联，请先解除挂联，再填退出日期。")
        else:
            return True
        return False

    def _label(self, one: CoveredObject) -> str:
        return f"{self.rules.label_of_kind(one.kind)}“{one.name}”"

    def _fault(self, row: Row, name: str, reason: str, text: str) -> None:
        self.plan.faults.append(self.table.fault(row.number, name, reason, text))


def _in_words(one: CoveredObject) -> dict[str, str]:
    return {
        "类别": one.kind,
        "名称": one.name,
        "镇（街）": str(one.town or ""),
        "地址": one.address,
        "纳入日期": one.active_from.isoformat(),
        "退出日期": one.ended_on.isoformat() if one.ended_on else "",
    }


def _write(plan: Plan[CoveredObject]) -> None:
    CoveredObject.objects.bulk_create(plan.new, batch_size=200)
    columns = ["kind", "name", "town", "address", "active_from", "ended_on"]
    CoveredObject.objects.bulk_update(plan.altered, columns, batch_size=200)


OBJECTS = ListKind(
    what="挂联对象",
    action="officer.edit",
    headings=HEADINGS,
    needed=("kind", "name"),
    limit=MOST_ROWS,
    compared=(CoveredObject, Town, TownAlias),
    compare=_compare,
    write=_write,
    subject=lambda _, file_name: CoveredObject(name=file_name),
    days=("active_from", "ended_on"),
)
preview_objects = partial(short_lists.preview_list, OBJECTS)
import_objects = partial(short_lists.import_list, OBJECTS)
