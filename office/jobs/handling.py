"""Watch work in a child process: renew its lease from outside, end it at its limit, see how it ended.

A child can be ended with all it has started, whatever it is caught in, and its notes leave no lock
behind. It ends itself when the process that watches it is gone: no second attempt meets it.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import signal
import threading
from collections.abc import Callable
from datetime import timedelta
from time import monotonic, sleep
from typing import IO, NoReturn

from django.db import DatabaseError, InterfaceError, close_old_connections, connections

from office import trace
from office.jobs import services as jobs
from office.models import Job

TICK = 0.25
LOOK_AT_PARENT = 0.5
RENEW_EVERY = jobs.LEASE.total_seconds() / 4
LONGEST_NOTE = 500  # characters: a line must go through the pipe whole

logger = logging.getLogger(__name__)
of_the_parent: list[IO[str]] = []
"""Open files that are none of a child's business: it would hold a lock that its parent took."""
Tell = Callable[[int, int, str], None]


class Child:
    """A forked process that leads a group of its own, so that what it starts can be ended with it."""

    def __init__(self, work: Callable[[Tell], None], limit: timedelta) -> None:
        self.ends_at = monotonic() + limit.total_seconds()
        self.code: int | None = None
        connections.close_all()  # no process may use the connection of another
        self._reading, writing = os.pipe()
        for end in (self._reading, writing):
            os.set_blocking(end, False)
        parent = os.getpid()
        self.pid = os.fork()
        if not self.pid:
            _live(work, parent, writing)
        os.close(writing)

    @property
    def is_late(self) -> bool:
        return monotonic() > self.ends_at

    def has_ended(self) -> bool:
        if self.code is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.code = os.waitstatus_to_exitcode(status)
                self._forget()
        return self.code is not None

    def kill(self) -> None:
        """End the child and all it has started."""
        if self.code is None:
            self._kill_group()
            self.code = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
            self._forget()

    def last_note(self) -> tuple[int, int, str] | None:
        """Return the latest of the notes since the last call."""
        said = b""
        with contextlib.suppress(BlockingIOError, OSError):
            while more := os.read(self._reading, 65536):
                said += more
        lines = said.splitlines()
        if not lines:
            return None
        done, total, message = json.loads(lines[-1])
        return done, total, message

    def _forget(self) -> None:
        self._kill_group()  # what it started and left behind
        os.close(self._reading)
        self._reading = -1

    def _kill_group(self) -> None:
        try:
            os.killpg(self.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):  # it has no group yet, or nobody is left in it
            if self.code is None:
                os.kill(self.pid, signal.SIGKILL)


def _live(work: Callable[[Tell], None], parent: int, writing: int) -> NoReturn:
    code = 1
    try:
        os.setsid()
        for file in of_the_parent:
            file.close()
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()

        def tell(done: int, total: int, message: str) -> None:
            line = json.dumps([done, total, message[:LONGEST_NOTE]], ensure_ascii=False)
            with contextlib.suppress(OSError):  # full: nobody has read for long, and the next note says more
                os.write(writing, f"{line}\n".encode())

        work(tell)
        code = 0
    except BaseException:
        logger.exception("a process of the background work failed")
    finally:
        with contextlib.suppress(Exception):
            connections.close_all()
        for step in trace.before_the_end:
            with contextlib.suppress(Exception):
                step()
        os._exit(code)


def _end_with(parent: int) -> None:
    tick = threading.Event()
    while os.getppid() == parent:
        tick.wait(LOOK_AT_PARENT)
    os.killpg(0, signal.SIGKILL)


class Handling:
    """One attempt of a job, from its start to its end."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.progress = jobs.Progress(job.pk, job.attempts)
        self._renewed_at = monotonic()
        self._was_late = False

        def work(tell: Tell) -> None:
            jobs.carry_out(job, jobs.Progress(job.pk, job.attempts, tell))

        self.child = Child(work, jobs.limit_of(job.kind))

    def is_over(self) -> bool:
        """Do what is due for the attempt; True when nothing is left to do."""
        if not self.child.has_ended() and self.child.is_late:
            self._was_late = True
            self.child.kill()
        if self.child.has_ended():
            # Either does nothing where the child itself has said how it ended.
            (jobs.end_too_long if self._was_late else jobs.give_back)(self.job)
            return True
        if note := self.child.last_note():
            jobs.note(self.progress, *note)
        if monotonic() - self._renewed_at > RENEW_EVERY:
            self._renewed_at = monotonic()
            if not jobs.renew(self.progress):
                self._end_unless_over()
        return False

    def stop(self) -> None:
        """End the attempt because the worker ends; the job goes back into the queue."""
        self.child.kill()
        jobs.give_back(self.job)

    def _end_unless_over(self) -> None:
        """A child that has just stored its end is left to end; one that lost its lease is not."""
        if not Job.objects.filter(pk=self.job.pk, attempts=self.job.attempts).exists():
            logger.warning("job %s: another worker has it", self.job.pk)
            self.child.kill()


def handle(job_id: int) -> None:
    """Take a job and see it to its end; for a worker that Celery gives the number."""
    job = jobs.take(job_id)
    if job is None:
        return
    handling = Handling(job)
    while True:
        try:
            if handling.is_over():
                return
        except (DatabaseError, InterfaceError):
            logger.warning("database unreachable, job %s goes on", job_id)
            close_old_connections()
        sleep(TICK)
