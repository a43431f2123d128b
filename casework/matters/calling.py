"""Call back (回访): each try is kept; who is not reached counts neither as satisfied nor as hidden."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from casework.matters import parties, reopening
from casework.matters.events import UNDONE, Act, happened, note
from casework.matters.state import State, at_state, move_on, to_be_called
from casework.models import CallBack, Matter
from casework.procedure import parts
from casework.procedure.words import Event, Stage
from office.errors import Refused
from office.models import User


@transaction.atomic
def note_call(
    *,
    matter: Matter,
    way: str,
    is_reached: bool,
    answers: Mapping[str, str] | None = None,
    remark: str = "",
    now: datetime,
    acting_user: User | None,
) -> CallBack:
    """Note one try to reach a reporter; `matter` is the one they reported, which may have been merged.

    Without `acting_user` the reporter answered with number and query code.
    """
    rule = matter.procedure.call_back
    if rule is None:
        raise Refused("按规程不回访", "请按规程办理。")
    whole = at_state(matter.merged_into or matter, State.CALLING, to="登记回访")
    if acting_user is None:
        if not rule.is_answered_with_code(is_anonymous=matter.is_anonymous):
            raise Refused("按规程，本事项不通过查询码回访", "请等待电话回访。")
    else:
        parties.require(acting_user, whole.procedure, Stage.CALL_BACK, "matter.run")
        parties.require_no_part(acting_user, whole)
    if matter.pk not in {one.pk for one in to_be_called(whole)}:
        raise Refused("匿名反映的事项不回访", "请直接办结。")
    one = whole if matter.pk == whole.pk else Matter.objects.select_for_update(of=("self",)).get(pk=matter.pk)
    if _is_done(one, whole.times_reopened):
        raise Refused("这一反映人已经回访", "请刷新页面，查看最新情况。")
    said = _checked(rule, answers or {}) if is_reached else {}
    call = CallBack.objects.create(
        matter=one,
        cycle=whole.times_reopened,
        at=now,
        on=timezone.localdate(now),
        by=acting_user,
        way=way.strip()[:40],
        is_reached=is_reached,
        answers=said,
        remark=remark.strip()[:300],
    )
    _settle(whole, one, call, now, acting_user)
    return call


def _checked(rule: parts.CallBack, answers: Mapping[str, str]) -> dict[str, str]:
    said = {}
    for question in rule.questions:
        answer = str(answers.get(question.id, "")).strip()[:500]
        if answer and question.choices and answer not in question.choices:
            raise Refused(f"“{question.label}”没有“{answer[:20]}”这一选项", "请重新选择。")
        if answer:
            said[question.id] = answer
    return said


def _settle(whole: Matter, one: Matter, call: CallBack, now: datetime, by: User | None) -> None:
    """Keep what was answered; when everybody was called, go on, or do it again."""
    rule = whole.procedure.call_back
    if rule is None:
        return
    if not call.is_reached and not _in_vain(one, rule, call.cycle):
        note(whole, Act.CALLED, now=now, by=by, text=call.way)
        return
    one.is_reached = call.is_reached
    one.satisfaction = call.answers.get(rule.satisfaction, "")
    one.is_satisfied = one.satisfaction in rule.satisfied if one.satisfaction else None
    one.save(update_fields=["is_reached", "satisfaction", "is_satisfied"])
    called = to_be_called(whole)
    if any(not _is_done(each, call.cycle) for each in called):
        note(whole, Act.CALLED, now=now, by=by, text="一名反映人已回访，还有反映人待回访")
        return
    move_on(whole, Stage.CALL_BACK)
    whole.save(update_fields=["state"])
    happened(whole, Event.CALLED_BACK, now=now, by=by, text=_in_words(one))
    is_unsatisfied = Matter.objects.filter(pk__in=[each.pk for each in called], is_satisfied=False).exists()
    if is_unsatisfied and rule.unsatisfied_reopens:
        reopening.after_dissatisfaction(whole, now=now)


def _in_vain(matter: Matter, rule: parts.CallBack, cycle: int) -> bool:
    """Whether enough tries on enough days reached nobody."""
    tried = list(calls_of(matter, cycle).values_list("on", flat=True))
    return len(tried) >= rule.tries and len(set(tried)) >= rule.on_days


def calls_of(matter: Matter, cycle: int) -> QuerySet[CallBack]:
    """Return the calls that count: after an answer was sent back or undone, the reporter is asked anew."""
    calls = matter.call_backs.filter(cycle=cycle)
    is_back = Q(act=Act.RETURNED) | Q(data__has_key=UNDONE)
    back = (matter.merged_into or matter).events.filter(is_back).order_by("-pk").first()
    return calls.filter(at__gt=back.at) if back else calls


def _is_done(matter: Matter, cycle: int) -> bool:
    calls = calls_of(matter, cycle)
    rule = matter.procedure.call_back
    return calls.filter(is_reached=True).exists() or (rule is not None and _in_vain(matter, rule, cycle))


def _in_words(matter: Matter) -> str:
    if not matter.is_reached:
        return "未联系上反映人"
    return f"评价：{matter.satisfaction}" if matter.satisfaction else "已接通，未作评价"
