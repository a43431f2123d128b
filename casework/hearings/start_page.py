"""Hearings, weeks and promises on start pages: the ways there, what waits, what runs late."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone

from casework.hearings import standing, weeks
from casework.hearings.standing import Standing
from casework.models import WeeklyItem
from departments.access import own_units
from office.calendar import days
from office.models import User
from office.roles import CENTRE, DEPARTMENT, Role
from office.workbench import start_page

start_page.add_link(
    "事项办理",
    "媒体问政",
    "casework:hearings",
    "hearing.view",
    hint="节目、短片、评议团表决、公开承诺",
    order=50,
)
start_page.add_link(
    "事项办理",
    "周交办",
    "casework:week-now",
    "hearing.view",
    hint="每周第一个工作日交办",
    order=51,
)
start_page.add_link(
    "事项办理",
    "月讲评",
    "casework:month-now",
    "hearing.view",
    hint="每月最后一个工作日讲评",
    order=52,
)
start_page.add_link(
    "本单位",
    "公开承诺和周交办事项",
    "casework:promises-own",
    "promise.view_own",
    hint="按期限排列，报告兑现和完成",
    order=45,
)


@start_page.reminds(*CENTRE)
def what_is_reported_and_planned(user: User) -> Iterator[start_page.Reminder]:
    today = timezone.localdate()
    open_ones = [standing.chain(one, today) for one in standing.promises().filter(done_on=None)]
    reported = sum(one.standing == Standing.REPORTED for one in open_ones)
    late = sum(one.standing == Standing.LATE for one in open_ones)
    address = reverse("casework:promises")
    if reported:
        note = "由登记人以外的人员凭佐证核验。"
        yield start_page.Reminder(f"{reported} 项承诺已报告，待核验", f"{address}?standing=reported", note)
    if late:
        yield start_page.Reminder(
            f"{late} 项公开承诺逾期未兑现", f"{address}?standing=late", "请催办承办单位。", is_late=True
        )
    monday = weeks.monday_of(today)
    waiting = WeeklyItem.objects.filter(week=monday, matter=None).count()
    if waiting:
        day = weeks.assigning_day(monday, days.calendar())
        if day is not None and today >= day:
            note = "本周第一个工作日交办。"
            text = f"{waiting} 项本周事项待交办"
            yield start_page.Reminder(text, reverse("casework:week-now"), note, is_late=today > day)


@start_page.reminds(*DEPARTMENT, Role.TOWN_ORGANIZER)
def what_a_unit_promised(user: User) -> Iterator[start_page.Reminder]:
    today = timezone.localdate()
    mine = standing.promises().filter(unit__in=own_units(user), done_on=None)
    open_ones = [standing.chain(one, today) for one in mine]
    waiting = [one for one in open_ones if one.standing in (Standing.RUNNING, Standing.LATE)]
    if waiting:
        late = sum(one.standing == Standing.LATE for one in waiting)
        note = f"其中 {late} 项已逾期。" if late else "按承诺日期办成后报告。"
        text = f"{len(waiting)} 项公开承诺待兑现"
        yield start_page.Reminder(text, reverse("casework:promises-own"), note, is_late=bool(late))
