"""How the pages of reporters answer: no cookie, nothing kept by the device, a fault said in words."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, QueryDict, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

from office.accounts import client

LONGEST_REQUEST = 62 * 1024 * 1024  # six photos; nginx lets a little more through
ReporterView = Callable[..., HttpResponse]
UNREADABLE = (RequestDataTooBig, SuspiciousOperation, MultiPartParserError, UnreadablePostError)


def for_reporters(view: ReporterView) -> ReporterView:
    """Let nothing be kept or sent along; say in words what could not be read."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            if length(request) > LONGEST_REQUEST:
                response = said(
                    request,
                    "提交的照片太大",
                    "没有登记。请返回上一页，减少照片或者缩小后重新提交。",
                    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
                )
            else:
                response = view(request, *args, **kwargs)
        except UNREADABLE:
            response = said(
                request, "提交的内容不完整", "没有登记。请返回上一页重新提交。", HTTPStatus.BAD_REQUEST
            )
        response["Cache-Control"] = "no-store"
        response["Referrer-Policy"] = "no-referrer"
        return response

    return csrf_exempt(answer)


def length(request: HttpRequest) -> int:
    said_length = request.META.get("CONTENT_LENGTH") or "0"
    return int(said_length) if said_length.isdecimal() else 0


def said(request: HttpRequest, title: str, to_do: str, status: int) -> HttpResponse:
    """One sentence about what happened, one about the way on."""
    return render(request, "casework/reporting/said.html", {"title": title, "to_do": to_do}, status=status)


def wait(request: HttpRequest, minutes: int, what: str) -> HttpResponse:
    to_do = f"请{minutes}分钟后再试，或者到窗口、通过电话办理。"
    response = said(request, what, to_do, HTTPStatus.TOO_MANY_REQUESTS)
    response["Retry-After"] = str(60 * minutes)
    return response


def address(request: HttpRequest) -> str:
    """Where a request comes from: counted in memory, kept nowhere."""
    return client.address(request) or ""


def without_nul(sent: QueryDict) -> QueryDict:
    """What was sent, without the sign that no text has and no database takes."""
    cleaned = sent.copy()
    for name, values in sent.lists():
        cleaned.setlist(name, [value.replace("\x00", "") for value in values])
    return cleaned


def typed(text: str, longest: int) -> str:
    """A number or a code as somebody typed it, without what no keyboard types."""
    return "".join(letter for letter in text if letter.isprintable()).strip()[:longest]
