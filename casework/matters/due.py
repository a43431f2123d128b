"""Keep with each matter what runs out first of its clocks; lists of 100,000 are sorted by it.

It follows whatever saves a clock or a whole matter (which would write back an older value). Whoever writes
clocks in bulk calls `refresh` afterwards, which is one statement however many there are.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Min, OuterRef, Subquery
from django.db.models.signals import post_save
from django.dispatch import receiver

from casework.matters.state import OPEN
from casework.models import Clock, Matter

RUNNING = Clock.State.RUNNING


def refresh(matter_ids: Iterable[int] | None = None) -> int:
    """Set it anew for these matters (default: all that are open); return how many there are."""
    own = Clock.objects.filter(matter=OuterRef("pk"), state=RUNNING).order_by().values("matter")
    first = own.annotate(first=Min("due_at"))  # ordered and cut off, it would walk all clocks for each matter
    chosen = {"state__in": OPEN} if matter_ids is None else {"pk__in": list(matter_ids)}
    rows = Matter.objects.filter(**chosen)
    return rows.update(next_due_at=Subquery(first.values("first")))


@receiver(post_save, sender=Clock)
def _clock_was_saved(instance: Clock, **_: Any) -> None:
    refresh([instance.matter_id])


@receiver(post_save, sender=Matter)
def _matter_was_saved(instance: Matter, *, created: bool, update_fields: Any = None, **_: Any) -> None:
    if not created and update_fields is None:
        refresh([instance.pk])
