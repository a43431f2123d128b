"""Read the rows of an export: what is said about a matter, and apart from it who said it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import ClassVar

from django.utils import timezone

from casework.incoming import reading
from casework.incoming.headings import CLOSED_WORDS, DAYS, HEADINGS, IDENTITY, NEEDED
from casework.incoming.reading import LONGEST_STATE, MOST_ROWS, PlatformRow, RowReader
from casework.models.matters import LONGEST_TEXT
from office.imports.short_lists import table_of
from office.workbooks.sheets import Fault, ReportProgress, paragraph, squeeze, telephone

LONGEST_TITLE, LONGEST_UNIT = 120, 80
SHORTEST_NAME = 2
SEALED = "这一栏是反映人身份，内容不在此显示；请把单元格改为文本、填写完整后重新上传。"
_MOBILE = re.compile(r"(?<!\d)1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)")
_SPEAKER, _HIDDEN = "反映人", "（号码略）"


@dataclass(frozen=True, kw_only=True)
class Row(PlatformRow):
    """One matter of the export; `identity` is never shown and goes into the sealed record."""

    title: str
    text: str
    unit: str
    identity: dict[str, str] = field(default_factory=dict, repr=False)


@dataclass
class Export(reading.Export[Row]):
    """The table with what was found in it: rows, faults, and how many texts were cut."""

    shortened: int = 0
    without_closing_day: int = 0

    def notes(self) -> Iterator[str]:
        yield from super().notes()
        if self.shortened:
            yield f"有 {self.shortened} 行的标题或内容过长，只保留前面的部分，全文以上级平台为准。"
        if self.without_closing_day:
            yield f"有 {self.without_closing_day} 行已办结而没有办结日期，按导入当日计。"


def read_export(content: bytes, *, what: str, today: date, progress: ReportProgress) -> Export:
    """Read a workbook; of rows with one number the last one tells how it stands."""
    table = table_of(content, HEADINGS, needed=NEEDED, what=what, limit=MOST_ROWS, days=DAYS)
    export = Export(table)
    export.read(
        lambda found: _Reader(export, found, today).row(),
        needs=("number", "text", "received"),
        progress=progress,
    )
    return export


@dataclass
class _Reader(RowReader):
    export: Export
    sealed: ClassVar[frozenset[str]] = frozenset(HEADINGS[name][0] for name in IDENTITY)

    def row(self) -> Row | None:
        number, received = self.number(), self.received()
        closed_on = self.closed(received)
        text, title = self._text("text"), self._text("title")
        if not (text or title):
            self.fault("text", "no text", "诉求内容空白，请补填。")
        if self.is_faulty or received is None:
            return None
        return self._made(number, received, closed_on, title, text)

    def _made(self, number: str, received: datetime, closed_on: date | None, title: str, text: str) -> Row:
        identity = {name: self.shown(name) for name in IDENTITY if name in self.export.table.columns}
        identity["phone"] = telephone(self.found.shown.get("phone"))
        state = self.shown("state")[:LONGEST_STATE]
        is_closed = closed_on is not None or squeeze(state) in CLOSED_WORDS
        self.export.without_closing_day += is_closed and closed_on is None
        title = " ".join((title or text).split())
        # A text alone is its own title, and no cut of it is told.
        self.export.shortened += len(text) > LONGEST_TEXT or (
            bool(self._text("title")) and len(title) > LONGEST_TITLE
        )
        return Row(
            line=self.found.number,
            number=number,
            own_number=self.shown("own_number").upper()[:40],
            received_at=timezone.make_aware(received),
            title=without_identity(title, identity)[:LONGEST_TITLE],
            text=without_identity(text or title, identity)[:LONGEST_TEXT],
            unit=self.shown("unit")[:LONGEST_UNIT],
            state=state,
            closed_on=closed_on or (self.today if is_closed else None),
            is_closed=is_closed,
            identity=identity,
        )

    def _text(self, name: str) -> str:
        return paragraph(self.found.shown.get(name))

    def keep(self, fault: Fault) -> None:
        super().keep(replace(fault, text=SEALED) if fault.label in self.sealed else fault)


def without_identity(text: str, identity: dict[str, str]) -> str:
    """Take out of a text the name and the numbers of who reported: units read it."""
    name = identity.get("name", "")
    if len(name) >= SHORTEST_NAME:
        text = text.replace(name, _SPEAKER)
    for key in ("phone", "papers", "address", "firm"):
        if value := identity.get(key, ""):
            text = text.replace(value, "（略）" if key in ("address", "firm") else _HIDDEN)
    return _MOBILE.sub(_HIDDEN, text)
