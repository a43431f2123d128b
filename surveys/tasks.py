"""What happens every night while nobody votes: yesterday's turnout, and the order taken out."""

from __future__ import annotations

from celery import shared_task

from surveys.keys import shuffle, turnout


@shared_task(
    name="surveys.nightly",
    ignore_result=True,
    autoretry_for=(shuffle.OrderLeft,),
    default_retry_delay=600,
    max_retries=12,
)
def nightly() -> None:
    turnout.store_turnouts()
    shuffle.shuffle()
