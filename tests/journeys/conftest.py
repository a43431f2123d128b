"""What the journeys share: patience, because machines are busy, and a calendar."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import call_command
from playwright.sync_api import expect
from pytest_django.fixtures import Settings

from tests.evaluations.county import County
from tests.office.people import PASSWORD

PATIENCE = 30_000  # milliseconds until a page must say what is expected of it


@pytest.fixture(autouse=True)
def patience() -> Iterator[None]:
    """Expectations wait for a slow machine; a page that says it at once costs nothing."""
    expect.set_options(timeout=PATIENCE)
    yield
    expect.set_options(timeout=5_000)


@pytest.fixture(autouse=True)
def hall(settings: Settings) -> None:
    """The live server speaks plain HTTP, as in a hall's own network."""
    settings.HALL_WITHOUT_HTTPS = True


@pytest.fixture
def prepared_site(site: str) -> str:
    """A site as it is after its preparation: the calendar is there, the schemes are loaded, nobody else."""
    call_command("seed_calendar", stdout=StringIO())
    call_command("load_schemes", stdout=StringIO())
    return site


@pytest.fixture
def county(site: str) -> County:
    """Two departments and users of every role, made without a browser where that adds nothing."""
    county = County()
    for user in county.users.values():
        user.set_password(PASSWORD)
        user.save()
    return county
