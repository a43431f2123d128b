"""Draft, hand in, approve, return and end versions of items; a published one is never edited (GY-R12)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max, Q

from benefits.models import BenefitItem, Condition, ItemVersion, NeededPaper
from benefits.rules import rules
from casework.procedures.stored import in_use
from departments.access import belongs_to
from departments.models import Department
from office import audit, dates, roles
from office.errors import Refused
from office.models import User

State = ItemVersion.State
ASKED = {
    "name": "事项名称",
    "document_title": "政策文件",
    "clause": "条款",
    "audience": "适用对象",
    "standard": "兑现标准",
    "steps": "办理流程",
    "contact_phone": "咨询电话",
}


@dataclass(frozen=True)
class Draft:
    """What a version says; `fields` by the names of `ItemVersion`, conditions and papers in their order."""

    code: str
    department: Department
    fields: Mapping[str, Any]
    conditions: Sequence[Mapping[str, str]] = field(default_factory=tuple)
    papers: Sequence[Mapping[str, Any]] = field(default_factory=tuple)


@transaction.atomic
def draft_version(*, draft: Draft, acting_user: User) -> ItemVersion:
    """Write a new draft of an item, or write the one there is anew; a department writes its own alone."""
    roles.require(acting_user, "benefit.draft")
    if not belongs_to(acting_user, draft.department.pk):
        raise Refused("只能起草本单位主管的事项", "请由主管部门起草。")
    check(draft)
    item, _ = BenefitItem.objects.get_or_create(code=draft.code.strip())
    item = BenefitItem.objects.select_for_update().get(pk=item.pk)
    open_one = item.versions.filter(state__in=(State.DRAFT, State.SUBMITTED)).first()
    if open_one is not None and open_one.state == State.SUBMITTED:
        raise Refused("这一事项有待审核的版本，不能再改", "请等审核，或者请专窗退回后再改。")
    number = (item.versions.aggregate(last=Max("number"))["last"] or 0) + 1
    version = open_one or ItemVersion(item=item, number=number)
    for name, value in draft.fields.items():
        setattr(version, name, value)
    version.department, version.drafted_by = draft.department, acting_user
    version.state, version.returned_why = State.DRAFT, ""
    version.save()
    version.conditions.all().delete()
    version.papers.all().delete()
    Condition.objects.bulk_create(
        Condition(version=version, order=at, **one) for at, one in enumerate(draft.conditions)
    )
    NeededPaper.objects.bulk_create(
        NeededPaper(version=version, order=at, **one) for at, one in enumerate(draft.papers)
    )
    audit.record(
        "起草惠企事项", version, acting_user=acting_user, after={"事项": version.name, "版本": version.number}
    )
    return version


def check(draft: Draft) -> None:
    """Refuse what no guide may lack, words that the rules do not know, and days in the wrong order."""
    _, known = rules()
    given = draft.fields
    if not draft.code.strip():
        raise Refused("没有填写事项编号", "请填写清单上的编号。")
    if missing := [label for name, label in ASKED.items() if not str(given.get(name, "")).strip()]:
        raise Refused(f"没有填写{'、'.join(missing)}", "办事指南缺了这些，企业无法申请，请补填。")
    if given.get("category") not in {one.category for one in known.classes.items}:
        raise Refused("没有选择政策类别", "请从清单的类别中选择。")
    if known.kind(str(given.get("kind", ""))) is None:
        raise Refused("没有选择兑现内容", "请从减免、奖补等兑现内容中选择。")
    if given.get("level") not in {one.id for one in known.levels.items}:
        raise Refused("没有选择政策层级", "请选择这是哪一级的政策。")
    first, last = given.get("valid_from"), given.get("valid_to")
    if not isinstance(first, date) or (isinstance(last, date) and last < first):
        raise Refused("有效期有误", "失效日期不能早于生效日期，请核对。")
    strange = [
        one.get("label", "") for one in draft.conditions if one.get("label") and not known.label(one["label"])
    ]
    if strange:
        raise Refused(
            f"条件中有没有定义的标签：{'、'.join(strange)}", "请选择已有的标签，或者写成由窗口核对。"
        )


@transaction.atomic
def hand_in(*, version: ItemVersion, acting_user: User) -> ItemVersion:
    roles.require(acting_user, "benefit.draft")
    current = _locked(version, State.DRAFT, to="提交审核")
    if not belongs_to(acting_user, current.department_id):
        raise Refused("只能提交本单位主管的事项", "请由主管部门提交。")
    current.state = State.SUBMITTED
    current.save(update_fields=["state"])
    audit.record("提交惠企事项", current, acting_user=acting_user, after={"事项": current.name})
    return current


@transaction.atomic
def settle_version(
    *, version: ItemVersion, approves: bool, why: str, today: date, acting_user: User
) -> ItemVersion:
    """Publish a version from its first day on, ending the one before it; or return it with the reason."""
    roles.require(acting_user, "benefit.approve")
    current = _locked(version, State.SUBMITTED, to="审核")
    if current.drafted_by_id == acting_user.pk or belongs_to(acting_user, current.department_id):
        raise Refused("事项须由起草单位以外的人员审核", "请由专窗其他人员审核。")
    if not approves and not why.strip():
        raise Refused("没有写明退回的原因", "请写明要改什么。")
    if not approves:
        current.state, current.returned_why = State.DRAFT, why.strip()[:300]
        current.save(update_fields=["state", "returned_why"])
        audit.record("退回惠企事项", current, acting_user=acting_user, after={"原因": current.returned_why})
        return current
    _end_before(current)
    current.state, current.approved_by, current.published_on = State.PUBLISHED, acting_user, today
    current.save(update_fields=["state", "approved_by", "published_on"])
    after = {"事项": current.name, "版本": current.number, "生效": dates.day(current.valid_from)}
    audit.record("发布惠企事项", current, acting_user=acting_user, after=after)
    return current


def _end_before(version: ItemVersion) -> None:
    """The version that was in force ends on the day before the new one begins; none overlaps another."""
    others = version.item.versions.filter(state=State.PUBLISHED).exclude(pk=version.pk)
    if others.filter(valid_from__gte=version.valid_from).exists():
        raise Refused("已有同日或者更晚生效的版本", "请退回，由主管部门核对生效日期。")
    last = version.valid_from.toordinal() - 1
    for one in others.filter(Q(valid_to=None) | Q(valid_to__gte=version.valid_from)):
        one.valid_to = date.fromordinal(last)
        one.save(update_fields=["valid_to"])


def _locked(version: ItemVersion, state: str, *, to: str) -> ItemVersion:
    current = ItemVersion.objects.select_for_update(of=("self",)).select_related("item").get(pk=version.pk)
    if current.state != state:
        raise Refused(f"这一版本目前为“{current.get_state_display()}”，不能{to}", "请刷新页面查看。")
    return current


def in_force(day: date) -> Any:
    """Return the versions that are in force on a day."""
    ended = Q(valid_to=None) | Q(valid_to__gte=day)
    return ItemVersion.objects.filter(ended, state=State.PUBLISHED, valid_from__lte=day)


def category_label(version: ItemVersion) -> str:
    """The class of an item in the words of the procedure that claims go by."""
    procedure = in_use(rules()[0]).procedure
    return next((one.label for one in procedure.categories.items if one.id == version.category), "")
