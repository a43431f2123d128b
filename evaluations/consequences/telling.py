"""What was served is told inside, to be signed for; who signs for the notice signs for the decision."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from departments.models import Membership, Notice
from departments.notices import services as notices
from departments.notices.services import Letter
from evaluations.consequences.history import after
from evaluations.consequences.serving import receive
from evaluations.models import Disposition, DispositionEvent
from office import roles
from office.calendar import days
from office.calendar.deadlines import Span
from office.models import User
from office.roles import Role

SOURCE = "disposition"
SIGN_WITHIN = Span(3)
AT_ONCE = 20  # more are sent by a job

Act = DispositionEvent.Act


@after(Act.SERVED)
def tell(rows: Sequence[Disposition], now: datetime, by: User | None) -> None:
    """Send a notice for each row; of a person it goes to the reviewers of the unit alone."""
    letters = list(_letters(rows, now))
    may_send = by is not None and roles.allowed(by, "notice.send")
    if by is not None and may_send and len(letters) > AT_ONCE:
        notices.send_notices(letters=letters, now=now, acting_user=by)
        return
    for letter in letters:
        notices.send_notice(letter=letter, now=now, acting_user=by if may_send else None)


def _letters(rows: Sequence[Disposition], now: datetime) -> Iterator[Letter]:
    due_on = days.clock().limit(timezone.localdate(now), SIGN_WITHIN).last_day
    members = Membership.objects.filter(
        department__in={one.department_id for one in rows},
        user__role=Role.DEPARTMENT_REVIEWER,
        user__is_active=True,
    )
    reviewers: dict[int, list[int]] = {}
    for department, user in members.values_list("department", "user").order_by("user"):
        reviewers.setdefault(department, []).append(user)
    for one in rows:
        if one.served_way == Disposition.Way.LEFT or one.received_on:
            continue
        to_reviewers = [(None, user) for user in reviewers.get(one.department_id, [])]
        to_unit = [(one.department_id, None)]
        for unit, reviewer in to_reviewers if one.is_about_a_person else to_unit:
            yield Letter(
                source=SOURCE,
                source_key=str(one.pk),
                kind="处置决定",
                subject=f"{one.number}（登记号{one.register_number}）",
                department=unit,
                user=reviewer,
                url=reverse("cockpit:register-own"),
                due_on=due_on,
            )


@notices.learns_of_receipts(SOURCE)
def sign_for_the_decision(notice: Notice, now: datetime, by: User) -> None:
    one = Disposition.objects.get(pk=int(notice.source_key))
    if one.waits_for_receipt:
        receive(disposition=one, now=now, today=timezone.localdate(now), acting_user=by)


@after(Act.RECEIVED)
def sign_for_the_notice(rows: Sequence[Disposition], now: datetime, by: User | None) -> None:
    """Who signs on the page of the decision need not sign for the notice as well; nor need anybody else."""
    if by is None:
        return
    keys = [str(one.pk) for one in rows]
    waiting = Notice.objects.filter(source=SOURCE, source_key__in=keys, received_at=None, taken_back_at=None)
    for one in waiting.filter(Q(user=None) | Q(user=by)):
        notices.sign_for(notice=one, now=now, acting_user=by)
    take_back(rows, now, by)


@after(Act.WITHDRAWN)
def take_back(rows: Sequence[Disposition], now: datetime, by: User | None) -> None:
    for one in rows:
        notices.take_back_notices(source=SOURCE, source_key=str(one.pk), now=now, acting_user=None)
