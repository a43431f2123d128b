"""The plan: problems with their sources, what the unit does about each, accepted by somebody else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from departments.models import StaffMember
from evaluations.models import Rectification, RectificationItem
from evaluations.rectification.case import (
    Act,
    State,
    authors_of,
    locked,
    locked_item,
    note,
    require_side_of_the_unit,
    require_text,
)
from evaluations.rectification.limits import closing
from office import audit, dates, roles
from office.calendar import days
from office.errors import Refused
from office.models import User

Source = RectificationItem.Source
MOST_ITEMS = 60


@dataclass(frozen=True)
class Problem:
    text: str
    source_kind: str = Source.CENTRE
    source: str = ""


@dataclass(frozen=True)
class ItemPlan:
    """What the unit does about one problem; people from its roster, or by name where it has none."""

    measures: str
    goal: str
    leader: StaffMember | str
    person: StaffMember | str
    due_on: date


@transaction.atomic
def add_problems(
    *, rectification: Rectification, problems: list[Problem], now: datetime, acting_user: User
) -> list[RectificationItem]:
    """List what is to be put right, before the plan is handed in."""
    roles.require(acting_user, "rectification.begin")
    one = locked(rectification, State.PLANNING, to="列入问题")
    if not problems:
        raise Refused("没有选择或填写问题", "请勾选或填写问题后重新提交。")
    known = set(one.items.values_list("problem", flat=True))
    texts = [require_text(each.text, "问题", 500) for each in problems]
    if double := next((text for at, text in enumerate(texts) if text in known or text in texts[:at]), ""):
        raise Refused(f"“{double[:30]}”已经列入", "请刷新页面查看。")
    last = one.items.aggregate(last=Max("number"))["last"] or 0
    if last + len(texts) > MOST_ITEMS:
        raise Refused(f"一项整改最多列{MOST_ITEMS}个问题", "请合并同类问题。")
    made = []
    for number, (text, each) in enumerate(zip(texts, problems, strict=True), last + 1):
        made.append(
            RectificationItem.objects.create(
                rectification=one,
                number=number,
                problem=text,
                source_kind=each.source_kind,
                source=each.source.strip()[:200],
            )
        )
        note(one, Act.PROBLEM, now=now, by=acting_user, text=text, item=made[-1])
    after = {f"问题{each.number}": each.problem for each in made}
    audit.record("列入整改问题", one, acting_user=acting_user, after=after)
    return made


@transaction.atomic
def drop_problem(*, item: RectificationItem, now: datetime, acting_user: User) -> None:
    """Take a problem off the list before the plan is handed in."""
    roles.require(acting_user, "rectification.begin")
    one, found = locked_item(item, State.PLANNING, to="移出问题")
    said = f"第{found.number}项：{found.problem}"
    found.delete()
    note(one, Act.DROPPED, now=now, by=acting_user, text=said)
    audit.record("移出整改问题", one, acting_user=acting_user, before={"问题": said})


@transaction.atomic
def plan_item(
    *, item: RectificationItem, plan: ItemPlan, now: datetime, acting_user: User
) -> RectificationItem:
    """Say what is done about a problem, by whom and until when, within the whole."""
    one, found = locked_item(item, State.PLANNING, to="填写措施")
    require_side_of_the_unit(one, acting_user)
    found.measures = require_text(plan.measures, "整改措施", 1000)
    found.goal = require_text(plan.goal, "整改目标", 500)
    found.leader, found.leader_member = _who(one, plan.leader, "责任领导")
    found.person, found.person_member = _who(one, plan.person, "责任人")
    found.due_on = _within_the_whole(one, plan.due_on, now)
    found.planned_by = acting_user
    found.save()
    said = f"{found.due_on and dates.day(found.due_on)}前完成，责任人{found.person}"
    note(one, Act.PLANNED, now=now, by=acting_user, text=said, item=found)
    after = {
        "措施": found.measures,
        "目标": found.goal,
        "责任领导": found.leader,
        "责任人": found.person,
        "完成时限": plan.due_on.isoformat(),
    }
    audit.record("填写整改措施", found, acting_user=acting_user, after=after)
    return found


def _who(one: Rectification, who: StaffMember | str, what: str) -> tuple[str, StaffMember | None]:
    if isinstance(who, str):
        return require_text(who, what, 80), None
    if who.department_id not in (one.department_id, one.department.parent_id) or who.left_on:
        raise Refused(f"{what}{who.name}不在该单位的人员名册中", "请从名册中重新选择。")
    return f"{who.name}（{who.post or who.get_kind_display()}）"[:80], who


def _within_the_whole(one: Rectification, due_on: date, now: datetime) -> date:
    last = timezone.localdate(one.done_due_at)
    if due_on > last:
        raise Refused(f"完成时限{dates.day(due_on)}晚于整改总时限{dates.day(last)}", "请在总时限之内安排。")
    if due_on < timezone.localdate(now) and due_on != last:
        raise Refused(f"完成时限{dates.day(due_on)}早于今天", "请重新安排。")
    return due_on


@transaction.atomic
def hand_in_plan(*, rectification: Rectification, now: datetime, acting_user: User) -> Rectification:
    one = locked(rectification, State.PLANNING, to="报送方案")
    require_side_of_the_unit(one, acting_user)
    items = list(one.items.all())
    if not items:
        raise Refused("还没有列出问题，不能报送方案", "请评价中心先列出需要整改的问题。")
    open_ones = [str(each.number) for each in items if each.planned_by_id is None]
    if open_ones:
        raise Refused(
            f"第{'、'.join(open_ones)}项还没有填写措施，不能报送方案", "请逐项填写措施、目标、责任人和时限。"
        )
    one.state, one.plan_handed_in_by, one.plan_handed_in_at = State.HANDED_IN, acting_user, now
    one.plan_checked_by = one.plan_checked_at = None
    one.save(
        update_fields=[
            "state",
            "plan_handed_in_by",
            "plan_handed_in_at",
            "plan_checked_by",
            "plan_checked_at",
        ]
    )
    note(one, Act.HANDED_IN, now=now, by=acting_user, text=f"共{len(items)}项")
    audit.record("报送整改方案", one, acting_user=acting_user, after={"项数": len(items)})
    return one


@transaction.atomic
def accept_plan(
    *, rectification: Rectification, opinion: str, now: datetime, acting_user: User
) -> Rectification:
    """Accept a plan, by somebody of the centre who wrote none of it; from then on it is done."""
    one = _checked(rectification, opinion, "同意方案", now, acting_user)
    one.state = State.UNDER_WAY
    one.save(update_fields=["state", "plan_checked_by", "plan_checked_at", "plan_opinion"])
    note(one, Act.ACCEPTED, now=now, by=acting_user, text=one.plan_opinion)
    audit.record("同意整改方案", one, acting_user=acting_user, after={"审核意见": one.plan_opinion})
    return one


@transaction.atomic
def return_plan(
    *, rectification: Rectification, opinion: str, again_by: date, now: datetime, acting_user: User
) -> Rectification:
    """Return a plan with reasons and a new day for it: days that the check took do not count for the unit."""
    one = _checked(rectification, opinion, "退回方案", now, acting_user)
    if not timezone.localdate(now) < again_by <= timezone.localdate(one.done_due_at):
        last = dates.day(timezone.localdate(one.done_due_at))
        raise Refused("重新报送的日期不在明天至整改总时限之间", f"总时限是{last}，请重新填写。")
    one.state = State.PLANNING
    one.plan_due_at = max(one.plan_due_at, closing(days.clock(), again_by))
    one.save(update_fields=["state", "plan_checked_by", "plan_checked_at", "plan_opinion", "plan_due_at"])
    said = f"{one.plan_opinion}（{dates.day(again_by)}前重新报送）"
    note(one, Act.RETURNED, now=now, by=acting_user, text=said)
    audit.record("退回整改方案", one, acting_user=acting_user, after={"审核意见": said})
    return one


def _checked(
    rectification: Rectification, opinion: str, to: str, now: datetime, acting_user: User
) -> Rectification:
    roles.require(acting_user, "rectification.check")
    one = locked(rectification, State.HANDED_IN, to=to)
    authors = authors_of(one.items.prefetch_related("papers")) | {one.plan_handed_in_by_id}
    if acting_user.pk in authors:
        raise Refused(f"方案由您填报，不能由您{to}", "请评价中心的其他人员审核。")
    one.plan_opinion = require_text(opinion, "审核意见", 500)
    one.plan_checked_by, one.plan_checked_at = acting_user, now
    return one
