"""A number together with how it was obtained (推导). No rule returns a number without a derivation."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from office.definitions.numbers import plain, shown

NO_VALID_ANSWERS = "no_valid_answers"
TOO_FEW_ANSWERS = "too_few_answers"
NOBODY_JUDGED = "nobody_judged"


def missing_part(step: str) -> str:
    return f"missing_part:{step}"


@dataclass(frozen=True, slots=True)
class Derivation:
    """A value, its clause, the reason in Chinese, and the parts it was computed from.

    ``exact`` is None where there is no value; then ``withheld`` holds the reason as a code, and the value
    never counts as 0. ``answers`` is the number of valid answers behind the value, where they were counted.
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
        """The value where a rule has made sure that there is one; raises instead of adding 0 for a gap."""
        if self.exact is None:
            raise ValueError(f"{self.label} has no value")
        return self.exact

    def to_json(self, places: int) -> dict[str, Any]:
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
