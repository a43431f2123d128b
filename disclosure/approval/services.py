"""Identity and duties on their way to the public: handed in, reviewed, approved, shown (YC-R1, YC-R2).

Two people of the department and one of the centre see every version; nobody decides on what they
handed in. What is shown changes in one place only: the current version.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial
from hashlib import sha256
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction

from departments.access import own_department
from departments.models import Department, StaffMember
from disclosure.approval import content
from disclosure.models import DisclosureVersion
from disclosure.results import services
from office import audit, roles
from office.errors import Refused
from office.files import stored
from office.models import User

S = DisclosureVersion.State
NO_CHANGE = "未作任何更改。"


@transaction.atomic
def submit_disclosure(
    *, department: Department, expected_digest: str, acting_user: User, now: datetime
) -> DisclosureVersion:
    """Freeze the working copy of a department and hand it in, exactly as it was looked at.

    A department's own goes to its reviewer; what the centre enters for a department goes straight to
    another person of the centre.
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
        raise Refused("与正在公布的内容相同，无需提交。")
    inside = acting_user.role in roles.CENTRE
    version = _freeze(department, draft, state=S.REVIEWED if inside else S.SUBMITTED)
    version.submitted_by, version.submitted_at = acting_user, now
    version.save()
    audit.record("提交公示内容", version, acting_user=acting_user)
    return version


@transaction.atomic
def review_disclosure(*, version: DisclosureVersion, acting_user: User, now: datetime) -> None:
    """Pass a version on to the centre: the department's second pair of eyes."""
    roles.require(acting_user, "disclosure.review")
    found = _in_state(version, S.SUBMITTED)
    _require_own(found.department_id, acting_user)
    _require_other(found, acting_user)
    found.state, found.reviewed_by, found.reviewed_at = S.REVIEWED, acting_user, now
    found.save()
    audit.record("部门审核通过", found, acting_user=acting_user)


@transaction.atomic
def approve_disclosure(*, version: DisclosureVersion, acting_user: User, now: datetime) -> None:
    """Show a version to the public in place of the one before."""
    roles.require(acting_user, "disclosure.approve")
    found = _in_state(version, S.REVIEWED)
    _require_other(found, acting_user)
    _show(found, acting_user, now)
    audit.record("核准并公布", found, acting_user=acting_user)


@transaction.atomic
def return_disclosure(*, version: DisclosureVersion, reason: str, acting_user: User, now: datetime) -> None:
    """Send a version back with a reason; the public goes on seeing the one before."""
    found = _in_state(version, *DisclosureVersion.OPEN)
    roles.require(acting_user, "disclosure.review" if found.state == S.SUBMITTED else "disclosure.approve")
    _require_own(found.department_id, acting_user)
    if not reason.strip():
        raise Refused("请填写退回原因")
    found.state, found.reason = S.RETURNED, reason.strip()
    found.returned_by, found.returned_at = acting_user, now
    found.save()
    audit.record("退回公示内容", found, acting_user=acting_user, after={"退回原因": found.reason})


@transaction.atomic
def withdraw_disclosure(*, version: DisclosureVersion, acting_user: User, now: datetime) -> None:
    """Take back what was handed in, before anybody decided."""
    roles.require(acting_user, "disclosure.submit")
    found = _in_state(version, *DisclosureVersion.OPEN)
    _require_own(found.department_id, acting_user)
    found.state, found.returned_by, found.returned_at = S.WITHDRAWN, acting_user, now
    found.save()
    audit.record("撤回公示内容", found, acting_user=acting_user)


@transaction.atomic
def publish_first_versions(*, acting_user: User | None, now: datetime) -> int:
    """Show every department in scope that has shown nothing yet; return how many.

    The first content is what the centre itself imported and looked at: one decision of the centre for
    all. From then on each change takes the way over two desks. None is the command line.
    """
    if acting_user is not None:
        roles.require(acting_user, "disclosure.approve")
    units = list(
        Department.objects.select_for_update()
        .filter(pk__in=unpublished().values("pk"))
        .order_by("order", "id")
    )
    drafts = content.drafts(unit.pk for unit in units)
    shown = 0
    for unit in units:
        if drafts[unit.pk]["sections"] or drafts[unit.pk]["people"]:
            version = _freeze(unit, drafts[unit.pk], state=S.REVIEWED)
            version.submitted_by, version.submitted_at = acting_user, now
            _show(version, acting_user, now)
            audit.record("首次公布身份和职责", version, acting_user=acting_user)
            shown += 1
    if not shown:
        raise Refused("没有尚未公布的单位")
    return shown


@transaction.atomic
def take_down(*, person: StaffMember, reason: str, acting_user: User) -> None:
    """Take a person off every public page at once; rendered files that name them are made anew.

    Coming back takes a new approval: the versions remember who was taken down.
    """
    roles.require(acting_user, "disclosure.take_down")
    _require_own(person.department_id, acting_user)
    if not reason.strip():
        raise Refused("请填写撤下原因")
    _lock(person.department)
    StaffMember.objects.filter(pk=person.pk).update(is_shown=False)
    for version in DisclosureVersion.objects.filter(department=person.department_id):
        _forget(version, person.pk)
    audit.record("撤下人员公示", person, acting_user=acting_user, after={"原因": reason.strip()})
    services.renew_where_taken_down()


@transaction.atomic
def show_again(*, person: StaffMember, acting_user: User) -> None:
    """Let the next version name a person again."""
    roles.require(acting_user, "disclosure.take_down")
    _require_own(person.department_id, acting_user)
    if not StaffMember.objects.filter(pk=person.pk, is_shown=False).update(is_shown=True):
        raise Refused("此人没有被撤下")
    audit.record("恢复人员公示", person, acting_user=acting_user)


# --- Looking ---------------------------------------------------------------------------------------------


def current_version(department_id: int) -> DisclosureVersion | None:
    """Return what the public sees of a department."""
    return DisclosureVersion.objects.filter(department=department_id, is_current=True).first()


def unpublished() -> Any:
    """Return the departments in scope that show nothing yet and have nothing under review."""
    busy = DisclosureVersion.objects.filter(is_current=True) | DisclosureVersion.objects.filter(
        state__in=DisclosureVersion.OPEN
    )
    return Department.objects.filter(is_active=True).exclude(pk__in=busy.values("department"))


# --- Inside ----------------------------------------------------------------------------------------------


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
    """Make a version of the draft with copies of its photos, which later uploads do not touch."""
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
    except OSError:
        return ""  # a photo without its file is no photo
    target = f"disclosed/{person_id}-{sha256(data).hexdigest()[:24]}.jpg"
    return target if stored.media().exists(target) else stored.media().save(target, ContentFile(data))


def _show(version: DisclosureVersion, user: User | None, now: datetime) -> None:
    earlier = DisclosureVersion.objects.filter(department=version.department_id, is_current=True)
    earlier.exclude(pk=version.pk).update(is_current=False)
    version.state, version.is_current = S.APPROVED, True
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
