"""A real worker in a process of its own: Celery's where the tests have Redis, else the one of the product."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import TypeVar

import pytest
from celery import current_app
from django.conf import settings
from django.db import connection

from office.models import Job

PATIENCE = 180.0
ALONE = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
CELERY = ["-m", "celery", "-A", "config", "worker", "-Q", "jobs,timed", "-l", "info", "-c", "1", *ALONE]
COMMAND = CELERY if settings.REDIS_URL else ["manage.py", "work", "--verbosity", "2"]
Found = TypeVar("Found")


def eventually(look: Callable[[], Found], *, patience: float = PATIENCE) -> Found:
    """What `look` returns as soon as that is true: polling with a deadline instead of sleeping."""
    deadline = time.monotonic() + patience
    while True:
        if found := look():
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {patience} s")
        time.sleep(0.05)


def jobs_are_done() -> bool:
    return not Job.objects.exclude(state=Job.State.DONE).exists()


def database_url() -> str:
    """The test database as another process is told of it."""
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{database['NAME']}"
    return "postgresql://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**database)


class Worker:
    """Starts at once, reads its log to know when it is ready, and can be killed in the middle of a job."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.log = settings.DATA_DIR / "worker.log"
        self.process = subprocess.Popen(
            [sys.executable, *COMMAND],
            cwd=settings.BASE_DIR,
            env={**os.environ, "DATABASE_URL": database_url(), **environment},
            stdout=self.log.open("w"),
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        eventually(self.is_ready)

    def is_ready(self) -> bool:
        text = self.log.read_text()
        if self.process.poll() is not None:
            raise AssertionError(f"the worker did not start:\n{text}")
        return " ready." in text

    def kill(self) -> None:
        """As when the power fails: no goodbye, neither from the worker nor from its child."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


@pytest.fixture
def start_worker(transactional_db: None) -> Iterator[Callable[..., Worker]]:
    """Starts a worker when called, with settings that differ as keyword arguments: start_worker(DEMO="1")."""
    if settings.REDIS_URL:
        current_app.control.purge()
    started: list[Worker] = []

    def start(**environment: str) -> Worker:
        started.append(Worker(environment))
        return started[-1]

    yield start
    for worker in started:
        worker.kill()


@pytest.fixture
def worker(start_worker: Callable[..., Worker]) -> Worker:
    return start_worker()
