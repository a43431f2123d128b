"""What the county's text leaves to a file about hearings, weeks, reviews and panels: `hearings.yaml`."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from casework.procedure.beside import rules_beside
from casework.procedure.parts import Provision
from office.definitions.rule import Id, Part, Words

Appeared = Literal["answers", "exposes"]


class PromiseRule(Provision):
    """The channel and the category that promises come in by, and the outcome of a kept one."""

    channel: Id
    kept: Id
    categories: dict[Appeared, Id]


class WeekRule(Provision):
    channel: Id
    category: Id
    done: Id


class MonthRule(Provision):
    words: tuple[Words, ...] = Field(min_length=2)


class Choices(Part):
    satisfied: Words
    fairly: Words
    unsatisfied: Words


class PanelRule(Provision):
    choices: Choices


class HearingRules(Part):
    """`clock` is the limit of the procedure that runs to a day that was promised or set."""

    procedure: Words
    clock: Id
    promise: PromiseRule
    week: WeekRule
    month: MonthRule
    panel: PanelRule
    media: tuple[Words, ...] = Field(min_length=1)


def rules() -> HearingRules:
    return rules_beside(HearingRules, "hearings.yaml")
