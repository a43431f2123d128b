"""Draft, hand in, approve, return and end versions of items; a published one is never edited (GY-R12)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from benefits.catalogue.checking import Draft, check
from benefits.models import BenefitItem, Condition, ItemVersion, LevelShare, NeededPaper
from benefits.rules import rules
from casework.procedures.stored import in_use
from departments.access import belongs_to
from office import audit, dates, roles
from office.errors import Refused
from office.models import User

State = ItemVersion.State
OPEN = (State.DRAFT, State.SUBMITTED)
TOLD = (State.PUBLISHED, State.ENDED)  # what everybody may read
MOST_AT_ONCE = 300


def drafts_for(user: User, department_id: int) -> bool:
    """Whether somebody drafts for a department: its own people, and the window for all."""
    return roles.allowed(user, "benefit.draft") and (
        user.role in roles.CENTRE or belongs_to(user, department_id)
    )


@transaction.atomic
def draft_version(*, draft: Draft, acting_user: User) -> ItemVersion:
    """Write a new draft of an item, or write the one there is anew."""
    roles.require(acting_user, "benefit.draft")
    if not drafts_for(acting_user, draft.department.pk):
        raise Refused("只能起草本单位主管的事项", "请由主管部门起草。")
    check(draft)
    item, is_created = BenefitItem.objects.get_or_create(code=draft.code.strip())
    if draft.is_new and not is_created:
        raise Refused(f"编号{item.code}已有事项", "请在清单中打开它，起草新的版本。")
    item = BenefitItem.objects.select_for_update().get(pk=item.pk)
    version = _open_version(item, acting_user)
    for name, value in draft.fields.items():
        setattr(version, name, value)
    version.department, version.drafted_by = draft.department, acting_user
    version.state, version.returned_why = State.DRAFT, ""
    version.save()
    _write_below(version, draft)
    after = {"事项": version.name, "版本": version.number}
    audit.record("起草惠企事项", item, acting_user=acting_user, after=after)
    return version


def _open_version(item: BenefitItem, user: User) -> ItemVersion:
    versions = list(item.versions.order_by("number"))
    if not versions:
        return ItemVersion(item=item, number=1)
    last = versions[-1]
    if not drafts_for(user, last.department_id):
        raise Refused(f"这一事项由{last.department}主管", "请由该部门起草，或者请专窗起草。")
    if last.state == State.SUBMITTED:
        raise Refused("这一事项有待审核的版本，不能再改", "请等审核，或者请专窗退回后再改。")
    return last if last.state == State.DRAFT else ItemVersion(item=item, number=last.number + 1)


def _write_below(version: ItemVersion, draft: Draft) -> None:
    for rows in (version.conditions, version.papers, version.level_shares):
        rows.all().delete()
    Condition.objects.bulk_create(
        Condition(version=version, order=at, **one) for at, one in enumerate(draft.conditions)
    )
    NeededPaper.objects.bulk_create(
        NeededPaper(version=version, order=at, **one) for at, one in enumerate(draft.papers)
    )
    LevelShare.objects.bulk_create(
        LevelShare(version=version, level=level, percent=percent) for level, percent in draft.shares.items()
    )


@transaction.atomic
def hand_in(*, version: ItemVersion, acting_user: User) -> ItemVersion:
    roles.require(acting_user, "benefit.draft")
    current = _locked(version, State.DRAFT, to="提交审核")
    if not drafts_for(acting_user, current.department_id):
        raise Refused("只能提交本单位主管的事项", "请由主管部门提交。")
    _require_later(current)
    current.state = State.SUBMITTED
    current.save(update_fields=["state"])
    after = {"事项": current.name, "版本": current.number}
    audit.record("提交惠企事项", current.item, acting_user=acting_user, after=after)
    return current


@transaction.atomic
def settle_version(
    *, version: ItemVersion, approves: bool, why: str, today: date, acting_user: User
) -> ItemVersion:
    """Publish a version from its first day on, ending the one before it; or return it with the reason."""
    roles.require(acting_user, "benefit.approve")
    current = _locked(version, State.SUBMITTED, to="审核")
    if current.drafted_by_id == acting_user.pk or belongs_to(acting_user, current.department_id):
        raise Refused("事项须由起草单位以外、没有起草的人员审核", "请由专窗其他人员审核。")
    if not approves and not why.strip():
        raise Refused("没有写明退回的原因", "请写明要改什么。")
    if not approves:
        current.state, current.returned_why = State.DRAFT, why.strip()[:300]
        current.save(update_fields=["state", "returned_why"])
        after = {"事项": current.name, "版本": current.number, "原因": current.returned_why}
        audit.record("退回惠企事项", current.item, acting_user=acting_user, after=after)
        return current
    _require_later(current)
    _require_no_past(current, today)
    current.state, current.approved_by, current.published_on = State.PUBLISHED, acting_user, today
    current.own_valid_to = current.valid_to
    current.save(update_fields=["state", "approved_by", "published_on", "own_valid_to"])
    _follow_each_other(current.item)
    after = {"事项": current.name, "版本": current.number, "生效": dates.day(current.valid_from)}
    audit.record("发布惠企事项", current.item, acting_user=acting_user, after=after)
    return current


def holds_some_day(version: ItemVersion) -> bool:
    """Whether a version was, is or will be in force; one that was ended before it began never is."""
    ended = version.ended_on is not None and version.ended_on <= version.valid_from
    return version.state in TOLD and not ended


def _others(version: ItemVersion) -> list[ItemVersion]:
    return [one for one in version.item.versions.exclude(pk=version.pk) if holds_some_day(one)]


def _require_later(version: ItemVersion) -> None:
    last = max((one.valid_from for one in _others(version)), default=None)
    if last is not None and version.valid_from <= last:
        raise Refused(
            f"“{version.name}”已有{dates.day(last)}起生效的版本",
            "新版本的生效日期须在这一天以后，请主管部门修改生效日期。",
        )


def _require_no_past(version: ItemVersion, today: date) -> None:
    """What was claimed under a version stays so: the next one begins today or later."""
    if version.valid_from < today and _others(version):
        raise Refused(
            f"“{version.name}”已有发布的版本，新版本不能自{dates.day(version.valid_from)}起追溯生效",
            "请退回，由主管部门把生效日期改为今天或者以后。",
        )


def _follow_each_other(item: BenefitItem) -> None:
    """Let each version end by its guide, or on the day before the next one; the last one's number is kept."""
    versions = [one for one in item.versions.order_by("valid_from") if holds_some_day(one)]
    for one, following in zip(versions, [*versions[1:], None], strict=True):
        ends = [one.own_valid_to, following.valid_from - timedelta(days=1) if following else None]
        last = min((day for day in ends if day is not None), default=None)
        if one.state == State.PUBLISHED and one.valid_to != last:
            one.valid_to = last
            one.save(update_fields=["valid_to"])
    if versions and item.higher_number != versions[-1].higher_number:
        item.higher_number = versions[-1].higher_number
        item.save(update_fields=["higher_number"])


