"""The grid: a marker fills in the own sheet, clerks key one from paper. Works without its script, too."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from evaluations.gathering import services as gathering
from evaluations.gathering.sheets import kind, marking, panels, paper
from evaluations.gathering.sheets.form import Cell, Marks, SheetForm, form_of, zeros
from evaluations.gathering.sheets.forms import NumberForm
from evaluations.gathering.sheets.views import the_panel
from evaluations.models import Channel, Marker, MarkSheet
from evaluations.rounds.page import heading
from office.errors import Refused
from office.models import User
from office.workbench.attempt import attempt
from office.workbench.pages import posted, require, show

KEYERS = ("paper.key", "paper.settle", "paper.decide")
PREFIX = "m."
State = MarkSheet.State


@dataclass(frozen=True)
class Line:
    name: str
    cells: list[dict[str, Any]]


def _lines(form: SheetForm, values: dict[Cell, str], wrong: dict[Cell, str]) -> list[Line]:
    return [
        Line(
            unit.name,
            [
                {
                    "name": f"{PREFIX}{unit.key}.{column.key}",
                    "label": f"{unit.name}，{column.label}" if form.by_aspect else unit.name,
                    "column": column,
                    "value": values.get((unit.key, column.key), ""),
                    "wrong": wrong.get((unit.key, column.key), ""),
                }
                for column in form.columns
            ],
        )
        for unit in form.units
    ]


def _as_cells(marks: Marks) -> dict[Cell, str]:
    return {(unit, column): value for unit, row in marks.items() for column, value in row.items()}


def _typed(fields: dict[str, Any]) -> dict[Cell, str]:
    """The cells among what was sent; a name that is no cell's is left for the form to refuse."""
    found: dict[Cell, str] = {}
    for name, text in fields.items():
        if name.startswith(PREFIX):
            unit, _, column = name.removeprefix(PREFIX).partition(".")
            found[unit, column] = str(text)
    return found


def _wrong(form: SheetForm, typed: dict[Cell, str]) -> dict[Cell, str]:
    found: dict[Cell, str] = {}
    columns = {column.key: column for column in form.columns}
    for cell, text in typed.items():
        try:
            columns[cell[1]].read(text)
        except KeyError:
            continue
        except ValueError as fault:
            found[cell] = str(fault)
    return found


# --- The marker's own sheets -------------------------------------------------------------------------


@never_cache
def mine(request: HttpRequest) -> HttpResponse:
    user = require(request, "sheets.mark")
    sheets = MarkSheet.objects.filter(marker__account=user).exclude(state=State.VOID)
    rows = sheets.select_related("marker__panel__channel__round__scheme_version").order_by("-id")
    lines = [
        {
            "sheet": sheet,
            "round": (channel := sheet.marker.panel.channel).round,
            "label": gathering.label_of(channel),
            "due_on": channel.due_on,
            "may_mark": may_mark(sheet),
        }
        for sheet in rows
        if sheet.marker.panel.channel.kind == Channel.Kind.SHEETS
    ]
    return show(request, "evaluations/gathering/sheets/mine.html", "我的打分表", lines=lines)


def may_mark(sheet: MarkSheet) -> bool:
    panel = sheet.marker.panel
    return gathering.is_open(panel.channel) and not panel.opened_at and sheet.state == State.DUE


def _own(user: User, sheet_id: int) -> MarkSheet:
    rows = MarkSheet.objects.exclude(state=State.VOID).select_related(
        "marker__unit", "marker__panel__channel__round__scheme_version"
    )
    found = get_object_or_404(rows, pk=sheet_id, marker__account=user)
    if found.marker.panel.channel.kind != Channel.Kind.SHEETS:
        raise Http404
    return found


@never_cache
@require_http_methods(["GET", "POST"])
def mark(request: HttpRequest, sheet_id: int) -> HttpResponse:
    """Show the sheet; without the script both buttons send the whole of it."""
    user = require(request, "sheets.mark")
    sheet = _own(user, sheet_id)
    form = form_of(sheet.marker.panel, without=sheet.marker.unit_id)
    typed = _typed(request.POST.dict())
    if request.method == "POST":
        submits = "submit" in request.POST
        with attempt(request, "打分表已提交。" if submits else "已保存，还没有提交。") as done:
            _take(sheet, typed, request, user, submits=submits)
        if done:
            return redirect(
                "cockpit:sheets-mine" if submits else "cockpit:sheets-mark", *([] if submits else [sheet_id])
            )
    marks = marking.marks_of(sheet, form)
    values = typed if request.method == "POST" else _as_cells(marks)
    return show(
        request,
        "evaluations/gathering/sheets/mark.html",
        f"{form.label}打分表",
        **heading(sheet.marker.panel.channel.round),
        sheet=sheet,
        form=form,
        lines=_lines(form, values, _wrong(form, typed)),
        zeros=zeros(marks),
        seen=request.POST.get("seen", sheet.version),
        refused=request.method == "POST",
        may_mark=may_mark(sheet),
        due_on=sheet.marker.panel.channel.due_on,
    )


