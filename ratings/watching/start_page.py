"""The inspectorate and the leading group on their start pages: units of which too much was excluded."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone

from office.models import User
from office.roles import Role
from office.workbench import start_page
from ratings.watching import standing


@start_page.reminds(Role.INSPECTORATE, Role.LEADING_GROUP)
def exclusions_are_above_the_limit(user: User) -> Iterator[start_page.Reminder]:
    del user
    for month, one in standing.flagged(timezone.localdate()):
        limit = one.rules.excluding.watch_above_percent
        yield start_page.Reminder(
            f"{one.unit}{month.in_words}的差评被排除{one.share}，超过{limit}%",
            f"{reverse('ratings:watch')}?month={month}",
            "请核查排除的理由。",
            is_late=True,
        )


start_page.add_link(
    "监督核查",
    "查看评价的排除和暂缓",
    "ratings:watch",
    "rating.watch",
    hint="各单位差评被排除的比例、提出人、认定人和理由",
    order=40,
)
