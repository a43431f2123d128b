"""The page of ratings that a round takes over: what was taken, by whom, and who confirmed it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from departments.kinds import UnitKind
from departments.models import Department
from evaluations.gathering import services as channels
from evaluations.gathering.entries import ratings, services, taking
from evaluations.gathering.entries.grid import Grid
from evaluations.gathering.entries.kinds import CONFIRM, ENTER, grid_of
from evaluations.gathering.entries.stored import by_subject, entries_of, rows_of
from evaluations.gathering.entries.views import shown, state_of
from evaluations.models import Channel, Entry, RoundDepartment
from evaluations.rounds.page import heading
from evaluations.schemes.stored import scheme_of
from office import roles
from office.errors import NOTHING_CHANGED, Refused
from office.workbench import edit_conflicts
from office.workbench.attempt import attempt
from office.workbench.pages import require, show


@dataclass(frozen=True)
class Line:
    """One unit: what was taken, and each number that goes into the result."""

    subject: RoundDepartment
    taken: dict[str, Any] | None
    query: str  # of the register, where it holds just these ratings
    values: list[str]
    state: str
    is_waiting: bool


@never_cache
@require_http_methods(["GET", "POST"])
def taken(request: HttpRequest, channel_id: int) -> HttpResponse:
    user = require(request, "round.view")
    rows = Channel.objects.select_related("round__scheme_version", "round__survey")
    channel = get_object_or_404(rows, pk=channel_id, kind=Channel.Kind.RATINGS)
    if request.method == "POST":
        now, is_confirming = timezone.now(), request.POST.get("do") == "confirm"
        with (
            attempt(request, "已确认。" if is_confirming else "已取数，待另一人确认。") as done,
            edit_conflicts.unchanged(request, channel, shown),
        ):
            if is_confirming:
                services.confirm(channel=channel, now=now, acting_user=user)
            else:
                taking.take_ratings(channel=channel, now=now, acting_user=user)
        if done:
            return redirect("cockpit:ratings-taken", channel.pk)
    return _page(request, channel)


def _page(request: HttpRequest, channel: Channel) -> HttpResponse:
    user = require(request, "round.view")
    grid, stored = grid_of(channel), entries_of(channel)
    waiting = [one for one in stored if one.confirmed_by_id is None]
    is_open = channels.is_open(channel)
    source, fault = _source(channel)
    return show(
        request,
        "evaluations/gathering/ratings.html",
        channels.label_of(channel),
        **heading(channel.round),
        channel=channel,
        rule=next(
            (rule for need, rule in scheme_of(channel.round).needs() if need.key == channel.need), None
        ),
        source=source,
        fault=fault,
        days=ratings.days_of(channel),
        least=ratings.least_of(channel),
        notes=ratings.notes_of(channel),
        heads=[column.label for column in grid.columns],
        by_aspect=bool(source and source.rules.aspects),
        lines=_lines(channel, grid, stored, source),
        may_look=any(roles.allowed(user, action) for action in ("rating.judge", "rating.watch")),
        has_taken=bool(channel.taken),
        may_take=is_open and source is not None and roles.allowed(user, ENTER),
        may_confirm=is_open and roles.allowed(user, CONFIRM) and bool(waiting),
        waiting=len({one.subject_id for one in waiting}),
        confirmed=len({one.subject_id for one in stored} - {one.subject_id for one in waiting}),
        seen_mark=edit_conflicts.page_mark(request, shown(channel)),
        confirmers=roles.in_words(CONFIRM),
    )


def _source(channel: Channel) -> tuple[ratings.Source | None, str]:
    """Where the ratings are, or why none can be taken."""
    try:
        return ratings.source_of(channel, timezone.localdate()), ""
    except Refused as refusal:
        return None, str(refusal).replace(f"，{NOTHING_CHANGED}", "。")


def _lines(channel: Channel, grid: Grid, stored: list[Entry], source: ratings.Source | None) -> list[Line]:
    cells = rows_of(stored)
    sums = _with_parts(channel)
    entered = by_subject(stored)
    return [
        Line(
            subject=subject,
            taken=kept,
            query="" if subject.department_id in sums else _query(source, subject, kept),
            values=list(map(_text, (cells.get(subject.pk, {}).get(column.item) for column in grid.columns))),
            state=state_of(entered.get(subject.pk, []), "取数"),
            is_waiting=any(one.confirmed_by_id is None for one in entered.get(subject.pk, [])),
        )
        for subject, kept in ratings.rows(channel)
    ]


def _with_parts(channel: Channel) -> set[int]:
    """Units whose number is a sum over others within them, which the register lists one by one."""
    parts = Department.objects.filter(parent__in=channel.round.departments.values("department")).exclude(
        kind=UnitKind.WINDOW
    )
    return {one for one in parts.values_list("parent_id", flat=True) if one}


def _query(source: ratings.Source | None, subject: RoundDepartment, kept: dict[str, Any] | None) -> str:
    if source is None or kept is None:
        return ""
    asked = {"rules": source.rules_id, "first": kept["first"], "last": kept["last"], "state": "counted"}
    ticket = {"ticket": "yes"} if source.tickets_only else {}
    return urlencode({**asked, **ticket, "unit": subject.department_id})


def _text(cell: Any) -> str:
    return "" if cell is None or cell.value is None else str(cell.value)
