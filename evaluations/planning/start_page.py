"""The calendar of rounds on the start page: the way there, and which rounds are due or late."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.urls import reverse
from django.utils import timezone

from evaluations.planning.calendar import year_of
from office.models import User
from office.roles import Role
from office.workbench import start_page

start_page.add_link(
    "评价轮次",
    "查看轮次日历",
    "cockpit:calendar",
    "round.view",
    hint="全年各方案的轮次：应建、逾期、建议日期",
    order=15,
)


@start_page.reminds(Role.CENTRE_OPERATOR)
def _rounds_to_begin(user: User) -> Iterator[start_page.Reminder]:
    return rounds_to_begin(timezone.localdate())


def rounds_to_begin(today: date) -> Iterator[start_page.Reminder]:
    """Remind of each scheme in use whose round nobody has made; the latest period stands for all."""
    for one in year_of(today.year, today):
        waiting = [line for line in one.lines if line.wants_a_round] if one.is_used else []
        if waiting:
            last, more = waiting[-1], len(waiting) - 1
            note = "期限为建议办完的日期。" + (f"此前还有{more}轮应评未评。" if more else "")
            text = f"新建轮次：{one.scheme.title}，{last.words}"
            yield start_page.Reminder(
                text, reverse("cockpit:calendar"), note, last.is_late, until=last.finish_on
            )
