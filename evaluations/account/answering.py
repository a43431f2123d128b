"""Answer who asks about a unit or a person before an appointment: by name, for a purpose, and kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from departments.models import Department, StaffMember
from evaluations.account.queries import entries
from evaluations.account.reckoning import Effect, Registered
from evaluations.consequences.numbers import one_at_a_time
from evaluations.models import AccountExtract
from office import audit, dates, roles
from office.errors import Refused
from office.models import User

HEADINGS: dict[Effect, str] = {
    "in_force": "影响期内",
    "lapsed": "影响期已满",
    "without_time": "没有影响期",
}


Answer = dict[str, list[list[list[str]]]]
"""Heading → rows → pairs of a name and a text: a database may keep no order of keys."""


@dataclass(frozen=True, slots=True)
class Request:
    """Who asks, for what, when; about a unit, or about a person of it."""

    department: Department
    staff_member: StaffMember | None
    asked_by_body: str
    asked_by_person: str
    purpose: str
    asked_on: date
    letter: str = ""


def would_answer(request: Request) -> Answer:
    """What stands in the register on the day of the request: decided things alone, by their effect.

    What waits, was set aside or was withdrawn is no fact about anybody and is not answered.
    """
    if request.staff_member is not None:
        rows = [one for one in entries(staff_member=request.staff_member) if one.counts]
    else:
        rows = [
            one for one in entries(department=request.department) if one.counts and not one.is_about_a_person
        ]
    found: Answer = {heading: [] for heading in HEADINGS.values()}
    for one in rows:
        if one.decided_on is not None and one.decided_on <= request.asked_on:
            found[HEADINGS[one.effect_on(request.asked_on)]].append(_told(one))
    return found


def _told(one: Registered) -> list[list[str]]:
    told = {
        "登记编号": one.register_number,
        "轮次": one.round_title,
        "处置": one.word,
        "起因": one.because,
        "决定机关": one.body,
        "文号": one.number,
        "决定日期": dates.day(one.decided_on) if one.decided_on else "",
        "影响期": one.effect_in_words,
        "状态": one.state_in_words,
    }
    return [[name, text] for name, text in told.items()]


@transaction.atomic
def answer(*, request: Request, now: datetime, acting_user: User) -> AccountExtract:
    """Register a request and what was answered to it (GY-R10, YC-R13)."""
    roles.require(acting_user, "yearly.answer")
    texts = {
        "asked_by_body": request.asked_by_body.strip(),
        "asked_by_person": request.asked_by_person.strip(),
        "purpose": request.purpose.strip(),
    }
    if not all(texts.values()):
        raise Refused("没有写明查询机关、查询人和用途", "请补填后重新提交。")
    if request.staff_member and request.staff_member.department_id != request.department.pk:
        raise Refused("查询的人员不在所选单位", "请重新选择单位和人员。")
    if request.asked_on > timezone.localdate(now):
        raise Refused("查询日期晚于今天", "请核对查询日期。")
    year = timezone.localdate(now).year
    one_at_a_time()
    last = AccountExtract.objects.filter(register_year=year).aggregate(last=Max("register_serial"))["last"]
    whom = (
        f"{request.staff_member.name}（{request.department}）"
        if request.staff_member
        else str(request.department)
    )
    made = AccountExtract.objects.create(
        register_year=year,
        register_serial=(last or 0) + 1,
        department=request.department,
        staff_member=request.staff_member,
        about=whom,
        letter=request.letter.strip(),
        asked_on=request.asked_on,
        made_by=acting_user,
        made_at=now,
        content=would_answer(request),
        **texts,
    )
    after: dict[str, Any] = {"查询对象": whom, "查询机关": made.asked_by_body, "查询人": made.asked_by_person}
    audit.record("回复任职查询", made, acting_user=acting_user, after={**after, "用途": made.purpose})
    return made
