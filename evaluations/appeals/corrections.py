"""What an upheld appeal, or a decision to correct what is published, leads to before a new result.

A person or a unit leaves the list; or the data of a unit in a channel is opened again, by two persons.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from evaluations.gathering.services import label_of
from evaluations.models import Appeal, Channel, Correction, Round, RoundDepartment, RoundMember
from evaluations.results.services import current_result, uncorrected, upheld_against
from evaluations.rounds.state import at_step, locked
from evaluations.schemes.stored import scheme_of
from office import audit, roles
from office.errors import Refused
from office.models import User

State = Round.State
MOST_SAID = 500


@transaction.atomic
def withdraw_member(*, round_member: RoundMember, reason: str, acting_user: User) -> RoundMember:
    """Take a person off the judged list after an upheld appeal, or to correct what is published.

    The result then has to be computed again. The correction is written down at every upheld appeal of the
    department that still waits for one.
    """
    roles.require(acting_user, "appeal.decide")
    current = _correctable(round_member.round_department.round, to="更正参评名单")
    _refuse_without_appeal(current, [round_member.round_department_id])
    if not reason.strip():
        raise Refused("没有写明更正参评名单的原因", "请写明原因。")
    round_member = RoundMember.objects.select_for_update(of=("self",)).get(pk=round_member.pk)
    if not round_member.is_judged:
        raise Refused(f"{round_member.name}已经不在参评之列（{round_member.reason_not_judged}）")
    round_member.is_judged = False
    round_member.reason_not_judged = reason.strip()
    round_member.save(update_fields=["is_judged", "reason_not_judged"])
    _note(current, round_member.round_department_id, f"{round_member.name}不再参评（{reason.strip()}）")
    audit.record("更正参评名单", round_member, acting_user=acting_user, after={"不参评原因": reason.strip()})
    return round_member


@transaction.atomic
def withdraw_unit(*, round_department: RoundDepartment, reason: str, acting_user: User) -> RoundDepartment:
    """Take a unit off the judged list, as a person is taken off; only where the scheme judges units."""
    roles.require(acting_user, "appeal.decide")
    current = _correctable(round_department.round, to="更正参评名单")
    if scheme_of(current).judges_persons:
        raise Refused("本轮次评价的是人员，不能将整个单位移出", "请逐人更正参评名单。")
    _refuse_without_appeal(current, [round_department.pk])
    if not reason.strip():
        raise Refused("没有写明更正参评名单的原因", "请写明原因。")
    row = RoundDepartment.objects.select_for_update(of=("self",)).get(pk=round_department.pk)
    if not row.is_judged:
        raise Refused(f"{row.name}已经不在参评之列（{row.reason_not_judged}）")
    if current.departments.filter(is_judged=True).count() == 1:
        raise Refused(f"{row.name}是本轮次唯一的参评单位，不能移出", "整个轮次有误的，请另行报批。")
    row.is_judged, row.reason_not_judged = False, reason.strip()
    row.save(update_fields=["is_judged", "reason_not_judged"])
    _note(current, row.pk, f"{row.name}不再参评（{reason.strip()}）")
    audit.record("更正参评单位", row, acting_user=acting_user, after={"不参评原因": reason.strip()})
    return row


@transaction.atomic
def leave_uncorrected(*, appeal: Appeal, reason: str, acting_user: User) -> Appeal:
    """Write down why an upheld appeal calls for no correction, such as a mere explanation."""
    roles.require(acting_user, "appeal.decide")
    current = at_step(appeal.round, State.SERVED, to="办理已采纳的申诉")
    found = uncorrected(current_result(current)).select_for_update(of=("self",)).filter(pk=appeal.pk).first()
    if found is None:
        raise Refused("这件申诉没有等待更正", "请返回申诉列表查看。")
    if not reason.strip():
        raise Refused("没有写明不必更正的原因", "请写明原因。")
    found.correction = f"不更正：{reason.strip()}"
    found.save(update_fields=["correction"])
    audit.record("采纳申诉，不更正结果", found, acting_user=acting_user, after={"原因": reason.strip()})
    return found


@transaction.atomic
def propose_correction(
    *, channel: Channel, subject: RoundDepartment, reason: str, now: datetime, acting_user: User
) -> Correction:
    """Propose that a unit's data in a channel is gathered again; another person has to agree."""
    roles.require(acting_user, "gathering.reopen")
    current = _correctable(channel.round, to="提出更正")
    _refuse_without_appeal(current, [subject.pk])
    label = label_of(channel)
    if channel.kind == Channel.Kind.BALLOT:
        raise Refused("无记名评价已经计票，不能重新收集", "请更正参评单位，或注明不必更正的原因。")
    if not reason.strip():
        raise Refused("没有写明更正的原因", "请写明原因。")
    if subject.round_id != current.pk or not subject.is_judged:
        raise Refused(f"{subject.name}不在本轮次的参评单位之内", "请重新选择。")
    result = current_result(current)
    if twin := Correction.objects.filter(result=result, channel=channel, subject=subject).first():
        agreed = f"，{twin.agreed_by}已同意" if twin.agreed_by else "，等待另一人同意"
        raise Refused(f"{twin.proposed_by}已提出更正{subject.name}的“{label}”{agreed}", "请刷新页面查看。")
    made = Correction.objects.create(
        result=result,
        channel=channel,
        subject=subject,
        reason=reason.strip(),
        proposed_by=acting_user,
        proposed_at=now,
    )
    audit.record("提出更正", current, acting_user=acting_user, after=_in_words(made, label))
    return made


