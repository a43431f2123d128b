"""Pay what was granted: requested by the department, ordered and dated by whoever keeps the pool (GY-R14)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from benefits.claims.deciding import decision_of
from benefits.funds import pools
from benefits.funds.sharing import divided
from benefits.models import Claim, ClaimDecision, FundEntry, FundPool, FundShare, ItemVersion, Payment
from benefits.payments.completing import complete, locked_claim, moment_on, paid, under_way
from casework.matters import handling, parties
from casework.matters.state import ANSWERED, DONE, HANDLED, locked_in_order, standing
from casework.models import Assignment, Matter
from office import audit, dates, roles
from office.errors import Refused
from office.models import User

State = Payment.State
Kind = FundEntry.Kind
Each = Assignment.State
SENT_BACK = "请核对企业名册；确已注销的，由专窗退回承办单位重新作出决定。"


def granted_to(user: User, claim: Claim, matter: Matter, to: str) -> ClaimDecision:
    """Return the decision that the user's own unit took and now carries out."""
    lead = standing(matter).filter(is_lead=True).select_related("unit").first()
    if lead is None:
        raise Refused("申请没有交办给承办单位", "请先交办。")
    parties.require_own(user, lead.unit)
    decision = decision_of(claim)
    if lead.state not in DONE or decision is None or not decision.is_granted:
        raise Refused(f"目前没有待兑现的审批决定，不能{to}", "请刷新页面，查看最新情况。")
    return decision


@transaction.atomic
def request_payment(*, claim: Claim, now: datetime, acting_user: User) -> Payment | None:
    """Request what is still due; None where all of it was paid on an earlier decision, which completes.

    Where the pool holds too little, the payment waits for money; its clock does not.
    """
    roles.require(acting_user, "benefit.pay")
    matter, current = locked_claim(claim)
    decision, today = granted_to(acting_user, current, matter, "申请支付"), timezone.localdate(now)
    if decision.amount is None:
        raise Refused("本决定不涉及资金，不用申请支付", "请在生效之日确认生效。")
    if current.firm.is_cancelled:
        raise Refused(f"{current.firm.name}已经注销，不能申请支付", SENT_BACK)
    if under_way(current):
        raise Refused("已经申请支付", "请查看支付情况，不必重复申请。")
    due = decision.amount - paid(current)
    if due <= 0:
        if not standing(matter).filter(state=Each.REPLIED).exists():
            raise Refused("资金已经足额到账", "不必再申请支付。")
        complete(matter, decision, today, "先前已经足额支付，不再支付。", now=now, by=acting_user)
        return None
    if not current.account:
        raise Refused("没有登记收款账户", "请专窗与企业核对并登记收款账户后再申请。")
    pools.locked_pools()  # none of them is closed while the parts are put down
    payment = Payment.objects.create(decision=decision, state=State.WAITING, amount=due, requested_on=today)
    parts = {pools.pool_of(level, today): part for level, part in _parts(current.version, due).items()}
    FundShare.objects.bulk_create(
        FundShare(payment=payment, pool=pool, amount=part) for pool, part in parts.items()
    )
    pools.let_in_order(pools.locked_pools(), today)
    payment.refresh_from_db()
    after = {"金额": f"{due:.2f}", "状态": payment.get_state_display()}
    audit.record("申请支付", payment, acting_user=acting_user, after=after)
    return payment


def _parts(version: ItemVersion, amount: Decimal) -> dict[str, Decimal]:
    """The level of the item bears all where the version shares with nobody."""
    shares = [(one.level, one.percent) for one in version.level_shares.all()]
    return divided(amount, shares or [(version.level, Decimal(100))])


