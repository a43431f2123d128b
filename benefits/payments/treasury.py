"""The list of ordered payments for the treasury, and what it answers: the days on which money arrived."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from benefits.models import Payment
from benefits.payments.accounts import account_for_order
from benefits.payments.paying import enter_bank_date
from office import audit, dates, roles
from office.errors import Refused
from office.imports.plan import ImportPlan
from office.imports.short_lists import table_of
from office.models import User
from office.workbooks.dates import day_of, not_a_day
from office.workbooks.sheets import Fault, ReportProgress, digest, silently, tidy
from office.workbooks.tables import Row, Table

State = Payment.State
MOST = 2000
HEADINGS = (
    "编号",
    "企业名称",
    "统一社会信用代码",
    "惠企政策事项",
    "金额（元）",
    "收款账户",
    "资金分担",
    "支付令日期",
    "到账日期",
)
ANSWER = {
    "number": ("编号", "申请编号", "业务编号"),
    "amount": ("金额（元）", "金额", "支付金额"),
    "bank_on": ("到账日期", "银行到账日期", "入账日期"),
}
WHAT = "到账日期"


def to_export() -> QuerySet[Payment]:
    beside = ("decision__claim__matter", "decision__claim__firm", "decision__claim__version")
    found = Payment.objects.filter(state=State.ORDERED).select_related(*beside)
    return found.prefetch_related("shares__pool").order_by("decision__decided_at", "pk")


@transaction.atomic
def rows_for_treasury(*, payments: Sequence[Payment], acting_user: User) -> list[list[Any]]:
    """Return the rows with the accounts opened; one audit row for each account and one for the list."""
    roles.require(acting_user, "benefit.pool")
    rows = [_row(one, account_for_order(payment=one, acting_user=acting_user)) for one in payments]
    total = sum((one.amount for one in payments), Decimal())
    after = {"列表": "支付令清单", "行数": len(rows), "金额": f"{total:.2f}"}
    audit.record("导出", acting_user, acting_user=acting_user, after=after)
    return rows


def _row(one: Payment, account: str) -> list[Any]:
    claim = one.decision.claim
    shares = "；".join(f"{part.pool.name}{part.amount:.2f}元" for part in one.shares.all())
    number, firm = claim.matter.number, claim.firm
    amount = f"{one.amount:.2f}"
    return [
        number,
        firm.name,
        firm.credit_code,
        claim.version.name,
        amount,
        account,
        shares,
        one.ordered_on,
        None,
    ]


@dataclass
class BankPlan(ImportPlan):
    """Which payments arrived on which days; rows without a day are left for the next time."""

    new: list[tuple[Payment, date]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    unchanged: int = 0
    empty: int = 0

    @property
    def writes(self) -> bool:
        return bool(self.new)

    def counts(self) -> dict[str, int]:
        return {"登记到账": len(self.new), "已经登记": self.unchanged, "没有日期": self.empty}

    def changes(self) -> list[str]:
        return [
            f"{one.decision.claim.matter.number}　{one.amount:.2f}元　{dates.day(day)}到账"
            for one, day in self.new
        ]

    def lines(self) -> Iterable[str]:
        return [*self.changes(), *self.notes, *map(str, self.faults), str(self.counts())]


def preview_bank_dates(
    *, content: bytes, today: date, acting_user: User, progress: ReportProgress = silently
) -> BankPlan:
    roles.require(acting_user, "benefit.pool")
    table = table_of(
        content, ANSWER, needed=("number", "amount", "bank_on"), what=WHAT, limit=MOST, days=("bank_on",)
    )
    plan, seen = BankPlan(), set[int]()
    rows = [row for row in table.rows(progress) if not row.is_blank() and not table.leaves_out(row)]
    stored = _stored({tidy(row.shown["number"]) for row in rows})
    for row in rows:
        _read(plan, table, row, stored, seen=seen, today=today)
    if not rows:
        raise Refused(f"工作簿中只有表头，没有{WHAT}", "请填写后重新上传。")
    plan.notes += table.notes()
    return plan


def _stored(numbers: set[str]) -> dict[str, list[Payment]]:
    found: dict[str, list[Payment]] = {}
    rows = Payment.objects.filter(decision__claim__matter__number__in=numbers).order_by("pk")
    for one in rows.select_related("decision__claim__matter"):
        found.setdefault(one.decision.claim.matter.number, []).append(one)
    return found


def _read(
    plan: BankPlan, table: Table, row: Row, stored: dict[str, list[Payment]], *, seen: set[int], today: date
) -> None:
    def faulty(column: str, reason: str, text: str) -> None:
        plan.faults.append(table.fault(row.number, column, reason, text))

    number, amount = tidy(row.shown["number"]), _amount(tidy(row.shown["amount"]))
    own = [one for one in stored.get(number, []) if one.amount == amount and one.state != State.REFUNDED]
    payment = next((one for one in own if one.state == State.ORDERED and one.pk not in seen), None)
    if row.faults:
        plan.faults += row.faults
    elif not tidy(row.shown["bank_on"]):
        plan.empty += 1
    elif (day := day_of(row.own["bank_on"] or row.shown["bank_on"])) is None:
        faulty("bank_on", "not a day", not_a_day(row.shown["bank_on"]))
    elif number not in stored:
        faulty("number", "unknown", f"没有编号为“{number[:40]}”的支付，请核对。")
    elif payment is None and any(one.state == State.PAID and one.bank_on == day for one in own):
        plan.unchanged += 1
    elif payment is None:
        faulty("amount", "no such payment", "没有金额相同、已下达支付令、尚未到账的支付，请核对。")
    elif day > today or (payment.ordered_on and day < payment.ordered_on):
        faulty("bank_on", "not possible", "到账日期早于支付令日期或者晚于今天，请核对。")
    else:
        seen.add(payment.pk)
        plan.new.append((payment, day))


def _amount(text: str) -> Decimal | None:
    try:
        amount = Decimal(text.replace(",", "").replace("，", ""))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() else None


def import_bank_dates(
    *,
    content: bytes,
    now: datetime,
    acting_user: User,
    expected_digest: str | None = None,
    progress: ReportProgress = silently,
) -> BankPlan:
    """Enter the days as previewed, all of them or none."""
    today = timezone.localdate(now)
    plan = preview_bank_dates(content=content, today=today, acting_user=acting_user, progress=progress)
    plan.require_faultless(f"工作簿中有 {len(plan.faults)} 处")
    if not plan.writes:  # a job that was interrupted after writing finds nothing left to do
        return plan
    plan.require_previewed(expected_digest)
    with transaction.atomic():
        for one, day in sorted(plan.new, key=lambda new: new[0].decision.claim.matter_id):
            enter_bank_date(payment=one, bank_on=day, now=now, acting_user=acting_user)
        after = {**plan.counts(), "文件校验值": digest(content)}
        audit.record(f"导入{WHAT}", acting_user, acting_user=acting_user, after=after)
    return plan
