"""A PDF read back: where its words stand, how large, in which font; where its lines are drawn."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

import pypdf
from docx import Document

MM = 25.4 / 72  # a PDF counts in points, from the lower edge


@dataclass(frozen=True)
class Words:
    """A run of text: millimeters from the paper's left and top edge to where its first letter stands."""

    text: str
    left: float
    base: float
    size: float
    font: str


@dataclass(frozen=True)
class Line:
    left: float
    right: float
    top: float
    bottom: float
    red: bool


@dataclass(frozen=True)
class Page:
    words: list[Words]
    lines: list[Line]
    size: tuple[float, float]

    def at(self, text: str) -> Words:
        return next(one for one in self.words if text in one.text)

    @property
    def number(self) -> str:
        return next((one.text for one in self.words if one.text.startswith("—")), "")


def said_in(word: bytes) -> str:
    """All words of a .docx, those of its tables behind the others."""
    document = Document(io.BytesIO(word))
    cells = (cell.text for table in document.tables for row in table.rows for cell in row.cells)
    return "\n".join([*(one.text for one in document.paragraphs), *cells])


def pages(content: bytes) -> list[Page]:
    return [_page(one) for one in pypdf.PdfReader(io.BytesIO(content)).pages]


def _page(page: pypdf.PageObject) -> Page:
    words: list[Words] = []
    shapes: list[list[tuple[float, float]]] = []
    lines: list[Line] = []

    def place(around: Any, x: float, y: float) -> tuple[float, float]:
        across, down = around[0] * x + around[2] * y + around[4], around[1] * x + around[3] * y + around[5]
        return across * MM, (float(page.mediabox.height) - down) * MM

    def text(said: str, around: Any, at: Any, font: Any, size: float) -> None:
        if said.strip():
            name = str(font["/BaseFont"]).partition("+")[2]
            left, base = place(around, at[4], at[5])
            words.append(Words(said.strip(), left, base, abs(size * at[0] * around[0]), name))

    def drawn(operator: bytes, values: Any, around: Any, _: Any) -> None:
        if operator == b"m":
            shapes.append([])
        if operator in (b"m", b"l"):
            shapes[-1].append(place(around, float(values[0]), float(values[1])))
        elif operator == b"rg":  # the color stands behind the shapes that it fills
            fill([float(one) for one in values])

    def fill(color: list[float]) -> None:
        for corners in shapes:
            across, down = zip(*corners, strict=True)
            lines.append(Line(min(across), max(across), min(down), max(down), color[0] > 0.5 > color[1]))
        shapes.clear()

    page.extract_text(visitor_text=text)
    page.extract_text(visitor_operand_before=drawn)
    fill([0, 0, 0])
    size = (float(page.mediabox.width) * MM, float(page.mediabox.height) * MM)
    return Page(words, lines, size)
