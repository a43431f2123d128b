"""An entry of the ledger: entered by one person, confirmed by another, withdrawn with a reason."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from departments.models import Department
from evaluations.gathering.ledger.book import (
    ITEM,
    Ledger,
    LedgerRule,
    days_of_round,
    find_ledger,
    lies_in,
    rule_of,
    value_of,
)
from evaluations.gathering.services import GATHERING, being_corrected, open_channel, refuse_others
from evaluations.models import Channel, NotApplicable, Occurrence, Round, RoundDepartment
from evaluations.rounds import periods
from evaluations.schemes.stored import scheme_of
from evaluations.scoring.steps.ledger import folded
from evaluations.scoring.vocabulary import vocabulary
from office import audit, dates, roles
from office.errors import Refused
from office.files import papers
from office.models import User

State = Occurrence.State
MOST_AT_ONCE = 999
IF_ANOTHER = "确为另一件的，请在“确为另一件的说明”中写明。"
LENGTHS = {"practice": 120, "title": 200, "remark": 500, "again_reason": 200}


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What somebody wants entered; `value` names item or event as forms do (`item:warned`)."""

    department: Department
    value: str
    day: date
    count: int = 1
    practice: str = ""
    title: str = ""
    remark: str = ""
    veto: str = ""
    again_reason: str = ""

    def made(self, scheme_id: str) -> Occurrence:
        """Return the entry, not stored."""
        kind, _, item = self.value.partition(":")
        return Occurrence(
            scheme_id=scheme_id,
            department=self.department,
            item=item,
            is_veto=kind != ITEM,
            day=self.day,
            count=self.count,
            veto=self.veto,
            **{name: getattr(self, name).strip() for name in LENGTHS},
        )


Faults = list[tuple[str, str]]
"""Which field, and what to do about it."""


def faults_of(ledger: Ledger, draft: Draft, *, today: date, units: Container[int] | None = None) -> Faults:
    """Return what keeps a draft from being entered, whatever stands in the ledger already.

    `units` are those in scope, for a caller that asks row by row.
    """
    rule = ledger.rules.get(draft.value)
    if rule is None:
        return [("item", f"“{ledger.scheme.title}”没有这个项目，请从列出的项目中选择。")]
    found = _faults_of_the_day(ledger, draft.day, today)
    if not 1 <= draft.count <= MOST_AT_ONCE:
        found.append(("count", f"次数应为1至{MOST_AT_ONCE}的整数。"))
    elif rule.is_veto and draft.count != 1:
        found.append(("count", "一票否决情形逐件登记，次数填1。"))
    if draft.department.pk not in (units if units is not None else {one.pk for one in ledger.units()}):
        found.append(("department", f"{draft.department}不在该方案的评价范围内。"))
    events = ledger.scheme.veto.events if ledger.scheme.veto else {}
    if draft.veto and (draft.veto not in events or not rule.may_set_off_a_veto):
        found.append(("veto", "只有扣分事项可以注明引起的一票否决情形，请核对。"))
    for name, longest in LENGTHS.items():
        if len(getattr(draft, name).strip()) > longest:
            found.append((name, f"文字超过 {longest} 字，请缩短。"))
    return found


def _faults_of_the_day(ledger: Ledger, day: date, today: date) -> Faults:
    if day > today:
        return [("day", f"发生日期{dates.day(day)}晚于今天，请在发生之后登记。")]
    if day < ledger.begins_on():
        return [
            ("day", f"发生日期早于该方案的第一个评价周期（{dates.day(ledger.begins_on())}起），请核对日期。")
        ]
    return []


def twin_of(one: Occurrence) -> Occurrence | None:
    """Return an entry that is the same case: scheme, unit, item, day, title and practice."""
    same = Occurrence.objects.filter(
        scheme_id=one.scheme_id,
        department=one.department,
        item=one.item,
        is_veto=one.is_veto,
        day=one.day,
    ).exclude(state=State.WITHDRAWN)
    return next((other for other in same.order_by("pk") if case_of(other) == case_of(one)), None)


def case_of(one: Occurrence) -> tuple[str, str]:
    return folded(one.title), folded(one.practice)


@transaction.atomic
def enter_occurrence(
    *,
    scheme_id: str,
    draft: Draft,
    evidence: UploadedFile[Any] | None = None,
    today: date,
    now: datetime,
    acting_user: User,
) -> Occurrence:
    """Enter what happened; it counts once a second person confirmed it."""
    roles.require(acting_user, "gathering.enter")
    ledger = _ledger(scheme_id)
    if faults := faults_of(ledger, draft, today=today):
        raise Refused("填写的内容有误", "请更正后重新提交：", faults=[text for _, text in faults])
    _wait_for_others(draft.department)
    one = draft.made(scheme_id)
    if not draft.again_reason.strip() and (twin := twin_of(one)):
        raise Refused(same_case(twin), IF_ANOTHER)
    one.entered_by, one.entered_at = acting_user, now
    with papers.put(one, "evidence", evidence):
        one.save()
        audit.record("登记台账", one, acting_user=acting_user, after=in_words(one, ledger.rules))
    return one


