"""The strata and sub-cells of a pool as a workbook: their sizes are data of the policy (GY-R1)."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db.models import Sum

from departments.models import Town
from departments.names.wording import plain
from departments.towns import TownNames
from office.imports import short_lists
from office.imports.short_lists import ListKind, Plan
from office.workbooks.sheets import Fault, ReportProgress, squeeze
from office.workbooks.tables import Row, Table
from office.workbooks.totals import is_total
from surveys.models import Pool, PoolCell, PoolStratum
from surveys.respondents.entity_rows import KINDS

HEADINGS = {
    "pool": ("样本库", "样本库名称"),
    "stratum": ("类别", "样本类别", "评价主体"),
    "cell": ("细分", "子类", "地区", "县区"),
    "size": ("应有人数", "样本数", "人数", "数量", "名额"),
    "source": ("来源", "样本来源"),
    "months": ("更新周期（月）", "更新周期", "周期（月）"),
    "kind": ("主体类型", "市场主体类型"),
    "town": ("所属镇（街）", "所属镇街", "镇（街）", "镇街"),
}
NEEDED = ("stratum", "size")
MOST_ROWS = 1000
MOST_MEMBERS = 100_000
LONGEST = 40
SOURCES = {plain(one.label): one for one in PoolStratum.Source}
DEFAULT_NAME = "评价样本库"

StructurePlan = Plan[PoolCell]


class _Known:
    """Pools, strata, cells and towns as they are stored, and the new ones of this workbook."""

    def __init__(self) -> None:
        self.pools = {one.name: one for one in Pool.objects.all()}
        strata = PoolStratum.objects.select_related("pool")
        self.strata = {(one.pool.name, one.name): one for one in strata}
        cells = PoolCell.objects.select_related("stratum__pool", "town")
        self.cells = {(one.stratum.pool.name, one.stratum.name, one.name): one for one in cells}
        self.towns = TownNames.stored()
        self.only = next(iter(self.pools)) if len(self.pools) == 1 else ""
        self.first_rows: dict[tuple[str, str, str], int] = {}
        self.said: dict[tuple[str, str], dict[str, Any]] = {}


def _compare(table: Table, progress: ReportProgress) -> StructurePlan:
    plan: StructurePlan = Plan()
    known = _Known()
    for row in table.rows(progress):
        if row.is_blank() or is_total(row.lead) or plain(row.own["stratum"]) in HEADINGS["stratum"]:
            continue
        if row.faults:
            plan.faults += row.faults
            continue
        read = _Reading(table, row, known)
        read.settle(plan)
    return plan


class _Reading:
    """One row: what it wants, and what is wrong with it."""

    def __init__(self, table: Table, row: Row, known: _Known) -> None:
        self.table, self.row, self.known = table, row, known
        self.faults: list[Fault] = []
        shown = {name: plain(row.shown[name]) if name in row.shown else "" for name in HEADINGS}
        self.pool = shown["pool"] or known.only or DEFAULT_NAME
        self.stratum, self.cell = shown["stratum"], shown["cell"]
        self.size = self._number("size", row.own["size"], 0, MOST_MEMBERS)
        self.of_stratum: dict[str, Any] = {}
        if shown["source"]:
            self.of_stratum["source"] = SOURCES.get(shown["source"])
            if self.of_stratum["source"] is None:
                words = "、".join(SOURCES)
                self._fault("source", "unknown", f"“{shown['source'][:40]}”无法识别，请填写{words}。")
        if squeeze(row.shown.get("months")):
            self.of_stratum["renewal_months"] = self._number("months", row.shown["months"], 1, 60)
        self.of_cell: dict[str, Any] = {"size": self.size}
        if "kind" in row.own:
            self.of_cell["entity_kind"] = KINDS.get(shown["kind"], "")
            if shown["kind"] and not self.of_cell["entity_kind"]:
                self._fault("kind", "unknown", f"“{shown['kind'][:40]}”不是主体类型，请核对。")
        if "town" in row.own:
            self.of_cell["town"] = self._town(shown["town"])
        for name, text in (("pool", self.pool), ("stratum", self.stratum), ("cell", self.cell)):
            if len(text) > LONGEST:
                self._fault(name, "too long", f"文字超过 {LONGEST} 字，请缩短。")
        if not self.stratum:
            self._fault("stratum", "blank", "类别空白，请补填。")
        self._twice()

    def _fault(self, name: str, reason: str, text: str) -> None:
        self.faults.append(self.table.fault(self.row.number, name, reason, text))

    def _number(self, name: str, value: object, least: int, most: int) -> int:
        text = squeeze(value).removesuffix(".0")
        if text.isdecimal() and len(text) < 10 and least <= int(text) <= most:
            return int(text)
        self._fault(name, "not a number", f"“{text[:40]}”应为 {least} 到 {most} 的整数。")
        return 0

    def _town(self, written: str) -> Town | None:
        fitting = self.known.towns.fitting(written) if written else []
        if written and len(fitting) != 1:
            self._fault("town", "unknown town", f"没有“{written[:40]}”这个镇（街），请核对名称。")
        return fitting[0] if len(fitting) == 1 else None

    def _twice(self) -> None:
        key = (self.pool, self.stratum, self.cell)
        if (first := self.known.first_rows.setdefault(key, self.row.number)) != self.row.number:
            self._fault("cell", "twice", f"同一类别、细分在第{first}行已经出现，请删去一行。")
        said = self.known.said.setdefault(key[:2], {})
        for name, value in self.of_stratum.items():
            if said.setdefault(name, value) != value:
                heading = "source" if name == "source" else "months"
                self._fault(heading, "contradiction", "与同一类别上面一行不同，请核对。")

    def settle(self, plan: StructurePlan) -> None:
        if self.faults:
            plan.faults += self.faults
            return
        known, changes = self.known, []
        pool = known.pools.setdefault(self.pool, Pool(name=self.pool))
        of_pool = len([one for one in known.strata if one[0] == self.pool])
        key = (self.pool, self.stratum)
        stratum = known.strata.setdefault(key, PoolStratum(pool=pool, name=self.stratum, order=of_pool + 1))
        changes += _set(stratum, self.of_stratum)
        cell = known.cells.get((*key, self.cell))
        if cell is None:
            order = sum(one[:2] == key for one in known.cells) + 1
            cell = PoolCell(stratum=stratum, name=self.cell, order=order)
            known.cells[*key, self.cell] = cell
            _set(cell, self.of_cell)
            plan.new.append(cell)
            plan.changes.append(f"新增 {self.pool} {cell}：应有 {self.size} 人{_more(stratum, cell)}")
            return
        cell.stratum = stratum
        changes += _set(cell, self.of_cell)
        if changes:
            plan.altered.append(cell)
            plan.changes.append(f"变更 {self.pool} {cell}：{'；'.join(changes)}")
        else:
            plan.unchanged += 1


WORDS = {
    "size": "应有人数",
    "source": "来源",
    "renewal_months": "更新周期（月）",
    "entity_kind": "主体类型",
    "town": "所属镇（街）",
}


def _set(kept: PoolStratum | PoolCell, wanted: dict[str, Any]) -> list[str]:
    changes = []
    for name, value in wanted.items():
        if getattr(kept, name) != value:
            before = _word(kept, name)
            setattr(kept, name, value)
            changes.append(f"{WORDS[name]}：{before} → {_word(kept, name)}")
    return changes


def _word(kept: PoolStratum | PoolCell, name: str) -> str:
    shown = getattr(kept, f"get_{name}_display", None)
    value = shown() if shown else getattr(kept, name)
    return "（空）" if value in (None, "") else str(value)


def _more(stratum: PoolStratum, cell: PoolCell) -> str:
    said = [stratum.get_source_display(), f"每 {stratum.renewal_months} 个月更新"]
    said += [_word(cell, name) for name in ("entity_kind", "town") if getattr(cell, name)]
    return f"，{'，'.join(said)}"


def _write(plan: StructurePlan) -> None:
    """Pools and strata come with their first cell; what changed in a stratum is saved once."""
    for cell in [*plan.new, *plan.altered]:
        stratum = cell.stratum
        if stratum.pool.pk is None:
            stratum.pool.save()
        stratum.pool = stratum.pool
        stratum.save()
        cell.stratum = stratum
        cell.save()


def size_of(pool: Pool) -> int:
    return PoolCell.objects.filter(stratum__pool=pool).aggregate(whole=Sum("size"))["whole"] or 0


STRUCTURE = ListKind(
    what="样本库结构",
    action="pool.import",
    headings=HEADINGS,
    needed=NEEDED,
    limit=MOST_ROWS,
    compared=(PoolCell, PoolStratum, Pool, Town),
    compare=_compare,
    write=_write,
    subject=lambda _, file_name: Pool(name=file_name),
)
preview_structure = partial(short_lists.preview_list, STRUCTURE)
import_structure = partial(short_lists.import_list, STRUCTURE)
