"""Upheld appeals on the start page of the inspectorate, which takes note of every one."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from evaluations.models import Appeal
from office.models import User
from office.roles import Role
from office.workbench import start_page

start_page.add_link(
    "评价轮次",
    "查看采纳的申诉",
    "cockpit:appeals-upheld",
    "appeal.watch",
    hint="复核结论、更正情况，逐件阅知",
    order=60,
)


@start_page.reminds(Role.INSPECTORATE)
def upheld_appeals(user: User) -> Iterator[start_page.Reminder]:
    waiting = Appeal.objects.filter(state=Appeal.State.UPHELD, watched_by=None)
    if count := waiting.count():
        yield start_page.Reminder(
            f"阅知 {count} 件采纳的申诉", reverse("cockpit:appeals-upheld"), "评价结果因此更正。"
        )
