"""/healthz: does this process answer? /readyz: can each part that it needs be used, and how fast?

Every part of /readyz is asked in a thread of its own and given up after LONGEST seconds, so a monitor never
waits longer than that. A part that still hangs from last time is not asked again: probes leave one thread
behind, not a hundred. /livez is what /healthz was called first.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from threading import Lock, Thread
from time import monotonic

from django.conf import settings
from django.core.files.storage import FileSystemStorage, storages
from django.db import connection, connections, transaction
from django.http import HttpRequest, JsonResponse

from office.jobs import services as jobs

FREE_BYTES_NEEDED = 200 * 1024 * 1024
LONGEST = 3.0  # seconds for each part
STORES = ("media", "published", "private")
NOBODYS_NAME = "readyz"  # a name that no file has: whether it is there is a question, and leaves nothing

Check = Callable[[], None]


def check_database() -> None:
    """Ask over a connection of this thread's own, which is closed again."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    finally:
        connections.close_all()


def check_broker() -> None:
    from redis import Redis  # noqa: PLC0415 - costs every process a while, and a small county has none

    with Redis.from_url(
        settings.REDIS_URL, socket_connect_timeout=LONGEST, socket_timeout=LONGEST, retry=None
    ) as redis:
        redis.ping()


def check_disk() -> None:
    (settings.DATA_DIR / "healthz").write_text("ok")
    if shutil.disk_usage(settings.DATA_DIR).free < FREE_BYTES_NEEDED:
        raise OSError("disk nearly full")


def check_storage() -> None:
    """Ask each store for a name that nobody has; a folder tells its faults only to who looks at it."""
    for alias in STORES:
        store = storages[alias]
        if isinstance(store, FileSystemStorage):
            _check_folder(Path(store.base_location))
        else:
            store.exists(NOBODYS_NAME)


def _check_folder(folder: Path) -> None:
    """A store that nothing was written to has no folder yet: then the one above it counts."""
    try:
        folder.stat()
    except FileNotFoundError:
        folder = folder.parent
        folder.stat()
    if not os.access(folder, os.W_OK | os.X_OK):
        raise PermissionError(folder.name)


def check_worker() -> dict[str, int | None]:
    """Raise unless background work goes on; never waits for a table that somebody has locked."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(f"SET LOCAL statement_timeout = {int(LONGEST * 1000)}")
        found = jobs.condition()
    if found.is_standing_still:
        raise Silent(found)
    return _seconds(found)


class Silent(Exception):  # noqa: N818 - a state, not a fault of this process
    """Nothing has swept the jobs for too long."""

    def __init__(self, found: jobs.Condition) -> None:
        super().__init__()
        self.seconds = _seconds(found)


def _seconds(found: jobs.Condition) -> dict[str, int | None]:
    return {
        "since_sweep": found.since_sweep,
        "oldest_waiting_job": found.oldest_waiting,
        "oldest_running_job": found.oldest_running,
    }


Part = dict[str, str | int]
_asked: dict[str, Thread] = {}
_lock = Lock()


def ask(checks: dict[str, Check]) -> dict[str, Part]:
    """Ask all parts at once; return the state, the milliseconds and, of a failed one, the kind of fault."""
    found: dict[str, Part] = {}
    began, waited_for = monotonic(), []
    for name, check in checks.items():
        with _lock:
            if name in _asked and _asked[name].is_alive():
                continue  # still hangs from last time
            thread = Thread(target=_ask, args=(name, check, found), daemon=True, name=f"readyz {name}")
            _asked[name] = thread
            thread.start()
        waited_for.append(thread)
    for thread in waited_for:
        thread.join(max(0.0, began + LONGEST - monotonic()))
    too_slow: Part = {"state": "failed", "milliseconds": round(LONGEST * 1000), "reason": "too slow"}
    return {name: dict(found.get(name, too_slow)) for name in checks}


def _ask(name: str, check: Check, found: dict[str, Part]) -> None:
    began = monotonic()
    try:
        check()
        state: Part = {"state": "ok"}
    except Exception as error:  # noqa: BLE001 - whatever is wrong, the part cannot be used
        state = {"state": "failed", "reason": type(error).__name__}
    found[name] = {**state, "milliseconds": round((monotonic() - began) * 1000)}


def healthz(request: HttpRequest) -> JsonResponse:
    return _answer({"live": "ok"}, status=200)


def readyz(request: HttpRequest) -> JsonResponse:
    checks: dict[str, Check] = {
        "database": check_database,
        "disk": check_disk,
        "storage": check_storage,
    }
    if settings.REDIS_URL:
        checks["broker"] = check_broker
    parts = ask(checks)
    seconds: dict[str, int | None] = {}
    if parts["database"]["state"] == "ok":
        parts["worker"], seconds = _worker()
    failed = [name for name, part in parts.items() if part["state"] != "ok"]
    told = {"ready": not failed, "failed": failed, "parts": parts, "seconds": seconds}
    return _answer(told, status=503 if failed else 200)


def _worker() -> tuple[Part, dict[str, int | None]]:
    """Ask on the connection of the request: the database has just answered, and the limit is its own."""
    found: dict[str, Part] = {}
    seconds: dict[str, int | None] = {}

    def check() -> None:
        try:
            seconds.update(check_worker())
        except Silent as silent:
            seconds.update(silent.seconds)
            raise

    _ask("worker", check, found)
    return found["worker"], seconds


def _answer(state: dict[str, object], *, status: int) -> JsonResponse:
    response = JsonResponse(state, status=status)
    response["Cache-Control"] = "no-store"
    return response
