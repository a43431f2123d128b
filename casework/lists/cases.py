"""Typical cases (WY-R7): written, allowed by the inspectorate, shown for their time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet

from casework.lists.naming import faults_in, faults_of_persons
from casework.lists.rules import rules
from casework.models import TypicalCase
from departments.access import belongs_to
from departments.models import Department
from office import audit, dates, roles
from office.calendar import days
from office.calendar.working_time import after_months
from office.errors import Refused
from office.models import User

State = TypicalCase.State


@dataclass(frozen=True)
class Written:
    """A case as it is to be shown."""

    title: str
    unit: Department
    persons_shown: str
    facts: str
    decision_number: str
    decided_on: date
    body: str


@transaction.atomic
def write_case(
    *, written: Written, case: TypicalCase | None = None, now: datetime, acting_user: User
) -> TypicalCase:
    """Write a case or put a draft right; what has the inspectorate's leave is not touched any more."""
    roles.require(acting_user, "case.write")
    _refuse_unfit(written, days.local(now).date())
    current = _at(case, State.DRAFT, to="修改") if case else TypicalCase(written_by=acting_user)
    before = {"标题": current.title} if case else {}
    current.title, current.unit = written.title.strip(), written.unit
    current.persons_shown, current.facts = written.persons_shown.strip(), written.facts.strip()
    current.decision_number, current.decided_on = written.decision_number.strip(), written.decided_on
    current.body, current.written_by, current.returned = written.body.strip(), acting_user, ""
    current.save()
    verb = "修改典型案例" if case else "起草典型案例"
    after = {"标题": current.title, "单位": str(current.unit), "文号": current.decision_number}
    audit.record(verb, current, acting_user=acting_user, before=before, after=after)
    return current


@transaction.atomic
def give_leave(
    *, case: TypicalCase, agrees: bool, opinion: str = "", now: datetime, acting_user: User
) -> TypicalCase:
    """The inspectorate agrees that a case is shown, or sends it back; never whoever wrote it."""
    roles.require(acting_user, "case.approve")
    current = _at(case, State.DRAFT, to="同意公开")
    if current.written_by_id == acting_user.pk:
        raise Refused("典型案例须由起草人以外的人员同意", "请由另一人办理。")
    if belongs_to(acting_user, current.unit_id):
        raise Refused("不能同意公开本单位的案例", "请由其他人员办理。")
    if not agrees:
        if not opinion.strip():
            raise Refused("没有填写退回意见", "请写明需要怎样修改。")
        current.returned = opinion.strip()[:300]
        current.save(update_fields=["returned"])
        after = {"意见": current.returned}
        audit.record("不同意公开典型案例", current, acting_user=acting_user, after=after)
        return current
    _refuse_unfit(_as_written(current), days.local(now).date())
    current.state, current.approved_by, current.approved_at = State.APPROVED, acting_user, now
    current.returned = ""
    current.save()
    audit.record("同意公开典型案例", current, acting_user=acting_user)
    return current


@transaction.atomic
def publish_case(*, case: TypicalCase, now: datetime, acting_user: User) -> TypicalCase:
    """Show a case from today, for the time the rules say; its text is looked at once more."""
    roles.require(acting_user, "case.write")
    current = _at(case, State.APPROVED, to="公布")
    today = days.local(now).date()
    _refuse_unfit(_as_written(current), today)
    until = after_months(today, rules().cases.shown_for_months)
    current.state, current.shown_from, current.published_by = State.PUBLISHED, today, acting_user
    current.shown_until = until
    current.save()
    after = {"公布": dates.day(today), "撤下": dates.day(until)}
    audit.record("公布典型案例", current, acting_user=acting_user, after=after)
    return current


@transaction.atomic
def withdraw_case(*, case: TypicalCase, reason: str, now: datetime, acting_user: User) -> TypicalCase:
    """Take a case off before its time; that it was shown and why it went stays on record."""
    roles.require(acting_user, "case.withdraw")
    if not reason.strip():
        raise Refused("没有写明撤下理由", "请写明为什么提前撤下。")
    current = _at(case, State.APPROVED, State.PUBLISHED, to="撤下")
    current.state, current.withdrawn_on = State.WITHDRAWN, days.local(now).date()
    current.withdrawn_by, current.withdrawn_reason = acting_user, reason.strip()[:300]
    current.save()
    after = {"理由": current.withdrawn_reason}
    audit.record("撤下典型案例", current, acting_user=acting_user, after=after)
    return current


def shown_on(day: date) -> QuerySet[TypicalCase]:
    """Return what the public sees on a day: past its time a case is gone, whether or not a job ran."""
    found = TypicalCase.objects.filter(state=State.PUBLISHED, shown_from__lte=day, shown_until__gt=day)
    return found.select_related("unit").order_by("-shown_from", "-id")


def _as_written(case: TypicalCase) -> Written:
    return Written(
        case.title,
        case.unit,
        case.persons_shown,
        case.facts,
        case.decision_number,
        case.decided_on,
        case.body,
    )


def _refuse_unfit(written: Written, today: date) -> None:
    if not all(
        text.strip() for text in (written.title, written.facts, written.decision_number, written.body)
    ):
        raise Refused("没有填写完整", "标题、事实和处理、处理决定文号、决定机关都要填写。")
    if written.decided_on > today:
        raise Refused("处理决定日期晚于今天", "只公开已经处理的案例，请核对日期。")
    shown = f"{written.title}\n{written.facts}\n{written.persons_shown}\n{written.body}"
    faults = [*faults_of_persons(written.persons_shown), *faults_in(shown, rules().cases)]
    if faults:
        raise Refused("案例中有不能公开的内容", "请按下列提示修改。", faults=faults)


def _at(case: TypicalCase, *states: TypicalCase.State, to: str) -> TypicalCase:
    rows = TypicalCase.objects.select_for_update(of=("self",)).select_related("unit")
    current = rows.get(pk=case.pk)
    if current.state not in states:
        raise Refused(f"这一案例目前为“{current.get_state_display()}”，不能{to}", "请刷新页面。")
    return current
