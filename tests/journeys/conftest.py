"""What the journeys share: patience, because machines are busy, and a calendar."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

PATIENCE = 30_000  # milliseconds until a page must say what is expected of it


@pytest.fixture(autouse=True)
def patience() -> Iterator[None]:
    """Expectations wait for a slow machine; a page that says it at once costs nothing."""
    expect.set_options(timeout=PATIENCE)
    yield
    expect.set_options(timeout=5_000)


@pytest.fixture
def prepared_site(site: str) -> str:
    """A site as it is after its preparation: the calendar is there, the schemes are loaded, nobody else."""
    call_command("seed_calendar", verbosity=0)
    call_command("load_schemes", verbosity=0)
    return site
