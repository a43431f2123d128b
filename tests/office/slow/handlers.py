"""A job of two steps that waits between them until a file appears."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from office.jobs import services as jobs
from tests.kit.worker import eventually

GO_ON = settings.DATA_DIR / "slow-job-may-go-on"


def wait_in_the_middle(arguments: dict[str, Any], progress: jobs.Progress) -> dict[str, Any]:
    """Do one of two steps, wait, do the other."""
    progress(1, 2, "第一步")
    eventually(GO_ON.exists)
    progress(2, 2, "第二步")
    return {"steps": 2}


def register() -> None:
    """Make the job known to this process; not to the tests' own, whose kinds are the product's."""
    jobs.handles("tests.slow", "等待中的任务")(wait_in_the_middle)
