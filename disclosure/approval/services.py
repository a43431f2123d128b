"""Identity and duties are handed in, reviewed, approved and shown (YC-R1, YC-R2).

Two people of the department and one of the centre see every version; nobody decides on what they
handed in. The public is shown the current version and nothing else.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial
from hashlib import sha256

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import QuerySet

from departments.access import own_department
from departments.models import Department, StaffMember
from departments.queries import departments_in_scope
from disclosure.approval import content
from disclosure.models import DisclosureVersion
from disclosure.results.services import renew_where_taken_down
from office import audit, roles
from office.errors import Refused
from office.files import stored
from office.models import User

State = DisclosureVersion.State


@transaction.atomic
def submit_disclosure(
    *, department: Department, expected_digest: str, acting_user: User, now: datetime
) -> DisclosureVersion:
    """Freeze the working copy of a department; refuse if it is no longer what the page showed.

    A version of the department goes to its reviewer; one that the centre enters for a department goes
    straight to another person of the centre.
    """
    roles.require(acting_user, "disclosure.submit")
    _require_own(department.pk, acting_user)
    _lock(department)
    waiting = DisclosureVersion.objects.filter(department=department, state__in=DisclosureVersion.OPEN)
    if waiting.exists():
        raise Refused("本单位已有一稿正在审核", "请等待审核，或先撤回。")
    draft = content.drafts([department.pk])[department.pk]
    if content.digest(draft) != expected_digest:
        raise Refused("您查看之后内容又有了变化", "请核对下面的最新内容后重新提交。")
    current = current_version(department.pk)
    if current is not None and not content.compare(current.shown(), draft):
        raise Refused("与正在公布的内容相同，无需提交")
    inside = acting_user.role in roles.CENTRE
    version = _freeze(department, draft, state=State.REVIEWED if inside else State.SUBMITTED)
    version.submitted_by, version.submitted_at = acting_user, now
    version.save()
    audit.record("提交公示内容", version, acting_user=acting_user)
    return version


@transaction.atomic
def review_disclosure(*, version: DisclosureVersion, acting_user: User, now: datetime) -> None:
    """The department's second person passes the version on to the centre."""
    roles.require(acting_user, "disclosure.review")
    found = _in_state(version, State.SUBMITTED)
    _require_own(found.department_id, acting_user)
    _require_other(found, acting_user)
    found.state, found.reviewed_by, found.reviewed_at = State.REVIEWED, acting_user, now
    found.save()
    audit.record("部门审核通过", found, acting_user=acting_user)


@transaction.atomic
def approve_disclosure(*, version: DisclosureVersion, acting_user: User, now: datetime) -> None:
    roles.require(acting_user, "disclosure.approve")
    found = _in_state(version, State.REVIEWED)
    _require_other(found, acting_user)
    _show(found, acting_user, now)
    audit.record("核准并公布", found, acting_user=acting_user)


@transaction.atomic
def return_disclosure(*, version: DisclosureVersion, reason: str, acting_user: User, now: datetime) -> None:
    """Send a version back; the public still sees the one before."""
    found = _in_state(version, *DisclosureVersion.OPEN)
    roles.require(
        acting_user, "disclosure.review" if found.state == State.SUBMITTED else "disclosure.approve"
    )
    _require_own(found.department_id, acting_user)
    if not reason.strip():
        raise Refused("没有填写退回原因", "请填写后再退回。")
    found.state, found.reason = State.RETURNED, reason.strip()
    found.returned_by, found.returned_at = acting_user, now
    found.save()
    audit.record("退回公示内容", found, acting_user=acting_user, after={"退回原因": found.reason})


@transaction.atomic
def withdraw_disclosure(*, version: DisclosureVersion, acting_user: User, now: datetime) -> None:
    """The department or the centre takes back a version that is not approved yet."""
    roles.require(acting_user, "disclosure.submit")
    found = _in_state(version, *DisclosureVersion.OPEN)
    _require_own(found.department_id, acting_user)
    found.state, found.returned_by, found.returned_at = State.WITHDRAWN, acting_user, now
    found.save()
    audit.record("撤回公示内容", found, acting_user=acting_user)


@transaction.atomic
def publish_first_versions(*, acting_user: User | None, now: datetime) -> int:
    """Show every department in scope that has shown nothing yet; return how many.

    The centre itself imported the first content and looked at it, so it decides once for all of them.
    Every later change is reviewed and approved. `acting_user` is None on the command line.
    """
    if acting_user is not None:
        roles.require(acting_user, "disclosure.approve")
    waiting = Department.objects.select_for_update().filter(pk__in=unpublished().values("pk"))
    departments = list(waiting.order_by("order", "id"))
    drafts = content.drafts(each.pk for each in departments)
    shown = 0
    for department in departments:
        draft = drafts[department.pk]
        if draft["sections"] or draft["people"]:
            version = _freeze(department, draft, state=State.REVIEWED)
            version.submitted_by, version.submitted_at = acting_user, now
            _show(version, acting_user, now)
            audit.record("首次公布身份和职责", version, acting_user=acting_user)
            shown += 1
    if not shown:
        raise Refused("没有尚未公布的单位")
    return shown


