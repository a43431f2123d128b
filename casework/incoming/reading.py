"""Read what every export of a platform above has: its number, when it came, how it stands, when it ended."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import Any, ClassVar, Generic, TypeVar

from office.workbooks.dates import day_of, not_a_day
from office.workbooks.sheets import Fault, ReportProgress, squeeze, tidy
from office.workbooks.tables import Row as TableRow
from office.workbooks.tables import Table

MOST_ROWS = 20_000
LONGEST_NUMBER, LONGEST_STATE = 60, 40
_TIME = re.compile(r"[ T](\d{1,2})[:：](\d{2})")


@dataclass(frozen=True, kw_only=True)
class PlatformRow:
    """One row: a matter or a claim above; `outcome` is of the procedure, where the export tells it."""

    line: int
    number: str
    own_number: str
    received_at: datetime
    state: str
    closed_on: date | None
    is_closed: bool
    outcome: str = ""


Told = TypeVar("Told", bound=PlatformRow)


@dataclass
class Export(Generic[Told]):
    """The table with its rows and faults; of rows with one number the last one tells how it stands."""

    table: Table
    rows: list[Told] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    repeated: int = 0

    def notes(self) -> Iterator[str]:
        yield from self.table.notes()
        if self.repeated:
            yield f"有 {self.repeated} 行的编号在前面已经出现，每个编号只计一次，以最后一行的状态为准。"

    def read(
        self, row_of: Callable[[TableRow], Told | None], *, needs: tuple[str, ...], progress: ReportProgress
    ) -> None:
        """Read all rows but those where everything in `needs` is blank."""
        places: dict[str, int] = {}
        for found in self.table.rows(progress):
            if found.is_blank(*needs) or self.table.leaves_out(found):
                continue
            row = row_of(found)
            if row is None:
                continue
            if row.number in places:
                self.repeated += 1
                first = self.rows[places[row.number]]
                self.rows[places[row.number]] = replace(
                    first,
                    state=row.state,
                    closed_on=row.closed_on,
                    is_closed=row.is_closed,
                    outcome=row.outcome,
                )
            else:
                places[row.number] = len(self.rows)
                self.rows.append(row)


@dataclass
class RowReader:
    """One row of the workbook on its way; what is wrong with it is told with its place."""

    export: Export[Any]
    found: TableRow
    today: date
    is_faulty: bool = False
    came: ClassVar[str] = "受理时间"

    def __post_init__(self) -> None:
        for fault in self.found.faults:
            self.keep(fault)

    def shown(self, name: str) -> str:
        return tidy(self.found.shown.get(name))

    def number(self) -> str:
        number = squeeze(self.found.shown.get("number"))
        if not number:
            self.fault("number", "no number", "上级平台编号空白，不能匹配，请补填。")
        elif len(number) > LONGEST_NUMBER:
            self.fault("number", "too long", f"上级平台编号超过{LONGEST_NUMBER}个字符，请核对。")
        return number

    def received(self) -> datetime | None:
        value = self.found.own["received"] or self.found.shown["received"]
        found = moment_of(value)
        if found is None:
            text = not_a_day(value) if squeeze(value) else f"{self.came}空白，请补填。"
            self.fault("received", "not a day", text)
        elif found.date() > self.today:
            self.fault("received", "in the future", f"{self.came}晚于今天，请核对。")
        return found

    def closed(self, received: datetime | None) -> date | None:
        value = self.found.shown.get("closed")
        if not squeeze(value):
            return None
        day = day_of(value)
        if day is None:
            self.fault("closed", "not a day", not_a_day(value))
        elif day > self.today or (received is not None and day < received.date()):
            self.fault("closed", "does not fit", f"办结日期早于{self.came}或者晚于今天，请核对。")
        return day

    def fault(self, name: str, reason: str, text: str) -> None:
        self.keep(self.export.table.fault(self.found.number, name, reason, text))

    def keep(self, fault: Fault) -> None:
        self.is_faulty = True
        self.export.faults.append(fault)


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
