"""What runs by the clock in ratings; may miss nights."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from ratings.follow_up.making import settle_past_days
from ratings.tickets.counting import count_used


@shared_task(name="ratings.settle_past_days", ignore_result=True)
def settle_days() -> None:
    """Make matters of bad ratings of past days, and forget which form was which."""
    settle_past_days(timezone.now())


@shared_task(name="ratings.count_used", ignore_result=True)
def count_used_tickets() -> None:
    """Count which part of the printed tickets was used."""
    count_used(timezone.now())
