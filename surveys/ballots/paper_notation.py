"""How what stands on a sheet of paper is written in `Sheet.marks`: one key for each cell, in their order.

Where voters tick a word a key is one digit: 1 to 8 for the words, 0 blank, 9 ticked twice. Where they write a
mark it has two hexadecimal digits: the place of the mark among the form's choices, 00 blank, ff not a mark.
"""

from dataclasses import dataclass

from surveys.ballots.forms import Json, words
from surveys.ballots.marks import gives_marks

MOST_WORDS = 8


@dataclass(frozen=True)
class Notation:
    """`format` is the version of `paper.json` that uses it."""

    choices: int
    width: int = 1

    @classmethod
    def of(cls, form: Json) -> "Notation":
        return cls(len(words(form)), 2 if gives_marks(form) else 1)

    @property
    def format(self) -> str:
        return f"sanliang-paper/{self.width}"

    @property
    def blank(self) -> str:
        return "0" * self.width

    @property
    def double(self) -> str:
        return "9" if self.width == 1 else "ff"

    def key(self, place: int) -> str:
        """The key of a choice by its place from 1."""
        return str(place) if self.width == 1 else f"{place:02x}"

    def place(self, key: str) -> int:
        """The place of the choice; 0 where the cell says nothing."""
        return 0 if key in (self.blank, self.double) else int(key, 10 if self.width == 1 else 16)

    def keys(self, marks: str) -> list[str]:
        return [marks[at : at + self.width] for at in range(0, len(marks), self.width)]

    def fit(self, marks: str, cells: int) -> bool:
        known = {self.blank, self.double, *map(self.key, range(1, self.choices + 1))}
        found = self.keys(marks)
        return len(found) == cells and set(found) <= known
