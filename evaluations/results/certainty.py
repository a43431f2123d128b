"""How sure a result is, from all that was counted: for those who compute, sign off and decide (never public).

Exactly what answered enters; the public interval (`publication.likely`) is made from the published numbers
and is wider as a rule. Where fewer than five answered there is none (`thin_tables`).
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from fractions import Fraction
from typing import Any, NamedTuple

from django.core.cache import cache

from evaluations.confidence import Bounds, Sample, of_mean, of_sum, places, stays_within
from evaluations.models import Result
from evaluations.publication import Likely, grades_of
from evaluations.publication.department import DepartmentCase
from evaluations.publication.figures import Answers
from evaluations.publication.rules import Rules
from evaluations.publication.unit_lines import is_sample
from evaluations.publication.unit_parts import Leaf
from evaluations.results.outcome import StoredMember, StoredOutcome
from evaluations.results.public import judges_persons, public_beside_earlier, rules_of_result, unit_rules_of
from evaluations.results.thin_tables import LEAST
from evaluations.schemes.stored import policy_of
from evaluations.scoring.scheme import Scheme

KEPT = "_certainty"
DAY = 24 * 60 * 60
GRADE = {True: "等次稳定", False: "接近界线"}
ANYWHERE = (float("-inf"), float("inf"))
"""Where a unit may stand of which too few answered to say more."""


@dataclass(frozen=True, slots=True)
class Certainty:
    """The 95 % interval of a score, and whether grade, rank and list would survive it."""

    low: float
    high: float
    steady: bool | None = None  # None where there is no grade
    best_rank: int | None = None
    worst_rank: int | None = None
    list_steady: bool | None = None  # None for who is on no list

    @property
    def is_exact(self) -> bool:
        return self.low == self.high

    @property
    def range_in_words(self) -> str:
        return "没有抽样部分" if self.is_exact else f"{self.low:.1f}–{self.high:.1f}"

    @property
    def rank_in_words(self) -> str:
        if self.best_rank is None or self.best_rank == self.worst_rank:
            return ""
        return f"第{self.best_rank}–{self.worst_rank}名"

    @property
    def list_in_words(self) -> str:
        return {True: "名单稳定", False: "接近名单界线", None: ""}[self.list_steady]


class Label(NamedTuple):
    """A word of how sure something is, and whether it is."""

    words: str
    is_steady: bool


def certainty_of(result: Result) -> Mapping[str, Certainty]:
    """By the keys of units and persons; computed once for each result that was fetched.

    No longer: after a restore the same number can be another result.
    """
    kept = vars(result)
    if KEPT not in kept:
        kept[KEPT] = _computed(result)
    found: Mapping[str, Certainty] = kept[KEPT]
    return found


def public_likely_of(result: Result) -> Mapping[str, Likely]:
    """What the public reads of how sure each unit's score is; nothing where the round says so of none.

    Made from fewer numbers, it can say 接近界线 where all answers say 等次稳定: whoever decides sees both.
    """
    if not result.round.intervals_public:
        return {}
    key = f"public-likely-{_digest(result)}"
    found: dict[str, dict[str, Any]] | None = cache.get(key)
    if found is None:
        view = public_beside_earlier(result, likely=True)
        found = {one.id: asdict(one.likely) for one in view.departments if one.likely}
        cache.set(key, found, DAY)
    return {unit: Likely(**one) for unit, one in found.items()}


def _digest(result: Result) -> str:
    """Of all that a view is made from, which takes a second or two and is asked for page after page."""
    round = result.round
    before = round.results.exclude(signed_off_by=None).filter(number__lt=result.number)
    made_from = [
        result.pk,
        [result.facts, result.outcome, result.ballots],
        list(before.order_by("number").values_list("facts", "outcome", "ballots")),
        [round.options, round.persons_public, result.scheme_version.sha256],
        sorted(str((one.need, one.kind, one.public_from)) for one in round.channels.all()),
    ]
    return hashlib.sha256(json.dumps(made_from, sort_keys=True, default=str).encode()).hexdigest()


def labels(exact: Certainty, public: Likely | None) -> tuple[Label, ...]:
    """Whether grade and list would survive, each by the name of what it was made from."""
    found = []
    if exact.steady is not None:
        found.append(Label(f"全部评价：{GRADE[exact.steady]}", exact.steady))
    if public and public.is_wide and public.steady is not None:
        found.append(Label(f"公示：{GRADE[public.steady]}（{public.low}–{public.high}）", public.steady))
    if exact.list_steady is not None:
        found.append(Label(exact.list_in_words, exact.list_steady))
    return tuple(found)


def _computed(result: Result) -> Mapping[str, Certainty]:
    scheme = policy_of(result.scheme_version).decide(result.round.options)
    persons = judges_persons(result)
    units, members = (_of_persons if persons else _of_parts)(result)
    outcome = StoredOutcome.of(result)
    found = {
        key: Certainty(*bounds, _steady(bounds, outcome.subjects[key], scheme))
        for key, bounds in units.items()
    }
    _rank(found, outcome, scheme)
    for subject in outcome.subjects.values():
        for key, member in subject.members.items():
            if key in members:
                bounds = members[key]
                found[key] = Certainty(*bounds, _steady(bounds, member, scheme))
    return found


def _steady(bounds: Bounds, judged: StoredMember, scheme: Scheme) -> bool | None:
    """A veto holds whatever the score."""
    if judged.grade is None or "vetoed" in judged.flags:
        return None
    upper: float | None = None
    for grade, lower in grades_of(scheme):
        lowest = float("-inf") if lower is None else float(lower)
        if grade == judged.grade:
            return stays_within(bounds, lowest, upper)
        upper = lowest
    return None


def _rank(found: dict[str, Certainty], outcome: StoredOutcome, scheme: Scheme) -> None:
    pools: dict[str, dict[str, Bounds]] = {}
    for key, subject in outcome.subjects.items():
        if subject.rank is not None and subject.exact is not None:
            own = found.get(key)
            bounds = (own.low, own.high) if own else ANYWHERE
            pools.setdefault(scheme.pool_of(subject.group), {})[key] = bounds
    for pool in pools.values():
        listed = Counter(outcome.subjects[key].listed for key in pool)
        for key, (best, worst) in places(pool).items():
            if key not in found:
                continue
            side = outcome.subjects[key].listed
            steady = None
            if side == "best":
                steady = worst <= listed["best"]
            elif side == "worst":
                steady = best > len(pool) - listed["worst"]
            found[key] = replace(found[key], best_rank=best, worst_rank=worst, list_steady=steady)


# --- schemes that judge persons ---------------------------------------------------------------------------


def _of_persons(result: Result) -> tuple[dict[str, Bounds], dict[str, Bounds]]:
    rules = rules_of_result(result)
    units: dict[str, Bounds] = {}
    members: dict[str, Bounds] = {}
    for key, subject in StoredOutcome.of(result).subjects.items():
        case = DepartmentCase(key, subject.stored, subject.facts, rules, "all")
        for one in case.rated_with_answers():
            answers, score = case.answers_of(one), subject.members[one].exact
            if score is not None and answers.n >= LEAST:
                members[one] = _mean(float(Fraction(score)), answers, rules)
        if subject.exact is not None and (sample := _sample(case, rules, (result.ballots or {}).get(key))):
            units[key] = of_mean(float(Fraction(subject.exact)), sample.size, sample.low, sample.high, sample)
            for one, member in subject.members.items():
                if member.role in rules.from_department:
                    members[one] = units[key]
    return units, members


def _mean(score: float, answers: Answers, rules: Rules) -> Bounds:
    low, high = float(rules.lowest), float(rules.highest)
    values: dict[float, float] = {}
    for choice, n in answers.pooled().items():
        value = float(rules.points[choice])
        values[value] = values.get(value, 0.0) + n
    return of_mean(score, answers.n, low, high, Sample(values, answers.n, low, high))


def _sample(case: DepartmentCase, rules: Rules, ballots: int | None) -> Sample | None:
    """All answers in a unit's score with their weights: as many as Kish says, at most the ballots."""
    averaged = case.averaged()
    values: dict[float, float] = {}
    whole = squares = 0.0
    most = 0
    for one in case.rated_with_answers():
        weight, answers = float(averaged.get(case.unknown_key(one), 0)), case.answers_of(one)
        if not weight:
            continue
        for choice, n in answers.pooled().items():
            value = float(rules.points[choice])
            values[value] = values.get(value, 0.0) + weight * n / answers.total
        whole += weight
        squares += weight * weight / answers.total
        most = max(most, answers.n)
    if most < LEAST:
        return None
    size = min(whole * whole / squares, float(max(ballots or 0, most)))
    return Sample(values, size, float(rules.lowest), float(rules.highest))


