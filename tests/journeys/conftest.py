"""What the journeys share: plain HTTP, a calendar, a county."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command
from pytest_django.fixtures import Settings

from tests.evaluations.county import County
from tests.office.people import PASSWORD


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
