"""What the centre does about what is late: chase, supervise, bring before the leading group.

Whether something is late is read from its clock; the job in `following` acts by the procedure.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from casework.matters import clocks, parties, telling
from casework.matters.events import Act, note
from casework.matters.state import OPEN, State, assignment_at, at_state
from casework.models import Assignment, Matter, MatterEvent
from office import roles
from office.errors import Refused
from office.models import User

Each = Assignment.State
OWES = (Each.WAITING, Each.IN_HAND, Each.REPLIED)


@transaction.atomic
def chase(*, assignment: Assignment, text: str, now: datetime, acting_user: User) -> None:
    """Tell a unit to go on (催办), once a day."""
    _press(assignment, Act.CHASED, text, now, acting_user)


@transaction.atomic
def supervise(*, assignment: Assignment, text: str, now: datetime, acting_user: User) -> None:
    """Supervise an assignment whose limit has run out (督办), once a day."""
    _press(assignment, Act.SUPERVISED, text, now, acting_user)


@transaction.atomic
def refer(*, matter: Matter, reason: str, now: datetime, acting_user: User) -> Matter:
    """Bring a matter before the leading group; the units go on meanwhile."""
    roles.require(acting_user, "matter.run")
    if not reason.strip():
        raise Refused("没有写明提交的缘由", "请写明需要领导小组决定什么。")
    current = at_state(matter, *(one for one in OPEN if one != State.REVIEWING), to="提交领导小组")
    if current.referred_at is not None:
        raise Refused("本事项已经提交领导小组", "请等待批示。")
    put_before_leading_group(current, reason.strip(), now=now, by=acting_user)
    return current


def put_before_leading_group(matter: Matter, why: str, *, now: datetime, by: User | None) -> None:
    matter.referred_at, matter.referred_why = now, why[:200]
    matter.save(update_fields=["referred_at", "referred_why"])
    note(matter, Act.REFERRED, now=now, by=by, text=matter.referred_why)


def _press(assignment: Assignment, act: MatterEvent.Act, text: str, now: datetime, by: User) -> None:
    roles.require(by, "matter.run")
    if not text.strip():
        raise Refused(f"没有填写{act.label}要求", "请写明要求。")
    matter, current = assignment_at(assignment, *OWES, to=act.label)
    parties.require_no_part(by, matter)
    last = current.events.filter(act=act).order_by("-id").first()
    if last is not None and timezone.localdate(last.at) == timezone.localdate(now):
        raise Refused(f"今天已经{act.label}", "请明天再试，或者提交领导小组。")
    running = matter.clocks.filter(state=clocks.State.RUNNING, assignment=current)
    late = sorted({one.rule for one in running if one.is_over(now)})
    if act == Act.SUPERVISED and not late:
        raise Refused("这一交办没有逾期，不能督办", "可以先催办。")
    data = {"clocks": late} if act == Act.SUPERVISED else None
    note(matter, act, now=now, by=by, assignment=current, text=text.strip(), data=data)
    day = timezone.localdate(now)
    telling.tell(current, act.label, text.strip(), key=f"{act.value}-{day}", due_on=day, now=now, by=by)
