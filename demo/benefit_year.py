"""The demo's year of benefits: items, firms, claims, lists, and the months that are over."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.utils import timezone

from benefits.matching.running import start_matching
from benefits.models import MonthNotice
from benefits.notice.closing import close_month, publish_notice
from casework.figures.months import Month
from casework.matters import following
from demo import benefit_items, papers
from demo.benefit_items import Handlers
from demo.benefit_lists import note_lists
from demo.benefits import Claims, Size
from demo.diary import Diary
from office.models import User


def hold_benefits(people: Mapping[str, User], handlers: Handlers, now: datetime, size: Size) -> None:
    """Hold a year of benefits that ends with `now`."""
    today = timezone.localdate(now)
    handlers = benefit_items.with_officers(handlers)
    benefit_items.publish_items(handlers, people, today, size.items)
    firms = benefit_items.make_firms(size.firms, today)
    diary = Diary(now)
    claims = Claims(people, handlers, diary, size, firms)
    claims.note()
    note_lists(claims)
    diary.keep()
    following.follow_the_clocks(now=now)
    _close_months(people, diary, size)
    start_matching(today=today, acting_user=people["window"])


def _close_months(people: Mapping[str, User], diary: Diary, size: Size) -> None:
    """The last months are closed; the newest notice waits for somebody else to publish it."""
    month = Month.of(diary.today)
    for closed in month.back(size.months + 1)[:-1]:
        notice = close_month(month=closed, now=diary.now, acting_user=people["centre"])
        if closed != month.moved(-1):
            publish_notice(notice=notice, now=diary.now, acting_user=people["reviewer"])
    issued = MonthNotice.objects.filter(month=month.moved(-2).first).first()
    if issued is not None:
        papers.issue("benefit_month", issued, diary.today, people)
