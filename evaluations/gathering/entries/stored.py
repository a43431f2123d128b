"""What a channel's entries say, in few queries whatever its size."""

from __future__ import annotations

from collections.abc import Iterable

from evaluations.gathering.entries.grid import Cell, Row
from evaluations.models import Channel, Entry, Round, RoundDepartment


def subjects_of(round: Round) -> list[RoundDepartment]:
    return list(round.departments.filter(is_judged=True))


def entries_of(channel: Channel) -> list[Entry]:
    return list(channel.entries.select_related("entered_by", "confirmed_by").order_by("id"))


def by_subject(entries: Iterable[Entry]) -> dict[int, list[Entry]]:
    found: dict[int, list[Entry]] = {}
    for one in entries:
        found.setdefault(one.subject_id, []).append(one)
    return found


def rows_of(entries: Iterable[Entry]) -> dict[int, Row]:
    found: dict[int, Row] = {}
    for one in entries:
        found.setdefault(one.subject_id, {})[one.item] = Cell(
            one.value, one.remark, one.source, one.source_on
        )
    return found


def confirmed_rows(channel: Channel) -> dict[int, Row]:
    """Rows by unit of the round, of what a second person confirmed."""
    return rows_of(channel.entries.exclude(confirmed_by=None))
