"""The office's pages of identity and duties on their way to the public (YC-R1, YC-R2)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from departments.access import own_department
from departments.models import Department, StaffMember
from disclosure.approval import content
from disclosure.approval import services as approval
from disclosure.approval.forms import ReturnForm, TakeDownForm
from disclosure.approval.pending import Standing, standings
from disclosure.models import DisclosureVersion
from office import roles
from office.files import stored
from office.models import User
from office.workbench import edit_conflicts
from office.workbench.attempt import attempt
from office.workbench.pages import require, show

S = DisclosureVersion.State


def _require(request: HttpRequest, action: str, department_id: int | None = None) -> User:
    """Return who asks, if they may; a department's people reach their own department only."""
    user = require(request, action)
    own = own_department(user)
    if department_id is not None and own is not None and own != department_id:
        raise Http404
    return user


@require_safe
@never_cache
def overview(request: HttpRequest) -> HttpResponse:
    """List the departments with where they stand; a department's people come to their own."""
    user = _require(request, "disclosure.view")
    own = own_department(user)
    if own is not None:
        return redirect("review:department", own)
    rows = standings(Department.objects.filter(is_active=True).order_by("order", "id"))
    waiting = [row for row in rows if row.waiting]
    first = [row for row in rows if row.current is None and not row.waiting and not row.is_empty]
    may_approve = roles.allowed(user, "disclosure.approve")
    return show(
        request,
        "disclosure/approval/overview.html",
        "公示身份和职责",
        rows=rows,
        waiting=waiting,
        first=first,
        may_approve=may_approve,
    )


@require_POST
def publish_first(request: HttpRequest) -> HttpResponse:
    """Show every department that has shown nothing yet."""
    user = _require(request, "disclosure.approve")
    with attempt(request, "已公布身份和职责。以后的修改，经部门审核、中心核准后更新。"):
        approval.publish_first_versions(acting_user=user, now=timezone.now())
    return redirect("review:overview")


@require_safe
@never_cache
def department(request: HttpRequest, department_id: int) -> HttpResponse:
    """Show what the public sees and what would change, side by side, and what may be done."""
    user = _require(request, "disclosure.view", department_id)
    unit = get_object_or_404(Department, pk=department_id)
    (one,) = standings([unit])
    return show(
        request, "disclosure/approval/department.html", f"{unit.name}：身份和职责公示", **_context(one, user)
    )


def _context(one: Standing, user: User, form: ReturnForm | None = None) -> dict[str, Any]:
    waiting, current = one.waiting, one.current
    shown = current.shown() if current else None
    mine = {waiting.submitted_by_id, waiting.reviewed_by_id} if waiting else set()
    decides = waiting is not None and roles.allowed(
        user, "disclosure.review" if waiting.state == S.SUBMITTED else "disclosure.approve"
    )
    history = DisclosureVersion.objects.filter(department=one.department).defer("content")
    gone = StaffMember.objects.filter(department=one.department, is_shown=False, left_on=None)
    return {
        "one": one,
        "waiting": waiting,
        "current": current,
        "waiting_changes": content.compare(shown, waiting.shown()) if waiting else [],
        "digest": content.digest(one.draft),
        "may_submit": roles.allowed(user, "disclosure.submit") and not waiting and bool(one.changes),
        "may_withdraw": roles.allowed(user, "disclosure.submit") and waiting is not None,
        "may_decide": decides and user.pk not in mine,
        "handed_in_by_me": decides and user.pk in mine,
        "may_take_down": roles.allowed(user, "disclosure.take_down"),
        "may_edit": roles.allowed(user, "roster.edit"),
        "gone": gone.order_by("name"),
        "form": form or ReturnForm(),
        "history": history.select_related("submitted_by", "approved_by", "returned_by")[:10],
    }


@require_POST
def submit(request: HttpRequest, department_id: int) -> HttpResponse:
    """Hand in the working copy as it was looked at."""
    user = _require(request, "disclosure.submit", department_id)
    unit = get_object_or_404(Department, pk=department_id)
    with attempt(request, "已提交。审核期间，公示页面仍显示原来的内容。"):
        approval.submit_disclosure(
            department=unit,
            expected_digest=request.POST.get("digest", ""),
            acting_user=user,
            now=timezone.now(),
        )
    return redirect("review:department", department_id)


