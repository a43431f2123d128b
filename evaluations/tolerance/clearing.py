"""Names that are cleared after a false report (WY-R10): proven false, harmed, consenting; within ten days."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import TextChoices

from departments.models import Department, StaffMember
from evaluations.models import Clearing, Disposition, DispositionEvent, SchemeVersion
from evaluations.schemes.stored import policy_of, scheme_of
from evaluations.scoring import InvalidInputError
from evaluations.scoring.tolerating import Tolerance
from office import audit, dates, roles
from office.calendar import days, provisional
from office.calendar.deadlines import Clock, Span, Unit
from office.errors import Refused
from office.models import User

State = Clearing.State


class Finding(TextChoices):
    """What an inquiry into a report found; only what is proven false clears a name."""

    FALSE = "false", "不属实"
    TRUE = "true", "属实"
    PARTLY = "partly", "部分属实"
    UNPROVEN = "unproven", "无法查实"


def rule_for(disposition: Disposition | None) -> Tolerance:
    """Return the rule of the round's scheme, or of the first active scheme that has one."""
    if disposition:
        rule = scheme_of(disposition.round).tolerance
    else:
        rule = next(filter(None, map(_rule_of, SchemeVersion.objects.filter(is_active=True))), None)
    if rule is None:
        raise Refused("评价方案没有规定澄清正名", "请先启用有这项规定的方案。")
    return rule


def _rule_of(version: SchemeVersion) -> Tolerance | None:
    try:
        return policy_of(version).defaults.tolerance
    except InvalidInputError:
        return None


@transaction.atomic
def open_clearing(
    *,
    department: Department,
    staff_member: StaffMember | None,
    disposition: Disposition | None,
    report_number: str,
    finding: Finding,
    found_on: date,
    harm: str,
    harm_circle: Clearing.Circle,
    consented_on: date | None,
    today: date,
    acting_user: User,
) -> Clearing:
    """Begin to clear a name; what is not proven is not false, and nobody is cleared against their will."""
    roles.require(acting_user, "clearing.keep")
    if finding != Finding.FALSE:
        raise Refused(
            f"查核结论为“{finding.label}”，不能澄清正名", "无法查实不等于不属实；查实不属实的才澄清。"
        )
    if not harm.strip():
        raise Refused("没有写明造成的影响", "没有造成影响的，不需要澄清；造成影响的，请写明。")
    if consented_on is None:
        raise Refused("本人没有同意，不能澄清正名", "请先征得本人同意。")
    if not report_number.strip():
        raise Refused("没有举报件编号", "请填写编号；编号只有纪检监察机关看得到。")
    if max(found_on, consented_on) > today:
        raise Refused("查实日期和同意日期不能晚于今天", "请核对日期。")
    if staff_member and staff_member.department_id != department.pk:
        raise Refused("所选人员不在该单位", "请重新选择。")
    if disposition and disposition.department_id != department.pk:
        raise Refused("所选处置不是该单位的", "请重新选择。")
    clearing = Clearing(
        department=department,
        staff_member=staff_member,
        disposition=disposition,
        report_number=report_number.strip(),
        found_on=found_on,
        harm=harm.strip(),
        harm_circle=harm_circle,
        consented_on=consented_on,
        opened_by=acting_user,
    )
    _promise(clearing, days.clock())
    clearing.save()
    after = {"单位": department.name, "查实日期": found_on.isoformat(), "期限": clearing.due_on.isoformat()}
    audit.record("登记澄清正名", clearing, acting_user=acting_user, after=after)
    return clearing


