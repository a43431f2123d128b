"""Background work of notices, and what asks by the clock whether somebody outside is to be told."""

from __future__ import annotations

from typing import Any

from celery import shared_task
from django.utils import timezone

from departments.notices import alarms, outgoing, services
from office.jobs.services import Progress, handles


@handles("notices.send", "发送通知")
def send(arguments: dict[str, Any], progress: Progress) -> dict[str, Any]:
    return services.carry_out(arguments, progress)


@handles("notices.nudge", "外发提醒")
def nudge(arguments: dict[str, Any], progress: Progress) -> dict[str, Any]:
    return outgoing.send_due(progress)


@shared_task(name="departments.nudge", ignore_result=True)
def start_nudging() -> None:
    """Sent by beat every minute where a channel is on."""
    outgoing.start(now=timezone.now())


@shared_task(name="departments.alarms", ignore_result=True)
def look_for_alarms() -> None:
    """Sent by beat every five minutes where somebody is to be told."""
    alarms.look()
