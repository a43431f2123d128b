"""Link officers with objects, end links, and say which object has nobody (无人挂联)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from casework.matters.clocks import last_minute
from casework.matters.state import OPEN
from casework.matters.turns import take_turn
from casework.models import CoveredObject, OfficerLink, ServiceOfficer, VisitProblem
from casework.officers import rules
from casework.procedure.officers import OfficerRules
from departments.models import Department
from office import audit, dates, roles
from office.calendar import days, deadlines, provisional
from office.calendar.deadlines import Limit
from office.errors import Refused
from office.models import User
from office.roles import Role

EVENT = "离任"


@transaction.atomic
def appoint_officer(*, user: User, unit: Department, post: str = "", acting_user: User) -> ServiceOfficer:
    """Take an account into the list of officers; its role says what it may do."""
    roles.require(acting_user, "officer.edit")
    if user.role != Role.SERVICE_OFFICER:
        raise Refused(f"{user}的岗位角色不是首席服务官", "请系统管理员调整岗位角色后再登记。")
    take_turn("service officers")
    if ServiceOfficer.objects.filter(user=user).exists():
        raise Refused(f"{user}已经登记", "请在名单中查看。")
    officer = ServiceOfficer.objects.create(user=user, unit=unit, post=post.strip())
    audit.record("登记首席服务官", officer, acting_user=acting_user, after={"职务": officer.post})
    return officer


@transaction.atomic
def link_officer(
    *,
    covered: CoveredObject,
    officer: ServiceOfficer,
    deputy: ServiceOfficer | None = None,
    from_day: date,
    acting_user: User,
) -> OfficerLink:
    """Link an officer with an object; open problems of the object are this officer's from here."""
    roles.require(acting_user, "officer.edit")
    limits = rules.in_use().rules.links
    taker = ServiceOfficer.objects.select_for_update().get(pk=officer.pk)
    current = CoveredObject.objects.select_for_update().get(pk=covered.pk)
    _check_people(current, taker, deputy, from_day)
    running = OfficerLink.objects.filter(to_day=None)
    if running.filter(object=current, officer=taker).exists():
        raise Refused(f"{taker}已经挂联{current}", "请核对。")
    if running.filter(object=current).count() >= limits.officers_each:
        raise Refused(f"{current}已有服务官挂联", "请先解除原来的挂联。")
    if running.filter(officer=taker).count() >= limits.objects_each:
        raise Refused(f"{taker}已经挂联{limits.objects_each}个对象", f"{limits.says}请安排其他服务官。")
    link = OfficerLink.objects.create(object=current, officer=taker, deputy=deputy, from_day=from_day)
    VisitProblem.objects.filter(visit__object=current, matter__state__in=OPEN).update(owner=taker)
    after = {"服务官": str(taker), "替补": str(deputy or ""), "挂联日期": from_day.isoformat()}
    audit.record("挂联服务官", current, acting_user=acting_user, after=after)
    return link


def _check_people(
    covered: CoveredObject, officer: ServiceOfficer, deputy: ServiceOfficer | None, from_day: date
) -> None:
    for one in filter(None, (officer, deputy)):
        if one.left_on is not None:
            raise Refused(f"{one}已经离任", "请安排在任的服务官。")
    if deputy is not None and deputy.pk == officer.pk:
        raise Refused("替补与服务官是同一人", "请另选替补，或者不填。")
    if covered.ended_on is not None:
        raise Refused(f"{covered}已经退出挂联名单", "请核对名单。")
    if from_day < covered.active_from:
        raise Refused("挂联日期早于对象的纳入日期", "请核对日期。")
    last = OfficerLink.objects.filter(object=covered, officer=officer, to_day__gte=from_day).first()
    if last is not None and last.to_day is not None:
        raise Refused(f"{officer}在{dates.day(last.to_day)}以前已经挂联这一对象", "请核对日期。")


