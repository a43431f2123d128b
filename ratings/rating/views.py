"""Rate what just happened, on a phone: no cookie, nothing kept, the same effort for every level (GY-R4)."""

from __future__ import annotations

import secrets
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from casework.reporting import apart
from casework.reporting.apart import for_reporters
from office.errors import Refused
from ratings.codes.finding import code_of, windows_of_wall
from ratings.intake import services
from ratings.intake.limits import seen
from ratings.intake.services import Given, Taken
from ratings.models import RatingCode
from ratings.rules import RatingRules, rules_of

TRAP = "website"  # a field that no person sees
TRAPPED = "疑似自动提交"


@for_reporters
@require_http_methods(["GET", "HEAD", "POST"])
def rate(request: HttpRequest, code: str) -> HttpResponse:
    """One page: the question, the levels, what may be added; a wall leads to its windows first."""
    found = code_of(code)
    if found is None or found.is_dead:
        return _dead(request, found)
    rules = rules_of(found.rules_id)
    if not services.takes_in(rules):
        return apart.said(request, "本县评价由省“好差评”统一受理", "请在省政务服务平台评价。", HTTPStatus.OK)
    if found.kind == RatingCode.Kind.WALL:
        context = {"title": rules.title, "rules": rules, "wall": found, "codes": windows_of_wall(found)}
        return render(request, "ratings/rating/wall.html", context)
    if request.method != "POST":
        return _page(request, found, rules)
    return _sent(request, found, rules)


def _sent(request: HttpRequest, found: RatingCode, rules: RatingRules) -> HttpResponse:
    if seconds := seen.seconds_to_wait():
        return _busy(request, seconds)
    given = _given(request, rules)
    try:
        taken = services.take_rating(code=found, given=given, now=timezone.now())
    except Refused as refusal:
        return _page(request, found, rules, str(refusal), given)
    return _thanks(request, found, rules, taken)


def _given(request: HttpRequest, rules: RatingRules) -> Given:
    sent = apart.without_nul(request.POST)
    aspects = {one: sent.get(f"aspect-{one}", "") for one in rules.aspect_ids}
    return Given(
        level=sent.get("level", ""),
        key=sent.get("key", ""),
        aspects={one: level for one, level in aspects.items() if level},
        reasons=tuple(sent.getlist("reason")),
        text=sent.get("text", "").replace("\r\n", "\n"),
        ticket=sent.get("ticket", "").strip(),
        number=sent.get("number", ""),
        device=_device(request),
        held=TRAPPED if sent.get(TRAP) else "",
    )


def _device(request: HttpRequest) -> str:
    """What is known of a phone; hashed in memory until the night, written nowhere."""
    return f"{apart.address(request)} {request.headers.get('User-Agent', '')}"


def _page(
    request: HttpRequest, code: RatingCode, rules: RatingRules, why: str = "", given: Given | None = None
) -> HttpResponse:
    context = {
        "title": rules.title,
        "code": code,
        "rules": rules,
        "why": why,
        "given": given,
        "ticket": given.ticket if given else request.GET.get("t", "")[:64],
        "key": given.key if given and services.KEY.fullmatch(given.key) else secrets.token_hex(16),
        "is_big": request.GET.get("big") == "1",
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if why else HTTPStatus.OK
    return render(request, "ratings/rating/rate.html", context, status=status)


def _thanks(request: HttpRequest, code: RatingCode, rules: RatingRules, taken: Taken) -> HttpResponse:
    context = {"title": "已经收到", "code": code, "rules": rules, "taken": taken}
    return render(request, "ratings/rating/thanks.html", context)


def _busy(request: HttpRequest, seconds: int) -> HttpResponse:
    to_do = "没有提交。请稍后在本页再提交一次。"
    response = apart.said(request, "评价的人太多", to_do, HTTPStatus.TOO_MANY_REQUESTS)
    response["Retry-After"] = str(seconds)
    return response


def _dead(request: HttpRequest, code: RatingCode | None) -> HttpResponse:
    if code is None:
        to_do = "请核对码下的地址，或者请现场工作人员更换评价码。"
        return apart.said(request, "没有找到这个评价码", to_do, HTTPStatus.NOT_FOUND)
    to_do = "请扫现场的新码；现场没有新码的，请告知大厅值班人员。"
    return apart.said(request, "这个评价码已经停用", to_do, HTTPStatus.GONE)
