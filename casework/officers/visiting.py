"""Visits: entered by officers and the centre, confirmed by the firm (走访)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from casework.models import CoveredObject, OfficerLink, ServiceOfficer, Visit
from casework.officers import codes, problems, rules
from casework.officers.problems import Heard
from casework.officers.rules import InUse
from casework.procedure.officers import OfficerRules, labels
from departments.models import Department
from office import audit, dates, roles
from office.calendar import days
from office.errors import Refused
from office.models import User

Way, Answer = Visit.Way, Visit.Answer
MOST_STARS = 5


@dataclass(frozen=True)
class Told:
    """What was done and asked on a visit; who was met is a role, never a name."""

    on: date
    way: str
    met: str
    topics: Sequence[str] = ()
    summary: str = ""
    heard: Heard | None = None
    reason: str = ""
    photo: ContentFile[bytes] | None = None


@transaction.atomic
def enter_visit(
    *,
    covered: CoveredObject,
    told: Told,
    officer: ServiceOfficer | None = None,
    unit: Department | None = None,
    now: datetime,
    acting_user: User,
    used: InUse | None = None,
) -> Visit:
    """Enter a visit of an officer, or of officials of another unit, and the problem heard on it."""
    roles.require(acting_user, "officer.visit")
    used = used or rules.in_use()
    if (officer is None) == (unit is None):
        raise Refused("没有写明由谁走访", "请选择首席服务官，或者填写走访单位。")
    current = CoveredObject.objects.select_for_update(of=("self",)).get(pk=covered.pk)
    links = list(current.links.filter(from_day__lte=told.on).filter(Q(to_day=None) | Q(to_day__gte=told.on)))
    _require_enterer(acting_user, officer, current, links)
    _check(told, current, used.rules, timezone.localdate(now))
    if officer and current.visits.filter(officer=officer, on=told.on, way=told.way).exists():
        what = f"{dates.day(told.on)}的{Way(told.way).label}已经录入"
        raise Refused(what, "同一天的走访只计一次，不用重复录入。")
    in_month = _in_month(current, told, used.rules)
    limit = used.reckoner.clock.limit(told.on, used.rules.visits.entered_within.span)
    is_late = not limit.is_met_by(days.local(now))
    visit = Visit(
        object=current,
        officer=officer,
        unit=unit,
        is_own=officer is not None and any(link.officer_id == officer.pk for link in links),
        on=told.on,
        way=told.way,
        met=told.met,
        topics=[one for one in labels(used.rules.asked.topics) if one in told.topics],
        has_problem=told.heard is not None,
        summary=told.summary.strip(),
        reason=told.reason.strip() if in_month >= used.rules.over_visiting.reason_from else "",
        in_month=in_month,
        counts_on=timezone.localdate(now) if is_late else told.on,
        is_late=is_late,
        entered_at=now,
        entered_by=acting_user,
    )
    if told.photo is not None:
        visit.photo.save(told.photo.name or "photo.jpg", told.photo, save=False)
    visit.save()
    after = {"日期": told.on.isoformat(), "方式": visit.get_way_display(), "走访人": visit.visitor}
    if is_late:
        after["逾期补录"] = f"计入{dates.day(visit.counts_on)}所在季度"
    audit.record("录入走访", current, acting_user=acting_user, after=after)
    if told.heard is not None:
        problems.report_problem(
            visit=visit, heard=told.heard, used=used, links=links, now=now, acting_user=acting_user
        )
    return visit


def _require_enterer(
    user: User, officer: ServiceOfficer | None, covered: CoveredObject, links: Sequence[OfficerLink]
) -> None:
    """An officer enters for objects of their own on that day, the visits of others there as well."""
    if roles.allowed(user, "officer.edit"):
        return
    own = ServiceOfficer.objects.filter(user=user).first()
    if own is None:
        raise Refused("您还没有登记为首席服务官", "请联系评价中心登记。")
    if not any(own.pk in (link.officer_id, link.deputy_id) for link in links):
        raise Refused(f"当日您没有挂联{covered}", "请核对走访日期，或者请评价中心录入。")
    if officer is not None and officer.pk != own.pk:
        raise Refused("只能录入本人的走访", "其他服务官的走访由本人或者评价中心录入。")


def _check(told: Told, covered: CoveredObject, stored: OfficerRules, today: date) -> None:
    if told.on > today:
        raise Refused("走访日期晚于今天", "请在走访以后录入。")
    if told.on < covered.active_from or (covered.ended_on and told.on > covered.ended_on):
        raise Refused(f"{dates.day(told.on)}{covered}不在挂联名单中", "请核对走访日期。")
    if told.way not in Way.values:
        raise Refused("没有这一走访方式", f"走访方式为：{'、'.join(Way.labels)}。")
    if told.met not in labels(stored.asked.met):
        raise Refused("没有写明会见人员的身份", "请从列出的身份中选择，不填姓名。")


def _in_month(covered: CoveredObject, told: Told, stored: OfficerRules) -> int:
    """Say which visit on site of the month it is, whoever came; from the third on it needs a reason."""
    if told.way != Way.ON_SITE:
        return 0
    month = covered.visits.filter(on__year=told.on.year, on__month=told.on.month, way=Way.ON_SITE)
    found = month.count() + 1
    if found >= stored.over_visiting.reason_from and not told.reason.strip():
        what = f"{told.on.month}月已有{found - 1}次上门走访，这是第{found}次"
        raise Refused(what, f"{stored.over_visiting.says}请写明确需走访的理由。")
    return found


@transaction.atomic
def answer_visit(*, code: str, visit_id: int, happened: bool, stars: int | None, now: datetime) -> Visit:
    """Let the firm say that a visit took place, with one to five stars, or that it did not."""
    covered = codes.opened_by(code)
    if covered is None:
        raise Refused("确认码不对或者已经停用", "请核对确认码，或者联系评价中心。")
    rows = Visit.objects.select_for_update(of=("self",)).filter(object=covered)
    visit = rows.filter(pk=visit_id).first()
    if visit is None or visit.answer != Answer.WAITING:
        raise Refused("这次走访已经确认过", "需要更正的，请联系评价中心。")
    if happened and stars not in range(1, MOST_STARS + 1):
        raise Refused("没有选择评星", f"请选择一至{MOST_STARS}颗星。")
    visit.answer = Answer.TRUE if happened else Answer.FALSE
    visit.stars = stars if happened else None
    visit.answered_on = timezone.localdate(now)
    visit.save(update_fields=["answer", "stars", "answered_on"])
    after = {"走访日期": visit.on.isoformat(), "企业确认": visit.get_answer_display()}
    audit.record("企业确认走访", covered, acting_user=None, after=after)
    return visit
