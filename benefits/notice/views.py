"""The notice of a month: as it runs, as it was closed, the lists behind its numbers, and what is public."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from benefits.claims.queries import claims_for
from benefits.models import MonthNotice
from benefits.notice import closing, lists
from benefits.notice.counting import told
from benefits.notice.sheets import Cell, Sheet, opening, public_sheets, sheets_of
from benefits.notice.trail import trail_workbook
from benefits.rules import rules
from casework.figures.months import MONTHS, Month
from departments.models import Department
from office import audit, roles
from office.errors import Refused
from office.imports.views import workbook_answer
from office.workbench.attempt import attempt
from office.workbench.pages import require, show
from office.workbench.paging import KeysFirst
from office.workbooks.writing import workbook, workbook_of

ON_A_PAGE = 50


@never_cache
@require_safe
def running(request: HttpRequest) -> HttpResponse:
    """The numbers of a month as they are now; a month that is over can be closed here."""
    user = require(request, "benefit.view")
    month, now = _month(request), timezone.now()
    content: dict[str, Any] | None = None
    why, closed_months = "", _closed_months(month)
    try:
        content = told(month, now)
    except Refused as refusal:
        why = str(refusal)
    return show(
        request,
        "benefits/notice/running.html",
        f"兑现通报：{month.in_words}",
        month=month,
        why=why,
        opening=opening(content) if content else [],
        sheets=linked(content) if content else [],
        closed=next((one for one in closed_months if one.month == month.first), None),
        closed_months=closed_months,
        is_running=month.ends > now,
        may_close=roles.allowed(user, "benefit.close_month") and month.ends <= now and content is not None,
    )


def _month(request: HttpRequest) -> Month:
    given = request.POST if request.method == "POST" else request.GET
    return Month.read(given.get("month", "")) or Month.of(timezone.localdate())


def _closed_months(month: Month) -> list[MonthNotice]:
    """Return the last version of each month; what it tells is read on its own page alone."""
    first = month.moved(1 - MONTHS).first
    found = MonthNotice.objects.filter(month__gte=first).select_related("publication").defer("content")
    found = found.order_by("month", "number")
    return sorted({one.month: one for one in found}.values(), key=lambda one: one.month, reverse=True)


@require_POST
def close(request: HttpRequest) -> HttpResponse:
    user = require(request, "benefit.close_month")
    month = _month(request)
    with attempt(request, f"{month.in_words}已结账，请另一人核对后公布。") as done:
        made = closing.close_month(
            month=month, reason=request.POST.get("reason", ""), now=timezone.now(), acting_user=user
        )
    if done:
        return redirect("benefits:notice", made.pk)
    return redirect(f"{reverse('benefits:notice-running')}?month={month}")


@never_cache
@require_safe
def closed(request: HttpRequest, notice_id: int) -> HttpResponse:
    """A notice as it was closed, whatever has changed since."""
    user = require(request, "benefit.view")
    notice = _notice(notice_id)
    others = MonthNotice.objects.filter(month=notice.month).exclude(pk=notice.pk)
    publication = getattr(notice, "publication", None)
    return show(
        request,
        "benefits/notice/closed.html",
        f"兑现通报：{Month.of(notice.month).in_words}第{notice.number}版",
        notice=notice,
        month=Month.of(notice.month),
        publication=publication,
        opening=opening(notice.content),
        sheets=linked(notice.content),
        is_whole=closing.is_whole(notice),
        others=others.select_related("publication"),
        may_close=roles.allowed(user, "benefit.close_month"),
        may_publish=publication is None
        and roles.allowed(user, "benefit.publish")
        and notice.closed_by_id != user.pk
        and closing.last_closed(Month.of(notice.month)) == notice,
    )


@require_POST
def publish(request: HttpRequest, notice_id: int) -> HttpResponse:
    user = require(request, "benefit.publish")
    with attempt(request, "通报已公布。"):
        closing.publish_notice(notice=_notice(notice_id), now=timezone.now(), acting_user=user)
    return redirect("benefits:notice", notice_id)


@require_safe
def notice_workbook(request: HttpRequest, notice_id: int) -> HttpResponse:
    user = require(request, "benefit.view")
    notice = _notice(notice_id)
    content = workbook_of(
        (sheet.title, sheet.headings, map(_as_numbers, sheet.rows)) for sheet in sheets_of(notice.content)
    )
    with transaction.atomic():
        audit.record("导出惠企兑现通报", notice, acting_user=user, after={"格式": "xlsx"})
    title = f"{rules()[1].office}{Month.of(notice.month).in_words}兑现通报"
    return workbook_answer(content, f"{title}.xlsx")


def _as_numbers(row: tuple[Cell, ...]) -> list[Any]:
    """Counts and money as numbers that a workbook adds up; a code of digits stays as it is written."""
    return [_number(cell) for cell in row]


def _number(cell: Cell) -> int | float | str:
    if not cell.is_number:
        return cell.text
    plain = cell.text.replace(",", "")
    return float(plain) if "." in plain else int(plain)


@never_cache
@require_safe
def behind(request: HttpRequest, form: str = "") -> HttpResponse:
    """The claims that one number counts, as a page or a workbook; as they are now."""
    user = require(request, "benefit.view")
    month, which = _month(request), request.GET.get("which", "")
    if which not in lists.LISTS:
        raise Http404
    categories = {one.category for one in rules()[1].classes.items}
    category = request.GET.get("category", "")
    category = category if category in categories else ""
    text = request.GET.get("unit", "")
    unit = Department.objects.filter(pk=text).first() if text.isdecimal() and len(text) < 10 else None
    rows = lists.rows_of(month, which, category, unit.pk if unit else None)
    title = f"{month.in_words}{lists.LISTS[which].label}"
    if form == "xlsx":
        cells = [lists.cells(one) for one in rows]
        with transaction.atomic():
            audit.record("导出", user, acting_user=user, after={"列表": title, "行数": len(cells)})
        return workbook_answer(workbook("申请", lists.HEADINGS, cells), f"{title}.xlsx")
    page = KeysFirst(rows, ON_A_PAGE).get_page(request.GET.get("page"))
    return show(
        request,
        "benefits/notice/list.html",
        title,
        month=month,
        page=page,
        unit=unit,
        query=_query(month=month, which=which, category=category, unit=unit.pk if unit else ""),
    )


@require_safe
def claim_trail(request: HttpRequest, claim_id: int) -> HttpResponse:
    """Everything about one claim for an auditor; that it was taken is itself in the audit."""
    user = require(request, "benefit.export")
    found = claims_for(user).select_related(
        "version__drafted_by",
        "version__approved_by",
        "from_list__drawn_up_by",
        "from_list__confirmed_by",
    )
    claim = get_object_or_404(found, pk=claim_id)
    content = trail_workbook(claim)
    with transaction.atomic():
        audit.record("导出申请全程记录", claim, acting_user=user, after={"编号": claim.matter.number})
    return workbook_answer(content, f"{claim.matter.number}全程记录.xlsx")


def linked(content: dict[str, Any]) -> list[tuple[Sheet, list[list[tuple[str, str, str]]]]]:
    """Return each table with its rows as heading, text and the address of the list behind; empty for none."""
    return [
        (
            sheet,
            [
                [(heading, cell.text, _address(content["month"], cell)) for heading, cell in row]
                for row in sheet.labelled()
            ],
        )
        for sheet in sheets_of(content)
    ]


def _address(month: str, cell: Cell) -> str:
    narrowed = {"unit": cell.unit, "category": cell.category}
    if cell.which:
        return f"{reverse('benefits:notice-list')}?{_query(month=month, which=cell.which, **narrowed)}"
    if not cell.figure:
        return ""
    asked = _query(procedure=rules()[0], month=month, figure=cell.figure, **narrowed)
    return f"{reverse('casework:matter-figure-list')}?{asked}"


def _query(**asked: Any) -> str:
    return urlencode({name: str(value) for name, value in asked.items() if value not in ("", None)})


def _notice(notice_id: int) -> MonthNotice:
    return get_object_or_404(
        MonthNotice.objects.select_related("closed_by", "publication__published_by"), pk=notice_id
    )


# --- What everybody may read


@require_safe
def public_notices(request: HttpRequest) -> HttpResponse:
    months = dict.fromkeys(closing.published().values_list("month", flat=True))
    context = {"rules": rules()[1], "months": list(months), "nav": "benefits"}
    return render(request, "benefits/notice/public_list.html", context)


@require_safe
def public_notice(request: HttpRequest, month: str) -> HttpResponse:
    wanted = Month.read(month)
    rows = closing.published().select_related("publication")
    notice = rows.filter(month=wanted.first).first() if wanted else None
    if notice is None or wanted is None:
        raise Http404
    return render(
        request,
        "benefits/notice/public.html",
        {
            "rules": rules()[1],
            "month": wanted,
            "notice": notice,
            "opening": opening(notice.content),
            "sheets": [one for one in public_sheets(notice.content) if one.rows],
            "nav": "benefits",
        },
    )
