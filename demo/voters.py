"""Made-up voters of the demo county: whom they met, and what they answer.

Everything is drawn from one seed, so that every demo county is the same. Contact is skewed as in real
rounds: voters meet a few departments and persons often, most of them seldom.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import Any

from surveys.ballots import forms
from surveys.ballots.sealing import Comment

SKEW = 0.6
DEPARTMENTS_MET = 2
PERSONS_MET = 3
UNKNOWN = 0.06
HOW_MANY_SAY_WHY = 0.3
REASONS = (
    ("9月10日去办证，窗口李科长说的材料与清单不一致", "建议在公示栏写明全部材料"),
    ("办理时间比承诺的时限长", "建议办理进度可以查询"),
    ("留了电话13800000000，咨询多次没有人回复", "建议安排专人接听"),
)

Answers = dict[str, dict[str, str]]


class DemoVoters:
    """Voters for one frozen form; each call of `ballots` continues the same random sequence."""

    def __init__(self, form: dict[str, Any], seed: str, *, poor: Sequence[int] = ()) -> None:
        """`poor` are the places of departments with which voters are not content."""
        self._random = random.Random(seed)  # noqa: S311 - demo data, nothing secret
        self._departments = [
            (self._rated(department), min(self._random.gauss(0.55, 0.28), 0 if place in poor else 2))
            for place, department in enumerate(form["departments"])
        ]
        self._random.shuffle(self._departments)
        self._cells = {(cell.subject, cell.question): place for place, cell in enumerate(forms.cells(form))}
        self._manner = {
            person: self._random.gauss(quality, 0.12)
            for persons, quality in self._departments
            for person, _ in persons
        }

    @staticmethod
    def _rated(department: dict[str, Any]) -> list[tuple[str, list[str]]]:
        return [
            (person["id"], [question["id"] for question in section["questions"]])
            for section in department["sections"]
            for person in section["persons"]
        ]

    def ballots(self, count: int) -> Iterator[tuple[Answers, list[Comment]]]:
        for _ in range(count):
            answers: Answers = {}
            comments: list[Comment] = []
            for persons, _ in self._met(self._departments, DEPARTMENTS_MET):
                for person, questions in self._met(persons, PERSONS_MET):
                    answers[person] = {question: self._word(person) for question in questions}
                    comments += self._comments(person, answers[person])
            yield answers, comments

    def _met(self, what: list[Any], count: int) -> list[Any]:
        left = list(what)
        met = []
        for _ in range(min(count, len(left))):
            weights = [1 / rank**SKEW for rank in range(1, len(left) + 1)]
            met.append(left.pop(self._random.choices(range(len(left)), weights)[0]))
        return met

    def _word(self, person: str) -> str:
        if self._random.random() < UNKNOWN:
            return "不了解情况"
        distance = max(0.0, 1 - self._manner[person])
        weights = [
            0.10 + 0.9 * max(0.0, 1 - distance),
            0.10 + 0.35 * distance,
            0.30 * distance,
            0.22 * distance,
        ]
        return self._random.choices(("满意", "比较满意", "基本满意", "不满意"), weights)[0]

    def _comments(self, person: str, answers: dict[str, str]) -> list[Comment]:
        asked = [question for question, word in answers.items() if word in ("基本满意", "不满意")]
        if not asked or self._random.random() > HOW_MANY_SAY_WHY:
            return []
        return [Comment(self._cells[person, asked[0]], *self._random.choice(REASONS))]
