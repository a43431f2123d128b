"""`manage.py tally`: the passphrase by prompt, the count in the foreground, a refusal in words."""

from __future__ import annotations

import getpass
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from surveys import queries
from surveys.models import Survey
from tests.kit.survey_office import PASSPHRASE, Office, Voter


@pytest.fixture
def closed(office: Office) -> Survey:
    survey, slips = office.ready()
    for slip in slips["private"][:10]:
        Voter(survey, slip).vote({"p1": {"overall": "满意"}})
    return office.close(survey)


def tally(monkeypatch: pytest.MonkeyPatch, survey: str, user: str, passphrase: str) -> str:
    monkeypatch.setattr(getpass, "getpass", lambda _: passphrase)
    out = StringIO()
    call_command("tally", survey, user=user, stdout=out, stderr=StringIO())
    return out.getvalue()


@pytest.mark.both_databases
def test_the_command_says_and_stores_the_count(closed: Survey, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "有效选票10张" in tally(monkeypatch, closed.public_id, "inspector", PASSPHRASE)
    assert queries.counts(closed)["private"]["p1"]["overall"]["满意"] == 10


@pytest.mark.parametrize(
    ("survey", "user", "passphrase", "said"),
    [
        ("", "inspector", "wrong wrong wrong", "口令不正确"),
        ("", "nobody", PASSPHRASE, "没有这个用户"),
        ("no-such", "inspector", PASSPHRASE, "没有这个编号"),
    ],
)
def test_the_command_names_what_is_wrong_and_stores_nothing(  # noqa: PLR0917 - a case of four
    closed: Survey, monkeypatch: pytest.MonkeyPatch, survey: str, user: str, passphrase: str, said: str
) -> None:
    with pytest.raises(CommandError, match=said):
        tally(monkeypatch, survey or closed.public_id, user, passphrase)
    assert queries.counts(closed) == {}
