"""What the tests of disclosure share: a county that may vote without HTTPS, and browsers of its people."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from tests.evaluations.county import County
from tests.evaluations.states import county_at


@pytest.fixture(autouse=True)
def demonstration(settings: Settings, tmp_path: Path) -> None:
    """Votes need no HTTPS; keys and bundles of the same stored round are of this test alone."""
    settings.DEMO = True
    settings.DATA_DIR = tmp_path


@pytest.fixture
def county(db: None) -> County:
    return county_at("founded")


@pytest.fixture
def browse(county: County) -> Callable[[str], Client]:
    """Give a browser in which somebody of a role is signed in."""

    def signed_in(role: str) -> Client:
        client = Client()
        client.force_login(county.users[role])
        return client

    return signed_in
