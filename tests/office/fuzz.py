"""Workbooks as nobody should send them, made from a good one by a numbered stroke of bad luck."""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from functools import cache
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

from tests.kit.files import saved

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ODD_VALUES: tuple[Any, ...] = (
    "=1+1",
    "=cmd|'/c calc'!A0",
    '=HYPERLINK("http://x","y")',
    "#N/A",
    "#REF!",
    True,
    False,
    0,
    -1,
    1e308,
    3.14,
    10**15,
    datetime(2026, 10, 1, 8, 30),  # noqa: DTZ001 - as workbooks have them
    date(1900, 1, 1),
    "2026.10.1",
    "２０２６年１０月１日",
    "46296",
    46296,
    "",
    " ",
    "　",
    "\n",
    "\t甲\t",
    "甲\r\n乙",
    "'=甲",
    "<b>甲</b>",
    '"><script>alert(1)</script>',
    "甲'; DROP TABLE x; --",
    "%s%s%n",
    "{{ 甲 }}",
    "👍",
    "𠮷野",
    "e\u0301\u200b\u202e甲",
    "①②③",
    "长" * 500,
    "长" * 32_000,
    "全Ｗｉｄｔｈ１２３",
    "合计",
    "注：以上",
    "姓名",
    "是",
    "否",
    "主要负责人",
    "民营企业",
    "91371725J91M38LJ36",
    "９１３７１７２５Ｊ９１Ｍ３８ＬＪ３６",
    "县甲局",
    "审批科",
)
Bad = Callable[[random.Random, Any], None]


def workbook(base: bytes, seed: int) -> bytes:
    """Return the good workbook `base` after what befell number `seed`."""
    luck = random.Random(seed)  # noqa: S311 - the same luck each time is what is wanted
    if seed % 10 == 9:
        return luck.choice(NO_WORKBOOKS)(luck, base)
    if seed % 10 in (6, 7, 8):
        return luck.choice(PARTS)(luck, base)
    bads = luck.sample(CELLS, luck.randint(1, 3))
    bads.sort(key=FAR.__contains__)  # last: others would walk through its million rows
    book = _filled(base)
    for bad in bads:
        bad(luck, luck.choice(book.worksheets))
    return saved(book)


@cache
def _rows(base: bytes) -> list[tuple[str, list[tuple[Any, ...]]]]:
    book = load_workbook(io.BytesIO(base))
    return [(sheet.title, list(sheet.iter_rows(values_only=True))) for sheet in book.worksheets]


def _filled(base: bytes) -> Workbook:
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, rows in _rows(base):
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    return book


# --- In the cells -----------------------------------------------------------------------------------------


def odd_values(luck: random.Random, sheet: Any) -> None:
    for _ in range(luck.randint(1, 6)):
        row, column = luck.randint(1, sheet.max_row + 1), luck.randint(1, sheet.max_column + 1)
        _put(sheet, row, column, luck.choice(ODD_VALUES))


def one_column_of_them(luck: random.Random, sheet: Any) -> None:
    column, value = luck.randint(1, sheet.max_column), luck.choice(ODD_VALUES)
    for row in range(2, sheet.max_row + 1):
        _put(sheet, row, column, value)


def shifted_down(luck: random.Random, sheet: Any) -> None:
    sheet.insert_rows(1, luck.choice((1, 3, 14, 40)))


def shifted_right(luck: random.Random, sheet: Any) -> None:
    sheet.insert_cols(1, luck.choice((1, 5, 58, 90)))


def a_heading_lost(luck: random.Random, sheet: Any) -> None:
    sheet.delete_cols(luck.randint(1, sheet.max_column))


def rows_lost(luck: random.Random, sheet: Any) -> None:
    sheet.delete_rows(luck.randint(1, sheet.max_row), luck.randint(1, 3))


def a_heading_twice(luck: random.Random, sheet: Any) -> None:
    first, second = (luck.randint(1, sheet.max_column) for _ in range(2))
    for row in range(1, sheet.max_row + 1):
        _put(sheet, row, second, sheet.cell(row, first).value)


def shuffled_rows(luck: random.Random, sheet: Any) -> None:
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    luck.shuffle(rows)
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row, start=1):
            _put(sheet, number, column, value)


def rows_doubled(luck: random.Random, sheet: Any) -> None:
    for row in list(sheet.iter_rows(min_row=luck.randint(1, sheet.max_row), values_only=True)):
        sheet.append(row)


