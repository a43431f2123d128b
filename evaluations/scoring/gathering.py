"""Where the facts of a round come from (取数渠道): for each need of a scheme, which channels may serve it.

It never touches a score. A scheme without ``gathering`` gets the usual channels of each need.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from pydantic import Field, model_validator

from evaluations.scoring.steps.step import Step
from office.definitions.rule import Rule, Words

ChannelKind = Literal[
    "ballot",
    "interviews",
    "ratings",
    "counts",
    "sheets",
    "marks",
    "ledger",
    "checks",
    "measures",
    "placement",
    "figures",
]
ANSWERS: tuple[ChannelKind, ...] = ("ballot", "interviews", "ratings", "counts")
LEDGER = "工作台账"
COUNTED = {"all": "凭票和无票的都计入", "tickets": "只计入凭票的"}
PANEL: tuple[ChannelKind, ...] = ("sheets", "ballot")
SERVING: dict[str, tuple[ChannelKind, ...]] = {
    "answers": ANSWERS,
    "panel": PANEL,
    "marks": ("marks",),
    "occurrences": ("ledger",),
    "conditions": ("checks",),
    "measures": ("measures",),
    "placements": ("placement",),
    "external": ("figures",),
}


class Gathering(Rule):
    """How the text wants one need gathered: the allowed channels, the usual one first, and who does it.

    ``within_period``: it has to be done before the period of the round ends. ``counted``: which of the
    ratings given at counters count, where they may serve the need.
    """

    need: Words
    channels: tuple[ChannelKind, ...] = Field(min_length=1)
    who: Words
    within_period: bool = False
    counted: Literal["all", "tickets"] | None = None

    @model_validator(mode="after")
    def _each_once(self) -> "Gathering":
        if len(set(self.channels)) < len(self.channels):
            raise ValueError("a channel is named twice")
        return self

    @model_validator(mode="after")
    def _only_ratings_are_counted(self) -> "Gathering":
        if self.counted and "ratings" not in self.channels:
            raise ValueError("counted says which ratings count; name the channel ratings or leave it out")
        return self


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that the steps read: ``kind`` is a key of ``SERVING``, ``name`` the one that facts use."""

    kind: str
    name: str
    label: str

    @property
    def key(self) -> str:
        """As ``gathering`` names it: ``answers.ballot``, ``marks.leaders``, ``occurrences``."""
        kind = "marks" if self.kind == "panel" else self.kind
        return f"{kind}.{self.name}" if self.name else kind


def needs_of(steps: Sequence[Step]) -> list[Need]:
    """Every need once, in the order of the steps, called as the first step that has it."""
    found: dict[str, Need] = {}
    for step in steps:
        for need in _needs(step):
            found.setdefault(need.key, need)
    return list(found.values())


def _needs(step: Step) -> Iterator[Need]:
    words = step.needs()
    for _, source in words.answers:
        yield Need("answers", source, step.label)
    for name, mark in words.marks.items():
        yield Need("marks" if mark.single else "panel", name, step.label)
    if words.occurrences:
        yield Need("occurrences", "", LEDGER)
    if words.conditions:
        yield Need("conditions", "", step.label)
    for name, label in words.measures.items():
        yield Need("measures", name, label)
    for name in words.placements:
        yield Need("placements", name, step.label)
    for name in words.external:
        yield Need("external", name, step.label)


def faults_of(rules: Sequence[Gathering], needs: Sequence[Need]) -> list[str]:
    """What is wrong with rules that were written: each need has one, with channels that can serve it."""
    by_key = {need.key: need for need in needs}
    named = [rule.need for rule in rules]
    found = [f"{name} is gathered twice" for name in dict.fromkeys(named) if named.count(name) > 1]
    found += [f"nothing gathers {key}" for key in by_key if key not in named]
    for rule in rules:
        if (need := by_key.get(rule.need)) is None:
            found.append(f"no step needs {rule.need}; needs are {'、'.join(by_key)}")
            continue
        wrong = [channel for channel in rule.channels if channel not in SERVING[need.kind]]
        allowed = "、".join(SERVING[need.kind])
        found += [f"{channel} cannot serve {rule.need}; use {allowed}" for channel in wrong]
    return found
