"""An empty list says what comes next; a long one asks the database no more than a short one."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from office.roles import Role
from tests.office.samples import sample_or_none
from tests.walk.addresses import OFFICE
from tests.walk.county import browser_of

pytestmark = pytest.mark.django_db
NEVER_EMPTY = {"user", "auditentry"}


@pytest.mark.parametrize("role", Role)
def test_an_empty_list_says_what_comes_next(role: Role) -> None:
    """Also to those who may only read, and differently where a search found nothing."""
    client = browser_of(role)
    for page in OFFICE:
        of = page.model_admin
        # Whoever looks is among the users and in the audit.
        if page.kind == "changelist" and of and page.opens_to(role) and of.opts.model_name not in NEVER_EMPTY:
            of.model._base_manager.all().delete()
            shown = client.get(page.address()).content.decode()
            assert re.search(r'<p class="empty">(还没有|尚未)[^<]+。</p>', shown), page.name
            found = client.get(f"{page.address()}?q=nothing").content.decode() if of.search_fields else ""
            assert not of.search_fields or "没有符合条件的" in found, page.name


@pytest.mark.parametrize("role", [Role.CENTRE_OPERATOR, Role.INSPECTORATE, Role.ADMINISTRATOR])
def test_a_list_takes_as_many_queries_at_any_length(role: Role) -> None:
    client = browser_of(role)

    def count(address: str) -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        return len(asked)

    found = {}
    for page in OFFICE:
        if page.kind == "changelist" and page.model_admin and page.opens_to(role):
            for _ in range(2):
                sample_or_none(page.model_admin.model)
            few = count(page.address())
            for _ in range(20):
                sample_or_none(page.model_admin.model)
            found[page.name] = (few, count(page.address()))
    assert found
    assert {name: counts for name, counts in found.items() if counts[1] > counts[0]} == {}
