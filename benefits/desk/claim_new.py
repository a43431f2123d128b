"""A claim at the window: the firm, the item in force, the papers that lie there, the receipt (GY-R13)."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache

from benefits.catalogue.drafting import in_force
from benefits.claims import papers
from benefits.claims.changes import LONGEST_NUMBER, Change, changed_in_words, changes_since
from benefits.claims.checking import platform_of, same_before, why_needless
from benefits.claims.forms import ClaimForm, typed_before
from benefits.claims.making import Claimed, make_claim
from benefits.firms.registering import firms_like, register_firm
from benefits.models import Claim, Firm, ItemVersion
from benefits.rules import rules
from casework.plates import qr
from casework.procedures.stored import in_use
from casework.reporting import sending
from casework.reporting.apart import without_nul
from casework.reporting.views import progress_address
from office.models import User
from office.workbench.attempt import attempt
from office.workbench.pages import posted, require, show

MOST_FOUND, MOST_CLAIMS = 20, 10
TITLE = "登记惠企申请"
LACKING = "没有登记。请补充下面标出的内容。"


@never_cache
def claim_new(request: HttpRequest) -> HttpResponse:
    """First the firm, then the item, then the form; each step is an address of its own."""
    user = require(request, "benefit.claim")
    number = request.GET.get("firm", "")
    if not number.isdecimal() or len(number) > LONGEST_NUMBER:
        return _choose_firm(request, user)
    firm = get_object_or_404(Firm, pk=int(number))
    version = _version(request.GET.get("item", ""))
    return _choose_item(request, firm) if version is None else _claim(request, firm, version, user)


def _address(**asked: int) -> str:
    return f"{reverse('benefits:claim-new')}?{urlencode(asked)}"


def _choose_firm(request: HttpRequest, user: User) -> HttpResponse:
    """Look a firm up; one that is not there is written down with what its licence says."""
    sent = posted(request)
    if sent is not None:
        told = {"credit_code": sent.get("credit_code", ""), "name": sent.get("name", "")}
        with attempt(request, "企业已经登记。") as done:
            firm = register_firm(**told, acting_user=user)
        if done:
            return redirect(_address(firm=firm.pk))
    text = request.GET.get("q", "").strip()[:60]
    found = list(firms_like(text)[: MOST_FOUND + 1])
    return show(
        request,
        "benefits/desk/choose_firm.html",
        TITLE,
        q=text,
        found=found[:MOST_FOUND],
        is_more=len(found) > MOST_FOUND,
        told=sent
        or {"name": "" if text[:1].isdigit() else text, "credit_code": text if text[:1].isdigit() else ""},
        rules=rules()[1],
    )


def _version(code: str) -> ItemVersion | None:
    found = in_force(timezone.localdate()).select_related("item", "department")
    return found.prefetch_related("conditions", "papers").filter(item__code=code).first() if code else None


def _choose_item(request: HttpRequest, firm: Firm) -> HttpResponse:
    claims = Claim.objects.filter(firm=firm).select_related("matter", "version")
    return show(
        request,
        "benefits/desk/choose_item.html",
        TITLE,
        firm=firm,
        claims=claims[:MOST_CLAIMS],
        items=in_force(timezone.localdate()).select_related("item").order_by("item__code"),
        asked=request.GET.get("item", ""),
    )


def _claim(request: HttpRequest, firm: Firm, version: ItemVersion, user: User) -> HttpResponse:
    sent = posted(request)
    if sent is None:
        form = ClaimForm(version=version, by_firm=False)
        return _form(request, firm, form)
    form = ClaimForm(without_nul(sent), request.FILES, version=version, by_firm=False)
    key, changes = sent.get("key", ""), changes_since(sent.get("version", ""), version)
    if changes is not None:
        again = ClaimForm(version=version, by_firm=False, initial=typed_before(form))
        return _form(request, firm, again, changed_in_words(version), changes)
    if not form.is_valid() or not sending.is_key(key):
        return _form(request, firm, form, LACKING)
    files = form.read_files()
    if form.errors:
        return _form(request, firm, form, LACKING)
    with attempt(request, "已登记。请把编号和查询码交给企业。") as done:
        asked = form.asked(firm, files)
        made = make_claim(asked=asked, source=_source(), now=timezone.now(), acting_user=user, key=key)
    return _receipt(request, made) if done else _form(request, firm, form)


def _source() -> str:
    """The channel of the window: the first one that is not the public's."""
    intake = in_use(rules()[0]).procedure.intake
    return next(one for one in intake.channels if one not in intake.public_channels)


def _form(
    request: HttpRequest, firm: Firm, form: ClaimForm, why: str = "", changes: list[Change] | None = None
) -> HttpResponse:
    version, sent, stored = form.version, request.POST.get("key", ""), in_use(rules()[0])
    earlier = same_before(firm, version, timezone.localdate())
    return show(
        request,
        "benefits/desk/claim_new.html",
        TITLE,
        firm=firm,
        version=version,
        form=form,
        why=why,
        changes=changes,
        key=sent if sending.is_key(sent) else sending.new_key(),
        needless=why_needless(firm, version),
        earlier=earlier,
        platform="" if stored.own_intake else platform_of(stored.procedure.intake),
    )


def _receipt(request: HttpRequest, made: Claimed) -> HttpResponse:
    matter = made.receipt.matter
    place = f"{settings.PUBLIC_ORIGIN}{progress_address(matter.number)}"
    response = show(
        request,
        "benefits/desk/receipt.html",
        "申请回执",
        made=made,
        matter=matter,
        procedure=matter.procedure,
        address=place,
        qr=qr.drawn(place, "查询进度"),
        missing=papers.names_missing(made.claim),
    )
    response["Cache-Control"] = "no-store"
    return response
