"""Where a user belongs: department people and town organizers see and touch only their own."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from departments.models import Department, Membership
from office.models import User
from office.roles import DEPARTMENT, Role

NOWHERE = 0  # no row has this key: someone who belongs nowhere sees nothing


def own_department(user: Any) -> int | None:
    """Return the department a user is confined to; None for those who may see all."""
    if not isinstance(user, User) or user.role not in DEPARTMENT:
        return None
    return getattr(_membership(user), "department_id", None) or NOWHERE


def own_units(user: Any) -> QuerySet[Department]:
    """Return the units whose results a user reads as their own.

    Department people read their department's, with those of its sections and windows; a town's organizer
    reads those of the unit that is the town.
    """
    if isinstance(user, User) and user.role == Role.TOWN_ORGANIZER:
        own = Q(town=own_town(user))
    else:
        own = Q(pk=own_department(user) or NOWHERE)
    mine = Department.objects.filter(own).values("pk")
    return Department.objects.filter(Q(pk__in=mine) | Q(parent__in=mine))


def own_unit(user: Any) -> Department | None:
    """Return the department of department people; the head of the page names the very same object."""
    if not isinstance(user, User) or user.role not in DEPARTMENT:
        return None
    return getattr(_membership(user), "department", None)


def belongs_to(user: User, department_id: int) -> bool:
    """Whether somebody belongs to a unit, whatever their role: nobody decides about their own unit."""
    return Membership.objects.filter(user=user, department=department_id).exists()


def own_town(user: Any) -> int | None:
    """Return the town a user is confined to; None for those who may see all."""
    if not isinstance(user, User) or user.role != Role.TOWN_ORGANIZER:
        return None
    return getattr(_membership(user), "town_id", None) or NOWHERE


def _membership(user: User) -> Membership | None:
    """Query once per request; the result is kept on the user."""
    try:
        return user.membership
    except Membership.DoesNotExist:
        return None
