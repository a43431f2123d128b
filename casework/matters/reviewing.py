"""Review (复核): asked for in time by the reporter, decided by somebody who had no part; one level."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from casework.matters import clocks, parties
from casework.matters.acceptance import accepted
from casework.matters.clocks import Reckoner
from casework.matters.events import Act, note
from casework.matters.reopening import reopen
from casework.matters.state import State, at_state, locked
from casework.models import Matter, Review
from office import roles
from office.calendar import days
from office.errors import Refused
from office.models import User

CLOCK = "review"
REVIEWED = (State.CLOSED, State.REFUSED)
NO_PART = (Act.REGISTERED, Act.HELD, Act.RELEASED, Act.REVIEW_ASKED, Act.NOTED, Act.TAKEN_OVER, Act.OPENED)


@transaction.atomic
def ask_review(*, matter: Matter, reason: str, now: datetime, acting_user: User | None) -> Review:
    """Ask for the review; without `acting_user` the reporter asks by number and query code."""
    if acting_user is not None:
        roles.require(acting_user, "matter.register")
    rule = matter.procedure.review
    if rule is None:
        raise Refused("按规程没有复核", "可以作为新事项反映。")
    if not reason.strip():
        raise Refused("没有写明申请复核的理由", "请写明对办理结果的哪一点不服。")
    current = at_state(matter, *REVIEWED, to="申请复核")
    if Review.objects.filter(matter=current).exists():
        raise Refused("本事项已经复核过，复核只有一次", "有新的证据的，可以作为新事项反映。")
    reckoner = Reckoner()
    told = current.told_at or current.closed_at or current.received_at
    limit = reckoner.clock.limit(days.local(told), rule.ask_within.span)
    if not limit.is_met_by(days.local(now)):
        raise Refused(f"已过申请复核的期限（{limit.why('告知')}）", "有新的证据的，可以作为新事项反映。")
    review = Review.objects.create(
        matter=current,
        reviewed=current.state,
        reason=reason.strip()[:500],
        asked_at=now,
        asked_by=acting_user,
    )
    current.state = State.REVIEWING
    current.save(update_fields=["state"])
    note(current, Act.REVIEW_ASKED, now=now, by=acting_user)
    clocks.start(current, CLOCK, "复核", "申请复核", rule.decide_within.span, began_at=now, reckoner=reckoner)
    return review


@transaction.atomic
def decide_review(*, review: Review, decision: str, opinion: str, now: datetime, acting_user: User) -> Review:
    """Uphold what was decided, or let it be done again; never by who handled or decided it."""
    roles.require(acting_user, "matter.review")
    if decision not in Review.Decision.values:
        raise Refused("没有这一复核决定", f"复核决定为：{'、'.join(Review.Decision.labels)}。")
    if not opinion.strip():
        raise Refused("没有填写复核意见", "请写明复核的理由和依据，反映人会看到。")
    current = at_state(review.matter, State.REVIEWING, to="作出复核决定")
    found = Review.objects.select_for_update(of=("self",)).get(pk=review.pk)
    parties.require_no_part(acting_user, current)
    if current.events.filter(by=acting_user).exclude(act__in=NO_PART).exists():
        raise Refused("复核须由没有办理过、也没有决定过本事项的人员作出", "请由其他人员复核。")
    found.decision, found.opinion = decision, opinion.strip()[:500]
    found.decided_at, found.decided_by = now, acting_user
    found.save()
    for clock in current.clocks.filter(rule=CLOCK, state__in=clocks.OPEN):
        clocks.met(clock, now, Reckoner())
    current.state = found.reviewed
    current.save(update_fields=["state"])
    text = f"{Review.Decision(decision).label}：{found.opinion}"
    note(current, Act.REVIEWED, now=now, by=acting_user, text=text)
    if decision == Review.Decision.REDO:
        _again(locked(current.pk), now, acting_user)
    return found


def _again(matter: Matter, now: datetime, by: User) -> None:
    """Do again what was closed; take up what was refused."""
    if matter.accepted_at is not None:
        reopen(matter, "复核决定重新办理", now=now, by=by)
        return
    matter.closed_at = None
    accepted(matter, now, by, by_silence=False)
