"""Which claims a user sees: a department those that are assigned to it, the window and the watchers all."""

from __future__ import annotations

from django.db.models import QuerySet

from benefits.models import Claim
from benefits.rules import rules
from casework.matters.queries import assignments_for
from casework.models import Matter
from office import roles
from office.models import User


def claims_for(user: User) -> QuerySet[Claim]:
    found = Claim.objects.select_related("matter__version", "firm", "version__department", "version__item")
    if roles.allowed(user, "benefit.view_own"):
        return found.filter(matter__in=assignments_for(user).values("matter"))
    return found if roles.allowed(user, "benefit.view") else found.none()


def claim_of(matter: Matter) -> Claim | None:
    """The claim that is kept beside a matter; None where it is none of benefits."""
    if matter.procedure_id != rules()[0]:
        return None
    return Claim.objects.select_related("matter").filter(matter=matter).first()
