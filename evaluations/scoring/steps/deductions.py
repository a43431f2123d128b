"""``deductions``: occurrences take points from a block of full points, down to the floor of the block."""

from fractions import Fraction
from typing import Literal

from pydantic import Field, model_validator

from evaluations.scoring.case import Case
from evaluations.scoring.derivation import Derivation
from evaluations.scoring.facts import Event
from evaluations.scoring.steps.ledger import PositiveItem, entry
from evaluations.scoring.steps.step import Needs, OccurrenceNeed, SubjectStep
from office.definitions.numbers import plain
from office.definitions.rule import Id, Points


class Deductions(SubjectStep):
    """Full points less the points of the ledger; items are uncapped.

    What would have gone below the floor is not deducted but stated. An occurrence that set off a veto is not
    deducted as well, unless ``veto_events`` says ``deducted``.
    """

    kind: Literal["deductions"]
    full: Points = Field(gt=0)
    floor: Points = Fraction(0)
    items: dict[Id, PositiveItem] = Field(min_length=1)
    veto_events: Literal["not_deducted", "deducted"] = "not_deducted"

    @model_validator(mode="after")
    def _floor_below_full(self) -> "Deductions":
        if self.floor >= self.full:
            raise ValueError(f"the floor ({plain(self.floor)}) must lie below full ({plain(self.full)})")
        return self

    def needs(self) -> Needs:
        items = self.items.items()
        return Needs(
            occurrences={key: OccurrenceNeed(item.label, -item.points, item.optional) for key, item in items}
        )

    def of_subject(self, case: Case) -> Derivation:
        parts: list[Derivation] = []
        for key, item in self.items.items():
            if key in case.facts.not_applicable:
                parts.append(Derivation(item.label, item.clause, Fraction(0), "不适用于本单位"))
                continue
            taken_from, vetoing = self._divided(case.facts.occurrences.get(key, ()))
            line = entry(item, taken_from, sign=-1, vetoing=vetoing)
            parts.extend([line] if line else [])
        taken = -sum((part.figure for part in parts), Fraction(0))
        value = max(self.full - taken, self.floor)
        because = (
            f"{plain(self.full)} 分，扣 {plain(taken)} 分" if taken else f"{plain(self.full)} 分，没有扣分"
        )
        if self.full - taken < self.floor:
            because += f"，扣完为止，超出 {plain(self.floor - self.full + taken)} 分不再扣"
            case.flag(f"overflow:{self.id}")
        return self.found(value, because, *parts)

    def _divided(self, events: tuple[Event, ...]) -> tuple[list[Event], list[Event]]:
        """What is deducted, and what is not because it set off a veto."""
        vetoing = [event for event in events if event.veto and self.veto_events == "not_deducted"]
        return [event for event in events if event not in vetoing], vetoing