@transaction.atomic
def take_down(*, person: StaffMember, reason: str, acting_user: User) -> None:
    """Take a person off every public page at once; rendered files that name them are rendered again.

    All versions remember it, so that only a newly approved one can show the person again.
    """
    roles.require(acting_user, "disclosure.take_down")
    _require_own(person.department_id, acting_user)
    if not reason.strip():
        raise Refused("没有填写撤下原因", "请填写后再撤下。")
    _lock(person.department)
    StaffMember.objects.filter(pk=person.pk).update(is_shown=False)
    for version in DisclosureVersion.objects.filter(department=person.department_id):
        _forget(version, person.pk)
    audit.record("撤下人员公示", person, acting_user=acting_user, after={"原因": reason.strip()})
    renew_where_taken_down()


@transaction.atomic
def show_again(*, person: StaffMember, acting_user: User) -> None:
    """Let the next version show the person again."""
    roles.require(acting_user, "disclosure.take_down")
    _require_own(person.department_id, acting_user)
    if not StaffMember.objects.filter(pk=person.pk, is_shown=False).update(is_shown=True):
        raise Refused("此人没有被撤下")
    audit.record("恢复人员公示", person, acting_user=acting_user)


def current_version(department_id: int) -> DisclosureVersion | None:
    return DisclosureVersion.objects.filter(department=department_id, is_current=True).first()


def unpublished() -> QuerySet[Department]:
    """Return the departments in scope that show nothing yet and have nothing under review."""
    busy = DisclosureVersion.objects.filter(is_current=True) | DisclosureVersion.objects.filter(
        state__in=DisclosureVersion.OPEN
    )
    return departments_in_scope().exclude(pk__in=busy.values("department"))


def _require_own(department_id: int, user: User) -> None:
    own = own_department(user)
    if own is not None and own != department_id:
        raise Refused("这不是您所在的单位")


def _require_other(version: DisclosureVersion, user: User) -> None:
    if user.pk in {version.submitted_by_id, version.reviewed_by_id}:
        raise Refused("提交人和审核人不能再审核同一稿", "请由另一位同事办理。")


def _lock(department: Department) -> None:
    list(Department.objects.select_for_update().filter(pk=department.pk).values_list("pk"))


def _in_state(version: DisclosureVersion, *states: str) -> DisclosureVersion:
    _lock(version.department)
    found = DisclosureVersion.objects.select_related("department").get(pk=version.pk)
    if found.state not in states:
        raise Refused(f"这一稿现在的状态是“{found.get_state_display()}”", "请刷新页面后查看。")
    return found


def _freeze(department: Department, draft: content.Content, *, state: str) -> DisclosureVersion:
    """Make a version of the draft; copy its photos, so that later uploads do not change them."""
    for person in draft["people"]:
        if person["photo"]:
            person["file"] = _copy(person["id"], person["photo"])
            if not person["file"]:
                person["photo"] = person["photo_basis"] = ""
    number = 1 + DisclosureVersion.objects.filter(department=department).count()
    return DisclosureVersion(department=department, number=number, content=draft, state=state)


def _copy(person_id: int, name: str) -> str:
    try:
        with stored.media().open(name) as source:
            data = source.read()
    except FileNotFoundError:
        return ""
    target = f"disclosed/{person_id}-{sha256(data).hexdigest()[:24]}.jpg"
    return target if stored.media().exists(target) else stored.media().save(target, ContentFile(data))


def _show(version: DisclosureVersion, user: User | None, now: datetime) -> None:
    earlier = DisclosureVersion.objects.filter(department=version.department_id, is_current=True)
    earlier.exclude(pk=version.pk).update(is_current=False)
    version.state, version.is_current = State.APPROVED, True
    version.approved_by, version.approved_at = user, now
    version.save()
    kept = set(_files(version))
    for old in DisclosureVersion.objects.filter(department=version.department_id).exclude(pk=version.pk):
        _remove(set(_files(old)) - kept)


def _forget(version: DisclosureVersion, person_id: int) -> None:
    named = [one for one in version.content.get("people", []) if one["id"] == person_id]
    if not named:
        return
    _remove({one["file"] for one in named if one["file"]})
    version.taken_down = sorted({*version.taken_down, person_id})
    version.save(update_fields=["taken_down"])


def _files(version: DisclosureVersion) -> list[str]:
    return [one["file"] for one in version.content.get("people", []) if one["file"]]


def _remove(names: set[str]) -> None:
    for name in names:
        transaction.on_commit(partial(stored.media().delete, name))
