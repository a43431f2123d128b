"""Who reads and who signs for a notice: the unit it went to, or the user; those inside read all."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from departments.access import own_units
from departments.models import Notice
from office import roles
from office.models import User


def addressed_to(user: User) -> QuerySet[Notice]:
    """Return what went to a user or to a unit for which the user stands."""
    own = Q(user=user) | Q(department__in=own_units(user).values("pk"))
    return Notice.objects.select_related("department", "user").filter(own)


def readable_by(user: User) -> QuerySet[Notice]:
    if roles.allowed(user, "notice.view_all"):
        return Notice.objects.select_related("department", "user")
    return addressed_to(user)


def waiting_for(user: User) -> QuerySet[Notice]:
    """Return what a user has not signed for yet, what is due first before the rest."""
    return addressed_to(user).filter(received_at=None, taken_back_at=None)