# --- schemes that judge units alone -----------------------------------------------------------------------


def _of_parts(result: Result) -> tuple[dict[str, Bounds], dict[str, Bounds]]:
    rules = unit_rules_of(result)
    facts = rules.read(result.facts)
    units: dict[str, Bounds] = {}
    for key, subject in StoredOutcome.of(result).subjects.items():
        if subject.exact is None or key not in facts.subjects:
            continue
        parts: list[tuple[float, float, Bounds]] = []
        is_thin = False
        for leaf in rules.leaves(key, subject.derivation, facts.subjects[key]):
            size = _answered(leaf)
            if size is None or leaf.value is None:
                continue
            is_thin = is_thin or (leaf.secret is not None and size < LEAST)
            low, high = map(float, rules.span(leaf.step))
            value = float(leaf.value)
            parts.append((float(leaf.weight), value, of_mean(value, max(size, 1), low, high)))
        if not is_thin:
            units[key] = of_sum(float(Fraction(subject.exact)), parts)
    return units, {}


def _answered(leaf: Leaf) -> int | None:
    """How many answered a part that others might have answered otherwise; None for what is complete.

    Ratings are no secret from some number on, and remain what some said; so do another body's counts.
    """
    if not is_sample(leaf.step):
        return None
    return leaf.secret.n if leaf.secret is not None else leaf.answered
