"""Who may not be asked: people and firms of the units that are judged (回避)."""

from __future__ import annotations

from departments.models import Department, DepartmentAlias
from departments.names.wording import plain
from surveys.models import PoolMember

LEFT_OUT = "所在单位参评，回避"
# A county or town is judged as a unit, yet a shop there is none of its people: only the whole name counts.
_PLACES = ("县", "区", "市", "镇", "乡", "街道", "园区", "开发区")
_GOVERNMENTS = ("人民政府", "政府")


class Judged:
    """The units in the evaluation with their other names; two queries."""

    def __init__(self) -> None:
        units = Department.objects.filter(is_active=True)
        self._numbers = {unit.pk for unit in units}
        aliases = DepartmentAlias.objects.filter(department__is_active=True)
        names = {plain(unit.name) for unit in units} | {plain(alias.name) for alias in aliases}
        places = {name for name in names if name.endswith(_PLACES)}
        self._whole = names | {place + of for place in places for of in _GOVERNMENTS}
        self._beginnings = tuple(
            sorted((names - places) | {place + of for place in places for of in _GOVERNMENTS})
        )

    def employ(self, employer: str, unit_id: int | None = None) -> bool:
        """Whether this is a judged unit or a part of one, such as its office."""
        name = plain(employer)
        return unit_id in self._numbers or name in self._whole or bool(name and self._starts(name))

    def reason(self, member: PoolMember) -> str:
        found = self.employ(member.employer, member.unit_id) or self.employ(member.name)
        return LEFT_OUT if found else ""

    def _starts(self, name: str) -> bool:
        return name.startswith(self._beginnings) if self._beginnings else False
