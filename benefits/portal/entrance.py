"""A firm signs in with credit code and access code, sees what fits it and its claims, signs out (GY-R13)."""

from __future__ import annotations

from functools import cache
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from benefits.firms import access, signed_in
from benefits.matching.asking import answer_question, matches_of, questions_for
from benefits.models import Claim, Firm
from benefits.portal.apart import for_firms, page, said
from benefits.rules import rules
from casework.reporters.flooding import Counts, Guesses
from casework.reporting import words
from casework.reporting.apart import address, typed
from office.errors import Refused

LONGEST_CODE, LONGEST_CREDIT_CODE, LONGEST_ITEM, LONGEST_ANSWER = 20, 40, 40, 60
MOST_CLAIMS = 50
EXPIRED = "登录已经过期，没有提交。请重新登录。"
WRONG = "统一社会信用代码或者企业登录码不正确。请核对后重新填写；没有登录码的，请到专窗领取。"


@cache
def guesses() -> Guesses:
    """Wrong codes of this process, as many and as long as the rules say."""
    rule = rules()[1].access
    counts = Counts(window=60 * rule.wait_minutes)
    return Guesses(per_number=rule.tries_anywhere, per_pair=rule.tries, counts=counts)


@for_firms
@require_http_methods(["GET", "HEAD", "POST"])
def home(request: HttpRequest, firm: Firm | None) -> HttpResponse:
    """The page of the firm that is signed in; else the entrance, which leads on to the item asked for."""
    if request.method == "POST":
        return _enter(request)
    if firm is None:
        return entrance(request, item=typed(request.GET.get("item", ""), LONGEST_ITEM))
    return home_page(request, firm)


def home_page(request: HttpRequest, firm: Firm, *, done: str = "", why: str = "") -> HttpResponse:
    """Its claims, what fits, and the one question that decides about most of what may fit."""
    found = matches_of(firm)
    claims = Claim.objects.filter(firm=firm).select_related(
        "matter__version", "matter__merged_into", "version"
    )
    rows = [(one, words.stands(one.matter)) for one in claims[:MOST_CLAIMS]]
    claimed = {one.version.item_id for one, _ in rows if one.matter.state not in Claim.OVER}
    may_fit = [one for one in found.may_fit if one.version.item_id not in claimed]
    waiting = {one.version.pk for one in may_fit}
    questions = questions_for(firm) if may_fit else []
    question = next((one for one in questions if waiting & {of.pk for of in one.versions}), None)
    return page(
        request,
        "home",
        firm.name,
        firm=firm,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if why else HTTPStatus.OK,
        rows=rows,
        groups=[
            ("符合", [one for one in found.fits if one.version.item_id not in claimed]),
            ("可能符合，待确认", may_fit),
        ],
        without_claim={one.category for one in rules()[1].classes.items if one.without_application},
        question=question,
        done=done,
        why=why,
    )


@for_firms
@require_POST
def answer(request: HttpRequest, firm: Firm | None) -> HttpResponse:
    """Keep what the firm says of itself by one label; its items are decided anew at once."""
    if firm is None:
        return entrance(request, why=EXPIRED)
    label = typed(request.POST.get("label", ""), LONGEST_ITEM)
    value = typed(request.POST.get("value", ""), LONGEST_ANSWER)
    try:
        answer_question(firm=firm, label_id=label, value=value, today=timezone.localdate())
    except Refused as refusal:
        return home_page(request, firm, why=str(refusal))
    return home_page(request, firm, done="已经记下，下面的政策已按您的答复重新匹配。")


def entrance(request: HttpRequest, *, item: str = "", why: str = "", credit_code: str = "") -> HttpResponse:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if why else HTTPStatus.OK
    return page(request, "entrance", "企业登录", status=status, item=item, why=why, credit_code=credit_code)


def _enter(request: HttpRequest) -> HttpResponse:
    """A firm that is not known is answered like a wrong code, and guessing has to wait."""
    sent = request.POST
    item = typed(sent.get("item", ""), LONGEST_ITEM)
    credit_code = typed(sent.get("credit_code", ""), LONGEST_CREDIT_CODE).upper()
    number, here = access.plain_code(credit_code), address(request)
    if minutes := guesses().minutes_to_wait(number, here):
        to_do = f"请{minutes}分钟后再试，或者到专窗办理。"
        response = said(request, "登录错误的次数较多", to_do, HTTPStatus.TOO_MANY_REQUESTS)
        response["Retry-After"] = str(60 * minutes)
        return response
    firm = access.firm_by_code(credit_code, typed(sent.get("code", ""), LONGEST_CODE))
    if firm is None:
        guesses().wrong(number, here)
        return entrance(request, item=item, why=WRONG, credit_code=credit_code)
    guesses().right(number, here)
    onward = reverse("benefits:firm-claim-new", args=[item]) if item else reverse("benefits:firm")
    return signed_in.sign_in(redirect(onward), firm)


@for_firms
@require_POST
def leave(request: HttpRequest, firm: Firm | None) -> HttpResponse:
    return signed_in.sign_out(redirect("benefits:firm"), firm)
