"""Whose turn it is to start what is due by the clock: of all hosts the first that asks, by a row of a table.

Nobody is chosen beforehand, so nobody has to be replaced: a host may be added or lost at any time, and the
next one that looks finds the task due. The database's clock says when; those of the hosts need not agree.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from celery import schedules
from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils import timezone

from office.models import TimedRun

LONGEST_TURN = "30s"
"""After so long PostgreSQL ends the turn of a host that was lost in the middle of it."""


def look(name: str, schedule: schedules.BaseSchedule) -> tuple[bool, float]:
    """Whether the task is due, else the seconds until it may be.

    The first start of all waits for the next time; where no host was on at night, the first makes up for it.
    """
    found = _ask(name)
    if found is None:
        TimedRun.objects.get_or_create(name=name)
        found = _ask(name)
    return _is_due(schedule, *found) if found else (False, 0.0)


def take(name: str, schedule: schedules.BaseSchedule, begin: Callable[[], None]) -> bool:
    """Begin the task where it is due and no other host begins it; what fails to begin stays due."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(f"SET LOCAL idle_in_transaction_session_timeout = '{LONGEST_TURN}'")
        found = _ask(name, is_taking=True)
        if found is None or not _is_due(schedule, *found)[0]:
            return False
        begin()
        TimedRun.objects.filter(name=name).update(at=Now())
    return True


def _ask(name: str, *, is_taking: bool = False) -> tuple[datetime, datetime] | None:
    """When the task was last begun, and what time it is, both by the database."""
    rows = TimedRun.objects.filter(name=name).annotate(now=Now())
    if is_taking:
        rows = rows.select_for_update(skip_locked=True)
    row = rows.first()
    return (row.at, row.now) if row else None


def _is_due(schedule: Any, last: datetime, now: datetime) -> tuple[bool, float]:
    schedule.nowfun = lambda: timezone.localtime(now)
    try:
        due, seconds = schedule.is_due(timezone.localtime(last))
    finally:
        schedule.nowfun = None
    return bool(due), float(seconds)
