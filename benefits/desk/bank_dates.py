"""The page on which the treasury's answer is taken in: previewed, then exactly that or nothing."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from benefits.payments.treasury import WHAT, import_bank_dates, preview_bank_dates
from office.imports import definition as imports
from office.imports import views as import_views
from office.models import User
from office.workbooks.sheets import ReportProgress


def _preview(content: bytes, option: Any, user: User, progress: ReportProgress) -> imports.Preview:
    del option
    plan = preview_bank_dates(
        content=content, today=timezone.localdate(), acting_user=user, progress=progress
    )
    counts = {**plan.counts(), "有误": len({fault.row for fault in plan.faults})}
    return imports.Preview(
        digest=plan.digest(),
        headings=list(counts),
        rows=[(WHAT, list(counts.values()))],
        notes=plan.notes,
        faults=plan.faults,
        changes=plan.changes(),
        writes=plan.writes,
    )


def _run(agreed: imports.Agreed, user: User, progress: ReportProgress) -> str:
    plan = import_bank_dates(
        content=agreed.content,
        now=timezone.now(),
        acting_user=user,
        expected_digest=agreed.digest,
        progress=progress,
    )
    said = "，".join(f"{done} {count}" for done, count in plan.counts().items())
    return f"{WHAT}已导入：{said}。"


BANK_DATES = imports.offer(
    imports.Import(
        title=f"导入{WHAT}",
        lead="上传财政填写了到账日期的支付令清单，按编号和金额核对。没有日期的行不登记，有误的须先更正。",
        action="benefit.pool",
        url_name="benefits:import-bank-dates",
        option="",
        faults_stop=lambda _: True,
        preview=_preview,
        run=_run,
        holds_persons=True,
    )
)


def import_page(request: HttpRequest) -> HttpResponse:
    return import_views.page(request, BANK_DATES)
