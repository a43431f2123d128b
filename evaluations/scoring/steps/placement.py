"""``placement``: units are placed in tiers (方阵) with allowed points. A measure suggests, people decide."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from pydantic import Field, model_validator

from evaluations.scoring.case import Case, SchemeOfSteps
from evaluations.scoring.derivation import Derivation
from evaluations.scoring.facts import Facts
from evaluations.scoring.steps.step import Needs, PlacementNeed, SubjectStep
from office.definitions.numbers import plain
from office.definitions.rule import Id, Part, Points, Words

NOT_PLACED = "not_placed"
_NUMERALS = "一二三四五六七八九十"


class Tier(Part):
    """The points that a tier allows, both ends included."""

    low: Points = Field(alias="from")
    high: Points = Field(alias="to")


class Measure(Part):
    """A figure that suggests tiers: equal shares by rank."""

    id: Id
    label: Words


@dataclass(frozen=True, slots=True)
class Suggested:
    """The tier (from 1) suggested by a unit's rank among ``of`` units."""

    tier: int
    rank: int
    of: int


class PlacementStep(SubjectStep):
    """The points given within a tier.

    ``holes``: points between two tiers are refused when facts are read, or belong to the lower tier.
    ``remainder``: which suggested tier takes the units left over by equal shares.
    """

    kind: Literal["placement"]
    tiers: tuple[Tier, ...] = Field(min_length=2, max_length=10)
    measure: Measure | None = None
    holes: Literal["refused", "lower_tier"] = "refused"
    remainder: Literal["middle", "best", "worst"] = "middle"

    @model_validator(mode="after")
    def _tiers_fall(self) -> "PlacementStep":
        for tier in self.tiers:
            if tier.low > tier.high:
                raise ValueError(
                    f"a tier runs from {plain(tier.low)} to {plain(tier.high)}; from must not exceed to"
                )
        for better, worse in zip(self.tiers, self.tiers[1:], strict=False):
            if worse.high >= better.low:
                raise ValueError(
                    f"tiers overlap at {plain(worse.high)}; order them best to worst without overlap"
                )
        return self

    def needs(self) -> Needs:
        measures = {self.measure.id: self.measure.label} if self.measure else {}
        return Needs(placements={self.id: self._need()}, measures=measures)

    def _need(self) -> PlacementNeed:
        tiers = tuple((tier.low, tier.high) for tier in self.tiers)
        return PlacementNeed(self.label, tiers, self.holes == "lower_tier")

    def prepare(self, facts: Facts, scheme: SchemeOfSteps) -> dict[str, Suggested]:
        if self.measure is None:
            return {}
        name = self.measure.id
        figures = {key: one.measures[name] for key, one in facts.subjects.items() if name in one.measures}
        return self.suggested(figures)

    def suggested(self, figures: dict[str, Fraction]) -> dict[str, Suggested]:
        """The tiers that the measure suggests."""
        taking = {"best": 0, "middle": (len(self.tiers) - 1) // 2, "worst": len(self.tiers) - 1}
        return suggested_tiers(figures, len(self.tiers), taking[self.remainder])

    def of_subject(self, case: Case) -> Derivation:
        suggestion = case.prepared[self.id].get(case.key)
        hint = self._hint(suggestion)
        given = case.facts.placements.get(self.id)
        if given is None or given.points is None:
            return self.withheld(NOT_PLACED, f"尚未定档{hint}")
        need = self._need()
        tier = next(at for at in range(1, len(self.tiers) + 1) if need.fits(at, given.points))
        low, high = self.tiers[tier - 1].low, self.tiers[tier - 1].high
        because = f"{_name(tier)}（{plain(low)}–{plain(high)} 分）"
        because += "，按口径接受方阵之间的分值" if given.points > high else ""
        if suggestion is not None and suggestion.tier != tier:
            because += f"，人工调整{hint}"
            case.flag(f"moved:{self.id}")
        return self.found(given.points, f"{because}；备注：{given.remark}" if given.remark else because)

    def _hint(self, suggestion: Suggested | None) -> str:
        if suggestion is None or self.measure is None:
            return ""
        place = f"{self.measure.label}第 {suggestion.rank} 位（共 {suggestion.of}）"
        return f"；按{place}建议{_name(suggestion.tier)}"


def _name(tier: int) -> str:
    return f"第{_NUMERALS[tier - 1]}方阵"


def suggested_tiers(figures: dict[str, Fraction], tiers: int, taking: int) -> dict[str, Suggested]:
    """Equal shares by rank from the best; the remainder goes to tier number ``taking`` (from 0).

    Equal figures share a rank, and so a tier.
    """
    ordered = sorted(figures.values(), reverse=True)
    size, rest = divmod(len(ordered), tiers)
    sizes = [size] * tiers
    sizes[taking] += rest
    found = {}
    first: dict[Fraction, int] = {}
    for place, figure in enumerate(ordered):
        first.setdefault(figure, place)
    for key, figure in figures.items():
        place = first[figure]
        tier = next(at for at in range(1, tiers + 1) if place < sum(sizes[:at]))
        found[key] = Suggested(tier, place + 1, len(ordered))
    return found
