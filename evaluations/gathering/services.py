"""The life of a round's channels: begun together, settled or set aside one by one, ended together."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction

from evaluations.gathering.kinds import KINDS, kind_of
from evaluations.gathering.trial import scores_without
from evaluations.models import Channel, Correction, Round
from evaluations.rounds import channels, periods
from evaluations.rounds.state import at_step
from evaluations.schemes.stored import policy_of, scheme_of
from office import audit, dates, roles
from office.errors import Refused
from office.models import User

State = Round.State
GATHERING = (State.PREPARED, State.OPEN, State.CLOSED)
"""While these last, channels take entries; the ballot has its own rules."""
CORRECTING = (State.SERVED, State.PUBLISHED)
"""A channel is open in these only where two persons opened it for some units, to correct the result."""


@transaction.atomic
def begin_gathering(*, round: Round, today: date, acting_user: User) -> Round:
    """Begin to gather in a round without a ballot; its list, readings and channels are fixed from here on."""
    roles.require(acting_user, "round.open")
    current = at_step(round, State.FROZEN, to="开始收集")
    if channels.has_ballot(current):
        raise Refused("本轮次有无记名评价，不能直接开始收集", "请先安排票数并制票。")
    if unknown := [str(one) for one in current.channels.all() if one.kind not in KINDS]:
        raise Refused("有数据不能用所选的渠道收集", "请改选其他渠道：", faults=unknown)
    current.state, current.opened_on = State.OPEN, today
    current.save(update_fields=["state", "opened_on"])
    after = {"开始收集": today.isoformat(), "取数渠道": _in_words(current)}
    audit.record("开始收集", current, acting_user=acting_user, after=after)
    return current


def _in_words(round: Round) -> list[str]:
    labels = {key: need.label for key, need in channels.needs_of(round).items()}
    return [f"{labels.get(one.need, one.need)}：{one.get_kind_display()}" for one in round.channels.all()]


@transaction.atomic
def end_gathering(*, round: Round, today: date, acting_user: User) -> Round:
    """End it once every channel is settled or set aside."""
    roles.require(acting_user, "round.close")
    current = at_step(round, State.OPEN, to="结束收集")
    if channels.has_ballot(current):
        raise Refused("本轮次有无记名评价，不能直接结束收集", "请截止评价。")
    refuse_unsettled(current)
    current.state, current.closed_on = State.CLOSED, today
    current.save(update_fields=["state", "closed_on"])
    audit.record("结束收集", current, acting_user=acting_user, after={"结束收集": today.isoformat()})
    return current


def refuse_unsettled(round: Round) -> None:
    """Whatever is gathered beside the ballot has to be settled, or set aside with a reason."""
    labels = {key: need.label for key, need in channels.needs_of(round).items()}
    waiting = round.channels.filter(state=Channel.State.OPEN).exclude(kind=Channel.Kind.BALLOT)
    if open_ones := [labels.get(one.need, one.need) for one in waiting]:
        raise Refused("还有数据没有办结", "请逐项办结，或注明原因后不采用：", faults=open_ones)


@transaction.atomic
def settle_channel(*, channel: Channel, now: datetime, acting_user: User) -> Channel:
    """Settle a channel to which nothing is missing; from then on nothing in it changes."""
    current, label = _open_one(channel, acting_user, to="办结")
    progress = kind_of(current).progress(current)
    if progress.missing:
        raise Refused(
            f"“{label}”还有{len(progress.missing)}处没有办完",
            "请补齐，或注明原因后不采用：",
            faults=progress.missing,
        )
    current.state, current.settled_by, current.settled_at = Channel.State.SETTLED, acting_user, now
    current.save(update_fields=["state", "settled_by", "settled_at"])
    audit.record("办结取数渠道", current.round, acting_user=acting_user, after={"数据": label})
    return current


@transaction.atomic
def set_channel_aside(*, channel: Channel, reason: str, now: datetime, acting_user: User) -> Channel:
    """Do without a channel: the scheme's rule for a missing part applies, and the result says so."""
    current, label = _open_one(channel, acting_user, to="不采用")
    if not reason.strip():
        raise Refused("没有写明不采用的原因", "请写明原因。")
    if current.round.state in CORRECTING:
        raise Refused("更正结果时不能改为不采用", "请更正数据，确认后办结。")
    if not can_be_missed(current):
        raise Refused(f"没有“{label}”，所有单位都不能计分", "评价方案不允许缺这一项，请补齐后办结。")
    current.state, current.set_aside_reason = Channel.State.SET_ASIDE, reason.strip()
    current.settled_by, current.settled_at = acting_user, now
    current.save(update_fields=["state", "set_aside_reason", "settled_by", "settled_at"])
    after = {"数据": label, "原因": reason.strip()}
    audit.record("不采用取数渠道", current.round, acting_user=acting_user, after=after)
    return current


