"""The rules of one figure: what its number of answers lets the public see of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from evaluations.publication.rules import Rules
from evaluations.scoring.numbers import exact, half_up, shown

EXACT_FROM = 50
UNANIMOUS_BELOW = 20
DISTRIBUTION_FROM = 30
WHOLE_PERCENTS_FROM = 100
DISSENTERS = 2
"""Near-unanimous: fewer than this many answers stand outside the most frequent choice."""

TOO_FEW = "样本不足"
GRADE_PENDING = "等次待确认"
SERVED_ON_PERSON = "结果已送达本人"
SERVED_ON_DEPARTMENT = "结果已送达本单位"

Table = Mapping[str, Mapping[str, Mapping[str, int]]]
"""source → question → choice → count, as in the facts."""


@dataclass(frozen=True, slots=True)
class Figure:
    """What the public sees of one result. `note` says why there is less than score, grade and band."""

    score: str | None = None
    grade: str | None = None
    band: str | None = None
    note: str = ""

    @property
    def is_shown(self) -> bool:
        """Whether a number or a grade is shown at all."""
        return bool(self.score or self.grade)

    def by_grade_only(self) -> Figure:
        """The same figure without its number."""
        return replace(self, score=None, note=self.note or ("" if self.grade else GRADE_PENDING))


@dataclass(frozen=True, slots=True)
class Share:
    """One piece of a distribution: a choice and its rounded share of the valid answers."""

    choice: str
    percent: int


@dataclass(frozen=True, slots=True)
class Answers:
    """The valid answers behind one figure, question by question."""

    questions: tuple[Mapping[str, int], ...]

    @property
    def n(self) -> int:
        """The valid answers to the thinnest question: each part of the figure rests on at least so many."""
        return min((sum(question.values()) for question in self.questions), default=0)

    @property
    def most(self) -> int:
        """The valid answers to the fullest question."""
        return max((sum(question.values()) for question in self.questions), default=0)

    @property
    def total(self) -> int:
        """All valid answers."""
        return sum(sum(question.values()) for question in self.questions)

    def near_unanimous(self) -> bool:
        """Whether some question was answered alike by everybody or by all but one."""
        return any(sum(q.values()) - max(q.values()) < DISSENTERS for q in self.questions)

    def pooled(self) -> Counter[str]:
        """The answers of all questions together."""
        together: Counter[str] = Counter()
        for question in self.questions:
            together.update(question)
        return together


def answers_in(tables: list[Table], rules: Rules) -> Answers:
    """The valid answers of some answer tables added up by question; excluded choices are left out."""
    questions: dict[tuple[str, str], Counter[str]] = {}
    for table in tables:
        for source, by_question in table.items():
            for question, counts in by_question.items():
                valid = {choice: n for choice, n in counts.items() if n and choice in rules.valid}
                questions.setdefault((source, question), Counter()).update(valid)
    return Answers(tuple(counts for counts in questions.values() if counts))


def band(n: int, k: int = 10) -> str | None:
    """The band in which a number of answers is shown; below `k` there is none."""
    if n < k:
        return None
    if n < UNANIMOUS_BELOW:
        return f"{k}–19"
    return "20–49" if n < EXACT_FROM else "50及以上"


def figure(outcome: Mapping[str, Any], answers: Answers, rules: Rules) -> Figure:
    """One result as the public may see it, before anything around it is looked at."""
    if outcome.get("score") is None or answers.n < rules.k:
        return Figure(note=TOO_FEW)
    found = Figure(outcome["score"], outcome.get("grade"), band(answers.n, rules.k))
    if answers.n < UNANIMOUS_BELOW and answers.near_unanimous():
        return found.by_grade_only()
    if answers.n < EXACT_FROM:
        return replace(found, score=whole(outcome))
    return found


def whole(outcome: Mapping[str, Any]) -> str:
    """The score as a whole number, half up, from the unrounded value."""
    return shown(half_up(unrounded(outcome), 0), 0)


def unrounded(outcome: Mapping[str, Any]) -> Fraction:
    """The exact value of a result."""
    text = str(outcome.get("exact") or outcome["score"])
    return Fraction(text) if "/" in text else exact(text)


def distribution(answers: Answers, rules: Rules) -> tuple[Share, ...] | None:
    """The shares of the valid choices, rounded so that they add up to 100; None below 30 answers.

    Each share is a multiple of 1 % (of 5 % below 100 answers): exact shares would give away the counts.
    The picture is drawn from these numbers, never from the counts.
    """
    if answers.n < max(DISTRIBUTION_FROM, rules.k):
        return None
    unit = 1 if answers.n >= WHOLE_PERCENTS_FROM else 5
    counts = answers.pooled()
    total, units = sum(counts.values()), 100 // unit
    floors = {choice: counts[choice] * units // total for choice in rules.valid}
    rests = sorted(rules.valid, key=lambda choice: -(counts[choice] * units % total))
    for choice in rests[: units - sum(floors.values())]:
        floors[choice] += 1
    return tuple(Share(choice, floors[choice] * unit) for choice in rules.valid)


def turnout_shown(ballots: int) -> int:
    """How many have voted, rounded down to 10, so that no single vote shows between two looks."""
    return ballots // 10 * 10
