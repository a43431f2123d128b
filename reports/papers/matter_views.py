"""Papers of a month as files in one click; whoever reads the figures or the page may take them."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from benefits.models import MonthNotice
from casework.hearings.rules import rules
from casework.models import MonthFigures, MonthReview
from casework.procedures.stored import in_use
from office import audit
from office.exports.documents import hand_out
from office.models import User
from office.workbench.pages import require
from reports.documents.content import Content
from reports.documents.docx import docx_answer, paper_docx
from reports.documents.files import safe_name
from reports.documents.pdf import paper_html
from reports.papers.benefit_months import notice_file
from reports.papers.matter_months import month_file
from reports.papers.month_reviews import review_file

FORMS = ("pdf", "docx")


@require_safe
def month_notice(request: HttpRequest, month_id: int, form: str) -> HttpResponse | FileResponse:
    user = require(request, "matter.figures")
    if form not in FORMS:
        raise Http404
    month = get_object_or_404(MonthFigures.objects.select_related("version"), pk=month_id)
    content = month_file(month, on=timezone.localdate(month.closed_at))
    with transaction.atomic():
        after = {"版次": month.number, "格式": form}
        audit.record("导出月度数字", month, acting_user=user, after=after)
    return _handed_out(content, form, user)


@require_safe
def review_minutes(request: HttpRequest, review_id: int, form: str) -> HttpResponse | FileResponse:
    """The minutes of a month's review; whoever sees its page may take them."""
    user = require(request, "hearing.view")
    if form not in FORMS:
        raise Http404
    review = get_object_or_404(MonthReview, pk=review_id)
    content = review_file(review, issuer=in_use(rules().procedure).procedure.office, on=review.held_on)
    with transaction.atomic():
        audit.record("导出月讲评纪要", review, acting_user=user, after={"格式": form})
    return _handed_out(content, form, user)


@require_safe
def benefit_notice(request: HttpRequest, notice_id: int, form: str) -> HttpResponse | FileResponse:
    user = require(request, "benefit.view")
    if form not in FORMS:
        raise Http404
    notice = get_object_or_404(MonthNotice, pk=notice_id)
    content = notice_file(notice, on=timezone.localdate(notice.closed_at))
    with transaction.atomic():
        audit.record("导出惠企兑现通报", notice, acting_user=user, after={"格式": form})
    return _handed_out(content, form, user)


def _handed_out(content: Content, form: str, user: User) -> HttpResponse | FileResponse:
    name = safe_name(content.title)
    if form == "pdf":
        return hand_out(paper_html(content, demo=settings.DEMO), name=name, acting_user=user)
    return docx_answer(paper_docx(content, demo=settings.DEMO), name)
