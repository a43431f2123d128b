"""Promises in the office and at the unit, and what the public reads of them."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_http_methods, require_safe

from casework.hearings import given_day, promising, standing, weeks
from casework.hearings.forms import AccountForm, ChangeForm, PromiseCheckForm
from casework.models import Assignment, Matter, PromiseCheck, WeeklyItem
from departments.access import own_units
from office import dates, roles
from office.files import papers
from office.workbench.attempt import attempt
from office.workbench.edit_conflicts import page_mark, unchanged
from office.workbench.pages import posted, require, show

AT_ONCE = 20
CHECK_FOLLOWS = "已报告，等待评价中心核验。"
MEASURES_SENT = "已报告措施，办成后再报告办成。"


@require_safe
def promises(request: HttpRequest) -> HttpResponse:
    require(request, "hearing.view")
    today = timezone.localdate()
    chains = [standing.chain(one, today) for one in standing.promises()]
    wanted = request.GET.get("standing", "")
    chosen = [one for one in chains if one.standing == wanted] if wanted else chains
    context: dict[str, Any] = {
        "page": Paginator(chosen, AT_ONCE).get_page(request.GET.get("page")),
        "sums": standing.sums(chains),
        "standings": list(standing.IN_WORDS.items()),
        "wanted": wanted,
    }
    return show(request, "casework/hearings/promises.html", "公开承诺", **context)


@never_cache
@require_http_methods(["GET", "POST"])
def promise(request: HttpRequest, promise_id: int) -> HttpResponse:
    user = require(request, "hearing.view")
    first = get_object_or_404(standing.promises(), pk=promise_id)
    found = standing.chain(first, timezone.localdate())
    sent = request.POST.get("act", "")
    change = ChangeForm(posted(request) if sent == "change" else None, initial={"text": found.last.text})
    check = PromiseCheckForm(
        *((request.POST, request.FILES) if request.method == "POST" and sent == "check" else ())
    )
    if request.method == "POST":
        require(request, "promise.check" if sent == "check" else "hearing.edit")
        if sent == "change" and change.is_valid():
            with (
                attempt(request, "已登记变更，原承诺照旧公开。") as done,
                unchanged(request, first, _shown),
            ):
                promising.change_promise(
                    promise=found.last, **change.cleaned_data, now=timezone.now(), acting_user=user
                )
            if done:
                return redirect("casework:promise", first.pk)
        if sent == "check" and check.is_valid():
            with attempt(request, "已登记核验。") as done, unchanged(request, first, _shown):
                promising.check_promise(
                    promise=first, **check.cleaned_data, now=timezone.now(), acting_user=user
                )
            if done:
                return redirect("casework:promise", first.pk)
    is_open = first.done_on is None
    context: dict[str, Any] = {
        "chain": found,
        "change": change if is_open and roles.allowed(user, "hearing.edit") else None,
        "check": check if found.standing == "reported" and roles.allowed(user, "promise.check") else None,
        "mark": page_mark(request, _shown(first)),
        "accept": papers.ACCEPT,
    }
    return show(request, "casework/hearings/promise.html", "公开承诺", **context)


def _shown(first: Any) -> list[Any]:
    """What a page of a promise was built on: its last version and its checks."""
    last = first.later_ones.order_by("-id").values_list("pk", flat=True).first()
    return [last, first.done_on, first.checks.count()]


@require_safe
@never_cache
def evidence(request: HttpRequest, check_id: int) -> FileResponse:
    require(request, "hearing.view")
    found = get_object_or_404(PromiseCheck, pk=check_id)
    if not found.evidence:
        raise Http404
    return papers.answer(found.evidence, found.evidence_name)


@require_safe
@never_cache
def own(request: HttpRequest) -> HttpResponse:
    """What a unit promised and what it was given this year, by the day it is due."""
    user = require(request, "promise.view_own")
    units, today = own_units(user), timezone.localdate()
    chains = [standing.chain(one, today) for one in standing.promises().filter(unit__in=units)[:100]]
    given = WeeklyItem.objects.filter(unit__in=units, matter__isnull=False)
    rows = given.select_related("unit", "clock", "matter__version")
    items = list(rows.prefetch_related("matter__assignments")[:100])
    items.sort(key=lambda one: (one.done_on is not None, one.last_day))
    context: dict[str, Any] = {
        "open": sorted((one for one in chains if one.first.done_on is None), key=lambda one: one.due_on),
        "kept": [one for one in chains if one.first.done_on is not None],
        "items": [(one, given_day.reported_on(one.matter)) for one in items if one.matter is not None],
        "today": today,
    }
    return show(request, "casework/hearings/own.html", "本单位的承诺和周交办事项", **context)


@never_cache
@require_http_methods(["GET", "POST"])
def report_promise(request: HttpRequest, promise_id: int) -> HttpResponse:
    user = require(request, "promise.view_own")
    mine = standing.promises().filter(unit__in=own_units(user))
    found = standing.chain(get_object_or_404(mine, pk=promise_id), timezone.localdate())
    form, is_done = AccountForm(posted(request)), request.POST.get("act") != "measures"
    if request.method == "POST" and form.is_valid():
        with attempt(request, CHECK_FOLLOWS if is_done else MEASURES_SENT) as done:
            promising.report_promise(
                promise=found.first,
                **form.cleaned_data,
                is_done=is_done,
                now=timezone.now(),
                acting_user=user,
            )
        if done:
            return redirect("casework:promises-own")
    lead = f"{found.last.text}（最先承诺{dates.day(found.first.promised_on)}前兑现，{found.says}）"
    return _report(request, "报告承诺办理情况", form, lead, found.first.matter)


@never_cache
@require_http_methods(["GET", "POST"])
def report_item(request: HttpRequest, weekly_id: int) -> HttpResponse:
    user = require(request, "promise.view_own")
    mine = WeeklyItem.objects.filter(unit__in=own_units(user), matter__isnull=False)
    found = get_object_or_404(mine.select_related("matter"), pk=weekly_id)
    form, is_done = AccountForm(posted(request)), request.POST.get("act") != "measures"
    if request.method == "POST" and form.is_valid():
        with attempt(request, CHECK_FOLLOWS if is_done else MEASURES_SENT) as done:
            weeks.report_item(
                item=found, **form.cleaned_data, is_done=is_done, now=timezone.now(), acting_user=user
            )
        if done:
            return redirect("casework:promises-own")
    lead = f"{found.title}：{found.text}（{dates.day(found.last_day)}前完成）"
    return _report(request, "报告周交办事项办理情况", form, lead, found.matter)


def _report(
    request: HttpRequest, title: str, form: AccountForm, lead: str, matter: Matter | None
) -> HttpResponse:
    new = (Assignment.State.WAITING, Assignment.State.IN_HAND)
    context: dict[str, Any] = {
        "form": form,
        "button": "报告办成",
        "back": "casework:promises-own",
        "lead": lead,
        "measures": matter is not None
        and given_day.has_measures(matter)
        and matter.assignments.filter(state__in=new).exists(),
    }
    return show(request, "casework/hearings/form.html", title, **context)


# --- The public --------------------------------------------------------------------------------------------


@require_safe
@cache_control(public=True, max_age=60)
def public_promises(request: HttpRequest) -> HttpResponse:
    """All promises with their whole history; nothing is taken off after the broadcast."""
    today = timezone.localdate()
    chains = [standing.chain(one, today) for one in standing.promises()]
    wanted = request.GET.get("standing", "")
    chosen = [one for one in chains if one.standing == wanted] if wanted in standing.IN_WORDS else chains
    context: dict[str, Any] = {
        "page": Paginator(chosen, AT_ONCE).get_page(request.GET.get("page")),
        "sums": standing.sums(chains),
        "standings": list(standing.IN_WORDS.items()),
        "wanted": wanted,
        "nav": "promises",
    }
    return render(request, "casework/hearings/public_promises.html", context)


@require_safe
@cache_control(public=True, max_age=60)
def public_promise(request: HttpRequest, promise_id: int) -> HttpResponse:
    first = get_object_or_404(standing.promises(), pk=promise_id)
    context: dict[str, Any] = {"chain": standing.chain(first, timezone.localdate()), "nav": "promises"}
    return render(request, "casework/hearings/public_promise.html", context)
