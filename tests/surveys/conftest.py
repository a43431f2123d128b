"""Each test has its own folder of keys and begins in an office with nothing but users and towns."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from departments.models import Membership
from office.models import User
from office.roles import Role
from surveys.voting import voting
from tests.kit.files import own_folders
from tests.kit.survey_office import Office, SignedIn, new_office


@pytest.fixture(autouse=True)
def private_data(settings: Any, tmp_path: Path) -> None:
    own_folders(settings, tmp_path)
    settings.DEMO = True


@pytest.fixture(autouse=True)
def no_box_remembered() -> None:
    """Surveys come back with the same keys: what one test changed of a box must not be remembered."""
    voting._box.cache_clear()
    voting._checker.cache_clear()


@pytest.fixture
def office(db: None) -> Office:
    return new_office()


@pytest.fixture
def signed_in(office: Office) -> SignedIn:
    """A browser of somebody of a role; the town organizer is of the western town."""

    def browser(role: Role) -> Client:
        user, made = User.objects.get_or_create(username=f"somebody-{role}", role=role)
        if made and role == Role.TOWN_ORGANIZER:
            Membership.objects.create(user=user, town=office.towns[1])
        client = Client()
        client.force_login(user)
        return client

    return browser
