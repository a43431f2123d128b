"""What may be shown of a result that judges units without persons: the same tree, and no number of persons.

Of each unit the most that betrays nobody: the total with every part; the total without the secret parts; the
grade; nothing but what is no secret. Parts that the office, a ledger or another body gave are exact.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from evaluations.publication.figures import (
    SERVED_ON_DEPARTMENT,
    TOO_FEW,
    Answers,
    Figure,
    Share,
    distribution,
    fewest_in,
    unrounded,
    wide_band,
)
from evaluations.publication.ranges import Interval
from evaluations.publication.rules import Rules
from evaluations.publication.unit_parts import (
    Inference,
    Leaf,
    UnitRules,
    changed,
    full_of,
    parts_of,
    rounded,
)
from evaluations.publication.view import (
    HIDDEN_PART,
    NONE,
    VETOED,
    Node,
    PublicDepartment,
    PublicGroup,
    PublicList,
    PublicView,
    RosterDepartment,
    SampledPart,
    Shown,
)
from evaluations.scoring.facts import Facts
from evaluations.scoring.steps import AnyStep
from evaluations.scoring.steps.answer_deductions import AnswerDeductions
from evaluations.scoring.steps.ballot_mean import BallotMean
from evaluations.scoring.steps.mark_mean import MarkMean
from evaluations.scoring.texts import flag_in_words, withheld_in_words
from office.definitions.numbers import exact, plain, shown

Stored = Mapping[str, Any]
INCOMPLETE = "暂不计分"
"""A part is missing without which the scheme gives no score; the derivation says which."""
NOT_ALONE = "不单独公布"
REMARK = "；备注："
TOO_FEW_CODES = ("too_few_answers", "no_valid_answers")


@dataclass(frozen=True, slots=True)
class UnitFigures:
    """What is shown of a unit: its own figure, and which secret parts stand beside it."""

    own: Figure
    parts: frozenset[str] = frozenset()


@dataclass(slots=True)
class _Unit:
    roster: RosterDepartment
    result: Stored
    rules: UnitRules
    leaves: list[Leaf]
    inference: Inference
    figures: UnitFigures
    pool: str
    rank: int | None = None
    tied: bool = False
    ranked_of: int = 0
    ballots: int = 0

    @property
    def places(self) -> int:
        return self.rules.scheme.score.places

    @property
    def is_coarse(self) -> bool:
        return any(leaf.secret.is_coarse for leaf in self.inference.secrets if leaf.secret)

    def total(self) -> Interval | None:
        """The bounds of the total that its own figure gives; None where it gives none."""
        own = self.figures.own
        if own.score is not None:
            unit = Fraction(1) if self.is_coarse else Fraction(1, 10**self.places)
            return exact(own.score) - unit / 2, exact(own.score) + unit / 2
        grades = self.rules.scheme.grades
        if own.grade is None or grades is None or "vetoed" in self.result.get("flags", []):
            return None
        lower = {one.grade: one.lower for one in grades.bands}
        better = [one.lower for one in grades.bands[: grades.position(own.grade)]]
        low = lower[own.grade]
        return (
            Fraction(low) if low is not None else Fraction(-(10**6)),
            Fraction(better[-1] or 0) if better else Fraction(10**6),
        )


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
        unit = _unit(row, outcome, read, rules, past)
        unit.ballots = (ballots or {}).get(row.id, 0)
        units.append(unit)
    pools: dict[str, list[_Unit]] = {}
    for name in [*(scheme.pool_of(key) for key in scheme.subjects.groups), *(one.pool for one in units)]:
        pools.setdefault(name, [])
    for unit in units:
        pools[unit.pool].append(unit)
    for members in pools.values():
        _rank(members)
    groups = tuple(
        PublicGroup(
            _pool_label(rules, name),
            tuple(_public(one, remarks=remarks) for one in _in_order(members)),
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


def _unit(
    row: RosterDepartment,
    outcome: Stored,
    facts: Facts,
    rules: UnitRules,
    past: Sequence[tuple[Shown, Facts]],
) -> _Unit:
    result = outcome["subjects"][row.id]
    leaves = rules.leaves(row.id, result["derivation"], facts.subjects[row.id])
    before = [
        rules.leaves(row.id, one.outcome["subjects"][row.id]["derivation"], read.subjects[row.id])
        for one, read in past
        if row.id in read.subjects
    ]
    held = any(changed(leaves, one) for one in before)
    total = None if result.get("exact") is None else unrounded(result)
    unit = _Unit(
        roster=row,
        result=result,
        rules=rules,
        leaves=leaves,
        inference=Inference(rules, leaves, total, held),
        figures=UnitFigures(Figure()),
        pool=rules.scheme.pool_of(row.group),
    )
    for candidate in _candidates(unit):
        unit.figures = candidate
        if not unit.inference.betrays(candidate.parts, unit.total()):
            break
    return unit


def _candidates(unit: _Unit) -> Iterator[UnitFigures]:
    alone, result = unit.inference.alone(), unit.result
    n = _band(unit)
    if result.get("score") is None:
        few = any(_is_few(leaf) for leaf in unit.leaves)
        yield UnitFigures(Figure(grade=result.get("grade"), note=TOO_FEW if few else INCOMPLETE), alone)
        return
    found = Figure(_number(unit), result.get("grade"), n)
    if not unit.inference.held:
        yield UnitFigures(found, alone)
        yield UnitFigures(found, frozenset())
    if found.grade:
        by_grade = replace(found.by_grade_only(), band=None if unit.inference.held else n)
        yield UnitFigures(by_grade, alone)
        yield UnitFigures(by_grade, frozenset())
    yield UnitFigures(Figure(note=SERVED_ON_DEPARTMENT), frozenset())


def _is_few(leaf: Leaf) -> bool:
    return leaf.value is None and leaf.stored.get("withheld") in TOO_FEW_CODES


def _band(unit: _Unit) -> str | None:
    """The band of those who answered, where voters gave one part; a panel is no number of voters."""
    secrets = [leaf for leaf in unit.inference.secrets if not isinstance(leaf.step, MarkMean)]
    asked = [leaf.secret for leaf in secrets if leaf.secret]
    return wide_band(asked[0].n) if len(asked) == 1 else None


def _number(unit: _Unit) -> str:
    """Whole below 50 ballots, half up, but never one of a better grade than its own."""
    if not unit.is_coarse:
        return str(unit.result["score"])
    number = rounded(unrounded(unit.result), coarse=True, places=unit.places)
    grades, grade = unit.rules.scheme.grades, unit.result.get("grade")
    if grades and grade and "vetoed" not in unit.result.get("flags", []):
        better = [one.lower for one in grades.bands[: grades.position(grade)]]
        if better and better[-1] is not None and number >= better[-1]:
            number -= 1
    return shown(number, 0)


# --- ranks -------------------------------------------------------------------------------------------------


def _rank(members: list[_Unit]) -> None:
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


def _between(one: _Unit, members: list[_Unit]) -> Interval | None:
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


def _in_order(members: list[_Unit]) -> list[_Unit]:
    def key(item: tuple[int, _Unit]) -> tuple[bool, float, Fraction, int]:
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


# --- one unit ----------------------------------------------------------------------------------------------


def _public(unit: _Unit, *, remarks: bool) -> PublicDepartment:
    flags = [flag for flag in unit.result.get("flags", []) if flag != "list_to_confirm"]
    return PublicDepartment(
        id=unit.roster.id,
        name=unit.roster.name,
        group=unit.roster.group,
        figure=unit.figures.own,
        rank=unit.rank,
        tied=unit.tied,
        ranked_of=unit.ranked_of,
        distribution=_distribution(unit),
        strata=None,
        post_stratified=None,
        derivation=_derivation(unit, remarks=remarks),
        ballots=wide_band(unit.ballots) if unit.figures.own.band else None,
        is_ranked=unit.result.get("rank") is not None,
        notes=tuple(flag_in_words(flag, unit.rules.scheme) for flag in flags),
        sampled=_sampled(unit) if unit.figures.own.score and "vetoed" not in flags else None,
        no_range=_no_range(unit, flags) if unit.figures.own.score else "",
    )


def _sampled(unit: _Unit) -> tuple[SampledPart, ...] | None:
    """The parts that others might have answered otherwise; None where one of them is not shown alone.

    A panel marks whole: nobody else might have. Points taken off for every answer are a count and no sample.
    Ratings from some number on and the counts of another body are samples, too, and shown in full.
    """
    found = []
    for leaf in unit.leaves:
        if leaf.value is None or not is_sample(leaf.step):
            continue
        fewest = _fewest(unit, leaf)
        if fewest is None:
            return None
        low, high = unit.rules.span(leaf.step)
        value = _leaf_node(unit, leaf, remarks=False).value  # as its page says it, and no finer
        found.append(SampledPart(str(leaf.weight), value, str(low), str(high), fewest))
    return tuple(found)


def _fewest(unit: _Unit, leaf: Leaf) -> int | None:
    """The fewest that can have answered a part by what its page shows; None where it is not shown alone."""
    if leaf.secret is None:
        return max(1, leaf.answered)
    if leaf.id not in unit.figures.parts:
        return None
    band_of_it = _band(unit)
    return fewest_in(band_of_it) if band_of_it else leaf.secret.alone_from or 1


def _no_range(unit: _Unit, flags: Sequence[str]) -> str:
    if "vetoed" in flags:
        return VETOED
    return HIDDEN_PART if _sampled(unit) is None else ""


def is_sample(step: AnyStep) -> bool:
    return isinstance(step, BallotMean) or (isinstance(step, AnswerDeductions) and step.method == "rate")


def _distribution(unit: _Unit) -> tuple[Share, ...] | None:
    """Of the one part that voters gave, where it is shown; a panel's marks have none."""
    asked = [leaf for leaf in unit.inference.secrets if leaf.secret and leaf.secret.counts]
    if len(asked) != 1 or asked[0].id not in unit.figures.parts or not unit.figures.own.score:
        return None
    leaf = asked[0]
    if leaf.secret is None or not isinstance(leaf.step, BallotMean | AnswerDeductions):
        return None
    values = unit.rules.scheme.answer_scales[leaf.step.scale].values
    points = {word: Fraction(value) for word, value in values.items()}
    return distribution(Answers(leaf.secret.counts), Rules(points, (), frozenset()))


