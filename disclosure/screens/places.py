"""Where screens stand: a hall, which shows its own units, or the whole county."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse

from departments.models import Hall, Window
from departments.queries import departments_in_scope
from disclosure.site import shown


@dataclass(frozen=True)
class Place:
    """`hall` is None for the county."""

    hall: Hall | None

    @property
    def key(self) -> str:
        return str(self.hall.pk) if self.hall else COUNTY

    @property
    def name(self) -> str:
        return str(self.hall) if self.hall else f"{settings.COUNTY_NAME}优化营商环境公示"

    @property
    def address(self) -> str:
        path = reverse("hall-screen", args=[self.key])
        return f"{settings.PUBLIC_ORIGIN}{path}"

    def units(self) -> list[shown.ShownDepartment]:
        """Return the units whose windows are in the hall, as the public sees them; none known: all."""
        here = set(self.unit_ids())
        return [one for one in shown.county() if one.department.pk in here]

    def unit_ids(self) -> list[int]:
        everyone = list(departments_in_scope().values_list("pk", flat=True))
        if self.hall is None:
            return everyone
        windows = Window.objects.filter(hall=self.hall, is_active=True)
        here = set(windows.values_list("department_id", flat=True))
        return [pk for pk in everyone if pk in here] or everyone


COUNTY = "county"


def place_of(key: str) -> Place | None:
    if key == COUNTY:
        return Place(None)
    hall = Hall.objects.filter(pk=int(key)).first() if key.isdecimal() and len(key) <= 9 else None
    return Place(hall) if hall else None


def places() -> list[Place]:
    return [Place(None), *(Place(hall) for hall in Hall.objects.all())]
