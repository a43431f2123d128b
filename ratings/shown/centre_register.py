"""The register of ratings for the centre, the inspectorate and the leading group: days, never hours."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from office import audit, roles
from office.imports.views import workbook_answer
from office.workbench.pages import require, show
from office.workbench.paging import FromTheNearerEnd
from office.workbooks.writing import workbook
from ratings.counts.counting import aspects_in_words, codes_of
from ratings.judging.queries import units_of_codes
from ratings.models import Rating
from ratings.rules import all_rules
from ratings.shown.centre_asked import BAD, STATES, TICKETS, Asked

PER_PAGE = 50
WITH_PLACES = ("code__window__hall", "code__unit", "moved_from__window__hall", "moved_from__unit")
HEADINGS = (
    "日期",
    "评价对象",
    "被评单位",
    "等次",
    "分项",
    "原因",
    "凭票",
    "渠道",
    "状态",
    "暂缓原因",
    "移自",
)


@never_cache
@require_safe
def register(request: HttpRequest) -> HttpResponse:
    """All ratings of a month or of days, narrowed down; texts are shown to the centre alone."""
    user = require(request, "rating.judge", "rating.watch")
    asked = Asked.read(request.GET, timezone.localdate())
    codes = codes_of(asked.rules_id)
    found = FromTheNearerEnd(asked.rows().select_related(*WITH_PLACES), PER_PAGE)
    return show(
        request,
        "ratings/shown/register.html",
        "评价台账",
        page=found.get_page(request.GET.get("page")),
        asked=asked,
        all_rules=all_rules(),
        codes=codes,
        units=units_of_codes(codes),
        levels=[(BAD, "差评"), *((word, word) for word in asked.rules.words)],
        states=STATES.items(),
        tickets=TICKETS.items(),
        may_judge=roles.allowed(user, "rating.judge"),
    )


@require_safe
def exported(request: HttpRequest) -> HttpResponse:
    """The list as a workbook, without what raters wrote: their words may say who they are."""
    user = require(request, "rating.judge")
    asked = Asked.read(request.GET, timezone.localdate())
    rows = asked.rows().select_related(*WITH_PLACES)
    most = settings.EXPORT_ROWS_AT_ONCE
    if (count := rows.count()) > most:
        messages.error(request, f"共 {count} 条，一次最多导出 {most} 条。请按月份或单位筛选后分批导出。")
        return redirect(f"{request.path.removesuffix('export/')}?{asked.query}")
    with transaction.atomic():
        audit.record("导出", user, acting_user=user, after={"列表": "评价台账", "行数": count})
    return workbook_answer(workbook("评价台账", HEADINGS, _cells(asked, rows)), "评价台账.xlsx")


def _cells(asked: Asked, rows: Any) -> Iterator[list[Any]]:
    one: Rating
    for one in rows:
        aspects = aspects_in_words(asked.rules, one.aspects)
        yield [
            one.day,
            str(one.code),
            str(one.code.unit or ""),
            one.level,
            "；".join(f"{label}{level}" for label, level in aspects),
            one.reasons,
            "是" if one.has_ticket else "否",
            one.get_channel_display(),
            one.get_state_display(),
            one.waits_because,
            str(one.moved_from or ""),
        ]
