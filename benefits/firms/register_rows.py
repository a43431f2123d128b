"""Read a register of firms row by row, without a look at what is stored: names, codes, labels (GY-R16)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from benefits.firms.labels import read_value
from benefits.rules import rules
from office.errors import Refused
from office.imports.short_lists import table_of
from office.imports.spool import Spool
from office.workbooks.credit_codes import LENGTH, fault_of, read_code
from office.workbooks.sheets import Fault, ReportProgress, silently, squeeze, tidy
from office.workbooks.tables import Headings, Row, Table

OWN: Headings = {
    "name": ("企业名称", "名称", "单位名称", "市场主体名称", "主体名称"),
    "code": ("统一社会信用代码", "社会信用代码", "信用代码"),
    "state": ("状态", "登记状态", "经营状态", "企业状态", "存续状态", "是否注销", "已注销"),
}
UNREAD = {
    *("序号", "备注", "主体类型", "类型", "市场主体类型", "企业类型", "法定代表人", "经营者", "负责人"),
    *("联系人", "联系电话", "电话", "手机", "手机号码", "联系方式", "地址", "注册地址", "住所"),
    *("所属镇（街）", "所属镇街", "镇（街）", "镇街", "所属乡镇", "乡镇"),
}
"""Columns that registers have and nobody needs here; who may be called is not read at all."""
NEEDED = ("name", "code")
CANCELLED = ("注销", "已注销", "吊销已注销", "是")
GOES_ON = ("存续", "在业", "开业", "在营", "正常", "存续（在营、开业、在册）", "未注销", "否")
MAX_FIRMS = 100_000
MOST_FAULTS = 20_000
LONGEST_NAME = 120


@dataclass
class Register:
    table: Table
    rows: Spool = field(default_factory=Spool)  # of (code, name, cancelled or None, {label: value})
    faults: list[Fault] = field(default_factory=list)


def headings() -> Headings:
    """Each label is headed by its own name."""
    return {**OWN, **{one.id: (squeeze(one.label),) for one in rules()[1].labels.items}}


def read_register(content: bytes, progress: ReportProgress = silently) -> Register:
    known = rules()[1].labels.items
    days = [one.id for one in known if one.type == "date"]
    table = table_of(content, headings(), needed=NEEDED, what="企业名册", limit=MAX_FIRMS, days=days)
    register = Register(table)
    register.faults += _unknown_labels(table)
    first_rows: dict[str, int] = {}
    for row in table.rows(progress):
        if row.is_blank() or (len(read_code(row.own["code"])) != LENGTH and table.leaves_out(row)):
            continue
        _add(register, row, first_rows)
        if len(register.faults) > MOST_FAULTS:
            raise Refused(
                f"有误之处超过 {MOST_FAULTS} 处", "请先核对各列是否填写在相应的表头之下，再重新上传。"
            )
    if not register.rows and not register.faults:
        raise Refused("工作簿中只有表头，没有企业", "请填写后重新上传。")
    return register


def _unknown_labels(table: Table) -> Iterator[Fault]:
    """Name each heading that is no label of the rules: what nobody knows is not read over."""
    names = "、".join(one.label for one in rules()[1].labels.items)
    place = table.columns["code"]
    for number, cells in enumerate(islice(table.sheet.rows(MAX_FIRMS), table.first_row - 1), start=1):
        if len(cells) < place or squeeze(cells[place - 1]) not in OWN["code"]:
            continue
        for column, cell in enumerate(cells, start=1):
            text = squeeze(cell).translate({40: "（", 41: "）"})
            if text and column not in table.columns.values() and text not in UNREAD:
                said = f"没有“{text[:30]}”这个标签，请改为已有的标签或者删去这一列。已有的标签：{names}。"
                yield Fault(table.sheet.name, number, column, text[:30], "unknown label", said)


def _add(register: Register, row: Row, first_rows: dict[str, int]) -> None:
    table = register.table
    if row.faults:
        register.faults += row.faults
        return
    code, name = read_code(row.own["code"]), tidy(row.own["name"])
    found = [*_code_faults(table, row.number, code, first_rows)]
    if not name or len(name) > LONGEST_NAME:
        said = f"企业名称超过 {LONGEST_NAME} 字，请缩短。" if name else "企业名称空白，请补填。"
        found.append(table.fault(row.number, "name", "name", said))
    is_cancelled: bool | None = None
    if state := squeeze(row.shown.get("state")):
        is_cancelled = state in CANCELLED
        if state not in (*CANCELLED, *GOES_ON):
            said = f"“{state[:20]}”不是规定的状态，请填写存续或者注销。"
            found.append(table.fault(row.number, "state", "unknown state", said))
    labels: dict[str, str] = {}
    for one in rules()[1].labels.items:
        raw = row.shown.get(one.id)
        if squeeze(raw):
            labels[one.id], wrong = read_value(one, raw)
            found += [table.fault(row.number, one.id, "value", wrong)] if wrong else []
    register.faults += found
    if not found:
        register.rows.add([code, name, is_cancelled, labels])


def _code_faults(table: Table, number: int, code: str, first_rows: dict[str, int]) -> Iterator[Fault]:
    if not code:
        yield table.fault(number, "code", "no code", "统一社会信用代码空白，请补填。")
    elif wrong := fault_of(code):
        yield table.fault(number, "code", *wrong)
    elif (first := first_rows.setdefault(code, number)) != number:
        yield table.fault(number, "code", "duplicate code", f"“{code}”在第{first}行已经出现，请核对。")