def merged(luck: random.Random, sheet: Any) -> None:
    for _ in range(luck.randint(1, 4)):
        top, left = luck.randint(1, sheet.max_row), luck.randint(1, sheet.max_column)
        bottom, right = top + luck.randint(0, 4), left + luck.randint(0, 4)
        sheet.merge_cells(start_row=top, end_row=bottom, start_column=left, end_column=right)


def numbers_as_text(luck: random.Random, sheet: Any) -> None:
    for row in sheet.iter_rows():
        for cell in row:
            if isinstance(cell.value, int | float | datetime):
                cell.value = str(cell.value)


def wide_letters(luck: random.Random, sheet: Any) -> None:
    for row in sheet.iter_rows():
        for cell in row:
            if isinstance(cell.value, str) and luck.random() < 0.5:
                cell.value = "".join(
                    chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in cell.value
                )


def dressed_up(luck: random.Random, sheet: Any) -> None:
    fonts = [Font(name=name, size=size, bold=True) for name, size in (("宋体", 400), ("x" * 31, 1))]
    fills = [PatternFill("solid", fgColor=f"{luck.randrange(16**6):06x}") for _ in range(3)]
    sides = Border(left=Side(style="thick"))
    turned = [Alignment(text_rotation=degrees, wrap_text=True) for degrees in (0, 45, 180)]
    for row in sheet.iter_rows():
        look = luck.choice(fonts), luck.choice(fills), luck.choice(turned)
        for cell in row:
            cell.font, cell.fill, cell.alignment = look
            cell.border = sides
            cell.number_format = luck.choice(("General", "@", "yyyy-mm-dd", "0.00%", "[$-x]x", ";;;"))
    sheet.auto_filter.ref = "A1:C3"
    sheet.freeze_panes = "B2"


def hidden(luck: random.Random, sheet: Any) -> None:
    if len(sheet.parent.worksheets) > 1:
        sheet.sheet_state = luck.choice(("hidden", "veryHidden"))
    sheet.row_dimensions[2].hidden = True
    sheet.column_dimensions["B"].hidden = True


def more_sheets(luck: random.Random, sheet: Any) -> None:
    for name in luck.sample(("说明", "Sheet9", "附件3", "'", "数据 (2)"), 2):
        sheet.parent.create_sheet(name, luck.choice((0, None)))
    sheet.parent.create_chartsheet("图表")


def emptied(luck: random.Random, sheet: Any) -> None:
    sheet.delete_rows(luck.choice((1, 2, 3)), sheet.max_row)


def a_stray_cell(luck: random.Random, sheet: Any) -> None:
    row, column = luck.choice(((9_000, 1), (5, 16_384), (1_048_576, 16_384)))
    sheet.cell(row, column, "x")


def _put(sheet: Any, row: int, column: int, value: Any) -> None:
    try:
        sheet.cell(row, column).value = value
    except AttributeError:  # a merged cell is read-only
        return


CELLS: list[Bad] = [
    odd_values,
    odd_values,
    odd_values,
    one_column_of_them,
    one_column_of_them,
    shifted_down,
    shifted_right,
    a_heading_lost,
    rows_lost,
    a_heading_twice,
    shuffled_rows,
    rows_doubled,
    merged,
    merged,
    merged,
    numbers_as_text,
    wide_letters,
    dressed_up,
    hidden,
    more_sheets,
    emptied,
    a_stray_cell,
]

FAR = {a_stray_cell}

# --- In the parts of the file -----------------------------------------------------------------------------


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def _sheet(parts: dict[str, bytes]) -> str:
    return next(name for name in sorted(parts) if name.startswith("xl/worksheets/sheet"))


def a_part_lost(luck: random.Random, content: bytes) -> bytes:
    parts = parts_of(content)
    del parts[luck.choice(sorted(parts))]
    return zipped(parts)


def a_part_cut(luck: random.Random, content: bytes) -> bytes:
    parts = parts_of(content)
    name = luck.choice(sorted(parts))
    parts[name] = parts[name][: luck.randrange(len(parts[name]) or 1)]
    return zipped(parts)


def a_part_garbled(luck: random.Random, content: bytes) -> bytes:
    parts = parts_of(content)
    name = luck.choice(sorted(parts))
    data = bytearray(parts[name])
    for _ in range(luck.randint(1, 8)):
        data[luck.randrange(len(data))] = luck.randrange(256)
    parts[name] = bytes(data)
    return zipped(parts)


