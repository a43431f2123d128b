"""A year of claims in the demo county, each settled by the services that people's pages call.

It ends with today: some wait for acceptance, a supplement, a decision, money or a call, some are late.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial

from django.utils import timezone

from benefits.catalogue.drafting import in_force
from benefits.claims import papers, sealing
from benefits.claims.deciding import Decided, decide_claim, decision_of
from benefits.claims.making import Asked, make_claim
from benefits.funds import pools
from benefits.matching.conditions import matchable
from benefits.models import Claim, ClaimPaper, Firm, FundEntry, FundPool, ItemVersion, Payment
from benefits.payments import paying
from benefits.rules import rules
from casework.matters import acceptance, assigning, calling, closing, reviewing
from casework.models import Assignment, Matter
from demo import benefit_items
from demo.benefit_items import Handlers
from demo.diary import Diary
from office.models import User

State, Each = Matter.State, Assignment.State
Paying = Payment.State
WAITING, THERE, WAIVED = ClaimPaper.State.MISSING, ClaimPaper.State.HANDED_IN, ClaimPaper.State.WAIVED
REASON = "所附材料不能证明符合申报条件（示范）"
REMEDY = "可以在10个工作日内向专窗提出异议"


@dataclass(frozen=True)
class Size:
    """How much there is; a test has a short year."""

    days: int = 365
    a_month: int = 60
    earlier: int = 30  # a month, in the half of the days that is long past
    items: int = 120
    firms: int = 300
    months: int = 4


class Claims:
    """Notes what happens to each claim, one step after the other, in the order of time."""

    def __init__(
        self,
        people: Mapping[str, User],
        handlers: Handlers,
        diary: Diary,
        size: Size,
        firms: Sequence[Firm],
    ) -> None:
        self.people, self.handlers, self.diary, self.size = people, handlers, diary, size
        self.chance = diary.chance
        self._labels = dict(benefit_items.labels_of(firms))
        self._on: tuple[date | None, list[ItemVersion]] = (None, [])
        self._fits: dict[int, list[Firm]] = {}
        self._claimed: set[tuple[int, int]] = set()

    def note(self) -> None:
        """Money first, then the claims of every day, and the orders of each morning."""
        first = self.diary.today - timedelta(days=self.size.days)
        self._note_money(first)
        half = self.size.days // 2
        for begins, days, a_month in ((0, half, self.size.earlier), (half, half + 1, self.size.a_month)):
            for place in range(days * a_month * 12 // 365):
                day = first + timedelta(days=begins + place * 365 // (a_month * 12))
                self.diary.at(day, self.chance.choice((9, 9, 10, 11, 13, 14, 15)), self._claim)
        for number in range(self.size.days):
            day = first + timedelta(days=number)
            if self.diary.calendar.works(day):
                self.diary.at(day, 11, self._order)

    # --- Money

    def _note_money(self, first: date) -> None:
        """A budget at the beginning and each January, refills that come a little late."""
        at, share = self.diary.at, Decimal(self.size.a_month) / 60
        at(first, 9, partial(self._money, FundEntry.Kind.BUDGET, Decimal(3_000_000) * share))
        for year in range(first.year + 1, self.diary.today.year + 1):
            at(date(year - 1, 12, 30), 16, self._close_pools)
            at(date(year, 1, 4), 9, partial(self._money, FundEntry.Kind.BUDGET, Decimal(6_000_000) * share))
            for month in (5, 8, 11):
                refill = partial(self._money, FundEntry.Kind.REFILL, Decimal(4_000_000) * share)
                at(date(year, month, 12), 10, refill)

    def _money(self, kind: str, amount: Decimal, at: datetime) -> None:
        today = timezone.localdate(at)
        for level in benefit_items.LEVELS:
            pools.enter_money(
                level=level,
                year=today.year,
                kind=kind,
                amount=amount.quantize(Decimal("0.01")),
                remark="",
                today=today,
                acting_user=self.people["reviewer"],
            )

    def _close_pools(self, at: datetime) -> None:
        for pool in FundPool.objects.filter(closed_on=None, year=timezone.localdate(at).year):
            pools.close_pool(pool=pool, today=timezone.localdate(at), acting_user=self.people["reviewer"])

    def _order(self, at: datetime) -> None:
        """Order what is requested; the bank mostly books it on the same day."""
        waiting = list(Payment.objects.filter(state=Paying.REQUESTED)[:50])
        if not waiting:
            return
        by = self.people["centre"]
        for one in paying.order_payments(payments=waiting, today=timezone.localdate(at), acting_user=by):
            days = self.chance.choices((0, 1, 3), (86, 9, 5))[0]
            arrive = partial(self._arrive, one.pk)
            self.diary.soon(at, 150, arrive) if days == 0 else self.diary.after(at, days, arrive)

    def _arrive(self, payment_id: int, at: datetime) -> None:
        payment = Payment.objects.select_related("decision__claim").get(pk=payment_id)
        today, by = timezone.localdate(at), self.people["centre"]
        if self.chance.random() < 0.02:
            paying.enter_refund(
                payment=payment, refunded_on=today, why="户名与账号不符（示范）", now=at, acting_user=by
            )
            self.diary.after(at, 1, partial(self._request, payment.decision.claim_id))
            return
        paying.enter_bank_date(payment=payment, bank_on=today, now=at, acting_user=by)
        self._after_reply(payment.decision.claim_id, at)

    # --- One claim

    def _claim(self, at: datetime) -> None:
        """A firm claims an item that is in force and that it fits; by itself or at the window."""
        today = timezone.localdate(at)
        version = self.chance.choice(self._versions(today))
        fitting = [one for one in self._firms(version) if (one.pk, version.item_id) not in self._claimed]
        if not fitting:
            return
        by_firm = self.chance.random() < 0.35
        lacks = not by_firm and self.chance.random() < 0.15
        needed = list(version.papers.all())
        states = {one.pk: WAIVED if one.may_be_waived else THERE for one in needed}
        if lacks:
            states[needed[-1].pk] = WAITING
        firm, number = self.chance.choice(fitting), self.chance.randrange(10**6)
        self._claimed.add((firm.pk, version.item_id))
        ceiling = version.ceiling
        amount = (
            (ceiling * self.chance.randrange(30, 101) / 100).quantize(Decimal("0.01")) if ceiling else None
        )
        claimed = make_claim(
            asked=Asked(
                firm=firm,
                version=version,
                amount=amount,
                account=f"示范银行 9900{number:012}" if ceiling else "",
                papers=states,
                contact=f"示范联系人{number}",
                phone=f"0000-{number:07}",
                is_promised=True,
            ),
            source="web" if by_firm else "window",
            now=at,
            acting_user=None if by_firm else self.people["window"],
        )
        step = self._ask_for_missing if lacks else self._accept
        self.diary.soon(at, self.chance.randrange(10, 180), partial(step, claimed.claim.pk))

    def _versions(self, today: date) -> list[ItemVersion]:
        if self._on[0] != today:
            free = [one.category for one in rules()[1].classes.items if one.without_application]
            self._on = (today, list(in_force(today).exclude(category__in=free).prefetch_related("papers")))
        return self._on[1]

    def _firms(self, version: ItemVersion) -> list[Firm]:
        """The firms that fit, or may fit."""
        if version.pk not in self._fits:
            item = matchable(max(version.valid_from, timezone.localdate()), version.pk)
            self._fits[version.pk] = [
                firm
                for firm, labels in self._labels.items()
                if not item or item[0].decide(labels).answer != "no"
            ]
        return self._fits[version.pk]

    def _ask_for_missing(self, claim_id: int, at: datetime) -> None:
        claim = _claim(claim_id)
        papers.ask_for_missing(
            claim=claim, what=papers.notice_text(claim), now=at, acting_user=self.people["window"]
        )
        if self.chance.random() < 0.85:
            self.diary.after(at, self.chance.randrange(1, 8), partial(self._complete_papers, claim_id))

    def _complete_papers(self, claim_id: int, at: datetime) -> None:
        claim = _claim(claim_id)
        states = {one.paper_id: THERE for one in papers.of_claim(claim) if one.state == WAITING}
        papers.check_papers(
            claim=claim, states=states, files_of={}, now=at, acting_user=self.people["window"]
        )
        self.diary.soon(at, self.chance.randrange(10, 180), partial(self._accept, claim_id))

    def _accept(self, claim_id: int, at: datetime) -> None:
        matter, by = _claim(claim_id).matter, self.people["window"]
        if self.chance.random() < 0.03:
            refusal = self.chance.choice(matter.procedure.intake.refusals)
            reason = "经核对，不符合受理条件（示范）。"
            matter = acceptance.propose_refusal(
                matter=matter, refusal=refusal.id, reason=reason, now=at, acting_user=by
            )
            if matter.state == State.REFUSING:
                self.diary.soon(at, 60, partial(self._refuse, claim_id))
            return
        matter = acceptance.accept_matter(matter=matter, now=at, acting_user=by)
        acceptance.judge_matter(matter=matter, category=matter.category, opinion="", now=at, acting_user=by)
        self.diary.soon(at, self._within_the_hour(), partial(self._assign, claim_id))

    def _refuse(self, claim_id: int, at: datetime) -> None:
        acceptance.settle_refusal(
            matter=_claim(claim_id).matter,
            agrees=True,
            opinion="同意",
            now=at,
            acting_user=self.people["reviewer"],
        )

    def _within_the_hour(self) -> int:
        return self.chance.randrange(5, 55) if self.chance.random() < 0.93 else self.chance.randrange(65, 200)

    def _assign(self, claim_id: int, at: datetime) -> None:
        """To the department of the item; now and then first to another, which hands it back."""
        claim = _claim(claim_id)
        unit = claim.version.department
        others = [one for one in self.handlers if one != unit]
        wrong = bool(others) and claim.matter.hand_backs == 0 and self.chance.random() < 0.05
        if wrong:
            unit = self.chance.choice(others)
        (one,) = assigning.assign_matter(
            matter=claim.matter, units=[unit], now=at, acting_user=self.people["window"]
        )
        minutes = self.chance.randrange(10, 45) if wrong else self._within_the_hour()
        step = self._hand_back if wrong else self.sign
        self.diary.soon(at, minutes, partial(step, claim_id, one.pk))

    def _hand_back(self, claim_id: int, assignment_id: int, at: datetime) -> None:
        one = Assignment.objects.select_related("matter__version", "unit").get(pk=assignment_id)
        reason = "不属于本部门职责（示范）。"
        assigning.hand_back(assignment=one, reason=reason, now=at, acting_user=self._by(one))
        self.diary.soon(at, self._within_the_hour(), partial(self._assign, claim_id))

    def sign(self, claim_id: int, assignment_id: int, at: datetime) -> None:
        one = Assignment.objects.select_related("matter__version", "unit").get(pk=assignment_id)
        assigning.sign_for_assignment(assignment=one, now=at, acting_user=self._by(one))
        days = self.chance.randrange(1, 9) if self.chance.random() < 0.93 else self.chance.randrange(11, 14)
        self.diary.after(at, days, partial(self._decide, claim_id))

    def _by(self, one: Assignment) -> User:
        """Who of the unit does it: what is done again, the other one."""
        return self.handlers[one.unit][one.matter.times_reopened % 2]

    def _decide(self, claim_id: int, at: datetime) -> None:
        claim = _claim(claim_id)
        (one,) = claim.matter.assignments.filter(state=Each.IN_HAND).select_related("matter", "unit")
        is_money = rules()[1].gives_money(claim.version.kind)
        if claim.matter.times_reopened == 0 and self.chance.random() < 0.1:
            decided = Decided(False, claim.version.clause, "示范局长", reason=REASON, remedy=REMEDY)
        elif is_money:
            asked = claim.amount_asked or Decimal(1000)
            part = self.chance.choice((100, 100, 100, 90, 80))
            amount = (asked * part / 100).quantize(Decimal("0.01"))
            decided = Decided(True, claim.version.clause, "示范局长", amount=amount)
        else:
            on = timezone.localdate(at)
            decided = Decided(True, claim.version.clause, "示范局长", takes_effect_on=on)
        decide_claim(claim=claim, decided=decided, now=at, acting_user=self._by(one))
        if not decided.is_granted:
            self._after_reply(claim_id, at)
        else:
            step = self._request if is_money else self._confirm
            self.diary.soon(at, self.chance.randrange(20, 90), partial(step, claim_id))

    def _request(self, claim_id: int, at: datetime) -> None:
        claim = _claim(claim_id)
        one = claim.matter.assignments.filter(is_lead=True).select_related("matter", "unit").latest("pk")
        if not claim.account:  # of a list: the window asked the firm
            account = f"示范银行 9800{claim_id:012}"
            sealing.change_account(claim=claim, account=account, acting_user=self.people["window"])
            claim.refresh_from_db()
        paying.request_payment(claim=claim, now=at, acting_user=self._by(one))

    def _confirm(self, claim_id: int, at: datetime) -> None:
        claim = _claim(claim_id)
        one = claim.matter.assignments.filter(is_lead=True).select_related("matter", "unit").latest("pk")
        paying.confirm_effect(claim=claim, now=at, acting_user=self._by(one))
        self._after_reply(claim_id, at)

    def _after_reply(self, claim_id: int, at: datetime) -> None:
        if _claim(claim_id).matter.state == State.CALLING:
            days = self.chance.randrange(1, 5)
            self.diary.after(at, days, partial(self._call, claim_id, self.chance.random() < 0.1))

    def _call(self, claim_id: int, in_vain: bool, at: datetime) -> None:
        """Call until somebody answers, or in vain three times on two days."""
        matter = _claim(claim_id).matter
        rule = matter.procedure.call_back
        if rule is None or matter.state != State.CALLING:
            return
        answer = self.chance.choices((*rule.satisfied, *rule.unsatisfied), (75, 18, 7))[0]
        answers = {one.id: one.choices[0] for one in rule.questions if one.choices}
        calling.note_call(
            matter=matter,
            way="电话",
            is_reached=not in_vain,
            answers=None if in_vain else {**answers, rule.satisfaction: answer},
            now=at,
            acting_user=self.people["window"],
        )
        again = _claim(claim_id).matter.state == State.CALLING
        step: Callable[[datetime], None] = (
            partial(self._call, claim_id, in_vain) if again else partial(self._close, claim_id)
        )
        self.diary.after(at, int(again), step)

    def _close(self, claim_id: int, at: datetime) -> None:
        matter = _claim(claim_id).matter
        if matter.state != State.CLOSING:
            return
        answered = matter.assignments.exclude(proposed_outcome="").latest("pk")
        outcome = answered.proposed_outcome
        closing.close_matter(matter=matter, outcome=outcome, now=at, acting_user=self.people["centre"])
        decision = decision_of(_claim(claim_id))
        if decision is not None and not decision.is_granted and self.chance.random() < 0.4:
            self.diary.after(at, 2, partial(self._object, claim_id))

    def _object(self, claim_id: int, at: datetime) -> None:
        """The firm objects; somebody who had no part upholds the refusal or lets it be done again."""
        matter = _claim(claim_id).matter
        reviewing.ask_review(matter=matter, reason="材料能够证明符合条件（示范）。", now=at, acting_user=None)
        self.diary.after(at, 5, partial(self._review, claim_id))

    def _review(self, claim_id: int, at: datetime) -> None:
        matter = _claim(claim_id).matter
        review = matter.review
        redo = self.chance.random() < 0.4
        reviewing.decide_review(
            review=review,
            decision=review.Decision.REDO if redo else review.Decision.UPHELD,
            opinion="经复核，应重新审核（示范）。" if redo else "原决定符合规定（示范）。",
            now=at,
            acting_user=self.people["leader"],
        )
        if redo:
            self.diary.soon(at, 30, partial(self._assign, claim_id))


def _claim(claim_id: int) -> Claim:
    rows = Claim.objects.select_related("matter__version", "version__department", "version__item", "firm")
    return rows.get(pk=claim_id)
