"""Answer scales: the words a voter may choose, and the value of each."""

from fractions import Fraction
from functools import cached_property

from pydantic import Field, model_validator

from office.definitions.numbers import plain
from office.definitions.rule import Number, Rule


class Scale(Rule):
    """Answer words with their values; ``excluded`` words count in neither numerator nor denominator.

    At the words of ``ask_reason`` the voter is asked for a reason, never forced to give one.
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
        """Whole numbers as integers: they are summed for every person, and integers are faster."""
        return {word: int(value) if value.denominator == 1 else value for word, value in self.choices.items()}

    @cached_property
    def factors(self) -> dict[str, str]:
        return {word: f"×{plain(value)}" for word, value in self.choices.items()}

    @cached_property
    def words(self) -> tuple[str, ...]:
        return (*self.choices, *self.excluded)