@transaction.atomic
def agree_to_correction(*, correction: Correction, now: datetime, acting_user: User) -> Correction:
    """Agree to what somebody else proposed: the channel opens for that unit, until it is settled again."""
    roles.require(acting_user, "gathering.reopen")
    channel = Channel.objects.select_for_update(of=("self",)).get(
        pk=correction.channel_id
    )  # before the round
    current = _correctable(correction.channel.round, to="同意更正")
    found = _waiting(correction, current)
    if found.proposed_by_id == acting_user.pk:
        raise Refused("这项更正由您本人提出，不能由您同意", "请另一位有权限的人员办理。")
    found.agreed_by, found.agreed_at = acting_user, now
    found.save(update_fields=["agreed_by", "agreed_at"])
    channel.state, channel.set_aside_reason = Channel.State.OPEN, ""
    channel.settled_by = channel.settled_at = None
    channel.save(update_fields=["state", "set_aside_reason", "settled_by", "settled_at"])
    label = label_of(found.channel)
    _note(current, found.subject_id, f"重新收集“{label}”（{found.reason}）")
    after = {**_in_words(found, label), "第一人": str(found.proposed_by), "第二人": str(acting_user)}
    audit.record("两人重新打开取数渠道", current, acting_user=acting_user, after=after)
    return found


@transaction.atomic
def drop_correction(*, correction: Correction, acting_user: User) -> None:
    """Take a proposal off to which nobody has agreed."""
    roles.require(acting_user, "gathering.reopen")
    current = _correctable(correction.channel.round, to="撤下更正")
    found = _waiting(correction, current)
    audit.record(
        "撤下更正", current, acting_user=acting_user, before=_in_words(found, label_of(found.channel))
    )
    found.delete()


def _waiting(correction: Correction, current: Round) -> Correction:
    rows = Correction.objects.select_related("channel__round__scheme_version", "subject", "proposed_by")
    found = rows.filter(pk=correction.pk, result=current_result(current)).first()
    if found is None:
        raise Refused("这项更正已经撤下", "请刷新页面查看。")
    if found.agreed_by_id:
        raise Refused(f"{found.agreed_by}已同意这项更正", "请刷新页面查看。")
    return found


def _correctable(round: Round, *, to: str) -> Round:
    """Return the round locked: served, or published and being corrected."""
    kept = locked(round.pk)
    steps = (State.SERVED, State.PUBLISHED) if kept.is_being_corrected else (State.SERVED,)
    return at_step(kept, *steps, to=to)


def _refuse_without_appeal(round: Round, subjects: Iterable[int]) -> None:
    """A served result changes only for units whose appeal was upheld; a published one by a decision."""
    if round.state != State.SERVED:
        return
    upheld = upheld_against(current_result(round)).values_list("round_department", flat=True)
    if set(subjects) - set(upheld):
        raise Refused("该单位没有已采纳的申诉，不能更正", "请先复核申诉。")


def _note(round: Round, subject: int, said: str) -> None:
    """Write what was corrected at the unit's upheld appeals; a result has to be computed again."""
    for appeal in upheld_against(current_result(round)).filter(round_department=subject):
        before = "" if appeal.correction.startswith("不更正") else appeal.correction
        appeal.correction = "；".join(filter(None, (before, said)))[:MOST_SAID]
        appeal.calls_for_result = True
        appeal.save(update_fields=["correction", "calls_for_result"])


def _in_words(one: Correction, label: str) -> dict[str, str]:
    return {"数据": label, "单位": one.subject.name, "原因": one.reason}