@transaction.atomic
def reopen_channel(*, channel: Channel, reason: str, acting_user: User) -> Channel:
    """Open a channel again before a result is computed, with a reason."""
    roles.require(acting_user, "gathering.reopen")
    current = _locked(channel)
    at_step(current.round, *GATHERING, to="重新收集")
    if current.state == Channel.State.OPEN:
        raise Refused("这一项数据正在收集，不必重新打开")
    if not reason.strip():
        raise Refused("没有写明重新收集的原因", "请写明原因。")
    label = label_of(current)
    current.state, current.set_aside_reason = Channel.State.OPEN, ""
    current.settled_by = current.settled_at = None
    current.save()
    after = {"数据": label, "原因": reason.strip()}
    audit.record("重新打开取数渠道", current.round, acting_user=acting_user, after=after)
    return current


@transaction.atomic
def set_due(*, channel: Channel, due_on: date | None, acting_user: User) -> Channel:
    roles.require(acting_user, "round.edit")
    current = _locked(channel)
    _refuse_after_the_period(current, due_on)
    before = current.due_on
    current.due_on = due_on
    current.save(update_fields=["due_on"])
    audit.record(
        "设定办结期限",
        current.round,
        acting_user=acting_user,
        before={"期限": before.isoformat() if before else "", "数据": label_of(current)},
        after={"期限": due_on.isoformat() if due_on else "", "数据": label_of(current)},
    )
    return current


def _refuse_after_the_period(channel: Channel, due_on: date | None) -> None:
    """Some texts want a thing done before the period ends, as year-end marks before the year does."""
    rules = {need.key: rule for need, rule in scheme_of(channel.round).needs()}
    rule, last = rules.get(channel.need), periods.last_day(channel.round.period)
    if due_on and rule and rule.within_period and last and due_on > last:
        raise Refused(
            f"按{rule.clause}，“{label_of(channel)}”应在{dates.day(last)}前完成，期限不能更晚",
            f"请将期限定在{dates.day(last)}或之前。",
        )


def may_enter(channel: Channel, user: User) -> bool:
    """Whether the user may enter something in it now."""
    return is_open(channel) and roles.allowed(user, kind_of(channel).action)


def is_open(channel: Channel) -> bool:
    if channel.round.state in CORRECTING and channel.kind == Channel.Kind.BALLOT:
        return False
    return channel.state == Channel.State.OPEN and channel.round.state in (*GATHERING, *CORRECTING)


def being_corrected(channel: Channel) -> set[int] | None:
    """Return the rows of the round for which it was opened again; None where no result is corrected."""
    if channel.round.state not in CORRECTING:
        return None
    agreed = Correction.objects.filter(channel=channel, result__replaced_by=None).exclude(agreed_by=None)
    return set(agreed.values_list("subject_id", flat=True))


def refuse_others(channel: Channel, subjects: Iterable[int]) -> None:
    """Refuse to change units for which nobody opened a served result's channel again."""
    named = being_corrected(channel)
    others = set() if named is None else set(subjects) - named
    if others:
        names = channel.round.departments.filter(pk__in=others).values_list("name", flat=True)
        raise Refused(
            f"“{label_of(channel)}”只为更正其他单位重新打开",
            "下列单位的数据也须更正的，请先提出更正，由另一人同意：",
            faults=list(names),
        )


def open_channel(channel: Channel, *, to: str) -> Channel:
    """Return the channel locked for entering; refuse unless it is open and its round gathers."""
    current = _locked(channel)
    if current.state == Channel.State.OPEN:
        at_step(current.round, *GATHERING, *CORRECTING, to=to)
    else:
        at_step(current.round, *GATHERING, to=to)
        raise Refused(
            f"“{label_of(current)}”{current.get_state_display()}，不能{to}", "确需更改的，请先重新打开。"
        )
    return current


def label_of(channel: Channel) -> str:
    need = channels.needs_of(channel.round).get(channel.need)
    return need.label if need else channel.need


def can_be_missed(channel: Channel) -> bool:
    """Whether some subject could have a score without it: tried with the scheme's own example."""
    return scores_without(policy_of(channel.round.scheme_version), channel.round.options, channel.need)


def _open_one(channel: Channel, user: User, *, to: str) -> tuple[Channel, str]:
    current = open_channel(channel, to=to)
    roles.require(user, kind_of(current).confirm)
    if current.kind == Channel.Kind.BALLOT:
        raise Refused(f"无记名评价不能在这里{to}", "计票之后自然办结。")
    return current, label_of(current)


def _locked(channel: Channel) -> Channel:
    rows = Channel.objects.select_for_update(of=("self",)).select_related("round__scheme_version")
    return rows.get(pk=channel.pk)
