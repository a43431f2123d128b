"""Of each scheme its last round stands first, the county's main scheme before others (YC-R3)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from departments.models import Department
from disclosure.models import Publication
from tests.disclosure.states import published
from tests.evaluations.test_publication_units import monitored
from tests.evaluations.unit_rounds import computed, through_appeals, units_round
from tests.kit.publishing import PUBLISHED, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def two() -> tuple[Publication, Publication]:
    """One scheme's result, then another scheme's, a day newer."""
    county = published("all")
    own = Publication.objects.get()
    facts = {"甲局": monitored(8, 1, 1), "乙局": monitored(20, 4, 1)}
    channels = {"answers.enterprises": "counts"}
    round_ = units_round(county, "fangcheng-2022", facts, period="2022-Q1", channels=channels)
    later = PUBLISHED + timedelta(days=1)
    other = publish(through_appeals(county, computed(county, round_)), county, now=later)
    return own, other


def read(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return str(answer.content.decode())


def title_link(one: Publication) -> str:
    return f"/results/{one.pk}/index.html"


def test_one_scheme_alone_leads_to_its_pages(client: Client) -> None:
    published()
    assert client.get("/results/")["Location"] == title_link(Publication.objects.get())


@pytest.mark.parametrize("path", ["/", "/results/"])
def test_no_scheme_hides_the_other(
    two: tuple[Publication, Publication], client: Client, settings: Settings, path: str
) -> None:
    own, other = two
    settings.MAIN_SCHEME = ""
    page = read(client, path)
    assert page.index(title_link(other)) < page.index(title_link(own)), "the newest first"
    settings.MAIN_SCHEME = own.round.scheme_version.scheme_id
    page = read(Client(), f"{path}?again")
    assert page.index(title_link(own)) < page.index(title_link(other)), "the main scheme first"


def test_an_earlier_round_of_a_scheme_is_in_the_archive_alone(
    two: tuple[Publication, Publication], client: Client, settings: Settings
) -> None:
    own, other = two
    version = other.round.scheme_version
    other.round.scheme_version = own.round.scheme_version
    other.round.save()
    assert client.get("/results/")["Location"] == title_link(other)
    assert title_link(own) not in read(client, "/")
    assert title_link(own) in read(client, "/results/all/")
    other.round.scheme_version = version
    other.round.save()


def test_what_is_not_rendered_or_corrected_is_no_result_yet(
    two: tuple[Publication, Publication], client: Client
) -> None:
    own, other = two
    Publication.objects.filter(pk=other.pk).update(rendered_at=None)
    assert title_link(other) not in read(client, "/")
    assert client.get("/results/")["Location"] == title_link(own)
    Publication.objects.filter(pk=own.pk).update(is_current=False)
    assert "还没有公布的评价结果" in read(client, "/results/")
    assert "在此公布各单位的得分" in read(Client(), "/")


def test_a_search_leads_from_a_unit_to_its_result_of_each_scheme(
    two: tuple[Publication, Publication], client: Client
) -> None:
    unit = Department.objects.get(name="甲局", is_active=True)
    own = two[0]
    own.manifest = {**own.manifest, f"d{unit.pk}.html": {"sha256": "", "persons": []}}
    own.save()
    page = read(client, "/search/?q=甲局")
    for one in two:
        assert f"/results/{one.pk}/d{unit.pk}.html" in page
        assert f"{one.round.title}结果" in page
    staff = read(client, f"/departments/{unit.pk}/")
    assert [staff.count(f"/results/{one.pk}/d{unit.pk}.html") for one in two] == [1, 1]
    Department.objects.create(name="县甲乙丙局")
    assert "还没有公布的评价结果" in read(client, "/search/?q=甲乙丙")


def test_the_screen_shows_the_ranking_of_each(two: tuple[Publication, Publication], client: Client) -> None:
    found = [one["key"] for one in client.get("/screen/county/frames.json").json()["frames"]]
    for one in two:
        assert any(key.startswith(f"results-{one.pk}-") for key in found)
