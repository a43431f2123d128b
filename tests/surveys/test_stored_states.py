"""A stored state is built once; every test gets its rows, files and result as if it had built them."""

from __future__ import annotations

import pytest
from django.conf import settings

from office.models import User
from office.roles import Role
from tests.kit.stored_states import stored
from tests.kit.survey_office import new_office

BUILT: list[str] = []


@stored
def clerk(name: str) -> list[User]:
    BUILT.append(name)
    (settings.DATA_DIR / f"{name}.txt").write_text(name)
    return [User.objects.create_user(name, role=Role.PAPER_CLERK)]


@pytest.mark.both_databases
@pytest.mark.django_db
@pytest.mark.parametrize("turn", ["first", "second"])
def test_a_state_is_built_once_and_comes_back_whole(turn: str) -> None:
    [one] = clerk("甲")
    [other] = clerk("乙")
    assert BUILT == ["甲", "乙"]
    assert set(User.objects.all()) == {one, other}
    assert (settings.DATA_DIR / "甲.txt").read_text() == "甲"
    assert User.objects.create_user("later").pk > max(one.pk, other.pk), "keys go on after those put back"
    one.username = "changed in this test"


@pytest.mark.django_db
def test_a_state_that_changes_what_was_there_before_is_refused() -> None:
    @stored
    def renames() -> None:
        User.objects.filter(username="centre").update(username="other")

    new_office()
    with pytest.raises(AssertionError, match="changed or deleted rows of office_user"):
        renames()
