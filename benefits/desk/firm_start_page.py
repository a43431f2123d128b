"""Firms, matching and fixed lists on start pages, and the list that waits for another to confirm."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from benefits.models import FixedList
from office.models import User
from office.roles import CENTRE, Role
from office.workbench import start_page

HEADING = "惠企政策"
start_page.add_link(
    HEADING, "企业", "benefits:firms", "benefit.view", hint="标签、企业登录码、导入名册", order=50
)
start_page.add_link(
    HEADING, "政策匹配", "benefits:matching", "benefit.view", hint="符合、可能符合的企业，推送", order=60
)
start_page.add_link(
    HEADING, "免申即享名单", "benefits:fixed-lists", "benefit.view", hint="拟定、由另一人确认", order=70
)


@start_page.reminds(*CENTRE, Role.WINDOW_CLERK)
def lists_to_confirm(user: User) -> Iterator[start_page.Reminder]:
    waiting = FixedList.objects.filter(state=FixedList.State.DRAWN_UP).exclude(drawn_up_by=user)
    if count := waiting.count():
        note = "由拟定人以外的人员确认，确认即为交办。"
        yield start_page.Reminder(f"{count} 份免申即享名单待确认", reverse("benefits:fixed-lists"), note)
