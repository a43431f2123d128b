"""The channel of mark sheets: how far it is, and its facts once two persons opened the panel."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.urls import reverse

from evaluations.gathering.kinds import ChannelKind, Parts, Progress, register
from evaluations.gathering.sheets import sealing
from evaluations.gathering.sheets.form import TOTAL, Marks, SheetForm, fitting, form_of, step_of, total_of
from evaluations.gathering.sheets.panels import panel_of, sheets_of
from evaluations.models import Channel, Marker, MarkSheet, Panel

State, Keying = MarkSheet.State, MarkSheet.Keying


def progress(channel: Channel) -> Progress:
    panel = panel_of(channel)
    sheets = list(sheets_of(panel))
    there = [one for one in sheets if one.state == State.SUBMITTED]
    absent = [f"{one.marker}未交" for one in sheets if one.state != State.SUBMITTED]
    notes = [note] if (note := quorum_note(panel, len(there), len(sheets))) else []
    if not sheets:
        return Progress(0, 0, ["还没有评议人"])
    if panel.opened_at is None:
        return Progress(len(there), len(sheets), [*absent, "还没有由两人开启"], notes)
    notes += [f"未交的{len(absent)}份不进平均"] if absent else []
    waiting = [f"打分表{one.number}{one.get_keying_display()}" for one in there if is_unkeyed(one)]
    return Progress(len(there) - len(waiting), len(sheets), waiting, notes)


def is_unkeyed(sheet: MarkSheet) -> bool:
    return sheet.marker.way == Marker.Way.PAPER and sheet.keying != Keying.SETTLED


def quorum_note(panel: Panel, given: int, asked: int) -> str:
    quorum = step_of(panel).quorum
    if quorum is None or not asked or not quorum.is_missed(given, asked):
        return ""
    return f"应交{asked}份，收到{given}份，不足规定份数，是否采用由领导小组决定"


def readable(panel: Panel) -> list[tuple[Marker, Marks]]:
    """What was given, each with its marker: nothing before two persons have opened the panel, and nothing
    while a paper sheet is still being keyed."""
    if panel.opened_at is None:
        return []
    there = [one for one in sheets_of(panel) if one.state == State.SUBMITTED]
    if any(is_unkeyed(one) for one in there):
        return []
    return [(one.marker, sealing.opened(one.sealed, sheet_id=one.pk)) for one in there]


def given_by_unit(panel: Panel) -> tuple[SheetForm, dict[str, list[dict[str, str]]]]:
    """What each unit was given, the lowest first: an order that says nothing of who gave it."""
    form = form_of(panel)
    found: dict[str, list[dict[str, str]]] = {unit.key: [] for unit in form.units}
    for marker, marks in readable(panel):
        own = form_of_marker(form, panel, marker)
        for unit, row in fitting(marks, own).items():
            found[unit].append(row)
    for rows in found.values():
        rows.sort(key=lambda row: (total_of(row), sorted(row.items())))
    return form, found


def form_of_marker(form: SheetForm, panel: Panel, marker: Marker) -> SheetForm:
    """The same sheet without the marker's own unit."""
    if step_of(panel).own_mark == "counted":
        return form
    units = tuple(unit for unit in form.units if unit.department_id != marker.unit_id)
    return SheetForm(form.label, form.columns, units)


def facts(channel: Channel) -> Parts:
    panel = panel_of(channel)
    form, given = given_by_unit(panel)
    name = channel.need.partition(".")[2]
    units = Counter(sheet.marker.unit_id for sheet in sheets_of(panel))
    counted = step_of(panel).own_mark == "counted"
    parts: Parts = {}
    for unit in form.units:
        rows = given[unit.key]
        asked = units.total() - (0 if counted else units[unit.department_id])
        parts[unit.key] = {"asked": {name: asked}}
        if rows:
            parts[unit.key]["marks"] = {name: {f"m{n}": _mark(row) for n, row in enumerate(rows, start=1)}}
    return parts


def _mark(row: dict[str, str]) -> Any:
    return row.get(TOTAL, row)


def url(channel: Channel) -> str:
    return reverse("cockpit:sheets", args=[channel.pk])


register(
    ChannelKind(
        kind=Channel.Kind.SHEETS,
        action="sheets.prepare",
        confirm="gathering.settle",
        progress=progress,
        facts=facts,
        url=url,
    )
)
