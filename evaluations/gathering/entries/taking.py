"""Take the ratings of a round's period over into its channel; a second person confirms, as of any count."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from evaluations.gathering.entries import counts, ratings
from evaluations.gathering.entries.grid import Cell, Row
from evaluations.gathering.entries.kinds import ENTER
from evaluations.gathering.entries.services import Change, write
from evaluations.gathering.entries.stored import rows_of, subjects_of
from evaluations.gathering.services import being_corrected, label_of, open_channel
from evaluations.models import Channel
from office import audit, roles
from office.errors import Refused
from office.models import User


@transaction.atomic
def take_ratings(*, channel: Channel, now: datetime, acting_user: User) -> int:
    """Count what was rated and put it in place of what was taken before; it has to be confirmed (again).

    In a served round only the units count for which two persons opened the channel to correct the result.
    Returns how many units changed.
    """
    roles.require(acting_user, ENTER)
    current = open_channel(channel, to="取数")
    if current.kind != Channel.Kind.RATINGS:
        raise Refused(f"“{label_of(current)}”不从码上评取数", "请按所选的渠道填报。")
    today = timezone.localtime(now).date()
    source = ratings.source_of(current, today)
    found = ratings.tallies_of(current, source)
    stored = rows_of(current.entries.all())
    named = being_corrected(current)
    changes: list[Change] = []
    said: dict[str, str] = {}
    for subject in subjects_of(current.round):
        if named is not None and subject.pk not in named:
            continue
        tally, before = found[subject.pk], stored.get(subject.pk, {})
        words = ratings.in_words(source, tally)
        row: Row = {
            f"{question}{counts.BETWEEN}{level}": Cell(number, "", words, today)
            for question, levels in tally.answers(source.rules, tickets_only=source.tickets_only).items()
            for level, number in levels.items()
        }
        if _same(before, row):
            continue
        changes += [Change(subject, item, before.get(item), row.get(item)) for item in {**before, **row}]
        current.taken[str(subject.pk)] = {**ratings.told(source, tally), "on": today.isoformat()}
        said[subject.name] = words
    if not changes:
        raise Refused("各单位的数与已取的相同", "不必重新取数。")
    write(current, changes, now=now, user=acting_user)
    current.save(update_fields=["taken"])
    audit.record("从码上评取数", current, acting_user=acting_user, after={"数据": label_of(current), **said})
    return len(said)


def _same(before: Row, row: Row) -> bool:
    """The day of taking alone is no reason to confirm again."""

    def kept(cells: Row) -> dict[str, tuple[object, str]]:
        return {item: (cell.value, cell.source) for item, cell in cells.items()}

    return kept(before) == kept(row)
