"""A list that holds nothing yet says what comes next."""

from __future__ import annotations

import re

import pytest

from office.roles import Role
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
