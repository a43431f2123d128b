"""The shuffle of SQLite beside others at the same file: it asks again, and says so in words when in vain."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from threading import Thread, Timer

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django.fixtures import Settings

from office.jobs import services as jobs
from office.models import Job
from surveys.box import bundles
from surveys.keys import shuffle
from tests.kit.survey_office import Office, Voter, new_office

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def office() -> Office:
    return new_office()


@pytest.fixture
def impatient(settings: Settings) -> Iterator[None]:
    """SQLite itself waits for nobody, and the shuffle asks for a second."""
    settings.SHUFFLE_PATIENCE = 1
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 20")
    yield
    connection.close()


def file() -> str:
    return str(connection.settings_dict["NAME"])


def journal() -> Path:
    return Path(f"{file()}-wal")


@pytest.fixture
def reader(office: Office) -> Iterator[sqlite3.Connection]:
    """Somebody who has begun to read and keeps the journal from being emptied."""
    survey, slips = office.ready()
    Voter(survey, slips["private"][0]).vote()
    other = sqlite3.connect(file(), isolation_level=None, check_same_thread=False)
    other.execute("BEGIN")
    other.execute("SELECT COUNT(*) FROM surveys_ballot").fetchone()
    yield other
    other.close()


def test_a_reader_who_ends_in_time_is_waited_for(reader: sqlite3.Connection, impatient: None) -> None:
    timer = Timer(0.3, reader.close)
    timer.start()
    shuffle.shuffle()
    timer.join()
    assert journal().stat().st_size == 0


def test_checkpoints_of_others_do_not_stop_a_shuffle(office: Office) -> None:
    """Where another connection has begun one, SQLite refuses at once, however long it may wait."""
    survey, slips = office.ready()
    Voter(survey, slips["private"][0]).vote()
    going = True

    def write() -> None:
        other = sqlite3.connect(file(), timeout=20, isolation_level=None)
        while going:
            other.execute("UPDATE surveys_survey SET closes = closes")
            other.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        other.close()

    threads = [Thread(target=write) for _ in range(2)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(10):
            shuffle.shuffle()
    finally:
        going = False
        for thread in threads:
            thread.join()


def test_a_backup_that_cannot_shuffle_says_so_and_leaves_no_file(
    reader: sqlite3.Connection, impatient: None, tmp_path: Path
) -> None:
    backup = tmp_path / "backup.zip"
    with pytest.raises(CommandError, match=r"先后次序还没有打乱.*请过几分钟再试"):
        call_command("backup", str(backup), stdout=StringIO())
    assert list(tmp_path.glob("backup*")) == []
    reader.close()
    call_command("backup", str(backup), stdout=StringIO())
    assert backup.exists()


def test_the_bundle_is_done_though_the_shuffle_has_to_be_tried_again(
    reader: sqlite3.Connection, impatient: None, office: Office
) -> None:
    survey = office.close(bundles.Survey.objects.get())
    job = Job.objects.get(kind="surveys.bundle")
    jobs.run(job.pk)
    job.refresh_from_db()
    assert job.state == Job.State.DONE
    assert bundles.exists(survey)
