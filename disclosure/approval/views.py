"""The office's pages of identity and duties on their way to the public (YC-R1, YC-R2)."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from departments.access import own_department
from departments.kinds import DISCLOSING
from departments.models import Department, StaffMember
from departments.queries import departments_in_scope
from disclosure.approval import content, services
from disclosure.approval.forms import ReturnForm, TakeDownForm
from disclosure.approval.pending import DepartmentDisclosure, disclosures_of
from disclosure.models import DisclosureVersion
from office import roles
from office.exports import fonts
from office.files import stored
from office.models import User
from office.workbench import edit_conflicts
from office.workbench.attempt import attempt
from office.workbench.pages import posted, require, show

State = DisclosureVersion.State


def _require(request: HttpRequest, action: str, department_id: int | None = None) -> User:
    """Return the user; 404 for a department other than their own, so that nobody learns what it prepares."""
    user = require(request, action)
    own = own_department(user)
    if department_id is not None and own is not None and own != department_id:
        raise Http404
    return user


@require_safe
@never_cache
def overview(request: HttpRequest) -> HttpResponse:
    """List all departments; somebody of a department is led to that one."""
    user = _require(request, "disclosure.view")
    own = own_department(user)
    if own is not None and Department.objects.exclude(kind__in=DISCLOSING).filter(pk=own).exists():
        messages.info(request, "本单位不是机关部门，不公示身份和职责，无须办理。")
        return redirect("admin:index")
    if own is not None:
        return redirect("review:department", own)
    rows = disclosures_of(departments_in_scope())
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
    user = _require(request, "disclosure.approve")
    with attempt(request, "已公布身份和职责。以后的修改，经部门审核、中心核准后更新。"):
        services.publish_first_versions(acting_user=user, now=timezone.now())
    return redirect("review:overview")


@require_safe
@never_cache
def department(request: HttpRequest, department_id: int) -> HttpResponse:
    """Show what the public sees beside what would change, and what the user may do."""
    user = _require(request, "disclosure.view", department_id)
    unit = get_object_or_404(Department.objects.disclosing(), pk=department_id)
    return _department_page(request, unit, user, ReturnForm())


def _department_page(request: HttpRequest, unit: Department, user: User, form: ReturnForm) -> HttpResponse:
    (disclosure,) = disclosures_of([unit])
    title = f"{unit.name}：身份和职责公示"
    context = _context(disclosure, user)
    return show(request, "disclosure/approval/department.html", title, form=form, **context)


def _context(disclosure: DepartmentDisclosure, user: User) -> dict[str, Any]:
    waiting, current, unit = disclosure.waiting, disclosure.current, disclosure.department
    shown = current.shown() if current else None
    mine = {waiting.submitted_by_id, waiting.reviewed_by_id} if waiting else set()
    decides = waiting is not None and roles.allowed(
        user, "disclosure.review" if waiting.state == State.SUBMITTED else "disclosure.approve"
    )
    history = DisclosureVersion.objects.filter(department=unit).defer("content")
    gone = StaffMember.objects.filter(department=unit, is_shown=False, left_on=None)
    return {
        "disclosure": disclosure,
        "waiting": waiting,
        "current": current,
        "waiting_changes": content.compare(shown, waiting.shown()) if waiting else [],
        "digest": content.digest(disclosure.draft),
        "cannot_print": fonts.warning(
            json.dumps([disclosure.draft, waiting and waiting.content], ensure_ascii=False, default=str)
        ),
        "may_submit": roles.allowed(user, "disclosure.submit") and not waiting and bool(disclosure.changes),
        "may_withdraw": roles.allowed(user, "disclosure.submit") and waiting is not None,
        "may_decide": decides and user.pk not in mine,
        "handed_in_by_me": decides and user.pk in mine,
        "may_take_down": roles.allowed(user, "disclosure.take_down"),
        "may_edit": roles.allowed(user, "roster.edit"),
        "gone": gone.order_by("name"),
        "history": history.select_related("submitted_by", "approved_by", "returned_by")[:10],
    }


@require_POST
def submit(request: HttpRequest, department_id: int) -> HttpResponse:
    user = _require(request, "disclosure.submit", department_id)
    unit = get_object_or_404(Department.objects.disclosing(), pk=department_id)
    with attempt(request, "已提交。审核期间，公示页面仍显示原来的内容。"):
        services.submit_disclosure(
            department=unit,
            expected_digest=request.POST.get("digest", ""),
            acting_user=user,
            now=timezone.now(),
        )
    return redirect("review:department", department_id)


DECISIONS: dict[str, tuple[str, Callable[..., None], str]] = {
    "review": ("disclosure.review", services.review_disclosure, "审核通过，已转评价中心核准。"),
    "approve": ("disclosure.approve", services.approve_disclosure, "已核准，公示页面已更新。"),
    "withdraw": ("disclosure.submit", services.withdraw_disclosure, "已撤回，可以修改后重新提交。"),
}


@require_POST
def decide(request: HttpRequest, version_id: int, act: str) -> HttpResponse:
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
            services.return_disclosure(version=version, reason=reason, acting_user=user, now=timezone.now())
        return redirect("review:department", version.department_id)
    return _department_page(request, version.department, user, form)


@require_http_methods(["GET", "POST"])
@never_cache
def person(request: HttpRequest, person_id: int) -> HttpResponse:
    """Take a person off the public pages at once, or let the next version name them again."""
    user = _require(request, "disclosure.take_down")
    found = get_object_or_404(StaffMember.objects.select_related("department", "section"), pk=person_id)
    _require(request, "disclosure.take_down", found.department_id)
    form = TakeDownForm(posted(request) if found.is_shown else None)
    back = redirect("review:department", found.department_id)
    if request.method == "POST" and not found.is_shown:
        said = "已恢复。经审核、核准后重新出现在公示页面。"
        with attempt(request, said) as done, edit_conflicts.unchanged(request, found, _is_shown):
            services.show_again(person=found, acting_user=user)
        if done:
            return back
    elif form.is_valid():
        reason, said = form.cleaned_data["reason"], f"已撤下“{found.name}”，公示页面不再显示此人。"
        with attempt(request, said) as done, edit_conflicts.unchanged(request, found, _is_shown):
            services.take_down(person=found, reason=reason, acting_user=user)
        if done:
            return back
    title = "撤下人员公示" if found.is_shown else "恢复人员公示"
    mark = edit_conflicts.page_mark(request, found.is_shown)
    return show(request, "disclosure/approval/person.html", title, person=found, form=form, seen_mark=mark)


def _is_shown(person: StaffMember) -> bool:
    """The same button takes down or puts back: whoever saw the other state is refused."""
    return StaffMember.objects.values_list("is_shown", flat=True).get(pk=person.pk)


@require_safe
@never_cache
def photo(request: HttpRequest, version_id: int, person_id: int) -> FileResponse:
    _require(request, "disclosure.view")
    version = get_object_or_404(DisclosureVersion, pk=version_id)
    _require(request, "disclosure.view", version.department_id)
    file = next((one["file"] for one in version.shown()["people"] if one["id"] == person_id), "")
    try:
        if not file:
            raise Http404
        return FileResponse(stored.media().open(file), content_type="image/jpeg")
    except FileNotFoundError as error:
        raise Http404 from error
