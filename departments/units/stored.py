"""Units as the house knows them, for a list that names them."""

from __future__ import annotations

from departments.models import Department, DepartmentAlias, Town, UnitGroup
from departments.names.wording import plain
from departments.towns import TownNames
from departments.units.groups import SchemeGroups, schemes


class StoredUnits:
    """Units, other names, groups, towns and schemes as the house knows them: six queries."""

    def __init__(self) -> None:
        units = {unit.pk: unit for unit in Department.objects.select_related("parent", "town")}
        self.names = {plain(unit.name): unit for unit in units.values()}
        for alias in DepartmentAlias.objects.all():
            self.names.setdefault(plain(alias.name), units[alias.department_id])
        self.groups = {(one.department_id, one.scheme_id): one for one in UnitGroup.objects.all()}
        self.plain_groups = {unit.peer_group for unit in units.values()}
        self.towns = TownNames.stored()
        self.taken_towns = {unit.town_id for unit in units.values()}
        self.schemes = {one.scheme_id: one for one in schemes()}
        self.last = max((unit.order for unit in units.values()), default=0)

    def scheme(self, written: str) -> SchemeGroups | None:
        titles = {plain(one.title): one for one in self.schemes.values()}
        return self.schemes.get(written) or titles.get(written)

    def is_group(self, written: str) -> bool:
        return any(one.group(written) for one in self.schemes.values())

    def places(self, unit: Department) -> bool:
        """Whether a scheme in use finds the unit by its plain group."""
        kind, group = unit.kind, unit.peer_group
        return any(one.takes(kind) and group in one.groups for one in self.schemes.values())

    def free_town(self, name: str) -> Town | None:
        town = self.towns.find(name)
        if town is None or town.pk in self.taken_towns:
            return None
        self.taken_towns.add(town.pk)
        return town
