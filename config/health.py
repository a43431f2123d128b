"""/livez: does this process answer? /healthz: can all it needs be used, and does the worker work?

Each part of /healthz is asked with a limit of its own: a monitor that asks never takes a thread for long.
"""

import shutil
from collections.abc import Callable

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, JsonResponse

from office.jobs import services as jobs

FREE_BYTES_NEEDED = 200 * 1024 * 1024
LONGEST = 2  # seconds for the answer of Redis


def check_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


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


def livez(request: HttpRequest) -> JsonResponse:
    return _answer({"live": "ok"}, status=200)


def healthz(request: HttpRequest) -> JsonResponse:
    checks: dict[str, Callable[[], None]] = {"database": check_database, "disk": check_disk}
    if settings.REDIS_URL:
        checks["broker"] = check_broker
    state: dict[str, object] = {}
    for name, check in checks.items():
        try:
            check()
            state[name] = "ok"
        except Exception:  # noqa: BLE001 - whatever is wrong, the answer is the same
            state[name] = "failed"
    if state["database"] == "ok":
        found = jobs.condition()
        state["worker"] = "failed" if found.is_standing_still else "ok"
        state["seconds"] = {
            "since_sweep": found.since_sweep,
            "oldest_waiting_job": found.oldest_waiting,
            "oldest_running_job": found.oldest_running,
        }
    return _answer(state, status=503 if "failed" in state.values() else 200)


def _answer(state: dict[str, object], *, status: int) -> JsonResponse:
    response = JsonResponse(state, status=status)
    response["Cache-Control"] = "no-store"
    return response
