"""免申即享: firms that fit are listed by one and confirmed by another, which assigns (GY-R13, GY-R16)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from benefits.claims import checking
from benefits.claims.making import Asked, make_claim
from benefits.matching.asking import Answer
from benefits.matching.conditions import matchable
from benefits.models import Claim, ClaimPaper, Firm, FirmLabel, FixedList, ItemVersion, ListedFirm, Match
from benefits.rules import rules
from casework.matters.acceptance import accept_matter, judge_matter
from casework.matters.assigning import assign_matter
from casework.matters.clocks import Reckoner
from office import audit, dates, roles
from office.errors import Refused
from office.jobs import services as jobs
from office.models import Job, User
from office.workbooks.credit_codes import read_code

KIND = "benefits.claim_by_list"
State = FixedList.State
_BETWEEN = re.compile(r"[\s,，、;；]+")


def who_fits(version: ItemVersion) -> QuerySet[Firm]:
    """Return the firms that fit and have no claim for the item, whatever came of it."""
    fitting = Match.objects.filter(version=version, answer=Answer.YES).values("firm")
    claimed = Claim.objects.filter(version__item=version.item_id).exclude(matter__state__in=Claim.OVER)
    return Firm.objects.filter(pk__in=fitting, is_cancelled=False).exclude(pk__in=claimed.values("firm"))


@transaction.atomic
def draw_up_list(*, version: ItemVersion, leave_out: str, now: datetime, acting_user: User) -> FixedList:
    """Draw up the firms that fit an item that needs no application, but those named by their credit code."""
    roles.require(acting_user, "benefit.match")
    current = ItemVersion.objects.select_for_update(of=("self",)).select_related("item").get(pk=version.pk)
    _require_open(current, now)
    if FixedList.objects.filter(version__item=current.item_id, state=State.DRAWN_UP).exists():
        raise Refused("这一事项已有待确认的名单", "请先确认或者退回那一份。")
    firms = _still_fitting(current, now)
    firms -= _named(leave_out, firms)
    if not firms:
        raise Refused("没有符合条件、尚未申请的企业", "请先导入企业名册并匹配。")
    fixed = FixedList.objects.create(version=current, drawn_up_by=acting_user, drawn_up_at=now)
    ListedFirm.objects.bulk_create(ListedFirm(fixed_list=fixed, firm_id=one) for one in sorted(firms))
    after = {"事项": current.name, "企业": len(firms)}
    audit.record("拟定免申即享名单", fixed, acting_user=acting_user, after=after)
    return fixed


def _require_open(version: ItemVersion, now: datetime) -> None:
    if not rules()[1].needs_no_claim(version.category):
        raise Refused(f"“{version.name}”须由企业申请", "只有不必申请的一类可以拟定名单。")
    checking.require_intake()
    checking.require_open(version, timezone.localdate(now))


def _still_fitting(version: ItemVersion, now: datetime) -> set[int]:
    """Decide again on those that fitted: a label may have changed since the last run."""
    (item,) = matchable(timezone.localdate(now), version.pk) or (None,)
    if item is None:
        return set()
    found = who_fits(version)
    known: dict[int, dict[str, str]] = {one: {} for one in found.values_list("pk", flat=True)}
    for firm, label, value in FirmLabel.objects.filter(firm__in=found).values_list("firm", "label", "value"):
        known[firm][label] = value
    return {firm for firm, labels in known.items() if item.decide(labels).answer == "yes"}


def _named(codes: str, firms: Iterable[int]) -> set[int]:
    written = [read_code(one) for one in _BETWEEN.split(codes) if one]
    found = dict(Firm.objects.filter(pk__in=firms, credit_code__in=written).values_list("credit_code", "pk"))
    if strange := [code for code in written if code not in found]:
        raise Refused(
            f"符合条件的企业中没有{'、'.join(strange[:5])}", "请核对不列入的企业的统一社会信用代码。"
        )
    return set(found.values())


@transaction.atomic
def settle_list(
    *, fixed: FixedList, confirms: bool, opinion: str, now: datetime, acting_user: User
) -> FixedList:
    """Confirm a list, from which moment the days of its claims count; or return it with the reason."""
    roles.require(acting_user, "benefit.match")
    current = FixedList.objects.select_for_update(of=("self",)).select_related("version").get(pk=fixed.pk)
    if current.state != State.DRAWN_UP:
        raise Refused(f"名单目前为“{current.get_state_display()}”", "请刷新页面查看。")
    if current.drawn_up_by_id == acting_user.pk:
        raise Refused("名单须由拟定人以外的人员确认", "请由专窗其他人员确认。")
    if not confirms and not opinion.strip():
        raise Refused("没有写明退回的原因", "请写明哪些企业不应列入。")
    if confirms:
        _require_open(current.version, now)
        roles.require(acting_user, "matter.run")
    current.state = State.CONFIRMED if confirms else State.RETURNED
    current.confirmed_by, current.confirmed_at = acting_user, now
    current.opinion = opinion.strip()[:300]
    current.save(update_fields=["state", "confirmed_by", "confirmed_at", "opinion"])
    after = {"事项": current.version.name, "企业": current.listed.count()}
    after |= {"意见": current.opinion} if current.opinion else {}
    verb = "确认免申即享名单" if confirms else "退回免申即享名单"
    audit.record(verb, current, acting_user=acting_user, after=after)
    if confirms:
        jobs.enqueue(KIND, {"list": current.pk}, acting_user=acting_user)
    return current


def job_of(fixed: FixedList) -> Job | None:
    return Job.objects.filter(kind=KIND, arguments__list=fixed.pk).order_by("-pk").first()


@jobs.handles(KIND, "按免申即享名单交办")
def claim_by_list(arguments: dict[str, Any], progress: jobs.Progress) -> dict[str, Any]:
    """Each firm in a transaction of its own; one that was interrupted finds what is done, and goes on."""
    fixed = FixedList.objects.select_related("version__department", "confirmed_by").get(pk=arguments["list"])
    listed = list(fixed.listed.values_list("pk", flat=True))
    reckoner = Reckoner()
    for number, one in enumerate(listed, start=1):
        _claim_for(one, fixed, reckoner)
        progress(number, len(listed), "正在交办")
    left_out = fixed.listed.exclude(left_out="").count()
    with transaction.atomic():
        after = {"事项": fixed.version.name, "交办": len(listed) - left_out, "未列入": left_out}
        audit.record("按名单交办", fixed, acting_user=fixed.confirmed_by, after=after)
    return after


@transaction.atomic
def _claim_for(listed_id: int, fixed: FixedList, reckoner: Reckoner) -> None:
    """Make, accept, judge and assign at the moment of the confirmation; or say why the firm is left out."""
    listed = ListedFirm.objects.select_for_update(of=("self",)).select_related("firm").get(pk=listed_id)
    version, user, now = fixed.version, fixed.confirmed_by, fixed.confirmed_at
    if user is None or now is None:
        raise Refused("名单尚未确认", "请由拟定人以外的人员确认。")
    if listed.left_out or Claim.objects.filter(from_list=fixed, firm=listed.firm).exists():
        return
    looked_up = version.papers.filter(may_be_waived=True).values_list("pk", flat=True)
    papers = dict.fromkeys(looked_up, ClaimPaper.State.WAIVED)
    asked = Asked(firm=listed.firm, version=version, papers=papers, from_list=fixed, text=_says(fixed))
    try:
        claimed = make_claim(asked=asked, source=rules()[1].fixing.channel, now=now, acting_user=user)
    except Refused as refusal:
        listed.left_out = refusal.why[:300]
        listed.save(update_fields=["left_out"])
        return
    common: dict[str, Any] = {"now": now, "acting_user": user}
    matter = accept_matter(matter=claimed.claim.matter, **common)
    matter = judge_matter(matter=matter, category=version.category, opinion="", **common)
    assign_matter(matter=matter, units=[version.department], reckoner=reckoner, **common)


def _says(fixed: FixedList) -> str:
    on = dates.day(timezone.localdate(fixed.confirmed_at)) if fixed.confirmed_at else ""
    return f"列入{on}确认的“{fixed.version.name}”免申即享名单，企业不必申请。"
