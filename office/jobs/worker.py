"""The worker where there is no Redis: it asks the jobs table for work and runs by the clock what is due.

There is no message that could be lost or torn. Jobs have so many places, what runs by the clock has none
of them, and the sweep runs here itself: no job that hangs can keep them waiting.
"""

from __future__ import annotations

import fcntl
import logging
import signal
from collections.abc import Callable
from datetime import timedelta
from time import monotonic, sleep
from typing import Any

from celery import current_app, schedules
from django.conf import settings
from django.db import DatabaseError, InterfaceError, connections

from office.jobs import services as jobs
from office.jobs import turns
from office.jobs.handling import TICK, Child, Handling, Tell, of_the_parent
from office.models import Job

PAUSE = 2.0  # seconds, while the database is away
GRACE = 12.0  # seconds for what is at work when the worker is asked to stop
AGAIN_AFTER = 600.0
MOST_TRIES = 12
LOOK_AGAIN = 30.0  # seconds: the clock may have been set, or the machine have slept

logger = logging.getLogger(__name__)


class Timed:
    """One task of the schedule: when it is due, its process, another try after one that failed."""

    def __init__(self, task: str, when: Any) -> None:
        self.task = task
        self.schedule: Any = schedules.maybe_schedule(when, app=current_app)
        self.child: Child | None = None
        self.failures = 0
        self.again_at: float | None = None
        self.look_at = 0.0

    def look(self) -> None:
        """Start the task if it is due and not at work."""
        if self.child:
            self._watch(self.child)
        elif self._is_to_be_tried_again() or (self._is_due() and self._is_first()):
            self.again_at = None
            self.child = Child(self._work, timedelta(minutes=settings.TIMED_MINUTES))

    def _is_to_be_tried_again(self) -> bool:
        return self.again_at is not None and monotonic() > self.again_at

    def _is_due(self) -> bool:
        if monotonic() < self.look_at:
            return False
        due, seconds = turns.look(self.task, self.schedule)
        self.look_at = monotonic() + (0 if due else min(seconds, LOOK_AGAIN))
        return due

    def _is_first(self) -> bool:
        """Without a Redis, too, several hosts may have a worker: one of them begins."""
        return turns.take(self.task, self.schedule, begin=lambda: None)

    def _watch(self, child: Child) -> None:
        if child.is_late:
            logger.error("%s did not end in time and was stopped", self.task)
            child.kill()
        if not child.has_ended():
            return
        self.child = None
        self.failures = self.failures + 1 if child.code else 0
        if child.code and self.failures < MOST_TRIES:
            self.again_at = monotonic() + AGAIN_AFTER

    def _work(self, tell: Tell) -> None:
        current_app.tasks[self.task]()


class Sweep(Timed):
    """Runs in the worker itself, so that nothing can stand in its way."""

    def look(self) -> None:
        if self._is_due():
            jobs.sweep()


class Worker:
    """Runs jobs in so many processes, and beside them what is due by the clock."""

    def __init__(self, places: int) -> None:
        current_app.loader.import_default_modules()
        self.places = places
        self.handlings: list[Handling] = []
        self.timed = [
            (Sweep if entry["task"] == jobs.SWEEP else Timed)(entry["task"], entry["schedule"])
            for entry in settings.CELERY_BEAT_SCHEDULE.values()
        ]
        self.stopping = False

    def run(self) -> None:
        for signum in (signal.SIGTERM, signal.SIGINT):
            signal.signal(signum, self._ask_to_stop)
        while not self.stopping:
            sleep(TICK if self._guarded(self._turn) else PAUSE)
        deadline = monotonic() + GRACE
        while self.handlings and monotonic() < deadline:
            self._guarded(self._tend)
            sleep(TICK)
        for timed in self.timed:
            if timed.child:
                timed.child.kill()
        for handling in self.handlings:
            handling.child.kill()
            self._guarded(handling.stop)

    def _ask_to_stop(self, *_: object) -> None:
        self.stopping = True

    def _turn(self) -> None:
        self._tend()
        for timed in self.timed:
            timed.look()
        self._begin()

    @staticmethod
    def _guarded(step: Callable[[], None]) -> bool:
        """Do one step; False while the database is away: what is at work goes on."""
        try:
            step()
        except (DatabaseError, InterfaceError) as error:
            logger.warning("database unreachable: %s", type(error).__name__)
            connections.close_all()
            return False
        return True

    def _tend(self) -> None:
        for handling in list(self.handlings):
            if handling.is_over():
                self.handlings.remove(handling)

    def _begin(self) -> None:
        free = self.places - len(self.handlings)
        if free <= 0:
            return
        waiting = Job.objects.filter(state=Job.State.QUEUED).order_by("pk").values_list("pk", flat=True)
        for job_id in list(waiting[:free]):
            if job := jobs.take(job_id):
                self.handlings.append(Handling(job))


def is_alone() -> bool:
    """Lock the folder of data for this process; False where another worker has it."""
    lock = (settings.DATA_DIR / "worker.lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        return False
    of_the_parent.append(lock)  # held until the process ends
    return True
