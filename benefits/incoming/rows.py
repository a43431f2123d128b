"""Read the rows of an export: which firm claimed what on which day, and how it stands above."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import ClassVar

from django.utils import timezone

from benefits.incoming.headings import DAYS, HEADINGS, NEEDED
from benefits.rules import rules
from casework.incoming import reading
from casework.incoming.headings import CLOSED_WORDS as OF_MATTERS
from casework.incoming.reading import LONGEST_STATE, MOST_ROWS, PlatformRow, RowReader
from office.imports.short_lists import table_of
from office.workbooks.sheets import ReportProgress, squeeze

CODE = 18
MOST = Decimal(1000000000000)
WHAT = "上级平台的申请"


@dataclass(frozen=True, kw_only=True)
class Row(PlatformRow):
    """One claim of the export."""

    credit_code: str
    firm: str
    item: str
    item_code: str
    amount: Decimal | None


Export = reading.Export[Row]


def read_export(content: bytes, *, today: date, progress: ReportProgress) -> Export:
    table = table_of(content, HEADINGS, needed=NEEDED, what=WHAT, limit=MOST_ROWS, days=DAYS)
    export = Export(table)
    export.read(
        lambda found: _Reader(export, found, today).row(),
        needs=("number", "credit_code", "item"),
        progress=progress,
    )
    return export


@dataclass
class _Reader(RowReader):
    came: ClassVar[str] = "申请时间"

    def row(self) -> Row | None:
        number, received = self.number(), self.received()
        closed_on = self.closed(received)
        code, amount = self._credit_code(), self._amount()
        item, item_code = self.shown("item"), squeeze(self.found.shown.get("item_code"))
        if not (item or item_code):
            self.fault("item", "no item", "事项名称空白，请补填。")
        if self.is_faulty or received is None:
            return None
        state = self.shown("state")[:LONGEST_STATE]
        outcome = rules()[1].outcome_above(squeeze(state))
        is_closed = closed_on is not None or bool(outcome) or squeeze(state) in OF_MATTERS
        return Row(
            line=self.found.number,
            number=number,
            own_number=self.shown("own_number").upper()[:40],
            received_at=timezone.make_aware(received),
            credit_code=code,
            firm=self.shown("firm")[:120] or code,
            item=item,
            item_code=item_code,
            amount=amount,
            state=state,
            closed_on=closed_on or (self.today if is_closed else None),
            is_closed=is_closed,
            outcome=outcome,
        )

    def _credit_code(self) -> str:
        code = squeeze(self.found.shown.get("credit_code")).upper()
        if len(code) != CODE or not (code.isascii() and code.isalnum()):
            self.fault("credit_code", "no credit code", f"统一社会信用代码应为{CODE}位数字和字母，请核对。")
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
            self.fault("amount", "no amount", "申请金额应为不小于零的数，至多两位小数，请核对。")
            return None
        return round(amount, 2)
