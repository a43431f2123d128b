"""Which papers lie with a claim, as the window checks them, and the one notice of defects (GY-R13)."""

from __future__ import annotations

from http import HTTPStatus

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache

from benefits.claims import papers
from benefits.claims.forms import PapersForm
from benefits.claims.queries import claims_for
from benefits.models import Claim
from casework.matters import stopping
from casework.matters.state import standing
from casework.models import Assignment, Matter
from casework.reporting.apart import without_nul
from departments.access import own_units
from office import roles
from office.models import User
from office.workbench.attempt import attempt
from office.workbench.pages import posted, require, show

LONGEST = 500


class NoticeForm(forms.Form):
    what = forms.CharField(
        label="须补正的内容",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": LONGEST}),
        help_text="一次写明全部缺项和不符合要求的地方；企业和主管部门都会看到。照办事指南写出名称的材料，"
        "交齐后时限继续计算；没有写出材料名称的，收到后由专窗登记。",
    )


@never_cache
def claim_papers(request: HttpRequest, claim_id: int) -> HttpResponse:
    user = require(request, "benefit.claim", "benefit.decide")
    found = get_object_or_404(claims_for(user), pk=claim_id)
    sent = posted(request)
    checks, notice = _checks(found), NoticeForm(initial={"what": papers.notice_text(found)})
    if sent is not None and sent.get("act") == "notice":
        notice = NoticeForm(without_nul(sent))
        if notice.is_valid() and _told(request, found, notice.cleaned_data["what"], user):
            return redirect(request.path)
    elif sent is not None and sent.get("act") == "received":
        with attempt(request, "已登记，时限从明天起继续计算。"):
            papers.note_received(claim=found, now=timezone.now(), acting_user=user)
        return redirect(request.path)
    elif sent is not None:
        checks = _checks(found, request)
        if checks.is_valid() and _checked(request, found, checks, user):
            return redirect(request.path)
    return _page(request, found, user, checks, notice)


def _checks(found: Claim, request: HttpRequest | None = None) -> PapersForm:
    rows = list(papers.of_claim(found))
    given = (without_nul(request.POST), request.FILES) if request is not None else ()
    return PapersForm(
        *given, papers=[one.paper for one in rows], states={one.paper_id: one.state for one in rows}
    )


def _told(request: HttpRequest, found: Claim, what: str, user: User) -> bool:
    with attempt(request, "已通知补正，有关时限停计，到材料补齐为止。") as done:
        papers.ask_for_missing(claim=found, what=what, now=timezone.now(), acting_user=user)
    return bool(done)


def _checked(request: HttpRequest, found: Claim, checks: PapersForm, user: User) -> bool:
    files = checks.read_files()
    if checks.errors:
        return False
    with attempt(request, "材料核对已保存。") as done:
        papers.check_papers(
            claim=found, states=checks.states(), files_of=files, now=timezone.now(), acting_user=user
        )
    return bool(done)


def may_ask(user: User, matter: Matter) -> bool:
    """Whether somebody may tell the firm what is missing: the window, or the unit that has signed."""
    if matter.state not in stopping.WHILE or matter.procedure.supplement is None:
        return False
    if roles.allowed(user, "benefit.claim"):
        return True
    own = standing(matter).filter(unit__in=own_units(user), state=Assignment.State.IN_HAND)
    return matter.state == Matter.State.ASSIGNED and own.exists()


def _page(
    request: HttpRequest, found: Claim, user: User, checks: PapersForm, notice: NoticeForm
) -> HttpResponse:
    matter = found.matter
    lying = list(papers.of_claim(found))
    given = {one.paper_id: list(one.files.all()) for one in lying}
    stops = list(matter.stops.all())
    open_notice = papers.open_notice(found)
    return show(
        request,
        "benefits/desk/papers.html",
        f"{'材料核对' if roles.allowed(user, 'benefit.claim') else '通知补正'}：{matter.number}",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if checks.errors or notice.errors else HTTPStatus.OK,
        claim=found,
        matter=matter,
        checks=checks,
        rows=[(row, given[row.paper.pk]) for row in checks.rows()],
        lying=lying,
        notice=notice,
        stops=stops,
        left=papers.left_of(found, open_notice) if open_notice else [],
        checks_papers=roles.allowed(user, "benefit.claim"),
        may_check=matter.state in stopping.WHILE,
        may_receive=open_notice is not None and not papers.asked_in(found, open_notice),
        may_ask=may_ask(user, matter) and not stops,
        rule=matter.procedure.supplement,
    )
