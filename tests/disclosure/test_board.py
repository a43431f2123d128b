"""The public board: rendered once per state and served as a file; receipts looked up on the phone itself."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from evaluations import services
from evaluations.models import Round
from surveys.box import bundles
from surveys.keys import turnout
from surveys.models import Survey
from tests.evaluations.county import LAST_APPEAL_DAY, PASSPHRASE, County, fresh, ordinary_ballots
from tests.kit.publishing import publish, ready, run_waiting_jobs, varied_ballots

pytestmark = pytest.mark.on_sqlite


@pytest.fixture
def county(db: None, settings: Settings, tmp_path: Path) -> County:
    settings.DEMO = True
    settings.PUBLISHED_ROOT = tmp_path
    return County()


def survey_of(round_: Round) -> Survey:
    found = fresh(round_).survey
    assert found is not None
    return found


def board(survey: Survey) -> str:
    answer = Client().get(f"/b/{survey.public_id}/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_board_from_the_first_slip_to_the_result(county: County) -> None:
    """Before the opening, during the vote, after the close and after the publication."""
    round_ = county.prepared()
    survey = survey_of(round_)
    before = board(survey)
    assert "共 64 张" in before
    assert "打票进度" not in before
    services.open_round(
        round=round_,
        passphrase=PASSPHRASE,
        today=LAST_APPEAL_DAY,
        acting_user=county.operator,
    )
    survey.refresh_from_db()
    during = board(survey)
    assert survey.code_root in during
    assert "每日更新一次" in during
    for number, answers in enumerate([*ordinary_ballots(), *varied_ballots()][:24]):
        county.vote(answers, ("private", "sole_trader")[number % 2])
        if number == 3:
            assert board(survey) == during, "no live count"
    turnout.read_all()
    assert "已收到约 20 张" in board(survey)
    services.close_round(round=fresh(round_), today=LAST_APPEAL_DAY, acting_user=county.operator)
    run_waiting_jobs()
    closed = board(survey)
    bundle = bundles.read(survey)
    for shown in ("24 张", bundle.hash, bundle.manifest["tracker_root"], "查询回执"):
        assert shown in closed
    assert "有效票" not in closed


def test_after_the_publication_it_leads_to_result_and_public_bundle(county: County) -> None:
    round_ = ready(county)
    run_waiting_jobs()
    survey = survey_of(round_)
    assert "公开核验包" not in board(survey)
    publication = publish(round_, county)
    after = board(survey)
    assert f"/results/{publication.pk}/index.html" in after
    assert f"/b/{survey.public_id}/public.zip" in after
    assert "有效票 30 张，废票 0 张" in after


def test_the_page_is_a_file_until_the_state_changes(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    """The box is read once, not for every visitor; former pages go."""
    survey = survey_of(county.closed())
    first = board(survey)
    folder = Path(django_settings.PUBLISHED_ROOT) / "boards" / survey.public_id
    assert [path.read_text() for path in folder.glob("*.html")] == [first]
    monkeypatch.setattr(bundles, "read", lambda _: pytest.fail("the box was read again"))
    with CaptureQueriesContext(connection) as asked:
        assert board(survey) == first
    assert len(asked) <= 3
    assert Client().get("/b/unknown/").status_code == 404


def test_the_list_of_receipts_is_one_file_whole_and_sorted(county: County) -> None:
    round_ = county.opened()
    survey = survey_of(round_)
    path = f"/b/{survey.public_id}/trackers.bin"
    refused = Client().get(path)
    assert (refused.status_code, refused.json()["error"]) == (404, "not_published")
    for answers in ordinary_ballots():
        county.vote(answers)
    services.close_round(round=fresh(round_), today=LAST_APPEAL_DAY, acting_user=county.operator)
    bundles.make(survey_of(round_))
    answer = Client().get(path)
    listed = [bytes.fromhex(tracker)[:16] for tracker in bundles.read(survey).trackers()]
    assert len(listed) == 10
    assert answer.content == b"".join(listed)
    assert "Set-Cookie" not in answer.headers
    assert Client().get("/b/unknown/trackers.bin").status_code == 404
