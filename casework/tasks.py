"""What runs by the clock in casework; sent by beat every ten minutes, may miss nights."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from casework.matters.following import follow_the_clocks


@shared_task(name="casework.follow_the_clocks", ignore_result=True)
def follow_clocks() -> None:
    """Remind, chase, supervise, raise and accept by silence what is due."""
    follow_the_clocks(timezone.now())
