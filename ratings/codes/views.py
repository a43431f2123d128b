"""Make codes, print them, end them; a code that fell dead says what is to be done."""

from __future__ import annotations

from collections import Counter

from django.core.paginator import Paginator
from django.db.models import F, QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from departments.models import Hall
from office import roles
from office.exports.documents import hand_out
from office.workbench.attempt import attempt
from office.workbench.pages import posted, require, show
from ratings.codes import making, posters
from ratings.codes.forms import CodesForm, EndForm
from ratings.models import RatingCode
from ratings.rules import all_rules

A_PAGE = 100
GIVEN_UP = "窗口已撤销，码已失效。请停用并取下码牌。"
UNIT_LEFT = "单位已不在评价范围内，码已失效。请停用并取下码牌。"
CHANGED_HANDS = "窗口已换单位，码已失效。请停用并换发，更换码牌。"


@require_safe
def codes(request: HttpRequest) -> HttpResponse:
    """The codes by hall, live ones or those that ended."""
    user = require(request, "rating.view")
    ended, asked = request.GET.get("ended") == "1", request.GET.get("q", "").strip()[:80]
    hall = _number(request.GET.get("hall", ""))
    found = _rows().filter(ended_on__isnull=not ended)
    if hall:
        found = found.filter(hall=hall)
    if asked:
        found = found.filter(unit__name__contains=asked)
    shown = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    return show(
        request,
        "ratings/codes/codes.html",
        "评价码",
        rows=[(code, all_rules()[code.rules_id].title, _fell_dead(code)) for code in shown],
        shown=shown,
        ended=ended,
        asked=asked,
        hall=hall,
        halls=Hall.objects.all(),
        may_edit=roles.allowed(user, "rating.code"),
        sizes=posters.SIZES,
        wall_size=posters.WALL_SIZE,
        without=_without() if not ended else 0,
    )


def _rows() -> QuerySet[RatingCode]:
    rows = RatingCode.objects.filter(rules_id__in=all_rules())
    rows = rows.select_related("hall", "window__hall", "window__department", "unit", "replaced_by")
    places = F("hall__order").asc(nulls_last=True)
    return rows.order_by(places, "hall_id", "kind", "window_id", "unit__order", "id")


def _fell_dead(code: RatingCode) -> str:
    """Say what is to be done about a code that leads nowhere though nobody ended it."""
    if code.ended_on is not None or not code.is_dead:
        return ""
    if code.window is None or (code.window.is_active and not making.may_replace(code)):
        return UNIT_LEFT
    return CHANGED_HANDS if code.window.is_active else GIVEN_UP


def _without() -> int:
    """How many windows in use have no code under any rules."""
    coded = RatingCode.objects.filter(kind=RatingCode.Kind.WINDOW, ended_on=None).values("window")
    return making.windows_in_use().exclude(pk__in=coded).count()


def _usual_rules() -> str:
    """The rules of the code made last; before the first the first ones."""
    last = RatingCode.objects.filter(rules_id__in=all_rules()).order_by("-pk").first()
    return last.rules_id if last else next(iter(all_rules()))


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


@require_http_methods(["GET", "HEAD", "POST"])
def new_codes(request: HttpRequest) -> HttpResponse:
    """Choose the rules first: what has a code under them is not offered again."""
    user = require(request, "rating.code")
    rules_id = request.POST.get("rules") or request.GET.get("rules") or _usual_rules()
    if rules_id not in all_rules():
        raise Http404
    initial = {"hall": _number(request.GET.get("hall", "")) or None}
    form = CodesForm(posted(request), rules_id=rules_id, initial=initial)
    if form.is_valid():
        with attempt(request, "评价码已制作，请打印后张贴。") as done:
            making.make_codes(
                wanted=form.wanted(),
                rules_id=rules_id,
                valid_from=form.cleaned_data["valid_from"],
                acting_user=user,
            )
        if done:
            return redirect("ratings:codes")
    return show(
        request,
        "ratings/codes/new.html",
        "制作评价码",
        form=form,
        rules_id=rules_id,
        all_rules=all_rules(),
        waiting=Counter(window.hall.name for window in making.windows_without(rules_id)).items(),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def code_end(request: HttpRequest, code_id: int) -> HttpResponse:
    user = require(request, "rating.code")
    code = get_object_or_404(_rows(), pk=code_id)
    may_replace = making.may_replace(code)
    form = EndForm(posted(request), initial={"replace": may_replace})
    if not may_replace:
        del form.fields["replace"]
    if form.is_valid():
        replace = form.cleaned_data.get("replace", False)
        done_text = "原码已停用，新码已换发，请打印后更换。" if replace else "这个评价码已停用，请取下码牌。"
        with attempt(request, done_text) as done:
            making.end_code(
                code=code,
                reason=form.cleaned_data["reason"],
                replace=replace,
                today=timezone.localdate(),
                acting_user=user,
            )
        if done:
            return redirect("ratings:codes")
    fell = _fell_dead(code)
    return show(request, "ratings/codes/end.html", "停用评价码", code=code, form=form, fell_dead=fell)


@require_safe
def code_posters(request: HttpRequest) -> HttpResponse | FileResponse:
    """Print one code, those of a hall, or all; as a wall, the windows of a hall on sheets together."""
    user = require(request, "rating.code")
    size, one, hall = (request.GET.get(name, "") for name in ("size", "code", "hall"))
    live = _rows().filter(pk__in=making.live_codes().values("pk"))
    if one:
        live = live.filter(pk=_number(one))
    if hall:
        live = live.filter(hall=_number(hall))
    printed = list(live)
    is_wall = size == posters.WALL
    sheets = posters.sheets_of(printed) if is_wall else [posters.poster_of(code) for code in printed]
    if not sheets or (size not in posters.SIZES and not is_wall):
        raise Http404
    html = render_to_string("ratings/codes/posters.html", {"sheets": sheets, "size": size}, request)
    of = str(printed[0]) if one else str(printed[0].hall) if hall else "全部"
    name = f"评价码（{of}，{posters.WALL_SIZE if is_wall else posters.SIZES[size]}）"
    return hand_out(html, name=name, acting_user=user)
