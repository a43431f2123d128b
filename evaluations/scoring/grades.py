"""Grades (等次): bands over the rounded score, and how gaps between printed bands are read."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from pydantic import Field, model_validator

from office.definitions.numbers import half_up, plain, shown
from office.definitions.rule import Number, Part, Rule, Words


class Band(Part):
    """One grade: from its lower bound and, in some documents, up to a printed upper bound, both included."""

    grade: Words
    lower: Number | None = Field(default=None, alias="from")
    printed_to: Number | None = Field(default=None, alias="to")


@dataclass(frozen=True, slots=True)
class Graded:
    """A grade with the reason; the grade is None where the document gives none."""

    grade: str | None
    because: str


class Grades(Rule):
    """Bands from best to worst. The last has no lower bound, so every score has a band.

    ``holes`` decides about a score between one band's printed upper bound and the next band's lower bound:
    only the lower bounds count, or the score is first rounded to a whole number, or it gets no grade and the
    centre decides.
    """

    bands: tuple[Band, ...] = Field(min_length=1)
    holes: Literal["lower_bounds", "round_to_integer", "strict"] = "lower_bounds"
    levels: tuple[Literal["subject", "member"], ...] = ("subject",)

    @model_validator(mode="after")
    def _bands_cover(self) -> "Grades":
        names = [band.grade for band in self.bands]
        problems = [f"grade {name} stands twice" for name in dict.fromkeys(names) if names.count(name) > 1]
        problems += [
            f"band {band.grade} needs a lower bound: from" for band in self.bands[:-1] if band.lower is None
        ]
        if (last := self.bands[-1]).lower is not None:
            problems.append(
                f"scores below {plain(last.lower)} have no grade; the last band ({last.grade}) takes no from"
            )
        for upper, band in zip(self.bands, self.bands[1:], strict=False):
            edge = upper.lower
            if edge is None:
                continue
            if band.lower is not None and band.lower >= edge:
                problems.append(
                    f"band {band.grade} must begin below {upper.grade} ({plain(edge)}); order best to worst"
                )
            elif band.printed_to is not None and band.printed_to >= edge:
                problems.append(f"bands {upper.grade} and {band.grade} overlap at {plain(edge)}")
        problems += [
            f"band {band.grade} ends before it begins"
            for band in self.bands
            if band.lower is not None and band.printed_to is not None and band.printed_to < band.lower
        ]
        if problems:
            raise ValueError("; ".join(problems))
        return self

    def of(self, score: Fraction) -> Graded:
        """The grade of a score already rounded to the scheme's places."""
        judged = half_up(score, 0) if self.holes == "round_to_integer" else score
        band = next(band for band in self.bands if band.lower is None or judged >= band.lower)
        if self.holes == "strict" and band.printed_to is not None and judged > band.printed_to:
            return Graded(None, f"{plain(score)} 分落在“{band.grade}”与上一等次之间，原文没有规定，待确认")
        shown_score = f"{plain(score)} 分" + (f"（取整为 {shown(judged, 0)}）" if judged != score else "")
        if band.lower is None:
            edge = self.bands[-2].lower if len(self.bands) > 1 else None
            return Graded(
                band.grade, f"{shown_score}，低于 {plain(edge)}" if edge is not None else shown_score
            )
        return Graded(band.grade, f"{shown_score}，不低于 {plain(band.lower)}")

    def position(self, grade: str) -> int:
        """0 for the best grade, then 1, 2 …"""
        return next(index for index, band in enumerate(self.bands) if band.grade == grade)

    def names(self) -> list[str]:
        """Best first."""
        return [band.grade for band in self.bands]
