"""Lists of the office ask the database equally often, however long they are."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from office.roles import Role
from tests.office.people import person
from tests.office.samples import sample_or_none
from tests.office.test_role_walk import expected

pytestmark = pytest.mark.django_db
MOST = 12


@pytest.mark.parametrize("role", [Role.CENTRE_OPERATOR, Role.INSPECTORATE, Role.ADMINISTRATOR])
def test_a_list_takes_at_most_twelve_queries_at_any_length(role: Role) -> None:
    client = Client()
    client.force_login(person(role, "reader"))

    def count(url: str) -> int:
        client.get(url)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(url).status_code == 200
        return len(asked)

    found: dict[str, Any] = {}
    for model_admin in admin.site._registry.values():
        if not expected(role, model_admin, "changelist"):  # type: ignore[arg-type]
            continue
        options = model_admin.opts
        url = f"/office/{options.app_label}/{options.model_name}/"
        for _ in range(2):
            sample_or_none(options.model)
        short = count(url)
        for _ in range(20):
            sample_or_none(options.model)
        found[url] = (short, count(url))
    assert {url: counts for url, counts in found.items() if max(counts) > MOST or counts[1] > counts[0]} == {}
