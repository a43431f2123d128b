"""Say what happened, on a phone, without an account: where to, the form, the receipt (WY-R3, WY-R5)."""

from __future__ import annotations

from http import HTTPStatus

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

from casework.matters import beside, files
from casework.matters.registration import Reported
from casework.models import Plate, ProcedureVersion
from casework.plates import qr
from casework.plates.placing import plate_of
from casework.reporters import flooding
from casework.reporting import apart, sending
from casework.reporting.apart import for_reporters
from casework.reporting.forms import ReportForm
from casework.reporting.sending import Sent
from office.errors import Refused

WEB, PLATE = "web", "plate"
TRAP = "website"  # a field that no person sees
TRAPPED = "疑似自动提交"
TOO_OFTEN = "提交得太频繁"
DEAD = "请按现场的新牌反映；现场没有新牌的，从本页反映，或者到窗口办理。"


def open_desks(source: str) -> list[ProcedureVersion]:
    """Return the procedures that take in reports themselves, by this channel."""
    found = ProcedureVersion.objects.filter(is_active=True, own_intake=True).order_by("procedure_id")
    return [version for version in found if source in version.procedure.intake.public_channels]


@for_reporters
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    return render(request, "casework/reporting/start.html", {"title": "反映问题", "desks": open_desks(WEB)})


@for_reporters
@require_safe
def scanned(request: HttpRequest, code: str) -> HttpResponse:
    """Lead from a plate to the form; where the plate hangs stays with the server."""
    plate = plate_of(code)
    if plate is None or plate.is_dead:
        return _dead(request, plate)
    desks = open_desks(PLATE)
    if len(desks) == 1:
        return redirect("casework:report-by-plate", code=plate.code, procedure_id=desks[0].procedure_id)
    return render(
        request, "casework/reporting/start.html", {"title": "反映问题", "desks": desks, "plate": plate}
    )


def _dead(request: HttpRequest, plate: Plate | None) -> HttpResponse:
    context = {
        "title": "这块监督评议牌已经停用" if plate else "没有找到这块监督评议牌",
        "to_do": DEAD if plate else "请核对牌上的地址；也可以从本页反映。",
        "link": reverse("casework:report-start"),
        "link_label": "反映问题",
    }
    status = HTTPStatus.GONE if plate else HTTPStatus.NOT_FOUND
    return render(request, "casework/reporting/said.html", context, status=status)


@for_reporters
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, procedure_id: str, code: str = "") -> HttpResponse:
    """One page with three sections; what was sent is answered with the receipt, the form again with why."""
    plate = plate_of(code) if code else None
    if code and (plate is None or plate.is_dead):
        return _dead(request, plate)
    source = PLATE if plate else WEB
    version = next((one for one in open_desks(source) if one.procedure_id == procedure_id), None)
    if version is None:
        raise Http404
    if address := beside.intake_address(procedure_id, is_public=True):
        return redirect(address)
    if request.method != "POST":
        about = {"about": request.GET.get("about", "")}  # a page that knows the unit leads here
        return _form(request, version, ReportForm(procedure=version.procedure, initial=about))
    form = ReportForm(apart.without_nul(request.POST), request.FILES, procedure=version.procedure)
    return _sent(request, version, form, source, plate)


def _sent(
    request: HttpRequest, version: ProcedureVersion, form: ReportForm, source: str, plate: Plate | None
) -> HttpResponse:
    key = request.POST.get("key", "")
    if not sending.is_key(key):
        return _form(request, version, form, "提交的内容不完整，没有登记。请重新提交。")
    address = apart.address(request)
    if minutes := flooding.reports.minutes_to_wait(address):
        return apart.wait(request, minutes, TOO_OFTEN)
    if not form.is_valid():
        return _form(request, version, form, "没有登记。请补充下面标出的内容后再提交。")
    intake = version.procedure.intake
    try:
        held = flooding.reports.came(address)  # before any photo is opened: that takes the longest
        photos = files.read_uploads(form.cleaned_data["photos"], most=intake.most_files, papers=intake.papers)
        sent = sending.send_report(
            version=version,
            reported=_reported(form, source, plate),
            key=key,
            photos=photos,
            held=TRAPPED if request.POST.get(TRAP) else held,
            now=timezone.now(),
        )
    except Refused as refusal:
        return _form(request, version, form, str(refusal))
    return _receipt(request, sent)


def _reported(form: ReportForm, source: str, plate: Plate | None) -> Reported:
    """Who stays anonymous gives nothing that is kept, whatever was typed before."""
    given = form.cleaned_data
    named = not form.is_anonymous
    return Reported(
        source=source,
        title=given["title"],
        text=given["text"].replace("\r\n", "\n"),
        fields=form.given_fields(),
        about=given["about"],
        plate=plate,
        is_anonymous=not named,
        name=given["name"] if named else "",
        phone=given["phone"] if named else "",
        firm=given["firm"] if named else "",
        may_be_named=named and given["may_be_named"],
    )


def _form(request: HttpRequest, version: ProcedureVersion, form: ReportForm, why: str = "") -> HttpResponse:
    context = {
        "title": version.procedure.desk,
        "procedure": version.procedure,
        "form": form,
        "why": why,
        "key": request.POST.get("key") if sending.is_key(request.POST.get("key", "")) else sending.new_key(),
        "chose_photos": bool(request.FILES),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if why else HTTPStatus.OK
    return render(request, "casework/reporting/form.html", context, status=status)


def _receipt(request: HttpRequest, sent: Sent) -> HttpResponse:
    path = progress_address(sent.matter.number)
    address = f"{settings.PUBLIC_ORIGIN}{path}"
    context = {
        "title": "已经收到",
        "sent": sent,
        "matter": sent.matter,
        "address": address,
        "path": path,
        "qr": qr.drawn(address, "查询进度"),
    }
    return render(request, "casework/reporting/receipt.html", context)


def progress_address(number: str) -> str:
    return f"{reverse('casework:report-progress')}?{urlencode({'number': number})}"
