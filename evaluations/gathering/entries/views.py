"""The page of a grid: entered by one, confirmed by another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from evaluations.gathering import services as channels
from evaluations.gathering.entries import figures, services, workbook
from evaluations.gathering.entries.columns import Column
from evaluations.gathering.entries.grid import REASON, Grid, Row, TypedFault, TypedRow, remark_of
from evaluations.gathering.entries.kinds import CONFIRM, ENTER, GRIDS, grid_of, url
from evaluations.gathering.entries.stored import entries_of, rows_of, subjects_of
from evaluations.models import Channel, Entry, RoundDepartment
from evaluations.rounds.page import heading
from evaluations.schemes.stored import scheme_of
from office import dates, roles
from office.imports import views as import_views
from office.workbench import edit_conflicts
from office.workbench.attempt import attempt
from office.workbench.pages import posted, require, show


@dataclass(frozen=True)
class Field:
    """One input of the grid."""

    name: str
    label: str
    text: str
    column: int | str  # number of the column, or what else stands there
    place: str
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


def channel_of(channel_id: int) -> Channel:
    rows = Channel.objects.select_related("round__scheme_version", "round__survey")
    return get_object_or_404(rows, pk=channel_id, kind__in=GRIDS)


@never_cache
@require_http_methods(["GET", "POST"])
def entries(request: HttpRequest, channel_id: int) -> HttpResponse:
    user = require(request, "round.view")
    channel = channel_of(channel_id)
    grid = grid_of(channel)
    typed = typed_rows(request, channel, grid) if request.method == "POST" else {}
    if request.POST.get("do") == "confirm":
        with attempt(request, "已确认。") as done, edit_conflicts.unchanged(request, channel, shown):
            services.confirm(channel=channel, now=timezone.now(), acting_user=user)
        if done:
            return redirect("cockpit:entries", channel.pk)
    elif request.method == "POST":
        said = "已保存，待另一人确认。"
        with attempt(request, said) as done, edit_conflicts.unchanged(request, channel, shown):
            services.enter(
                channel=channel,
                typed=typed,
                default=default_of(request),
                now=timezone.now(),
                acting_user=user,
            )
        if done:
            return redirect("cockpit:entries", channel.pk)
    return _page(request, channel, grid, typed)


def _page(request: HttpRequest, channel: Channel, grid: Grid, typed: dict[int, TypedRow]) -> HttpResponse:
    user = require(request, "round.view")
    stored = entries_of(channel)
    may_enter = channels.is_open(channel) and roles.allowed(user, ENTER)
    waiting = [one for one in stored if one.confirmed_by_id is None]
    planned = services.plan(channel, grid, typed, default_of(request)) if typed else None
    lines = _lines(channel, grid, stored, typed, planned.faults if planned else [])
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
        refused=bool(typed),
        seen_mark=edit_conflicts.page_mark(request, shown(channel)),
        confirmers=roles.in_words(CONFIRM),
    )


def shown(channel: Channel) -> list[Any]:
    """What must not have changed since the page was shown."""
    names = ("subject_id", "item", "value", "remark", "source", "source_on", "confirmed_by_id")
    return list(channel.entries.order_by("id").values_list(*names))


def heads(grid: Grid) -> list[dict[str, str]]:
    found = []
    for column in grid.columns:
        found.append({"label": column.label, "hint": column.hint, "kind": "value"})
        if grid.remark_each:
            found.append({"label": "备注", "hint": "", "kind": "remark"})
    if not grid.remark_each:
        found.append({"label": "备注", "hint": "", "kind": "remark"})
    if grid.sourced:
        found += [
            {"label": "来源", "hint": "", "kind": "source"},
            {"label": "来源日期", "hint": "年-月-日", "kind": "day"},
        ]
    return found


def _lines(
    channel: Channel,
    grid: Grid,
    stored: list[Entry],
    typed: dict[int, TypedRow],
    faults: list[TypedFault],
) -> list[Line]:
    rows = rows_of(stored)
    by_subject: dict[int, list[Entry]] = {}
    for one in stored:
        by_subject.setdefault(one.subject_id, []).append(one)
    wrong = {(one.subject, one.place): one.why for one in faults}
    return [
        Line(
            subject=subject,
            fields=_fields(grid, subject, rows.get(subject.pk, {}), typed.get(subject.pk, TypedRow()), wrong),
            hint=grid.hints.get(subject.pk, ""),
            state=state_of(by_subject.get(subject.pk, [])),
            is_waiting=any(one.confirmed_by_id is None for one in by_subject.get(subject.pk, [])),
        )
        for subject in subjects_of(channel.round)
    ]


def _fields(
    grid: Grid, subject: RoundDepartment, row: Row, typed: TypedRow, wrong: dict[tuple[int, str], str]
) -> list[Field]:
    pk, found = subject.pk, []

    def add(name: str, label: str, column: int | str, place: str, text: object) -> None:
        label = f"{subject.name} {label}"
        found.append(Field(name, label, str(text or ""), column, place, wrong.get((pk, place), "")))

    def remark(at: int | None, item: str) -> None:
        text = typed.remarks.get(item)
        if text is None:
            cell = row.get(item)
            text = remark_of(row) if at is None else cell.remark if cell else ""
        name = f"r-{pk}" if at is None else f"r-{pk}-{at}"
        add(name, "备注", "remark", "remark" if at is None else f"remark {item}", text)

    for at, column in enumerate(grid.columns):
        add(f"v-{pk}-{at}", column.label, at, column.item, text_of(column, row, typed))
        if grid.remark_each:
            remark(at, column.item)
    if not grid.remark_each:
        remark(None, REASON)
    if grid.sourced:
        kept = next((cell for cell in row.values() if cell.source or cell.source_on), None)
        source = typed.source if typed.source is not None else kept.source if kept else ""
        on = kept.source_on.isoformat() if kept and kept.source_on else ""
        add(f"s-{pk}", "来源", "source", "source", source)
        add(f"d-{pk}", "来源日期", "day", "source_on", typed.source_on if typed.source_on is not None else on)
    return found


def text_of(column: Column, row: Row, typed: TypedRow) -> str:
    if (text := typed.values.get(column.item)) is not None:
        return text
    cell = row.get(column.item)
    return column.show(cell.value) if cell else ""


def state_of(entries: list[Entry]) -> str:
    """Say who entered and who confirmed what stands in a row."""
    if not entries:
        return ""
    last = max(entries, key=lambda one: one.entered_at)
    by = "、".join(dict.fromkeys(str(one.entered_by) for one in entries))
    said = f"{by}，{dates.day(last.entered_at)}填报"
    waiting = sum(one.confirmed_by_id is None for one in entries)
    if waiting:
        return f"{said}；{waiting} 项待确认"
    confirmers = "、".join(dict.fromkeys(str(one.confirmed_by) for one in entries))
    return f"{said}；{confirmers}已确认"


def typed_rows(request: HttpRequest, channel: Channel, grid: Grid) -> dict[int, TypedRow]:
    """What the form sent; the page's script sends only what was changed."""
    sent = request.POST
    found: dict[int, TypedRow] = {}
    for subject in subjects_of(channel.round):
        pk, typed = subject.pk, TypedRow()
        for at, column in enumerate(grid.columns):
            if (text := sent.get(f"v-{pk}-{at}")) is not None:
                typed.values[column.item] = text
            if (text := sent.get(f"r-{pk}-{at}")) is not None:
                typed.remarks[column.item] = text
        if (text := sent.get(f"r-{pk}")) is not None:
            typed.remarks[REASON] = text
        typed.source, typed.source_on = sent.get(f"s-{pk}"), sent.get(f"d-{pk}")
        if typed != TypedRow():
            found[pk] = typed
    return found


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
