"""The firm's own page: its code instead of a login; no cookie, no session."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from casework.models import CoveredObject, Visit
from casework.officers import codes, questionnaires, visiting
from casework.officers.forms import AnswerForm
from casework.reporters import flooding
from office.accounts import client
from office.errors import Refused

MOST_SHOWN = 12
FOLDER = "casework/officers"
TITLE = "确认首席服务官走访"
WRONG = "确认码不对或者已经停用。请核对印制的确认码，或者联系评价中心。"
FirmView = Callable[..., HttpResponse]


def for_firms(view: FirmView) -> FirmView:
    """Let nothing be kept or sent along; no cookie is read, so that none can be misused."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        response["Referrer-Policy"] = "no-referrer"
        return response

    return csrf_exempt(answer)


@for_firms
@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """Ask for the code; the address with the code opens the firm's page."""
    if request.method == "POST":
        code = codes.plain(request.POST.get("code", ""))
        found = _opened(request, code)
        if isinstance(found, HttpResponse):
            return found
        return HttpResponseRedirect(reverse("casework:firm", args=[code]))
    return render(request, f"{FOLDER}/enter.html", {"title": TITLE})


def _opened(request: HttpRequest, code: str) -> CoveredObject | HttpResponse:
    """Return the firm a code opens, or what to answer; whoever guesses has to wait, a right code as well."""
    address = client.address(request) or ""
    if minutes := flooding.firm_guesses.minutes_to_wait("", address):
        said = f"填错的次数较多，请{minutes}分钟后再试，或者联系评价中心。"
        answer = _ask(request, said, HTTPStatus.TOO_MANY_REQUESTS)
        answer["Retry-After"] = str(60 * minutes)
        return answer
    covered = codes.opened_by(code)
    if covered is None:
        flooding.firm_guesses.wrong("", address)
        return _ask(request, WRONG, HTTPStatus.NOT_FOUND)
    return covered


def _ask(request: HttpRequest, said: str, status: int) -> HttpResponse:
    return render(request, f"{FOLDER}/enter.html", {"title": TITLE, "fault": said}, status=status)


@for_firms
@require_http_methods(["GET", "POST"])
def firm(request: HttpRequest, code: str) -> HttpResponse:
    """The firm's visits, to be confirmed with stars or denied; its questionnaire."""
    covered = _opened(request, code)
    if isinstance(covered, HttpResponse):
        return covered
    asked = questionnaires.active()
    form = (
        AnswerForm(request.POST if "answer" in request.POST else None, questionnaire=asked) if asked else None
    )
    said = fault = ""
    if request.method == "POST":
        try:
            said = _posted(request, code, form)
        except Refused as refusal:
            fault = str(refusal)
    return render(
        request, f"{FOLDER}/firm.html", _shown(covered, code, form, said, fault), status=422 if fault else 200
    )


def _posted(request: HttpRequest, code: str, form: AnswerForm | None) -> str:
    now = timezone.now()
    if form is not None and form.is_bound:
        asked = questionnaires.active()
        if asked is None or not form.is_valid():
            raise Refused("调查表没有填写完整", "请检查后重新提交。")
        questionnaires.answer_as_firm(code=code, questionnaire=asked, answers=form.answers, now=now)
        return "调查表已提交，谢谢。"
    stars, visit = request.POST.get("stars", ""), request.POST.get("visit", "")
    visiting.answer_visit(
        code=code,
        visit_id=int(visit) if visit.isdecimal() and len(visit) < len(str(2**62)) else 0,
        happened=request.POST.get("happened") == "yes",
        stars=int(stars) if stars in "12345" and stars else None,
        now=now,
    )
    return "已确认，谢谢。"


def _shown(
    covered: CoveredObject, code: str, form: AnswerForm | None, said: str, fault: str
) -> dict[str, Any]:
    rows = covered.visits.select_related("officer__user", "officer__unit", "unit")
    return {
        "title": TITLE,
        "covered": covered,
        "code": code,
        "waiting": rows.filter(answer=Visit.Answer.WAITING)[:MOST_SHOWN],
        "answered": rows.exclude(answer=Visit.Answer.WAITING)[:MOST_SHOWN],
        "form": form,
        "said": said,
        "fault": fault,
        "stars": [(stars, f"{'★' * stars}　{stars} 星") for stars in range(visiting.MOST_STARS, 0, -1)],
    }
