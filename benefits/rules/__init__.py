"""What the text leaves to a file about benefits (`benefits.yaml`): classes, labels, pool, notice. Pure."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from casework.procedure.beside import parse_rules
from casework.procedure.loading import PROCEDURES
from casework.procedure.parts import Provision
from office.definitions.faults import Fault, InvalidInputError
from office.definitions.rule import Id, Part, Words

FILE = "benefits.yaml"


class ItemClass(Part):
    """A class of items (政策类别): a category of the procedure; one may need no application."""

    category: Id
    without_application: bool = False


class Classes(Provision):
    items: tuple[ItemClass, ...] = Field(min_length=1)


class Kind(Part):
    """What a firm gets (兑现内容): money, or a right or a standing that takes effect on a day."""

    id: Id
    label: Words
    money: bool = False


class Kinds(Provision):
    items: tuple[Kind, ...] = Field(min_length=1)


class Level(Part):
    """Whose policy it is (政策层级); by the text's limit or the guide's own."""

    id: Id
    label: Words
    literal_limit: bool = False


class Levels(Provision):
    items: tuple[Level, ...] = Field(min_length=1)


class Label(Part):
    """What is known of a firm (企业标签), and the one question that is asked where it is not known."""

    id: Id
    label: Words
    type: Literal["yes_no", "choice", "number", "date"]
    choices: tuple[Words, ...] = ()
    question: Words

    @model_validator(mode="after")
    def _choices_of_a_choice(self) -> Label:
        if (self.type == "choice") != bool(self.choices):
            raise ValueError("a choice has choices, nothing else has")
        return self


class Labels(Provision):
    items: tuple[Label, ...] = Field(min_length=1)


class Access(Provision):
    """How a firm signs in: after how many wrong codes it waits for how many minutes, and how long it stays.

    `tries` are those for one firm from one address; `tries_anywhere` those for one firm from all of them,
    many more, because everybody knows the credit code of a firm and could lock it out.
    """

    tries: int = Field(ge=1)
    tries_anywhere: int = Field(ge=1)
    wait_minutes: int = Field(ge=1)
    idle_minutes: int = Field(ge=1)
    longest_hours: int = Field(ge=1)

    @model_validator(mode="after")
    def _more_anywhere(self) -> Access:
        if self.tries_anywhere < self.tries:
            raise ValueError("tries_anywhere is no fewer than tries")
        return self


class Claims(Provision):
    """What a firm that claims by itself promises, word for word."""

    promise: Words


class Deciding(Provision):
    """The outcomes of the procedure by which a department decides."""

    paid: Id
    granted: Id
    refused: Id


class PoolYear(Provision):
    """From which month a year's pool may be closed, and how far from today a year may lie that gets money."""

    closes_from_month: int = Field(ge=1, le=12)
    years_around: int = Field(ge=0)


class Above(Provision):
    """By which words of the platform above a claim ended how, apart from what closes any matter."""

    paid: tuple[Words, ...] = ()
    granted: tuple[Words, ...] = ()
    refused: tuple[Words, ...] = ()


class Pool(Provision):
    """What the pool of each level is called, and which clock of the procedure is that of the money."""

    name: Words
    clock: Id
    year: PoolYear


class Guide(Provision):
    """The clocks of the procedure that a guide names, and beside which one its own limit stands."""

    clocks: tuple[Id, ...] = Field(min_length=1)
    own_limit_beside: Id

    @model_validator(mode="after")
    def _beside_one_of_them(self) -> Guide:
        if self.own_limit_beside not in self.clocks:
            raise ValueError("own_limit_beside names one of the clocks")
        return self


class Notice(Provision):
    """The monthly notice: how many items are named as the slowest, and by which figures of the procedure."""

    worst_items: int = Field(ge=1)
    worst_by: tuple[Id, ...] = Field(min_length=1)


class Fixing(Provision):
    """By which channel of the procedure a claim comes that a list makes."""

    channel: Id


class BenefitRules(Part):
    title: Words
    office: Words
    requirements: tuple[Words, ...]
    classes: Classes
    kinds: Kinds
    levels: Levels
    labels: Labels
    guide: Guide
    fixing: Fixing
    access: Access
    claims: Claims
    deciding: Deciding
    above: Above
    pool: Pool
    notice: Notice

    def label(self, label_id: str) -> Label | None:
        return next((one for one in self.labels.items if one.id == label_id), None)

    def outcome_above(self, state: str) -> str:
        """Return the outcome of the procedure that a state of the platform above stands for, if any."""
        ways = ("paid", "granted", "refused")
        found = (getattr(self.deciding, one) for one in ways if state in getattr(self.above, one))
        return next(found, "")

    def needs_no_claim(self, category: str) -> bool:
        return any(one.without_application for one in self.classes.items if one.category == category)

    def gives_money(self, kind_id: str) -> bool:
        kind = self.kind(kind_id)
        return kind is not None and kind.money

    def level(self, level_id: str) -> Level | None:
        return next((one for one in self.levels.items if one.id == level_id), None)

    def kind(self, kind_id: str) -> Kind | None:
        return next((one for one in self.kinds.items if one.id == kind_id), None)


@lru_cache(maxsize=4)
def rules(folder: Path = PROCEDURES) -> tuple[str, BenefitRules]:
    """Return the procedure beside whose text the one file lies, and the rules; a county has one of them."""
    found = sorted(folder.glob(f"*/{FILE}"))
    if len(found) != 1:
        raise InvalidInputError([Fault((), f"one {FILE} is needed beside the procedures, not {len(found)}")])
    text = found[0].read_text(encoding="utf-8-sig")
    return found[0].parent.name, parse_rules(BenefitRules, text, str(found[0]))