@transaction.atomic
def order_payments(*, payments: Sequence[Payment], today: date, acting_user: User) -> list[Payment]:
    """Order one or several payments (支付令): all of them or none; the money leaves the pools.

    The matters are locked first: nothing is decided, sent back, withdrawn or merged meanwhile.
    """
    roles.require(acting_user, "benefit.pool")
    if not payments:
        raise Refused("没有选择支付", "请至少选择一笔。")
    chosen = Payment.objects.filter(pk__in=[one.pk for one in payments])
    locked_in_order(chosen.values_list("decision__claim__matter", flat=True))
    open_pools = pools.locked_pools()
    pools.let_in_order(open_pools, today)
    wanted = chosen.select_related("decision__claim__matter", "decision__claim__firm")
    ordered = list(wanted.select_for_update(of=("self",)).prefetch_related("shares").order_by("pk"))
    if len(ordered) < len({one.pk for one in payments}):  # taken back while somebody chose
        raise Refused("有的支付申请已经撤销", "请刷新页面后重新选择。")
    left = pools.balances(open_pools)
    due = set(pools.still_due(chosen).values_list("pk", flat=True))
    entries = []
    for one in ordered:
        _require_due(one, is_due=one.pk in due)
        _require_to_order(one, today, acting_user)
        for part in one.shares.all():
            left[part.pool_id] -= part.amount
            entries.append(_entry(part, Kind.PAYMENT, -part.amount, day=today, user=acting_user))
        one.state, one.ordered_on = State.ORDERED, today
        one.save(update_fields=["state", "ordered_on"])
        after = {"金额": f"{one.amount:.2f}", "支付令日期": dates.day(today)}
        audit.record("下达支付令", one, acting_user=acting_user, after=after)
    if any(amount < 0 for amount in left.values()):
        raise Refused("资金池余额不足", "请登记补充资金，或者减少选择。")
    FundEntry.objects.bulk_create(entries)
    return ordered


def _require_due(one: Payment, *, is_due: bool) -> None:
    claim = one.decision.claim
    if claim.firm.is_cancelled:
        raise Refused(f"{claim.matter.number}的企业已经注销，不能下达支付令", SENT_BACK)
    if not is_due and one.state in pools.NOT_ORDERED:
        why = f"{claim.matter.number}的审批决定已经退回、重办或者撤回，不能下达支付令"
        raise Refused(why, "请等承办单位重新作出决定、重新申请支付。")


def _require_to_order(one: Payment, today: date, user: User) -> None:
    number = one.decision.claim.matter.number
    if one.decision.decided_by_id == user.pk:
        raise Refused(f"{number}由您作出审批决定，不能由您下达支付令", "请由其他人员办理。")
    if one.state == State.WAITING:
        raise Refused(f"{number}待资金，不能下达支付令", "请先登记补充资金；先审批的先支付。")
    if one.state != State.REQUESTED:
        raise Refused(f"{number}的支付目前为“{one.get_state_display()}”，不能下达支付令", "请刷新页面查看。")
    if today < one.requested_on:
        raise Refused(f"{number}的支付令日期早于申请支付日期", "请核对日期。")


def _entry(
    part: FundShare, kind: str, amount: Decimal, *, day: date, user: User, pool: FundPool | None = None
) -> FundEntry:
    where = pool.pk if pool else part.pool_id
    return FundEntry(pool_id=where, kind=kind, amount=amount, day=day, share=part, entered_by=user)


@transaction.atomic
def enter_bank_date(*, payment: Payment, bank_on: date, now: datetime, acting_user: User) -> Payment:
    """Enter the day the money reached the account; with the whole amount there the claim is completed."""
    roles.require(acting_user, "benefit.pool")
    matter, claim = locked_claim(payment.decision.claim)
    current = _locked(payment, State.ORDERED, to="登记到账日期")
    if current.ordered_on is None or bank_on < current.ordered_on:
        raise Refused("到账日期早于支付令日期", "请按银行回单核对日期。")
    if bank_on > timezone.localdate(now):
        raise Refused("到账日期晚于今天", "请在资金到账以后登记。")
    current.state, current.bank_on = State.PAID, bank_on
    current.save(update_fields=["state", "bank_on"])
    after = {"金额": f"{current.amount:.2f}", "到账日期": dates.day(bank_on)}
    audit.record("登记到账日期", current, acting_user=acting_user, after=after)
    decision = decision_of(claim)
    if decision is not None and decision.amount is not None and paid(claim) >= decision.amount:
        words = f"{dates.day(bank_on)}到账{current.amount:.2f}元。"
        complete(matter, decision, bank_on, words, now=now, by=acting_user)
    return current


