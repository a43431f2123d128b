"""What runs by the clock in evaluations; sent by beat every night, may miss nights."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from evaluations.consequences.ending import follow_the_calendar
from evaluations.rectification.chasing import follow_the_clock


@shared_task(name="evaluations.follow_dispositions", ignore_result=True)
def follow_dispositions() -> None:
    """Move dispositions whose effect began or ended."""
    follow_the_calendar(now=timezone.now(), today=timezone.localdate())


@shared_task(name="evaluations.note_late_rectifications", ignore_result=True)
def note_late_rectifications() -> None:
    """Note which rectifications became late."""
    follow_the_clock(timezone.now())
