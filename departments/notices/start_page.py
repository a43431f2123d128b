"""Notices on the start page: what came in and is not signed for; for the senders, what is late."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, F, Min
from django.urls import reverse
from django.utils import timezone

from departments.models import Notice, Nudge
from departments.notices.access import waiting_for
from office import dates
from office.models import User
from office.roles import INSIDE, Role
from office.workbench import start_page

LIST = "admin:departments_notice_changelist"
MOST_SHOWN = 5


@start_page.reminds(*Role)
def notices_to_sign_for(user: User) -> Iterator[start_page.Reminder]:
    """The oldest limits first; what is beyond the first few stands in the list."""
    today = timezone.localdate()
    waiting = list(waiting_for(user).order_by(F("due_on").asc(nulls_last=True), "pk")[: MOST_SHOWN + 1])
    for one in waiting[:MOST_SHOWN]:
        yield start_page.Reminder(
            f"待签收：{one}",
            reverse("notice", args=[one.pk]),
            f"{dates.day(timezone.localdate(one.sent_at))}送达{one.addressee}，{one.state_in_words(today)}。",
            is_late=one.is_late(today),
            act=reverse("notice-sign", args=[one.pk]),
            button="签收",
            until=one.due_on,
        )
    if len(waiting) > MOST_SHOWN:
        address = f"{reverse(LIST)}?state=waiting"
        yield start_page.Reminder("还有其他通知待签收", address, "逐件查看并签收。")


@start_page.reminds(*INSIDE)
def late_receipts(user: User) -> Iterator[start_page.Reminder]:
    today = timezone.localdate()
    late = Notice.objects.filter(received_at=None, taken_back_at=None, due_on__lt=today)
    found = late.aggregate(count=Count("pk"), first=Min("due_on"))
    if count := found["count"]:
        address, note = f"{reverse(LIST)}?state=late", "查看是哪些单位，督促签收。"
        yield start_page.Reminder(f"{count} 件通知逾期未签收", address, note, True, until=found["first"])


@start_page.reminds(Role.ADMINISTRATOR)
def nudges_that_failed(user: User) -> Iterator[start_page.Reminder]:
    if count := Nudge.objects.filter(state=Nudge.State.FAILED).count():
        address = f"{reverse('admin:departments_nudge_changelist')}?state__exact={Nudge.State.FAILED}"
        note = "请核对邮件服务器、即时通讯地址和用户邮箱；系统内的通知不受影响。"
        yield start_page.Reminder(f"{count} 条外发提醒没有送出", address, note, is_late=True)
