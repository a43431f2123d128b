"""Cut table cells that are longer than a page into rows that continue them.

Laid out as one cell such a text costs minutes, and the pages it covers lose their headings and frames.
Only bodies of tables (`tbody`) that hold such a cell are changed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

LONGEST = 700  # characters in a cell; a page has room for more even in a narrow column
PIECE = 300
A_LINE = 15  # a break counts as so many characters

_BODY = re.compile(r"<tbody>(.*?)</tbody>", re.DOTALL)
_ROW = re.compile(r"<tr([^>]*)>(.*?)</tr>", re.DOTALL)
_CELL = re.compile(r"<td([^>]*)>(.*?)</td>", re.DOTALL)
_SPAN = re.compile(r'\s*rowspan="(\d+)"')
_CLASS = re.compile(r'class="([^"]*)"')
_TOKEN = re.compile(r"<br\s*/?>|&[#\w]+;|<[^>]+>|[^<&]", re.DOTALL)


@dataclass
class _Cell:
    """A cell of the source: where it begins, how many rows it covers, its text in pieces."""

    attributes: str
    row: int
    rows: int
    pieces: list[str]


def cut(html: str) -> str:
    return _BODY.sub(lambda body: _cut_body(body[0], body[1]), html)


def _cut_body(whole: str, inner: str) -> str:
    if all(_length(cell[2]) <= LONGEST for cell in _CELL.finditer(inner)):
        return whole
    rows = [(row[1], list(_CELL.finditer(row[2]))) for row in _ROW.finditer(inner)]
    columns = _columns([cells for _, cells in rows])
    heights = [1] * len(rows)
    for spanned in (False, True):  # rows grow by their own cells first
        for cell in (one for column in columns for one in column if (one.rows > 1) is spanned):
            last = min(cell.row + cell.rows, len(rows)) - 1
            missing = len(cell.pieces) - sum(heights[cell.row : last + 1])
            heights[last] += max(0, missing)
    starts = [sum(heights[:number]) for number in range(len(rows) + 1)]
    lines: list[list[str]] = [[] for _ in range(starts[-1])]
    for column in columns:
        for cell in column:
            first = starts[cell.row]
            for number in range(first, starts[min(cell.row + cell.rows, len(rows))]):
                piece = cell.pieces[number - first] if number - first < len(cell.pieces) else ""
                lines[number].append(_td(cell.attributes, piece, goes_on=number > first))
    tags = [attributes for (attributes, _), height in zip(rows, heights, strict=True) for _ in range(height)]
    body = (f"<tr{tag}>{''.join(cells)}</tr>" for tag, cells in zip(tags, lines, strict=True))
    return f"<tbody>{''.join(body)}</tbody>"


def _columns(rows: list[list[re.Match[str]]]) -> list[list[_Cell]]:
    """Put the cells of all rows into their columns; a cell of several rows keeps its column for them."""
    columns: list[list[_Cell]] = []
    for number, cells in enumerate(rows):
        at = 0
        for found in cells:
            while at < len(columns) and columns[at] and columns[at][-1].row + columns[at][-1].rows > number:
                at += 1
            if at == len(columns):
                columns.append([])
            span = _SPAN.search(found[1])
            attributes = _SPAN.sub("", found[1])
            columns[at].append(_Cell(attributes, number, int(span[1]) if span else 1, _pieces(found[2])))
            at += 1
    return columns


def _td(attributes: str, text: str, *, goes_on: bool) -> str:
    if goes_on:
        if "class=" in attributes:
            attributes = _CLASS.sub(r'class="\1 goes-on"', attributes)
        else:
            attributes += ' class="goes-on"'
    return f"<td{attributes}>{text}</td>"


def _length(text: str) -> int:
    return sum(
        A_LINE if token.startswith("<br") else len(token) == 1 or token[0] == "&" for token in _tokens(text)
    )


def _tokens(text: str) -> list[str]:
    return _TOKEN.findall(text)


def _pieces(text: str) -> list[str]:
    """Cut a text at the line or the character that fills a piece; only cells with plain text are cut."""
    tokens = _tokens(text)
    if _length(text) <= PIECE or any(token[0] == "<" and not token.startswith("<br") for token in tokens):
        return [text]
    pieces, filled = [""], 0
    for token in tokens:
        size = A_LINE if token.startswith("<br") else 1
        if filled + size > PIECE and filled:
            pieces.append("")
            filled = 0
            if token.startswith("<br"):
                continue
        pieces[-1] += token
        filled += size
    return pieces
