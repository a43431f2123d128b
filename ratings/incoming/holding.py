"""Hold what was rated beyond the number of those served (GY-R4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import reduce
from operator import or_

from django.db.models import Count, Q, QuerySet

from ratings.intake.services import BEYOND_SERVED
from ratings.models import Judgment, Rating, Served

Key = tuple[int, date]
"""A window and a day."""
AT_ONCE = 200  # a condition for each: SQLite takes no more than a thousand


def stored_numbers(keys: Iterable[Key], *, lock: bool = False) -> dict[Key, Served]:
    wanted = set(keys)
    rows = Served.objects.select_for_update() if lock else Served.objects.all()
    found = rows.filter(day__in={day for _, day in wanted}, window__in={window for window, _ in wanted})
    stored = {(one.window_id, one.day): one for one in found.order_by("pk")}
    return {key: one for key, one in stored.items() if key in wanted}


def hold_beyond(keys: Iterable[Key]) -> int:
    """Hold ratings of windows on days with more ratings than people served; return how many.

    First those without a ticket; where tickets alone are more than those served, nobody can tell which of
    them are genuine, and they are held as well. What two people look at or decided about stays as it is,
    and so does what the province counted.
    """
    chosen: list[int] = []
    beyond = list(_beyond(stored_numbers(keys)))
    for start in range(0, len(beyond), AT_ONCE):
        where = reduce(or_, beyond[start : start + AT_ONCE])
        chosen += _free().filter(where).values_list("pk", flat=True)
    # Locked in one order, as judging does, and looked at again: somebody may have proposed meanwhile.
    held = 0
    chosen.sort()
    for start in range(0, len(chosen), AT_ONCE):
        rows = Rating.objects.filter(pk__in=chosen[start : start + AT_ONCE]).order_by("pk")
        locked = list(rows.select_for_update().values_list("pk", flat=True))
        rows = _free().filter(pk__in=locked)
        held += rows.update(state=Rating.State.HELD, held_because=BEYOND_SERVED)
    return held


def _free() -> QuerySet[Rating]:
    judged = Judgment.objects.exclude(state=Judgment.State.DECLINED).values("rating")
    counted = Rating.objects.filter(state=Rating.State.COUNTED).exclude(channel=Rating.Channel.PROVINCE)
    return counted.exclude(pk__in=judged)


def _beyond(stored: Mapping[Key, Served]) -> Iterator[Q]:
    counted = (
        Rating.objects.filter(
            state=Rating.State.COUNTED,
            day__in={day for _, day in stored},
            code__window__in={window for window, _ in stored},
        )
        .order_by()
        .values_list("code__window", "day", "has_ticket")
        .annotate(n=Count("pk"))
    )
    all_of, with_ticket = Counter[Key](), Counter[Key]()
    for window, day, has_ticket, n in counted:
        all_of[window, day] += n
        with_ticket[window, day] += n * has_ticket
    for (window, day), served in stored.items():
        of_day = Q(code__window=window, day=day)
        if with_ticket[window, day] > served.number:
            yield of_day
        elif all_of[window, day] > served.number:
            yield of_day & Q(has_ticket=False)
