"""What happens every night while nobody votes: turnout, the database's settings, and the order taken out."""

from __future__ import annotations

from typing import Any

from celery import shared_task

from surveys.keys import database_settings, shuffle, turnout

AGAIN: dict[str, Any] = {
    "autoretry_for": (shuffle.OrderLeft,),
    "default_retry_delay": 600,
    "max_retries": 12,
    "ignore_result": True,
}


@shared_task(name="surveys.nightly", **AGAIN)
def nightly() -> None:
    turnout.store_turnouts()
    database_settings.note_changes()
    shuffle.shuffle()


@shared_task(name="surveys.shuffle", **AGAIN)
def shuffle_again() -> None:
    """What the job of a bundle could not do because somebody held the database."""
    shuffle.shuffle()