def same_case(twin: Occurrence) -> str:
    return f"同一单位、项目、日期、标题（做法）已登记过一件（编号{twin.pk}，{twin.get_state_display()}）"


def _ledger(scheme_id: str) -> Ledger:
    ledger = find_ledger(scheme_id)
    if ledger is None:
        raise Refused("该评价方案没有启用，或没有台账", "请刷新页面后重新选择。")
    return ledger


def _wait_for_others(department: Department) -> None:
    """Two who enter the same case at once: the second one sees what the first entered."""
    list(Department.objects.select_for_update().filter(pk=department.pk).values_list("pk"))


def in_words(one: Occurrence, rules: dict[str, LedgerRule]) -> dict[str, Any]:
    rule = rules.get(value_of(one.item, is_veto=one.is_veto))
    said = {
        "单位": one.department.name,
        "项目": rule.label if rule else one.item,
        "发生日期": one.day.isoformat(),
        "次数": one.count,
        "做法（事项）": one.practice,
        "标题": one.title,
        "备注": one.remark,
        "引起的一票否决": one.veto,
        "佐证材料": one.evidence_name,
        "确为另一件的说明": one.again_reason,
    }
    return {name: value for name, value in said.items() if value}


@transaction.atomic
def confirm_occurrences(
    *, occurrences: Iterable[Occurrence], now: datetime, acting_user: User
) -> list[Occurrence]:
    """Confirm entries of somebody else, all of them or none."""
    roles.require(acting_user, "gathering.settle")
    found = [_confirmed(one, now, acting_user) for one in sorted(occurrences, key=lambda one: one.pk)]
    if not found:
        raise Refused("没有选择记录", "请勾选待确认的记录。")
    return found


def _confirmed(occurrence: Occurrence, now: datetime, acting_user: User) -> Occurrence:
    one = _locked(occurrence)
    if one.state != State.ENTERED:
        raise Refused(f"编号{one.pk}的记录{_settled_by(one)}，不能再确认", "请刷新页面查看。")
    if one.entered_by_id == acting_user.pk:
        raise Refused(f"编号{one.pk}的记录由您本人登记，须由另一人确认", "请请另一名复核人员办理。")
    _refuse_taken(one, to="确认")
    if one.count and (round_ := _not_applicable_in(one)):
        raise Refused(
            f"编号{one.pk}的项目在轮次“{round_.title}”中已标为不适用于{one.department}",
            "请先取消不适用，或撤回这条记录。",
        )
    one.state, one.confirmed_by, one.confirmed_at = State.CONFIRMED, acting_user, now
    one.save(update_fields=["state", "confirmed_by", "confirmed_at"])
    audit.record(
        "确认台账",
        one,
        acting_user=acting_user,
        before={"状态": State.ENTERED.label},
        after={"状态": State.CONFIRMED.label},
    )
    return one


def _settled_by(one: Occurrence) -> str:
    by = one.confirmed_by if one.state == State.CONFIRMED else one.withdrawn_by
    return f"{one.get_state_display()}（{by}）"


@transaction.atomic
def withdraw_occurrence(
    *, occurrence: Occurrence, reason: str, now: datetime, acting_user: User
) -> Occurrence:
    """Take an entry back with a reason; it stays in the ledger and counts no more."""
    if not roles.allowed(acting_user, "gathering.settle"):
        roles.require(acting_user, "gathering.enter")
    one = _locked(occurrence)
    if one.state == State.WITHDRAWN:
        raise Refused(f"编号{one.pk}的记录{_settled_by(one)}，不必再撤回", "请刷新页面查看。")
    if not reason.strip():
        raise Refused("没有写明撤回的原因", "请写明原因。")
    if one.state == State.CONFIRMED:
        _refuse_taken(one, to="撤回")
    before = one.get_state_display()
    one.state, one.withdrawn_by, one.withdrawn_at = State.WITHDRAWN, acting_user, now
    one.withdrawn_reason = reason.strip()
    one.save(update_fields=["state", "withdrawn_by", "withdrawn_at", "withdrawn_reason"])
    after = {"状态": State.WITHDRAWN.label, "原因": one.withdrawn_reason}
    audit.record("撤回台账", one, acting_user=acting_user, before={"状态": before}, after=after)
    return one


def _locked(occurrence: Occurrence) -> Occurrence:
    rows = Occurrence.objects.select_for_update(of=("self",)).select_related("department", "entered_by")
    return rows.get(pk=occurrence.pk)


