"""What the tests of disclosure share: a county, and browsers of its people."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from tests.evaluations.county import County


@pytest.fixture
def county(db: None, settings: Settings) -> County:
    """A county that may vote without HTTPS (demonstration)."""
    settings.DEMO = True
    return County()


@pytest.fixture
def browse(county: County) -> Callable[[str], Client]:
    """Give a browser in which somebody of a role is signed in."""

    def signed_in(role: str) -> Client:
        client = Client()
        client.force_login(county.users[role])
        return client

    return signed_in
