"""The figures of GB/T 9704-2012, read back from both files of one content."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn

from reports.documents import layout
from reports.documents.content import (
    Align,
    Attachment,
    Column,
    Content,
    FaultyContentError,
    Field,
    Fields,
    Form,
    Heading,
    Paragraph,
    Signatures,
    Table,
    attachments_said,
    check,
    faults,
    from_plain,
    in_hanzi,
    number,
    to_plain,
)
from reports.documents.docx import paper_docx
from reports.documents.pdf import paper_pdf
from reports.papers.monthly import rate
from tests.reports.papers_read import Page, pages

LONG = Paragraph("根据评价办法和评价方案组织开展了本季度评价。" * 12)
OFFICE = "示范县优化营商环境服务中心"
ROWS = tuple((str(place), f"第{place}参评单位", "95.20") for place in range(1, 61))
RANKING = Table(
    (Column("名次", 1), Column("单位", 4, Align.LEFT), Column("得分（分）", 2, Align.RIGHT)), ROWS
)
PAPER = Content(
    Form.DOCUMENT,
    "关于2026年第三季度营商环境评价结果的通报",
    OFFICE,
    date(2026, 3, 5),
    (
        LONG,
        Heading(1, "总体情况"),
        Heading(2, "评价范围"),
        Heading(3, "参评单位"),
        Heading(4, "分组"),
        LONG,
        LONG,
        Heading(1, "要求"),
        LONG,
    ),
    mark=f"{OFFICE}文件",
    number="示营商〔2026〕5号",
    addressee="各参评单位",
    attachments=(Attachment("排名表", (RANKING,)), Attachment("口径说明", (LONG,))),
    note="此件公开发布",
    copies=("县委办公室", "县政府办公室"),
    printed_by=OFFICE,
    printed_on=date(2026, 3, 6),
    check_code="K7PX-2M9Q-WT4D",
)
LETTER = replace(
    PAPER, form=Form.LETTER, mark=OFFICE, blocks=(LONG,) * 4, attachments=(), note="", printed_by=""
)
CAPITAL = 0.84  # how far a character reaches above its line of writing, in ems
NEAR = 0.6  # mm


@pytest.fixture(scope="module")
def paper() -> list[Page]:
    return pages(paper_pdf(PAPER))


def near(value: float, wanted: float, by: float = NEAR) -> bool:
    return abs(value - wanted) <= by


def test_a_page_has_22_lines_of_28_characters_within_its_margins(paper: list[Page]) -> None:
    """GB/T 9704-2012: margins, lines, sizes of type."""
    assert all(near(one.size[0], 210, 0.1) and near(one.size[1], 297, 0.1) for one in paper)
    body = [one for one in paper[1].words if one.size == pytest.approx(16, abs=0.1)]
    bases = sorted({round(one.base, 1) for one in body})
    assert len(bases) == layout.LINES, "a full page"
    pitches = {round(low - high, 1) for high, low in pairwise(bases)}
    assert all(near(one, 225 / 22, 0.15) for one in pitches), pitches
    full = [one for one in body if len(one.text) == layout.CHARACTERS]
    assert len(full) > layout.LINES // 2
    assert all(near(one.left, 28, 0.1) for one in full)
    leading = (225 / 22 - 16 * 25.4 / 72) / 2
    top = bases[0] - CAPITAL * 16 * 25.4 / 72 - leading
    assert near(top, 37), "the first line stands in the upper margin's first pitch"
    assert bases[-1] < 297 - 35
    assert paper[0].at("关于2026").size == pytest.approx(22, abs=0.01)


def test_the_red_head_stands_where_the_standard_puts_it(paper: list[Page]) -> None:
    first = paper[0]
    mark = first.at("文件")
    assert near(mark.base - CAPITAL * mark.size * 25.4 / 72, 37 + 35, 1)
    told = first.at("示营商〔2026〕5号")
    (red,) = [one for one in first.lines if one.red]
    assert near(red.right - red.left, 156, 0.1)
    assert near(red.top - (told.base + 0.12 * 16 * 25.4 / 72), 4, 1), "4 mm below the number"
    title = first.at("关于2026")
    assert near(title.base - red.bottom, 3 * 225 / 22, 3), "two lines are left free"
    assert first.at("各参评单位：").left == pytest.approx(28, abs=0.1)


def test_page_numbers_stand_outside_and_change_sides(paper: list[Page]) -> None:
    for place, page in enumerate(paper, start=1):
        words = page.at(f"— {place} —")
        assert words.size == pytest.approx(14, abs=0.01)
        dash = words.base - 0.33 * 14 * 25.4 / 72
        assert near(dash, 297 - 35 + 7), "7 mm below the type area"
        if place % 2 == 0:
            assert near(words.left, 28 + 14 * 25.4 / 72, 0.2)
        else:
            assert words.left > 150


def test_levels_have_their_fonts_and_their_numbers(paper: list[Page]) -> None:
    words = [one for page in paper for one in page.words]
    found = {one.text: one.font for one in words}
    assert "Sans" in found["一、总体情况"]
    assert "Sans" in found["二、要求"]
    assert "Sans" not in found["（一）评价范围"]
    assert "Sans" not in found["1. 参评单位"]
    assert "（1）分组" in found
    assert [in_hanzi(one) for one in (1, 10, 11, 20, 21)] == ["一", "十", "十一", "二十", "二十一"]


def test_attachments_are_said_below_the_body_and_begin_on_pages_of_their_own(paper: list[Page]) -> None:
    """GB/T 9704-2012: what is attached is listed after the text and begins on a page of its own."""
    assert attachments_said(PAPER) == ["附件：1. 排名表", "2. 口径说明"]
    assert attachments_said(replace(PAPER, attachments=PAPER.attachments[:1])) == ["附件：排名表"]
    said = next(page for page in paper if any("附件：1." in one.text for one in page.words))
    first, second = said.at("附件：1. 排名表"), said.at("2. 口径说明")
    assert near(first.left, 28 + 2 * 156 / 28, 0.3), "two characters in"
    assert near(second.left, first.left + 3 * 156 / 28, 0.3), "the numbers stand below each other"
    begins = [page for page in paper if any(one.text in ("附件1", "附件2") for one in page.words)]
    assert len(begins) == 2
    head = begins[1].at("附件2")
    assert "Sans" in head.font
    assert head.left == pytest.approx(28, abs=0.1)
    assert near(begins[1].at("口径说明").base - head.base, 2 * 225 / 22, 1.5), "its title in the third line"


def test_issuer_and_date_leave_room_for_a_seal(paper: list[Page]) -> None:
    page = next(one for one in paper if any(each.text == OFFICE for each in one.words))
    issuer, on = page.at(OFFICE), page.at("2026年3月5日")
    assert near(issuer.left + 6.5 * 156 / 28, on.left + 3.1 * 156 / 28, 0.8), (
        "the issuer is centred over the date"
    )
    before = max(one.base for one in page.words if one.base < issuer.base - 1)
    assert near(issuer.base - before, 3 * 225 / 22, 0.5), "two lines are left free for the seal"
    assert near(page.at("（此件公开发布）").base - on.base, 225 / 22, 0.2)
    assert layout.signed_sealed("某中心", "2026年3月5日")[1] == 4
    right, _ = layout.signed_unsealed("示范县优化营商环境服务中心", "2026年3月5日")
    assert right == 2


def test_the_imprint_lies_at_the_foot_of_the_last_page(paper: list[Page]) -> None:
    wide = [one for one in paper[-1].lines if near(one.right - one.left, 156, 0.1)]
    first, *_, last = sorted(wide, key=lambda one: one.top)
    assert near(last.bottom, 297 - 35, 0.1), "its last line is the lower edge of the type area"
    assert near(first.bottom - first.top, 0.35, 0.02)
    assert near(last.bottom - last.top, 0.35, 0.02)
    assert any(near(one.bottom - one.top, 0.25, 0.02) for one in wide), "the line between is thinner"
    copies = paper[-1].at("抄送：县委办公室，县政府办公室。")
    assert near(copies.left, 28 + 14 * 25.4 / 72, 0.2)
    assert copies.size == pytest.approx(14, abs=0.01)
    assert "2026年3月6日印发" in paper[-1].at(OFFICE).text
    assert not any("抄送" in one.text for page in paper[:-1] for one in page.words)


@pytest.mark.parametrize(
    ("lines", "numbers"),
    [
        (6, ["— 1 —", "— 2 —"]),
        (28, ["— 1 —", "— 2 —", "— 3 —", "— 4 —"]),
        (25, ["— 1 —", "— 2 —", "", ""]),
    ],
)
def test_the_imprint_stands_on_a_back_page(lines: int, numbers: list[str]) -> None:
    """Where a blank page stands before it, neither of the two has a number."""
    text = (Paragraph("一。"),) * (lines + 1)
    made = pages(paper_pdf(replace(PAPER, blocks=text, attachments=(), note="")))
    assert [one.number for one in made] == numbers
    found = [place for place, one in enumerate(made, 1) if any("抄送" in each.text for each in one.words)]
    assert found == [len(numbers)]
    assert len(numbers) % 2 == 0
    if not numbers[-1]:
        assert not made[-2].words, "a blank page"


def test_heads_of_tables_repeat_on_every_page(paper: list[Page]) -> None:
    with_rows = [
        page for page in paper if any("参评单位" in one.text and "第" in one.text for one in page.words)
    ]
    assert len(with_rows) > 1
    assert all(any("得分（分）" in one.text for one in page.words) for page in with_rows)


def test_a_letter_has_double_lines_and_no_number_on_its_first_page() -> None:
    first, second, *_ = pages(paper_pdf(LETTER))
    mark = first.at(OFFICE)
    assert near(mark.base - CAPITAL * mark.size * 25.4 / 72, 30, 1)
    red = sorted((one for one in first.lines if one.red), key=lambda one: one.top)
    assert len(red) == 4, "two lines above, two below"
    assert all(near(one.left, 20, 0.1) and near(one.right, 190, 0.1) for one in red)
    thick, thin, thin_below, thick_below = (one.bottom - one.top for one in red)
    assert thick > thin
    assert thick_below > thin_below
    assert near(red[-1].bottom, 297 - 20, 0.2)
    assert (first.number, second.number) == ("", "— 2 —")
    assert "2026〕5号" in first.at("示营商〔2026〕5号").text
    assert not any(one.red for one in second.lines)


def test_a_table_sheet_has_framed_cells_with_room_to_write_and_no_red() -> None:
    record = Content(
        Form.RECORD,
        "谈话记录",
        OFFICE,
        date(2026, 3, 5),
        (
            Fields(((Field("谈话对象"), Field("职务")), (Field("谈话内容", lines=8),))),
            Signatures(("谈话人",)),
        ),
        number="示营商〔2026〕6号",
    )
    (page,) = pages(paper_pdf(record))
    assert not any(one.red for one in page.lines)
    assert page.at("谈话人：").base - page.at("谈话内容").base > 8 * 21 * 25.4 / 72 / 2


def test_the_docx_has_the_same_words_and_figures() -> None:
    document = Document(io.BytesIO(paper_docx(PAPER)))
    section = document.sections[0]
    millimeters = [
        round(one.mm, 1)
        for one in (
            section.page_width,
            section.page_height,
            section.top_margin,
            section.bottom_margin,
            section.left_margin,
            section.right_margin,
        )
        if one is not None
    ]
    assert millimeters == [210, 297, 37, 35, 28, 26]
    assert document.settings.odd_and_even_pages_header_footer
    for footer, first in ((section.footer, "校验码"), (section.even_page_footer, "—")):
        assert "PAGE" in footer.paragraphs[0]._p.xml
        assert footer.paragraphs[0].text.startswith(first)
    spacing = document.styles["Normal"].paragraph_format.line_spacing
    assert spacing is not None
    assert near(spacing.pt, 28.99, 0.06)
    assert section._sectPr.find(qn("w:docGrid")).get(qn("w:linePitch")) == "579"
    said = [one.text for one in document.paragraphs]
    for text in (
        "示营商〔2026〕5号",
        "各参评单位：",
        "一、总体情况",
        "（一）评价范围",
        "1. 参评单位",
        "附件：1. 排名表",
    ):
        assert text in said, text
    fonts = {
        one.text: one.runs[0]._r.rPr.rFonts.get(qn("w:eastAsia")) for one in document.paragraphs if one.runs
    }
    assert fonts["一、总体情况"] == "黑体"
    assert fonts["（一）评价范围"] == "楷体_GB2312"
    assert fonts["附件1"] == "黑体"
    assert fonts[LONG.text] == "仿宋_GB2312"
    assert fonts["口径说明"] == "方正小标宋简体"
    ranking, imprint = document.tables
    assert ranking.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert [row.cells[0].text for row in ranking.rows][1:] == [row[0] for row in ROWS]
    place = imprint._tbl.tblPr.find(qn("w:tblpPr"))
    assert place.get(qn("w:tblpYSpec")) == "bottom"
    letter = Document(io.BytesIO(paper_docx(LETTER))).sections[0]
    assert letter.different_first_page_header_footer
    assert OFFICE in letter.first_page_header.paragraphs[0].text


def test_a_content_is_the_same_after_it_was_stored() -> None:
    assert from_plain(to_plain(PAPER)) == PAPER
    assert number("示营商", 2026, 5) == "示营商〔2026〕5号"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"number": "示营商[2026]5号"}, "六角括号"),
        ({"number": "示营商〔2026〕05号"}, "不编虚位"),
        ({"number": "示营商〔2026〕第5号"}, "不加“第”"),
        ({"title": "关于结果的通报。"}, "标题末尾不用标点"),
        ({"attachments": (Attachment("排名表。"),)}, "名称后不加标点"),
        ({"blocks": (Table((Column("名次"),), (("1", "2"),)),)}, "与栏目数不一致"),
        ({"blocks": (Heading(5, "太深"),)}, "超出四级"),
    ],
)
def test_what_the_standard_does_not_allow_is_said(changes: dict[str, Any], said: str) -> None:
    faulty = replace(PAPER, **changes)
    assert any(said in one for one in faults(faulty)), faults(faulty)
    with pytest.raises(FaultyContentError):
        check(faulty)


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("关于评价结果的通报", ["关于评价结果的通报"]),
        ("关于2026年第三季度营商环境评价结果的通报", ["关于2026年第三季度", "营商环境评价结果的通报"]),
    ],
)
def test_titles_break_by_sense(title: str, lines: list[str]) -> None:
    assert layout.title_lines(title) == lines


def test_a_rate_carries_its_fraction_and_is_never_rounded_up_to_all() -> None:
    assert rate(0, 0) == "—"
    assert rate(1999, 2000) == "99.9%（1999/2000）"
    assert rate(3, 3) == "100.0%（3/3）"
