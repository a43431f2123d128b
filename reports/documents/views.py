"""Pages of official papers: the list, one paper, its files, a new one, and the check of a code."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from departments.access import own_units
from departments.notices.access import addressed_to
from evaluations.models import RoundDepartment
from office import audit, roles
from office.errors import Refused
from office.exports import fonts
from office.exports.documents import hand_out
from office.models import User
from office.workbench.attempt import attempt
from office.workbench.pages import posted, require, show, signed_in
from reports.documents import kinds, sending, services
from reports.documents.content import Content, faults, number, words
from reports.documents.docx import docx_answer, paper_docx
from reports.documents.files import safe_name
from reports.documents.forms import FilterForm, PaperForm, WithdrawForm
from reports.documents.pdf import on_screen, paper_html
from reports.models import OfficialDocument

ON_A_PAGE = 50
WITH = ("body", "unit", "made_by", "withdrawn_by")


def visible_to(user: User) -> QuerySet[OfficialDocument]:
    """The papers a user may read: those about persons only for those who decide or watch."""
    rows = OfficialDocument.objects.select_related(*WITH)
    if roles.allowed(user, "document.view"):
        return rows if roles.allowed(user, "document.persons") else rows.filter(concerns_person=False)
    if roles.allowed(user, "document.view_own"):
        units = own_units(user)
        rounds = RoundDepartment.objects.filter(department__in=units).values("round")
        circulars = Q(kind="circular", about="round", about_id__in=rounds)
        own = rows.filter(Q(unit__in=units) | circulars, concerns_person=False)
        return own.filter(state=OfficialDocument.State.ISSUED)
    raise PermissionDenied


@require_safe
def documents(request: HttpRequest) -> HttpResponse:
    """All papers for those inside; for a unit those that went to it."""
    user = require(request, "document.view", "document.view_own")
    form = FilterForm(request.GET)
    rows = visible_to(user)
    if form.is_valid():
        rows = _filtered(rows, form.cleaned_data)
    page = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    return show(
        request,
        "reports/documents/documents.html",
        "公文" if roles.allowed(user, "document.view") else "本单位公文",
        form=form,
        page=page,
        query=query.urlencode(),
        may_edit_bodies=roles.allowed(user, "document.bodies"),
        inside=roles.allowed(user, "document.view"),
    )


def _filtered(rows: QuerySet[OfficialDocument], asked: dict[str, Any]) -> QuerySet[OfficialDocument]:
    for name in ("kind", "body", "year", "state"):
        if asked.get(name):
            rows = rows.filter(**{name: asked[name]})
    if text := asked.get("q", "").strip():
        rows = rows.filter(Q(number__icontains=text) | Q(title__icontains=text))
    return rows


def document_page(request: HttpRequest, document_id: int) -> HttpResponse:
    """One paper as it was issued; withdrawn with a reason, never changed."""
    user = signed_in(request)
    found = get_object_or_404(visible_to(user), pk=document_id)
    if "send" in request.POST:
        require(request, "document.issue")
        with attempt(request, "已发送，等待单位签收。") as done:
            sending.send_document(document=found, now=timezone.now(), acting_user=user)
        if done:
            return redirect("document-page", found.pk)
    form = WithdrawForm(None if "send" in request.POST else posted(request))
    if form.is_bound and form.is_valid():
        require(request, "document.withdraw")
        with attempt(request, "已撤回。文号不再使用。") as done:
            services.withdraw_document(
                document=found,
                reason=form.cleaned_data["reason"],
                today=timezone.localdate(),
                acting_user=user,
            )
        if done:
            return redirect("document-page", found.pk)
    content = services.content_of(found)
    issued = found.state == OfficialDocument.State.ISSUED
    subject = kinds.SUBJECTS.get(found.about)
    inside = roles.allowed(user, "document.view")
    notice = sending.notice_of(found)
    may_send = notice is None and not sending.why_not(found)
    return show(
        request,
        "reports/documents/document.html",
        found.title,
        document=found,
        label=kinds.label_of(found.kind),
        paper=on_screen(content),
        is_whole=services.is_whole(found),
        missing=fonts.warning(words(content)),
        form=form,
        may_withdraw=issued and roles.allowed(user, "document.withdraw"),
        inside=inside,
        notice=notice,
        may_send=may_send and roles.allowed(user, "document.issue"),
        may_sign=notice is not None and addressed_to(user).filter(pk=notice.pk, received_at=None).exists(),
        subject_label=subject.label if subject else "",
        may_make=inside and issued and _may_make(user, concerns_person=found.concerns_person),
    )


@require_safe
def paper_file(request: HttpRequest, document_id: int, form: str) -> HttpResponse | FileResponse:
    user = signed_in(request)
    found = get_object_or_404(visible_to(user), pk=document_id)
    if form not in ("pdf", "docx"):
        raise Http404
    with transaction.atomic():
        audit.record("下载公文", found, acting_user=user, after={"格式": form})
    content, name = services.content_of(found), safe_name(f"{found.number} {found.title}")
    if form == "pdf":
        return hand_out(paper_html(content, demo=settings.DEMO), name=name, acting_user=user)
    return docx_answer(paper_docx(content, demo=settings.DEMO), name)


@require_safe
def documents_of(request: HttpRequest, about: str, about_id: int) -> HttpResponse:
    """What was issued about one thing, and which papers can be made of it."""
    user = require(request, "document.view", "document.view_own")
    if not roles.allowed(user, "document.view"):
        return _own_about(request, user, about, about_id)
    subject, found = _subject(user, about, about_id)
    may_make = _may_make(user, concerns_person=subject.concerns(found).concerns_person)
    papers = [
        {"kind": one.kind, "label": one.label, "why_not": one.why_not(found)}
        for one in kinds.papers_about(about, found)
    ]
    rows = visible_to(user).filter(about=about, about_id=about_id)
    return show(
        request,
        "reports/documents/about.html",
        f"{subject.label}的公文",
        subject=subject,
        said=subject.said(found),
        back=subject.url(found),
        about=about,
        about_id=about_id,
        papers=papers,
        rows=rows,
        may_make=may_make,
    )


def _own_about(request: HttpRequest, user: User, about: str, about_id: int) -> HttpResponse:
    """What a unit was sent about one thing; nothing else of it."""
    rows = visible_to(user).filter(about=about, about_id=about_id)
    return show(request, "reports/documents/about.html", "本单位公文", rows=rows)


def new_document(request: HttpRequest, about: str, about_id: int, kind: str) -> HttpResponse:
    """Ask for what is missing, show the paper, and issue it."""
    user = require(request, "document.issue", "document.persons")
    subject, found = _subject(user, about, about_id)
    paper = kinds.PAPERS.get(kind)
    if paper is None or paper.about != about or not paper.fits(found):
        raise Http404
    concerned = subject.concerns(found)
    if not _may_make(user, concerns_person=concerned.concerns_person):
        raise PermissionDenied
    why_not = paper.why_not(found)
    form = PaperForm(posted(request), asks=[] if why_not else paper.asks(found), today=timezone.localdate())
    content = None
    if request.method == "POST" and not why_not and form.is_valid():
        content = paper.build(found, form.given)
        if "issue" in request.POST:
            with attempt(request, "已制发。请下载打印，用印后送达。") as done:
                made = services.issue_document(
                    kind=kind,
                    body=form.given.body,
                    content=content,
                    about=concerned,
                    now=timezone.now(),
                    serial=form.cleaned_data["serial"],
                    acting_user=user,
                )
            if done:
                return redirect("document-page", made.pk)
    return show(
        request,
        "reports/documents/new.html",
        f"制发{paper.label}",
        subject=subject,
        said=subject.said(found),
        about=about,
        about_id=about_id,
        form=form,
        why_not=why_not,
        **(_preview(form, content) if content else {}),
    )


def _preview(form: PaperForm, content: Content) -> dict[str, Any]:
    given, serial = form.given, form.cleaned_data["serial"]
    serial = serial or services.next_serial(given.body, given.on.year)
    numbered = services.headed(content, given.body).numbered(
        number(given.body.code, given.on.year, serial), ""
    )
    return {
        "paper": on_screen(numbered),
        "faults": faults(numbered),
        "missing": fonts.warning(words(numbered)),
    }


def _subject(user: User, about: str, about_id: int) -> tuple[kinds.Subject, Any]:
    subject = kinds.SUBJECTS.get(about)
    found = subject.find(about_id) if subject else None
    if subject is None or found is None:
        raise Http404
    if subject.concerns(found).concerns_person:
        try:
            roles.require(user, "document.persons")
        except Refused as error:
            raise PermissionDenied from error
    return subject, found


def _may_make(user: User, *, concerns_person: bool) -> bool:
    return roles.allowed(user, "document.persons" if concerns_person else "document.issue")


@require_safe
def check(request: HttpRequest) -> HttpResponse:
    """From the code on a paper to what is stored of it, papers about persons included for those who may."""
    user = require(request, "document.view")
    code = request.GET.get("code", "").strip()[:40]
    found = services.by_code(code) if code else None
    if found and visible_to(user).filter(pk=found.pk).exists():
        return redirect("document-page", found.pk)
    return show(request, "reports/documents/check.html", "核验公文", code=code, concerns_person=bool(found))
