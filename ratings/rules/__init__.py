"""How people rate at the counter (`procedures/<id>/ratings.yaml`): words, limits, what is shown to whom.

Pure: the files are the only input. What an answer is worth stands in the scheme; a test holds that both use
the same words.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from pydantic import Field, model_validator

from casework.procedure.beside import parse_rules
from casework.procedure.loading import PROCEDURES
from casework.procedure.parts import Provision
from office.definitions.rule import Id, Part, Words

FILE = "ratings.yaml"


class Page(Provision):
    question: Words


class Level(Part):
    word: Words
    bad: bool = False


class Levels(Provision):
    """The answers, best first, in the words of an answer scale of a scheme."""

    scheme: Words
    scale: Id
    items: tuple[Level, ...] = Field(min_length=2)

    @model_validator(mode="after")
    def _each_once(self) -> Levels:
        words = [one.word for one in self.items]
        if len(set(words)) < len(words):
            raise ValueError("a level is named twice")
        return self


class Aspect(Part):
    id: Id
    label: Words


class Aspects(Provision):
    """What may be rated apart; who does not is counted there with the level of the whole."""

    items: tuple[Aspect, ...] = Field(min_length=1)


class Reasons(Provision):
    items: tuple[Words, ...] = Field(min_length=1)


class Complaints(Provision):
    """Where the complaint button leads: a procedure that takes in reports from the web."""

    procedure: Words


class BadRatings(Provision):
    """The procedure under which a bad rating with a phone number becomes a matter."""

    procedure: Words
    category: Id


class Tickets(Provision):
    rate_within_days: int = Field(ge=1)
    roll_days: int = Field(ge=1)


class Holding(Provision):
    """What is held for two people to look at, within so many days; nothing is deleted."""

    burst_most: int = Field(ge=1)
    burst_minutes: int = Field(ge=1)
    after_hours_minutes: int = Field(ge=0)
    judge_within_days: int = Field(ge=1)


class ExclusionReason(Part):
    """Why a rating does not count; one that `moves` counts for another place instead.

    `refusal` is the same reason in the procedure of bad ratings: a matter not accepted for it leads to
    the judgment, and an exclusion to the refusal of a matter that waits for its acceptance.
    """

    id: Id
    label: Words
    moves: bool = False
    refusal: Id | None = None


class Excluding(Provision):
    watch_above_percent: int = Field(ge=0, le=100)
    reasons: tuple[ExclusionReason, ...] = Field(min_length=1)

    def reason(self, reason: str) -> ExclusionReason | None:
        return next((one for one in self.reasons if one.id == reason), None)

    def reason_of(self, refusal: str) -> ExclusionReason | None:
        return next((one for one in self.reasons if one.refusal and one.refusal == refusal), None)


class Shown(Provision):
    """From how many ratings on a sum is shown to the unit, and to everybody."""

    own_from: int = Field(ge=2)
    public_from: int = Field(ge=2)


class ProvinceLevel(Part):
    """A level of the province's 好差评, as a number and as a word, and what it is here."""

    value: int
    word: Words
    level: Words


class ProvinceLevels(Provision):
    """How the province's export is read; a channel with one of `default_words` says that nobody rated."""

    levels: tuple[ProvinceLevel, ...] = Field(min_length=2)
    default_words: tuple[Words, ...] = ()


class RatingRules(Part):
    title: Words
    office: Words
    requirements: tuple[Words, ...]
    page: Page
    levels: Levels
    aspects: Aspects | None = None
    reasons: Reasons
    complaints: Complaints
    bad_ratings: BadRatings | None = None
    tickets: Tickets
    holding: Holding
    excluding: Excluding
    shown: Shown
    province: ProvinceLevels | None = None

    @model_validator(mode="after")
    def _province_has_our_words(self) -> RatingRules:
        theirs = self.province.levels if self.province else ()
        if strange := {one.level for one in theirs} - set(self.words):
            raise ValueError(f"no level is called {'、'.join(sorted(strange))}")
        return self

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(one.word for one in self.levels.items)

    @property
    def bad_words(self) -> tuple[str, ...]:
        return tuple(one.word for one in self.levels.items if one.bad)

    @property
    def aspect_ids(self) -> tuple[str, ...]:
        return tuple(one.id for one in self.aspects.items) if self.aspects else ()


@lru_cache(maxsize=4)
def all_rules(folder: Path = PROCEDURES) -> dict[str, RatingRules]:
    """Return {name of the folder: its rules}, in the order of the names; raises `InvalidInputError`."""
    return {
        path.parent.name: parse_rules(RatingRules, path.read_text(encoding="utf-8-sig"), str(path))
        for path in sorted(folder.glob(f"*/{FILE}"))
    }


def rules_of(rules_id: str) -> RatingRules:
    return all_rules()[rules_id]
