"""Duties that recur (定期报送): what every unit hands in again and again, and by when.

They never touch a score: what came late is an occurrence like any other, entered and confirmed by people.
"""

from collections.abc import Iterable, Sequence
from typing import Literal

from pydantic import Field

from office.definitions.rule import Id, Rule, Words

MONTHS_OF = {"month": 1, "quarter": 3, "half": 6, "year": 12}
_FAR = 60


class Duty(Rule):
    """Handed in for every month, quarter, half or year; ``late`` is the item of the ledger for what is late.

    ``working_days`` after that time it is due, 0 means on its last day.
    """

    id: Id
    label: Words
    every: Literal["month", "quarter", "half", "year"]
    working_days: int = Field(default=0, ge=0, le=_FAR)
    late: Id

    @property
    def months(self) -> int:
        return MONTHS_OF[self.every]


def faults_of(duties: Sequence[Duty], items: Iterable[str]) -> list[str]:
    """What is wrong with the duties of a scheme whose ledger has these items."""
    known = list(items)
    return [
        f"{duty.id}: no such item: {duty.late}; items are {'、'.join(known) or '(none)'}"
        for duty in duties
        if duty.late not in known
    ]
