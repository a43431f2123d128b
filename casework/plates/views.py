"""Make plates, print their posters, end them; how much came by a place is for the centre alone."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from casework.models import Plate
from casework.plates import placing, qr
from casework.plates.forms import EndForm, PlatesForm
from office import roles
from office.exports.documents import hand_out
from office.workbench.attempt import attempt
from office.workbench.pages import posted, require, show

A_PAGE = 100
SIZES = {"a5": "A5 桌牌", "wall": "A3 张贴"}


@require_safe
def plates(request: HttpRequest) -> HttpResponse:
    """The live plates, or those that ended; sums below the procedure's number are not shown."""
    user = require(request, "plate.view")
    ended, asked = request.GET.get("ended") == "1", request.GET.get("q", "").strip()[:80]
    found = Plate.objects.filter(ended_on__isnull=not ended, place__contains=asked)
    shown = Paginator(found.select_related("replaced_by"), A_PAGE).get_page(request.GET.get("page"))
    may_edit = roles.allowed(user, "plate.edit")
    sums = placing.sums_of_places() if may_edit else {}
    return show(
        request,
        "casework/plates/plates.html",
        "监督评议牌",
        rows=[(plate, sums.get(plate.pk, "")) for plate in shown],
        shown=shown,
        ended=ended,
        asked=asked,
        may_edit=may_edit,
        sizes=SIZES,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def new_plates(request: HttpRequest) -> HttpResponse:
    user = require(request, "plate.edit")
    form = PlatesForm(posted(request))
    if form.is_valid():
        given = form.cleaned_data
        with attempt(request, "监督评议牌已制作，请打印后放置。") as done:
            placing.make_plates(
                places=given["places"].splitlines(),
                kind=given["kind"],
                valid_from=given["valid_from"],
                acting_user=user,
            )
        if done:
            return redirect("casework:plates")
    return show(request, "casework/plates/new.html", "制作监督评议牌", form=form)


@require_http_methods(["GET", "HEAD", "POST"])
def plate_end(request: HttpRequest, plate_id: int) -> HttpResponse:
    user = require(request, "plate.edit")
    plate = get_object_or_404(Plate, pk=plate_id)
    form = EndForm(posted(request))
    if form.is_valid():
        replace = form.cleaned_data["replace"]
        done_text = "原牌已停用，新牌已换发，请打印后更换。" if replace else "这块牌已停用。"
        with attempt(request, done_text) as done:
            placing.end_plate(
                plate=plate,
                reason=form.cleaned_data["reason"],
                replace=replace,
                today=timezone.localdate(),
                acting_user=user,
            )
        if done:
            return redirect("casework:plates")
    return show(request, "casework/plates/end.html", "停用监督评议牌", plate=plate, form=form)


@require_safe
def posters(request: HttpRequest) -> HttpResponse | FileResponse:
    """Posters of one live plate or of all of them, a page each."""
    user = require(request, "plate.edit")
    size, wanted = request.GET.get("size", "a5"), request.GET.get("plate", "")
    live = Plate.objects.filter(ended_on=None)
    if wanted:
        live = live.filter(pk=int(wanted)) if wanted.isdecimal() and len(wanted) < 10 else live.none()
    printed = [(plate, placing.address_of(plate)) for plate in live]
    if size not in SIZES or not printed:
        raise Http404
    pages = [(plate, address, qr.drawn(address, "扫码反映问题")) for plate, address in printed]
    html = render_to_string("casework/plates/posters.html", {"pages": pages, "size": size}, request)
    name = f"监督评议牌（{printed[0][0].place if wanted else '全部'}，{SIZES[size]}）"
    return hand_out(html, name=name, acting_user=user)
