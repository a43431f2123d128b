"""Positive and negative lists: drafted, approved by another, published with a number (WY-R2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max, QuerySet

from casework.matters.turns import take_turn
from casework.models import ListEntry, ListVersion
from office import audit, dates, roles
from office.calendar import days
from office.errors import Refused
from office.models import User

State = ListVersion.State


@dataclass(frozen=True)
class Entry:
    text: str
    basis: str
    needs_report: bool = False


@transaction.atomic
def begin_version(*, kind: str, acting_user: User) -> ListVersion:
    """Begin the next version with the entries of the one before; one is prepared at a time."""
    roles.require(acting_user, "list.draft")
    if kind not in ListVersion.Kind.values:
        raise Refused("没有这一清单", "请刷新页面后重新选择。")
    take_turn("lists of conduct")
    if ListVersion.objects.filter(kind=kind).exclude(state=State.PUBLISHED).exists():
        raise Refused("已有一版正在起草", "请在该版上修改。")
    last = ListVersion.objects.filter(kind=kind).aggregate(last=Max("version"))["last"] or 0
    made = ListVersion.objects.create(kind=kind, version=last + 1, drafted_by=acting_user)
    before = ListEntry.objects.filter(version__kind=kind, version__version=last)
    ListEntry.objects.bulk_create(
        ListEntry(
            version=made, number=one.number, text=one.text, basis=one.basis, needs_report=one.needs_report
        )
        for one in before
    )
    audit.record("起草行为清单", made, acting_user=acting_user)
    return made


@transaction.atomic
def add_entry(*, version: ListVersion, entry: Entry, acting_user: User) -> ListEntry:
    roles.require(acting_user, "list.draft")
    current = _draft(version, acting_user)
    _refuse_empty(entry)
    last = current.entries.aggregate(last=Max("number"))["last"] or 0
    made = ListEntry.objects.create(
        version=current,
        number=last + 1,
        text=entry.text.strip(),
        basis=entry.basis.strip(),
        needs_report=entry.needs_report,
    )
    audit.record(
        "增加清单条目", current, acting_user=acting_user, after={f"第{made.number}条": made.text[:200]}
    )
    return made


@transaction.atomic
def change_entry(*, entry: ListEntry, to: Entry, acting_user: User) -> ListEntry:
    roles.require(acting_user, "list.draft")
    version = _draft(entry.version, acting_user)
    _refuse_empty(to)
    current = ListEntry.objects.get(pk=entry.pk)
    before = {f"第{current.number}条": current.text[:200]}
    current.text, current.basis = to.text.strip(), to.basis.strip()
    current.needs_report = to.needs_report
    current.save()
    after = {f"第{current.number}条": current.text[:200]}
    audit.record("修改清单条目", version, acting_user=acting_user, before=before, after=after)
    return current


@transaction.atomic
def remove_entry(*, entry: ListEntry, acting_user: User) -> None:
    """Take an entry out of a draft; the numbers behind it close up."""
    roles.require(acting_user, "list.draft")
    version = _draft(entry.version, acting_user)
    current = ListEntry.objects.get(pk=entry.pk)
    audit.record(
        "删除清单条目", version, acting_user=acting_user, before={f"第{current.number}条": current.text[:200]}
    )
    number = current.number
    current.delete()
    for later in version.entries.filter(number__gt=number).order_by("number"):
        later.number -= 1
        later.save(update_fields=["number"])


@transaction.atomic
def approve_version(*, version: ListVersion, acting_user: User) -> ListVersion:
    """Approve a draft; never by who drafted it."""
    roles.require(acting_user, "list.approve")
    current = _at(version, State.DRAFT, to="审核")
    if current.drafted_by_id == acting_user.pk:
        raise Refused("清单须由起草人以外的人员审核", "请由另一人审核。")
    if not current.entries.exists():
        raise Refused("清单还没有条目", "请先录入条目。")
    current.state, current.approved_by = State.APPROVED, acting_user
    current.save()
    audit.record("审核行为清单", current, acting_user=acting_user)
    return current


@transaction.atomic
def return_version(*, version: ListVersion, acting_user: User) -> ListVersion:
    """Send an approved version that is not yet published back to drafting."""
    roles.require(acting_user, "list.approve")
    current = _at(version, State.APPROVED, to="退回修改")
    current.state, current.approved_by = State.DRAFT, None
    current.save()
    audit.record("退回行为清单", current, acting_user=acting_user)
    return current


@transaction.atomic
def publish_version(
    *, version: ListVersion, number: str, in_force_from: date, now: datetime, acting_user: User
) -> ListVersion:
    """Publish with the number of its paper, in force from today or later, never backwards."""
    roles.require(acting_user, "list.draft")
    current = _at(version, State.APPROVED, to="公布")
    today = days.local(now).date()
    if not number.strip():
        raise Refused("没有填写文号", "清单带文号公布，请填写文号。")
    if in_force_from < today:
        raise Refused("施行日期早于今天", "清单不溯及既往，请填写今天或者以后的日期。")
    published = ListVersion.objects.filter(kind=current.kind, state=State.PUBLISHED)
    if published.filter(in_force_from__gte=in_force_from).exists():
        raise Refused("上一版的施行日期不早于这一版", "请核对施行日期。")
    current.state, current.number, current.in_force_from = State.PUBLISHED, number.strip(), in_force_from
    current.published_on, current.published_by = today, acting_user
    current.save()
    after = {"文号": current.number, "施行日期": dates.day(in_force_from)}
    audit.record("公布行为清单", current, acting_user=acting_user, after=after)
    return current


def published() -> QuerySet[ListVersion]:
    found = ListVersion.objects.filter(state=State.PUBLISHED)
    return found.prefetch_related("entries").order_by("kind", "-in_force_from")


def version_on(kind: str, day: date) -> ListVersion | None:
    """Return the version by which an act of this day is judged."""
    return published().filter(kind=kind, in_force_from__lte=day).first()


def _refuse_empty(entry: Entry) -> None:
    if not entry.text.strip() or not entry.basis.strip():
        raise Refused("条目没有填写内容或者依据", "请写明内容和依据条款。")


def _draft(version: ListVersion, user: User) -> ListVersion:
    """Return a draft to write on; who writes on it counts as its drafter and cannot approve it."""
    current = _at(version, State.DRAFT, to="修改")
    if current.drafted_by_id != user.pk:
        raise Refused("这一版由他人起草", "请由起草人修改。")
    return current


def _at(version: ListVersion, state: ListVersion.State, *, to: str) -> ListVersion:
    current = ListVersion.objects.select_for_update(of=("self",)).get(pk=version.pk)
    if current.state != state:
        raise Refused(f"这一版目前为“{current.get_state_display()}”，不能{to}", "请刷新页面。")
    return current
