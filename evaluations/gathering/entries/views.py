"""The page of a grid: entered by one, confirmed by another."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from evaluations.gathering import services as channels
from evaluations.gathering.entries import figures, services, workbook
from evaluations.gathering.entries.grid import Grid, Place, Row, TypedRow
from evaluations.gathering.entries.kinds import CONFIRM, ENTER, GRIDS, grid_of, url
from evaluations.gathering.entries.stored import by_subject, entries_of, rows_of, subjects_of
from evaluations.gathering.entries.together import Merged, merge
from evaluations.models import Channel, Entry, RoundDepartment
from evaluations.rounds.page import heading
from evaluations.schemes.stored import scheme_of
from office import dates, roles
from office.imports import views as import_views
from office.workbench import edit_conflicts
from office.workbench.attempt import attempt
from office.workbench.pages import posted, require, show

MOST_TOLD = 10
SCRIPT = {"source_on": "day"}
"""How the page's script and style call a kind of place, where it is another word."""


@dataclass(frozen=True)
class Field:
    """One input of the grid."""

    name: str
    label: str
    text: str
    stored: str
    column: int | str  # number of the column, or what else stands there
    fault: str = ""

    @property
    def shown(self) -> str:
        """To readers a day is said as everywhere else."""
        return dates.of_iso(self.text) if self.column == "day" and self.text else self.text


@dataclass(frozen=True)
class Line:
    """One unit as the page shows it."""

    subject: RoundDepartment
    fields: list[Field]
    hint: str
    state: str
    is_waiting: bool


TYPED = [kind for kind in GRIDS if kind != Channel.Kind.RATINGS]


def channel_of(channel_id: int) -> Channel:
    rows = Channel.objects.select_related("round__scheme_version", "round__survey")
    return get_object_or_404(rows, pk=channel_id, kind__in=TYPED)


@never_cache
@require_http_methods(["GET", "POST"])
def entries(request: HttpRequest, channel_id: int) -> HttpResponse:
    user = require(request, "round.view")
    channel = channel_of(channel_id)
    grid = grid_of(channel)
    typed = typed_rows(request.POST, channel, grid) if request.method == "POST" else {}
    seen = seen_rows(request, channel, grid)
    if request.POST.get("do") == "confirm":
        with attempt(request, "已确认。") as done, edit_conflicts.unchanged(request, channel, shown):
            services.confirm(channel=channel, now=timezone.now(), acting_user=user)
        if done:
            return redirect("cockpit:entries", channel.pk)
    elif request.method == "POST":
        by_others = merge(channel, grid, typed, seen).by_others
        with attempt(request, "已保存，待另一人确认。") as done:
            services.enter(
                channel=channel,
                typed=typed,
                seen=seen,
                default=default_of(request),
                now=timezone.now(),
                acting_user=user,
            )
        if done:
            if by_others:
                messages.info(request, f"您打开本页之后另有更改，没有被覆盖：{in_few_words(by_others)}。")
            return redirect("cockpit:entries", channel.pk)
    return _page(request, channel, grid, merge(channel, grid, typed, seen))


def _page(request: HttpRequest, channel: Channel, grid: Grid, merged: Merged) -> HttpResponse:
    user = require(request, "round.view")
    stored = entries_of(channel)
    may_enter = channels.is_open(channel) and roles.allowed(user, ENTER)
    waiting = [one for one in stored if one.confirmed_by_id is None]
    planned = services.plan(channel, grid, merged.typed, default_of(request)) if merged.typed else None
    wrong = {(one.subject, one.place): one.why for one in planned.faults} if planned else {}
    wrong |= {(one.subject.pk, fault_place(grid, one.place)): one.note for one in merged.clashes}
    lines = _lines(channel, grid, stored, merged.typed, wrong)
    was = {field.name: field.stored for line in lines for field in line.fields if field.stored}
    rule = next((rule for need, rule in scheme_of(channel.round).needs() if need.key == channel.need), None)
    return show(
        request,
        "evaluations/gathering/entries.html",
        channels.label_of(channel),
        **heading(channel.round),
        channel=channel,
        grid=grid,
        heads=heads(grid),
        lines=lines,
        rules=[column.rule for column in grid.columns],
        rule=rule,
        may_enter=may_enter,
        may_confirm=channels.is_open(channel) and roles.allowed(user, CONFIRM) and bool(waiting),
        waiting=len(waiting),
        confirmed=len(stored) - len(waiting),
        may_name=may_enter and channel.kind == Channel.Kind.FIGURES and not figures.fixed(channel),
        default=default_of(request),
        was=json.dumps(was, ensure_ascii=False),
        seen_mark=edit_conflicts.page_mark(request, shown(channel)),
        confirmers=roles.in_words(CONFIRM),
    )


def shown(channel: Channel) -> list[Any]:
    """What must not have changed since the page was shown."""
    names = ("subject_id", "item", "value", "remark", "source", "source_on", "confirmed_by_id")
    return list(channel.entries.order_by("id").values_list(*names))


def heads(grid: Grid) -> list[dict[str, str]]:
    hints = {"value": {column.item: column.hint for column in grid.columns}, "source_on": {"": "年-月-日"}}
    return [
        {
            "label": "备注" if kind == "remark" else label,
            "hint": hints.get(kind, {}).get(item, ""),
            "kind": SCRIPT.get(kind, kind),
        }
        for (kind, item), label in grid.places().items()
    ]


