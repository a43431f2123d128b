"""What the journeys share: plain HTTP, a calendar, a county in any state."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO

import pytest
from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from pytest_django.fixtures import Settings

from office.models import User
from tests.evaluations.county import County
from tests.evaluations.states import county_at
from tests.kit.people import PASSWORD

CountyAt = Callable[..., County]


@pytest.fixture(autouse=True)
def hall(settings: Settings) -> None:
    """The live server speaks plain HTTP, as in a hall's own network."""
    settings.HALL_WITHOUT_HTTPS = True


@pytest.fixture
def prepared_site(site: str) -> str:
    """A site after its preparation: calendar and schemes are there, nobody has an account."""
    call_command("seed_calendar", stdout=StringIO())
    call_command("load_schemes", stdout=StringIO())
    return site


@pytest.fixture
def at(site: str) -> CountyAt:
    """Put the county into a state: one of `tests.evaluations.states` or one's own. Its users can sign in."""

    def start(state: str | Callable[[], County], *, varied: bool = False) -> County:
        county = county_at(state, varied=varied) if isinstance(state, str) else state()
        User.objects.update(password=make_password(PASSWORD))
        return county

    return start


@pytest.fixture
def county(at: CountyAt) -> County:
    """Two departments and users of every role, no round yet."""
    return at("founded")
