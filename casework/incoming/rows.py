"""Read the rows of an export: what is said about a matter, and apart from it who said it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time

from django.utils import timezone

from casework.incoming.headings import CLOSED_WORDS, DAYS, HEADINGS, IDENTITY, NEEDED
from casework.models.matters import LONGEST_TEXT
from office.imports.short_lists import table_of
from office.workbooks.dates import day_of, not_a_day
from office.workbooks.sheets import Fault, ReportProgress, paragraph, squeeze, telephone, tidy
from office.workbooks.tables import Row as TableRow
from office.workbooks.tables import Table

MOST_ROWS = 20_000
LONGEST_NUMBER, LONGEST_TITLE, LONGEST_STATE, LONGEST_UNIT = 60, 120, 40, 80
SHORTEST_NAME = 2
SEALED = "这一栏是反映人身份，内容不在此显示；请把单元格改为文本、填写完整后重新上传。"
_TIME = re.compile(r"[ T](\d{1,2})[:：](\d{2})")
_MOBILE = re.compile(r"(?<!\d)1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)")
_SPEAKER, _HIDDEN = "反映人", "（号码略）"


@dataclass(frozen=True)
class Row:
    """One matter of the export; `identity` is never shown and goes into the sealed record."""

    line: int
    number: str
    own_number: str
    received_at: datetime
    title: str
    text: str
    unit: str
    state: str
    closed_on: date | None
    is_closed: bool
    outcome: str = ""  # of the procedure, where the export tells it
    identity: dict[str, str] = field(default_factory=dict, repr=False)


@dataclass
class Export:
    """The table with what was found in it: rows, faults, and how many texts were cut."""

    table: Table
    rows: list[Row] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    shortened: int = 0
    repeated: int = 0
    without_closing_day: int = 0

    def notes(self) -> Iterator[str]:
        yield from self.table.notes()
        if self.repeated:
            yield f"有 {self.repeated} 行的编号在前面已经出现，每个编号只计一次，以最后一行的状态为准。"
        if self.shortened:
            yield f"有 {self.shortened} 行的标题或内容过长，只保留前面的部分，全文以上级平台为准。"
        if self.without_closing_day:
            yield f"有 {self.without_closing_day} 行已办结而没有办结日期，按导入当日计。"


def read_export(content: bytes, *, what: str, today: date, progress: ReportProgress) -> Export:
    """Read a workbook; of rows with one number the last one tells how it stands."""
    table = table_of(content, HEADINGS, needed=NEEDED, what=what, limit=MOST_ROWS, days=DAYS)
    export = Export(table)
    places: dict[str, int] = {}
    for found in table.rows(progress):
        if found.is_blank("number", "text", "received") or table.leaves_out(found):
            continue
        row = _Reader(export, found, today).row()
        if row is None:
            continue
        if row.number in places:
            export.repeated += 1
            first = export.rows[places[row.number]]
            export.rows[places[row.number]] = replace(
                first, state=row.state, closed_on=row.closed_on, is_closed=row.is_closed
            )
        else:
            places[row.number] = len(export.rows)
            export.rows.append(row)
    return export


@dataclass
class _Reader:
    """One row of the workbook on its way."""

    export: Export
    found: TableRow
    today: date
    is_faulty: bool = False

    def row(self) -> Row | None:
        for fault in self.found.faults:
            self._keep(fault)
        number, received = self._number(), self._received()
        closed_on = self._closed(received.date() if received else None)
        text, title = self._text("text"), self._text("title")
        if not (text or title):
            self.fault("text", "no text", "诉求内容空白，请补填。")
        if self.is_faulty or received is None:
            return None
        return self._made(number, received, closed_on, title, text)

    def _made(self, number: str, received: datetime, closed_on: date | None, title: str, text: str) -> Row:
        identity = {name: self._shown(name) for name in IDENTITY if name in self.export.table.columns}
        identity["phone"] = telephone(self.found.shown.get("phone"))
        state = self._shown("state")[:LONGEST_STATE]
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
            own_number=self._shown("own_number").upper()[:40],
            received_at=timezone.make_aware(received),
            title=without_identity(title, identity)[:LONGEST_TITLE],
            text=without_identity(text or title, identity)[:LONGEST_TEXT],
            unit=self._shown("unit")[:LONGEST_UNIT],
            state=state,
            closed_on=closed_on or (self.today if is_closed else None),
            is_closed=is_closed,
            identity=identity,
        )

    def _shown(self, name: str) -> str:
        return tidy(self.found.shown.get(name))

    def _text(self, name: str) -> str:
        return paragraph(self.found.shown.get(name))

    def _number(self) -> str:
        number = squeeze(self.found.shown.get("number"))
        if not number:
            self.fault("number", "no number", "上级平台编号空白，不能匹配，请补填。")
        elif len(number) > LONGEST_NUMBER:
            self.fault("number", "too long", f"上级平台编号超过{LONGEST_NUMBER}个字符，请核对。")
        return number

    def _received(self) -> datetime | None:
        value = self.found.own["received"] or self.found.shown["received"]
        found = moment_of(value)
        if found is None:
            self.fault(
                "received", "not a day", not_a_day(value) if squeeze(value) else "受理时间空白，请补填。"
            )
        elif found.date() > self.today:
            self.fault("received", "in the future", "受理时间晚于今天，请核对。")
        return found

    def _closed(self, received: date | None) -> date | None:
        value = self.found.shown.get("closed")
        if not squeeze(value):
            return None
        day = day_of(value)
        if day is None:
            self.fault("closed", "not a day", not_a_day(value))
        elif day > self.today or (received is not None and day < received):
            self.fault("closed", "does not fit", "办结日期早于受理时间或者晚于今天，请核对。")
        return day

    def fault(self, name: str, reason: str, text: str) -> None:
        self._keep(self.export.table.fault(self.found.number, name, reason, text))

    def _keep(self, fault: Fault) -> None:
        self.is_faulty = True
        sealed = {HEADINGS[name][0] for name in IDENTITY}
        self.export.faults.append(replace(fault, text=SEALED) if fault.label in sealed else fault)


def moment_of(value: object) -> datetime | None:
    """Read a moment as exports write it; without an hour it is the beginning of the day."""
    if isinstance(value, datetime):
        return value.replace(second=0, microsecond=0, tzinfo=None)
    day = day_of(value)
    if day is None:
        return None
    found = _TIME.search(f" {tidy(value)}") if isinstance(value, str) else None
    try:
        at = time(int(found[1]), int(found[2])) if found else time()
    except ValueError:
        return None
    return datetime.combine(day, at)


def without_identity(text: str, identity: dict[str, str]) -> str:
    """Take out of a text the name and the numbers of who reported: units read it."""
    name = identity.get("name", "")
    if len(name) >= SHORTEST_NAME:
        text = text.replace(name, _SPEAKER)
    for key in ("phone", "papers", "address", "firm"):
        if value := identity.get(key, ""):
            text = text.replace(value, "（略）" if key in ("address", "firm") else _HIDDEN)
    return _MOBILE.sub(_HIDDEN, text)
