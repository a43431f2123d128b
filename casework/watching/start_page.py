"""The leading group and the inspectorate on their start pages: what came up to them."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from casework.watching.standing import referred
from office.models import User
from office.roles import Role
from office.workbench import start_page


@start_page.reminds(Role.LEADING_GROUP)
def matters_are_to_be_decided(user: User) -> Iterator[start_page.Reminder]:
    del user
    if count := referred().count():
        yield start_page.Reminder(
            f"{count} 件事项提交领导小组，待批示", reverse("casework:matters-referred"), "最先提交的在前。"
        )


start_page.add_link(
    "事项办理",
    "查看提交领导小组的事项",
    "casework:matters-referred",
    "matter.watch",
    hint="逾期、再次退回、仍不满意的；由领导小组批示",
    order=12,
    words={"matter.decide": "批示提交领导小组的事项"},
)
start_page.add_link(
    "事项办理",
    "查看督办和监督情况",
    "casework:matters-watched",
    "matter.watch",
    hint="各单位逾期、不予受理、查看反映人身份的次数",
    order=14,
)
