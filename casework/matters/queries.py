"""Which matters a user sees."""

from __future__ import annotations

from django.db.models import QuerySet

from casework.models import Assignment, Matter
from departments.access import own_units
from office import roles
from office.models import User


def matters_for(user: User) -> QuerySet[Matter]:
    """Return all for who runs or watches them, those of its own units for a unit, none for others."""
    found = Matter.objects.select_related("version", "about")
    if roles.allowed(user, "matter.view"):
        return found
    if roles.allowed(user, "matter.view_own"):
        mine = assignments_for(user).values("matter")
        return found.filter(pk__in=mine)
    return found.none()


def assignments_for(user: User) -> QuerySet[Assignment]:
    """Return a unit's own assignments; what was taken back or passed on is none of its business."""
    if not roles.allowed(user, "matter.view_own"):
        return Assignment.objects.none()
    own = Assignment.objects.filter(unit__in=own_units(user)).exclude(state=Assignment.State.TAKEN_BACK)
    own = own.exclude(matter__state=Matter.State.TRANSFERRED)
    return own.select_related("matter", "matter__version", "unit")
