"""Where a user belongs: department people and town organizers see and touch only their own."""

from __future__ import annotations

from typing import Any

from departments.models import Membership
from office.models import User
from office.roles import DEPARTMENT, Role

NOWHERE = 0  # no row has this key: someone who belongs nowhere sees nothing


def own_department(user: Any) -> int | None:
    """Return the department a user is confined to; None for those who may see all."""
    if not isinstance(user, User) or user.role not in DEPARTMENT:
        return None
    return Membership.objects.filter(user=user).values_list("department_id", flat=True).first() or NOWHERE


def own_town(user: Any) -> int | None:
    """Return the town a user is confined to; None for those who may see all."""
    if not isinstance(user, User) or user.role != Role.TOWN_ORGANIZER:
        return None
    return Membership.objects.filter(user=user).values_list("town_id", flat=True).first() or NOWHERE
