"""``adjustments``: signed points on the total, outside every block and uncapped.

Of one practice only the highest counts, unless the scheme says otherwise.
"""

from fractions import Fraction
from typing import Literal

from pydantic import Field

from evaluations.scoring.case import Case
from evaluations.scoring.derivation import Derivation
from evaluations.scoring.steps.ledger import Item, entry, highest_per_practice
from evaluations.scoring.steps.step import Needs, OccurrenceNeed, SubjectStep
from office.definitions.numbers import signed
from office.definitions.rule import Id


class Adjustments(SubjectStep):
    """The sum of the items' signed points."""

    kind: Literal["adjustments"]
    items: dict[Id, Item] = Field(min_length=1)
    per_practice: Literal["all", "highest"] = "highest"

    def needs(self) -> Needs:
        items = self.items.items()
        return Needs(occurrences={key: OccurrenceNeed(item.label, item.points) for key, item in items})

    def of_subject(self, case: Case) -> Derivation:
        events = {key: found for key, found in case.facts.occurrences.items() if key in self.items}
        if self.per_practice == "highest":
            events = highest_per_practice(self.items, events)
        lines = [entry(item, events.get(key, ())) for key, item in self.items.items()]
        parts = [line for line in lines if line]
        total = sum((part.figure for part in parts), Fraction(0))
        return self.found(total, f"合计 {signed(total)} 分" if parts else "没有加减分", *parts)
