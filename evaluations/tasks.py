"""Tasks that beat sends."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from evaluations.consequences.ending import follow_the_calendar


@shared_task(name="evaluations.follow_dispositions", ignore_result=True)
def follow_dispositions() -> None:
    """Move dispositions whose effect began or ended; sent by beat every night, may miss nights."""
    follow_the_calendar(now=timezone.now(), today=timezone.localdate())
