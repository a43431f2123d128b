"""Preview and import the sample library of market entities (YC-R5).

Reading, checking and comparing happen before the transaction, a few thousand rows at a time and put
aside on the disk, so that 200,000 need little more memory than 2,000; inside it they are only written.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from departments.models import Town
from departments.names.wording import plain
from departments.towns import TownNames, full_names
from office import audit, roles
from office.imports.plan import ImportPlan
from office.models import User
from office.workbooks.sheets import Fault, ReportProgress, digest, silently
from surveys.models import EntityKind, MarketEntity
from surveys.respondents.entity_rows import HEADINGS, Library, read_library
from surveys.respondents.entity_writing import AT_ONCE, FIELDS, Settled, write

MOST_NAMED = 200


@dataclass
class EntityPlan(ImportPlan):
    """What importing a sample library would do, and what is wrong with which row."""

    rows: int = 0
    new: int = 0
    altered: int = 0
    unchanged: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    new_towns: list[Town] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    altered_named: list[str] = field(default_factory=list)  # the first ones, in words
    new_named: list[str] = field(default_factory=list)
    characters: set[str] = field(default_factory=set)  # of all rows that would be written
    _hash: Any = field(default_factory=hashlib.sha256)  # of every row that would be written

    @property
    def writes(self) -> bool:
        return bool(self.new or self.altered)

    def counts(self) -> dict[str, int]:
        return {
            "行数": self.rows,
            "新增": self.new,
            "变更": self.altered,
            "未变": self.unchanged,
            "有误": len({fault.row for fault in self.faults}),
        }

    def by_kind(self) -> dict[str, int]:
        """Count the entities that would be written by kind (50/40/10 steers who is asked)."""
        return {str(kind.label): self.kinds[kind] for kind in EntityKind}

    def lines(self) -> Iterable[str]:
        towns = (town.name for town in self.new_towns)
        return [self._hash.hexdigest(), *self.notes, *map(str, self.faults), *towns, str(self.unchanged)]

    def take(self, entity: MarketEntity, changes: list[str]) -> None:
        """Note an entity that would be written: a new one, or the changes of a known one."""
        self.kinds[entity.kind] += 1
        if changes:
            self.altered += 1
            named = f"变更 {entity}（{entity.code}）：{'；'.join(changes)}"
            self.altered_named += [named] if len(self.altered_named) < MOST_NAMED else []
        else:
            self.new += 1
            if len(self.new_named) < MOST_NAMED:
                told = "，".join(
                    f"{HEADINGS[name][0]} {value}"
                    for name in FIELDS[1:]
                    if (value := _shown(entity, name, ""))
                )
                self.new_named.append(f"新增 {entity}（{entity.code}）：{told}")
        line = "|".join([entity.code, *(str(getattr(entity, name)) for name in FIELDS)])
        self.characters.update(line)
        self._hash.update(line.encode())


def preview_entities(
    *, content: bytes, acting_user: User | None, progress: ReportProgress = silently
) -> EntityPlan:
    _require_import(acting_user)
    return _compare(read_library(content, progress))[0]


def import_entities(
    *,
    content: bytes,
    file_name: str,
    acting_user: User | None,
    skip_faulty: bool = False,
    expected_digest: str | None = None,
    progress: ReportProgress = silently,
) -> EntityPlan:
    _require_import(acting_user)
    library = read_library(content, progress)
    progress(len(library.rows), len(library.rows), "正在比对")
    plan, settled = _compare(library)
    if not skip_faulty:
        found = f"样本库中有 {plan.counts()['有误']} 行"
        plan.require_faultless(found, "请更正后重新上传，或选择略过有误的行。")
    if not plan.writes:  # a job that was interrupted after writing finds nothing left to do
        return plan
    plan.require_previewed(expected_digest)
    progress(len(library.rows), len(library.rows), "正在写入")
    with transaction.atomic():
        write(settled)
        audit.record(
            "导入市场主体",
            MarketEntity(name=file_name),
            acting_user=acting_user,
            after={**plan.counts(), "文件校验值": digest(content)},
        )
    return plan


def _require_import(acting_user: User | None) -> None:
    if acting_user is not None:
        roles.require(acting_user, "entity.import")


def _compare(library: Library) -> tuple[EntityPlan, Settled]:
    plan, settled = EntityPlan(), Settled(TownNames.stored())
    plan.rows = len(library.rows) + len({fault.row for fault in library.faults})
    plan.faults += library.faults
    towns = TownNames.stored()
    # The first import brings the towns along; later an unknown town mostly is a misspelling.
    meant = {} if towns else _add_towns(library, towns, plan, settled)
    for rows in library.rows.chunks(AT_ONCE):
        codes = [code for _, code, *_ in rows]
        stored = MarketEntity.objects.select_related("town").in_bulk(codes, field_name="code")
        for number, code, kind, written, texts in rows:
            fitting = towns.fitting(meant.get(written, written))
            if len(fitting) == 1:
                _settle(plan, settled, {"kind": kind, "town": fitting[0], **texts}, code, stored.get(code))
            else:
                plan.faults.append(_town_fault(library, number, written, fitting))
    plan.notes += library.table.notes()
    plan.new_towns = settled.new_towns
    plan.faults.sort(key=lambda fault: (fault.row, fault.column))
    return plan, settled


def _add_towns(library: Library, towns: TownNames, plan: EntityPlan, settled: Settled) -> dict[str, str]:
    """Add the towns that a first list names, each once; return which of them each spelling means."""
    meant = full_names(name for name in library.towns if name)
    for name in dict.fromkeys(filter(None, meant.values())):
        town = Town(name=name, order=len(settled.new_towns) + 1)
        settled.new_towns.append(town)
        towns.add(town)
        if others := [f"“{other}”" for other, full in meant.items() if full == name != other]:
            plan.notes.append(f"{'、'.join(others)}与“{name}”按同一个镇（街）计，请核对。")
    return {written: full or written for written, full in meant.items()}


def _town_fault(library: Library, number: int, written: str, fitting: list[Town]) -> Fault:
    if fitting:
        names = "、".join(f"“{town}”" for town in fitting)
        text = f"“{written}”可能是{names}，请写全称。"
    elif written:
        text = f"没有“{written}”这个镇（街），请核对名称，或先在“镇（街）”中新增。"
    else:
        text = "所属镇（街）空白，请补填。"
    return library.table.fault(number, "town", "unknown town", text)


def _settle(
    plan: EntityPlan, settled: Settled, wanted: dict[str, Any], code: str, entity: MarketEntity | None
) -> None:
    if entity is None:
        entity = MarketEntity(code=code, **wanted)
        settled.new.add([_values(settled, entity), code])
        plan.take(entity, [])
        return
    changes, before = [], _values(settled, entity)
    for name, value in wanted.items():
        old = _shown(entity, name)
        if _differs(getattr(entity, name), value):
            setattr(entity, name, value)
            changes.append(f"{HEADINGS[name][0]}：{old} → {_shown(entity, name)}")
    if changes:
        settled.altered.add([_values(settled, entity), entity.pk, before])
        plan.take(entity, changes)
    else:
        plan.unchanged += 1


def _values(settled: Settled, entity: MarketEntity) -> list[Any]:
    return [settled.town(entity.town) if name == "town" else str(getattr(entity, name)) for name in FIELDS]


def _shown(entity: MarketEntity, name: str, blank: str = "（空）") -> str:
    value = entity.get_kind_display() if name == "kind" else getattr(entity, name)
    return str(value) or blank


def _differs(stored: object, wanted: object) -> bool:
    """Compare without the blanks that people type into forms."""
    if isinstance(stored, str) and isinstance(wanted, str):
        return plain(stored) != plain(wanted)
    return stored != wanted
