"""What may be shown of a result that judges units without persons: the same tree, and no number of persons.

Of each unit the most that betrays nobody: the total with every part; the total without the secret parts; the
grade; nothing but what is no secret. Parts that the office, a ledger or another body gave are exact.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from evaluations.publication.ranges import Interval
from evaluations.publication.unit_case import Stored, Unit, case_of
from evaluations.publication.unit_lines import public_unit
from evaluations.publication.unit_parts import UnitRules
from evaluations.publication.view import NONE, PublicGroup, PublicList, PublicView, RosterDepartment, Shown


def unit_view(
    outcome: Stored,
    facts: Stored,
    rules: UnitRules,
    roster: Sequence[RosterDepartment],
    *,
    earlier: Sequence[Shown] = (),
    ballots: Mapping[str, int] | None = None,
    remarks: bool = False,
) -> PublicView:
    """What may be published; with `remarks`, as the unit's own people read what the office noted on it."""
    read, past = rules.read(facts), [(one, rules.read(one.facts)) for one in earlier]
    scheme = rules.scheme
    units = []
    for row in roster:
        unit = case_of(row, outcome, read, rules, past)
        unit.ballots = (ballots or {}).get(row.id, 0)
        units.append(unit)
    pools: dict[str, list[Unit]] = {}
    for name in [*(scheme.pool_of(key) for key in scheme.subjects.groups), *(one.pool for one in units)]:
        pools.setdefault(name, [])
    for unit in units:
        pools[unit.pool].append(unit)
    for members in pools.values():
        _rank(members)
    groups = tuple(
        PublicGroup(
            _pool_label(rules, name), tuple(public_unit(one, remarks=remarks) for one in _in_order(members))
        )
        for name, members in pools.items()
        if members
    )
    return PublicView(
        groups,
        NONE,
        judges_persons=False,
        has_grades=scheme.grades is not None,
        lists=tuple(_lists(outcome, rules)),
        unit=scheme.subjects.label,
    )


# --- ranks -------------------------------------------------------------------------------------------------


def _rank(members: list[Unit]) -> None:
    """Give the ranks that may be shown.

    Between two neighbours a rank is nearly a number. Where it would betray what is hidden, no unit of the
    pool and grade shows a rank: one gap in the sequence would say the same.
    """
    ranks = {one.roster.id: one.result.get("rank") for one in members}
    silent = set()
    for one in members:
        if ranks[one.roster.id] is None:
            continue
        bounds = _between(one, members)
        if one.inference.betrays(one.figures.parts, bounds):
            silent.add(one.result.get("grade"))
    for one in members:
        rank = ranks[one.roster.id]
        if rank is not None and one.result.get("grade") not in silent:
            one.rank = rank
            one.ranked_of = sum(other is not None for other in ranks.values())
            one.tied = sum(other == rank for other in ranks.values()) > 1


def _between(one: Unit, members: list[Unit]) -> Interval | None:
    """The totals a unit can have between those with better and worse ranks; None where nothing bounds it."""
    own = one.total()
    low, high = own or (Fraction(-(10**6)), Fraction(10**6))
    known = own is not None
    for other in members:
        bounds, place, rank = other.total(), other.result.get("rank"), one.result.get("rank")
        if other is one or place is None or rank is None or bounds is None:
            continue
        known = True
        if place >= rank:
            low = max(low, bounds[0])
        if place <= rank:
            high = min(high, bounds[1])
    return (low, high) if known else None


def _in_order(members: list[Unit]) -> list[Unit]:
    def key(item: tuple[int, Unit]) -> tuple[bool, float, Fraction, int]:
        place, one = item
        score = Fraction(one.figures.own.score or 0)
        return not one.figures.own.is_shown, one.rank if one.rank is not None else float("inf"), -score, place

    return [one for _, one in sorted(enumerate(members), key=key)]


def _pool_label(rules: UnitRules, pool: str) -> str:
    group = rules.scheme.subjects.groups.get(pool)
    return group.label if group else pool


def _lists(outcome: Stored, rules: UnitRules) -> Iterator[PublicList]:
    names = {key: one["name"] for key, one in outcome["subjects"].items()}
    for pool, found in outcome["lists"].items():
        if found["best"] or found["worst"]:
            best, worst = (tuple(names[key] for key in found[side]) for side in ("best", "worst"))
            yield PublicList(_pool_label(rules, pool), best, worst)
