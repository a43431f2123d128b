"""From service to publication: appeals lodged and decided, their days ended, the round published."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from datetime import date, datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from departments.access import belongs_to, own_units
from evaluations.consequences.services import register_consequences
from evaluations.models import Appeal, AppealPaper, Result, Round, RoundDepartment, RoundMember
from evaluations.polling.services import refuse_broken_controls
from evaluations.results import appeal_days
from evaluations.results.services import (
    approval_of,
    calling_for_result,
    current_result,
    uncorrected,
)
from evaluations.rounds.state import at_step
from office import audit, dates, roles
from office.errors import Refused
from office.files import papers as files
from office.jobs import services as jobs
from office.models import User
from surveys import queries

State = Round.State
MOST_PAPERS = 10


@transaction.atomic
def lodge_appeal(
    *,
    round_department: RoundDepartment,
    text: str,
    now: datetime,
    acting_user: User,
    round_member: RoundMember | None = None,
    received_at: datetime | None = None,
    papers: Sequence[UploadedFile[Any]] = (),
) -> Appeal:
    """Lodge an appeal of a unit, or for one of its persons, within the days that the scheme gives.

    What came on paper counts from the moment it was received.
    """
    roles.require(acting_user, "appeal.lodge")
    current = at_step(round_department.round, State.SERVED, to="提出申诉")
    theirs = own_units(acting_user).filter(pk=round_department.department_id)
    if not roles.allowed(acting_user, "result.view") and not theirs.exists():
        raise Refused("所选的不是本单位，不能提出申诉", "请就本单位的结果提出申诉。")
    if received_at and round_member is None and not roles.allowed(acting_user, "result.view"):
        raise Refused("单位提出的申诉以提交的时间为准，不能填写收到时间", "书面提出的，请送评价中心登记。")
    _refuse_late(current, "person" if round_member else "unit", received_at, now)
    if not text.strip():
        raise Refused("没有写明申诉事项", "请写明申诉事项和理由。")
    if round_member and round_member.round_department_id != round_department.pk:
        raise Refused("所选人员不在该单位的参评名单中", "请重新选择。")
    if len(papers) > MOST_PAPERS:
        raise Refused(f"一次最多提交{MOST_PAPERS}份材料", "请合并后重新提交。")
    came = received_at or now
    appeal = Appeal.objects.create(
        round=current,
        result=current_result(current),
        round_department=round_department,
        round_member=round_member,
        text=text.strip(),
        received_at=came,
        on_paper=received_at is not None,
        lodged_on=timezone.localtime(came).date(),
        lodged_at=now,
        lodged_by=acting_user,
    )
    with ExitStack() as stored:
        for upload in papers:
            paper = AppealPaper(appeal=appeal)
            stored.enter_context(files.put(paper, "file", upload))
            paper.save()
        after = {"申诉事项": appeal.text, "收到时间": dates.moment(came)}
        if round_member:
            after["代为登记"] = f"代{round_member.name}提出"
        if papers:
            after["材料"] = "、".join(appeal.papers.values_list("file_name", flat=True))
        audit.record("登记申诉", appeal, acting_user=acting_user, after=after)
    return appeal


def _refuse_late(round: Round, who: str, received_at: datetime | None, now: datetime) -> None:
    """Refuse what came after the last minute; never on the strength of a provisional day."""
    term = next((one for one in appeal_days.terms_of(round) if one.who == who), None)
    if term is None:
        raise Refused(f"按本轮次的评价方案，{appeal_days.WHO[who]}不能提出申诉", "请由有权的一方提出。")
    if received_at and received_at > now:
        raise Refused("收到时间晚于现在", "请填写实际收到的日期和时间。")
    if received_at and round.served_on and timezone.localtime(received_at).date() < round.served_on:
        raise Refused(f"收到时间早于送达日期{dates.day(round.served_on)}", "请填写实际收到的日期和时间。")
    came = received_at or now
    if not term.is_met_by(came) and not round.appeals_provisional:
        why = f"（{term.why}）" if term.why else ""
        raise Refused(
            f"{dates.moment(came)}提出，已超过{term.whose}申诉的截止时间{term.end_in_words}{why}",
            "如有异议，请联系评价中心。",
        )


@transaction.atomic
def decide_appeal(
    *,
    appeal: Appeal,
    outcome: Appeal.Outcome,
    findings: str,
    decision: str,
    today: date,
    acting_user: User,
) -> Appeal:
    """Decide an appeal with findings and reasons; one that is upheld calls for a corrected result.

    Never by who computed or signed off the result, nor by who lodged the appeal.
    """
    roles.require(acting_user, "appeal.decide")
    rule = appeal_days.rule_of(appeal.round)
    later = () if rule.stays else (State.APPEALS_ENDED, State.PUBLISHED)
    round_ = at_step(appeal.round, State.SERVED, *later, to="复核申诉")
    current = (
        Appeal.objects.select_for_update(of=("self",))
        .select_related("result", "round_department")
        .get(pk=appeal.pk)
    )
    if current.state != Appeal.State.LODGED:
        raise Refused(
            f"这件申诉已由{current.decided_by}复核（{current.get_outcome_display()}）",
            "请返回申诉列表查看。",
        )
    if why := why_not_decide(current, acting_user):
        raise Refused(why, who_may_decide(current))
    if not findings.strip():
        raise Refused("没有写明查明的情况", "请写明核查了什么、查明了什么。")
    if not decision.strip():
        raise Refused("没有写明复核理由", "请写明复核结论和理由。")
    kept = outcome == Appeal.Outcome.KEPT
    current.state = Appeal.State.REJECTED if kept else Appeal.State.UPHELD
    current.outcome, current.findings, current.decision = outcome, findings.strip(), decision.strip()
    current.decided_on, current.decided_by = today, acting_user
    current.save()
    after = {
        "结论": current.get_outcome_display(),
        "查明情况": current.findings,
        "理由": current.decision,
        "复核机构": rule.decided_by,
    }
    audit.record("复核申诉", current, acting_user=acting_user, after=after)
    if not kept and round_.state == State.APPEALS_ENDED:
        round_.state = State.SERVED  # not yet published: it is corrected first
        round_.save(update_fields=["state"])
    return current


def why_not_decide(appeal: Appeal, user: User) -> str:
    """Say what somebody had to do with the result or the appeal; empty for who may decide."""
    result: Result = appeal.result
    if user.pk == appeal.lodged_by_id:
        return "登记申诉的人员不能复核这件申诉"
    if user.pk == result.computed_by_id:
        return "计算结果的人员不能复核对该结果的申诉"
    if user.pk == result.signed_off_by_id:
        return "审定结果的人员不能复核对该结果的申诉"
    own = belongs_to(user, appeal.round_department.department_id)
    return "本单位的人员不能复核本单位的申诉" if own else ""


def who_may_decide(appeal: Appeal) -> str:
    """Say who of the house may decide it, or that somebody has to be appointed first."""
    users = User.objects.filter(is_active=True, role__in=roles.PERMISSIONS["appeal.decide"]).order_by("pk")
    names = [str(user) for user in users if not why_not_decide(appeal, user)]
    if names:
        return f"可以由{'、'.join(names[:5])}复核。"
    return f"目前没有其他人员可以复核，请系统管理员增设{roles.in_words('appeal.decide')}账号。"


@transaction.atomic
def note_upheld(*, appeal: Appeal, today: date, acting_user: User) -> Appeal:
    """The inspectorate takes note of an appeal that was upheld (阅知)."""
    roles.require(acting_user, "appeal.watch")
    current = Appeal.objects.select_for_update(of=("self",)).get(pk=appeal.pk)
    if current.state != Appeal.State.UPHELD:
        raise Refused("这件申诉没有采纳，不需要阅知")
    if current.watched_by_id:
        raise Refused(f"{current.watched_by}已阅知这件申诉", "请刷新页面查看。")
    current.watched_by, current.watched_on = acting_user, today
    current.save(update_fields=["watched_by", "watched_on"])
    audit.record("阅知采纳的申诉", current, acting_user=acting_user)
    return current


@transaction.atomic
def end_appeals(
    *, round: Round, today: date, acting_user: User, waiver_decision: str = "", now: datetime | None = None
) -> Round:
    """End the appeal days: after the last day, or earlier with the number of the decision that allows it."""
    roles.require(acting_user, "round.end_appeals")
    current = at_step(round, State.SERVED, to="结束申诉期")
    waiting = current.appeals.filter(state=Appeal.State.LODGED).count()
    if waiting and appeal_days.rule_of(current).stays:
        raise Refused(f"还有{waiting}件申诉没有复核，不能结束申诉期", "请先复核。")
    if uncorrected(result := current_result(current)).exists():
        raise Refused("有申诉已采纳，但还没有更正，不能结束申诉期", "请复核人员先办理更正。")
    if calling_for_result(result).exists():
        raise Refused("已按采纳的申诉更正，但还没有新的结果，不能结束申诉期", "请先重新计算，再审定、送达。")
    until = current.appeals_until
    runs = bool(until and (today <= until or current.appeals_provisional))
    if until and runs and not waiver_decision.strip():
        raise Refused(_still_runs(until, current), "如经批准提前公布，请填写批准文件的文号。")
    current.appeals_waiver_decision = waiver_decision.strip() if runs else ""
    current.state = State.APPEALS_ENDED
    current.save(update_fields=["appeals_waiver_decision", "state"])
    after = {"日期": today.isoformat(), "提前公布依据": current.appeals_waiver_decision}
    audit.record("结束申诉期", current, acting_user=acting_user, after=after)
    register_consequences(round=current, now=now or timezone.now(), acting_user=acting_user)
    return current


def _still_runs(until: date, round: Round) -> str:
    if round.appeals_provisional:
        return f"申诉截止日{dates.day(until)}是暂定的，跨入的年度还没有录入节假日安排，现在不能结束申诉期"
    return f"申诉期到{dates.day(until)}届满，现在不能结束"


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