@transaction.atomic
def end_link(*, link: OfficerLink, on: date, reason: str, acting_user: User) -> OfficerLink:
    """End a link with its last day; the limit for the next officer runs from there."""
    roles.require(acting_user, "officer.edit")
    stored = rules.in_use().rules
    return _ended(link, on, reason, acting_user, days.clock().limit(on, stored.links.handover.span))


@transaction.atomic
def leave_post(*, officer: ServiceOfficer, on: date, reason: str, acting_user: User) -> ServiceOfficer:
    """End all links of an officer who leaves the post (离任); their visits and problems stay theirs."""
    roles.require(acting_user, "officer.edit")
    handover = days.clock().limit(on, rules.in_use().rules.links.handover.span)
    current = ServiceOfficer.objects.select_for_update(of=("self",)).get(pk=officer.pk)
    if current.left_on is not None:
        raise Refused(f"{current}已经登记离任", "请刷新页面，查看最新情况。")
    current.left_on = on
    current.save(update_fields=["left_on"])
    for link in OfficerLink.objects.filter(officer=current, to_day=None):
        _ended(link, on, reason or EVENT, acting_user, handover)
    OfficerLink.objects.filter(deputy=current, to_day=None).update(deputy=None)
    audit.record("首席服务官离任", current, acting_user=acting_user, after={"离任日期": on.isoformat()})
    return current


def _ended(link: OfficerLink, on: date, reason: str, user: User, handover: Limit) -> OfficerLink:
    current = OfficerLink.objects.select_for_update(of=("self",)).select_related("object").get(pk=link.pk)
    if current.to_day is not None:
        raise Refused("这一挂联已经解除", "请刷新页面，查看最新情况。")
    if on < current.from_day:
        raise Refused("解除日期早于挂联日期", "请核对日期。")
    if not reason.strip():
        raise Refused("没有写明解除原因", "请写明原因，例如：离任、调整分工。")
    current.to_day, current.reason = on, reason.strip()[:200]
    _promise(current, handover)
    current.save()
    after = {"服务官": str(current.officer), "解除日期": on.isoformat(), "原因": current.reason}
    audit.record("解除挂联", current.object, acting_user=user, after=after)
    return current


def _promise(link: OfficerLink, limit: Limit) -> None:
    link.handover_due_at = last_minute(limit)
    link.handover_why = limit.why(EVENT)[:400]
    link.is_provisional = limit.is_provisional


@provisional.settles
def settle_handovers(clock: deadlines.Clock) -> None:
    waiting = list(OfficerLink.objects.filter(is_provisional=True, to_day__isnull=False))
    if not waiting:
        return
    span = rules.in_use().rules.links.handover.span
    for link in waiting:
        if link.to_day is not None:
            _promise(link, clock.limit(link.to_day, span))
    OfficerLink.objects.bulk_update(waiting, ("handover_due_at", "handover_why", "is_provisional"))


@dataclass(frozen=True)
class Standing:
    """How an object is linked at a moment: by whom, waiting for the next one, or by nobody."""

    link: OfficerLink | None = None
    former: OfficerLink | None = None
    is_linked: bool = False

    @property
    def in_words(self) -> str:
        if self.link is not None:
            return "已挂联"
        if self.is_linked and self.former is not None and self.former.handover_due_at is not None:
            return f"待接任（{dates.moment(self.former.handover_due_at)}截止）"
        return "无人挂联"


def standing_at(links: Iterable[OfficerLink], moment: datetime, stored: OfficerRules) -> Standing:
    """Say how an object is linked; the closing minute of the handover is in time, the next one is late."""
    day, minute = timezone.localdate(moment), moment.replace(second=0, microsecond=0)
    begun = [one for one in links if one.from_day <= day]
    now = next((one for one in begun if one.to_day is None or one.to_day >= day), None)
    if now is not None:
        return Standing(link=now, is_linked=True)
    former = max(begun, key=lambda one: (one.to_day or one.from_day, one.pk), default=None)
    due = former.handover_due_at if former else None
    waits = stored.links.linked_meanwhile and due is not None and minute <= due
    return Standing(former=former, is_linked=waits)
