"""A firm claims an item on its phone: guide, amount, papers, promise, receipt; once however often sent."""

from __future__ import annotations

from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from benefits.catalogue.drafting import in_force
from benefits.claims import checking
from benefits.claims.changes import Change, changed_in_words, changes_since
from benefits.claims.forms import ClaimForm, typed_before
from benefits.claims.making import Claimed, make_claim
from benefits.models import Firm, ItemVersion
from benefits.portal.apart import for_firms, page, said
from benefits.portal.entrance import entrance
from benefits.rules import rules
from casework.plates import qr
from casework.procedures.stored import in_use
from casework.reporting import sending
from casework.reporting.apart import without_nul
from casework.reporting.views import WEB, progress_address
from office.errors import Refused

EXPIRED = "登录已经过期，没有提交。请重新登录后再填写。"
INCOMPLETE = "没有提交。请补充下面标出的内容后再提交。"


@for_firms
@require_http_methods(["GET", "HEAD", "POST"])
def claim(request: HttpRequest, firm: Firm | None, code: str) -> HttpResponse:
    """The guide of today and the form; what was sent is answered with the receipt, or the form with why."""
    if firm is None:
        return entrance(request, item=code, why=EXPIRED if request.method == "POST" else "")
    version = current(code)
    if version is None:
        to_do = "这一事项目前不在有效期内，请在清单中查找现行有效的事项。"
        return said(request, "没有找到这一事项", to_do, HTTPStatus.NOT_FOUND, firm)
    if request.method == "POST":
        return _sent(request, firm, version)
    if why := why_not(firm, version):
        return page(request, "guide", version.name, firm=firm, version=version, why=why)
    return _form(request, firm, ClaimForm(version=version, by_firm=True))


def current(code: str) -> ItemVersion | None:
    found = in_force(timezone.localdate()).select_related("item", "department")
    return found.prefetch_related("conditions", "papers").filter(item__code=code).first()


def why_not(firm: Firm, version: ItemVersion) -> str:
    """Say before anything is filled in why it could not be claimed; nothing where it can."""
    if needless := checking.why_needless(firm, version):
        return f"{needless}，由主管部门比对确定后直接兑现，不必申请；没有收到的，请与专窗联系。"
    today = timezone.localdate()
    try:
        checking.require_intake()
        checking.require_open(version, today)
    except Refused as refusal:
        return f"{refusal.why}，{refusal.to_do}"  # nothing was sent: nothing to say of what is unchanged
    if earlier := checking.same_before(firm, version, today):
        return f"同一事项已经申请，编号{earlier.matter.number}，不必重复申请。"
    return "企业已经注销，不能申请兑现。" if firm.is_cancelled else ""


def _sent(request: HttpRequest, firm: Firm, version: ItemVersion) -> HttpResponse:
    key = request.POST.get("key", "")
    form = ClaimForm(without_nul(request.POST), request.FILES, version=version, by_firm=True)
    if not sending.is_key(key):
        return _form(request, firm, form, "提交的内容不完整，没有提交。请重新提交。")
    changes = changes_since(request.POST.get("version", ""), version)
    if changes is not None:
        again = ClaimForm(version=version, by_firm=True, initial=typed_before(form))
        return _form(request, firm, again, changed_in_words(version), changes)
    if not form.is_valid():
        return _form(request, firm, form, INCOMPLETE)
    files = form.read_files()
    if form.errors:
        return _form(request, firm, form, INCOMPLETE)
    asked = form.asked(firm, files)
    try:
        made = make_claim(asked=asked, source=WEB, now=timezone.now(), acting_user=None, key=key)
    except Refused as refusal:
        return _form(request, firm, form, str(refusal))
    return _receipt(request, firm, made)


def _form(
    request: HttpRequest,
    firm: Firm,
    form: ClaimForm,
    why: str = "",
    changes: list[Change] | None = None,
) -> HttpResponse:
    sent = request.POST.get("key", "")
    return page(
        request,
        "claim",
        form.version.name,
        firm=firm,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if why else HTTPStatus.OK,
        version=form.version,
        form=form,
        why=why,
        changes=changes,
        key=sent if sending.is_key(sent) else sending.new_key(),
        chose_files=bool(request.FILES),
        office=in_use(rules()[0]).procedure.office,
    )


def _receipt(request: HttpRequest, firm: Firm, made: Claimed) -> HttpResponse:
    matter = made.receipt.matter
    place = f"{settings.PUBLIC_ORIGIN}{progress_address(matter.number)}"
    return page(
        request,
        "receipt",
        "已经收到",
        firm=firm,
        made=made,
        matter=matter,
        address=place,
        qr=qr.drawn(place, "查询进度"),
    )
