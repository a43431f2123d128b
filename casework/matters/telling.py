"""Tell units what was assigned, chased and supervised: a notice each, with nothing about the reporter."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from casework.models import Assignment
from departments.models import Notice
from departments.notices import services as notices
from departments.notices.services import Letter
from office import roles
from office.models import User

SOURCE = "assignment"
Page = Callable[[Assignment], str]
_page: list[Page] = []


def shown_at(function: Page) -> Page:
    """Register which page of the workbench shows an assignment to its unit; the rooms above know it."""
    _page[:] = [function]
    return function


def tell_assigned(assignment: Assignment, *, due_on: date | None, now: datetime, by: User | None) -> None:
    """Send the notice whose receipt signs for the assignment."""
    tell(assignment, "交办", "", due_on=due_on, now=now, by=by)


def tell(
    assignment: Assignment,
    kind: str,
    what: str,
    *,
    now: datetime,
    key: str = "",
    due_on: date | None = None,
    by: User | None = None,
) -> None:
    """Send a notice once for each `key`; without one it is that of the assignment itself."""
    matter = assignment.matter
    may_send = by is not None and roles.allowed(by, "notice.send")
    letter = Letter(
        source=SOURCE,
        source_key=f"{assignment.pk}-{key}"[:64] if key else str(assignment.pk),
        kind=kind,
        subject=f"{matter.number} {matter.title[:60]}{'：' if what else ''}{what}",
        department=assignment.unit_id,
        url=_page[0](assignment) if _page else "",
        due_on=due_on,
    )
    notices.send_notice(letter=letter, now=now, acting_user=by if may_send else None)


def sign_with(assignment: Assignment, *, now: datetime, by: User) -> None:
    """Whoever signs for the assignment need not sign for its notice as well."""
    waiting = Notice.objects.filter(source=SOURCE, source_key=str(assignment.pk))
    for notice in waiting.filter(received_at=None, taken_back_at=None):
        notices.sign_for(notice=notice, now=now, acting_user=by)


def take_back(assignment: Assignment, *, now: datetime) -> None:
    notices.take_back_notices(source=SOURCE, source_key=str(assignment.pk), now=now, acting_user=None)
