"""The catalogue's list with what may be done to many at once, its workbook, and its import."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from benefits.catalogue import drafting
from benefits.catalogue.list_import import WHAT, import_items, preview_items
from benefits.catalogue.listing import STATES, Filters, items_for, standing
from benefits.catalogue.words import Vocabulary, with_all
from benefits.catalogue.workbooks import items_workbook
from benefits.models import ItemVersion
from departments.access import own_department
from departments.models import Department
from office import audit, roles
from office.errors import Refused
from office.imports import definition as imports
from office.imports.views import page as import_page
from office.models import User
from office.workbench.pages import require, show
from office.workbooks.sheets import ReportProgress
from office.workbooks.writing import XLSX

PER_PAGE = 50
MOST_TOLD = 10
State = ItemVersion.State


@never_cache
def items(request: HttpRequest) -> HttpResponse:
    user = require(request, "benefit.view", "benefit.view_own")
    chosen, today = Filters.read(request.GET), timezone.localdate()
    if request.method == "POST":
        _act(request, chosen, user)
        return redirect(request.get_full_path())
    rows = chosen.of(items_for(user), today).select_related("item", "department", "drafted_by")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    words = Vocabulary.stored()
    may = {State.DRAFT: "benefit.draft", State.SUBMITTED: "benefit.approve"}
    waiting = {
        state: rows.filter(state=state).count() for state, act in may.items() if roles.allowed(user, act)
    }
    context: dict[str, Any] = {
        "page": page,
        "rows": [(one, words.categories.get(one.category, ""), standing(one, today)) for one in page],
        "filters": chosen,
        "states": STATES.items(),
        "categories": words.categories.items(),
        "units": Department.objects.filter(benefit_items__isnull=False).distinct(),
        "own": own_department(user) is not None,
        "drafts": waiting.get(State.DRAFT, 0),
        "submitted": waiting.get(State.SUBMITTED, 0),
        "may_draft": roles.allowed(user, "benefit.draft"),
    }
    return show(request, "benefits/catalogue/items.html", "惠企政策事项清单", **context)


def _act(request: HttpRequest, chosen: Filters, user: User) -> None:
    """Hand in or approve what was ticked, or all that the filters select on every page."""
    approves = request.POST.get("act") == "approve"
    require(request, "benefit.approve" if approves else "benefit.draft")
    state = State.SUBMITTED if approves else State.DRAFT
    rows = items_for(user).filter(state=state).select_related("item").order_by("item__code")
    try:
        versions = _meant(request, chosen, rows)
        if approves:
            found = drafting.approve_several(versions=versions, today=timezone.localdate(), acting_user=user)
        else:
            found = drafting.hand_in_several(versions=versions, acting_user=user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return
    if found.done:
        messages.success(request, f"已{'审核通过' if approves else '提交'} {found.done} 项。")
    for one in found.refused[:MOST_TOLD]:
        messages.error(request, one)
    if len(found.refused) > MOST_TOLD:
        messages.error(request, f"另有 {len(found.refused) - MOST_TOLD} 项没有办成，请逐项查看。")


def _meant(request: HttpRequest, chosen: Filters, rows: QuerySet[ItemVersion]) -> list[ItemVersion]:
    if not (counted := request.POST.get("all", "")):
        ids = [int(one) for one in request.POST.getlist("version") if one.isdecimal() and len(one) < 19]
        return list(rows.filter(pk__in=ids))
    found = list(chosen.of(rows, timezone.localdate()))
    if str(len(found)) != counted:
        raise Refused("打开本页之后，清单有了变化", "请核对后重新选择。")
    return found


@require_safe
def exported(request: HttpRequest) -> HttpResponse:
    """What the filters select, without any what is in force, to come or drafted; it can be imported again."""
    user = require(request, "benefit.view", "benefit.view_own")
    chosen = Filters.read(request.GET)
    rows = list(with_all(chosen.of(items_for(user), timezone.localdate())))
    with transaction.atomic():
        told = {"列表": WHAT, "行数": len(rows), "筛选": chosen.query or "现行和在办"}
        audit.record("导出", user, acting_user=user, after=told)
    answer = HttpResponse(items_workbook(rows), content_type=XLSX)
    name = "%E6%83%A0%E4%BC%81%E6%94%BF%E7%AD%96%E4%BA%8B%E9%A1%B9.xlsx"
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return answer


def _preview(content: bytes, option: Any, user: User, progress: ReportProgress) -> imports.Preview:
    plan = preview_items(content=content, acting_user=user, progress=progress)
    counts = {**plan.counts(), "有误": len({fault.row for fault in plan.faults})}
    return imports.Preview(
        digest=plan.digest(),
        headings=list(counts),
        rows=[(WHAT, list(counts.values()))],
        notes=plan.notes,
        faults=plan.faults,
        changes=plan.changes,
        writes=plan.writes,
    )


def _run(agreed: imports.Agreed, user: User, progress: ReportProgress) -> str:
    plan = import_items(
        content=agreed.content,
        file_name=agreed.file_name,
        expected_digest=agreed.digest,
        acting_user=user,
        progress=progress,
    )
    said = "，".join(f"{done} {count}" for done, count in plan.counts().items())
    return f"已导入为草稿：{said}。请在清单中勾选后提交审核。"


ITEMS = imports.offer(
    imports.Import(
        title=f"导入{WHAT}",
        lead="一行一个事项。可以先导出清单，在其中修改、增加后导入。新的和有改动的成为草稿，提交并经专窗审核后才发布；没有改动的不变。",
        action="benefit.draft",
        url_name="benefits:import-items",
        leads_to="benefits:items",
        leads_to_label="打开事项清单",
        option="",
        faults_stop=lambda _: True,
        preview=_preview,
        run=_run,
    )
)


@never_cache
def import_view(request: HttpRequest) -> HttpResponse:
    return import_page(request, ITEMS)
