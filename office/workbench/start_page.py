"""The start page: what waits for a user, how far their work is, and what they can do.

Each room puts its own things on the desk: `offer` for tasks, `waits` for what is due and for figures.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from operator import attrgetter

from django.urls import reverse

from office import roles
from office.models import User
from office.roles import Role


@dataclass(frozen=True)
class Task:
    """One line of the start page: a verb phrase, where it leads, and which action it needs.

    `words` says what those read instead of `label` who may do a further action (action → words).
    """

    heading: str
    label: str
    url_name: str
    action: str
    hint: str = ""
    order: int = 100
    words: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """Where the task is done."""
        return reverse(self.url_name)

    def for_eyes_of(self, user: User) -> Task:
        """Return the task with the words that fit what `user` may do there."""
        fitting = (words for action, words in self.words.items() if roles.allowed(user, action))
        return replace(self, label=next(fitting, self.label))


ORDER = attrgetter("order")
HEADINGS = ("评价轮次", "本单位", "任务", "单位和人员", "市场主体和镇（街）", "监督核查", "系统管理")
_tasks: list[Task] = []


def offer(
    heading: str,
    label: str,
    url_name: str,
    action: str,
    *,
    hint: str = "",
    order: int = 100,
    words: dict[str, str] | None = None,
) -> None:
    """Put a task on the start page of everyone who may do `action`; called from an app's admin."""
    if heading not in HEADINGS:
        raise ValueError(f"unknown heading {heading}")
    task = Task(heading, label, url_name, action, hint, order, words or {})
    if task not in _tasks:
        _tasks.append(task)


def tasks_of(user: User) -> Iterable[tuple[str, list[Task]]]:
    """Return headings with the tasks `user` may do, in the order people work."""
    mine = sorted((task.for_eyes_of(user) for task in _tasks if roles.allowed(user, task.action)), key=ORDER)
    for heading in HEADINGS:
        below = [task for task in mine if task.heading == heading]
        if below:
            yield heading, below


# --- What waits, and how far the work is ---------------------------------------------------------------


@dataclass(frozen=True)
class Waiting:
    """One thing that waits for the user: a sentence and the page where it is done."""

    text: str
    url: str
    note: str = ""
    is_late: bool = False


@dataclass(frozen=True)
class Line:
    """A figure: so many of so many, or a few words; where it leads, and what is missing."""

    label: str
    value: str
    url: str = ""
    done: int = 0
    total: int = 0
    note: str = ""


@dataclass(frozen=True)
class Panel:
    """Figures under one heading."""

    title: str
    lines: list[Line] = field(default_factory=list)


Contribution = Callable[[User], Iterable[Waiting | Panel]]
_contributions: list[tuple[frozenset[Role], Contribution]] = []


def waits(*who: Role) -> Callable[[Contribution], Contribution]:
    """Register a function that yields what waits for a user of these roles, and panels of figures.

    It runs at every look at the start page: a query or two, the same number at any size.
    """

    def register(function: Contribution) -> Contribution:
        _contributions.append((frozenset(who), function))
        return function

    return register


def contents_for(user: User) -> tuple[list[Waiting], list[Panel]]:
    """Return what waits for `user`, the late things first, and the panels."""
    found = [one for who, function in _contributions if user.role in who for one in function(user)]
    waiting = sorted((one for one in found if isinstance(one, Waiting)), key=lambda one: not one.is_late)
    return waiting, [one for one in found if isinstance(one, Panel)]