def _take(
    sheet: MarkSheet, typed: dict[Cell, str], request: HttpRequest, user: User, *, submits: bool
) -> None:
    seen = _whole(request.POST.get("seen"))
    if submits:
        marking.submit_sheet(
            sheet=sheet,
            typed=typed,
            seen=seen,
            zeros_confirmed="zeros" in request.POST,
            now=timezone.now(),
            acting_user=user,
        )
    else:
        marking.save_marks(sheet=sheet, typed=typed, seen=seen, acting_user=user)


def _whole(text: Any) -> int:
    try:
        return int(text)
    except (TypeError, ValueError):
        return -1


@never_cache
@require_POST
def save(request: HttpRequest, sheet_id: int) -> HttpResponse:
    """Save the cells that the script sends, as they are typed."""
    user = require(request, "sheets.mark")
    sheet = _own(user, sheet_id)
    try:
        told = _read(request.body)
        kept = marking.save_marks(
            sheet=sheet, typed=_typed(told["cells"]), seen=_whole(told["seen"]), acting_user=user
        )
    except Refused as refusal:
        return JsonResponse({"refused": str(refusal)}, status=422)
    return JsonResponse({"seen": kept.version})


def _read(body: bytes) -> dict[str, Any]:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        told = None
    cells = told.get("cells") if isinstance(told, dict) else None
    if not isinstance(cells, dict) or not all(isinstance(one, str) for one in cells.values()):
        raise Refused("没有收到打分", "请刷新页面后重新填写。")
    return {"cells": cells, "seen": told.get("seen")}


# --- Keying from paper ---------------------------------------------------------------------------------


@never_cache
@require_http_methods(["GET", "POST"])
def keying(request: HttpRequest, channel_id: int) -> HttpResponse:
    """Type the number of a sheet; then key it."""
    user = require(request, *KEYERS)
    found = the_panel(channel_id)
    form = NumberForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            sheet = paper.turn(panel=found, number=form.cleaned_data["number"], acting_user=user)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            return redirect("cockpit:sheets-key", sheet.pk)
    waiting = [
        sheet for sheet in paper.on_paper(found) if sheet.state == State.SUBMITTED and kind.is_unkeyed(sheet)
    ]
    return show(
        request,
        "evaluations/gathering/sheets/keying.html",
        f"录入打分表：{gathering.label_of(found.channel)}",
        **heading(found.channel.round),
        channel=found.channel,
        panel=found,
        form=form,
        waiting=waiting,
    )


@never_cache
@require_http_methods(["GET", "POST"])
def key(request: HttpRequest, sheet_id: int) -> HttpResponse:
    """Key a sheet, blind: nothing of what others read is shown."""
    user = require(request, *KEYERS)
    rows = MarkSheet.objects.select_related("marker__unit", "marker__panel__channel__round__scheme_version")
    sheet = get_object_or_404(rows.exclude(state=State.VOID), pk=sheet_id, marker__way=Marker.Way.PAPER)
    panel = sheet.marker.panel
    if panel.channel.kind != Channel.Kind.SHEETS:
        raise Http404
    form = form_of(panel, without=sheet.marker.unit_id)
    typed = _typed(request.POST.dict())
    if request.method == "POST":
        with attempt(request, f"编号{sheet.number}已录入。请录下一张。") as done:
            paper.key_sheet(sheet=sheet, typed=typed, acting_user=user)
        if done:
            return redirect("cockpit:sheets-keying", panel.channel_id)
    else:
        try:
            paper.turn(panel=panels.panel_of(panel.channel), number=str(sheet.number), acting_user=user)
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect("cockpit:sheets-keying", panel.channel_id)
    return show(
        request,
        "evaluations/gathering/sheets/key.html",
        f"录入打分表{sheet.number}",
        **heading(panel.channel.round),
        sheet=sheet,
        channel=panel.channel,
        form=form,
        lines=_lines(form, typed, _wrong(form, typed)),
    )
