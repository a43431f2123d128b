"""A number together with how it came about (推导). No rule hands out a number without one."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from evaluations.scoring.numbers import plain, shown

NO_VALID_ANSWERS = "no_valid_answers"
TOO_FEW_ANSWERS = "too_few_answers"
NOBODY_JUDGED = "nobody_judged"


def missing_part(step: str) -> str:
    """The reason of a total that lacks the part ``step``."""
    return f"missing_part:{step}"


@dataclass(frozen=True, slots=True)
class Derivation:
    """A value, the clause it rests on, why it is what it is, and the parts it was made from.

    ``exact`` is None where there is no value; then ``withheld`` says why, and it never counts as 0.
    """

    label: str
    clause: str
    exact: Fraction | None
    because: str
    parts: tuple["Derivation", ...] = ()
    withheld: str | None = None
    readings: tuple[str, ...] = ()
    answers: int | None = None

    @property
    def figure(self) -> Fraction:
        """The value, where a rule has made sure that there is one: nothing missing is ever added up as 0."""
        if self.exact is None:
            raise ValueError(f"{self.label} has no value")
        return self.exact

    def to_json(self, places: int) -> dict[str, Any]:
        """The derivation as the contract has it, down to the last part."""
        return {
            "label": self.label,
            "clause": self.clause,
            "value": None if self.exact is None else shown(self.exact, places),
            "exact": None if self.exact is None else plain(self.exact),
            "because": self.because,
            "withheld": self.withheld,
            "readings": list(self.readings),
            "parts": [part.to_json(places) for part in self.parts],
        }