@transaction.atomic
def end_version(
    *, version: ItemVersion, why: str, ended_on: date, today: date, acting_user: User
) -> ItemVersion:
    """Stop a published version (停止) from a day on; claims made before go on under it.

    Where it never begins, the version before goes on as if it had not been published.
    """
    roles.require(acting_user, "benefit.approve")
    current = _locked(version, State.PUBLISHED, to="停止")
    if not why.strip():
        raise Refused("没有写明停止的原因", "请写明依据的文件或者决定。")
    if ended_on < today:
        raise Refused("停止日期早于今天", "已经提出的申请不能事后改变，请填写今天或者以后的日期。")
    if current.valid_to is not None and ended_on > current.valid_to:
        raise Refused(f"这一版本到{dates.day(current.valid_to)}为止", "到期自然失效，不必停止。")
    current.state, current.ended_on, current.ended_why = State.ENDED, ended_on, why.strip()[:300]
    if ended_on > current.valid_from:
        current.valid_to = ended_on - timedelta(days=1)
    current.save(update_fields=["state", "valid_to", "ended_on", "ended_why"])
    if not holds_some_day(current):
        _follow_each_other(current.item)
    after = {
        "事项": current.name,
        "版本": current.number,
        "停止": dates.day(ended_on),
        "原因": current.ended_why,
    }
    audit.record("停止惠企事项", current.item, acting_user=acting_user, after=after)
    return current


@dataclass
class Several:
    """What came of many at once: how many were done, and why the others were not."""

    done: int = 0
    refused: list[str] = field(default_factory=list)


def hand_in_several(*, versions: Sequence[ItemVersion], acting_user: User) -> Several:
    """Hand in each one that may be; one that is refused keeps no other back."""
    found = Several()
    for one in _not_too_many(versions):
        with _each(found, one):
            hand_in(version=one, acting_user=acting_user)
    return found


def approve_several(*, versions: Sequence[ItemVersion], today: date, acting_user: User) -> Several:
    found = Several()
    for one in _not_too_many(versions):
        with _each(found, one):
            settle_version(version=one, approves=True, why="", today=today, acting_user=acting_user)
    return found


def _not_too_many(versions: Sequence[ItemVersion]) -> Sequence[ItemVersion]:
    if not versions:
        raise Refused("没有选择事项", "请在清单中勾选。")
    if len(versions) > MOST_AT_ONCE:
        raise Refused(f"一次最多办理{MOST_AT_ONCE}项", "请按类别或者部门筛选后分批办理。")
    return versions


@contextmanager
def _each(found: Several, version: ItemVersion) -> Iterator[None]:
    try:
        yield
    except Refused as refusal:
        found.refused.append(f"{version.item}“{version.name}”：{refusal}")
    else:
        found.done += 1


def _locked(version: ItemVersion, state: str, *, to: str) -> ItemVersion:
    """Wait for whoever is at the same item, and refuse if the version is no longer as it was."""
    BenefitItem.objects.select_for_update().get(pk=version.item_id)
    current = ItemVersion.objects.select_related("item").get(pk=version.pk)
    if current.state != state:
        raise Refused(f"这一版本目前为“{current.get_state_display()}”，不能{to}", "请刷新页面查看。")
    return current


def in_force(day: date) -> Any:
    """Return the versions that are in force on a day."""
    lasts = Q(valid_to=None) | Q(valid_to__gte=day)
    goes_on = Q(ended_on=None) | Q(ended_on__gt=day)
    return ItemVersion.objects.filter(lasts, goes_on, state__in=TOLD, valid_from__lte=day)


def category_label(version: ItemVersion) -> str:
    """The class of an item in the words of the procedure that claims go by."""
    procedure = in_use(rules()[0]).procedure
    return next((one.label for one in procedure.categories.items if one.id == version.category), "")
