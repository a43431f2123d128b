"""Rate what just happened, on a phone: no cookie, nothing kept, the same effort for every level (GY-R4)."""

from __future__ import annotations

import secrets
from dataclasses import replace
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from casework.reporting import apart
from departments.models import window_title
from office import dates
from office.errors import Refused
from ratings.codes.finding import code_of, follower_of, windows_of_wall
from ratings.intake import limits, services
from ratings.intake.services import Given
from ratings.models import RatingCode
from ratings.rating.answers import for_raters, led_on, said, show, ticket_of
from ratings.rules import RatingRules, rules_of

TRAP = "website"  # a field that no person sees
TRAPPED = "疑似自动提交"


@for_raters
@require_http_methods(["GET", "HEAD", "POST"])
def rate(request: HttpRequest, code: str) -> HttpResponse:
    """One page: the question, the levels, what may be added; a wall leads to its windows first."""
    found = code_of(code)
    if found is None:
        to_do = "请核对码下的地址，或者请现场工作人员更换评价码。"
        return said(request, "没有找到这个评价码", to_do, HTTPStatus.NOT_FOUND)
    if not_now := _not_now(request, found):
        return not_now
    rules = rules_of(found.rules_id)
    is_open = services.open_desks(rules)
    if not services.takes_in(rules, is_open):
        return said(request, "本县评价由省“好差评”统一受理", "请在省政务服务平台评价。", HTTPStatus.OK)
    told = {"code": found, "rules": rules, "complain": _complain(found, rules, is_open)}
    if found.kind == RatingCode.Kind.WALL:
        return _wall(request, found, told)
    if request.method == "POST":
        return _sent(request, found, rules, told)
    return _form(request, rules, Given(level="", key=secrets.token_hex(16), ticket=ticket_of(request)), told)


def _not_now(request: HttpRequest, code: RatingCode) -> HttpResponse | None:
    """Answer where a code cannot be rated today."""
    if code.is_dead:
        if follower := follower_of(code):
            return led_on(request, reverse("ratings:rate", args=[follower.code]))
        to_do = "请扫现场的新码；现场没有新码的，请告知大厅值班人员。"
        return said(request, "这个评价码已经停用", to_do, HTTPStatus.GONE)
    if timezone.localdate() < code.valid_from:
        title = f"这个评价码自{dates.day(code.valid_from)}启用"
        return said(request, title, "请在启用之后评价。", HTTPStatus.FORBIDDEN)
    return None


def _complain(code: RatingCode, rules: RatingRules, is_open: set[str]) -> str:
    """Where the complaint button leads: to the centre's form, which then knows the unit."""
    if rules.complaints.procedure not in is_open:
        return reverse("casework:report-start")
    path = reverse("casework:report", args=[rules.complaints.procedure])
    return f"{path}?about={code.unit_id}" if code.unit_id else path


def _wall(request: HttpRequest, wall: RatingCode, told: dict[str, object]) -> HttpResponse:
    """A wall cannot be rated: what is posted to it is answered with the windows to choose from."""
    windows = [
        (code, f"{window_title(code.window.number)} {code.window.name}")
        for code in windows_of_wall(wall, timezone.localdate())
        if code.window
    ]
    why = "没有提交。请先选择办事的窗口，再评价。" if request.method == "POST" else ""
    status = HTTPStatus.UNPROCESSABLE_ENTITY if why else HTTPStatus.OK
    return show(request, "wall", "选择窗口", status, windows=windows, why=why, **told)


def _sent(
    request: HttpRequest, code: RatingCode, rules: RatingRules, told: dict[str, object]
) -> HttpResponse:
    given = _given(request, rules)
    if seconds := limits.seen.seconds_to_wait(apart.address(request)):
        why = "评价的人太多，没有提交。请过一分钟再提交一次，已经填写的内容仍在本页。"
        response = _form(request, rules, given, told, why=why, status=HTTPStatus.TOO_MANY_REQUESTS)
        response["Retry-After"] = str(seconds)
        return response
    try:
        taken = services.take_rating(code=code, given=given, now=timezone.now())
    except Refused as refusal:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return _form(request, rules, given, told, why=str(refusal), status=status)
    if not taken.is_again:
        limits.seen.note_stored()
    return show(request, "thanks", "已经收到", HTTPStatus.OK, taken=taken, **told)


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
        number=sent.get("number", "").strip(),
        device=f"{apart.address(request)} {request.headers.get('User-Agent', '')}",
        held=TRAPPED if sent.get(TRAP) else "",
    )


def _form(
    request: HttpRequest,
    rules: RatingRules,
    given: Given,
    told: dict[str, object],
    *,
    why: str = "",
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    """The form, empty or with all that was typed; a key that was tampered with is drawn anew."""
    if not services.KEY.fullmatch(given.key):
        given = replace(given, key=secrets.token_hex(16))
    asked = rules.aspects.items if rules.aspects else ()
    aspects = [(one, given.aspects.get(one.id, "")) for one in asked]
    return show(request, "rate", rules.title, status, given=given, why=why, aspects=aspects, **told)
