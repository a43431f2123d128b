"""A round before its slips are made: created, its departments chosen, its list frozen, its slips planned."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import transaction

from departments.models import Department, StaffMember, Town
from departments.units.groups import groups_in, units_of
from evaluations.models import Round, RoundDepartment, RoundMember, SchemeVersion
from evaluations.rounds import periods
from evaluations.rounds.channels import holds_shares, put_together
from evaluations.rounds.state import at_step
from evaluations.rounds.voters import voter_kinds
from evaluations.schemes.groups import groups_of
from evaluations.schemes.stored import policy_of, scheme_of
from evaluations.scoring.loading import Policy
from office import audit, dates, roles
from office.calendar.working_time import after_months
from office.errors import Refused
from office.models import User
from surveys import queries

State = Round.State
MONTHS_IN_POST = 3  # YC reading 3
DEFAULT_SHARES = {"private": 50, "sole_trader": 40, "non_private": 10}  # YC-R5, clause 四


@transaction.atomic
def create_round(
    *,
    title: str,
    period: str,
    scheme_version: SchemeVersion,
    base_date: date,
    persons_public: str,
    persons_public_decision: str,
    acting_user: User,
    options: Mapping[str, Any] | None = None,
    questions: Iterable[str] = (),
    again_reason: str = "",
    channels: Mapping[str, str] | None = None,
    intervals_public: bool = True,
) -> Round:
    """Create a round; the units in scope that its scheme judges are on its list to begin with (YC-R4).

    `channels` names a channel for the needs that are not gathered in the usual way.

    `persons_public` (reading 11) needs the number of the decision that allows it unless nobody is named.
    A second round of one scheme and period needs a reason; one that was cancelled does not count.
    """
    roles.require(acting_user, "round.edit")
    chosen = dict(options or {})
    _check_title_and_period(title, period)
    twin = twin_of(scheme_version, period)
    _refuse_a_twin(twin, again_reason)
    _check_scheme(scheme_version, chosen)
    _check_disclosure(scheme_version, persons_public, persons_public_decision)
    new = Round.objects.create(
        title=title.strip(),
        period=period,
        scheme_version=scheme_version,
        options=chosen,
        questions=[line.strip() for line in questions if line.strip()],
        base_date=base_date,
        shares=DEFAULT_SHARES if policy_of(scheme_version).decide(chosen).strata else {},
        persons_public=persons_public,
        persons_public_decision=persons_public_decision.strip(),
        intervals_public=intervals_public,
        created_by=acting_user,
    )
    in_scope = Department.objects.filter(is_active=True)
    _list_departments(new, units_of(groups_of(scheme_version), in_scope))
    put_together(new, channels)
    after = {
        "周期": periods.in_words(period),
        "评价方案": str(scheme_version),
        "个人结果公布范围": new.get_persons_public_display(),
        "公布依据": new.persons_public_decision,
        "公布得分的可能范围": "是" if intervals_public else "否",
        **({"同一周期再建一轮的原因": again_reason.strip()} if twin else {}),
    }
    audit.record("创建轮次", new, acting_user=acting_user, after=after)
    return new


def twin_of(version: SchemeVersion, period: str) -> Round | None:
    """Return a round of the same scheme and period that goes on or is published."""
    same = Round.objects.filter(scheme_version__scheme_id=version.scheme_id, period=period)
    return same.exclude(state=State.VOID).first()


def _refuse_a_twin(twin: Round | None, again_reason: str) -> None:
    if twin and not again_reason.strip():
        raise Refused(
            f"这一方案在{periods.in_words(twin.period)}已有轮次“{twin.title}”（{twin.get_state_display()}）",
            "确需同期再评一轮的，请填写原因。",
        )


@transaction.atomic
def edit_round(
    *,
    round: Round,
    title: str,
    period: str,
    base_date: date,
    persons_public: str,
    persons_public_decision: str,
    acting_user: User,
    options: Mapping[str, Any] | None = None,
    questions: Iterable[str] = (),
    again_reason: str = "",
    channels: Mapping[str, str] | None = None,
    intervals_public: bool = True,
) -> Round:
    """Change what a round was created with, until its slips are made; another base date unlocks the list."""
    roles.require(acting_user, "round.edit")
    current = at_step(round, State.DRAFT, State.FROZEN, to="修改轮次")
    chosen = dict(options or {})
    _check_title_and_period(title, period)
    _check_scheme(current.scheme_version, chosen)
    _check_disclosure(current.scheme_version, persons_public, persons_public_decision)
    if period != current.period:
        _refuse_a_twin(twin_of(current.scheme_version, period), again_reason)
    before = _in_words(current)
    if base_date != current.base_date:
        current.state = State.DRAFT
    current.title, current.period, current.base_date = title.strip(), period, base_date
    current.persons_public, current.persons_public_decision = persons_public, persons_public_decision.strip()
    current.intervals_public = intervals_public
    current.options, current.questions = chosen, [line.strip() for line in questions if line.strip()]
    current.save()
    put_together(current, channels)
    after = _in_words(current)
    changed = [key for key in after if after[key] != before[key]]
    audit.record(
        "修改轮次",
        current,
        acting_user=acting_user,
        before={key: before[key] for key in changed},
        after={key: after[key] for key in changed},
    )
    return current


def _in_words(round: Round) -> dict[str, Any]:
    return {
        "轮次名称": round.title,
        "周期": periods.in_words(round.period),
        "名单基准日": round.base_date.isoformat(),
        "个人结果公布范围": round.get_persons_public_display(),
        "公布依据": round.persons_public_decision,
        "公布得分的可能范围": "是" if round.intervals_public else "否",
        "口径调整": dict(round.options),
        "评价问题": list(round.questions),
        "状态": round.get_state_display(),
    }


def _check_title_and_period(title: str, period: str) -> None:
    if not title.strip():
        raise Refused("没有填写轮次名称", "请填写后再试。")
    if not periods.is_period(period):
        raise Refused("周期不正确", "请选择年份和期别。")


def _check_disclosure(version: SchemeVersion, persons_public: str, decision: str) -> None:
    if not policy_of(version).defaults.judges_persons and persons_public != Round.PersonsPublic.NONE:
        raise Refused("该评价方案只评单位，没有个人结果可以公布", "请选择“不公布个人结果”。")
    if persons_public not in Round.PersonsPublic.values:
        raise Refused("没有选择个人结果的公布范围", "请选择后再试。")
    if persons_public != Round.PersonsPublic.NONE and not decision.strip():
        raise Refused("公布个人结果须有依据", "请填写批准文件的文号，或选择“不公布个人结果”。")


def _check_scheme(version: SchemeVersion, options: Mapping[str, Any]) -> None:
    policy = policy_of(version)
    if faults := policy.option_faults(options):
        labels = [_option_label(policy, str(fault.path[-1])) for fault in faults]
        raise Refused("口径调整的取值不符合评价方案的规定", f"请检查：{'、'.join(labels)}。")


def _option_label(policy: Policy, name: str) -> str:
    return str(policy.options[name].label) if name in policy.options else "未知的口径"


def _list_departments(round: Round, departments: Iterable[Department]) -> None:
    listed = [RoundDepartment(round=round, department=department) for department in departments]
    _take_over(round, listed)
    RoundDepartment.objects.bulk_create(listed)


def _take_over(round: Round, listed: list[RoundDepartment]) -> None:
    """Write into the list how each unit stands now; its group is the one it has under the round's scheme."""
    groups = groups_in(round.scheme_version.scheme_id, [row.department for row in listed])
    for row in listed:
        unit = row.department
        row.name, row.order, row.superior_body = unit.name, unit.order, unit.superior
        row.peer_group = groups[unit.pk]


