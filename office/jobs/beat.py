"""Celery's beat, which may run on every host: the turns of the database say which of them sends."""

from __future__ import annotations

import logging
from typing import Any

from celery.beat import Scheduler, SchedulingError
from django.db import DatabaseError, InterfaceError, connections

from office.jobs import services as jobs
from office.jobs import turns

PAUSE = 2.0  # seconds, while database or broker are away
LOOK_AGAIN = 5.0

logger = logging.getLogger(__name__)


def turn_of(task: str) -> str:
    """The row that says when a task was last sent; that of the sweep says when one was last done."""
    return f"{task}.sent" if task == jobs.SWEEP else task


class Beat(Scheduler):
    """Keeps nothing of its own: what was sent last is asked of the database each time."""

    def tick(self, *_: Any, **__: Any) -> float:
        """Send what is due; return the seconds until the next look."""
        try:
            return min([LOOK_AGAIN, *(self._tend(entry) for entry in self.schedule.values())])
        except (DatabaseError, InterfaceError) as error:
            logger.warning("database unreachable: %s", type(error).__name__)
            connections.close_all()
        except SchedulingError as error:
            logger.warning("broker unreachable: %s", error)
        return PAUSE

    def _tend(self, entry: Any) -> float:
        name = turn_of(entry.task)
        due, seconds = turns.look(name, entry.schedule)
        if not due:
            return max(seconds, 0.1)

        def send() -> None:
            self.apply_async(entry, producer=self.producer, advance=False)

        turns.take(name, entry.schedule, send)
        return LOOK_AGAIN
