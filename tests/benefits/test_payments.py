"""Money of claims: requested, ordered, on the account; pools that are never below nothing (GY-R14)."""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from django.db.models import Sum
from hypothesis import given
from hypothesis import strategies as st

from benefits.claims.sealing import change_account
from benefits.desk.claims_list import MONEY_IS
from benefits.funds import pools
from benefits.funds.sharing import divided
from benefits.models import Claim, Firm, FundEntry, FundPool, LevelShare, Payment
from benefits.payments import accounts, paying
from casework.matters import deciding, handling, lateness, reviewing
from casework.matters.closing import withdraw_matter
from casework.models import Assignment, Clock, Matter
from office.errors import Refused
from office.models import AuditEntry
from tests.benefits.county import BenefitCounty, ready
from tests.casework.desk import at
from tests.kit.at_once import DONE, at_once

pytestmark = pytest.mark.django_db
State = Payment.State
REFUSAL: dict[str, Any] = {"is_granted": False, "amount": None, "reason": "不符合", "remedy": "可以提出异议"}


@pytest.fixture
def county() -> BenefitCounty:
    return ready()


def payment_clock(claim: Claim) -> Clock:
    return Clock.objects.filter(matter=claim.matter_id, rule="payment").order_by("-pk")[0]


def test_the_bank_date_judges_the_clock_whenever_it_is_typed(county: BenefitCounty) -> None:
    """GY-R14: decided on Monday, on the account on Tuesday, typed on Friday: in time."""
    county.money("500000")
    for bank_on, is_late in (("2026-03-03", False), ("2026-03-04", True)):
        claim = county.granted("2026-03-02T10:00")
        payment = county.request(claim, "2026-03-02T10:30")
        with pytest.raises(Refused, match="不能登记到账日期"):
            county.bank(payment, "2026-03-02", "2026-03-06T10:00")
        county.order("2026-03-02", payment)
        for wrong, why in (("2026-03-07", "晚于今天"), ("2026-03-01", "早于支付令")):
            with pytest.raises(Refused, match=why):
                county.bank(payment, wrong, "2026-03-06T10:00")
        county.bank(payment, bank_on, "2026-03-06T10:00")
        assert payment_clock(claim).is_late is is_late
        claim.matter.refresh_from_db()
        assert claim.matter.state == Matter.State.CALLING


def test_a_right_is_done_on_the_day_it_takes_effect(county: BenefitCounty) -> None:
    """GY-R14: no money, no payment; confirmed from that day on, and judged by it."""
    right = county.publish("HQ-002", kind="right", ceiling=None)
    claim, _ = county.in_hand("2026-03-02T09:10", version=right, amount=None)
    with pytest.raises(Refused, match="不涉及资金"):
        county.decide(claim, "2026-03-03T10:00", takes_effect_on=date(2026, 3, 4))
    county.decide(claim, "2026-03-03T10:00", amount=None, takes_effect_on=date(2026, 3, 4))
    with pytest.raises(Refused, match="还没有到期"):
        paying.confirm_effect(claim=claim, now=at("2026-03-03T11:00"), acting_user=county.officer)
    with pytest.raises(Refused, match="不涉及资金"):
        county.request(claim, "2026-03-03T11:00")
    paying.confirm_effect(claim=claim, now=at("2026-03-09T11:00"), acting_user=county.officer)
    assert payment_clock(claim).is_late is False


def test_first_approved_is_first_paid(county: BenefitCounty) -> None:
    """GY-R14: a smaller one that was approved later never overtakes; a refill lets in by the order."""
    county.money("100000")
    first, second, third = (county.granted(f"2026-03-02T{hour}:00", "80000") for hour in ("09", "10", "11"))
    small = county.granted("2026-03-02T14:00", "1000")
    at_third, at_small, at_second, at_first = (
        county.request(one, "2026-03-02T15:00") for one in (third, small, second, first)
    )

    def states() -> list[str]:
        return [Payment.objects.get(pk=one.pk).state for one in (at_first, at_second, at_third, at_small)]

    assert states() == ["requested", "waiting", "waiting", "waiting"], "what the third had goes to the first"
    with pytest.raises(Refused, match="待资金"):
        county.order("2026-03-02", at_second)
    county.order("2026-03-02", at_first)
    county.money("60000")
    assert states() == ["ordered", "requested", "waiting", "waiting"]
    assert payment_clock(second).state == "running", "waiting for money stops no clock"
    with pytest.raises(Refused, match="余额低于零"):
        county.money("-100000")
    withdraw_matter(matter=second.matter, reason="", now=at("2026-03-02T16:00"), acting_user=None)
    with pytest.raises(Refused, match="已经撤销"):
        county.order("2026-03-02", at_second)
    at_second = at_first
    assert states() == ["ordered", "ordered", "requested", "waiting"], "what was set aside goes to the next"
    county.money("1000")
    assert states()[2:] == ["requested", "requested"]


