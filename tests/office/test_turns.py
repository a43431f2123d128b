"""What runs by the clock is begun by one host of several, and by another as soon as that one is gone."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from celery import Celery, current_app, schedules
from celery.beat import SchedulingError
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from office.jobs import services as jobs
from office.jobs import turns
from office.jobs.beat import Beat, turn_of
from office.models import TimedRun

TASK = "office.seal_audit"
EVERY = schedules.schedule(300)


def last_began(name: str, ago: timedelta) -> None:
    TimedRun.objects.update_or_create(name=name, defaults={"at": timezone.now() - ago})


class Host(Beat):
    """A beat that notes what it sends instead of asking a broker for it."""

    def __init__(self, *, is_cut_off: bool = False) -> None:
        entries = {"seal": {"task": TASK, "schedule": 300}, "sweep": {"task": jobs.SWEEP, "schedule": 15}}
        app = Celery(set_as_current=False)
        app.conf.beat_schedule = entries
        self.sent: list[str] = []
        self.is_cut_off = is_cut_off
        super().__init__(app)

    producer: Any = None

    def apply_async(self, entry: Any, producer: Any = None, advance: bool = True, **_: Any) -> None:
        if self.is_cut_off:
            raise SchedulingError("no broker")
        self.sent.append(entry.task)


@pytest.mark.both_databases
@pytest.mark.django_db
def test_of_two_beats_one_sends_and_the_other_takes_over() -> None:
    first, second = Host(), Host()
    first.tick()
    second.tick()
    assert (first.sent, second.sent) == ([], []), "the first start of all waits for the next time"
    for task in (TASK, jobs.SWEEP):
        last_began(turn_of(task), timedelta(seconds=301))
    first.tick()
    second.tick()
    assert (sorted(first.sent), second.sent) == ([TASK, jobs.SWEEP], [])
    last_began(turn_of(jobs.SWEEP), timedelta(seconds=16))  # the first host is gone
    assert second.tick() <= 15
    assert second.sent == [jobs.SWEEP]


@pytest.mark.both_databases
@pytest.mark.django_db
def test_what_one_host_cannot_send_the_next_one_sends() -> None:
    last_began(TASK, timedelta(seconds=301))
    cut_off, well = Host(is_cut_off=True), Host()
    assert cut_off.tick() < 5
    well.tick()
    assert well.sent == [TASK]


@pytest.mark.on_postgresql
@pytest.mark.django_db(transaction=True)
def test_who_is_about_to_begin_keeps_all_others_away_until_that_succeeds() -> None:
    """A turn that fails stays due; nobody waits for who has it."""
    last_began(TASK, timedelta(seconds=301))
    answers: list[bool] = []

    def ask() -> None:
        answers.append(turns.take(TASK, EVERY, begin=lambda: None))
        connection.close()

    def begin_and_fail() -> None:
        other = threading.Thread(target=ask)
        other.start()
        other.join()
        raise ConnectionError

    with pytest.raises(ConnectionError):
        turns.take(TASK, EVERY, begin_and_fail)
    assert answers == [False]
    assert turns.take(TASK, EVERY, begin=lambda: None)
    assert not turns.take(TASK, EVERY, begin=lambda: None)


@pytest.mark.both_databases
@pytest.mark.django_db
def test_a_night_is_made_up_for_and_the_clock_of_the_database_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    nightly = settings.CELERY_BEAT_SCHEDULE["surveys-nightly"]["schedule"]
    last_began("surveys.nightly", timedelta(hours=25))
    assert turns.look("surveys.nightly", nightly)[0]
    last_began("surveys.nightly", timedelta(seconds=0))
    monkeypatch.setattr(current_app, "now", lambda: timezone.now() + timedelta(days=2))  # this host is wrong
    assert not turns.look("surveys.nightly", nightly)[0]


@pytest.mark.on_postgresql
@pytest.mark.django_db(transaction=True)
def test_a_host_that_is_lost_without_a_word_loses_its_locks() -> None:
    """PostgreSQL asks whether it lives, and ends the turn it was in the middle of."""
    with transaction.atomic(), connection.cursor() as cursor:
        last_began(TASK, timedelta(seconds=301))
        told: list[str] = []

        def begin() -> None:
            for name in ("tcp_keepalives_idle", "idle_in_transaction_session_timeout"):
                cursor.execute(f"SHOW {name}")
                told.append(cursor.fetchone()[0])

        turns.take(TASK, EVERY, begin)
    assert told == ["30", "30s"]
