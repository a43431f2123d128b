"""What publication needs of a scheme: its answer words, grades and clauses, and who is averaged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from evaluations.scoring.scheme import Scheme
from evaluations.scoring.steps.ballot_mean import BallotMean
from evaluations.scoring.steps.derived_member import DerivedMember

FLOOR = 5


@dataclass(frozen=True, slots=True)
class Saying:
    """A rule as readers see it: its name, its clause, and in our own words what it requires."""

    label: str
    clause: str
    says: str


@dataclass(frozen=True, slots=True)
class Rules:
    """The part of a scheme, with the round's options, that decides what may be shown.

    `points` maps the choices that count to their values, in the order of the scale. `grades` goes from
    best to worst with lower bounds; `named_grades` are those named under `top_grades`. Persons of the
    roles `from_department` and `from_sections` take their score from there (domain reading 13);
    everybody else is averaged into the department.
    """

    points: Mapping[str, Fraction]
    grades: tuple[tuple[str, Fraction], ...]
    named_grades: frozenset[str]
    k: int = 10
    places: int = 2
    from_department: frozenset[str] = frozenset()
    from_sections: frozenset[str] = frozenset()
    always_pooled: bool = False
    strata: tuple[str, ...] = ()
    role_weights: Mapping[str, Fraction] = field(default_factory=dict)
    derived: Mapping[str, Saying] = field(default_factory=dict)
    total: Saying = Saying("", "", "")
    person: Saying = Saying("", "", "")
    grading: Saying = Saying("", "", "")
    ranking: Saying = Saying("", "", "")

    def __post_init__(self) -> None:
        if self.k < FLOOR:
            raise ValueError(f"no figure of a person is published below {FLOOR} answers")

    @property
    def valid(self) -> tuple[str, ...]:
        return tuple(self.points)

    @property
    def lowest(self) -> Fraction:
        return min(self.points.values())

    @property
    def highest(self) -> Fraction:
        return max(self.points.values())

    def span(self, grade: str | None) -> tuple[Fraction, Fraction]:
        """The lowest and highest score that a grade can mean (without a grade: any score)."""
        upper = self.highest
        for name, lower in self.grades:
            if name == grade:
                return max(lower, self.lowest), upper
            upper = lower
        return self.lowest, self.highest

    @property
    def bounds(self) -> tuple[Fraction, ...]:
        """The scores between two grades."""
        return tuple(lower for _, lower in self.grades if lower > self.lowest)

    def below_named(self) -> Fraction:
        """The highest score of a person who is not named under `top_grades`."""
        return min((self.span(grade)[0] for grade in self.named_grades), default=self.highest)


def rules_of(scheme: Scheme, *, named: int = 2) -> Rules:
    """Raises `ValueError` for a scheme without grades. The best `named` grades are named (reading 11)."""
    if scheme.grades is None:
        raise ValueError(f"{scheme.id} gives no grades; publication by person needs them")
    total = scheme.step(scheme.score.subject)
    rated: BallotMean = next(
        step for step in scheme.steps if isinstance(step, BallotMean) and step.level == "member"
    )
    values = scheme.answer_scales[rated.scale].values
    derived = [step for step in scheme.steps if isinstance(step, DerivedMember)]
    bands = scheme.grades.bands
    return Rules(
        points={word: Fraction(value) for word, value in values.items()},
        grades=tuple((band.grade, band.lower or Fraction(0)) for band in bands),
        named_grades=frozenset(band.grade for band in bands[:named]),
        k=max(FLOOR, rated.min_answers),
        places=scheme.score.places,
        from_department=frozenset(role for step in derived if step.take == "subject" for role in step.roles),
        from_sections=frozenset(role for step in derived if step.take != "subject" for role in step.roles),
        always_pooled=getattr(total, "method", "") == "pooled",
        strata=tuple(scheme.strata.shares) if scheme.strata else (),
        role_weights=getattr(total, "role_weights", {}),
        derived={r: Saying(s.label, s.clause, s.says) for s in derived for r in s.roles},
        total=Saying(total.label, total.clause, total.says),
        person=Saying(rated.label, rated.clause, rated.says),
        grading=Saying("等次", scheme.grades.clause, scheme.grades.says),
        ranking=Saying("名次", scheme.ranking.clause, scheme.ranking.says)
        if scheme.ranking
        else Saying("", "", ""),
    )