def _refuse_taken(one: Occurrence, *, to: str) -> None:
    if round_ := round_that_took(one):
        reopen = round_.state in GATHERING
        raise Refused(
            f"{dates.day(one.day)}在轮次“{round_.title}”（{round_.get_state_display()}）的周期内，"
            f"该轮次的台账已办结，编号{one.pk}的记录不能{to}",
            "请先重新打开该轮次的台账。" if reopen else "结果有误的，按申诉或更正公布的程序办理。",
        )


def round_that_took(one: Occurrence) -> Round | None:
    """Return a round whose settled ledger has this entry's unit and day.

    Its channels stay locked until the transaction ends, so that nobody settles them meanwhile.
    """
    channels = Channel.objects.filter(
        kind=Channel.Kind.LEDGER,
        round__scheme_version__scheme_id=one.scheme_id,
        round__departments__department=one.department_id,
    ).exclude(round__state=Round.State.VOID)
    locked = channels.select_for_update(of=("self",)).select_related("round__scheme_version")
    kept = (channel for channel in locked if _is_kept(channel, one))
    return next((channel.round for channel in kept if lies_in(channel.round, one.day)), None)


def _is_kept(channel: Channel, one: Occurrence) -> bool:
    """Whether the channel lets no entry about the unit change: settled, or opened again for others."""
    if channel.state != Channel.State.OPEN:
        return channel.state == Channel.State.SETTLED
    named = being_corrected(channel)
    units = channel.round.departments.filter(department=one.department_id)
    return named is not None and not units.filter(pk__in=named).exists()


def _not_applicable_in(one: Occurrence) -> Round | None:
    if one.is_veto:
        return None
    marked = NotApplicable.objects.filter(
        item=one.item,
        subject__department=one.department_id,
        subject__round__scheme_version__scheme_id=one.scheme_id,
    ).exclude(subject__round__state=Round.State.VOID)
    rounds = (mark.subject.round for mark in marked.select_related("subject__round__scheme_version"))
    return next((round_ for round_ in rounds if lies_in(round_, one.day)), None)


@transaction.atomic
def mark_not_applicable(
    *, channel: Channel, subject: RoundDepartment, item: str, reason: str, acting_user: User
) -> NotApplicable:
    """Say that a rule does not apply to a unit in a round; only where the scheme allows that."""
    roles.require(acting_user, "gathering.enter")
    current = open_channel(channel, to="标明不适用")
    refuse_others(current, [subject.pk])
    _of_this_round(current, subject)
    need = vocabulary(scheme_of(current.round)).occurrences.get(item)
    if need is None or not need.optional:
        raise Refused("评价方案没有说这个项目可以不适用", "请只选写明“各相关部门”的项目。")
    if not reason.strip():
        raise Refused("没有写明不适用的原因", "请写明原因。")
    first, last = days_of_round(current.round)
    confirmed = Occurrence.objects.filter(
        scheme_id=current.round.scheme_version.scheme_id,
        department=subject.department_id,
        item=item,
        is_veto=False,
        day__range=(first, last),
        state=State.CONFIRMED,
    )
    if numbers := [str(one) for one in confirmed.values_list("pk", flat=True)]:
        raise Refused(
            f"{subject.name}在{periods.in_words(current.round.period)}的“{need.label}”已有确认的记录（编号{'、'.join(numbers)}）",
            "不适用的项目不能有记录，请先撤回记录。",
        )
    mark, _ = NotApplicable.objects.update_or_create(
        subject=subject, item=item, defaults={"reason": reason.strip(), "entered_by": acting_user}
    )
    after = {"单位": subject.name, "项目": need.label, "原因": reason.strip()}
    audit.record("标明不适用", current.round, acting_user=acting_user, after=after)
    return mark


@transaction.atomic
def apply_again(*, channel: Channel, mark: NotApplicable, acting_user: User) -> None:
    """Take back that a rule does not apply."""
    roles.require(acting_user, "gathering.enter")
    current = open_channel(channel, to="取消不适用")
    refuse_others(current, [mark.subject_id])
    _of_this_round(current, mark.subject)
    need = vocabulary(scheme_of(current.round)).occurrences.get(mark.item)
    before = {"单位": mark.subject.name, "项目": need.label if need else mark.item, "原因": mark.reason}
    mark.delete()
    audit.record("取消不适用", current.round, acting_user=acting_user, before=before)


def _of_this_round(channel: Channel, subject: RoundDepartment) -> None:
    if subject.round_id != channel.round_id:
        raise Refused(f"{subject.name}不是本轮次的参评单位", "请刷新页面后重新选择。")


def label_in(ledger: Ledger, one: Occurrence) -> str:
    rule = rule_of(ledger.scheme, one)
    return rule.label if rule else one.item
