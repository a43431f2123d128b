"""Firms as the window sees them: the list, one firm with labels, claims and matches, its code on a slip."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from benefits.claims.queries import claims_for
from benefits.firms.access import hand_out_code
from benefits.firms.forms import FirmForm, LabelsForm
from benefits.firms.labels import known_of, shown_value, word_of
from benefits.firms.registering import register_firm
from benefits.matching.asking import matches_of, note_labels
from benefits.models import Firm, FirmLabel
from benefits.rules import rules
from casework.plates import qr
from office import roles
from office.errors import Refused
from office.workbench import edit_conflicts
from office.workbench.attempt import attempt
from office.workbench.pages import posted, require, show
from office.workbench.paging import FromTheNearerEnd
from office.workbooks.credit_codes import read_code

PER_PAGE = 50
MOST_CLAIMS = 20
STATES = {"going": "存续", "cancelled": "已注销"}


@never_cache
def firms(request: HttpRequest) -> HttpResponse:
    user = require(request, "benefit.view")
    words, state = request.GET.get("q", "").strip()[:60], request.GET.get("state", "")
    page = FromTheNearerEnd(_narrowed(words, state), PER_PAGE).get_page(request.GET.get("page"))
    return show(
        request,
        "benefits/desk/firms.html",
        "企业",
        page=page,
        words=words,
        state=state,
        states=STATES.items(),
        query=urlencode({"q": words, "state": state}) if words or state else "",
        may_import=roles.allowed(user, "benefit.match"),
        may_register=roles.allowed(user, "benefit.claim"),
    )


def _narrowed(words: str, state: str) -> QuerySet[Firm]:
    found = Firm.objects.order_by("credit_code")
    if state in STATES:
        found = found.filter(is_cancelled=state == "cancelled")
    code = read_code(words)
    if not words:
        return found
    if code.isascii() and code.isalnum() and any(letter.isdigit() for letter in code):
        return found.filter(credit_code__startswith=code)
    return found.filter(name__contains=words)


@never_cache
def firm_new(request: HttpRequest) -> HttpResponse:
    user = require(request, "benefit.claim")
    form = FirmForm(posted(request), initial={"name": request.GET.get("name", "")[:120]})
    if form.is_bound and form.is_valid():
        try:
            firm = register_firm(**form.cleaned_data, acting_user=user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "已登记企业。")
            return redirect("benefits:firm-page", firm.pk)
    return show(request, "benefits/desk/firm_new.html", "登记企业", form=form)


@never_cache
def firm(request: HttpRequest, firm_id: int) -> HttpResponse:
    user = require(request, "benefit.view")
    current = get_object_or_404(Firm, pk=firm_id)
    may_edit = roles.allowed(user, "benefit.match") and not current.is_cancelled
    form = LabelsForm(posted(request) if may_edit else None, firm=current)
    if form.is_bound and form.is_valid():
        told, today = {one: form.cleaned_data[one] for one in form.changed_data}, timezone.localdate()
        done = attempt(request, "已登记企业标签，匹配结果已更新。")
        with done, edit_conflicts.unchanged(request, current, known_of):
            note_labels(firm=current, told=told, today=today, acting_user=user)
        if done:
            return redirect("benefits:firm-page", current.pk)
    claims = claims_for(user).filter(firm=current)
    return show(
        request,
        "benefits/desk/firm.html",
        current.name,
        firm=current,
        labels=_labels(current),
        form=form if may_edit else None,
        mark=edit_conflicts.page_mark(request, known_of(current)),
        matches=matches_of(current, today=timezone.localdate()),
        claims=claims[:MOST_CLAIMS],
        claim_count=claims.count(),
        may_hand_out=roles.allowed(user, "benefit.claim") and not current.is_cancelled,
    )


def _labels(firm: Firm) -> list[dict[str, Any]]:
    """Every label that is known, in the order of the rules, with who said it and when."""
    order = [one.id for one in rules()[1].labels.items]
    kept = sorted(
        FirmLabel.objects.filter(firm=firm),
        key=lambda one: order.index(one.label) if one.label in order else len(order),
    )
    return [
        {
            "word": word_of(one.label),
            "value": shown_value(rules()[1].label(one.label), one.value),
            "source": one.get_source_display(),
            "on": one.told_on,
        }
        for one in kept
    ]


@require_POST
@never_cache
def code(request: HttpRequest, firm_id: int) -> HttpResponse:
    """Hand out a code: shown this once, on a slip to be printed."""
    user = require(request, "benefit.claim")
    current = get_object_or_404(Firm, pk=firm_id)
    try:
        handed_out = hand_out_code(firm=current, today=timezone.localdate(), acting_user=user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("benefits:firm-page", current.pk)
    address = f"{settings.PUBLIC_ORIGIN}{reverse('benefits:firm')}"
    return show(
        request,
        "benefits/desk/code_slip.html",
        "企业登录码",
        firm=current,
        code=handed_out,
        today=timezone.localdate(),
        address=address,
        qr=qr.drawn(address, "惠企政策"),
        rules=rules()[1],
    )
