"""Follow a matter by number and query code, in words; act on it: each act names both again, no session is."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from casework.matters import beside
from casework.matters.numbers import found_by_code
from casework.models import Matter
from casework.reporters import flooding
from casework.reporting import acts, apart, words
from casework.reporting.apart import for_reporters
from office.errors import Refused

LONGEST_NUMBER, LONGEST_CODE = 40, 20
WRONG = "编号或者查询码不正确。请对照回执重新填写。"


@for_reporters
@require_http_methods(["GET", "HEAD", "POST"])
def look_up(request: HttpRequest) -> HttpResponse:
    """Ask for number and code; a wrong number is answered like a wrong code, and guessing has to wait."""
    asked = request.POST if request.method == "POST" else request.GET
    number = apart.typed(asked.get("number", ""), LONGEST_NUMBER).upper()
    if request.method != "POST":
        return _ask(request, number)
    address, code = apart.address(request), apart.typed(request.POST.get("code", ""), LONGEST_CODE)
    if minutes := flooding.guesses.minutes_to_wait(number, address):
        return apart.wait(request, minutes, "查询错误的次数较多")
    matter = found_by_code(number, code)
    if matter is None:
        flooding.guesses.wrong(number, address)
        return _ask(request, number, WRONG)
    flooding.guesses.right(number)
    done, why = _acted(request, matter)
    return _shown(request, Matter.objects.select_related("version").get(pk=matter.pk), code, done, why)


def _ask(request: HttpRequest, number: str, why: str = "") -> HttpResponse:
    status = HTTPStatus.NOT_FOUND if why else HTTPStatus.OK
    context = {"title": "查询进度", "number": number, "why": why}
    return render(request, "casework/reporting/look_up.html", context, status=status)


def _acted(request: HttpRequest, matter: Matter) -> tuple[str, str]:
    """Do what was asked, if it can be done now; return what to say of it: done, or why not."""
    act = next((one for one in acts.ACTS if one.name == request.POST.get("act")), None)
    if act is None:
        return "", ""
    if beside.reporters_address(matter):
        return "", "这件事项在下面所写的页面办理。"
    if not act.may(matter):
        return "", "这件事项的情况已经变化，请看下面的最新情况。"
    try:
        act.do(request, matter)
    except Refused as refusal:
        return "", str(refusal)
    return act.done, ""


def _shown(request: HttpRequest, matter: Matter, code: str, done: str, why: str) -> HttpResponse:
    context = {
        "title": matter.title,
        "matter": matter,
        "procedure": matter.procedure,
        "missing": acts.what_is_missing(matter),
        "code": code,
        "stands": words.stands(matter),
        "steps": words.steps(matter),
        "done": done,
        "why": why,
        "elsewhere": (elsewhere := beside.reporters_address(matter)),
        "may": set() if elsewhere else {one.name for one in acts.ACTS if one.may(matter)},
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if why else HTTPStatus.OK
    return render(request, "casework/reporting/progress.html", context, status=status)
