"""The sample library of market entities: reading it, checking it, importing it (YC-R5)."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field

from django.db import transaction
from stdnum.cn import uscc
from stdnum.exceptions import InvalidChecksum, ValidationError

from departments.models import Town
from departments.towns import TownNames
from departments.wording import is_total, plain
from office import audit, roles
from office.errors import Refused
from office.models import User
from office.tables import Row, Table, best_guess, find_table
from office.workbooks import UNCHANGED, Fault, digest, open_workbook, squeeze, tidy
from surveys.models import EntityKind, MarketEntity

HEADINGS = {
    "name": ("市场主体名称", "名称", "企业名称", "单位名称", "主体名称", "字号名称"),
    "code": ("统一社会信用代码", "社会信用代码", "信用代码"),
    "kind": ("主体类型", "类型", "市场主体类型", "企业类型"),
    "town": ("所属镇（街）", "所属镇街", "镇（街）", "镇街", "所属乡镇", "乡镇"),
    "contact": ("联系人", "法定代表人", "经营者", "负责人"),
    "phone": ("联系电话", "电话", "手机", "手机号码", "联系方式"),
    "industry": ("行业", "所属行业", "行业类别"),
}
NEEDED = ("name", "code", "kind", "town")
LIMITS = {"name": 120, "contact": 40, "phone": 40, "industry": 40}
MAX_ENTITIES = 200_000
FIELDS = ("name", "kind", "town", "contact", "phone", "industry")
KINDS = {
    "民营企业": EntityKind.PRIVATE,
    "私营企业": EntityKind.PRIVATE,
    "民企": EntityKind.PRIVATE,
    "个体工商户": EntityKind.SOLE_TRADER,
    "个体户": EntityKind.SOLE_TRADER,
    "个体": EntityKind.SOLE_TRADER,
    "非民营企业": EntityKind.NON_PRIVATE,
    "国有企业": EntityKind.NON_PRIVATE,
    "国企": EntityKind.NON_PRIVATE,
}


@dataclass
class EntityPlan:
    """What importing a sample library would do, and what is wrong with which row."""

    rows: int = 0
    new: list[MarketEntity] = field(default_factory=list)
    altered: list[MarketEntity] = field(default_factory=list)
    unchanged: int = 0
    new_towns: list[Town] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        """Count rows by what happens to them."""
        return {
            "行数": self.rows,
            "新增": len(self.new),
            "变更": len(self.altered),
            "未变": self.unchanged,
            "有误": len({fault.row for fault in self.faults}),
        }

    def by_kind(self) -> dict[str, int]:
        """Count the entities that would be written by kind (50/40/10 steers who is asked)."""
        tally = Counter(entity.kind for entity in (*self.new, *self.altered))
        return {str(kind.label): tally[kind] for kind in EntityKind}

    def digest(self) -> str:
        """Return a hash over everything the import would write."""
        lines = [
            "|".join((entity.code, entity.name, entity.kind, str(entity.town), entity.phone, entity.contact))
            for entity in (*self.new, *self.altered)
        ]
        lines += [*map(str, self.faults), *(town.name for town in self.new_towns), str(self.unchanged)]
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()


@dataclass(frozen=True)
class EntityRow:
    """One row without a fault that shows from the row alone."""

    row: int
    code: str
    kind: EntityKind
    town: str
    texts: dict[str, str]


def preview_entities(*, content: bytes, acting_user: User | None) -> EntityPlan:
    """Say what importing this sample library would do; write nothing."""
    _require_import(acting_user)
    return _plan(*_read(content))


def import_entities(
    *,
    content: bytes,
    file_name: str,
    acting_user: User | None,
    skip_faulty: bool = False,
    expected_digest: str | None = None,
) -> EntityPlan:
    """Import a sample library; faulty rows stop it, or are left out with `skip_faulty`."""
    _require_import(acting_user)
    table, rows, faults = _read(content)
    with transaction.atomic():
        list(Town.objects.select_for_update().values_list("pk"))
        plan = _plan(table, rows, faults)
        _refuse(plan, skip_faulty=skip_faulty, expected_digest=expected_digest)
        if plan.new or plan.altered:
            Town.objects.bulk_create(plan.new_towns)
            MarketEntity.objects.bulk_create(plan.new, batch_size=500)
            MarketEntity.objects.bulk_update(plan.altered, FIELDS, batch_size=200)
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


def _refuse(plan: EntityPlan, *, skip_faulty: bool, expected_digest: str | None) -> None:
    if plan.faults and not skip_faulty:
        rows = plan.counts()["有误"]
        message = f"样本库中有 {rows} 行需要更正，{UNCHANGED}请更正后重新上传，或选择略过有误的行。"
        raise Refused(message, [str(fault) for fault in plan.faults])
    if expected_digest is not None and plan.digest() != expected_digest:
        raise Refused(f"预览之后系统中的数据有了变化，{UNCHANGED}请重新预览后再导入。")


def _read(content: bytes) -> tuple[Table, list[EntityRow], list[Fault]]:
    sheets = open_workbook(content)
    found = (
        find_table(sheet, HEADINGS, required=NEEDED, with_merges=False, limit=MAX_ENTITIES)
        for sheet in sheets
    )
    table = next((table for table in found if table), None)
    if table is None:
        missing = "、".join(best_guess(sheets, HEADINGS, NEEDED))
        raise Refused(f"没有找到样本库的表头，缺少：{missing}，{UNCHANGED}请使用样本库原表填写后重新上传。")
    rows: list[EntityRow] = []
    faults: list[Fault] = []
    first_rows: dict[str, int] = {}
    for row in table.rows():
        if row.is_blank() or is_total(row.lead):
            continue
        entity = _entity(table, row, first_rows, faults)
        if entity:
            rows.append(entity)
    if not rows and not faults:
        raise Refused(f"工作簿中只有表头，没有市场主体，{UNCHANGED}请填写后重新上传。")
    return table, rows, faults


def _entity(table: Table, row: Row, first_rows: dict[str, int], faults: list[Fault]) -> EntityRow | None:
    code = uscc.compact(squeeze(row.own["code"])).upper()
    kind = KINDS.get(plain(row.own["kind"]))
    # A column the workbook does not have leaves what is stored as it is.
    texts = {name: tidy(row.own[name]) for name in LIMITS if name in row.own}
    texts["name"] = plain(row.own["name"])
    found = [
        *_code_faults(table, row.number, code, first_rows),
        *_text_faults(table, row.number, texts),
    ]
    if kind is None:
        text = f"“{tidy(row.own['kind'])}”不是规定的主体类型，请填写{'、'.join(EntityKind.labels)}之一。"
        found.append(table.fault(row.number, "kind", "unknown kind", text))
    faults += found
    if found or kind is None:
        return None
    return EntityRow(row.number, code, kind, plain(row.own["town"]), texts)


def _code_faults(table: Table, number: int, code: str, first_rows: dict[str, int]) -> list[Fault]:
    """Check a 统一社会信用代码: present, well formed, right check character, once in the file."""
    if not code:
        return [table.fault(number, "code", "no code", "统一社会信用代码空白，请补填。")]
    try:
        uscc.validate(code)
    except InvalidChecksum:
        text = f"“{code}”的校验位不符，请对照营业执照核对。"
        return [table.fault(number, "code", "check character", text)]
    except ValidationError:
        text = f"“{code}”不是 18 位统一社会信用代码，请对照营业执照核对。"
        return [table.fault(number, "code", "not a code", text)]
    first = first_rows.setdefault(code, number)
    if first != number:
        text = f"“{code}”在第{first}行已经出现，请核对。"
        return [table.fault(number, "code", "duplicate code", text)]
    return []


def _text_faults(table: Table, number: int, texts: dict[str, str]) -> list[Fault]:
    faults = [
        table.fault(number, name, "too long", f"文字超过 {limit} 字，请缩短。")
        for name, limit in LIMITS.items()
        if len(texts.get(name, "")) > limit
    ]
    if not texts["name"]:
        faults.append(table.fault(number, "name", "blank", "市场主体名称空白，请补填。"))
    return faults


def _plan(table: Table, rows: list[EntityRow], faults: list[Fault]) -> EntityPlan:
    plan = EntityPlan(rows=len(rows) + len({fault.row for fault in faults}), faults=list(faults))
    towns = TownNames.stored()
    # The first import brings the towns along; later an unknown town mostly is a misspelling.
    may_add = not towns
    stored = MarketEntity.objects.select_related("town").in_bulk(
        [row.code for row in rows], field_name="code"
    )
    for row in rows:
        town = towns.find(row.town)
        if town is None and may_add and row.town:
            town = Town(name=row.town, order=len(plan.new_towns) + 1)
            plan.new_towns.append(town)
            towns.add(town)
        if town is None:
            text = f"没有“{row.town}”这个镇（街），请核对名称，或先在“镇（街）”中新增。"
            plan.faults.append(table.fault(row.row, "town", "unknown town", text))
        else:
            _settle(plan, row, town, stored.get(row.code))
    plan.faults.sort(key=lambda fault: (fault.row, fault.column))
    return plan


def _settle(plan: EntityPlan, row: EntityRow, town: Town, entity: MarketEntity | None) -> None:
    wanted = {"kind": row.kind, "town": town, **row.texts}
    if entity is None:
        plan.new.append(MarketEntity(code=row.code, **wanted))
    elif any(_differs(getattr(entity, name), value) for name, value in wanted.items()):
        for name, value in wanted.items():
            setattr(entity, name, value)
        plan.altered.append(entity)
    else:
        plan.unchanged += 1


def _differs(stored: object, wanted: object) -> bool:
    """Whether a workbook says something else; blanks typed by hand in a form are nothing else."""
    if isinstance(stored, str) and isinstance(wanted, str):
        return plain(stored) != plain(wanted)
    return stored != wanted
