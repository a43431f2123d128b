"""Read the rows of an export: which firm claimed what on which day, and how it stands above."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from django.utils import timezone

from benefits.incoming.headings import DAYS, HEADINGS, NEEDED
from benefits.rules import rules
from casework.incoming.headings import CLOSED_WORDS as OF_MATTERS
from casework.incoming.rows import LONGEST_NUMBER, LONGEST_STATE, MOST_ROWS, moment_of
from office.imports.short_lists import table_of
from office.workbooks.dates import day_of, not_a_day
from office.workbooks.sheets import Fault, ReportProgress, squeeze, tidy
from office.workbooks.tables import Row as TableRow
from office.workbooks.tables import Table

CODE = 18
MOST = Decimal(1000000000000)
WHAT = "上级平台的申请"


@dataclass(frozen=True)
class Row:
    """One claim of the export."""

    line: int
    number: str
    own_number: str
    received_at: datetime
    credit_code: str
    firm: str
    item: str
    item_code: str
    amount: Decimal | None
    state: str
    closed_on: date | None
    is_closed: bool
    outcome: str


@dataclass
class Export:
    """The table with its rows and faults; of rows with one number the last one tells how it stands."""

    table: Table
    rows: list[Row] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    repeated: int = 0

    def notes(self) -> Iterator[str]:
        yield from self.table.notes()
        if self.repeated:
            yield f"有 {self.repeated} 行的编号在前面已经出现，每个编号只计一次，以最后一行的状态为准。"


def read_export(content: bytes, *, today: date, progress: ReportProgress) -> Export:
    table = table_of(content, HEADINGS, needed=NEEDED, what=WHAT, limit=MOST_ROWS, days=DAYS)
    export = Export(table)
    places: dict[str, int] = {}
    for found in table.rows(progress):
        if found.is_blank("number", "credit_code", "item") or table.leaves_out(found):
            continue
        row = _Reader(export, found, today).row()
        if row is None:
            continue
        if row.number in places:
            export.repeated += 1
            first = export.rows[places[row.number]]
            export.rows[places[row.number]] = replace(
                first, state=row.state, closed_on=row.closed_on, is_closed=row.is_closed, outcome=row.outcome
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
        closed_on = self._closed(received)
        code, amount = self._credit_code(), self._amount()
        item, item_code = self._shown("item"), squeeze(self.found.shown.get("item_code"))
        if not (item or item_code):
            self._fault("item", "no item", "事项名称空白，请补填。")
        if self.is_faulty or received is None:
            return None
        state = self._shown("state")[:LONGEST_STATE]
        outcome = rules()[1].outcome_above(squeeze(state))
        is_closed = closed_on is not None or bool(outcome) or squeeze(state) in OF_MATTERS
        return Row(
            line=self.found.number,
            number=number,
            own_number=self._shown("own_number").upper()[:40],
            received_at=timezone.make_aware(received),
            credit_code=code,
            firm=self._shown("firm")[:120] or code,
            item=item,
            item_code=item_code,
            amount=amount,
            state=state,
            closed_on=closed_on or (self.today if is_closed else None),
            is_closed=is_closed,
            outcome=outcome,
        )

    def _shown(self, name: str) -> str:
        return tidy(self.found.shown.get(name))

    def _number(self) -> str:
        number = squeeze(self.found.shown.get("number"))
        if not number:
            self._fault("number", "no number", "上级平台编号空白，不能匹配，请补填。")
        elif len(number) > LONGEST_NUMBER:
            self._fault("number", "too long", f"上级平台编号超过{LONGEST_NUMBER}个字符，请核对。")
        return number

    def _received(self) -> datetime | None:
        value = self.found.own["received"] or self.found.shown["received"]
        found = moment_of(value)
        if found is None:
            text = not_a_day(value) if squeeze(value) else "申请时间空白，请补填。"
            self._fault("received", "not a day", text)
        elif found.date() > self.today:
            self._fault("received", "in the future", "申请时间晚于今天，请核对。")
        return found

    def _closed(self, received: datetime | None) -> date | None:
        value = self.found.shown.get("closed")
        if not squeeze(value):
            return None
        day = day_of(value)
        if day is None:
            self._fault("closed", "not a day", not_a_day(value))
        elif day > self.today or (received is not None and day < received.date()):
            self._fault("closed", "does not fit", "办结日期早于申请时间或者晚于今天，请核对。")
        return day

    def _credit_code(self) -> str:
        code = squeeze(self.found.shown.get("credit_code")).upper()
        if len(code) != CODE or not (code.isascii() and code.isalnum()):
            self._fault("credit_code", "no credit code", f"统一社会信用代码应为{CODE}位数字和字母，请核对。")
        return code

    def _amount(self) -> Decimal | None:
        text = squeeze(self.found.shown.get("amount")).replace(",", "").removesuffix("元")
        if not text:
            return None
        try:
            amount = Decimal(text)
        except InvalidOperation:
            amount = Decimal("NaN")
        if not amount.is_finite() or not 0 <= amount < MOST or amount != round(amount, 2):
            self._fault("amount", "no amount", "申请金额应为不小于零的数，至多两位小数，请核对。")
            return None
        return round(amount, 2)

    def _fault(self, name: str, reason: str, text: str) -> None:
        self._keep(self.export.table.fault(self.found.number, name, reason, text))

    def _keep(self, fault: Fault) -> None:
        self.is_faulty = True
        self.export.faults.append(fault)
