"""Matching as the window sees it: what a run found item by item, and the lists for pushing."""

from __future__ import annotations

from io import BytesIO

from django.db import transaction
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from benefits.catalogue.drafting import in_force
from benefits.firms.labels import word_of
from benefits.matching import lists
from benefits.matching.conditions import matchable
from benefits.matching.running import WORKING, last_run, start_matching
from benefits.models import Firm, ItemVersion, Match
from benefits.rules import rules
from office import audit, roles
from office.jobs import views as job_views
from office.workbench.attempt import attempt
from office.workbench.pages import require, show
from office.workbench.paging import FromTheNearerEnd
from office.workbooks.writing import XLSX, write_workbook

PER_PAGE = 50


@never_cache
def matching(request: HttpRequest) -> HttpResponse:
    user = require(request, "benefit.view")
    today = timezone.localdate()
    if request.method == "POST":
        with attempt(request, "已开始匹配。"):
            start_matching(today=today, acting_user=user)
        return redirect("benefits:matching")
    run = last_run()
    is_mine = run is not None and run.state in WORKING and run.created_by_id == user.pk
    return show(
        request,
        "benefits/desk/matching.html",
        "政策匹配",
        rows=lists.counted(today),
        run=job_views.told(run) if run else None,
        job=job_views.told(run) if run and is_mine else None,
        is_working=run is not None and run.state in WORKING,
        firms=Firm.objects.filter(is_cancelled=False).count(),
        rules=rules()[1],
        may_match=roles.allowed(user, "benefit.match"),
    )


@never_cache
def pushing(request: HttpRequest, version_id: int) -> HttpResponse:
    """Who fits, or who may fit with the label in question; POST notes that they were told."""
    user = require(request, "benefit.view")
    version, answer = _asked(request, version_id)
    if request.method == "POST":
        with attempt(request, "已记为今天推送。"):
            lists.mark_pushed(version=version, answer=answer, today=timezone.localdate(), acting_user=user)
        return redirect(f"{request.path}?answer={answer}")
    matches = lists.matched(version, answer)
    page = FromTheNearerEnd(matches, PER_PAGE).get_page(request.GET.get("page"))
    (item,) = matchable(timezone.localdate(), version.pk) or (None,)
    return show(
        request,
        "benefits/desk/pushing.html",
        version.name,
        version=version,
        answer=answer,
        answers=[(one.value, one.label) for one in lists.PUSHED],
        page=page,
        rows=[(one, word_of(one.label) if one.label else "") for one in page],
        query=f"answer={answer}",
        waiting=matches.filter(pushed_on=None).count(),
        item=item,
        needs_no_claim=rules()[1].needs_no_claim(version.category),
        may_match=roles.allowed(user, "benefit.match"),
    )


@require_safe
@never_cache
def workbook(request: HttpRequest, version_id: int) -> FileResponse:
    user = require(request, "benefit.match")
    version, answer = _asked(request, version_id)
    content = BytesIO()
    title = str(Match.Answer(answer).label)
    count = write_workbook(content, title, lists.HEADINGS, lists.rows_of(lists.matched(version, answer)))
    content.seek(0)
    with transaction.atomic():
        told = {"列表": f"{version.name}{title}的企业", "行数": count}
        audit.record("导出", user, acting_user=user, after=told)
    name = f"{version.name}（{title}）.xlsx"
    return FileResponse(content, as_attachment=True, filename=name, content_type=XLSX)


def _asked(request: HttpRequest, version_id: int) -> tuple[ItemVersion, str]:
    found = in_force(timezone.localdate()).select_related("item", "department")
    answer = request.GET.get("answer", "")
    known = [one.value for one in lists.PUSHED]
    return get_object_or_404(found, pk=version_id), answer if answer in known else known[0]