@transaction.atomic
def choose_departments(*, round: Round, department_ids: Iterable[int], acting_user: User) -> Round:
    """Set which departments are judged (YC-R4); a frozen list of persons has to be frozen again."""
    roles.require(acting_user, "round.edit")
    current = at_step(round, State.DRAFT, State.FROZEN, to="更改参评单位")
    wanted = set(department_ids)
    departments = list(Department.objects.filter(pk__in=wanted))
    if not wanted:
        raise Refused("没有选择参评单位", "请至少选择一个参评单位。")
    if len(departments) != len(wanted):
        raise Refused("所选单位中有系统里没有的单位", "请刷新页面后重新选择。")
    before = list(current.departments.values_list("name", flat=True))
    current.departments.all().delete()
    _list_departments(current, departments)
    current.state = State.DRAFT
    current.save(update_fields=["state"])
    after = [department.name for department in departments]
    audit.record(
        "选定参评单位",
        current,
        acting_user=acting_user,
        before={"参评单位": before},
        after={"参评单位": after},
    )
    return current


@transaction.atomic
def freeze_subjects(*, round: Round, acting_user: User) -> Round:
    """Freeze who is judged on the base date (reading 3); allowed again until slips are made.

    A person is judged who has the tick, has not left, and is at least three months in post where that
    is known. Whoever moves later stays on the list and counts for this department (reading 12).
    """
    roles.require(acting_user, "round.edit")
    current = at_step(round, State.DRAFT, State.FROZEN, to="锁定参评名单")
    listed = list(current.departments.select_related("department"))
    if not listed:
        raise Refused("本轮次还没有参评单位，不能锁定名单", "请先选定参评单位。")
    _take_over(current, listed)
    _check_peer_groups(current, listed)
    RoundMember.objects.filter(round_department__round=current).delete()
    staff = _staff_by_department(listed) if scheme_of(current).judges_persons else {}
    members = [
        member
        for row in listed
        for member in _members(row, staff.get(row.department_id, []), current.base_date)
    ]
    if scheme_of(current).judges_persons:
        _check_everybody_has_someone(listed, members)
    RoundDepartment.objects.bulk_update(listed, ["name", "peer_group", "superior_body", "order"])
    RoundMember.objects.bulk_create(members)
    current.state = State.FROZEN
    current.save(update_fields=["state"])
    judged = sum(member.is_judged for member in members)
    after = {
        "基准日": current.base_date.isoformat(),
        "参评单位": len(listed),
        "参评人员": judged,
        "不参评人员": len(members) - judged,
    }
    audit.record("锁定参评名单", current, acting_user=acting_user, after=after)
    return current