def _derivation(unit: _Unit, *, remarks: bool) -> Node:
    scheme, figure = unit.rules.scheme, unit.figures.own
    by_id = {leaf.id: leaf for leaf in unit.leaves}
    parts = [_node(unit, scheme.score.subject, unit.result["derivation"], by_id, remarks=remarks)]
    if figure.grade and scheme.grades:
        vetoed = "vetoed" in unit.result.get("flags", [])
        because = str(unit.result.get("grade_because") or "") if vetoed else ""
        parts.append(Node("等次", scheme.grades.clause, scheme.grades.says, figure.grade, because=because))
    if unit.rank is not None and scheme.ranking:
        rank = f"{'并列' if unit.tied else ''}第{unit.rank}名"
        parts.append(Node("名次", scheme.ranking.clause, scheme.ranking.says, rank))
    total = scheme.step(scheme.score.subject)
    return Node("单位成绩", total.clause, says="", parts=tuple(parts))


def _node(unit: _Unit, step_id: str, stored: Stored, leaves: Mapping[str, Leaf], *, remarks: bool) -> Node:
    step: AnyStep = unit.rules.scheme.step(step_id)
    whole = full_of(unit.rules.scheme, step)
    full = "另计" if whole is None else plain(whole)
    if leaf := leaves.get(step_id):
        return replace(_leaf_node(unit, leaf, remarks=remarks), full=full)
    parts = tuple(_node(unit, part, one, leaves, remarks=remarks) for part, one, _ in parts_of(step, stored))
    value = ""
    if step_id == unit.rules.scheme.score.subject:
        value = unit.figures.own.score or unit.figures.own.note
    elif stored["value"] is None:
        value = _why(unit, stored)
    elif _all_shown(parts):
        number = rounded(Fraction(stored["exact"]), coarse=unit.is_coarse, places=unit.places)
        value = shown(number, 0 if unit.is_coarse else unit.places)
    return Node(step.label, step.clause, step.says, value or NOT_ALONE, parts, full=full)


