"""What the start page tells a unit: what has run out, what runs out today, what nobody has signed for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone

from casework.matters import telling
from casework.matters.state import HANDLED
from casework.models import Assignment
from casework.own.standing import Reader, in_hand
from office.models import User
from office.roles import DEPARTMENT, Role
from office.workbench import start_page


@telling.shown_at
def page_of(assignment: Assignment) -> str:
    """Return the page that a notice of an assignment leads to."""
    return reverse("casework:own-assignment", args=[assignment.pk])


@start_page.reminds(*DEPARTMENT, Role.TOWN_ORGANIZER)
def assignments_wait(user: User) -> Iterator[start_page.Reminder]:
    """Two queries, whatever their number."""
    address, found = reverse("casework:own-assignments"), _counted(user)
    if count := found["late"]:
        note = "请立即办理并回复；确有困难的，向交办的窗口或者中心说明。"
        yield start_page.Reminder(f"{count} 件交办事项已逾期", address, note, is_late=True)
    if count := found["today"]:
        yield start_page.Reminder(f"{count} 件交办事项今天到期", address)
    if count := found["waiting"]:
        yield start_page.Reminder(f"{count} 件交办事项待签收", address, "不属于本单位职责的，在期限内退回。")
    if count := found["in_hand"]:
        yield start_page.Reminder(f"{count} 件交办事项办理中", address)


def _counted(user: User) -> dict[str, Any]:
    now = timezone.localtime().replace(second=0, microsecond=0)
    end = now.replace(hour=23, minute=59)
    waiting = Q(state=Assignment.State.WAITING)
    running = Q(next_due__gt=end) | Q(next_due=None)
    return (
        in_hand(user, Reader(now))
        .filter(matter__state__in=HANDLED)
        .aggregate(
            late=Count("pk", filter=Q(next_due__lt=now)),
            today=Count("pk", filter=Q(next_due__gte=now, next_due__lte=end)),
            waiting=Count("pk", filter=waiting & running),
            in_hand=Count("pk", filter=~waiting & running),
        )
    )


start_page.add_link(
    "事项办理",
    "办理交办事项",
    "casework:own-assignments",
    "matter.handle",
    hint="按最先到期的排列，签收、回复、申请延期、退回",
    order=10,
)
