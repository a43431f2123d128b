"""What runs by the clock in evaluations."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from evaluations.rectification.chasing import follow_the_clock


@shared_task(name="evaluations.note_late_rectifications", ignore_result=True)
def note_late_rectifications() -> None:
    """Note what became late; sent by beat every night."""
    follow_the_clock(timezone.now())