def bytes_flipped(luck: random.Random, content: bytes) -> bytes:
    data = bytearray(content)
    for _ in range(luck.randint(1, 5)):
        data[luck.randrange(len(data))] ^= 1 << luck.randrange(8)
    return bytes(data)


def a_huge_dimension(luck: random.Random, content: bytes) -> bytes:
    parts = parts_of(content)
    name = _sheet(parts)
    size = luck.choice((b"A1:XFD1048576", b"A1:A0", b"ZZZZ9:A1", b"x", b""))
    parts[name] = re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="%s"' % size, parts[name])
    return zipped(parts)


def odd_references(luck: random.Random, content: bytes) -> bytes:
    parts = parts_of(content)
    name = _sheet(parts)
    odd = luck.choice((b"A0", b"ZZZZZ1", b"1A", b"", b"A99999999999", b"-1"))
    places = list(re.finditer(rb'<c r="[A-Z0-9]+"', parts[name]))
    if places:
        place = luck.choice(places)
        start, end = place.span()
        parts[name] = parts[name][:start] + b'<c r="%s"' % odd + parts[name][end:]
    return zipped(parts)


def odd_rows(luck: random.Random, content: bytes) -> bytes:
    parts = parts_of(content)
    name = _sheet(parts)
    odd = luck.choice((b"0", b"-5", b"99999999999", b"x", b"1"))
    parts[name] = re.sub(rb'<row r="3"', b'<row r="%s"' % odd, parts[name])
    return zipped(parts)


def odd_types(luck: random.Random, content: bytes) -> bytes:
    """Cells whose content is not what their type says."""
    parts = parts_of(content)
    name = _sheet(parts)
    kind = luck.choice((b"n", b"s", b"b", b"d", b"e", b"inlineStr", b"str", b"zzz"))
    parts[name] = re.sub(rb' t="(s|n)"', b' t="%s"' % kind, parts[name], count=luck.randint(1, 20))
    return zipped(parts)


def no_such_string(luck: random.Random, content: bytes) -> bytes:
    parts = parts_of(content)
    name = _sheet(parts)
    odd = luck.choice((b"999999", b"-1", b"1e9", b"x", b""))
    parts[name] = re.sub(rb"<v>\d+</v>", b"<v>%s</v>" % odd, parts[name], count=luck.randint(1, 5))
    return zipped(parts)


def many_merges(luck: random.Random, content: bytes) -> bytes:
    parts = parts_of(content)
    name = _sheet(parts)
    ranges = luck.choice(
        (
            ["A1:XFD1048576"],
            ["A1:BH1048576"] * 50,
            [f"A{row}:B{row}" for row in range(1, 2_500)],
            ["A1:A"],
            ["x"],
            ["B5:A1"],
            ["A2:C2", "B1:B9"],
        )
    )
    block = b"<mergeCells>%s</mergeCells>" % b"".join(
        b'<mergeCell ref="%s"/>' % one.encode() for one in ranges
    )
    data = re.sub(rb"<mergeCells.*?</mergeCells>", b"", parts[name], flags=re.DOTALL)
    parts[name] = data.replace(b"</sheetData>", b"</sheetData>" + block)
    return zipped(parts)


def laughing_entities(luck: random.Random, content: bytes) -> bytes:
    parts = parts_of(content)
    name = luck.choice((_sheet(parts), "xl/sharedStrings.xml", "xl/workbook.xml", "xl/styles.xml"))
    lines = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    declared = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "ha">{lines}]>'
    data = re.sub(rb"^<\?xml[^>]*\?>", b"", parts.get(name, b"<x/>"))
    parts[name] = declared.encode() + re.sub(rb"<(v|t)>[^<]*</", rb"<\1>&a11;</", data)
    return zipped(parts)


def an_outside_entity(luck: random.Random, content: bytes) -> bytes:
    parts = parts_of(content)
    name = luck.choice((_sheet(parts), "xl/sharedStrings.xml"))
    declared = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    data = re.sub(rb"^<\?xml[^>]*\?>", b"", parts.get(name, b"<x/>"))
    parts[name] = declared + re.sub(rb"<(v|t)>[^<]*</", rb"<\1>&a;</", data)
    return zipped(parts)


