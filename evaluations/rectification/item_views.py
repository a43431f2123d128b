"""The page of one item: its plan, its progress and evidence, the check, the look back."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from evaluations.models import RectificationItem, RectificationPaper
from evaluations.rectification import closing, planning, queries
from evaluations.rectification.case import ItemState, State, authors_of
from evaluations.rectification.forms import CheckForm, EvidenceForm, LookBackForm, PlanForm, ProgressForm
from evaluations.rectification.standing import standing_of
from evaluations.rectification.views import SEE, acts_for_the_unit, the_rectification
from office import roles
from office.files import papers
from office.models import User
from office.workbench import edit_conflicts
from office.workbench.attempt import attempt
from office.workbench.pages import posted, require, show


def _shown(item: RectificationItem) -> list[Any]:
    """What must not have changed since the page was shown: the request and its evidence."""
    return [item.state, item.asked_at, item.checked_at, item.planned_by_id, item.papers.count()]


@never_cache
def item(request: HttpRequest, item_id: int) -> HttpResponse:
    user = require(request, *SEE)
    found = get_object_or_404(
        RectificationItem.objects.select_related("rectification", "looked_back_by", "asked_by"), pk=item_id
    )
    one = the_rectification(user, found.rectification_id)
    found.rectification = one
    forms = _forms(request, found)
    if request.method == "POST":
        require(request, "rectification.plan", "rectification.check")
        if _acted(request, found, forms, user):
            planned = "plan" in request.POST
            return (
                redirect("cockpit:rectification", one.pk)
                if planned
                else redirect("cockpit:rectification-item", found.pk)
            )
    standing = standing_of(one, timezone.now())
    late = next(each.late for each in standing.items if each.item.pk == found.pk)
    works = acts_for_the_unit(user)
    under_way = one.state == State.UNDER_WAY
    checks = roles.allowed(user, "rectification.check")
    return show(
        request,
        "evaluations/rectification/item.html",
        f"第{found.number}项",
        **forms,
        one=one,
        item=found,
        late=late,
        papers=found.papers.select_related("handed_in_by"),
        events=found.events.select_related("by").order_by("-pk"),
        sees_all=roles.allowed(user, "rectification.view"),
        may_plan=works and one.state == State.PLANNING,
        may_work=works and under_way and found.state == ItemState.OPEN,
        may_ask=bool(found.progress) and found.papers.exists(),
        may_check=checks and under_way and found.state == ItemState.ASKED,
        may_look_back=checks and found.state == ItemState.CLOSED,
        is_author=user.pk in authors_of([found]),
        gaps=closing.gaps(found, checker=user)
        if checks and found.state == ItemState.OPEN and under_way
        else [],
        checkers=roles.in_words("rectification.check"),
        seen_mark=edit_conflicts.page_mark(request, _shown(found)),
    )


def _forms(request: HttpRequest, found: RectificationItem) -> dict[str, Any]:
    data = posted(request)

    def sent(name: str) -> Any:
        return data if data is not None and name in data else None

    files = request.FILES if sent("evidence") is not None else None
    return {
        "plan_form": PlanForm(sent("plan"), item=found, one=found.rectification),
        "progress_form": ProgressForm(sent("progress"), initial={"text": found.progress}, prefix="progress"),
        "evidence_form": EvidenceForm(sent("evidence"), files, prefix="evidence"),
        "check_form": CheckForm(sent("check"), prefix="check"),
        "look_back_form": LookBackForm(sent("look_back"), prefix="look"),
    }


def _acted(request: HttpRequest, found: RectificationItem, forms: dict[str, Any], user: User) -> bool:
    common: dict[str, Any] = {"item": found, "now": timezone.now(), "acting_user": user}
    unchanged = edit_conflicts.unchanged(request, found, _shown)
    plan, progress, evidence = forms["plan_form"], forms["progress_form"], forms["evidence_form"]
    check, look = forms["check_form"], forms["look_back_form"]
    if plan.is_valid():
        with attempt(request, "已填写整改措施。") as done, unchanged:
            planning.plan_item(plan=plan.plan(), **common)
    elif progress.is_valid():
        with attempt(request, "已填报进展。") as done:
            closing.report_progress(**progress.cleaned_data, **common)
    elif evidence.is_valid():
        with attempt(request, "已提交佐证材料。") as done:
            closing.hand_in_evidence(**evidence.cleaned_data, **common)
    elif "ask" in request.POST:
        with attempt(request, "已申请销号，等待核验。") as done:
            closing.ask_closing(**common)
    elif check.is_valid():
        closes = request.POST["check"] == "close"
        with attempt(request, "已核验销号。" if closes else "已退回销号申请。") as done, unchanged:
            (closing.close_item if closes else closing.return_request)(**check.cleaned_data, **common)
    elif look.is_valid():
        holds = request.POST["look_back"] == "holds"
        with attempt(request, "已登记回头看。") as done, unchanged:
            closing.look_back(holds=holds, **look.cleaned_data, **common)
    else:
        return False
    return bool(done)


@require_safe
def paper(request: HttpRequest, paper_id: int) -> FileResponse:
    """The evidence, for whoever may see the rectification; always to be saved."""
    user = require(request, *SEE)
    mine = queries.rectifications_for(user)
    found = get_object_or_404(
        RectificationPaper.objects.exclude(file=""), pk=paper_id, item__rectification__in=mine
    )
    return papers.answer(found.file, found.file_name)
