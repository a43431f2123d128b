"""Read the sample library row by row, without a look at what is stored (YC-R5)."""

from __future__ import annotations

from dataclasses import dataclass, field

from departments.names.wording import plain
from office.errors import Refused
from office.imports.short_lists import table_of
from office.imports.spool import Spool
from office.workbooks.credit_codes import LENGTH, fault_of, read_code
from office.workbooks.sheets import Fault, ReportProgress, silently, telephone, tidy
from office.workbooks.tables import Row, Table
from surveys.models import EntityKind

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
LONGEST_TOWN = 40
MAX_ENTITIES = 200_000
MOST_FAULTS = 20_000
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
class Library:
    table: Table
    rows: Spool = field(default_factory=Spool)  # of (row number, code, kind, town, texts)
    towns: dict[str, int] = field(default_factory=dict)  # as written, and where first
    faults: list[Fault] = field(default_factory=list)


def read_library(
    content: bytes, progress: ReportProgress = silently, *, most_faults: int = MOST_FAULTS
) -> Library:
    table = table_of(content, HEADINGS, needed=NEEDED, what="样本库", limit=MAX_ENTITIES)
    library = Library(table)
    first_rows: dict[str, int] = {}
    for row in table.rows(progress):
        if row.is_blank() or _is_total(table, row):
            continue
        _add(library, row, first_rows)
        if len(library.faults) > most_faults:
            why = f"有误之处超过 {most_faults} 处"
            raise Refused(why, "请先核对各列是否填写在相应的表头之下，再重新上传。")
    if not library.rows and not library.faults:
        raise Refused("工作簿中只有表头，没有市场主体", "请填写后重新上传。")
    return library


def _is_total(table: Table, row: Row) -> bool:
    """Whether a row is a total; a shop that is called 合计 has a code."""
    return len(read_code(row.own["code"])) != LENGTH and table.leaves_out(row)


def _add(library: Library, row: Row, first_rows: dict[str, int]) -> None:
    table = library.table
    if row.faults:
        library.faults += row.faults
        return
    code = read_code(row.own["code"])
    kind = KINDS.get(plain(row.shown["kind"]))
    # A column the workbook does not have leaves what is stored; a merged cell holds for all its rows.
    texts = {name: tidy(row.shown[name]) for name in LIMITS if name in row.own}
    texts["name"] = plain(row.own["name"])
    if "phone" in texts:
        texts["phone"] = telephone(row.shown["phone"])
    town = plain(row.shown["town"])
    found = [
        *_code_faults(table, row.number, code, first_rows),
        *_text_faults(table, row.number, texts, town),
    ]
    if kind is None:
        text = (
            f"“{tidy(row.shown['kind'])[:40]}”不是规定的主体类型，请填写{'、'.join(EntityKind.labels)}之一。"
        )
        found.append(table.fault(row.number, "kind", "unknown kind", text))
    library.faults += found
    if not found and kind is not None:
        library.towns.setdefault(town, row.number)
        library.rows.add([row.number, code, kind.value, town, texts])


def _code_faults(table: Table, number: int, code: str, first_rows: dict[str, int]) -> list[Fault]:
    if not code:
        return [table.fault(number, "code", "no code", "统一社会信用代码空白，请补填。")]
    if wrong := fault_of(code):
        return [table.fault(number, "code", *wrong)]
    first = first_rows.setdefault(code, number)
    if first != number:
        text = f"“{code}”在第{first}行已经出现，请核对。"
        return [table.fault(number, "code", "duplicate code", text)]
    return []


def _text_faults(table: Table, number: int, texts: dict[str, str], town: str) -> list[Fault]:
    faults = [
        table.fault(number, name, "too long", f"文字超过 {limit} 字，请缩短。")
        for name, limit in LIMITS.items()
        if len(texts.get(name, "")) > limit
    ]
    if len(town) > LONGEST_TOWN:
        faults.append(table.fault(number, "town", "too long", f"文字超过 {LONGEST_TOWN} 字，请缩短。"))
    if not texts["name"]:
        faults.append(table.fault(number, "name", "blank", "市场主体名称空白，请补填。"))
    return faults