@transaction.atomic
def clear_name(
    *,
    clearing: Clearing,
    way: Clearing.Way,
    circle: Clearing.Circle,
    cleared_on: date,
    now: datetime,
    today: date,
    acting_user: User,
) -> Clearing:
    """Note how and before whom the name was cleared; never wider than the harm."""
    roles.require(acting_user, "clearing.keep")
    current = _at(clearing, State.OPEN)
    if circle > current.harm_circle:
        raise Refused(
            f"澄清范围“{Clearing.Circle(circle).label}”大于影响范围“{current.get_harm_circle_display()}”",
            "请在影响所及的范围内澄清。",
        )
    if not current.found_on <= cleared_on <= today:
        raise Refused("澄清日期须在查实之后、今天之前", "请核对日期。")
    rule = rule_for(current.disposition)
    visit = days.clock().limit(cleared_on, Span(rule.follow_up_days, Unit.DAYS))
    current.state, current.way, current.circle = State.CLEARED, way, circle
    current.cleared_on, current.cleared_by, current.visit_due_on = cleared_on, acting_user, visit.last_day
    current.save()
    late = "" if cleared_on <= current.due_on else "，已逾期"
    said = f"{current.get_way_display()}，{current.get_circle_display()}，{dates.day(cleared_on)}{late}"
    if current.disposition:
        DispositionEvent.objects.create(
            disposition=current.disposition,
            act=DispositionEvent.Act.TOLERANCE,
            at=now,
            by=acting_user,
            text=f"澄清正名：{said}",
        )
    audit.record("澄清正名", current, acting_user=acting_user, after={"办理": said})
    return current


@transaction.atomic
def note_visit(
    *, clearing: Clearing, visited_on: date, visit: str, today: date, acting_user: User
) -> Clearing:
    """Note the follow-up visit, by somebody else than who cleared the name."""
    roles.require(acting_user, "clearing.keep")
    current = _at(clearing, State.CLEARED)
    if current.cleared_by_id == acting_user.pk:
        raise Refused("澄清的登记人不能回访自己办理的事项", "请由另一人回访。")
    if not visit.strip():
        raise Refused("没有写明回访情况", "请写明本人的感受和影响是否消除。")
    if current.cleared_on is None or not current.cleared_on <= visited_on <= today:
        raise Refused("回访日期须在澄清之后、今天之前", "请核对日期。")
    current.state, current.visit = State.VISITED, visit.strip()
    current.visited_on, current.visited_by = visited_on, acting_user
    current.save()
    audit.record("回访澄清对象", current, acting_user=acting_user, after={"回访情况": current.visit})
    return current


@transaction.atomic
def note_false_accusation(*, clearing: Clearing, number: str, acting_user: User) -> Clearing:
    """Note that the inspectorate found a false accusation (诬告), by its number; a mistake has none."""
    roles.require(acting_user, "clearing.sealed")
    current = Clearing.objects.select_for_update(of=("self",)).get(pk=clearing.pk)
    if not number.strip():
        raise Refused("没有认定文号，不能登记为诬告", "错告不追究；认定诬告的，请填写纪检监察机关的文号。")
    if current.false_report_number:
        raise Refused(f"已登记诬告认定文号{current.false_report_number}", "请刷新页面查看。")
    current.false_report_number = number.strip()
    current.save(update_fields=["false_report_number"])
    audit.record(
        "登记诬告认定", current, acting_user=acting_user, after={"文号": current.false_report_number}
    )
    return current


def _at(clearing: Clearing, state: Clearing.State) -> Clearing:
    current = (
        Clearing.objects.select_for_update(of=("self",))
        .select_related("disposition__round__scheme_version")
        .get(pk=clearing.pk)
    )
    if current.state != state:
        raise Refused(f"目前为“{current.get_state_display()}”", "请刷新页面查看。")
    return current


def _promise(clearing: Clearing, clock: Clock) -> None:
    span = Span(rule_for(clearing.disposition).clearing_working_days)
    limit = clock.limit(clearing.found_on, span)
    if limit.last_day is None:
        raise ValueError("nothing stops the clock of a clearing")
    clearing.due_on, clearing.is_provisional = limit.last_day, limit.is_provisional
    clearing.rests_on = {**limit.rests_on(), "why": limit.why("查实")}


@provisional.settles
def settle(clock: Clock) -> None:
    """Settle the limits that hung on a year without a calendar."""
    waiting = Clearing.objects.select_for_update(of=("self",)).filter(is_provisional=True)
    for one in waiting.select_related("disposition__round__scheme_version").order_by("pk"):
        before = one.due_on
        _promise(one, clock)
        if not one.is_provisional:
            one.save(update_fields=["due_on", "rests_on", "is_provisional"])
            said = {"before": {"暂定期限": before.isoformat()}, "after": {"期限": one.due_on.isoformat()}}
            audit.record("确定澄清期限", one, acting_user=None, **said)