DECISIONS: dict[str, tuple[str, Callable[..., None], str]] = {
    "review": ("disclosure.review", approval.review_disclosure, "审核通过，已转评价中心核准。"),
    "approve": ("disclosure.approve", approval.approve_disclosure, "已核准，公示页面已更新。"),
    "withdraw": ("disclosure.submit", approval.withdraw_disclosure, "已撤回，可以修改后重新提交。"),
}


@require_POST
def decide(request: HttpRequest, version_id: int, act: str) -> HttpResponse:
    """Pass a version on, show it, send it back or take it back."""
    if act not in {*DECISIONS, "return"}:
        raise Http404
    if act == "return":
        user = require(request, "disclosure.review", "disclosure.approve")
    else:
        user = _require(request, DECISIONS[act][0])
    version = get_object_or_404(DisclosureVersion.objects.select_related("department"), pk=version_id)
    _require(request, "disclosure.view", version.department_id)
    if act == "return":
        return _return(request, version, user)
    _, work, done = DECISIONS[act]
    with attempt(request, done):
        work(version=version, acting_user=user, now=timezone.now())
    return redirect("review:department", version.department_id)


def _return(request: HttpRequest, version: DisclosureVersion, user: User) -> HttpResponse:
    form = ReturnForm(request.POST)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        with attempt(request, "已退回，原因已告知提交人。公示页面没有变化。"):
            approval.return_disclosure(version=version, reason=reason, acting_user=user, now=timezone.now())
        return redirect("review:department", version.department_id)
    (one,) = standings([version.department])
    title = f"{version.department.name}：身份和职责公示"
    return show(request, "disclosure/approval/department.html", title, **_context(one, user, form))


@require_http_methods(["GET", "POST"])
@never_cache
def person(request: HttpRequest, person_id: int) -> HttpResponse:
    """Take a person off the public pages at once, or let the next version name them again."""
    user = _require(request, "disclosure.take_down")
    found = get_object_or_404(StaffMember.objects.select_related("department", "section"), pk=person_id)
    _require(request, "disclosure.take_down", found.department_id)
    form = TakeDownForm(request.POST if request.method == "POST" and found.is_shown else None)
    back = redirect("review:department", found.department_id)
    if request.method == "POST" and not found.is_shown:
        said = "已恢复。经审核、核准后重新出现在公示页面。"
        with attempt(request, said) as done, edit_conflicts.unchanged(request, found, _is_shown):
            approval.show_again(person=found, acting_user=user)
        if done:
            return back
    elif form.is_valid():
        reason, said = form.cleaned_data["reason"], f"已撤下“{found.name}”，公示页面不再显示此人。"
        with attempt(request, said) as done, edit_conflicts.unchanged(request, found, _is_shown):
            approval.take_down(person=found, reason=reason, acting_user=user)
        if done:
            return back
    title = "撤下人员公示" if found.is_shown else "恢复人员公示"
    mark = edit_conflicts.page_mark(request, found.is_shown)
    return show(request, "disclosure/approval/person.html", title, person=found, form=form, seen_mark=mark)


def _is_shown(person: StaffMember) -> bool:
    """What is done depends on what is: nobody puts back whom they meant to take down."""
    return StaffMember.objects.values_list("is_shown", flat=True).get(pk=person.pk)


@require_safe
@never_cache
def photo(request: HttpRequest, version_id: int, person_id: int) -> FileResponse:
    """Show a photo of a version to those who may see the version."""
    _require(request, "disclosure.view")
    version = get_object_or_404(DisclosureVersion, pk=version_id)
    _require(request, "disclosure.view", version.department_id)
    file = next((one["file"] for one in version.shown()["people"] if one["id"] == person_id), "")
    try:
        if not file:
            raise Http404
        return FileResponse(stored.media().open(file), content_type="image/jpeg")
    except OSError as error:
        raise Http404 from error