def test_a_refund_gives_the_pool_its_money_and_the_clock_its_time(county: BenefitCounty) -> None:
    """GY-R14: money that came back was not paid; the same decision is paid anew to another account."""
    county.money("80000")
    claim = county.granted("2026-03-02T10:00")
    payment = county.request(claim, "2026-03-02T10:10")
    county.order("2026-03-02", payment)
    change: dict[str, Any] = {"claim": claim, "account": "另一银行 11110000", "acting_user": county.clerk}
    with pytest.raises(Refused, match="支付令已经开出"):
        change_account(**change)
    county.bank(payment, "2026-03-02", "2026-03-02T16:00")
    assert payment_clock(claim).state == "met"
    county.refund(payment, "2026-03-03")
    (pool,) = FundPool.objects.all()
    assert pools.balances([pool])[pool.pk] == Decimal(80000)
    assert payment_clock(claim).state == "running"
    with pytest.raises(Refused, match="不能登记退回"):
        county.refund(payment, "2026-03-03")
    change_account(**change)
    again = county.request(claim, "2026-03-04T09:00")
    county.order("2026-03-04", again)
    assert accounts.account_for_order(payment=Payment.objects.get(pk=again.pk), acting_user=county.operator)
    county.bank(again, "2026-03-04", "2026-03-04T16:00")
    assert payment_clock(claim).is_late is False, "days on which the money was away do not count"
    told = str(list(AuditEntry.objects.values_list("before", "after", "object_label")))
    assert "11110000" not in told
    assert "测试联系人" not in told


def test_money_back_after_the_call_is_paid_and_called_anew(county: BenefitCounty) -> None:
    """GY-R14: judged by the day it came back, whenever that is typed; after the end it is still due."""
    county.money("500000")
    due: list[Any] = []
    for typed in ("2026-03-04T16:00", "2026-03-16T16:00"):
        claim = county.granted("2026-03-02T10:00")
        payment = county.request(claim, "2026-03-02T10:30")
        county.order("2026-03-02", payment)
        county.bank(payment, "2026-03-02", "2026-03-02T16:00")
        county.call(claim.matter, "2026-03-03T10:00")
        county.refund(payment, "2026-03-04", typed)
        due.append((payment_clock(claim).due_at, payment_clock(claim).pauses))
    assert due == [(at("2026-03-05T17:00"), [["2026-03-02", "2026-03-04"]])] * 2
    assert Claim.objects.filter(**MONEY_IS["request"]()).count() == 2
    again = county.request(claim, "2026-03-17T09:30")
    county.order("2026-03-17", again)
    county.bank(again, "2026-03-17", "2026-03-17T16:00")
    county.close(claim.matter, "2026-03-18T10:00", "paid")
    assert claim.matter.call_backs.count() == 2
    assert Claim.objects.filter(**MONEY_IS["request"]()).count() == 1
    county.refund(again, "2026-03-19")
    assert Claim.objects.filter(**MONEY_IS["request"]()).count() == 2, "closed, and still due"


