"""The small parts of a .docx, and the XML that python-docx has no words for."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from office.workbooks.writing import UNWRITABLE
from reports.documents import layout

RED = RGBColor(0xD7, 0x00, 0x0F)
LATIN = "Times New Roman"
TWIPS = 20  # of a point
SIDES = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
}


def text_line(
    document: Any, text: str, *, side: str = "left", font: str = layout.FANGSONG, size: int = layout.BODY
) -> Any:
    paragraph = document.add_paragraph()
    paragraph.alignment = SIDES[side]
    add_run(paragraph, text, font=font, size=size)
    return paragraph


def indented_line(document: Any, text: str, *, font: str = layout.FANGSONG) -> Any:
    paragraph = text_line(document, text, font=font)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    paragraph.paragraph_format.first_line_indent = Pt(2 * layout.ADVANCE)
    paragraph._p.pPr.find(qn("w:ind")).set(qn("w:firstLineChars"), "200")
    return paragraph


def hang(paragraph: Any, *, first: float, others: float) -> None:
    form = paragraph.paragraph_format
    form.left_indent = Pt(others * layout.ADVANCE)
    form.first_line_indent = Pt((first - others) * layout.ADVANCE)


def title_lines(document: Any, title: str) -> Any:
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = add_run(paragraph, "\n".join(layout.title_lines(title)), font=layout.SERIF, size=layout.TITLE)
    run.font.bold = False
    return paragraph


def add_empty(document: Any, count: int = 1) -> Any:
    for _ in range(count):
        paragraph = document.add_paragraph()
    return paragraph


def writable(text: str) -> str:
    """Leave out what XML cannot hold, so that one character of somebody's text spoils no paper."""
    return UNWRITABLE.sub("", text)


def add_run(paragraph: Any, text: str, *, font: str = layout.FANGSONG, size: int = layout.BODY) -> Any:
    run = paragraph.add_run(writable(text))
    run.font.size = Pt(size)
    properties = run._r.get_or_add_rPr()
    set_fonts(properties, font)
    if size == layout.BODY:  # 28 characters of 16 pt in a line of 156 mm
        closer = OxmlElement("w:spacing")
        closer.set(qn("w:val"), str(math.floor((layout.ADVANCE - layout.BODY) * TWIPS)))
        properties.insert_element_before(closer, "w:w", "w:kern", "w:position", "w:sz")
    return run


def set_fonts(properties: Any, east_asian: str) -> None:
    fonts = properties.get_or_add_rFonts()
    for kind in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{kind}"), None)
    latin = east_asian if east_asian == layout.SONGTI else LATIN
    for kind, name in (("ascii", latin), ("hAnsi", latin), ("eastAsia", east_asian)):
        fonts.set(qn(f"w:{kind}"), name)


def add_border(paragraph: Any, side: str, *, kind: str, size: int, space: int, red: bool) -> None:
    around = OxmlElement("w:pBdr")
    around.append(a_line(side, kind, size, space, color="D7000F" if red else "000000"))
    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(
        around, "w:shd", "w:tabs", "w:snapToGrid", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def a_line(side: str, kind: str, size: int, space: int, color: str = "000000") -> Any:
    line = OxmlElement(f"w:{side}")
    for key, value in (("val", kind), ("sz", str(size)), ("space", str(space)), ("color", color)):
        line.set(qn(f"w:{key}"), value)
    return line


def as_wide_as_a_letter(paragraph: Any) -> None:
    """As wide as the lines of a letter, 170 mm: a little beyond the type area on both sides."""
    form = paragraph.paragraph_format
    form.left_indent = Mm((210 - layout.LETTER_LINE) / 2 - layout.BINDING)
    form.right_indent = Mm((210 - layout.LETTER_LINE) / 2 - layout.RIGHT)


def fix_at(paragraph: Any, *, top: float) -> None:
    """Fix a paragraph at a height of the page, as wide as the lines of a letter."""
    frame = OxmlElement("w:framePr")
    for key, value in {
        "w": in_twips(layout.LETTER_LINE),
        "hRule": "exact",
        "h": "60",
        "hAnchor": "page",
        "vAnchor": "page",
        "x": in_twips((210 - layout.LETTER_LINE) / 2),
        "y": in_twips(top),
    }.items():
        frame.set(qn(f"w:{key}"), value)
    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(
        frame, "w:widowControl", "w:pBdr", "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def insert_in_order(properties: Any, part: Any, *, after: Sequence[str]) -> None:
    """Insert behind the last of `after` that is there: Word reads properties in one order only."""
    names = [qn(f"w:{name}") for name in after]
    place = max((number for number, one in enumerate(properties, 1) if one.tag in names), default=0)
    properties.insert(place, part)


def mark_row(row: Any, name: str) -> None:
    properties = row._tr.get_or_add_trPr()
    properties.append(OxmlElement(name))


def in_points(millimeters: float) -> int:
    return round(millimeters * layout.POINT)


def in_twips(millimeters: float) -> str:
    return str(round(millimeters * layout.POINT * TWIPS))
