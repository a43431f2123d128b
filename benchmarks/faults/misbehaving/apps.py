from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.conf import settings


def ran(arguments: dict[str, Any]) -> None:
    """Note on the disk that an attempt began: a row could not tell two of them apart."""
    with (Path(settings.DATA_DIR).parent / f"ran-{arguments['name']}").open("a") as file:
        file.write("x")


def sleeps(arguments: dict[str, Any], progress: Any) -> None:
    """By the machine's own clock, which no scenario moves."""
    ran(arguments)
    time.sleep(arguments["seconds"])


def raises(arguments: dict[str, Any], progress: Any) -> None:
    ran(arguments)
    raise ValueError("on purpose")


class Misbehaving(AppConfig):
    name = "benchmarks.faults.misbehaving"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from office.jobs import services as jobs

        jobs.handles("faults.sleeps", "睡眠")(sleeps)
        jobs.handles("faults.raises", "出错")(raises)