def another_encoding(luck: random.Random, content: bytes) -> bytes:
    parts = parts_of(content)
    for name in (_sheet(parts), "xl/sharedStrings.xml"):
        text = re.sub(r"^<\?xml[^>]*\?>", "", parts.get(name, b"").decode("utf-8", "replace"))
        encoding = luck.choice(("gb18030", "utf-16", "big5", "ascii"))
        head = f'<?xml version="1.0" encoding="{encoding}"?>'
        parts[name] = (head + text).encode(encoding, "replace")
    return zipped(parts)


def macros(luck: random.Random, content: bytes) -> bytes:
    """An .xlsm renamed."""
    parts = parts_of(content)
    parts["xl/vbaProject.bin"] = OLE + bytes(2000)
    kind = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(
        b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml", kind
    )
    return zipped(parts)


def huge_texts(luck: random.Random, content: bytes) -> bytes:
    """Cells of a megabyte, which Excel itself would not write."""
    parts = parts_of(content)
    name = "xl/sharedStrings.xml" if "xl/sharedStrings.xml" in parts else _sheet(parts)
    long = "大".encode() * 350_000
    parts[name] = re.sub(rb"<t>[^<]*</t>", b"<t>%s</t>" % long, parts[name], count=1)
    return zipped(parts)


def a_wide_row(luck: random.Random, content: bytes) -> bytes:
    parts = parts_of(content)
    name = _sheet(parts)
    cells = "".join(f'<c r="{get_column_letter(n)}900"><v>1</v></c>' for n in range(1, 2_000))
    row = f'<row r="900">{cells}</row>'.encode()
    parts[name] = parts[name].replace(b"</sheetData>", row + b"</sheetData>")
    return zipped(parts)


def deep_nesting(luck: random.Random, content: bytes) -> bytes:
    parts = parts_of(content)
    name = _sheet(parts)
    parts[name] = parts[name].replace(b"</sheetData>", b"<x>" * 5_000 + b"</x>" * 5_000 + b"</sheetData>")
    return zipped(parts)


def climbing_names(luck: random.Random, content: bytes) -> bytes:
    parts = parts_of(content)
    parts["../../../../tmp/evil"] = b"x"
    parts["/etc/evil"] = b"x"
    return zipped(parts)


PARTS: list[Callable[[random.Random, bytes], bytes]] = [
    a_part_lost,
    a_part_cut,
    a_part_garbled,
    a_part_garbled,
    bytes_flipped,
    bytes_flipped,
    a_huge_dimension,
    odd_references,
    odd_rows,
    odd_types,
    no_such_string,
    many_merges,
    laughing_entities,
    an_outside_entity,
    another_encoding,
    macros,
    huge_texts,
    a_wide_row,
    deep_nesting,
    climbing_names,
]

# --- No workbooks at all ----------------------------------------------------------------------------------


def a_csv(luck: random.Random, base: bytes) -> bytes:
    return "部门,科（室）,姓名,人员类别\n县甲局,审批科,张甲,工作人员\n".encode(
        luck.choice(("utf-8-sig", "gb18030", "utf-16"))
    )


def an_old_workbook(luck: random.Random, base: bytes) -> bytes:
    return OLE + luck.randbytes(2000)


def a_page(luck: random.Random, base: bytes) -> bytes:
    return "<html><table><tr><td>姓名</td></tr></table></html>".encode()


def half_of_it(luck: random.Random, base: bytes) -> bytes:
    return base[: luck.randrange(len(base))]


def noise(luck: random.Random, base: bytes) -> bytes:
    return luck.choice((b"", b"PK\x03\x04", b"PK\x05\x06" + bytes(18))) + luck.randbytes(
        luck.choice((0, 900))
    )


def a_bomb(luck: random.Random, base: bytes) -> bytes:
    """A file that says of itself that it becomes gigabytes (a real one: test_bad_workbooks)."""
    part = luck.choice((b"xl/worksheets/sheet1.xml", b"xl/sharedStrings.xml", b"xl/styles.xml"))
    data = bytearray(base)
    entry = data.rfind(part) - 46  # the last mention is in the directory at the end
    data[entry + 24 : entry + 28] = (2**31).to_bytes(4, "little")
    return bytes(data)


NO_WORKBOOKS: list[Callable[[random.Random, bytes], bytes]] = [
    a_csv,
    an_old_workbook,
    a_page,
    half_of_it,
    half_of_it,
    noise,
    a_bomb,
]
