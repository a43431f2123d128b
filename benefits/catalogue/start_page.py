"""The catalogue on start pages: drafts that came back, and what waits for approval."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse

from benefits.catalogue.listing import items_for
from benefits.models import ItemVersion
from office.models import User
from office.roles import CENTRE, DEPARTMENT
from office.workbench import start_page

State = ItemVersion.State

start_page.add_link(
    "惠企政策",
    "事项清单",
    "benefits:items",
    "benefit.view",
    hint="查找、审核发布、停止、导入和导出",
    order=10,
)
start_page.add_link(
    "本单位", "惠企政策事项", "benefits:items", "benefit.view_own", hint="起草、修改、提交审核", order=60
)


@start_page.reminds(*CENTRE)
def items_to_approve(user: User) -> Iterator[start_page.Reminder]:
    waiting = ItemVersion.objects.filter(state=State.SUBMITTED).exclude(drafted_by=user)
    if count := waiting.count():
        yield start_page.Reminder(f"{count} 项惠企事项待审核", f"{reverse('benefits:items')}?state=submitted")


@start_page.reminds(*DEPARTMENT)
def items_returned(user: User) -> Iterator[start_page.Reminder]:
    returned = items_for(user).filter(~Q(returned_why=""), state=State.DRAFT)
    if count := returned.count():
        address = f"{reverse('benefits:items')}?state=draft"
        yield start_page.Reminder(f"{count} 项惠企事项被退回", address, "按退回原因修改后再提交。")
