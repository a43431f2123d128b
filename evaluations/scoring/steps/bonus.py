"""``bonus``: occurrences add points, capped per item and in total."""

from fractions import Fraction
from typing import Literal

from pydantic import Field, model_validator

from evaluations.scoring.case import Case
from evaluations.scoring.derivation import Derivation
from evaluations.scoring.steps.ledger import Item, PositiveItem, entry, highest_per_practice
from evaluations.scoring.steps.step import Needs, OccurrenceNeed, SubjectStep
from office.definitions.numbers import plain
from office.definitions.rule import Id, Points


class Bonus(SubjectStep):
    """The points of the ledger, at most ``cap``; of one practice all count, or only the highest."""

    kind: Literal["bonus"]
    cap: Points = Field(gt=0)
    items: dict[Id, PositiveItem] = Field(min_length=1)
    per_practice: Literal["all", "highest"] = "all"

    @model_validator(mode="after")
    def _caps_fit(self) -> "Bonus":
        for key, item in self.items.items():
            if item.cap is not None and item.cap > self.cap:
                raise ValueError(
                    f"the cap of {key} ({plain(item.cap)}) exceeds the cap of all ({plain(self.cap)})"
                )
            if item.cap is not None and item.cap < item.points:
                raise ValueError(
                    f"the cap of {key} ({plain(item.cap)}) lies below its points ({plain(item.points)})"
                )
        return self

    def needs(self) -> Needs:
        items = self.items.items()
        return Needs(occurrences={key: OccurrenceNeed(item.label, item.points) for key, item in items})

    def of_subject(self, case: Case) -> Derivation:
        items: dict[str, Item] = dict(self.items)
        events = {key: found for key, found in case.facts.occurrences.items() if key in items}
        if self.per_practice == "highest":
            events = highest_per_practice(items, events)
        lines = [entry(item, events.get(key, ())) for key, item in items.items()]
        parts = [line for line in lines if line]
        total = sum((part.figure for part in parts), Fraction(0))
        because = f"加 {plain(total)} 分" if total else "没有加分"
        if total > self.cap:
            because += f"，封顶 {plain(self.cap)} 分"
        return self.found(min(total, self.cap), because, *parts)