def test_only_what_still_holds_is_ordered(county: BenefitCounty) -> None:
    """GY-R14: sent back, done again, a firm that is no more: nothing is paid, and nobody waits behind it."""
    county.money("80000")
    first, second, third = (county.granted(f"2026-03-02T{hour}:00") for hour in ("09", "10", "11"))
    payments = [county.request(one, "2026-03-02T12:00") for one in (first, second, third)]
    back = {"reason": "金额有误", "acting_user": county.operator}
    handling.return_reply(assignment=first.matter.assignments.get(), now=at("2026-03-02T14:00"), **back)
    with pytest.raises(Refused, match="退回、重办"):
        county.order("2026-03-02", payments[0])
    county.order("2026-03-02", payments[1])
    county.decide(first, "2026-03-02T15:00", **REFUSAL)
    assert not Payment.objects.filter(pk=payments[0].pk).exists()
    assert AuditEntry.objects.filter(verb="撤销支付申请").count() == 1
    handling.return_reply(assignment=second.matter.assignments.get(), now=at("2026-03-02T15:10"), **back)
    with pytest.raises(Refused, match="不能改为更少的金额"):
        county.decide(second, "2026-03-03T10:00", **REFUSAL)
    county.decide(second, "2026-03-04T10:00")
    county.bank(payments[1], "2026-03-03", "2026-03-05T10:00")
    second.matter.refresh_from_db()
    assert second.matter.state == Matter.State.CALLING, "the bank's true day is before the new decision"
    matter = Matter.objects.get(pk=third.matter_id)
    lateness.put_before_leading_group(matter, "兑现逾期", now=at("2026-03-12T10:00"), by=None)
    group: dict[str, Any] = {"matter": matter, "text": "重新核实", "acting_user": county.leader}
    deciding.decide_referred(**group, decision="assign", now=at("2026-03-12T11:00"))
    county.money("80000")
    with pytest.raises(Refused, match="退回、重办"):
        county.order("2026-03-12", payments[2])
    (again,) = county.assign(matter, "2026-03-12T12:00")
    county.sign(again, "2026-03-12T14:10")
    Firm.objects.filter(pk=third.firm_id).update(is_cancelled=True)
    with pytest.raises(Refused, match="已经注销，不能批准"):
        county.decide(third, "2026-03-12T14:20")
    Firm.objects.update(is_cancelled=False)
    county.decide(third, "2026-03-12T14:30")
    assert not Payment.objects.filter(pk=payments[2].pk).exists(), "of the time before"
    anew = county.request(third, "2026-03-12T15:00")
    Firm.objects.filter(pk=third.firm_id).update(is_cancelled=True)
    with pytest.raises(Refused, match="企业已经注销"):
        county.order("2026-03-12", anew)


def test_a_claim_ends_as_it_was_decided(county: BenefitCounty) -> None:
    """GY-R14: a refusal is never closed as paid, a grant only once it is; also for the leading group."""
    refused, _ = county.in_hand("2026-03-02T09:10")
    county.decide(refused, "2026-03-02T10:00", **REFUSAL)
    with pytest.raises(Refused, match="请按“不予兑现”办结"):
        county.close(refused.matter, "2026-03-03T10:00", "paid")
    granted = county.granted("2026-03-02T10:00")
    undecided, _ = county.in_hand("2026-03-02T09:10", firm=county.other_firm)
    payment = county.request(granted, "2026-03-02T10:30")
    for claim in (granted, undecided):
        matter = Matter.objects.get(pk=claim.matter_id)
        lateness.put_before_leading_group(matter, "兑现逾期", now=at("2026-03-12T10:00"), by=None)
        group: dict[str, Any] = {"matter": matter, "text": "办结", "acting_user": county.leader}
        deciding.decide_referred(**group, decision="close", now=at("2026-03-12T11:00"))
    with pytest.raises(Refused, match="还没有批准兑现"):
        county.close(undecided.matter, "2026-03-13T10:00", "paid")
    assert county.close(undecided.matter, "2026-03-13T10:00", "refused").is_solved is False
    with pytest.raises(Refused, match="还没有到账，不能办结"):
        county.close(granted.matter, "2026-03-13T10:00", "paid")
    county.money("80000")
    county.order("2026-03-13", payment)
    county.bank(payment, "2026-03-13", "2026-03-13T16:00")
    assert county.close(granted.matter, "2026-03-16T10:00", "paid").is_solved is True


