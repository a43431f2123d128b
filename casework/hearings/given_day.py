"""A matter that a unit must settle by a day somebody named: the engine's clock runs to that very day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from casework.hearings.rules import rules
from casework.matters import acceptance, assigning, closing, handling
from casework.matters.clocks import Reckoner
from casework.matters.registration import Reported, register_matter
from casework.matters.state import State
from casework.models import Assignment, Clock, Matter, ProcedureVersion
from casework.procedure.words import Stage
from casework.procedures.stored import in_use
from departments.models import Department
from office.calendar import days
from office.calendar.deadlines import Unit
from office.errors import Refused
from office.models import User

Each = Assignment.State


@dataclass(frozen=True)
class Given:
    """What is given to which unit, and until which day."""

    source: str
    category: str
    title: str
    text: str
    unit: Department
    until: date


def version_in_use() -> ProcedureVersion:
    return in_use(rules().procedure)


def give(
    version: ProcedureVersion, given: Given, *, now: datetime, acting_user: User, reckoner: Reckoner
) -> tuple[Matter, Clock]:
    """Register a matter, bring it to the unit, and let its clock run to the day that was named."""
    today = days.local(now).date()
    if given.until < today:
        raise Refused(f"“{given.title[:20]}”的日期早于今天", "请填写今天或者以后的日期。")
    reported = Reported(
        source=given.source,
        title=given.title,
        text=given.text,
        about=given.unit,
        category=given.category,
        is_anonymous=version.procedure.intake.anonymous == "accepted",
    )
    receipt = register_matter(
        version=version, reported=reported, now=now, acting_user=acting_user, reckoner=reckoner
    )
    matter = receipt.matter
    if matter.state == State.REGISTERED:
        matter = acceptance.accept_matter(matter=matter, now=now, acting_user=acting_user)
    if matter.state == State.ACCEPTED:
        matter = acceptance.judge_matter(
            matter=matter, category=matter.category, opinion="", now=now, acting_user=acting_user
        )
    (assignment,) = assigning.assign_matter(
        matter=matter, units=(given.unit,), now=now, acting_user=acting_user, reckoner=reckoner
    )
    return matter, _run_to(assignment, given.until, today, reckoner)


def _run_to(assignment: Assignment, until: date, today: date, reckoner: Reckoner) -> Clock:
    clock = Clock.objects.filter(assignment=assignment, rule=rules().clock).first()
    if clock is None:
        raise Refused("办理规程没有计到承诺日期的时限", "请系统管理员核对办理规程文件。")
    clock.count, clock.unit = (until - today).days, str(Unit.DAYS)
    reckoner.put(clock).save()
    return clock


def assignment_of(matter: Matter) -> Assignment:
    """Return the unit's assignment; what was handed back or taken back counts no more."""
    over = (Each.HANDED_BACK, Each.TAKEN_BACK)
    running = [one for one in matter.assignments.all() if one.state not in over]
    if not running:
        raise Refused("这一事项目前没有交办给任何单位", "请先重新交办。")
    return running[0]


def report_measures(
    assignment: Assignment, *, account: str, outcome: str, now: datetime, acting_user: User
) -> Assignment:
    """The unit signs, where it has not, and says what it will do."""
    if assignment.state == Each.WAITING and assignment.matter.procedure.has(Stage.SIGNING):
        assignment = assigning.sign_for_assignment(assignment=assignment, now=now, acting_user=acting_user)
    return handling.reply_to_assignment(
        assignment=assignment, reply=account, outcome=outcome, now=now, acting_user=acting_user
    )


def has_measures(matter: Matter) -> bool:
    """Whether the procedure asks what the unit will do before it is done."""
    return matter.procedure.has(Stage.FOLLOW_UP)


def report_done(
    assignment: Assignment, *, account: str, outcome: str, now: datetime, acting_user: User
) -> None:
    """The unit says that it is done: one act, whatever steps the procedure has for it."""
    if assignment.state in (Each.WAITING, Each.IN_HAND):
        assignment = report_measures(
            assignment, account=account, outcome=outcome, now=now, acting_user=acting_user
        )
    if assignment.matter.procedure.has(Stage.FOLLOW_UP):
        handling.complete_assignment(
            assignment=assignment, completion=account, now=now, acting_user=acting_user
        )


def reported_on(matter: Matter) -> date | None:
    """Return the day on which the unit said that it is done; None: it has not, or it was sent back."""
    for one in matter.assignments.all():
        done_at = one.completed_at or one.replied_at
        is_done = one.state == Each.COMPLETED or (
            one.state == Each.REPLIED and not matter.procedure.has(Stage.FOLLOW_UP)
        )
        if is_done and done_at is not None:
            return days.local(done_at).date()
    return None


def close(matter: Matter, outcome: str, finding: str, *, now: datetime, acting_user: User) -> None:
    """Tell what was found and close; a matter that the centre closed before stays as it is."""
    current = Matter.objects.select_related("version").get(pk=matter.pk)
    if current.state == State.COMPLETED and current.procedure.has(Stage.TELLING):
        current = closing.tell_reporter(matter=current, text=finding, now=now, acting_user=acting_user)
    if current.closed_at is None:
        closing.close_matter(matter=current, outcome=outcome, now=now, acting_user=acting_user)


def send_back(matter: Matter, reason: str, *, now: datetime, acting_user: User) -> None:
    """It was not done: the unit has it in hand again, and its clock runs on to the very same day."""
    assignment = assignment_of(matter)
    own = assignment.clocks.filter(rule=rules().clock).order_by("-id")
    stops = [clock.pauses for clock in own[:1]]
    handling.return_reply(assignment=assignment, reason=reason, now=now, acting_user=acting_user)
    clock = own.first()
    if clock is not None:
        clock.pauses = stops[0]  # the days of an untrue report count: the first day judges
        clock.met_at, clock.is_late = None, None
        Reckoner().put(clock).save()
