"""Weekly assigning (周交办): planned for a week, assigned on its first working day (WY-R6, MED-01)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from casework.hearings import given_day
from casework.hearings.given_day import Given
from casework.hearings.rules import rules
from casework.matters.clocks import Reckoner
from casework.matters.parties import require_own
from casework.models import WeeklyItem
from departments.access import belongs_to
from departments.models import Department
from office import audit, dates, roles
from office.calendar import days
from office.calendar.working_time import Calendar
from office.errors import Refused
from office.models import User

WEEK = timedelta(days=7)
SUNDAY = timedelta(days=6)


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def assigning_day(week: date, calendar: Calendar) -> date | None:
    """Return the first working day of a week; None for a week that is all holidays."""
    monday = monday_of(week)
    first = calendar.on_or_after(monday)
    return first if first <= monday + SUNDAY else None


def weeks_of_month(month: date, calendar: Calendar) -> list[tuple[date, date]]:
    """Return the weeks that are assigned in a month: each Monday with its day of assigning."""
    first = month.replace(day=1)
    found = []
    monday = monday_of(first)
    while monday < first + timedelta(days=32):
        day = assigning_day(monday, calendar)
        if day is not None and (day.year, day.month) == (first.year, first.month):
            found.append((monday, day))
        monday += WEEK
    return found


@transaction.atomic
def plan_item(
    *, week: date, unit: Department, title: str, text: str, due_on: date, acting_user: User
) -> WeeklyItem:
    """Plan an item for a week; the unit hears of it on the day of assigning."""
    roles.require(acting_user, "week.edit")
    if not title.strip() or not text.strip():
        raise Refused("没有写明事项和要求", "请补填后再提交。")
    monday = monday_of(week)
    day = assigning_day(monday, days.calendar())
    if day is None:
        raise Refused(f"{dates.day(monday)}这一周没有工作日，不交办", "请登记到下一周。")
    if due_on < day:
        raise Refused(f"完成日期早于交办日{dates.day(day)}", "请填写交办日或者以后的日期。")
    item = WeeklyItem.objects.create(
        week=monday,
        unit=unit,
        title=title.strip(),
        text=text.strip(),
        due_on=due_on,
        entered_by=acting_user,
    )
    after = {"单位": str(unit), "周": dates.day(monday), "完成日期": dates.day(due_on)}
    audit.record("登记周交办事项", item, acting_user=acting_user, after=after)
    return item


@transaction.atomic
def drop_item(*, item: WeeklyItem, acting_user: User) -> None:
    """Take an item off the plan before it is assigned; afterwards nothing vanishes."""
    roles.require(acting_user, "week.edit")
    current = _locked(item)
    if current.matter_id is not None:
        raise Refused("这一事项已经交办，不能删除", "请在事项中办理。")
    audit.record("删除周交办事项", current, acting_user=acting_user, before={"事项": current.title})
    current.delete()


@transaction.atomic
def assign_week(*, week: date, now: datetime, acting_user: User) -> list[WeeklyItem]:
    """Assign what is planned for a week, from its first working day on; each item is a matter from here."""
    roles.require(acting_user, "week.edit")
    monday = monday_of(week)
    today, day = days.local(now).date(), assigning_day(monday, days.calendar())
    if day is None:
        raise Refused(f"{dates.day(monday)}这一周没有工作日，不交办", "请登记到下一周。")
    if today < day:
        raise Refused(f"本周交办日是{dates.day(day)}", "请在当日交办。")
    planned = WeeklyItem.objects.select_for_update(of=("self",)).filter(week=monday, matter=None)
    items = list(planned.select_related("unit").order_by("id"))
    if not items:
        raise Refused("本周没有待交办的事项", "请先登记事项。")
    version, reckoner, rule = given_day.version_in_use(), Reckoner(), rules().week
    for item in items:
        given = Given(rule.channel, rule.category, item.title, item.text, item.unit, item.due_on)
        item.matter, item.clock = given_day.give(
            version, given, now=now, acting_user=acting_user, reckoner=reckoner
        )
        item.assigned_on, item.assigned_by = today, acting_user
        item.save()
        audit.record("周交办", item, acting_user=acting_user, after={"事项": item.matter.number})
    return items


@transaction.atomic
def report_item(
    *, item: WeeklyItem, account: str, is_done: bool, now: datetime, acting_user: User
) -> WeeklyItem:
    """The unit says what it will do, or that it is done."""
    roles.require(acting_user, "matter.handle")
    current, matter = _assigned(item)
    require_own(acting_user, current.unit)
    if given_day.reported_on(matter) is not None:
        raise Refused("本单位已经报告完成", "请等待评价中心核实。")
    measures = not is_done and given_day.has_measures(matter)
    report = given_day.report_measures if measures else given_day.report_done
    report(
        given_day.assignment_of(matter),
        account=account,
        outcome=rules().week.done,
        now=now,
        acting_user=acting_user,
    )
    return current


@transaction.atomic
def check_item(
    *, item: WeeklyItem, passes: bool, finding: str, now: datetime, acting_user: User
) -> WeeklyItem:
    """Find an item done, or send it back; never by who planned or assigned it."""
    roles.require(acting_user, "promise.check")
    current, matter = _assigned(item)
    if acting_user.pk in (current.entered_by_id, current.assigned_by_id):
        raise Refused("周交办事项须由登记人、交办人以外的人员核实", "请由另一人核实。")
    if belongs_to(acting_user, current.unit_id):
        raise Refused("不能核实本单位的事项", "请由其他单位的人员核实。")
    if not finding.strip():
        raise Refused("没有填写核实情况", "请写明怎样核实、看到什么。")
    reported_on = given_day.reported_on(matter)
    if reported_on is None:
        raise Refused("单位还没有报告完成", "请先由承办单位报告。")
    current.finding = finding.strip()[:300]
    if passes:
        current.done_on, current.checked_by = reported_on, acting_user
        given_day.close(matter, rules().week.done, current.finding, now=now, acting_user=acting_user)
    else:
        given_day.send_back(matter, current.finding, now=now, acting_user=acting_user)
    current.save()
    verb = "核实周交办事项已完成" if passes else "核实周交办事项未完成"
    audit.record(verb, current, acting_user=acting_user, after={"情况": current.finding})
    return current


def _locked(item: WeeklyItem) -> WeeklyItem:
    rows = WeeklyItem.objects.select_for_update(of=("self",)).select_related("unit", "matter__version")
    current = rows.filter(pk=item.pk).first()
    if current is None:
        raise Refused("这一事项已经删除", "请刷新页面。")
    return current


def _assigned(item: WeeklyItem) -> tuple[WeeklyItem, Any]:
    current = _locked(item)
    if current.matter is None:
        raise Refused("这一事项还没有交办", "请在交办日交办。")
    if current.done_on is not None:
        raise Refused("这一事项已经核实完成", "请刷新页面。")
    return current, current.matter