def test_a_second_decision_pays_the_difference(county: BenefitCounty) -> None:
    """GY-R14: after a review nothing is paid twice."""
    county.money("500000")
    for amount, difference in (("90000", "10000"), ("80000", "")):
        claim = county.granted("2026-03-02T10:00")
        payment = county.request(claim, "2026-03-02T10:10")
        county.order("2026-03-02", payment)
        county.bank(payment, "2026-03-02", "2026-03-02T16:00")
        county.close(claim.matter, "2026-03-03T10:00", "paid")
        review = reviewing.ask_review(
            matter=claim.matter, reason="金额有误", now=at("2026-03-04T09:00"), acting_user=None
        )
        reviewing.decide_review(
            review=review,
            decision="redo",
            opinion="重新核算",
            now=at("2026-03-05T09:00"),
            acting_user=county.reviewer,
        )
        (again,) = county.assign(claim.matter, "2026-03-05T10:00")
        county.sign(again, "2026-03-05T10:10")
        with pytest.raises(Refused, match="不能改为更少的金额"):
            county.decide(claim, "2026-03-05T10:40", amount=Decimal(79999))
        with pytest.raises(Refused, match="不能改为更少的金额"):
            county.decide(claim, "2026-03-05T10:50", **REFUSAL)
        county.decide(claim, "2026-03-05T11:00", amount=Decimal(amount))
        if difference:
            rest = county.request(claim, "2026-03-05T11:10")
            assert rest.amount == Decimal(difference)
            county.order("2026-03-05", rest)
            county.refund(rest, "2026-03-06")
            change_account(claim=claim, account="另一银行 11110000", acting_user=county.clerk)
        else:
            paying.request_payment(claim=claim, now=at("2026-03-05T11:10"), acting_user=county.officer)
        again.refresh_from_db()
        assert again.state == (Assignment.State.REPLIED if difference else Assignment.State.COMPLETED)
        assert [one.cycle for one in claim.decisions.all()] == [0, 1]


def test_a_pool_is_closed_at_the_end_of_its_year(county: BenefitCounty) -> None:
    """GY-R14: ordered in December and paid in January; who waits goes on in the next year's pool."""
    county.money("100000", "2025-12-01")
    ordered, waits = county.granted("2025-12-30T10:00"), county.granted("2025-12-30T11:00")
    first, second = county.request(ordered, "2025-12-30T14:00"), county.request(waits, "2025-12-30T14:00")
    county.order("2025-12-31", first)
    with pytest.raises(Refused, match="还没有结账"):
        county.money("80000", "2026-01-02")
    old = FundPool.objects.get(year=2025)
    pools.close_pool(pool=old, today=date(2025, 12, 31), acting_user=county.operator)
    county.bank(first, "2026-01-04", "2026-01-05T10:00")
    assert payment_clock(ordered).is_late is True
    second.refresh_from_db()
    assert (second.state, second.shares.get().pool.year) == (State.WAITING, 2026)
    county.money("80000", "2026-01-02")
    county.order("2026-01-05", second)
    county.refund(first, "2026-01-06")
    new = FundPool.objects.get(year=2026)
    assert pools.balances([old, new]) == {old.pk: Decimal(), new.pk: Decimal(80000)}, "back where is paid now"


@given(cents=st.integers(1, 10**12), cuts=st.lists(st.integers(1, 9999), min_size=1, max_size=3, unique=True))
def test_parts_sum_to_the_whole(cents: int, cuts: list[int]) -> None:
    """GY-R14: cut to the cent, the last level bears the rest, whatever the amount."""
    ends = [0, *sorted(cuts), 10000]
    percents = [(str(low), Decimal(high - low) / 100) for low, high in pairwise(ends)]
    parts = divided(Decimal(cents) / 100, percents)
    assert sum(parts.values()) == Decimal(cents) / 100
    assert all(part > 0 and part == part.quantize(Decimal("0.01")) for part in parts.values())


def test_a_cent_is_borne_by_one() -> None:
    halves = [("city", Decimal(50)), ("county", Decimal(50))]
    assert divided(Decimal("0.01"), halves) == {"county": Decimal("0.01")}, "no level bears nothing"


def test_levels_share_a_payment(county: BenefitCounty) -> None:
    thirds = [("city", Decimal("33.33")), ("county", Decimal("33.33")), ("province", Decimal("33.34"))]
    version = county.item
    LevelShare.objects.bulk_create(LevelShare(version=version, level=one, percent=of) for one, of in thirds)
    payment = county.request(county.granted("2026-03-02T10:00", "100.00"), "2026-03-02T11:00")
    parts = {one.pool.level: str(one.amount) for one in payment.shares.all()}
    assert parts == {"city": "33.33", "county": "33.33", "province": "33.34"}


