"""A procedure as a whole."""

from typing import ClassVar

from pydantic import Field

from casework.procedure.officers import OfficerRules
from casework.procedure.parts import (
    Assigning,
    CallBack,
    Categories,
    ClockRule,
    Evidence,
    Extension,
    Figure,
    Finding,
    HandBack,
    Intake,
    Outcome,
    Plates,
    Reopening,
    Repeats,
    Review,
    StageRule,
    Supplement,
    Transfer,
    Visibility,
    Withdrawal,
)
from casework.procedure.words import Stage
from office.definitions.rule import Part, Words


class Source(Part):
    title: Words
    number: Words | None = None
    date: Words
    issuer: Words
    missing: str = Field(default="", description="what of the text is not in our hands")


class Procedure(Part):
    """Proceedings of one desk (办理规程)."""

    is_readable: ClassVar[bool] = True

    id: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    title: Words
    desk: Words  # as menus say it
    office: Words  # in full, on every print
    prefix: Words  # before the number of a matter
    document: Source
    effective_from: Words
    requirements: tuple[Words, ...] = Field(min_length=1)
    intake: Intake
    categories: Categories
    stages: tuple[StageRule, ...] = Field(min_length=2)
    assigning: Assigning | None = None
    clocks: tuple[ClockRule, ...] = Field(min_length=1)
    supplement: Supplement | None = None
    extension: Extension | None = None
    hand_back: HandBack | None = None
    repeats: Repeats | None = None
    reopening: Reopening | None = None
    review: Review | None = None
    transfer: Transfer | None = None
    withdrawal: Withdrawal | None = None
    call_back: CallBack | None = None
    findings: tuple[Finding, ...] = ()
    causes: tuple[Words, ...] = ()
    outcomes: tuple[Outcome, ...] = Field(min_length=1)
    plates: Plates | None = None
    visibility: Visibility
    figures: tuple[Figure, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    officers: OfficerRules | None = None

    def has(self, stage: Stage) -> bool:
        return any(one.stage == stage for one in self.stages)

    def stage(self, stage: Stage) -> StageRule:
        return next(one for one in self.stages if one.stage == stage)

    def clock(self, clock: str) -> ClockRule:
        return next(one for one in self.clocks if one.id == clock)

    @property
    def first_category(self) -> str:
        """Return what a matter is until somebody judges it."""
        return self.categories.default or self.categories.items[0].id

    def finding(self, finding: str) -> Finding | None:
        return next((one for one in self.findings if one.id == finding), None)

    def outcome(self, outcome: str) -> Outcome | None:
        return next((one for one in self.outcomes if one.id == outcome), None)

    def category(self, category: str) -> str:
        """Return the label of a category."""
        return next((one.label for one in self.categories.items if one.id == category), category)

    def risen(self, category: str) -> str:
        """Return the category one graver; the gravest stays."""
        order = [one.id for one in self.categories.items]
        at = order.index(category) if category in order else 0
        return order[min(at + 1, len(order) - 1)]

    def after(self, stage: Stage) -> Stage:
        """Return the first stage that comes next."""
        return next(iter(self.stage(stage).then), Stage.CLOSED)
