"""The rules of a single figure: what its number of answers lets the public see of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil
from typing import Any

from evaluations.publication.rules import Rules
from office.definitions.numbers import exact, half_up, shown

EXACT_FROM = 50
UNANIMOUS_BELOW = 20
DISTRIBUTION_FROM = 30
WHOLE_PERCENTS_FROM = 100
DISSENTERS = 2
"""Nearly unanimous: fewer answers than this differ from the most frequent choice."""

TOO_FEW = "样本不足"
GRADE_PENDING = "等次待确认"
SERVED_ON_PERSON = "结果已送达本人"
SERVED_ON_DEPARTMENT = "结果已送达本单位"

Table = Mapping[str, Mapping[str, Mapping[str, int]]]
"""source → question → choice → count"""


@dataclass(frozen=True, slots=True)
class Figure:
    """What the public sees of one result; `note` says why score, grade or band is missing."""

    score: str | None = None
    grade: str | None = None
    band: str | None = None
    note: str = ""

    @property
    def is_shown(self) -> bool:
        return bool(self.score or self.grade)

    def by_grade_only(self) -> Figure:
        return replace(self, score=None, note=self.note or ("" if self.grade else GRADE_PENDING))


@dataclass(frozen=True, slots=True)
class Share:
    """One choice of a distribution and its rounded share of the valid answers."""

    choice: str
    percent: int


@dataclass(frozen=True, slots=True)
class Answers:
    """The valid answers behind one figure, question by question."""

    questions: tuple[Mapping[str, int], ...]

    @property
    def n(self) -> int:
        """The valid answers to the question with the fewest: every part of the figure has as many."""
        return min((sum(question.values()) for question in self.questions), default=0)

    @property
    def most(self) -> int:
        return max((sum(question.values()) for question in self.questions), default=0)

    @property
    def total(self) -> int:
        return sum(sum(question.values()) for question in self.questions)

    def near_unanimous(self) -> bool:
        """Whether all, or all but one, gave the same answer to some question."""
        return any(sum(q.values()) - max(q.values()) < DISSENTERS for q in self.questions)

    def pooled(self) -> Counter[str]:
        together: Counter[str] = Counter()
        for question in self.questions:
            together.update(question)
        return together


def answers_in(tables: list[Table], rules: Rules) -> Answers:
    questions: dict[tuple[str, str], Counter[str]] = {}
    for table in tables:
        for source, by_question in table.items():
            for question, counts in by_question.items():
                valid = {choice: n for choice, n in counts.items() if n and choice in rules.valid}
                questions.setdefault((source, question), Counter()).update(valid)
    return Answers(tuple(counts for counts in questions.values() if counts))


def band(n: int, k: int = 10) -> str | None:
    """The range in which a number of answers is shown; None below `k`."""
    if n < k:
        return None
    if n < UNANIMOUS_BELOW:
        return f"{k}–19"
    return "20–49" if n < EXACT_FROM else "50及以上"


WIDE_BANDS = (50, 100, 200, 500, 1000, 2000)


def wide_band(n: int, k: int = 10) -> str | None:
    """The range in which a unit's answers and ballots are shown: from 50 on no voter hides in its edges."""
    if n < EXACT_FROM:
        return band(n, k)
    lower = max(edge for edge in WIDE_BANDS if edge <= n)
    above = next((edge for edge in WIDE_BANDS if edge > n), None)
    return f"{lower}及以上" if above is None else f"{lower}–{above - 1}"


def fewest_in(shown_band: str) -> int:
    """The fewest answers or ballots that a band can stand for."""
    return int(shown_band.partition("–")[0].removesuffix("及以上"))


def figure(outcome: Mapping[str, Any], answers: Answers, rules: Rules) -> Figure:
    """One result as the public may see it, without regard to the other figures shown."""
    if outcome.get("score") is None or answers.n < rules.k:
        return Figure(note=TOO_FEW)
    found = Figure(outcome["score"], outcome.get("grade"), band(answers.n, rules.k))
    if answers.n < UNANIMOUS_BELOW and answers.near_unanimous():
        return found.by_grade_only()
    if answers.n < EXACT_FROM:
        return replace(found, score=whole(outcome, rules))
    return found


def whole(outcome: Mapping[str, Any], rules: Rules) -> str:
    """The score as a whole number, half up, but never one that belongs to a better grade than its own."""
    number = half_up(unrounded(outcome), 0)
    above = rules.span(outcome.get("grade"))[1]
    if above < rules.highest and number >= above:
        number = Fraction(ceil(above) - 1)
    return shown(number, 0)


def span(found: Figure, rules: Rules) -> tuple[Fraction, Fraction]:
    """The scores that a reader takes for possible, given what is shown of one result."""
    low, high = rules.span(found.grade)
    if found.score is None:
        return low, high
    number = exact(found.score)
    if "." in found.score:
        unit = Fraction(1, 2) / 10**rules.places
        return max(low, number - unit), min(high, number + unit)
    pulled_down = high < rules.highest and number + 1 >= high
    return max(low, number - Fraction(1, 2)), high if pulled_down else min(high, number + Fraction(1, 2))


def unrounded(outcome: Mapping[str, Any]) -> Fraction:
    text = str(outcome.get("exact") or outcome["score"])
    return Fraction(text) if "/" in text else exact(text)


def distribution(answers: Answers, rules: Rules) -> tuple[Share, ...] | None:
    """The shares of the valid choices, rounded so that they sum to 100; None below 30 answers.

    Each share is a multiple of 1 % (of 5 % below 100 answers): exact shares would reveal the counts. Charts
    are drawn from these numbers, never from the counts.
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
    """The number of votes rounded down to tens, so that no single vote is visible between two looks."""
    return ballots // 10 * 10
