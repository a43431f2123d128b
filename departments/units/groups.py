"""In which group a unit is judged under which scheme: one county runs several schemes with the same units.

Schemes live in a room above, which tells here what they are called and which groups they have.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from departments.kinds import WITHIN_A_UNIT, UnitKind
from departments.models import Department, UnitGroup
from departments.names.wording import plain
from departments.units.kind_names import kind_spelled


@dataclass(frozen=True)
class SchemeGroups:
    """What a scheme says of its units: `judges` is its word for one, `groups` leads from key to words."""

    scheme_id: str
    title: str
    judges: str
    groups: Mapping[str, str]

    def takes(self, kind: str) -> bool:
        """Whether it judges units of this kind: a scheme of sections or windows judges nothing else."""
        judged = kind_spelled(self.judges)
        if judged in WITHIN_A_UNIT:
            return kind == judged
        return kind not in WITHIN_A_UNIT

    def group(self, written: str) -> str | None:
        """Return the key of a group by any way to write it; None for a group of no such name."""
        names = {_bare(key): key for key in self.groups}
        names |= {_bare(words): key for key, words in self.groups.items()}
        return names.get(_bare(written))


def _bare(written: str) -> str:
    """Leave aside brackets and 各: 各局（室、公司） and 局室公司 are one group."""
    return plain(written).translate(dict.fromkeys(map(ord, "（）、，"))).removeprefix("各")


Source = Callable[[], Sequence[SchemeGroups]]
_sources: list[Source] = []


def told_by(source: Source) -> Source:
    """Register a function that tells the groups of the schemes in use."""
    _sources.append(source)
    return source


def schemes() -> list[SchemeGroups]:
    return [one for source in _sources for one in source()]


def groups_in(scheme_id: str, units: Iterable[Department]) -> dict[int, str]:
    """Return the group of each unit in a scheme: its own for that scheme, or else its plain one."""
    wanted = {unit.pk: unit.peer_group for unit in units}
    chosen = UnitGroup.objects.filter(scheme_id=scheme_id, department__in=wanted)
    return wanted | dict(chosen.values_list("department_id", "group"))


def units_of(scheme: SchemeGroups, units: Iterable[Department]) -> list[Department]:
    """Return the units a round of this scheme begins with: of a kind it judges, in one of its groups.

    Where no unit is in any such group yet, all departments (机关部门) that it may judge.
    """
    fitting = [unit for unit in units if scheme.takes(unit.kind)]
    groups = groups_in(scheme.scheme_id, fitting)
    found = [unit for unit in fitting if groups[unit.pk] in scheme.groups]
    return found or [unit for unit in fitting if unit.kind == UnitKind.DEPARTMENT]
