"""Annex 1 and annex 2 of departments as a document to be posted: whom the public may see, no phones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest
from math import ceil

from django.template.loader import render_to_string

from departments.roster.annexes import DepartmentLines, SectionLines

# A cell over several rows is set as a whole: one that is longer than a page loses frames and headings.
PER_LINE = 10  # characters in a column of annex 2, about
LONGEST_JOINED = 16  # lines of a section whose cells may still be joined; a page holds about 22
LINES_A_PIECE = 8
MOST_JOINED = 12  # people under one joined name of a section


@dataclass(frozen=True)
class ItemPiece:
    """One matter of a spread section, or a further piece of its procedure."""

    name: str = ""
    procedure: str = ""
    time_limit: str = ""
    opens: bool = False


@dataclass(frozen=True)
class SpreadRow:
    """One row of a section that is too long for joined cells: a piece of each text, short enough to set."""

    section: str
    responsibilities: str
    work_rules: str
    service_words: str
    item: ItemPiece
    first: bool
    last: bool
    closes_item: bool


@dataclass(frozen=True)
class DutyLines:
    """A section of annex 2: its cells joined over its rows, or spread over them piece by piece."""

    lines: SectionLines
    spread: list[SpreadRow]


def annexes_html(found: Sequence[DepartmentLines], *, county: str, today: date) -> str:
    units = [
        {
            "department": unit.department,
            "staffed": [
                {"lines": lines, "joined": len(lines.people) <= MOST_JOINED} for lines in unit.staffed
            ],
            "headcount": unit.headcount,
            "on_duty": [DutyLines(lines, _spread(lines)) for lines in unit.on_duty],
        }
        for unit in found
    ]
    return render_to_string(
        "reports/annexes/annexes.html", {"units": units, "county_name": county, "today": today}
    )


def _spread(lines: SectionLines) -> list[SpreadRow]:
    section = lines.section
    shared = (section.responsibilities, section.work_rules, section.service_words)
    of_items = [max(map(_lines, (item.name, item.procedure, item.time_limit))) for item in lines.items]
    if max(sum(of_items), *map(_lines, shared)) <= LONGEST_JOINED:
        return []
    items = [
        ItemPiece(item.name, piece, item.time_limit, opens=True) if place == 0 else ItemPiece("", piece)
        for item in lines.items
        for place, piece in enumerate(_pieces(item.procedure))
    ]
    items = items or [ItemPiece(opens=True)]
    pieces = [list(_pieces(text)) for text in shared]
    rows = list(zip_longest(*pieces, fillvalue=""))
    rows += [("", "", "")] * (len(items) - len(rows))
    items += [ItemPiece()] * (len(rows) - len(items))
    last = len(rows) - 1
    return [
        SpreadRow(
            section=section.name if place == 0 else "",
            responsibilities=responsibilities,
            work_rules=work_rules,
            service_words=service_words,
            item=item,
            first=place == 0,
            last=place == last,
            closes_item=place == last or items[place + 1].opens,
        )
        for place, ((responsibilities, work_rules, service_words), item) in enumerate(
            zip(rows, items, strict=True)
        )
    ]


def _lines(text: str) -> int:
    return sum(max(1, ceil(len(line) / PER_LINE)) for line in text.split("\n"))


def _pieces(text: str) -> Iterator[str]:
    """Cut a text into pieces of a few lines, at line ends and full stops where there are any."""
    piece: list[str] = []
    for line in _sentences(text):
        if piece and _lines("".join(piece) + line) > LINES_A_PIECE:
            yield "".join(piece).rstrip("\n")
            piece = []
        piece.append(line)
    yield "".join(piece).rstrip("\n")


def _sentences(text: str) -> Iterator[str]:
    most = LINES_A_PIECE * PER_LINE
    for line in text.splitlines(keepends=True):
        for sentence in line.replace("。", "。\0").replace("；", "；\0").split("\0"):
            yield from (sentence[start : start + most] for start in range(0, len(sentence), most))