def test_money_is_kept_whatever_happens_in_whatever_order(county: BenefitCounty) -> None:
    """GY-R14: pools never below nothing, parts equal the whole, refunds restore, the order holds."""
    chance = random.Random(1614)  # noqa: S311 - made-up amounts
    shares = [("city", Decimal(60)), ("county", Decimal(40))]
    LevelShare.objects.bulk_create(
        LevelShare(version=county.item, level=level, percent=percent) for level, percent in shares
    )
    claims = [
        county.granted(f"2026-03-02T{9 + n // 6:02}:{n % 6}0", f"{chance.randint(1, 9_000_000) / 100:.2f}")
        for n in range(8)
    ]
    now = "2026-03-03T10:00"
    for level in ("city", "county"):
        county.money("90000", "2026-03-02", level)
    for _ in range(36):
        act = chance.choice(["money", "request", "request", "order", "bank", "refund"])
        open_ones = list(Payment.objects.filter(state__in=("requested", "ordered", "paid")))
        try:
            if act == "money":
                amount = str(Decimal(chance.randint(-2_000_000, 9_000_000)) / 100)
                county.money(amount, "2026-03-02", chance.choice(["city", "county"]))
            elif act == "request":
                county.request(chance.choice(claims), now)
            elif open_ones:
                one = chance.choice(open_ones)
                if act == "order":
                    county.order("2026-03-03", one)
                elif act == "bank":
                    county.bank(one, "2026-03-03", now)
                else:
                    county.refund(one, "2026-03-03")
        except Refused:
            pass
        _check_money()
    assert Payment.objects.filter(state="paid").exists()
    assert FundEntry.objects.filter(kind="refund").exists()


def _check_money() -> None:
    everything = list(FundPool.objects.all())
    held, aside = pools.balances(everything), pools.set_aside(everything)
    assert all(held[pk] - aside.get(pk, 0) >= 0 for pk in held)
    for one in Payment.objects.prefetch_related("shares"):
        assert sum(part.amount for part in one.shares.all()) == one.amount
    out = Payment.objects.filter(state__in=("ordered", "paid")).aggregate(n=Sum("amount"))["n"] or 0
    came = FundEntry.objects.filter(kind__in=("budget", "refill")).aggregate(n=Sum("amount"))["n"] or 0
    assert round(sum(held.values()) + out - came, 2) == 0
    for pool in everything:
        open_ones = Payment.objects.filter(shares__pool=pool, state__in=("waiting", "requested"))
        states = list(open_ones.order_by("decision__decided_at").values_list("state", flat=True))
        short = [n for n, state in enumerate(states) if state == "waiting"]
        rest = held[pool.pk] - aside.get(pool.pk, 0)
        if short and len(everything) == 1:
            assert "requested" not in states[short[0] :], rest


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_two_at_once_pay_once(county: BenefitCounty) -> None:
    """GY-R14: of two orders on one pool, two requests and two deciders one comes second and is refused."""
    claim, _ = county.in_hand("2026-03-02T09:10", account="测试银行 00000000")
    said = at_once(*[lambda: county.decide(claim, "2026-03-02T10:00")] * 2)
    assert [one == DONE for one in said] == [True, False]
    county.money("80000")
    said = at_once(*[lambda: county.request(claim, "2026-03-02T11:00")] * 2)
    assert [one == DONE for one in said] == [True, False]
    payment = Payment.objects.get()
    said = at_once(*[lambda: county.order("2026-03-02", payment)] * 2)
    assert [one == DONE for one in said] == [True, False]
    said = at_once(*[lambda: county.bank(payment, "2026-03-02", "2026-03-02T16:00")] * 2)
    assert [one == DONE for one in said] == [True, False]
    (pool,) = FundPool.objects.all()
    assert pools.balances([pool])[pool.pk] == 0
    county.money("80000")
    back = county.granted("2026-03-02T10:00")
    payment = county.request(back, "2026-03-02T11:00")
    said = at_once(
        lambda: withdraw_matter(matter=back.matter, reason="", now=at("2026-03-02T14:00"), acting_user=None),
        lambda: county.order("2026-03-02", payment),
    )
    assert [one == DONE for one in said] == [True, False]
