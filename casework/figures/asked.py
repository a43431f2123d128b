"""What a page of figures was asked for; what is not understood asks nothing."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils import timezone

from casework.figures.counting import Scope
from casework.figures.months import Month
from casework.models import ProcedureVersion
from departments.models import Department


@dataclass(frozen=True)
class Asked:
    versions: list[ProcedureVersion]
    version: ProcedureVersion
    scope: Scope
    month: Month

    @classmethod
    def read(cls, request: HttpRequest) -> Asked | None:
        """Return what was asked for; None where no procedure is in use."""
        given = request.POST if request.method == "POST" else request.GET
        versions = list(ProcedureVersion.objects.filter(is_active=True).order_by("procedure_id"))
        if not versions:
            return None
        version = next((one for one in versions if one.procedure_id == given.get("procedure")), versions[0])
        now = timezone.now()
        month = Month.read(given.get("month", "")) or Month.of(timezone.localdate(now))
        unit = given.get("unit", "")
        procedure = version.procedure
        category = given.get("category", "")
        scope = Scope(
            procedure,
            month,
            month,
            now,
            unit=int(unit) if unit.isdecimal() and len(unit) < 10 else None,
            category=category if category in {one.id for one in procedure.categories.items} else "",
        )
        return cls(versions, version, scope, month)

    @property
    def unit(self) -> Department | None:
        return Department.objects.filter(pk=self.scope.unit).first() if self.scope.unit else None

    @property
    def procedures(self) -> list[tuple[str, str]]:
        return [(one.procedure_id, one.procedure.desk) for one in self.versions]

    def query(self, **more: str | int) -> str:
        """Return what was asked for as an address has it, with something else beside it."""
        given = {
            "procedure": self.scope.procedure.id,
            "month": str(self.month),
            "unit": self.scope.unit or "",
            "category": self.scope.category,
            **more,
        }
        return urlencode({name: value for name, value in given.items() if value})

    def at(self, month: Month) -> str:
        return self.query(month=str(month))

    @property
    def before(self) -> str:
        return self.at(self.month.moved(-1))

    @property
    def after(self) -> str:
        return self.at(self.month.moved(1))
