"""The kinds of channel that are grids: each tells its columns, and how far it is."""

from __future__ import annotations

from collections.abc import Callable

from django.urls import reverse

from evaluations.gathering.entries import checks, counts, figures, marks, measures, placement, ratings
from evaluations.gathering.entries.grid import REASON, Grid, Row
from evaluations.gathering.entries.stored import entries_of, rows_of, subjects_of
from evaluations.gathering.kinds import ChannelKind, Parts, Progress, register
from evaluations.models import Channel
from evaluations.rounds.subject_keys import department_key

Kind = Channel.Kind

GRIDS: dict[str, Callable[[Channel], Grid]] = {
    Kind.MARKS: marks.grid_of,
    Kind.CHECKS: checks.grid_of,
    Kind.MEASURES: measures.grid_of,
    Kind.PLACEMENT: placement.grid_of,
    Kind.FIGURES: figures.grid_of,
    Kind.COUNTS: counts.grid_of,
    Kind.RATINGS: ratings.grid_of,
}
ENTER, CONFIRM = "gathering.enter", "gathering.settle"


def grid_of(channel: Channel) -> Grid:
    return GRIDS[channel.kind](channel)


def facts(channel: Channel) -> Parts:
    """What a second person confirmed; nothing else counts."""
    part = grid_of(channel).part
    entries = list(channel.entries.exclude(confirmed_by=None).select_related("subject"))
    units = {one.subject_id: one.subject.department_id for one in entries}
    return {
        department_key(units[subject]): found
        for subject, row in rows_of(entries).items()
        if (found := part(row))
    }


def progress(channel: Channel) -> Progress:
    """A unit is done when it has all it needs, all of it confirmed."""
    grid = grid_of(channel)
    subjects = subjects_of(channel.round)
    entries = entries_of(channel)
    rows = rows_of(entries)
    waiting: dict[int, int] = {}
    for one in entries:
        if one.confirmed_by_id is None:
            waiting[one.subject_id] = waiting.get(one.subject_id, 0) + 1
    missing, notes, done = [], [], 0
    for subject in subjects:
        row = rows.get(subject.pk, {})
        faults = _faults(grid, subject.pk, row, waiting.get(subject.pk, 0))
        missing += [f"{subject.name}：{fault}" for fault in faults]
        done += not faults
        if REASON in row and row[REASON].value is None:
            notes.append(f"{subject.name}没有数据：{row[REASON].remark}")
    if not grid.columns:
        missing, done = ["还没有填写指标名称"], 0
    elif not missing and subjects and not any(_says_something(row) for row in rows.values()):
        missing, done = ["还没有填报任何单位的数据"], 0
    if grid.is_taken:
        notes += ratings.notes_of(channel)
        if not entries:
            missing = ["还没有取数"]
    return Progress(done, len(subjects), missing=missing, notes=notes)


def _says_something(row: Row) -> bool:
    return any(cell.value is not None or cell.remark for cell in row.values())


def _faults(grid: Grid, subject: int, row: Row, waiting: int) -> list[str]:
    lacking = grid.lacks(row)
    found = [f"缺{'、'.join(lacking)}"] if lacking else []
    found += list(grid.check(subject, row).values())
    return [*found, f"{waiting} 项待确认"] if waiting else found


def url(channel: Channel) -> str:
    page = "ratings-taken" if channel.kind == Kind.RATINGS else "entries"
    return reverse(f"cockpit:{page}", args=[channel.pk])


for _kind in GRIDS:
    register(ChannelKind(kind=_kind, action=ENTER, confirm=CONFIRM, progress=progress, facts=facts, url=url))