def _leaf_node(unit: _Unit, leaf: Leaf, *, remarks: bool) -> Node:
    step, stored = leaf.step, leaf.stored
    said = Node(step.label, step.clause, step.says)
    if leaf.value is None:
        return replace(said, value=_why(unit, stored))
    if leaf.secret is None:
        return _in_full(stored, says=step.says, remarks=remarks)
    if leaf.id == unit.rules.scheme.score.subject:
        return replace(said, value=unit.figures.own.score or unit.figures.own.note)
    if leaf.id not in unit.figures.parts:
        return replace(said, value=NOT_ALONE)
    coarse = leaf.secret.is_coarse
    number = rounded(leaf.value, coarse=coarse, places=unit.places)
    return replace(said, value=shown(number, 0 if coarse else unit.places))


def _all_shown(parts: Sequence[Node]) -> bool:
    return all(part.value != NOT_ALONE for part in parts)


def _why(unit: _Unit, stored: Stored) -> str:
    code = str(stored.get("withheld") or "")
    return TOO_FEW if code in TOO_FEW_CODES else withheld_in_words(code, unit.rules.scheme)


def _in_full(stored: Stored, *, says: str, remarks: bool) -> Node:
    """What the office gave, as it stands; what it noted on it is for the unit alone."""
    because = str(stored["because"])
    return Node(
        label=stored["label"],
        clause=stored["clause"],
        says=says,
        value=stored["value"] or "",
        parts=tuple(_in_full(one, says="", remarks=remarks) for one in stored["parts"]),
        because=because if remarks else because.partition(REMARK)[0],
    )
