"""The voters' paths /v/ and /b/: no cookie, no session, no log, one answer for all."""

from __future__ import annotations

import gzip
import ipaddress
import json
from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from surveys.ballots.encoding import to_b64
from surveys.box import photos
from surveys.models import Survey
from surveys.voting import voting
from surveys.voting.refusals import NotTaken
from surveys.voting.throttle import throttle

WRONG_CODE = {"unknown_code", "unknown_key", "other_survey"}
HELP = "如需帮助或改用纸质票，请联系现场工作人员或拨打县优化营商环境服务中心电话。"
KEY_ON_SERVER = "本轮评价的计票密钥由评价中心加口令保存，截止后用于计票。"
SHOWN = ("fingerprint", "state", "closes", "allow_revote", "key_on_server")
LONGEST_REDEEM = 4 * 1024  # bytes
LONGEST_CAST = 512 * 1024  # more than a sealed ballot of the largest form
VoterView = Callable[..., HttpResponse]


def for_voters(view: VoterView) -> VoterView:
    """Turn a refusal into its JSON, slow down guessing, and let nothing be kept or sent along."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            response = view(request, *args, **kwargs)
        except NotTaken as refusal:
            response = _refusal(request, refusal)
        if "Cache-Control" not in response:
            response["Cache-Control"] = "no-store"
        response["Referrer-Policy"] = "no-referrer"
        return response

    return csrf_exempt(answer)


def _refusal(request: HttpRequest, refusal: NotTaken) -> HttpResponse:
    wait = throttle.wrong(_address(request)) if refusal.code in WRONG_CODE else 0
    if wait:
        refusal = NotTaken("too_many", {"Retry-After": str(wait)})
    body = {"error": refusal.code, "message": refusal.reason.message}
    response = JsonResponse(body, status=refusal.reason.status)
    for name, value in refusal.headers.items():
        response[name] = value
    return response


def _address(request: HttpRequest) -> str:
    """Where a wrong code comes from, if that is somebody's own address; counted in memory, never kept.

    Our proxy hands on no address, and in a hall all share one: then only the overall limit holds.
    """
    address = request.META.get("REMOTE_ADDR", "")
    try:
        return address if ipaddress.ip_address(address).is_global else ""
    except ValueError:
        return ""


def _sent(request: HttpRequest, longest: int) -> dict[str, Any]:
    """What was sent, if it is no longer than an honest phone's request; the length is looked at first."""
    try:
        if int(request.META.get("CONTENT_LENGTH") or 0) > longest:
            raise NotTaken("bad_request")
        sent = json.loads(request.body)
    except (ValueError, RecursionError):
        raise NotTaken("bad_request") from None
    if not isinstance(sent, dict):
        raise NotTaken("bad_request")
    return sent


@for_voters
@require_GET
def ballot_page(request: HttpRequest) -> HttpResponse:
    """One page for all surveys; the secret behind the # never comes here."""
    return HttpResponse(render_to_string("surveys/voting/ballot.html"))


@for_voters
@require_GET
def ballot_form(request: HttpRequest, key_id: str) -> HttpResponse:
    """Form and keys, the same bytes for every key of a survey."""
    survey = Survey.objects.only(*SHOWN).get(pk=voting.box_of(key_id).survey)
    if not survey.fingerprint:
        raise NotTaken("not_open")
    packed = "gzip" in request.headers.get("Accept-Encoding", "")
    content = _form_bytes(_around(survey), survey.fingerprint, packed)
    response = HttpResponse(content, content_type="application/json")
    if packed:
        response["Content-Encoding"] = "gzip"
    response["Vary"] = "Accept-Encoding"
    response["Cache-Control"] = "public, max-age=60"
    return response


@for_voters
@require_GET
def ballot_photos(request: HttpRequest, digest: str) -> HttpResponse:
    """The photos of everybody on the ballot, whoever's was tapped: the request says nothing of the voter."""
    packed = "gzip" in request.headers.get("Accept-Encoding", "")
    content = photos.pack(digest, packed=packed)
    if content is None:
        raise NotTaken("no_photos")
    response = HttpResponse(content, content_type="application/json")
    if packed:
        response["Content-Encoding"] = "gzip"
    response["Vary"] = "Accept-Encoding"
    response["Cache-Control"] = "public, max-age=60"
    return response


@lru_cache(maxsize=8)
def _form_bytes(around: str, fingerprint: str, packed: bool) -> bytes:
    """Packed once, not for every voter of a hall; the fingerprint covers form and keys."""
    public = Survey.objects.values_list("public", flat=True).get(fingerprint=fingerprint)
    content = f'{around[:-1]}, "public": {public}}}'.encode()
    return gzip.compress(content, mtime=0) if packed else content


def _around(survey: Survey) -> str:
    around = {
        "format": 1,
        "open": survey.state == Survey.State.OPEN,
        "over": survey.state in Survey.OVER,
        "notice": _notice(survey),
        "banners": _banners(survey),
        "county": settings.COUNTY_NAME,
        "closes": survey.closes,
        "allow_revote": survey.allow_revote,
        "help": HELP + (KEY_ON_SERVER if survey.key_on_server else ""),
        "redeem_url": "/v/redeem",
        "cast_url": "/v/cast",
    }
    return json.dumps(around, ensure_ascii=False)


def _notice(survey: Survey) -> str:
    if survey.state == Survey.State.FROZEN:
        return "本轮评价尚未开始，请在开始后再打开本页。"
    if survey.state == Survey.State.VOID:
        return "本轮评价已经作废，凭条不再有效，已提交的内容不会计票。"
    return "" if survey.state == Survey.State.OPEN else "本轮评价已经截止，感谢您的参与。"


def _banners(survey: Survey) -> list[str]:
    banners = []
    if settings.DEMO:
        banners.append("演示数据，不作为评价结果")
    if settings.HALL_WITHOUT_HTTPS and not settings.PUBLIC_ORIGIN.startswith("https://"):
        banners.append("会场局域网：连接未加密，请勿在其他网络使用本页")
    return banners


@for_voters
@require_POST
def redeem(request: HttpRequest) -> HttpResponse:
    signature = voting.redeem_slip(body=_sent(request, LONGEST_REDEEM))
    return JsonResponse({"blind_sig": to_b64(signature)})


@for_voters
@require_POST
def cast(request: HttpRequest) -> HttpResponse:
    tracker, receipt = voting.cast_ballot(body=_sent(request, LONGEST_CAST))
    return JsonResponse({"tracker": tracker, "receipt": to_b64(receipt)})