@transaction.atomic
def enter_refund(
    *, payment: Payment, refunded_on: date, why: str, now: datetime, acting_user: User
) -> Payment:
    """Enter that money came back: the pools get it back, and the same decision is paid anew.

    What a closed pool had paid comes back to the pool from which is paid today.
    """
    roles.require(acting_user, "benefit.pool")
    today = timezone.localdate(now)
    matter, _ = locked_claim(payment.decision.claim)
    if not why.strip():
        raise Refused("没有写明退回的原因", "请写明原因，例如户名与账号不符。")
    open_pools = pools.locked_pools()
    current = _locked(payment, State.ORDERED, State.PAID, to="登记退回")
    earliest = current.bank_on or current.ordered_on
    if earliest is None or not earliest <= refunded_on <= today:
        raise Refused("退回日期早于支付日期或者晚于今天", "请按银行通知核对日期。")
    parts = list(current.shares.select_related("pool"))
    back = {
        part: pools.pool_of(part.pool.level, today) if part.pool.closed_on else part.pool for part in parts
    }
    was_paid = current.state == State.PAID
    current.state, current.refunded_on, current.refund_why = State.REFUNDED, refunded_on, why.strip()[:200]
    current.save(update_fields=["state", "refunded_on", "refund_why"])
    FundEntry.objects.bulk_create(
        _entry(part, Kind.REFUND, part.amount, day=refunded_on, user=acting_user, pool=pool)
        for part, pool in back.items()
    )
    pools.let_in_order(open_pools, today)
    if was_paid:
        _undo(matter, current, now, acting_user)
    after = {"金额": f"{current.amount:.2f}", "退回日期": dates.day(refunded_on), "原因": current.refund_why}
    audit.record("登记资金退回", current, acting_user=acting_user, after=after)
    return current


def _undo(matter: Matter, payment: Payment, now: datetime, user: User) -> None:
    """The payment clock runs on from the day the money came back, whenever that is typed.

    A matter that is closed stays closed, and is paid anew all the same.
    """
    if matter.state not in (*HANDLED, *ANSWERED) or payment.refunded_on is None:
        return
    why = f"资金{payment.amount:.2f}元退回：{payment.refund_why}"[:500]
    then = moment_on(payment.refunded_on, payment.decision, now)
    for one in standing(matter).filter(state=Each.COMPLETED):
        handling.undo_beside(assignment=one, reason=why, undone_at=then, now=now, acting_user=user)


def _locked(payment: Payment, *states: Payment.State, to: str) -> Payment:
    rows = Payment.objects.select_for_update(of=("self",)).select_related("decision")
    current = rows.get(pk=payment.pk)
    if current.state not in states:
        raise Refused(f"这笔支付目前为“{current.get_state_display()}”，不能{to}", "请刷新页面查看。")
    return current


@transaction.atomic
def confirm_effect(*, claim: Claim, now: datetime, acting_user: User) -> None:
    """Confirm that a right or a standing is in effect; the claim is completed as of that day."""
    roles.require(acting_user, "benefit.pay")
    matter, current = locked_claim(claim)
    decision = granted_to(acting_user, current, matter, "确认生效")
    effect = decision.takes_effect_on
    if decision.amount is not None or effect is None:
        raise Refused("本决定涉及资金，以银行到账日期为准", "请申请支付。")
    if effect > timezone.localdate(now):
        raise Refused(f"权益自{dates.day(effect)}起生效，还没有到期", "请到生效之日再确认。")
    complete(matter, decision, effect, f"自{dates.day(effect)}起生效。", now=now, by=acting_user)
