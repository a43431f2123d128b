"""A content as .docx (python-docx): the same words and figures as the PDF, to be worked on in an office."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from django.http import FileResponse
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from office.files.papers import TYPES
from reports.documents import layout
from reports.documents.content import (
    Block,
    Content,
    Field,
    Fields,
    Form,
    Heading,
    NewPage,
    Paragraph,
    Signatures,
    Table,
    attachment_heads,
    attachments_said,
    copies_said,
    counted,
    said,
)
from reports.documents.docx_parts import (
    RED,
    SIDES,
    TWIPS,
    a_line,
    add_border,
    add_empty,
    add_run,
    as_wide_as_a_letter,
    fix_at,
    hang,
    in_points,
    in_twips,
    indented_line,
    insert_in_order,
    mark_row,
    set_fonts,
    text_line,
    title_lines,
    writable,
)
from reports.documents.pdf import LINE_OF_FIELD, code_said, is_printed, signed

_BEFORE_BORDERS = ("tblStyle", "tblpPr", "tblW", "jc", "tblInd")
_OF_LEVEL = {1: layout.HEITI, 2: layout.KAITI}


LONGEST_PROPERTY = 255


def paper_docx(content: Content, *, demo: bool = False) -> bytes:
    document = _page(content)
    _head(document, content)
    title_lines(document, content.title)
    if not content.mark and content.number:
        record = content.form is Form.RECORD
        text_line(document, content.number, side="right" if record else "center", size=12 if record else 16)
    if content.addressee:
        add_empty(document)
        text_line(document, f"{content.addressee}：")
    elif content.form is not Form.RECORD:
        add_empty(document)
    _blocks(document, content.blocks)
    _rest(document, content)
    for head, one in zip(attachment_heads(content), content.attachments, strict=True):
        text_line(document, head, font=layout.HEITI).paragraph_format.page_break_before = True
        add_empty(document)
        title_lines(document, one.title)
        add_empty(document)
        _blocks(document, one.blocks)
    _imprint(document, content)
    _footers(document, content, "　".join(code_said(content, demo=demo)))
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def docx_answer(content: bytes, name: str) -> FileResponse:
    response = FileResponse(
        BytesIO(content), as_attachment=True, filename=f"{name}.docx", content_type=TYPES["docx"]
    )
    response["Cache-Control"] = "no-store"
    return response


# --- The page ------------------------------------------------------------------------------------


def _page(content: Content) -> Any:
    document: Any = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(layout.TOP), Mm(layout.BOTTOM)
    section.left_margin, section.right_margin = Mm(layout.BINDING), Mm(layout.RIGHT)
    if content.across:
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = Mm(297), Mm(210)
        section.top_margin, section.bottom_margin = Mm(layout.BINDING), Mm(layout.RIGHT)
        section.left_margin, section.right_margin = Mm(layout.BOTTOM), Mm(layout.TOP)
    section.header_distance, section.footer_distance = Mm(layout.LETTER_MARK_TOP), Mm(25.6)
    grid = section._sectPr.find(qn("w:docGrid"))
    grid.set(qn("w:type"), "lines")  # a grid of characters is read differently by Word and LibreOffice
    grid.set(qn("w:linePitch"), str(int(layout.PITCH * TWIPS)))
    normal = document.styles["Normal"]
    normal.font.size = Pt(layout.BODY)
    set_fonts(normal.element.get_or_add_rPr(), layout.FANGSONG)
    form = normal.paragraph_format
    form.space_before = form.space_after = Pt(0)
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(int(layout.PITCH * TWIPS) / TWIPS)
    form.widow_control = True
    for name in ("w:autoSpaceDE", "w:autoSpaceDN"):  # no gaps beside letters and digits: 28 characters a line
        off = OxmlElement(name)
        off.set(qn("w:val"), "0")
        normal.element.get_or_add_pPr().insert_element_before(off, "w:adjustRightInd", "w:spacing", "w:rPr")
    document.settings.odd_and_even_pages_header_footer = True
    section.different_first_page_header_footer = content.form is Form.LETTER and bool(content.mark)
    document.core_properties.title = writable(content.title)[:LONGEST_PROPERTY]
    document.core_properties.author = writable(content.issuer)[:LONGEST_PROPERTY]
    document.core_properties.comments = ""
    return document


def _head(document: Any, content: Content) -> None:
    if not content.mark:
        return
    if content.form is Form.LETTER:
        section = document.sections[0]
        header = section.first_page_header
        mark = _mark(header.paragraphs[0], content)
        add_border(
            mark, "bottom", kind="thickThinSmallGap", size=24, space=in_points(layout.MARK_TO_LINE), red=True
        )
        as_wide_as_a_letter(mark)
        foot = section.first_page_footer.paragraphs[0]
        fix_at(foot, top=297 - layout.LETTER_FOOT)
        add_border(foot, "top", kind="thinThickSmallGap", size=24, space=0, red=True)
        text_line(document, content.number, side="right")
        add_empty(document, 2)
        return
    mark = _mark(document.add_paragraph(), content)
    mark.paragraph_format.space_before = Mm(layout.MARK_TOP)
    minutes = content.form is Form.MINUTES
    add_empty(document, 1 if minutes else 2)
    if content.signer:
        line = text_line(document, f"{content.number}\t签发人：")
        add_run(line, content.signer, font=layout.KAITI)
        line.paragraph_format.left_indent = Pt(layout.ADVANCE)
        line.paragraph_format.tab_stops.add_tab_stop(
            Pt(layout.WIDTH * layout.POINT - layout.ADVANCE), WD_TAB_ALIGNMENT.RIGHT
        )
    else:
        line = text_line(document, content.number, side="center")
    if minutes:
        add_empty(document)
        line = text_line(document, f"{content.issuer}\t{said(content.on)}")
        line.paragraph_format.left_indent = Pt(layout.ADVANCE)
        line.paragraph_format.tab_stops.add_tab_stop(
            Pt(layout.WIDTH * layout.POINT - layout.ADVANCE), WD_TAB_ALIGNMENT.RIGHT
        )
    add_border(line, "bottom", kind="single", size=11, space=in_points(layout.MARK_TO_LINE), red=True)
    add_empty(document, 2)


def _mark(paragraph: Any, content: Content) -> Any:
    size = layout.mark_size(content.mark)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    form = paragraph.paragraph_format
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(size * 1.15)
    add_run(paragraph, content.mark, font=layout.SERIF, size=size).font.color.rgb = RED
    return paragraph


# --- The text ------------------------------------------------------------------------------------


def _blocks(document: Any, blocks: Sequence[Block]) -> None:
    for number, block in counted(blocks):
        match block:
            case Paragraph(text):
                for line in text.split("\n"):
                    indented_line(document, line)
            case Heading(level, text):
                font = _OF_LEVEL.get(level, layout.FANGSONG)
                indented_line(document, f"{number}{text}", font=font).paragraph_format.keep_with_next = True
            case Table():
                _table(document, block)
            case Fields(rows):
                _fields(document, rows)
            case NewPage(title):
                title_lines(document, title).paragraph_format.page_break_before = True
            case Signatures(labels):
                add_empty(document)
                for label in labels:
                    line = text_line(document, f"{label}：\t　　　年　　月　　日", size=layout.SMALL)
                    line.paragraph_format.tab_stops.add_tab_stop(
                        Mm(105), WD_TAB_ALIGNMENT.LEFT, WD_TAB_LEADER.LINES
                    )


def _rest(document: Any, content: Content) -> None:
    """What follows the text: who attended, which attachments, issuer, date, note; never alone on a page."""
    begin = max(0, len(document.paragraphs) - 1)
    for place, (who, names) in enumerate(content.attending):
        if place == 0:
            add_empty(document)
        line = text_line(document, f"{who}：", font=layout.HEITI)
        add_run(line, names)
        hang(line, first=2, others=6)
    told = attachments_said(content)
    for place, text in enumerate(told):
        if place == 0:
            add_empty(document)
        hang(text_line(document, text), first=2 if place == 0 else 5, others=5 if len(told) == 1 else 6)
    if distances := signed(content):
        add_empty(document, 2 if content.sealed else 1)
        for text, distance in zip((content.issuer, said(content.on)), distances, strict=True):
            line = text_line(document, text, side="right")
            line.paragraph_format.right_indent = Pt(distance * layout.ADVANCE)
    if content.note:
        indented_line(document, f"（{content.note}）")
    for line in document.paragraphs[begin:-1]:
        line.paragraph_format.keep_with_next = True


def _table(document: Any, table: Table) -> None:
    if table.caption:
        line = text_line(document, table.caption, side="center", font=layout.HEITI)
        line.paragraph_format.keep_with_next = True
    made = _grid(document, [one.width for one in table.columns])
    head = made.add_row()
    mark_row(head, "w:tblHeader")
    for cell, one in zip(head.cells, table.columns, strict=True):
        _cell(cell, one.heading, side="center", font=layout.HEITI)
    aligns = [one.align.value for one in table.columns]
    for row in table.rows:
        line = made.add_row()
        for cell, align, text in zip(line.cells, aligns, row, strict=True):
            _cell(cell, text, side=align)
    for line in made.rows:
        mark_row(line, "w:cantSplit")


def _fields(document: Any, rows: Sequence[Sequence[Field]]) -> None:
    made = _grid(document, [19, 31, 19, 31])
    for row in rows:
        line = made.add_row()
        cells = list(line.cells)
        if len(row) == 1:
            cells = [cells[0], cells[1].merge(cells[3])]
        for place, one in enumerate(row):
            _cell(cells[2 * place], one.label, side="center", size=layout.SMALL)
            _cell(cells[2 * place + 1], one.value, side="left", size=layout.SMALL)
        line.height = Pt(max(one.lines for one in row) * LINE_OF_FIELD + 10)


def _grid(document: Any, widths: Sequence[int]) -> Any:
    made = document.add_table(rows=0, cols=len(widths))
    section = document.sections[0]
    room = section.page_width - section.left_margin - section.right_margin
    made.style, made.alignment, made.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
    for column, width in zip(made.columns, widths, strict=True):
        column.width = int(room * width / sum(widths))
    return made


def _cell(cell: Any, text: str, *, side: str, font: str = layout.FANGSONG, size: int = layout.TABLE) -> None:
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    for place, line in enumerate(text.split("\n")):
        paragraph = cell.paragraphs[0] if place == 0 else cell.add_paragraph()
        paragraph.alignment = SIDES[side]
        form = paragraph.paragraph_format
        form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(size * 1.5)
        add_run(paragraph, line, font=font, size=size)


# --- The foot ------------------------------------------------------------------------------------


def _imprint(document: Any, content: Content) -> None:
    """The 版记: a table that floats to the lower edge of the type area of the last page."""
    rows = []
    if copies := copies_said(content):
        rows.append(f"抄送：{copies}")
    if is_printed(content):
        rows.append(f"{content.printed_by}\t{said(content.printed_on or content.on)}印发")
    if not rows:
        return
    add_empty(document)
    made = document.add_table(rows=0, cols=1)
    made.autofit = False
    made.columns[0].width = Mm(layout.WIDTH)
    place = OxmlElement("w:tblpPr")
    for key, value in {
        "leftFromText": "0",
        "rightFromText": "0",
        "vertAnchor": "margin",
        "horzAnchor": "page",
        "tblpX": in_twips(layout.BINDING),
        "tblpYSpec": "bottom",
    }.items():
        place.set(qn(f"w:{key}"), value)
    insert_in_order(made._tbl.tblPr, place, after=("tblStyle",))
    insert_in_order(made._tbl.tblPr, _no_padding(), after=(*_BEFORE_BORDERS, "tblBorders", "tblLayout"))
    for text in rows:
        cell = made.add_row().cells[0]
        _cell(cell, text, side="left", size=layout.SMALL)
        form = cell.paragraphs[0].paragraph_format
        if text.startswith("抄送"):
            form.left_indent, form.first_line_indent = Pt(4 * layout.SMALL), Pt(-3 * layout.SMALL)
        else:
            form.left_indent = Pt(layout.SMALL)
            stop = Pt(layout.WIDTH * layout.POINT - layout.SMALL)
            form.tab_stops.add_tab_stop(stop, WD_TAB_ALIGNMENT.RIGHT)
        form.right_indent = Pt(layout.SMALL)
    if is_printed(content):
        _rules(made)
    last = add_empty(document)
    last.paragraph_format.line_spacing = Pt(1)


def _rules(table: Any) -> None:
    """First and last line 0.35 mm, those between 0.25 mm (a border counts in eighths of a point)."""
    borders = OxmlElement("w:tblBorders")
    for side, thickness in (("top", layout.THICK), ("bottom", layout.THICK), ("insideH", layout.THIN)):
        borders.append(a_line(side, "single", round(thickness * layout.POINT * 8), 0))
    insert_in_order(table._tbl.tblPr, borders, after=_BEFORE_BORDERS)


def _no_padding() -> Any:
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        none = OxmlElement(f"w:{side}")
        none.set(qn("w:w"), "0")
        none.set(qn("w:type"), "dxa")
        margins.append(none)
    return margins


def _footers(document: Any, content: Content, code: str) -> None:
    section = document.sections[0]
    right = Pt(layout.WIDTH * layout.POINT - layout.SMALL)
    for footer, odd in ((section.footer, True), (section.even_page_footer, False)):
        footer.is_linked_to_previous = False
        line = footer.paragraphs[0]
        line.style = "Normal"  # the style of footers has stops of its own
        form = line.paragraph_format
        form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(layout.SMALL)
        form.left_indent = Pt(layout.SMALL)
        form.tab_stops.add_tab_stop(right, WD_TAB_ALIGNMENT.RIGHT)
        if odd:
            add_run(line, f"{code}\t", font=layout.SONGTI, size=9)
            _page_number(line)
        else:
            _page_number(line)
            add_run(line, f"\t{code}", font=layout.SONGTI, size=9)
    if content.form is Form.LETTER and content.mark and code:
        line = section.first_page_footer.add_paragraph()
        line.paragraph_format.left_indent = Pt(layout.SMALL)
        add_run(line, code, font=layout.SONGTI, size=9)


def _page_number(paragraph: Any) -> None:
    """— 1 —, each part of the field in a run of its own, so that the number is set like its dashes."""
    add_run(paragraph, "— ", font=layout.SONGTI, size=layout.SMALL)
    for kind in ("begin", "", "separate", "1", "end"):
        run = add_run(paragraph, "1" if kind == "1" else "", font=layout.SONGTI, size=layout.SMALL)
        if kind == "1":
            continue
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = "PAGE"
        run._r.append(part)
    add_run(paragraph, " —", font=layout.SONGTI, size=layout.SMALL)
