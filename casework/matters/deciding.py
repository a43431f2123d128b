"""What the leading group decides (批示) about a matter that was referred to it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import TextChoices

from casework.matters import assigning, parties
from casework.matters.events import Act, note
from casework.matters.reopening import reopen
from casework.matters.state import State, locked, standing
from casework.models import Matter
from office import roles
from office.errors import Refused
from office.models import User

NOT_YET_JUDGED = (State.HELD, State.REGISTERED, State.REFUSING, State.ACCEPTED)


class Decision(TextChoices):
    ASSIGN = "assign", "重新交办"
    RETURN = "return", "按原程序继续办理"
    CLOSE = "close", "按现有结果办结"


@transaction.atomic
def decide_referred(
    *, matter: Matter, text: str, decision: str = Decision.ASSIGN, now: datetime, acting_user: User
) -> Matter:
    """Have it assigned anew, go on as it was, or be closed as it stands."""
    roles.require(acting_user, "matter.decide")
    if decision not in Decision.values:
        raise Refused("没有这一批示", f"批示为：{'、'.join(Decision.labels)}。")
    if not text.strip():
        raise Refused("没有填写批示内容", "请写明批示内容。")
    current = locked(matter.pk)
    if current.referred_at is None:
        raise Refused("本事项没有提交领导小组", "请刷新页面，查看最新情况。")
    parties.require_no_part(acting_user, current)
    if decision != Decision.RETURN and current.state in NOT_YET_JUDGED:
        raise Refused("本事项还没有受理、研判", "请选择按原程序继续办理，由评价中心先受理、研判。")
    note(current, Act.DECIDED, now=now, by=acting_user, text=f"{Decision(decision).label}：{text.strip()}")
    current.referred_at, current.referred_why = None, ""
    if decision == Decision.RETURN and current.state == State.REFERRED and not standing(current).exists():
        raise Refused("没有在办的交办可以继续", "请选择重新交办或者办结。")
    if decision == Decision.RETURN:
        current.state = State.ASSIGNED if current.state == State.REFERRED else current.state
        current.save()
    elif decision == Decision.ASSIGN:
        _assign_anew(current, now, acting_user)
    else:
        for one in standing(current).filter(replied_at=None):
            assigning.take_back_one(current, one, "领导小组批示办结", now=now, by=acting_user)
        current.state = State.CLOSING
        current.save()
    return current


def _assign_anew(matter: Matter, now: datetime, by: User) -> None:
    """Answered once already: another round; else the running assignments are taken back."""
    for one in standing(matter).filter(replied_at=None):
        assigning.take_back_one(matter, one, "领导小组批示重新交办", now=now, by=by)
    if standing(matter).exists():
        reopen(matter, "领导小组批示", now=now, by=by)
        return
    matter.state = State.JUDGED
    matter.save()
