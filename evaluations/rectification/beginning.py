"""A rectification begins with a decision whose measure asks for one, and ends when that decision falls."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from evaluations.consequences.ending import before_fulfilling
from evaluations.consequences.history import after
from evaluations.consequences.measures import measure_of
from evaluations.models import Disposition, DispositionEvent, Rectification, SchemeVersion
from evaluations.rectification.case import RUNNING, Act, State, note, tell_the_unit
from evaluations.rectification.limits import promised
from evaluations.schemes.stored import policy_of
from evaluations.scoring.measures import Rectify
from office import audit, dates, roles
from office.calendar import days
from office.errors import Refused
from office.models import User

STANDS = (Disposition.State.DECIDED, Disposition.State.SERVED, Disposition.State.IN_FORCE)
UNIT = "department"  # persons put nothing right in public; their unit does


def limits_of(disposition: Disposition) -> Rectify | None:
    measure = measure_of(disposition)
    return measure.rectify if measure and disposition.target == UNIT else None


def to_begin() -> QuerySet[Disposition]:
    """Decisions that ask for a rectification which nobody began: two queries."""
    standing = Disposition.objects.filter(state__in=STANDS, target=UNIT, rectification=None)
    wanted = Q()
    for version in SchemeVersion.objects.filter(pk__in=standing.values("result__scheme_version")):
        words = [one.word for one in policy_of(version).defaults.measures if one.rectify]
        if words:
            wanted |= Q(result__scheme_version=version, word__in=words)
    if not wanted:
        return standing.none()
    return (
        standing.filter(wanted).select_related("department", "round", "subject").order_by("decided_on", "pk")
    )


@transaction.atomic
def begin_rectification(
    *,
    disposition: Disposition,
    notice_on: date | None = None,
    done_days: int | None = None,
    limits_decision: str = "",
    now: datetime,
    acting_user: User,
) -> Rectification:
    """Begin what a decision asks for; another whole than the scheme's needs the decision that set it."""
    roles.require(acting_user, "rectification.begin")
    current = Disposition.objects.select_for_update(of=("self",)).get(pk=disposition.pk)
    limits = limits_of(current)
    if limits is None:
        raise Refused("评价方案没有要求单位就这项处置开展整改", "请核对处置事项。")
    if current.state not in STANDS or current.decided_on is None:
        raise Refused(
            f"这项处置目前为“{current.get_state_display()}”，不能启动整改", "请在决定机关作出决定之后办理。"
        )
    if Rectification.objects.filter(disposition=current).exists():
        raise Refused("这项处置已经启动整改", "请刷新页面查看。")
    day = notice_on or current.decided_on
    if not current.decided_on <= day <= timezone.localdate(now):
        raise Refused(
            f"通报日期{dates.day(day)}不在决定日期{dates.day(current.decided_on)}至今天之间", "请核对日期。"
        )
    whole = done_days or limits.done_days
    least, most = limits.done_days_between
    if not least <= whole <= most:
        raise Refused(f"完成期限{whole}日不在{least}日至{most}日之间", "请核对另定的期限。")
    if whole != limits.done_days and not limits_decision.strip():
        raise Refused(f"完成期限与方案规定的{limits.done_days}日不同，没有写明依据", "请填写另定期限的文号。")
    return _begin(
        current, limits, day=day, whole=whole, decision=limits_decision, now=now, acting_user=acting_user
    )


def _begin(
    disposition: Disposition,
    limits: Rectify,
    *,
    day: date,
    whole: int,
    decision: str = "",
    now: datetime,
    acting_user: User | None,
) -> Rectification:
    ends = promised(days.clock(), day, plan_working_days=limits.plan_working_days, done_days=whole)
    one = Rectification.objects.create(
        disposition=disposition,
        department_id=disposition.department_id,
        notice_on=day,
        plan_working_days=limits.plan_working_days,
        done_days=whole,
        look_back_days=limits.look_back_days,
        supervision_days=limits.late_to_supervision_days,
        leading_group_days=limits.late_to_leading_group_days,
        limits_decision=decision.strip() if whole != limits.done_days else "",
        begun_by=acting_user,
        begun_at=now,
        **ends.as_columns(),
    )
    said = f"{dates.moment(one.plan_due_at)}前报整改方案，{dates.moment(one.done_due_at)}前完成"
    note(one, Act.BEGUN, now=now, by=acting_user, text=said)
    subject = f"{disposition.word}：{said}"
    due_on = timezone.localdate(one.plan_due_at)
    tell_the_unit(one, "整改通知", subject, key="begun", due_on=due_on, now=now, by=acting_user)
    after = {"通报日期": day.isoformat(), "期限": said, "另定期限的依据": one.limits_decision}
    audit.record("启动整改", one, acting_user=acting_user, after={k: v for k, v in after.items() if v})
    return one


@after(DispositionEvent.Act.DECIDED)
def begin_after_decision(rows: Sequence[Disposition], now: datetime, acting_user: User | None) -> None:
    """What a decision brings by itself, with the scheme's limits."""
    for one in rows:
        limits = limits_of(one)
        if limits and one.decided_on and not Rectification.objects.filter(disposition=one).exists():
            whole, day = limits.done_days, one.decided_on
            _begin(one, limits, day=day, whole=whole, now=now, acting_user=acting_user)


@after(DispositionEvent.Act.WITHDRAWN)
def end_after_withdrawal(rows: Sequence[Disposition], now: datetime, acting_user: User | None) -> None:
    """What is still running ends with its decision; what is closed stays closed."""
    running = Rectification.objects.select_for_update(of=("self",)).filter(
        disposition__in=rows, state__in=RUNNING
    )
    for one in running.select_related("department", "disposition").order_by("pk"):
        one.state, one.ended_on = State.ENDED, timezone.localdate(now)
        one.ended_reason = f"处置事项已撤销：{one.disposition.reason or '决定机关撤销'}"[:500]
        one.save(update_fields=["state", "ended_on", "ended_reason"])
        note(one, Act.ENDED, now=now, by=acting_user, text=one.ended_reason)
        audit.record("终止整改", one, acting_user=acting_user, after={"原因": one.ended_reason})


@before_fulfilling
def hinder_while_running(disposition: Disposition) -> Refused | None:
    if Rectification.objects.filter(disposition=disposition, state__in=RUNNING).exists():
        return Refused("这项处置的整改还没有全部销号，不能登记履行", "请先核验销号。")
    return None
