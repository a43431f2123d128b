"""A county whose round is in the state a test starts from, and browsers of its people."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from tests.evaluations.county import County
from tests.evaluations.custodian import Custodian
from tests.evaluations.states import OFFLINE, county_at, county_with
from tests.kit.files import own_folders


@pytest.fixture(scope="session")
def custodian(tmp_path_factory: pytest.TempPathFactory) -> Custodian:
    return Custodian(tmp_path_factory.mktemp("offline"))


@pytest.fixture
def county(request: pytest.FixtureRequest, db: None, settings: Settings, tmp_path: Path) -> County:
    """The county in the state that the test `starts` from, else before its first round.

    Keys and bundles of a test lie in its own folder; its phones need no HTTPS (demonstration).
    """
    own_folders(settings, tmp_path)
    settings.DEMO = True
    state, varied = getattr(request, "param", ("founded", False))
    if state in OFFLINE:
        return county_with(request.getfixturevalue("custodian"), state)
    return county_at(state, varied=varied)


@pytest.fixture
def browse(county: County) -> Callable[[str], Client]:
    """Give a browser in which somebody of a role is signed in."""

    def signed_in(role: str) -> Client:
        client = Client()
        client.force_login(county.users[role])
        return client

    return signed_in
