"""Importing units of every kind as offices keep their lists (GY-R2, JL-R1, WY-R8).

A group may stand in a column, in merged cells, or above its units in a row of its own (一、县（区）8个).
Groups are told in the words of the schemes in use. A unit whose plain group belongs to another scheme
keeps it and gets a group for this one, so that a list of one policy takes nobody out of another's rounds.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import partial

from departments.kinds import USUAL_GROUP, WITHIN_A_UNIT, UnitKind
from departments.models import Department, DepartmentAlias, Town, TownAlias, UnitGroup
from departments.names.wording import listed, plain, short_form_of
from departments.units.groups import SchemeGroups
from departments.units.kind_names import kind_by_name, kind_spelled
from departments.units.plan import UnitPlan, in_words, write
from departments.units.stored import StoredUnits
from office.imports import short_lists
from office.imports.short_lists import ListKind
from office.workbooks.sheets import ReportProgress, squeeze
from office.workbooks.tables import Row, Table
from office.workbooks.totals import is_total

HEADINGS = {
    "name": (
        "单位名称",
        "单位",
        "部门",
        "部门名称",
        "名称",
        "评价对象",
        "责任单位",
        "考核单位",
        "参评单位",
        "被评单位",
        "部门（单位）",
        "单位（部门）",
    ),
    "section": ("科（室）", "科室", "股室", "中层科室", "科室名称", "科（室）名称"),
    "order": ("机构序列",),
    "kind": ("单位类别", "单位类型", "单位性质"),
    "group": ("系列（分组）", "分组", "系列", "类别", "组别", "所属系列", "考核分组"),
    "groups": ("各方案分组",),
    "scheme": ("评价方案", "方案", "考核办法"),
    "parent": ("所属单位", "隶属单位", "所属部门"),
    "superior": ("上级主管部门", "上级主管单位", "主管部门", "上级部门", "上级单位"),
    "aliases": ("单位别名", "别名", "简称", "单位简称"),
    "is_active": ("在评价范围内", "是否参评"),
}
MOST_ROWS = 2000
NOTHING = ("—", "-", "无", "/")
YES_NO = {"是": True, "否": False}
LONGEST = 80
LONGEST_NUMBER = 6
_NUMBERING = re.compile(r"^[（(]?[一二三四五六七八九十\d]+[）)]?[、.．\s]*")
_COUNT = re.compile(r"[（(：:，,]?共?\d+[个家][）)]?$")


@dataclass
class _Line:
    """One row that names a unit: its group, the body of a section, what changes beside its own fields."""

    row: Row
    unit: Department
    group: str
    body: str
    said: list[str] = field(default_factory=list)

    def text(self, name: str) -> str:
        return _text(self.row, name)


def _compare(table: Table, progress: ReportProgress) -> UnitPlan:
    comparison = _Comparison(table)
    for row in table.rows(progress):
        comparison.read(row)
    comparison.settle()
    return comparison.plan


class _Comparison:
    """Rows one after another: first who is named, then what leads from unit to unit."""

    def __init__(self, table: Table) -> None:
        self.table, self.stored, self.plan = table, StoredUnits(), UnitPlan()
        self.lines: list[_Line] = []
        self.first: dict[str, int] = {}
        self.heading = self.body = ""

    def read(self, row: Row) -> None:
        if heading := self._heading(row):
            self.heading = heading
        elif row.is_blank() or is_total(row.lead) or plain(row.own["name"]) in HEADINGS["name"]:
            return
        elif row.faults:
            self.plan.faults += row.faults
        elif (unit := self._unit(row)) is not None:
            first = self.first.setdefault(unit.name, row.number)
            if first != row.number:
                self._fault(row, "name", "twice", f"该单位在第{first}行已经出现，请删去一行。")
            else:
                self.lines.append(_Line(row, unit, _text(row, "group") or self.heading, self.body))

    def settle(self) -> None:
        for line in self.lines:
            before = in_words(line.unit)
            faults = len(self.plan.faults)
            self._place(line)
            self._group(line)
            self._groups_by_scheme(line)
            self._other_names(line)
            self._plain_fields(line)
            if len(self.plan.faults) == faults:
                self._tell(line, before)

    def _tell(self, line: _Line, before: dict[str, str]) -> None:
        unit, after = line.unit, in_words(line.unit)
        changed = [key for key in after if after[key] != before[key]]
        said = [f"{key}由“{before[key]}”改为“{after[key]}”" for key in changed] + line.said
        if unit.pk is None:
            self.plan.new.append(unit)
            more = [
                unit.get_kind_display(),
                unit.peer_group,
                str(unit.parent or ""),
                unit.superior,
                *line.said,
            ]
            self.plan.changes.append(f"新增 {unit}：{'，'.join(filter(None, more))}")
        elif said:
            self.plan.altered.append(unit)
            self.plan.changes.append(f"变更 {unit}：{'，'.join(said)}")
        else:
            self.plan.unchanged += 1

    def _fault(self, row: Row, name: str, reason: str, text: str) -> None:
        self.plan.faults.append(self.table.fault(row.number, name, reason, text))

    # --- Who is named --------------------------------------------------------------------------------

    def _heading(self, row: Row) -> str:
        """Return the group that a row of its own names (一、县（区）8个); empty for a row of data."""
        filled = {text for value in row.own.values() if (text := squeeze(value))}
        text = plain(_COUNT.sub("", _NUMBERING.sub("", row.lead)))
        is_one = filled <= {row.lead} and text not in self.stored.names and self.stored.is_group(text)
        return text if is_one else ""

    def _unit(self, row: Row) -> Department | None:
        name, section = _text(row, "name"), _text(row, "section")
        if "section" in self.table.columns:
            self.body = name or self.body
        if section and self.body:
            name = section if section.startswith(self.body) else f"{self.body}{section}"
        if not name:
            self._fault(row, "name", "no name", "单位名称空白，请补填。")
        elif len(name) > LONGEST:
            self._fault(row, "name", "too long", f"单位名称超过{LONGEST}个字，请改短。")
        elif kind := self._kind(row, name):
            return self._known(name, kind) or self._new(row, name, kind)
        return None

    def _kind(self, row: Row, name: str) -> UnitKind | None:
        """Return what a unit is: as stored, as told, as its group says, or as its name says."""
        told = _text(row, "kind")
        kind = kind_spelled(told)
        if told and kind is None:
            words = "、".join(UnitKind.labels)
            self._fault(row, "kind", "unknown kind", f"没有“{told[:20]}”这一单位类别，请填写：{words}。")
            return None
        if kind is None and (known := self.stored.names.get(name)):
            return UnitKind(known.kind)
        if _text(row, "section"):
            return UnitKind.SECTION
        by_group = kind_spelled(_text(row, "group") or self.heading)
        if kind is None and by_group != UnitKind.DEPARTMENT:  # a company among 市级部门 is still a company
            kind = by_group
        is_town = self.stored.towns.find(name) is not None
        return kind or kind_by_name(name) or (UnitKind.TOWN if is_town else UnitKind.DEPARTMENT)

    def _known(self, name: str, kind: UnitKind) -> Department | None:
        """Return the stored unit that is meant, also by a short form, which becomes another name."""
        if (unit := self.stored.names.get(name)) is not None:
            return unit
        same = [key for key, unit in self.stored.names.items() if unit.pk and unit.kind == kind]
        if kind in WITHIN_A_UNIT or not (full := short_form_of(name, same)):
            return None
        unit = self.stored.names[full]
        self.plan.notes.append(f"“{name}”按简称认作“{unit}”，导入后登记为单位别名。")
        self._add_name(unit, name)
        return unit

    def _new(self, row: Row, name: str, kind: UnitKind) -> Department | None:
        if kind == UnitKind.WINDOW:
            text = "服务窗口请用“导入服务窗口”办理，系统同时把窗口列为评价对象。"
            self._fault(row, "name", "a window", text)
            return None
        self.stored.last += 1
        unit = Department(name=name, kind=kind, order=self.stored.last, peer_group=USUAL_GROUP[kind])
        if kind == UnitKind.TOWN:
            unit.town = self.stored.free_town(name)
        self.stored.names[name] = unit
        return unit

    # --- What is said of a unit ----------------------------------------------------------------------

    def _place(self, line: _Line) -> None:
        """Set to which unit it belongs; one further down in the workbook will do."""
        unit, row = line.unit, line.row
        column = "section" if line.text("section") else "parent"
        written = line.body if column == "section" else line.text("parent")
        if written and written not in NOTHING:
            found = self.stored.names.get(written)
            if found is None:
                self._fault(row, column, "unknown unit", f"单位名单中没有“{written[:40]}”，请核对名称。")
                return
            if found is unit or found.kind in WITHIN_A_UNIT:
                self._fault(row, column, "wrong parent", "所属单位不能是本单位、科室或服务窗口，请核对。")
                return
            unit.parent = found
        if unit.kind in WITHIN_A_UNIT and unit.parent is None:
            text = f"{unit.get_kind_display()}须填写所属单位，请补填。"
            self._fault(row, column, "no parent", text)

    def _group(self, line: _Line) -> None:
        """Set the plain group, or the group under one scheme."""
        unit, written, told = line.unit, line.group, line.text("scheme")
        if not written:
            return
        if told:
            self._under(line, told, written, "scheme")
            return
        fitting = [one for one in self.stored.schemes.values() if one.takes(unit.kind) and one.group(written)]
        if not fitting and written not in self.stored.plain_groups:
            if kind_spelled(written) != unit.kind:
                self._fault(line.row, "group", "unknown group", self._no_group(unit, written))
            return
        keys = {one.group(written) or written for one in fitting} or {written}
        if unit.pk is None or unit.peer_group in keys or not self.stored.places(unit):
            unit.peer_group = unit.peer_group if unit.peer_group in keys else min(keys)
        elif len(fitting) == 1:
            self._join(line, fitting[0], min(keys))
        else:
            titles = "、".join(one.title for one in fitting)
            text = f"“{written}”是{titles}的分组，请加一列“评价方案”，写明是哪一个。" if fitting else ""
            text = text or f"“{written}”不是任何在用方案的分组，请核对。"
            self._fault(line.row, "group", "several schemes", text)

    def _no_group(self, unit: Department, written: str) -> str:
        known = dict.fromkeys(
            words
            for one in self.stored.schemes.values()
            if one.takes(unit.kind)
            for words in one.groups.values()
        )
        return f"没有“{written[:20]}”这一分组，在用方案的分组有：{'、'.join(known)}。请核对。"

    def _groups_by_scheme(self, line: _Line) -> None:
        """Read 方案：分组；方案：分组, as the export writes it."""
        for part in re.split(r"[；;\n]+", line.text("groups")):
            told, _, written = part.replace(":", "：").rpartition("：")
            kept = self.stored.groups.get((line.unit.pk, told))
            if part and part not in NOTHING and (kept is None or kept.group != written):
                self._under(line, told, written, "groups")

    def _under(self, line: _Line, told: str, written: str, column: str) -> None:
        scheme = self.stored.scheme(told)
        if scheme is None:
            known = "、".join(one.title for one in self.stored.schemes.values())
            text = f"没有“{told[:40]}”这一在用的评价方案，请填写：{known}。"
            self._fault(line.row, column, "unknown scheme", text)
        elif (key := scheme.group(written)) is None:
            known = "、".join(scheme.groups.values())
            text = f"{scheme.title}没有“{written[:20]}”这一分组，请填写：{known}。"
            self._fault(line.row, column, "unknown group", text)
        else:
            self._join(line, scheme, key)

    def _join(self, line: _Line, scheme: SchemeGroups, key: str) -> None:
        kept = self.stored.groups.get((line.unit.pk, scheme.scheme_id))
        if (kept.group if kept else None) == key:
            return
        joined = kept or UnitGroup(department=line.unit, scheme_id=scheme.scheme_id)
        joined.group = key
        self.plan.groups.append(joined)
        line.said.append(f"在“{scheme.title}”中列入“{scheme.groups[key]}”")

    def _other_names(self, line: _Line) -> None:
        for name in listed(line.text("aliases")):
            known = self.stored.names.get(name)
            if name in NOTHING or known is line.unit:
                continue
            if known is not None:
                text = f"“{name[:40]}”已是{known}的名称或别名，请核对。"
                self._fault(line.row, "aliases", "taken", text)
            else:
                self._add_name(line.unit, name)
        said = [one.name for one in self.plan.aliases if one.department is line.unit]
        line.said += [f"别名“{name}”" for name in said]

    def _add_name(self, unit: Department, name: str) -> None:
        self.plan.aliases.append(DepartmentAlias(department=unit, name=name))
        self.stored.names[name] = unit

    def _plain_fields(self, line: _Line) -> None:
        unit = line.unit
        if superior := line.text("superior"):
            unit.superior = "" if superior in NOTHING else superior
        self._kind_again(line)
        if (told := line.text("is_active")) in YES_NO:
            unit.is_active = YES_NO[told]
        elif told:
            self._fault(line.row, "is_active", "yes or no", "请填写“是”或“否”。")
        place = line.text("order")
        if place.isascii() and place.isdigit() and len(place) <= LONGEST_NUMBER:
            unit.order = int(place)
        elif place:
            self._fault(line.row, "order", "no number", "机构序列请填写整数。")
        if len(unit.superior) > LONGEST:
            self._fault(line.row, "superior", "too long", f"上级主管部门超过{LONGEST}个字，请改短。")

    def _kind_again(self, line: _Line) -> None:
        """A stored unit may become another kind; windows are kept with their halls."""
        kind = kind_spelled(line.text("kind")) or line.unit.kind
        if kind == line.unit.kind:
            return
        if UnitKind.WINDOW in (kind, line.unit.kind):
            self._fault(line.row, "kind", "a window", "服务窗口请在“维护服务窗口”中修改。")
            return
        line.unit.kind = kind


def _text(row: Row, name: str) -> str:
    return plain(row.shown.get(name))


UNITS = ListKind(
    what="单位名单",
    action="department.edit",
    headings=HEADINGS,
    needed=("name",),
    limit=MOST_ROWS,
    compared=(Department, DepartmentAlias, UnitGroup, Town, TownAlias),
    compare=_compare,
    write=write,
    subject=lambda _, file_name: Department(name=file_name),
)
preview_units = partial(short_lists.preview_list, UNITS)
import_units = partial(short_lists.import_list, UNITS)
