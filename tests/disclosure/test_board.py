"""The public board: rendered once per state and served as a file; receipts looked up on the phone itself."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from surveys.box import bundles
from surveys.keys import turnout
from surveys.models import Survey
from tests.disclosure.states import ready
from tests.evaluations.county import fresh, ordinary_ballots
from tests.evaluations.states import county_at
from tests.kit.publishing import publish, run_waiting_jobs, varied_ballots


@pytest.fixture(autouse=True)
def apart(db: None, settings: Settings, tmp_path: Path) -> None:
    settings.PUBLISHED_ROOT = tmp_path / "published"


def board(survey: Survey) -> str:
    answer = Client().get(f"/b/{survey.public_id}/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_board_and_the_voters_page_are_found_without_the_last_stroke(db: None) -> None:
    """Before sessions and logs, like the pages themselves."""
    for typed, page in (("/v", "/v/"), ("/b/s-0000", "/b/s-0000/")):
        answer = Client().get(typed)
        assert (answer.status_code, answer.headers["Location"]) == (301, page)
        assert not answer.cookies
    assert Client().get("/b/no/such/page").status_code == 404
    assert Client().get("/b").status_code == 404


def test_the_board_shows_what_is_fixed_then_the_turnout_then_the_receipts() -> None:
    """Before the opening, during the vote and after the close."""
    county = county_at("prepared")
    survey = county.survey
    before = board(survey)
    assert "共 64 张" in before
    assert "收到选票" not in before
    county.open(county.round)
    survey.refresh_from_db()
    during = board(survey)
    assert survey.code_root in during
    assert "每日更新一次" in during
    assert "尚无数据" in during
    for number, answers in enumerate([*ordinary_ballots(), *varied_ballots()][:24]):
        county.vote(answers, ("private", "sole_trader")[number % 2])
        if number == 3:
            assert board(survey) == during, "no live count"
    turnout.store_turnouts()
    assert "已收到约 20 张" in board(survey)
    assert "尚无数据" not in board(survey)
    county.close(fresh(county.round))
    run_waiting_jobs()
    closed = board(survey)
    bundle = bundles.read(survey)
    for shown in ("24 张", bundle.hash, bundle.manifest["tracker_root"], "查询回执"):
        assert shown in closed
    assert "有效票" not in closed


def test_after_the_publication_it_leads_to_result_and_public_bundle() -> None:
    county = ready()
    run_waiting_jobs()
    survey = county.survey
    assert "公开核验包" not in board(survey)
    publication = publish(county.round, county)
    after = board(survey)
    assert f"/results/{publication.pk}/index.html" in after
    assert f"/b/{survey.public_id}/public.zip" in after
    assert "在“核验”中选取这个文件" in after, "what to do with it, and where"
    assert "有效票 30 张，废票 0 张" in after


@pytest.mark.both_databases
def test_the_page_is_a_file_until_the_state_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The box is read once, not for every visitor; former pages go."""
    survey = county_at("counted").survey
    first = board(survey)
    folder = Path(django_settings.PUBLISHED_ROOT) / "boards" / survey.public_id
    assert [path.read_text() for path in folder.glob("*.html")] == [first]
    monkeypatch.setattr(bundles, "read", lambda _: pytest.fail("the box was read again"))
    with CaptureQueriesContext(connection) as asked:
        assert board(survey) == first
    assert len(asked) <= 3
    assert Client().get("/b/unknown/").status_code == 404


def test_the_list_of_receipts_is_one_file_whole_and_sorted() -> None:
    county = county_at("voted")
    survey = county.survey
    path = f"/b/{survey.public_id}/trackers.bin"
    refused = Client().get(path)
    assert (refused.status_code, refused.json()["error"]) == (404, "not_published")
    county.close(fresh(county.round))
    bundles.make(county.survey)
    answer = Client().get(path)
    listed = [bytes.fromhex(tracker)[:16] for tracker in bundles.read(survey).trackers()]
    assert len(listed) == 10
    assert answer.content == b"".join(listed)
    assert "Set-Cookie" not in answer.headers
    assert Client().get("/b/unknown/trackers.bin").status_code == 404
