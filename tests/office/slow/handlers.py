"""Jobs that wait in the middle until a file appears, or for ever with what they have started."""

from __future__ import annotations

import subprocess
from typing import Any

from django.conf import settings
from django.db import transaction

from office.jobs import services as jobs
from office.models import Holiday
from tests.kit.worker import eventually

GO_ON = settings.DATA_DIR / "slow-job-may-go-on"
HANGS = settings.DATA_DIR / "hanging-job"


def wait_in_the_middle(arguments: dict[str, Any], progress: jobs.Progress) -> dict[str, Any]:
    """Do one of two steps, wait, do the other."""
    progress(1, 2, "第一步")
    eventually(GO_ON.exists)
    progress(2, 2, "第二步")
    return {"steps": 2}


def wait_in_a_transaction(arguments: dict[str, Any], progress: jobs.Progress) -> dict[str, Any]:
    """Tell and wait while a transaction is open that has written."""
    with transaction.atomic():
        Holiday.objects.create(day="2026-01-01", name="元旦")
        progress(1, 2, "正在写入")
        eventually(GO_ON.exists)
    return {}


def hang(arguments: dict[str, Any], progress: jobs.Progress) -> None:
    """Wait for a process that never ends, as a document that cannot be typeset."""
    process = subprocess.Popen(["sleep", "600"])
    HANGS.write_text(f"{process.pid}")
    process.wait()


def register() -> None:
    """Make the jobs known to this process; not to the tests' own, whose kinds are the product's."""
    jobs.handles("tests.slow", "等待中的任务")(wait_in_the_middle)
    jobs.handles("tests.writing", "正在写入的任务")(wait_in_a_transaction)
    jobs.handles("tests.hanging", "不会结束的任务")(hang)
