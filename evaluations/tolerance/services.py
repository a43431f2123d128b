"""Risk reports, applications for tolerance and their decision (WY-R10): nothing here changes a result."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from departments.access import belongs_to, own_units
from departments.models import Department
from evaluations.consequences.numbers import read_number
from evaluations.models import Disposition, DispositionEvent, RiskReport, ToleranceCase
from evaluations.models.consequences import OF_PERSONS
from evaluations.schemes.stored import scheme_of
from evaluations.scoring.tolerating import Tolerance
from office import audit, dates, roles
from office.errors import Refused
from office.models import User
from office.roles import Role

State, Case = Disposition.State, ToleranceCase.State
STILL_OPEN = (State.PROPOSED, State.DECIDED, State.SERVED, State.IN_FORCE)
TOLERATED = (Case.EXEMPT, Case.LIGHTER)


def of_own_units(user: User) -> QuerySet[Disposition]:
    """What concerns the user's own units; what is about persons only for the units' reviewers."""
    rows = Disposition.objects.filter(department__in=own_units(user))
    return rows if user.role == Role.DEPARTMENT_REVIEWER else rows.exclude(target__in=OF_PERSONS)


def rule_for(disposition: Disposition) -> Tolerance:
    rule = scheme_of(disposition.round).tolerance
    if rule is None:
        raise Refused("该轮次的评价方案没有规定容错", "请按申诉办理。")
    return rule


def bodies_for(disposition: Disposition) -> tuple[str, ...]:
    """Who may decide: the bodies with the power over personnel that the scheme names."""
    return rule_for(disposition).decided_by


@transaction.atomic
def report_risk(
    *,
    department: Department,
    texts: Mapping[str, str],
    decision_at: datetime | None,
    now: datetime,
    acting_user: User,
) -> RiskReport:
    """Report a risk, stamped with the server's time; `texts` are the fields of `RiskReport` in words."""
    roles.require(acting_user, "risk.report")
    _refuse_others(acting_user, department.pk)
    if any(not text.strip() for text in texts.values()):
        raise Refused("报备内容没有填写完整", "请逐项填写。")
    report = RiskReport.objects.create(
        department=department,
        **{name: text.strip() for name, text in texts.items()},
        decision_at=decision_at,
        reported_at=now,
        reported_by=acting_user,
    )
    audit.record(
        "报备风险", report, acting_user=acting_user, after={"事项": report.matter, "性质": report.kind}
    )
    return report


@transaction.atomic
def note_decision_time(
    *, report: RiskReport, decision_at: datetime, now: datetime, acting_user: User
) -> RiskReport:
    """Note once when the matter was decided; it says whether the report came before."""
    roles.require(acting_user, "risk.report")
    current = (
        RiskReport.objects.select_for_update(of=("self",)).select_related("department").get(pk=report.pk)
    )
    _refuse_others(acting_user, current.department_id)
    if current.decision_at:
        raise Refused(f"决策时间已登记为{dates.moment(current.decision_at)}，不能再改")
    if decision_at > now:
        raise Refused("决策时间晚于现在", "请在决策之后登记实际的时间。")
    current.decision_at = decision_at
    current.save(update_fields=["decision_at"])
    after = {"决策时间": dates.moment(decision_at), "性质": current.kind}
    audit.record("登记决策时间", current, acting_user=acting_user, after=after)
    return current


