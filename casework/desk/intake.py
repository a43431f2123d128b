"""Register at the window: one page per procedure, what may be the same beside it, the receipt once."""

from __future__ import annotations

import secrets
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from casework.desk.duplicates import Likeness, likely, nearby
from casework.desk.intake_forms import IntakeForm
from casework.matters import beside, files
from casework.matters.merging import merge_matter
from casework.matters.registration import Receipt, register_matter
from casework.models import Matter, MatterFile, ProcedureVersion
from casework.plates import qr
from office.models import User
from office.workbench.attempt import attempt
from office.workbench.pages import posted, require, show

ALONE, LINKED, JOINED = "alone", "linked", "joined"
USED = "casework_receipts"  # which forms of this session were registered already
MOST_REMEMBERED = 50


def the_version(procedure: str) -> ProcedureVersion:
    version = ProcedureVersion.objects.filter(procedure_id=procedure, is_active=True).first()
    if version is None:
        raise Http404
    return version


@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """Which desk the matter belongs to."""
    require(request, "matter.register")
    versions = list(ProcedureVersion.objects.filter(is_active=True))
    return show(request, "casework/desk/choose.html", "登记事项", versions=versions)


@never_cache
def intake(request: HttpRequest, procedure: str) -> HttpResponse:
    """The form; when something like it is there already, a person says what this one is."""
    user = require(request, "matter.register")
    version = the_version(procedure)
    if address := beside.intake_address(procedure):
        return redirect(address)
    sent = posted(request)
    if sent is not None and (number := request.session.get(USED, {}).get(sent.get("once", ""))):
        messages.warning(request, "这份登记已经保存，没有重复登记。查询码只在登记完成时显示一次。")
        return redirect("casework:matter", number)
    form = IntakeForm(sent, request.FILES or None, procedure=version.procedure)
    found: list[Likeness] = []
    if form.is_valid():
        found = likely(version.procedure, form.reported())
        if (decided := _decided(request, found)) is not None:
            with attempt(request, "已登记。请把编号和查询码交给反映人。") as done:
                receipt = _registered(version, form, decided, user)
            if done:
                _remember(request, receipt.matter)
                return _receipt(request, receipt, joined=decided)
    return _page(request, version, form, found)


def _page(
    request: HttpRequest, version: ProcedureVersion, form: IntakeForm, found: list[Likeness]
) -> HttpResponse:
    return show(
        request,
        "casework/desk/intake.html",
        f"登记：{version.procedure.desk}",
        version=version,
        procedure=version.procedure,
        form=form,
        found=found,
        undecided=bool(found),
        once=request.POST.get("once") or secrets.token_urlsafe(12),
    )


@never_cache
@require_POST
def look_for_duplicates(request: HttpRequest, procedure: str) -> HttpResponse:
    """The part of the page beside the form, asked for while it is filled in; nothing is stored."""
    require(request, "matter.register")
    version = the_version(procedure)
    form = IntakeForm(request.POST, procedure=version.procedure)
    form.is_valid()
    reported = form.reported()
    found = likely(version.procedure, reported)
    known = {one.matter.pk for one in found}
    near = [one for one in nearby(version.procedure, reported, timezone.now()) if one.matter.pk not in known]
    return show(request, "casework/desk/_duplicates.html", "可能重复", found=found, near=near)


Decision = tuple[str, Matter | None]


def _decided(request: HttpRequest, found: list[Likeness]) -> Decision | None:
    """Return what the person decided about what was found; None as long as nobody did."""
    if not found:
        return ALONE, None
    how, _, number = request.POST.get("decision", "").partition(":")
    if how == ALONE:
        return ALONE, None
    other = next((one for one in found if str(one.matter.pk) == number), None)
    if other is None or (how == JOINED and not other.may_join):
        return None
    return (how, other.matter) if how in (LINKED, JOINED) else None


def _registered(version: ProcedureVersion, form: IntakeForm, decided: Decision, user: User) -> Receipt:
    how, other = decided
    common: dict[str, Any] = {"now": timezone.now(), "acting_user": user}
    reported = form.reported(follows=other if how == LINKED else None)
    most = version.procedure.intake.most_files
    papers = files.read_uploads(form.cleaned_data.get("papers") or [], most=most, papers=True)
    with files.storing() as names, transaction.atomic():
        receipt = register_matter(version=version, reported=reported, **common)
        kind = MatterFile.Kind.REPORTED
        files.add_files(matter=receipt.matter, files=papers, kind=kind, names=names, **common)
        if how == JOINED and other is not None:
            merge_matter(matter=receipt.matter, into=other, **common)
    return receipt


def _remember(request: HttpRequest, matter: Matter) -> None:
    """Sending the same form again registers nothing: the code is shown once."""
    used = {**request.session.get(USED, {}), request.POST.get("once", ""): matter.pk}
    request.session[USED] = dict(list(used.items())[-MOST_REMEMBERED:])


def _receipt(request: HttpRequest, receipt: Receipt, *, joined: Decision) -> HttpResponse:
    how, other = joined
    number = urlencode({"number": receipt.matter.number})
    address = f"{settings.PUBLIC_ORIGIN}{reverse('casework:report-progress')}?{number}"
    response = show(
        request,
        "casework/desk/receipt.html",
        "登记回执",
        matter=receipt.matter,
        code=receipt.code,
        address=address,
        qr=qr.drawn(address, "查询进度"),
        procedure=receipt.matter.procedure,
        joined_to=other if how == JOINED else None,
    )
    response["Cache-Control"] = "no-store"
    return response
