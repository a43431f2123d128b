"""The ledger on start pages: the way to it, and what waits for a second person."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from evaluations.models import Occurrence
from office.models import User
from office.roles import Role
from office.workbench import start_page


@start_page.reminds(Role.CENTRE_REVIEWER)
def entries_wait(user: User) -> Iterator[start_page.Reminder]:
    waiting = Occurrence.objects.filter(state=Occurrence.State.ENTERED).exclude(entered_by=user)
    if count := waiting.count():
        note = "确认之后才计分；有误的注明原因撤回。"
        yield start_page.Reminder(f"{count} 件台账记录待确认", reverse("cockpit:ledgers"), note)


start_page.add_link(
    "评价轮次",
    "查看工作台账",
    "cockpit:ledgers",
    "round.view",
    hint="扣分、加分、一票否决全年逐件登记，定期报送",
    order=20,
    words={"gathering.enter": "登记工作台账", "gathering.settle": "确认工作台账"},
)
