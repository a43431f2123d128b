"""/healthz: can the database, the broker and the disk be used?"""

import shutil

from celery import current_app
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, JsonResponse

FREE_BYTES_NEEDED = 200 * 1024 * 1024


def check_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def check_broker() -> None:
    with current_app.connection_for_write() as broker:
        broker.ensure_connection(max_retries=1, timeout=3)


def check_disk() -> None:
    (settings.DATA_DIR / "healthz").write_text("ok")
    if shutil.disk_usage(settings.DATA_DIR).free < FREE_BYTES_NEEDED:
        raise OSError("disk nearly full")


CHECKS = {"database": check_database, "broker": check_broker, "disk": check_disk}


def healthz(request: HttpRequest) -> JsonResponse:
    state = {}
    for name, check in CHECKS.items():
        try:
            check()
            state[name] = "ok"
        except Exception:  # noqa: BLE001 - whatever is wrong, the answer is the same
            state[name] = "failed"
    healthy = set(state.values()) == {"ok"}
    response = JsonResponse(state, status=200 if healthy else 503)
    response["Cache-Control"] = "no-store"
    return response
