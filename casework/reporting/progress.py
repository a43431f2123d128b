"""Follow a matter by number and query code, in words; act on it: each act names both again, no session is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from casework.matters.closing import withdraw_matter
from casework.matters.numbers import found_by_code
from casework.matters.state import OPEN
from casework.models import Matter
from casework.reporting import apart, flooding, words
from casework.reporting.apart import for_reporters
from office.errors import Refused

LONGEST_NUMBER, LONGEST_CODE = 40, 20
WRONG = "编号或者查询码不正确。请对照回执重新填写。"


@dataclass(frozen=True)
class Act:
    """What a reporter can do about a matter now, and the sentence that follows it."""

    name: str
    done: str
    may: Callable[[Matter], bool]
    do: Callable[[HttpRequest, Matter], object]


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
    act = next((one for one in ACTS if one.name == request.POST.get("act")), None)
    if act is None:
        return "", ""
    if not act.may(matter):
        return "", "这件事项的情况已经变化，请看下面的最新情况。"
    try:
        act.do(request, matter)
    except Refused as refusal:
        return "", str(refusal)
    return act.done, ""


def _shown(request: HttpRequest, matter: Matter, code: str, done: str, why: str) -> HttpResponse:
    procedure = matter.procedure
    context = {
        "title": matter.title,
        "matter": matter,
        "procedure": procedure,
        "code": code,
        "stands": words.stands(matter),
        "steps": words.steps(matter),
        "done": done,
        "why": why,
        "may": {one.name for one in ACTS if one.may(matter)},
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if why else HTTPStatus.OK
    return render(request, "casework/reporting/progress.html", context, status=status)


def _may_withdraw(matter: Matter) -> bool:
    return matter.procedure.withdrawal is not None and matter.state in OPEN


def _withdraw(request: HttpRequest, matter: Matter) -> None:
    if request.POST.get("sure") != "1":
        raise Refused("没有勾选确认", "确实要撤回的，请勾选后再提交。")
    withdraw_matter(matter=matter, reason="", now=timezone.now(), acting_user=None)


ACTS = (Act("withdraw", "已经撤回，不再办理。", _may_withdraw, _withdraw),)
