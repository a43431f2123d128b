"""Asking the enterprises on a call list: listed, called up to three times, one in ten asked again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from evaluations.gathering.interviews.kind import (
    CONFIRM,
    ENTER,
    choices_of,
    deducting,
    questions_of,
    samples_of,
    to_recheck,
)
from evaluations.gathering.services import being_corrected, open_channel, refuse_others
from evaluations.models import Channel, Entry, Interview, InterviewCall, RoundDepartment
from office import audit, dates, roles
from office.errors import Refused
from office.models import User
from office.workbooks.sheets import tidy

State = Interview.State
MOST_CALLS = 3
MOST_SAMPLE = 1000
MOST_QUESTIONS = 20
CALLED = (State.DONE, State.REFUSED, State.INVALID, State.UNREACHED)


@dataclass(frozen=True)
class Listed:
    """One enterprise to be asked about a unit, {row of the round}."""

    subject: int
    enterprise: str
    phone: str
    matter: str = ""


@dataclass(frozen=True, kw_only=True)
class Call:
    """What came of one call; answers and figures only where the enterprise answered."""

    outcome: str
    day: date
    half: str
    answers: Mapping[str, str] | None = None
    days: int | None = None
    cost: Decimal | None = None
    papers: int | None = None
    remark: str = ""


@transaction.atomic
def list_enterprises(*, channel: Channel, listed: Iterable[Listed], acting_user: User) -> int:
    """Add enterprises to the call list; one that stands there already stays as it is."""
    roles.require(acting_user, ENTER)
    current = open_channel(channel, to="登记样本企业")
    known = set(current.interviews.values_list("subject_id", "enterprise"))
    units = {one.pk: one for one in current.round.departments.all()}
    new: dict[tuple[int, str], Interview] = {}
    for one in listed:
        key = (one.subject, tidy(one.enterprise))
        if not key[1] or not tidy(one.phone):
            raise Refused("企业名称和联系电话不能空白", "请补填。")
        if one.subject not in units:
            raise Refused("所选单位不在本轮参评名单中", "请刷新页面后重新选择。")
        if key not in known:
            new.setdefault(
                key,
                Interview(
                    channel=current,
                    subject=units[one.subject],
                    enterprise=key[1],
                    phone=tidy(one.phone),
                    matter=tidy(one.matter),
                ),
            )
    if not new:
        raise Refused("名单中的企业都已登记过")
    refuse_others(current, {subject for subject, _ in new})
    Interview.objects.bulk_create(new.values(), batch_size=500)
    audit.record("登记样本企业", current, acting_user=acting_user, after={"企业": f"{len(new)} 家"})
    return len(new)


@transaction.atomic
def excuse(
    *, channel: Channel, subject: RoundDepartment, reason: str, now: datetime, acting_user: User
) -> None:
    """Say why there is no enterprise to ask about a unit (FC-R13); the unit then has no answers."""
    roles.require(acting_user, ENTER)
    current = open_channel(channel, to="注明原因")
    refuse_others(current, [subject.pk])
    if not tidy(reason):
        raise Refused("没有写明没有样本企业的原因", "请写明原因。")
    if current.interviews.filter(subject=subject).exists():
        raise Refused(f"{subject.name}已有样本企业，不必注明原因")
    Entry.objects.update_or_create(
        channel=current,
        subject=subject,
        item="",
        defaults={"remark": tidy(reason)[:500], "entered_by": acting_user, "entered_at": now},
    )
    after = {"单位": subject.name, "没有样本企业的原因": tidy(reason)[:500]}
    audit.record("注明没有样本企业", current, acting_user=acting_user, after=after)


@transaction.atomic
def arrange(*, channel: Channel, sample_size: int, questions: Iterable[str], acting_user: User) -> Channel:
    """Set how many are asked about each unit, and what; questions are fixed by the first answer."""
    roles.require(acting_user, ENTER)
    current = open_channel(channel, to="更改调查安排")
    refuse_others(current, current.round.departments.values_list("pk", flat=True))
    wanted = list(dict.fromkeys(filter(None, map(tidy, questions))))
    if not 1 <= sample_size <= MOST_SAMPLE:
        raise Refused(f"每个单位应完成的家数须在 1 到 {MOST_SAMPLE} 之间", "请改正。")
    if len(wanted) > MOST_QUESTIONS:
        raise Refused(f"问题有 {len(wanted)} 个，超过 {MOST_QUESTIONS} 个的上限", "请删减。")
    if wanted and deducting(current) is None:
        raise Refused("这一项数据的问题由评价方案规定，不能更改")
    if wanted != current.named_items and current.interviews.filter(state=State.DONE).exists():
        raise Refused("已有企业作了回答，问题不能再改")
    before = {"每个单位应完成": current.sample_size, "问题": current.named_items}
    current.sample_size, current.named_items = sample_size, wanted
    current.save(update_fields=["sample_size", "named_items"])
    after = {"每个单位应完成": sample_size, "问题": wanted}
    audit.record("更改调查安排", current, acting_user=acting_user, before=before, after=after)
    return current


@transaction.atomic
def record_call(
    *, interview: Interview, call: Call, today: date, now: datetime, acting_user: User
) -> Interview:
    """Record one call. Three calls in vain, in both halves of the day, make an enterprise unreached."""
    roles.require(acting_user, ENTER)
    channel = open_channel(interview.channel, to="登记调查")
    refuse_others(channel, [interview.subject_id])
    current = Interview.objects.select_for_update().get(pk=interview.pk)
    calls = list(current.calls.all())
    if current.state != State.WAITING:
        raise Refused(f"“{current.enterprise}”{current.get_state_display()}，不能再登记")
    _check(call, today, calls)
    if call.outcome == State.DONE:
        _take_answers(channel, current, call)
    if call.outcome != State.UNREACHED or len(calls) + 1 >= MOST_CALLS:
        current.state = State(call.outcome)
    current.remark = tidy(call.remark)[:500]
    current.asked_by, current.asked_at = acting_user, now
    current.save()
    made = InterviewCall.objects.create(
        interview=current,
        day=call.day,
        half=call.half,
        outcome=call.outcome,
        called_by=acting_user,
        called_at=now,
    )
    after = {"第几次": len(calls) + 1, "结果": made.get_outcome_display(), "日期": dates.day(call.day)}
    said = {
        words: current.answers[key] for key, words in questions_of(channel).items() if key in current.answers
    }
    audit.record("登记调查", current, acting_user=acting_user, after={**after, **said})
    return current


def _check(call: Call, today: date, calls: list[InterviewCall]) -> None:
    if call.outcome not in CALLED:
        raise Refused("没有选择调查结果", "请选择。")
    if call.half not in InterviewCall.Half.values:
        raise Refused("没有选择时段", "请选择上午或下午。")
    if call.day > today:
        raise Refused("调查日期还没有到", "请核对日期。")
    halves = {one.half for one in calls} | {call.half}
    if call.outcome == State.UNREACHED and len(calls) + 1 >= MOST_CALLS and len(halves) == 1:
        other = next(half for half in InterviewCall.Half if half != call.half)
        raise Refused(f"三次都在{InterviewCall.Half(call.half).label}联系", f"请在{other.label}再联系一次。")


def _take_answers(channel: Channel, interview: Interview, call: Call) -> None:
    questions, choices = questions_of(channel), choices_of(channel)
    given = dict(call.answers or {})
    lacking = [words for key, words in questions.items() if given.get(key) not in choices]
    if lacking:
        raise Refused("有问题没有记录回答", "请补填：", faults=lacking)
    if any(number is not None and number < 0 for number in (call.days, call.cost, call.papers)):
        raise Refused("用时、费用、材料份数不能小于 0", "请改正。")
    interview.answers = {key: given[key] for key in questions}
    interview.days, interview.cost, interview.papers = call.days, call.cost, call.papers


def may_be_rechecked(channel: Channel) -> list[Interview]:
    """Return the sample that nobody chooses; while a result is corrected, all about the units in question."""
    named = being_corrected(channel)
    if named is None:
        return to_recheck(channel, samples_of(channel))
    return list(channel.interviews.filter(subject__in=named, state=State.DONE))


@transaction.atomic
def recheck(
    *, interview: Interview, agrees: bool, remark: str, now: datetime, acting_user: User
) -> Interview:
    """Ask an enterprise of the sample again, by another person; an answer that differs does not count."""
    roles.require(acting_user, CONFIRM)
    channel = open_channel(interview.channel, to="复核")
    refuse_others(channel, [interview.subject_id])
    current = Interview.objects.select_for_update().get(pk=interview.pk)
    if current not in may_be_rechecked(channel):
        raise Refused(f"“{current.enterprise}”不在待复核之列")
    if current.asked_by_id == acting_user.pk:
        raise Refused("这一家由您本人调查，不能由您复核", "请另一人复核。")
    if not agrees and not tidy(remark):
        raise Refused("复核不一致的，须写明情况", "请补填。")
    current.rechecked_by, current.rechecked_at = acting_user, now
    if not agrees:
        current.state, current.remark = State.VOID, tidy(remark)[:500]
    current.save()
    after = {"复核": "一致" if agrees else "不一致，作废", "情况": tidy(remark)}
    audit.record("复核调查", current, acting_user=acting_user, after=after)
    return current
