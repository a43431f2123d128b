"""What a user can do from the start page: each room offers its tasks, the desk shows those allowed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from office import roles
from office.models import User


@dataclass(frozen=True)
class Task:
    """One line of the start page: a verb phrase, where it leads, and which action it needs."""

    heading: str
    label: str
    url_name: str
    action: str
    hint: str = ""
    order: int = 100

    @property
    def url(self) -> str:
        """Where the task is done."""
        return reverse(self.url_name)


HEADINGS = ("评价轮次", "本单位", "单位和人员", "市场主体和镇（街）", "监督核查", "系统管理")
_tasks: list[Task] = []


def offer(heading: str, label: str, url_name: str, action: str, *, hint: str = "", order: int = 100) -> None:
    """Put a task on the start page of everyone who may do `action`; called from an app's admin."""
    if heading not in HEADINGS:
        raise ValueError(f"unknown heading {heading}")
    task = Task(heading, label, url_name, action, hint, order)
    if task not in _tasks:
        _tasks.append(task)


def tasks_of(user: User) -> Iterable[tuple[str, list[Task]]]:
    """Return headings with the tasks `user` may do, in the order people work."""
    mine = sorted((task for task in _tasks if roles.allowed(user, task.action)), key=lambda task: task.order)
    for heading in HEADINGS:
        below = [task for task in mine if task.heading == heading]
        if below:
            yield heading, below
