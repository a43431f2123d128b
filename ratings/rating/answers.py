"""How the raters' pages answer: no cookie, nothing kept by the device, big type where it is asked for."""

from __future__ import annotations

from functools import wraps
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.views.decorators.csrf import csrf_exempt

from casework.reporting.apart import UNREADABLE, ReporterView, length
from ratings.tickets.marks import LONGEST

LONGEST_REQUEST = 1024 * 1024
TOO_LONG = "没有提交。请返回上一页，写得简短一些再提交。"


def for_raters(view: ReporterView) -> ReporterView:
    """Let nothing be kept or sent along; say in words what could not be read."""

    @wraps(view)
    def answer(request: HttpRequest, code: str) -> HttpResponse:
        try:
            if length(request) > LONGEST_REQUEST:
                response = said(request, "提交的内容太长", TOO_LONG, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            else:
                response = view(request, code)
        except UNREADABLE:
            response = said(request, "提交的内容无法读取", TOO_LONG, HTTPStatus.BAD_REQUEST)
        response["Cache-Control"] = "no-store"
        response["Referrer-Policy"] = "no-referrer"
        return response

    return csrf_exempt(answer)


def show(
    request: HttpRequest, page: str, title: str, status: int = HTTPStatus.OK, **told: object
) -> HttpResponse:
    """Show a page; type and ticket of the address go along from page to page, as nothing else keeps them."""
    is_big = request.GET.get("big") == "1"
    context = {
        "title": title,
        "is_big": is_big,
        "asked": _asked(request, is_big=is_big),
        "asked_otherwise": _asked(request, is_big=not is_big),
        **told,
    }
    return render(request, f"ratings/rating/{page}.html", context, status=status)


def said(request: HttpRequest, title: str, to_do: str, status: int) -> HttpResponse:
    """One sentence about what happened, one about the way on."""
    return show(request, "said", title, status, to_do=to_do)


def ticket_of(request: HttpRequest) -> str:
    """The number that a printed ticket's own code brings along."""
    return request.GET.get("t", "")[:LONGEST]


def led_on(request: HttpRequest, address: str) -> HttpResponse:
    """Lead to another address with type and ticket; what was sent is sent there again."""
    asked = _asked(request, is_big=request.GET.get("big") == "1")
    return redirect(f"{address}{asked}" if asked != "?" else address, preserve_request=True)


def _asked(request: HttpRequest, *, is_big: bool) -> str:
    kept = {"t": ticket_of(request), "big": "1" if is_big else ""}
    return f"?{urlencode({name: value for name, value in kept.items() if value})}"
