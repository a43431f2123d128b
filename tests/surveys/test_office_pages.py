"""The office's pages about slips and bundles: who sees and prints what."""

from __future__ import annotations

import re

import pytest

from office.roles import Role
from surveys.models import Slip, SlipBatch, Survey
from tests.kit.stored_states import stored
from tests.kit.survey_office import Office, SignedIn, Voter, office_here


@stored
def two_towns() -> Survey:
    office = office_here()
    return office.freeze(office.planned({0: {"private": 20}, 1: {"private": 20}}))


@pytest.fixture
def survey(office: Office) -> Survey:
    """A frozen survey with slips for two towns."""
    return two_towns()


def batch_of(survey: Survey, town: str) -> SlipBatch:
    return survey.batches.get(town__name=town, is_void=False)


def test_the_centre_sees_and_prints_every_batch(survey: Survey, signed_in: SignedIn) -> None:
    client = signed_in(Role.CENTRE_OPERATOR)
    assert survey.title in client.get("/office/surveys/slips/").content.decode()
    page = client.get(f"/office/surveys/{survey.pk}/slips/").content.decode()
    assert "东镇" in page
    assert "西镇" in page
    answer = client.post(f"/office/surveys/slips/{batch_of(survey, '东镇').pk}.pdf")
    assert b"".join(answer.streaming_content).startswith(b"%PDF")  # type: ignore[attr-defined]
    assert "no-store" in answer["Cache-Control"]
    assert Slip.objects.count() == 20
    assert "重新印制" in client.get(f"/office/surveys/{survey.pk}/slips/").content.decode()


def test_a_page_that_is_only_looked_at_prints_nothing(survey: Survey, signed_in: SignedIn) -> None:
    client = signed_in(Role.CENTRE_OPERATOR)
    assert client.get(f"/office/surveys/slips/{batch_of(survey, '东镇').pk}.pdf").status_code == 405
    assert Slip.objects.count() == 0


def test_a_town_sees_and_prints_its_own_slips_only(survey: Survey, signed_in: SignedIn) -> None:
    client = signed_in(Role.TOWN_ORGANIZER)
    page = client.get(f"/office/surveys/{survey.pk}/slips/").content.decode()
    assert "西镇" in page
    assert "东镇" not in page
    other = client.post(f"/office/surveys/slips/{batch_of(survey, '东镇').pk}.pdf", follow=True)
    assert "只能印制本镇" in other.content.decode()
    assert Slip.objects.count() == 0
    own = client.post(f"/office/surveys/slips/{batch_of(survey, '西镇').pk}.pdf")
    assert b"".join(own.streaming_content).startswith(b"%PDF")  # type: ignore[attr-defined]


@pytest.mark.parametrize("role", [Role.DEPARTMENT_OFFICER, Role.PAPER_CLERK, Role.ADMINISTRATOR])
def test_others_see_no_slips_at_all(survey: Survey, signed_in: SignedIn, role: Role) -> None:
    client = signed_in(role)
    pages = ("slips/", f"{survey.pk}/slips/")
    assert [client.get(f"/office/surveys/{page}").status_code for page in pages] == [403, 403]


def test_nobody_sees_ballots_or_a_live_count(office: Office, signed_in: SignedIn) -> None:
    """Reading the survey's page twice, before and after a vote, shows the same."""
    survey, slips = office.ready()
    client = signed_in(Role.CENTRE_OPERATOR)
    address = f"/office/surveys/survey/{survey.pk}/change/"
    token = re.compile(rb"csrfmiddlewaretoken\" value=\"[^\"]*")
    before = token.sub(b"", client.get(address).content)
    Voter(survey, slips["private"][0]).vote()
    assert token.sub(b"", client.get(address).content) == before
    for model in ("ballot", "slip"):
        assert client.get(f"/office/surveys/{model}/").status_code == 404
