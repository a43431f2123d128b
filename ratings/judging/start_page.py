"""The centre on its start page: what is held, what another proposed, which numbers wait for their matter."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone

from office.models import User
from office.roles import CENTRE
from office.workbench import start_page
from ratings.judging import queries


@start_page.reminds(*CENTRE)
def ratings_wait(user: User) -> Iterator[start_page.Reminder]:
    """One query, whatever their number."""
    found = queries.waiting(user, timezone.localdate())
    if count := found["held"]:
        is_late = bool(found["late"])
        note = "已有超过核对天数的，请先核对。" if is_late else "核对后提出计入、排除或者移到正确对象。"
        yield start_page.Reminder(f"{count} 条评价暂缓计入", reverse("ratings:held"), note, is_late=is_late)
    if count := found["open"]:
        note = "由提出人以外的人员认定。"
        yield start_page.Reminder(f"{count} 条评价待认定", reverse("ratings:judgments"), note)
    if count := found["left"]:
        note = "停用自行受理的，恢复后自动登记；没有停用的是未能登记，请系统管理员查看日志。电话仍密封保存。"
        yield start_page.Reminder(
            f"{count} 条留有电话的差评没有成为事项", reverse("casework:procedures"), note, is_late=True
        )


start_page.add_link(
    "事项办理",
    "核对暂缓的评价",
    "ratings:held",
    "rating.judge",
    hint="一人提出，另一人认定；都不属于被评单位",
    order=38,
)
