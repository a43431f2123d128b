"""Pools of funds (资金池): a level's money of a year; who was approved first is paid first (GY-R14).

A pool is the sum of its entries, read while all open pools are locked, in one order. What is requested and
not yet ordered is set aside in the order of approval: one that waits for money lets no later one overtake.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet, Sum

from benefits.funds.sharing import CENT
from benefits.models import Claim, FundEntry, FundPool, FundShare, Payment
from benefits.rules import rules
from casework.matters.state import DONE
from casework.models import Assignment
from office import audit, dates, roles
from office.errors import Refused
from office.models import User

State = Payment.State
Kind = FundEntry.Kind
NOT_ORDERED = (State.WAITING, State.REQUESTED)
COMES_IN = (Kind.BUDGET, Kind.REFILL)


def balances(pools: Iterable[FundPool]) -> dict[int, Decimal]:
    """Return what lies in each pool: the sum of its entries."""
    wanted = [one.pk for one in pools]
    rows = FundEntry.objects.filter(pool__in=wanted).order_by().values_list("pool").annotate(Sum("amount"))
    found = dict.fromkeys(wanted, Decimal())
    found |= {pk: total.quantize(CENT) for pk, total in rows}
    return found


def set_aside(pools: Iterable[FundPool]) -> dict[int, Decimal]:
    """Return what of each pool is requested and only has to be ordered."""
    rows = FundShare.objects.filter(pool__in=[one.pk for one in pools], payment__state=State.REQUESTED)
    return {pk: total.quantize(CENT) for pk, total in rows.values_list("pool").annotate(Sum("amount"))}


def locked_pools() -> list[FundPool]:
    """Lock every open pool until the transaction ends; always after a matter, always before a payment."""
    return list(FundPool.objects.select_for_update().filter(closed_on=None).order_by("pk"))


def pool_of(level: str, today: date) -> FundPool:
    """Return the pool of a level from which is paid today: this year's, once closed the next one's."""
    year = today.year
    while FundPool.objects.filter(level=level, year=year).exclude(closed_on=None).exists():
        year += 1
    return _pool(level, year)


def _pool(level: str, year: int) -> FundPool:
    known = rules()[1]
    rule = known.level(level)
    name = f"{rule.label if rule else ''}{known.pool.name}"
    return FundPool.objects.get_or_create(level=level, year=year, defaults={"name": name})[0]


def still_due(payments: QuerySet[Payment]) -> QuerySet[Payment]:
    """Return those whose decision holds: granted this time round, not sent back, by a claim that goes on."""
    answered = Assignment.objects.filter(
        matter=OuterRef("decision__claim__matter"),
        cycle=OuterRef("decision__cycle"),
        is_lead=True,
        state__in=DONE,
    )
    found = payments.filter(
        Exists(answered),
        decision__is_granted=True,
        decision__cycle=F("decision__claim__matter__times_reopened"),
        decision__claim__firm__is_cancelled=False,
    )
    return found.exclude(decision__claim__matter__state__in=Claim.OVER)


def let_in_order(pools: Sequence[FundPool], today: date) -> int:
    """Set aside what the locked pools hold in the order of approval; return how many need not wait any more.

    One that lacks a part waits, and its pool waits with it; the parts of it that are there stay set aside,
    so that nobody overtakes in any pool. Nothing is set aside for one whose decision does not hold.
    """
    left, empty, let_in = balances(pools), set[int](), 0
    rows = Payment.objects.filter(state__in=NOT_ORDERED)
    due = set(still_due(rows).values_list("pk", flat=True))
    rows = rows.select_for_update(of=("self",)).order_by("decision__decided_at", "pk")
    for one in rows.prefetch_related("shares"):
        is_due = one.pk in due
        short = [
            part
            for part in one.shares.all()
            if part.pool_id in empty or left.get(part.pool_id, 0) < part.amount
        ]
        empty |= {part.pool_id for part in short if is_due}
        for part in one.shares.all():
            if is_due and part not in short:
                left[part.pool_id] -= part.amount
        state = State.WAITING if short or not is_due else State.REQUESTED
        if state != one.state:
            let_in += state == State.REQUESTED
            one.state, one.let_in_on = state, None if state == State.WAITING else today
            one.save(update_fields=["state", "let_in_on"])
    return let_in


@transaction.atomic
def enter_money(
    *, level: str, year: int, kind: str, amount: Decimal, remark: str, today: date, acting_user: User
) -> FundEntry:
    """Enter a budget or a refill; below nothing it corrects one, and leaves no pool below nothing."""
    roles.require(acting_user, "benefit.pool")
    _check(level, year, amount, kind=kind, remark=remark, today=today)
    if FundPool.objects.filter(level=level, year__lt=year, closed_on=None).exists():
        raise Refused("上一年度的资金池还没有结账", "请先办理年终结账，待资金的申请转入本年度后再登记预算。")
    pool = _pool(level, year)
    pools = locked_pools()
    if pool.pk not in {one.pk for one in pools}:
        raise Refused(f"{pool}已经结账，不能再登记", "请登记到下一年度的资金池。")
    if balances([pool])[pool.pk] + amount < 0:
        raise Refused(f"更正后{pool}的余额低于零", "已下达支付令的资金不能冲减，请核对金额。")
    entry = FundEntry.objects.create(
        pool=pool, kind=kind, amount=amount, day=today, remark=remark.strip()[:200], entered_by=acting_user
    )
    let_in = let_in_order(pools, today)
    after = {"资金池": str(pool), "类别": entry.get_kind_display(), "金额": f"{amount:.2f}"}
    audit.record("登记资金池收入", pool, acting_user=acting_user, after={**after, "转为待支付": let_in})
    return entry


def _check(level: str, year: int, amount: Decimal, *, kind: str, remark: str, today: date) -> None:
    if rules()[1].level(level) is None:
        raise Refused("没有这一层级的资金池", "请从政策层级中选择。")
    if abs(year - today.year) > 1:
        raise Refused(f"不能登记{year}年的资金池", "请填写本年度，或者上、下一年度。")
    if kind not in COMES_IN:
        raise Refused("没有选择预算或者补充", "兑现、退回和年终收回由系统记账。")
    if not amount or amount != amount.quantize(CENT):
        raise Refused("没有填写金额", "请填写金额，精确到分。")
    if amount < 0 and not remark.strip():
        raise Refused("没有写明更正的原因", "更正多登记的金额须写明原因。")


@transaction.atomic
def close_pool(*, pool: FundPool, today: date, acting_user: User) -> FundPool:
    """Close a pool at the year's end: what was not ordered goes on in the next one, the rest is given back.

    What was ordered has left the pool already; its money may arrive in January.
    """
    roles.require(acting_user, "benefit.pool")
    pools = {one.pk: one for one in locked_pools()}
    current = pools.pop(pool.pk, None)
    if current is None:
        raise Refused(f"{pool}已经结账", "请刷新页面查看。")
    if (today.year, today.month) < (current.year, 12):
        raise Refused("还没有到年终", f"{current.year}年12月起办理结账。")
    rest = balances([current])[current.pk]
    if rest > 0:
        FundEntry.objects.create(
            pool=current,
            kind=Kind.CLOSING,
            amount=-rest,
            day=today,
            remark="年终结账，余额收回。",
            entered_by=acting_user,
        )
    current.closed_on = today
    current.save(update_fields=["closed_on"])
    following = pool_of(current.level, date(current.year + 1, 1, 1))
    moved = current.shares.filter(payment__state__in=NOT_ORDERED).update(pool=following)
    let_in_order(locked_pools(), today)
    after = {"结账日期": dates.day(today), "收回余额": f"{rest:.2f}", "转入下一年度的支付": moved}
    audit.record("资金池年终结账", current, acting_user=acting_user, after=after)
    return current
