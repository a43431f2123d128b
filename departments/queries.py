"""What other rooms may ask about departments and the order of their people."""

from __future__ import annotations

from typing import Protocol, TypeVar

from django.db.models import QuerySet

from departments.kinds import StaffKind
from departments.models import Department
from departments.names.strokes import by_strokes

_KIND_PLACE = {kind.value: place for place, kind in enumerate(StaffKind)}


class HasName(Protocol):
    """Somebody with a name and a kind, stored or published."""

    name: str
    kind: str


Somebody = TypeVar("Somebody", bound=HasName)


def in_public_order(people: list[Somebody]) -> list[Somebody]:
    """Sort people as officials expect: by kind, then by the strokes of their names."""
    return sorted(people, key=lambda person: (_KIND_PLACE[person.kind], by_strokes(person.name)))


def departments_in_scope() -> QuerySet[Department]:
    """Return the departments that show identity and duties, in 机构序列 order (YC-R4)."""
    return Department.objects.disclosing().filter(is_active=True).order_by("order", "id")
