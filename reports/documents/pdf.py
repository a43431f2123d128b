"""A content as PDF: the HTML of a paper, for the typesetter and its sheet of figures (official.css)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.template.loader import render_to_string

from office.exports import typeset
from office.workbooks.writing import UNWRITABLE
from reports.documents import layout
from reports.documents.content import (
    Block,
    Content,
    Field,
    Fields,
    Form,
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

LINE_OF_FIELD = 21  # pt
Shown = tuple[str, str, Any]


def paper_pdf(content: Content, *, demo: bool = False) -> bytes:
    return typeset.pdf(paper_html(content, demo=demo))


def paper_html(content: Content, *, demo: bool = False) -> str:
    html = render_to_string("reports/documents/paper.html", on_screen(content, demo=demo))
    return UNWRITABLE.sub("", html)  # a control character makes all words of a PDF unreadable for machines


def on_screen(content: Content, *, demo: bool = False) -> dict[str, Any]:
    """A paper taken apart for a template, the printed one and that of the office's pages."""
    heads = attachment_heads(content)
    return {
        "c": content,
        "code": "　".join(code_said(content, demo=demo)),
        "mark_size": layout.mark_size(content.mark) if content.mark else 0,
        "title": layout.title_lines(content.title),
        "said": said(content.on),
        "blocks": list(shown(content.blocks)),
        "attachments_said": attachments_said(content),
        "attachments": [
            (head, layout.title_lines(one.title), list(shown(one.blocks)))
            for head, one in zip(heads, content.attachments, strict=True)
        ],
        "signed": (places := signed(content)),
        "signed_by": min(places) if places else 0,
        "copies": copies_said(content),
        "printed": is_printed(content),
        "printed_on": said(content.printed_on or content.on),
    }


def code_said(content: Content, *, demo: bool) -> list[str]:
    """What stands small beside the page number: how to check the paper, and that a demo is one."""
    told = ["演示数据，不作为公文使用"] if demo else []
    return [*told, f"校验码 {content.check_code}"] if content.check_code else told


def is_printed(content: Content) -> bool:
    """Whether the 版记 names who printed: letters and table sheets have no such line."""
    return bool(content.printed_by) and content.form in (Form.DOCUMENT, Form.MINUTES)


def signed(content: Content) -> tuple[float, float] | None:
    """How far from the right issuer and date stand; minutes and table sheets have neither."""
    if content.form in (Form.MINUTES, Form.RECORD):
        return None
    place = layout.signed_sealed if content.sealed else layout.signed_unsealed
    return place(content.issuer, said(content.on))


def shown(blocks: Sequence[Block]) -> Iterator[Shown]:
    for number, block in counted(blocks):
        match block:
            case Paragraph(text):
                yield number, "paragraph", {"lines": text.split("\n")}
            case Table():
                yield number, "table", _table(block)
            case Fields(rows):
                yield number, "fields", {"rows": [[_field(one) for one in row] for row in rows]}
            case Signatures():
                yield number, "signatures", block
            case NewPage(title):
                yield number, "new_page", {"lines": layout.title_lines(title)}
            case _:
                yield number, "heading", block


def _table(table: Table) -> dict[str, Any]:
    whole = sum(one.width for one in table.columns)
    aligns = [one.align.value for one in table.columns]
    return {
        "caption": table.caption,
        "columns": [
            {"heading": one.heading, "percent": f"{100 * one.width / whole:.2f}"} for one in table.columns
        ],
        "rows": [list(zip(aligns, row, strict=True)) for row in table.rows],
    }


def _field(one: Field) -> dict[str, Any]:
    return {
        "label": one.label,
        "value": one.value,
        "lines": one.lines,
        "height": one.lines * LINE_OF_FIELD,
    }
