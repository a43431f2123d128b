"""From service to publication: appeals lodged and decided, their days ended, the round published."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from departments.access import own_units
from evaluations.consequences.services import register_consequences
from evaluations.models import Appeal, Round, RoundDepartment, RoundMember
from evaluations.polling.services import refuse_broken_controls
from evaluations.results.services import (
    approval_of,
    calling_for_result,
    current_result,
    uncorrected,
)
from evaluations.rounds.state import at_step
from office import audit, dates, roles
from office.errors import Refused
from office.files import papers
from office.jobs import services as jobs
from office.models import User
from surveys import queries

State = Round.State


@transaction.atomic
def lodge_appeal(
    *,
    round_department: RoundDepartment,
    text: str,
    today: date,
    acting_user: User,
    round_member: RoundMember | None = None,
    paper: UploadedFile[Any] | None = None,
) -> Appeal:
    """Lodge an appeal of a department, or of one of its persons, within the appeal days (reading 10)."""
    roles.require(acting_user, "appeal.lodge")
    current = at_step(round_department.round, State.SERVED, to="提出申诉")
    theirs = own_units(acting_user).filter(pk=round_department.department_id)
    if not roles.allowed(acting_user, "result.view") and not theirs.exists():
        raise Refused("所选的不是本单位，不能提出申诉", "请就本单位的结果提出申诉。")
    if current.appeals_until and today > current.appeals_until:
        raise Refused(f"申诉期已于{dates.day(current.appeals_until)}届满", "如有异议，请联系评价中心。")
    if not text.strip():
        raise Refused("没有写明申诉事项", "请写明申诉事项和理由。")
    if round_member and round_member.round_department_id != round_department.pk:
        raise Refused("所选人员不在该单位的参评名单中", "请重新选择。")
    appeal = Appeal(
        round=current,
        result=current_result(current),
        round_department=round_department,
        round_member=round_member,
        text=text.strip(),
        lodged_on=today,
        lodged_by=acting_user,
    )
    with papers.put(appeal, "paper", paper):
        appeal.save()
        after = {"申诉事项": appeal.text, **({"附件": appeal.paper_name} if paper else {})}
        audit.record("登记申诉", appeal, acting_user=acting_user, after=after)
    return appeal


@transaction.atomic
def decide_appeal(*, appeal: Appeal, upheld: bool, decision: str, today: date, acting_user: User) -> Appeal:
    """Decide an appeal with its reasons; an upheld one calls for a corrected result."""
    roles.require(acting_user, "appeal.decide")
    at_step(appeal.round, State.SERVED, to="复核申诉")
    current = Appeal.objects.select_for_update(of=("self",)).get(pk=appeal.pk)
    if current.state != Appeal.State.LODGED:
        raise Refused(
            f"这件申诉已由{current.decided_by}复核（{current.get_state_display()}）", "请返回申诉列表查看。"
        )
    if not decision.strip():
        raise Refused("没有写明复核理由", "请写明复核结论和理由。")
    current.state = Appeal.State.UPHELD if upheld else Appeal.State.REJECTED
    current.decision = decision.strip()
    current.decided_on = today
    current.decided_by = acting_user
    current.save()
    after = {"结论": current.get_state_display(), "理由": current.decision}
    audit.record("复核申诉", current, acting_user=acting_user, after=after)
    return current


@transaction.atomic
def end_appeals(*, round: Round, today: date, acting_user: User, waiver_decision: str = "") -> Round:
    """End the appeal days: after the last day, or earlier with the number of the decision that allows it."""
    roles.require(acting_user, "round.end_appeals")
    current = at_step(round, State.SERVED, to="结束申诉期")
    waiting = current.appeals.filter(state=Appeal.State.LODGED).count()
    if waiting:
        raise Refused(f"还有{waiting}件申诉没有复核，不能结束申诉期", "请先复核。")
    if uncorrected(result := current_result(current)).exists():
        raise Refused("有申诉已采纳，但还没有更正，不能结束申诉期", "请复核人员先办理更正。")
    if calling_for_result(result).exists():
        raise Refused("已按采纳的申诉更正，但还没有新的结果，不能结束申诉期", "请先重新计算，再审定、送达。")
    until = current.appeals_until
    if until and today <= until and not waiver_decision.strip():
        raise Refused(
            f"申诉期到{dates.day(until)}届满，现在不能结束", "如经批准提前公布，请填写批准文件的文号。"
        )
    current.appeals_waiver_decision = waiver_decision.strip() if until and today <= until else ""
    current.state = State.APPEALS_ENDED
    current.save(update_fields=["appeals_waiver_decision", "state"])
    after = {"日期": today.isoformat(), "提前公布依据": current.appeals_waiver_decision}
    audit.record("结束申诉期", current, acting_user=acting_user, after=after)
    register_consequences(round=current, now=timezone.now(), acting_user=acting_user)
    return current


@transaction.atomic
def mark_published(*, round: Round, now: datetime, acting_user: User) -> Round:
    """Record that the result is public; called in the transaction that publishes it."""
    roles.require(acting_user, "round.publish")
    current = at_step(round, State.APPEALS_ENDED, to="公布结果")
    result = current_result(current)
    if result.signed_off_by_id is None:
        raise Refused("结果还没有审定，不能公布", "请先由计算人以外的人员审定。")
    if approval_of(current) and result.approved_by_id is None:
        raise Refused("结果还没有经领导小组批准，不能公布", "请先由领导小组批准。")
    refuse_broken_controls(current)
    if (
        current.survey
        and result.signed_off_at
        and queries.explained_since(current.survey, result.signed_off_at)
    ):
        # The bundle of results was written at the sign-off; what was explained since belongs into it.
        jobs.enqueue("evaluations.results_bundle", {"result": result.pk}, acting_user=acting_user)
    current.state = State.PUBLISHED
    current.published_at = current.published_at or now
    current.correction_reason = current.correction_decision = ""
    current.save(update_fields=["state", "published_at", "correction_reason", "correction_decision"])
    audit.record("公布结果", current, acting_user=acting_user, after={"第几次结果": result.number})
    return current