def _lines(
    channel: Channel,
    grid: Grid,
    stored: list[Entry],
    typed: dict[int, TypedRow],
    wrong: dict[tuple[int, str], str],
) -> list[Line]:
    rows = rows_of(stored)
    entered = by_subject(stored)
    return [
        Line(
            subject=subject,
            fields=_fields(grid, subject, rows.get(subject.pk, {}), typed.get(subject.pk, TypedRow()), wrong),
            hint=grid.hints.get(subject.pk, ""),
            state=state_of(entered.get(subject.pk, [])),
            is_waiting=any(one.confirmed_by_id is None for one in entered.get(subject.pk, [])),
        )
        for subject in subjects_of(channel.round)
    ]


def _fields(
    grid: Grid, subject: RoundDepartment, row: Row, typed: TypedRow, wrong: dict[tuple[int, str], str]
) -> list[Field]:
    numbers = {column.item: at for at, column in enumerate(grid.columns)}
    stored = grid.texts(row)
    found = []
    for place, label in grid.places().items():
        kind, item = place
        now, text = str(stored.at(place) or ""), typed.at(place)
        found.append(
            Field(
                name=field_name(grid, place, subject.pk),
                label=f"{subject.name} {label}",
                text=now if text is None else str(text),
                stored=now,
                column=numbers[item] if kind == "value" else SCRIPT.get(kind, kind),
                fault=wrong.get((subject.pk, fault_place(grid, place)), ""),
            )
        )
    return found


def field_name(grid: Grid, place: Place, subject: int) -> str:
    kind, item = place
    letter = {"value": "v", "remark": "r", "source": "s", "source_on": "d"}[kind]
    numbers = {column.item: at for at, column in enumerate(grid.columns)}
    in_column = kind == "value" or (kind == "remark" and grid.remark_each)
    return f"{letter}-{subject}-{numbers[item]}" if in_column else f"{letter}-{subject}"


def fault_place(grid: Grid, place: Place) -> str:
    """The same place as faults name it."""
    kind, item = place
    if kind == "value":
        return item
    return f"remark {item}" if kind == "remark" and grid.remark_each else kind


def state_of(entries: list[Entry], entered: str = "填报") -> str:
    """Say who entered and who confirmed what stands in a row."""
    if not entries:
        return ""
    last = max(entries, key=lambda one: one.entered_at)
    by = "、".join(dict.fromkeys(str(one.entered_by) for one in entries))
    said = f"{by}，{dates.day(last.entered_at)}{entered}"
    waiting = sum(one.confirmed_by_id is None for one in entries)
    if waiting:
        return f"{said}；{waiting} 项待确认"
    confirmers = "、".join(dict.fromkeys(str(one.confirmed_by) for one in entries))
    return f"{said}；{confirmers}已确认"


def typed_rows(sent: Mapping[str, str], channel: Channel, grid: Grid) -> dict[int, TypedRow]:
    """What the form sent; the page's script sends only what was changed."""
    found: dict[int, TypedRow] = {}
    for subject in subjects_of(channel.round):
        typed = TypedRow()
        for place in grid.places():
            if (text := sent.get(field_name(grid, place, subject.pk))) is not None:
                typed.put(place, text)
        if typed != TypedRow():
            found[subject.pk] = typed
    return found


def seen_rows(request: HttpRequest, channel: Channel, grid: Grid) -> dict[int, TypedRow] | None:
    """What the page showed as stored; None where the form does not say it."""
    try:
        was = json.loads(request.POST.get("was", ""))
    except (ValueError, RecursionError):
        return None
    if not isinstance(was, dict) or not all(isinstance(text, str) for text in was.values()):
        return None
    return typed_rows(was, channel, grid)


def in_few_words(cells: Sequence[str]) -> str:
    return "、".join(cells[:MOST_TOLD]) + (f"等 {len(cells)} 格" if len(cells) > MOST_TOLD else "")


def default_of(request: HttpRequest) -> TypedRow:
    return TypedRow(source=request.POST.get("source", ""), source_on=request.POST.get("source_on", ""))


class IndicatorsForm(forms.Form):
    names = forms.CharField(
        label="指标名称",
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text="每行一个。已经填报了数据的指标不能删去或改名。",
    )


@never_cache
@require_http_methods(["GET", "POST"])
def indicators(request: HttpRequest, channel_id: int) -> HttpResponse:
    user = require(request, ENTER)
    channel = channel_of(channel_id)
    form = IndicatorsForm(posted(request), initial={"names": "\n".join(channel.named_items)})
    if request.method == "POST" and form.is_valid():
        with (
            attempt(request, "已保存指标名称。") as done,
            edit_conflicts.unchanged(request, channel, named),
        ):
            names = form.cleaned_data["names"].splitlines()
            services.name_indicators(channel=channel, names=names, acting_user=user)
        if done:
            return redirect("cockpit:entries", channel.pk)
    return show(
        request,
        "evaluations/gathering/indicators.html",
        f"指标名称：{channels.label_of(channel)}",
        **heading(channel.round),
        channel=channel,
        back=url(channel),
        form=form,
        seen_mark=edit_conflicts.page_mark(request, named(channel)),
    )


def named(channel: Channel) -> list[str]:
    return list(Channel.objects.values_list("named_items", flat=True).get(pk=channel.pk))


@never_cache
@require_safe
def exported(request: HttpRequest, channel_id: int) -> HttpResponse:
    require(request, "round.view")
    channel = channel_of(channel_id)
    name = f"{channel.round.title}—{channels.label_of(channel)}.xlsx"
    return import_views.workbook_answer(workbook.workbook_of(channel), name)


@never_cache
@require_http_methods(["GET", "POST"])
def imported(request: HttpRequest, channel_id: int) -> HttpResponse:
    require(request, ENTER)
    return import_views.page(request, workbook.import_of(channel_of(channel_id)))
