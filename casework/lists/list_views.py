"""Positive and negative lists in the office and for the public; contact reports."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_http_methods, require_safe

from casework.lists import conduct, contacts
from casework.lists.contacts import Contact
from casework.lists.forms import ContactForm, EntryForm, MomentForm, PublishForm, moment_of
from casework.lists.rules import rules
from casework.models import ListEntry, ListVersion
from office import roles
from office.workbench.attempt import attempt
from office.workbench.pages import posted, require, show

AT_ONCE = 50
State, Kind = ListVersion.State, ListVersion.Kind


@never_cache
@require_http_methods(["GET", "POST"])
def conduct_lists(request: HttpRequest) -> HttpResponse:
    """Both lists with all their versions; a post begins the next version of one."""
    user = require(request, "list.view")
    if request.method == "POST":
        require(request, "list.draft")
        made: list[ListVersion] = []
        with attempt(request, "已开始起草新的一版，条目照上一版带入。") as done:
            made.append(conduct.begin_version(kind=request.POST.get("kind", ""), acting_user=user))
        return redirect("casework:conduct-list", made[0].pk) if done else redirect("casework:conduct-lists")
    today = timezone.localdate()
    in_force = {kind: conduct.version_on(kind, today) for kind in Kind.values}
    versions = list(ListVersion.objects.select_related("drafted_by", "approved_by"))
    context: dict[str, Any] = {
        "lists": [
            (kind, label, in_force[kind], [one for one in versions if one.kind == kind])
            for kind, label in Kind.choices
        ],
        "may_draft": roles.allowed(user, "list.draft"),
    }
    return show(request, "casework/lists/lists.html", "正面清单和负面清单", **context)


@never_cache
@require_http_methods(["GET", "POST"])
def conduct_list(request: HttpRequest, version_id: int) -> HttpResponse:
    user = require(request, "list.view")
    rows = ListVersion.objects.select_related("drafted_by", "approved_by", "published_by")
    found = get_object_or_404(rows, pk=version_id)
    act = request.POST.get("act", "")
    entry = EntryForm(posted(request) if act == "add" else None)
    publish = PublishForm(posted(request) if act == "publish" else None)
    if request.method == "POST":
        require(request, "list.approve" if act in ("approve", "return") else "list.draft")
        if _did(request, found, act, entry, publish):
            return redirect("casework:conduct-list", found.pk)
    may_draft, may_approve = roles.allowed(user, "list.draft"), roles.allowed(user, "list.approve")
    is_mine = found.drafted_by_id == user.pk
    draft, approved = found.state == State.DRAFT, found.state == State.APPROVED
    context: dict[str, Any] = {
        "version": found,
        "entries": found.entries.all(),
        "entry": entry if draft and may_draft and is_mine else None,
        "publish": publish if approved and may_draft else None,
        "may_approve": draft and may_approve and not is_mine,
        "may_return": approved and may_approve,
    }
    return show(request, "casework/lists/list.html", str(found), **context)


def _did(request: HttpRequest, found: ListVersion, act: str, entry: EntryForm, publish: PublishForm) -> bool:
    user = require(request, "list.view")
    said = {"add": "已增加。", "publish": "已公布。", "approve": "已审核。", "return": "已退回修改。"}
    if act not in said or (act == "add" and not entry.is_valid()):
        return False
    if act == "publish" and not publish.is_valid():
        return False
    with attempt(request, said[act]) as done:
        if act == "add":
            conduct.add_entry(version=found, entry=entry.entry(), acting_user=user)
        elif act == "publish":
            conduct.publish_version(
                version=found, **publish.cleaned_data, now=timezone.now(), acting_user=user
            )
        elif act == "approve":
            conduct.approve_version(version=found, acting_user=user)
        else:
            conduct.return_version(version=found, acting_user=user)
    return bool(done)


@never_cache
@require_http_methods(["GET", "POST"])
def entry(request: HttpRequest, entry_id: int) -> HttpResponse:
    """Change an entry of a draft, or take it out."""
    user = require(request, "list.draft")
    found = get_object_or_404(ListEntry.objects.select_related("version"), pk=entry_id)
    is_removal = request.POST.get("act") == "remove"
    initial = {"text": found.text, "basis": found.basis, "needs_report": found.needs_report}
    form = EntryForm(posted(request) if not is_removal else None, initial=initial)
    if request.method == "POST" and (is_removal or form.is_valid()):
        version_id = found.version_id
        with attempt(request, "已删除。" if is_removal else "已修改。") as done:
            if is_removal:
                conduct.remove_entry(entry=found, acting_user=user)
            else:
                conduct.change_entry(entry=found, to=form.entry(), acting_user=user)
        if done:
            return redirect("casework:conduct-list", version_id)
    context: dict[str, Any] = {
        "form": form,
        "button": "保存",
        "back": "casework:conduct-lists",
        "may_remove": True,
    }
    return show(request, "casework/lists/form.html", f"修改{found}", **context)


# --- Contacts with firms -----------------------------------------------------------------------------------


@require_safe
@never_cache
def contact_reports(request: HttpRequest) -> HttpResponse:
    user = require(request, "contact.report", "contact.view_all")
    found = contacts.contacts_for(user)
    context: dict[str, Any] = {
        "page": Paginator(found, AT_ONCE).get_page(request.GET.get("page")),
        "may_report": roles.allowed(user, "contact.report"),
        "sees_all": roles.allowed(user, "contact.view_all"),
    }
    return show(request, "casework/lists/contacts.html", "接触企业报告", **context)


@never_cache
@require_http_methods(["GET", "POST"])
def new_contact(request: HttpRequest) -> HttpResponse:
    """Ask for the moment first: the entries are those of the lists in force on its day."""
    user = require(request, "contact.report")
    given = moment_of(request.POST.get("happens_at") or request.GET.get("happens_at", ""))
    if given is None:
        first = MomentForm(request.GET if "happens_at" in request.GET else None)
        asked: dict[str, Any] = {
            "form": first,
            "button": "下一步",
            "back": "casework:contacts",
            "method": "get",
        }
        return show(request, "casework/lists/form.html", "报告接触企业", **asked)
    entries = contacts.entries_on(given)
    initial = {"happens_at": timezone.localtime(given).strftime("%Y-%m-%dT%H:%M")}
    form = ContactForm(posted(request), entries=entries, initial=initial)
    if request.method == "POST" and form.is_valid():
        with attempt(request, "已报告，时间以系统记录为准。") as done:
            contacts.report_contact(
                contact=Contact(**form.cleaned_data), now=timezone.now(), acting_user=user
            )
        if done:
            return redirect("casework:contacts")
    context: dict[str, Any] = {
        "form": form,
        "button": "报告",
        "back": "casework:contacts",
        "given": given,
        "is_after": given < timezone.now(),
        "within": rules().contacts.late_within.span,
        "no_entries": not entries,
    }
    return show(request, "casework/lists/form.html", "报告接触企业", **context)


# --- The public --------------------------------------------------------------------------------------------


@require_safe
@cache_control(no_cache=True)
def public_lists(request: HttpRequest) -> HttpResponse:
    """The version in force of each list, and all earlier and coming ones."""
    today = timezone.localdate()
    versions = list(conduct.published())
    shown = []
    for kind, label in Kind.choices:
        own = [one for one in versions if one.kind == kind]
        now = next((one for one in own if one.in_force_from and one.in_force_from <= today), None)
        shown.append((kind, label, now, [one for one in own if one is not now]))
    context: dict[str, Any] = {"lists": shown, "today": today, "nav": "lists"}
    return render(request, "casework/lists/public_lists.html", context)


@require_safe
@cache_control(no_cache=True)
def public_list(request: HttpRequest, version_id: int) -> HttpResponse:
    found = get_object_or_404(conduct.published(), pk=version_id)
    in_force = conduct.version_on(found.kind, timezone.localdate())
    context: dict[str, Any] = {
        "version": found,
        "in_force": in_force,
        "today": timezone.localdate(),
        "nav": "lists",
    }
    return render(request, "casework/lists/public_list.html", context)
