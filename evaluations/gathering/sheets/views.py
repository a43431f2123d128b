"""The office's pages of a panel: who marks, what came in, opening by two, and what was given after that."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from evaluations.gathering import services as gathering
from evaluations.gathering.sheets import kind, panels, paper
from evaluations.gathering.sheets.form import form_of, has_aspects, step_of, total_of
from evaluations.gathering.sheets.forms import MarkerForm, NumberForm, ReasonForm, WayForm
from evaluations.models import Channel, Marker, MarkSheet, Panel, PanelAct
from evaluations.rounds.page import heading
from office import roles
from office.definitions.numbers import plain, shown
from office.errors import Refused
from office.exports import documents
from office.models import User
from office.workbench.attempt import attempt
from office.workbench.pages import posted, require, show

Act, State, Keying = PanelAct.Act, MarkSheet.State, MarkSheet.Keying
PLACES = 2
FAR = 2
"""So many standard deviations from the mean make a mark one that is shown; nothing is removed."""


def the_panel(channel_id: int) -> Panel:
    found = Channel.objects.select_related("round__scheme_version", "round__survey")
    channel = get_object_or_404(found, pk=channel_id)
    if channel.kind != Channel.Kind.SHEETS:
        raise Http404
    return panels.panel_of(channel)


def panel(request: HttpRequest, channel_id: int) -> HttpResponse:
    user = require(request, "round.view")
    found = the_panel(channel_id)
    return _page(request, found, user)


def _page(request: HttpRequest, found: Panel, user: User, **forms: Any) -> HttpResponse:
    channel, now = found.channel, timezone.now()
    sheets = list(panels.sheets_of(found))
    is_open = gathering.is_open(channel)
    prepares = roles.allowed(user, "sheets.prepare")
    may_list = prepares and not found.opened_at and channel.state == Channel.State.OPEN
    may_list = may_list and channel.round.state in panels.BEFORE_COMPUTING
    waiting = panels.waiting_act(found, now)
    begun = any(sheet.version or sheet.state != State.DUE for sheet in sheets)
    on_paper = [sheet for sheet in sheets if sheet.marker.way == Marker.Way.PAPER]
    context = {
        **heading(channel.round),
        "panel": found,
        "channel": channel,
        "label": gathering.label_of(channel),
        "columns": form_of(found).columns,
        "sheets": sheets,
        "submitted": sum(sheet.state == State.SUBMITTED for sheet in sheets),
        "voids": list(
            MarkSheet.objects.filter(marker__panel=found, state=State.VOID).select_related("marker__unit")
        ),
        "acts": list(found.acts.exclude(second=None).select_related("first", "second")),
        "waiting": waiting,
        "signed_by_me": bool(waiting) and waiting.first_id == user.pk if waiting else False,
        "absent": [sheet.marker for sheet in sheets if sheet.state != State.SUBMITTED],
        "quorum": kind.quorum_note(
            found, sum(sheet.state == State.SUBMITTED for sheet in sheets), len(sheets)
        ),
        "is_open": is_open,
        "may_list": may_list,
        "may_choose_way": may_list and has_aspects(found) and not begun,
        "may_sign": is_open and roles.allowed(user, "sheets.unseal"),
        "signers": roles.in_words("sheets.unseal"),
        "may_void": is_open and roles.allowed(user, "sheets.void"),
        "may_print": prepares and is_open and any(sheet.state == State.DUE for sheet in on_paper),
        "may_receive": prepares and is_open and bool(on_paper) and not found.opened_at,
        "may_key": is_open and bool(found.opened_at) and _may_key(user),
        "unkeyed": [sheet for sheet in on_paper if sheet.state == State.SUBMITTED and kind.is_unkeyed(sheet)],
        "marker_form": forms.get("marker_form") or MarkerForm(),
        "way_form": WayForm.of(found),
        "number_form": forms.get("number_form") or NumberForm(),
        "reason_form": ReasonForm(),
        "table": _table(found) if found.opened_at else None,
        "may_import": roles.allowed(user, "sheets.prepare"),
    }
    return show(request, "evaluations/gathering/sheets/panel.html", context["label"], **context)


def _may_key(user: User) -> bool:
    return any(roles.allowed(user, action) for action in ("paper.key", "paper.settle", "paper.decide"))


@dataclass(frozen=True)
class Given:
    """What a unit was given: its marks, the lowest first, far ones among them, and the plain mean."""

    name: str
    totals: list[tuple[str, bool]]
    aspects: list[str]
    mean: str


def _table(found: Panel) -> dict[str, Any] | None:
    """What was given, without names; None while a paper sheet is being keyed."""
    if not (read := kind.readable(found)):
        return None
    form, by_unit = kind.given_by_unit(found)
    rows = [
        _given(
            unit.name, by_unit[unit.key], [column.key for column in form.columns] if form.by_aspect else []
        )
        for unit in form.units
    ]
    alike = sum(len({total_of(row) for row in marks.values()}) == 1 and len(marks) > 1 for _, marks in read)
    return {
        "rows": rows,
        "columns": form.columns if form.by_aspect else (),
        "alike": alike,
        "trims": step_of(found).trim,
        "far": any(is_far for row in rows for _, is_far in row.totals),
    }


def _given(name: str, rows: list[dict[str, str]], aspects: list[str]) -> Given:
    totals = [total_of(row) for row in rows]
    if not totals:
        return Given(name, [], [], "")
    mean = _mean(totals)
    spread = _mean([(total - mean) ** 2 for total in totals])
    marks = [(plain(total), spread > 0 and (total - mean) ** 2 > FAR * FAR * spread) for total in totals]
    by_aspect = [shown(_mean([Fraction(row[key]) for row in rows]), PLACES) for key in aspects]
    return Given(name, marks, by_aspect, shown(mean, PLACES))


def _mean(numbers: list[Fraction]) -> Fraction:
    return sum(numbers, Fraction(0)) / len(numbers)


# --- Acts of the page ------------------------------------------------------------------------------


@require_POST
def add_marker(request: HttpRequest, channel_id: int) -> HttpResponse:
    user = require(request, "sheets.prepare")
    found = the_panel(channel_id)
    form = MarkerForm(posted(request))
    if not form.is_valid():
        return _page(request, found, user, marker_form=form)
    with attempt(request, "已新增评议人。") as done:
        panels.add_marker(panel=found, **form.cleaned_data, acting_user=user)
    return redirect("cockpit:sheets", channel_id) if done else _page(request, found, user, marker_form=form)


@require_POST
def remove_marker(request: HttpRequest, marker_id: int) -> HttpResponse:
    user = require(request, "sheets.prepare")
    marker = get_object_or_404(Marker.objects.select_related("panel__channel__round", "unit"), pk=marker_id)
    with attempt(request, "已移出评议组。"):
        panels.remove_marker(marker=marker, acting_user=user)
    return redirect("cockpit:sheets", marker.panel.channel_id)


@require_POST
def void(request: HttpRequest, sheet_id: int) -> HttpResponse:
    user = require(request, "sheets.void")
    rows = MarkSheet.objects.select_related("marker__panel__channel__round__scheme_version")
    sheet = get_object_or_404(rows, pk=sheet_id)
    with attempt(request, "打分表已作废，已发新表。"):
        panels.void_sheet(sheet=sheet, reason=request.POST.get("reason", "")[:200], acting_user=user)
    return redirect("cockpit:sheets", sheet.marker.panel.channel_id)


def _add_units(found: Panel, user: User, request: HttpRequest) -> None:
    panels.add_units(panel=found, acting_user=user)


def _set_way(found: Panel, user: User, request: HttpRequest) -> None:
    panels.set_by_aspect(panel=found, by_aspect=request.POST.get("by_aspect") == "yes", acting_user=user)


def _sign(act: str) -> Callable[[Panel, User, HttpRequest], None]:
    def signs(found: Panel, user: User, request: HttpRequest) -> None:
        reason = request.POST.get("reason", "")[:200]
        panels.sign(panel=found, act=act, reason=reason, now=timezone.now(), acting_user=user)

    return signs


def _receive(found: Panel, user: User, request: HttpRequest) -> None:
    number = request.POST.get("number", "")[:40]
    paper.receive_sheet(panel=found, number=number, now=timezone.now(), acting_user=user)


ACTS: dict[str, tuple[str, str, Callable[[Panel, User, HttpRequest], None]]] = {
    "units": ("sheets.prepare", "已将参评单位列为评议人。", _add_units),
    "way": ("sheets.prepare", "已选定打分方式。", _set_way),
    "open": ("sheets.unseal", "已签署开启；须由两人先后签署。", _sign(Act.OPEN)),
    "reopen": ("sheets.unseal", "已签署重新收表；须由两人先后签署。", _sign(Act.REOPEN)),
    "receive": ("sheets.prepare", "已登记收到，信封保持密封。", _receive),
}


@require_POST
def act(request: HttpRequest, channel_id: int, act: str) -> HttpResponse:
    if act not in ACTS:
        raise Http404
    action, said, do = ACTS[act]
    user = require(request, action)
    found = the_panel(channel_id)
    with attempt(request, said):
        do(found, user, request)
    return redirect("cockpit:sheets", channel_id)


@require_POST
def printed(request: HttpRequest, channel_id: int) -> HttpResponse | FileResponse:
    user = require(request, "sheets.prepare")
    found = the_panel(channel_id)
    try:
        html = paper.take_blank_sheets(panel=found, acting_user=user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("cockpit:sheets", channel_id)
    name = f"打分表-{gathering.label_of(found.channel)}"
    return documents.hand_out(html, name=name, acting_user=user)