def list_as_it_would_be(round: Round) -> dict[int, list[RoundMember]]:
    """Return who would be in or out of the list and why, by row of the round; nothing is stored."""
    listed = list(round.departments.select_related("department"))
    staff = _staff_by_department(listed) if scheme_of(round).judges_persons else {}
    return {row.pk: _members(row, staff.get(row.department_id, []), round.base_date) for row in listed}


def _check_peer_groups(round: Round, listed: list[RoundDepartment]) -> None:
    groups = scheme_of(round).subjects.groups
    strangers = [row.name for row in listed if row.peer_group not in groups]
    if strangers:
        raise Refused(
            "有单位的系列（分组）不在评价方案之内，不能锁定名单",
            f"请在单位信息中将下列单位的分组，或其在本方案的分组，改为{'、'.join(groups)}：",
            faults=strangers,
        )


def _staff_by_department(listed: list[RoundDepartment]) -> dict[int, list[StaffMember]]:
    ids = [row.department_id for row in listed]
    found: dict[int, list[StaffMember]] = {}
    people = StaffMember.objects.filter(department_id__in=ids).select_related("section")
    for person in people.prefetch_related("supervised_sections"):
        found.setdefault(person.department_id, []).append(person)
    return found


def _members(row: RoundDepartment, people: list[StaffMember], base_date: date) -> list[RoundMember]:
    members = []
    for order, person in enumerate(people):
        reason = reason_not_judged(person, base_date)
        member = RoundMember(
            round_department=row,
            staff_member=person,
            name=person.name,
            kind=person.kind,
            post=person.post,
            section=person.section,
            section_name=person.section.name,
            topic=person.section.topic,
            supervises=[section.pk for section in person.supervised_sections.all()],
            is_judged=not reason,
            reason_not_judged=reason,
            order=order,
        )
        members.append(member)
    return members


