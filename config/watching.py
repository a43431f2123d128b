"""The web processes look whether the background work goes on: a silent worker cannot tell so itself."""

from __future__ import annotations

import logging
from threading import Event, Thread

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connections

from departments.notices import alarms

FIRST = 180.0  # seconds: after a start the worker has to come up first
EVERY = 60.0

logger = logging.getLogger(__name__)


def look() -> list[str]:
    try:
        return alarms.look(["worker"])
    except (DatabaseError, InterfaceError) as error:
        logger.warning("database unreachable: %s", type(error).__name__)
        return []


def start() -> Thread | None:
    """Watch in a thread of this process, where somebody is to be told."""
    if not settings.ALARMS:
        return None
    thread = Thread(target=_watch, daemon=True, name="watch")
    thread.start()
    return thread


def _watch() -> None:
    pause = Event()
    pause.wait(FIRST)
    while True:
        look()
        connections.close_all()
        pause.wait(EVERY)
