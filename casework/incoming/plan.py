"""What an export would do: matters that are new, those whose state above has changed, the rest."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from casework.incoming.rows import Export, Row
from casework.matters.state import State
from casework.models import HigherRecord, Matter, ProcedureVersion
from departments.models import Department, DepartmentAlias
from departments.names.wording import plain
from office import dates
from office.imports.plan import ImportPlan
from office.workbooks.sheets import Fault

MOST_NAMED = 200
AT_ONCE = 500


@dataclass
class Change:
    """A matter that is here already: what the platform above now says of it."""

    row: Row
    matter: Matter
    record: HigherRecord | None
    about: Department | None
    is_first: bool  # the number above comes to it only now

    @property
    def came_from_above(self) -> bool:
        return self.record is not None and self.record.brought_it

    @property
    def closes(self) -> bool:
        """Whether it ends here too: only what came from above and nobody here has taken up."""
        waiting = self.matter.state in (State.HELD, State.REGISTERED)
        return self.row.is_closed and waiting and self.came_from_above

    @property
    def takes_unit(self) -> bool:
        return self.came_from_above and self.about is not None and self.matter.about_id is None

    @property
    def is_one(self) -> bool:
        known = self.record
        if known is None or self.is_first:
            return True
        told = (known.state, known.closed_on) != (self.row.state, self.row.closed_on or known.closed_on)
        return told or self.takes_unit


@dataclass
class IncomingPlan(ImportPlan):
    """New rows, changes and faults; its lines say nothing of who reported."""

    version: ProcedureVersion
    channel: str
    faults: Sequence[Fault] = ()
    new: list[tuple[Row, Department | None]] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    unchanged: int = 0
    rows: int = 0
    notes: list[str] = field(default_factory=list)
    known: str = ""  # digest of the stored matters the rows were compared with

    @property
    def writes(self) -> bool:
        return bool(self.new or self.changes)

    def counts(self) -> dict[str, int]:
        return {
            "行数": self.rows,
            "新增": len(self.new),
            "更新": len(self.changes),
            "未变": self.unchanged,
            "有误": len({fault.row for fault in self.faults}),
        }

    def lines(self) -> Iterable[str]:
        yield self.version.sha256
        yield self.known
        yield from (f"+{_whole(row)}" for row, _ in self.new)
        yield from (f"~{one.matter.pk}{_whole(one.row)}" for one in self.changes)
        yield from self.notes
        yield from map(str, self.faults)

    def in_words(self) -> Iterator[str]:
        """Name the first changes: number, day, title; never who reported."""
        for row, unit in self.new[:MOST_NAMED]:
            day = dates.day(row.received_at)
            ended = "，上级平台已办结" if row.is_closed else ""
            yield f"新增 {row.number}　{day}　{row.title[:40]}　{unit or '单位待研判'}{ended}"
        for one in self.changes[:MOST_NAMED]:
            said = one.row.state or ("已办结" if one.row.is_closed else "—")
            ends = "，办结" if one.closes else ""
            number = "，补记上级平台编号" if one.is_first else ""
            yield f"更新 {one.row.number}（{one.matter.number}）：上级平台状态 {said}{ends}{number}"


def compared(export: Export, version: ProcedureVersion, channel: str) -> IncomingPlan:
    """Compare an export with what is stored, by the number above, whatever the procedure."""
    plan = IncomingPlan(version, channel, rows=len(export.rows) + len({one.row for one in export.faults}))
    faults, units = list(export.faults), _units()
    stored, own = known_matters(export.rows)
    plan.known = digest_of_known(stored, own)
    taken = set(version.procedure.intake.about)
    unknown: Counter[str] = Counter()
    for row in export.rows:
        unit = units.get(plain(row.unit)) if row.unit else None
        if row.unit and unit is None:
            unknown[row.unit] += 1
        matter = stored.get(row.number)
        if matter is None and (matter := own.get(row.own_number) if row.own_number else None):
            if matter.higher_number or matter.procedure_id != version.procedure_id:
                text = f"“{row.own_number}”已有另一个上级平台编号，或者属于另一规程，请核对。"
                faults.append(export.table.fault(row.line, "own_number", "another number", text))
                continue
            plan.changes.append(Change(row, matter, None, unit, is_first=True))
        elif matter is not None:
            change = Change(row, matter, getattr(matter, "higher", None), unit, is_first=False)
            if change.is_one:
                plan.changes.append(change)
            else:
                plan.unchanged += 1
        elif unit is not None and unit.kind not in taken:
            text = f"{unit}不属于“{version.procedure.desk}”受理的对象，请在其他规程中导入。"
            faults.append(export.table.fault(row.line, "unit", "not taken", text))
        else:
            plan.new.append((row, unit))
    plan.faults = sorted(faults, key=lambda fault: (fault.row, fault.column))
    plan.notes = [*export.notes(), *_unknown_units(unknown)]
    return plan


def known_matters(rows: Sequence[Row]) -> tuple[dict[str, Matter], dict[str, Matter]]:
    """Return the matters that carry these numbers above, and those named by their own."""
    matters = Matter.objects.select_related("higher")
    stored: dict[str, Matter] = {}
    for some in _some([row.number for row in rows]):
        stored |= {one.higher_number: one for one in matters.filter(higher_number__in=some)}
    own: dict[str, Matter] = {}
    for some in _some(sorted({row.own_number for row in rows if row.own_number})):
        own |= {one.number: one for one in matters.filter(number__in=some)}
    return stored, own


def _some(names: list[str]) -> Iterator[list[str]]:
    return (names[start : start + AT_ONCE] for start in range(0, len(names), AT_ONCE))


def digest_of_known(stored: dict[str, Matter], own: dict[str, Matter]) -> str:
    said = hashlib.sha256()
    for matter in (*stored.values(), *own.values()):
        record = getattr(matter, "higher", None)
        above = (record.state, record.closed_on) if record else ()
        told = (matter.pk, matter.state, matter.higher_number, matter.about_id, *above)
        said.update(repr(told).encode())
    return said.hexdigest()


def _whole(row: Row) -> str:
    """Everything of a row in one line; who reported only as part of the digest of the file's own text."""
    identity = hashlib.sha256(repr(sorted(row.identity.items())).encode()).hexdigest()
    told = (row.number, row.own_number, row.received_at, row.title, row.text, row.unit, row.state)
    return repr((*told, row.closed_on, identity))


def _units() -> dict[str, Department]:
    units = {unit.pk: unit for unit in Department.objects.all()}
    found = {plain(unit.name): unit for unit in units.values()}
    for alias in DepartmentAlias.objects.all():
        found.setdefault(plain(alias.name), units[alias.department_id])
    return found


def _unknown_units(unknown: Counter[str]) -> Iterator[str]:
    if unknown:
        named = "、".join(f"{name[:30]}（{count}）" for name, count in unknown.most_common(20))
        more = f"等 {len(unknown)} 个名称" if len(unknown) > 20 else ""
        yield (
            f"单位名单中没有：{named}{more}。这些事项照常导入，涉及单位由窗口研判；"
            "属于已有单位的，请在该单位的“别名”中登记后再次导入，单位自动补上。"
        )
