"""Finding the town a workbook means."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from departments.models import Town, TownAlias
from departments.names.wording import plain, town_kind, town_stem


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
        fitting = self.fitting(written)
        return fitting[0] if len(fitting) == 1 else None

    def fitting(self, written: str) -> list[Town]:
        """Return the towns that a name may mean.

        Towns of one stem are different towns: 城关街道 is never 城关镇, and 城关 may be either.
        """
        if (town := self._by_name.get(plain(written))) is not None:
            return [town]
        kind = town_kind(written)
        same_stem = self._by_stem.get(town_stem(written), [])
        return [town for town in same_stem if not kind or town_kind(town.name) in ("", kind)]

    def __bool__(self) -> bool:
        return bool(self._by_name)


def full_names(written: Iterable[str]) -> dict[str, str]:
    """Return, for each name a first list of towns uses, the name of the town it means.

    城关街道办 and 城关街道办事处 are one town, under the name that comes first with an ending. A name
    without one means nothing ("") where several towns have its stem.
    """
    by_stem: dict[str, list[str]] = {}
    for name in dict.fromkeys(written):
        by_stem.setdefault(town_stem(name), []).append(name)
    meant: dict[str, str] = {}
    for names in by_stem.values():
        first: dict[str, str] = {}
        for name in names:
            first.setdefault(town_kind(name), name)
        kinds = [kind for kind in first if kind]
        for name in names:
            kind = town_kind(name) or (kinds[0] if len(kinds) == 1 else "")
            meant[name] = "" if not kind and len(kinds) > 1 else first[kind]
    return meant