def reason_not_judged(person: StaffMember, base_date: date) -> str:
    """Return why a person is not judged on that day, in words; empty when judged."""
    if person.left_on and person.left_on <= base_date:
        return f"基准日前已离任（{dates.day(person.left_on)}）"
    if not person.is_judged:
        return "名册中未勾选参加评价"
    since = person.in_post_since
    if since and after_months(since, MONTHS_IN_POST) > base_date:
        return f"任现职不满{MONTHS_IN_POST}个月（{dates.day(since)}起）"
    return ""


def _check_everybody_has_someone(listed: list[RoundDepartment], members: list[RoundMember]) -> None:
    judged = {member.round_department_id for member in members if member.is_judged}
    empty = [row.department.name for row in listed if row.pk not in judged]
    if empty:
        raise Refused(
            "有单位没有可以参评的人员，不能锁定名单",
            "请完善下列单位的名册，或从参评单位中去掉：",
            faults=empty,
        )


@transaction.atomic
def set_shares(*, round: Round, shares: Mapping[str, int], acting_user: User) -> Round:
    """Set the shares of the kinds of voters (YC-R5); they make 100."""
    roles.require(acting_user, "round.edit")
    current = at_step(round, State.DRAFT, State.FROZEN, to="更改评价主体占比")
    names = queries.entity_kinds()
    if not holds_shares(current):
        raise Refused("该评价方案不要求评价主体占比", "请直接安排票数。")
    if set(shares) != set(names) or any(share < 0 for share in shares.values()):
        raise Refused("评价主体占比不完整", f"请为{'、'.join(names.values())}各填一个不小于0的百分比。")
    if sum(shares.values()) != 100:
        raise Refused(f"三类评价主体的占比合计为{sum(shares.values())}%，应为100%", "请核对后再保存。")
    before = {names[kind]: share for kind, share in current.shares.items()}
    current.shares = dict(shares)
    current.save(update_fields=["shares"])
    after = {names[kind]: share for kind, share in shares.items()}
    audit.record("设定评价主体占比", current, acting_user=acting_user, before=before, after=after)
    return current


@transaction.atomic
def plan_slips(*, round: Round, plan: Mapping[int, Mapping[str, int]], acting_user: User) -> Round:
    """Set how many slips of each kind each town hands out (YC-R5, YC-R6)."""
    roles.require(acting_user, "round.edit")
    current = at_step(round, State.DRAFT, State.FROZEN, to="安排票数")
    names = voter_kinds(current)
    towns = set(Town.objects.values_list("pk", flat=True))
    if set(plan) - towns or any(set(kinds) - set(names) for kinds in plan.values()):
        raise Refused("票数安排中有系统里没有的镇（街）或类别", "请刷新页面后重新填写。")
    if any(number < 0 for kinds in plan.values() for number in kinds.values()):
        raise Refused("票数不能小于0", "请核对后再保存。")
    current.slips_plan = {
        str(town): {kind: number for kind, number in kinds.items() if number} for town, kinds in plan.items()
    }
    current.save(update_fields=["slips_plan"])
    audit.record("安排票数", current, acting_user=acting_user, after={"票数合计": slips_in(current)})
    return current


def slips_by_kind(round: Round) -> dict[str, int]:
    found: dict[str, int] = {}
    for kinds in round.slips_plan.values():
        for kind, number in kinds.items():
            found[kind] = found.get(kind, 0) + number
    return found


def slips_in(round: Round) -> int:
    return sum(sum(kinds.values()) for kinds in round.slips_plan.values())
