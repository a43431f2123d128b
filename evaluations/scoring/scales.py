"""Answer scales: the words a voter may choose, and what each is worth."""

from fractions import Fraction
from functools import cached_property

from pydantic import Field, model_validator

from evaluations.scoring.numbers import plain
from evaluations.scoring.rule import Number, Rule


class Scale(Rule):
    """Answer words with their values; ``excluded`` words leave numerator and denominator.

    At the words of ``ask_reason`` the voter is asked (never made) to say why.
    """

    choices: dict[str, Number] = Field(min_length=1)
    excluded: tuple[str, ...] = ()
    ask_reason: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _words_differ(self) -> "Scale":
        if both := [word for word in self.excluded if word in self.choices]:
            raise ValueError(f"{'、'.join(both)} cannot have a value and be excluded")
        if unknown := [word for word in self.ask_reason if word not in (*self.choices, *self.excluded)]:
            raise ValueError(f"ask_reason names {'、'.join(unknown)}, which is no choice of this scale")
        return self

    @cached_property
    def values(self) -> dict[str, int | Fraction]:
        """The values, whole numbers as integers (they are added up for every person)."""
        return {word: int(value) if value.denominator == 1 else value for word, value in self.choices.items()}

    @cached_property
    def factors(self) -> dict[str, str]:
        """The values as they stand in a derivation, written once."""
        return {word: f"×{plain(value)}" for word, value in self.choices.items()}

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Every word a voter may choose."""
        return (*self.choices, *self.excluded)