@transaction.atomic
def apply_for_tolerance(
    *,
    disposition: Disposition,
    grounds: str,
    report: RiskReport | None,
    now: datetime,
    acting_user: User,
) -> ToleranceCase:
    """Apply inside a disposition that is still open; a report after the decision is no ground on its own."""
    roles.require(acting_user, "tolerance.apply")
    current = Disposition.objects.select_for_update(of=("self",)).get(pk=disposition.pk)
    _refuse_others(acting_user, current.department_id)
    if not of_own_units(acting_user).filter(pk=current.pk).exists():
        raise Refused("该处置涉及个人，不能由您申请容错", "请部门审核人员办理。")
    rule_for(current)
    if current.state not in STILL_OPEN:
        raise Refused(f"该处置目前为“{current.get_state_display()}”，不能再申请容错")
    if report and report.department_id != current.department_id:
        raise Refused("所选的风险报备不是本单位的", "请重新选择。")
    if not grounds.strip() and report and not report.is_before:
        raise Refused("事后补报不单独作为容错依据", "请写明其他理由。")
    if not grounds.strip() and not report:
        raise Refused("没有写明申请理由", "请写明理由，或选择事前的风险报备。")
    if current.tolerance_cases.filter(state=Case.APPLIED).exists():
        raise Refused("该处置已有一件容错申请等待决定", "请等待决定。")
    case = ToleranceCase.objects.create(
        disposition=current,
        report=report,
        grounds=grounds.strip(),
        applied_at=now,
        applied_by=acting_user,
    )
    _note(current, "申请容错", now, acting_user)
    after = {"处置": str(current), "理由": case.grounds, "风险报备": report.kind if report else "无"}
    audit.record("申请容错", case, acting_user=acting_user, after=after)
    return case


@transaction.atomic
def decide_tolerance(
    *,
    case: ToleranceCase,
    outcome: ToleranceCase.State,
    findings: Mapping[str, str],
    reasons: str,
    body: str,
    number: str,
    decided_on: date,
    now: datetime,
    today: date,
    acting_user: User,
) -> ToleranceCase:
    """Enter the decision of the body with the power over personnel, with a finding for each test.

    It changes no points, card or result: that does a new result alone, after the round is corrected.
    """
    roles.require(acting_user, "tolerance.settle")
    current = (
        ToleranceCase.objects.select_for_update(of=("self",))
        .select_related("disposition__round__scheme_version", "report")
        .get(pk=case.pk)
    )
    if current.state != Case.APPLIED:
        raise Refused(
            f"这件申请已有决定：{current.get_state_display()}（{current.number}）", "请刷新页面查看。"
        )
    if current.applied_by_id == acting_user.pk:
        raise Refused("申请人不能登记自己申请的决定", "请由另一人登记。")
    if belongs_to(acting_user, current.disposition.department_id):
        raise Refused("这件申请涉及您所在的单位，您不能登记决定", "请由其他人员登记。")
    rule = rule_for(current.disposition)
    if missing := [one.label for one in rule.tests if not findings.get(one.id, "").strip()]:
        raise Refused(f"没有逐项认定，缺：{'、'.join(missing)}", "请逐项写明认定情况。")
    if not reasons.strip():
        raise Refused("没有写明决定理由", "请写明理由。")
    if body not in rule.decided_by:
        raise Refused(f"{body or '所填机关'}无权决定", f"有权决定的是{'、'.join(rule.decided_by)}。")
    if not timezone.localtime(current.applied_at).date() <= decided_on <= today:
        raise Refused("决定日期须在申请之后、今天之前", "请核对决定日期。")
    written = read_number(number, decided_on)
    if ToleranceCase.objects.filter(body=body, number=written).exists():
        raise Refused(f"{body}的文号{written}已用于另一件容错决定", "请核对文号。")
    current.state, current.findings = outcome, {one.id: findings[one.id].strip() for one in rule.tests}
    current.reasons, current.body, current.number = reasons.strip(), body, written
    current.decided_on, current.decided_by = decided_on, acting_user
    current.save()
    said = f"{current.get_state_display()}（{body}，{current.number}）"
    _note(current.disposition, said, now, acting_user)
    after = {"决定": said, "理由": current.reasons, "逐项认定": current.findings}
    audit.record("登记容错决定", current, acting_user=acting_user, after=after)
    return current


def _note(disposition: Disposition, text: str, now: datetime, user: User) -> None:
    DispositionEvent.objects.create(
        disposition=disposition, act=DispositionEvent.Act.TOLERANCE, at=now, by=user, text=text
    )


def _refuse_others(user: User, department_id: int) -> None:
    if not own_units(user).filter(pk=department_id).exists():
        raise Refused("所选的不是本单位", "请选择本单位。")
