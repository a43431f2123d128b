"""Problems heard on visits become matters; the officer stays their owner and says what he did himself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from casework.matters.registration import Reported, register_matter
from casework.models import OfficerDeed, OfficerLink, Visit, VisitProblem
from casework.officers.rules import InUse
from casework.procedure.officers import labels
from departments.models import Department
from office import audit, roles
from office.calendar import days
from office.errors import Refused
from office.models import User


@dataclass(frozen=True)
class Heard:
    """A problem as it was heard: nothing in it says which firm, unless the firm consents."""

    title: str
    text: str
    level: str
    wish: str = ""
    may_be_named: bool = False
    about: Department | None = None
    own_deed: str = ""


def report_problem(
    *,
    visit: Visit,
    heard: Heard,
    used: InUse,
    links: Sequence[OfficerLink],
    now: datetime,
    acting_user: User,
) -> VisitProblem:
    """Register what was heard as a matter, the firm sealed apart; called in the transaction of the visit."""
    owner = visit.officer or next((link.officer for link in links), None)
    if owner is None:
        raise Refused("这一对象当日没有服务官挂联，问题没有负责人", "请先挂联服务官，再上报问题。")
    level = labels(used.rules.asked.levels).get(heard.level)
    if level is None:
        raise Refused("没有选择困难程度", "请从列出的程度中选择。")
    if not heard.may_be_named:
        _require_unnamed(visit, heard)
    covered, said = visit.object, {"level": level, "wish": heard.wish, "deed": heard.own_deed}
    reported = Reported(
        source=used.rules.problems.channel,
        title=heard.title,
        text=heard.text,
        fields={field: said[name] for name, field in used.rules.problems.into.given().items()},
        about=heard.about,
        firm=f"{covered.name} {covered.credit_code}".strip(),
        may_be_named=heard.may_be_named,
    )
    receipt = register_matter(
        version=used.version, reported=reported, now=now, acting_user=acting_user, reckoner=used.reckoner
    )
    limit = used.reckoner.clock.limit(visit.on, used.rules.problems.report_within.span)
    problem = VisitProblem.objects.create(
        visit=visit,
        matter=receipt.matter,
        owner=owner,
        level=heard.level,
        wish=heard.wish.strip(),
        may_be_named=heard.may_be_named,
        is_late=not limit.is_met_by(days.local(now)),
    )
    if heard.own_deed.strip():
        OfficerDeed.objects.create(
            problem=problem, officer=owner, on=timezone.localdate(now), text=heard.own_deed.strip()
        )
    return problem


def _require_unnamed(visit: Visit, heard: Heard) -> None:
    covered = visit.object
    said = f"{heard.title}{heard.text}{heard.wish}{heard.own_deed}"
    if any(name and name in said for name in (covered.name, covered.credit_code)):
        raise Refused(
            "企业没有同意公开名称，问题中写了它的名称或者代码", "请改为“某企业”，承办单位不应看到是哪一家。"
        )


@transaction.atomic
def note_deed(*, problem: VisitProblem, on: date, text: str, now: datetime, acting_user: User) -> OfficerDeed:
    """Note what the owner himself did for a problem; nobody does it for them."""
    roles.require(acting_user, "officer.own")
    current = VisitProblem.objects.select_related("owner", "matter", "visit").get(pk=problem.pk)
    if current.owner.user_id != acting_user.pk:
        raise Refused("这一问题由其他服务官负责", "请从“我负责的问题”中打开。")
    if not text.strip():
        raise Refused("没有写明做了什么", "请写明本人做了什么，例如：陪同到窗口补交材料。")
    if on > timezone.localdate(now) or on < current.visit.on:
        raise Refused("日期早于走访或者晚于今天", "请核对日期。")
    deed = OfficerDeed.objects.create(problem=current, officer=current.owner, on=on, text=text.strip()[:300])
    audit.record("登记服务官所做", current.matter, acting_user=acting_user, after={"日期": on.isoformat()})
    return deed


def problems_for(user: User) -> QuerySet[VisitProblem]:
    """Return all for who runs or watches, an officer's own, none for others."""
    rows = VisitProblem.objects.select_related(
        "matter__version", "owner__user", "owner__unit", "visit__object"
    )
    if roles.allowed(user, "officer.view"):
        return rows
    if roles.allowed(user, "officer.own"):
        return rows.filter(owner__user=user)
    return rows.none()
