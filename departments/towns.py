"""Finding the town a workbook means."""

from __future__ import annotations

from dataclasses import dataclass, field

from departments.models import Town, TownAlias
from departments.names.wording import plain, town_stem


@dataclass
class TownNames:
    """Towns by any name a workbook may use: full name, alias, name without its ending."""

    _by_name: dict[str, Town] = field(default_factory=dict)
    _by_stem: dict[str, list[Town]] = field(default_factory=dict)

    @classmethod
    def stored(cls) -> TownNames:
        names = cls()
        towns = {town.pk: town for town in Town.objects.all()}
        for town in towns.values():
            names.add(town)
        for alias in TownAlias.objects.all():
            names._by_name.setdefault(plain(alias.name), towns[alias.town_id])
        return names

    def add(self, town: Town) -> None:
        self._by_name[plain(town.name)] = town
        self._by_stem.setdefault(town_stem(town.name), []).append(town)

    def find(self, written: str) -> Town | None:
        """Return the town that is meant; None when none or several fit."""
        if (town := self._by_name.get(plain(written))) is not None:
            return town
        fitting = self._by_stem.get(town_stem(written), [])
        return fitting[0] if len(fitting) == 1 else None

    def __bool__(self) -> bool:
        return bool(self._by_name)
