"""The centre's page of all towns' sittings: forecast, returns, what to do before the close (YC-R5, YC-R6)."""

from __future__ import annotations

import io
from datetime import time
from fractions import Fraction

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import Workbook
from pytest_django.fixtures import Settings

from departments.models import Town
from disclosure.results.services import publish_results
from evaluations import services
from evaluations.models import Round
from evaluations.polling.missing_voters import more_needed
from evaluations.rounds.state import survey_of
from surveys import services as surveys
from surveys.keys import turnout
from surveys.models import EntityKind, Invitation, MarketEntity
from surveys.sittings import figures as sitting_figures
from tests.evaluations.county import BASE_DATE, County
from tests.kit.publishing import ready
from tests.surveys.halls import code

pytestmark = [pytest.mark.on_sqlite, pytest.mark.django_db]


@pytest.fixture
def county(settings: Settings) -> County:
    settings.DEMO = True
    county = County()
    MarketEntity.objects.bulk_create(
        MarketEntity(
            code=code(1000 * place + 100 * order + number),
            name=f"{town}{kind.label}{number}号",
            kind=kind,
            town=town,
            contact="某人",
            phone="0000",
        )
        for place, town in enumerate(county.towns, start=1)
        for order, kind in enumerate(EntityKind)
        for number in range(25)
    )
    return county


def page(county: County, round_: Round, role: str = "centre_operator") -> str:
    client = Client()
    client.force_login(county.users[role])
    return client.get(f"/office/rounds/{round_.pk}/sittings/").content.decode()


def test_before_the_opening_the_forecast_stands_there(county: County) -> None:
    """Issue: expected answers per person before opening."""
    said = page(county, county.prepared())
    assert "能评出多少人" in said
    assert "人均有效票" in said
    assert "尚未安排场次：东门街道、西河镇" in said


def test_during_the_vote_only_rounded_returns_show_and_the_missing_kind_is_named(county: County) -> None:
    """YC-R5, reading 5: 50/40/10 within five points; the towns that can still invite are offered."""
    round_ = county.opened()
    assert "尚无数据" in page(county, round_)
    for _ in range(17):
        county.vote({"甲科长": "满意"}, "private")
    for _ in range(11):
        county.vote({"甲科长": "满意"}, "non_private")
    assert "尚无数据" in page(county, round_)  # nothing live
    turnout.read_all()
    said = page(county, round_)
    assert "个体工商户偏少" in said
    assert "东门街道（可邀请 20 户）" in said
    assert "17" not in said.partition("回收情况")[2].partition("</table>")[0]
    assert "/sittings/new/" in said
    assert "/sittings/new/" not in page(county, round_, "leading_group")


@pytest.mark.parametrize(
    ("number", "total", "least", "more"),
    [(0, 20, 35, 11), (35, 100, 35, 0), (34, 100, 35, 2), (0, 0, 35, 0)],
)
def test_as_many_more_as_bring_the_share_within_the_tolerance(
    number: int, total: int, least: int, more: int
) -> None:
    """Reading 5: just enough, and one less is too few."""
    found = more_needed(number, total, Fraction(least))
    assert found == more
    if total:
        assert 100 * (number + found) >= least * (total + found)
    if found:
        assert 100 * (number + found - 1) < least * (total + found - 1)


def test_the_centre_takes_in_a_list_of_recent_business_and_others_do_not(county: County) -> None:
    round_ = county.prepared()
    for role, status in (("centre_operator", 302), ("leading_group", 403), ("centre_reviewer", 403)):
        client = Client()
        client.force_login(county.users[role])
        file = SimpleUploadedFile("往来.xlsx", book(code(1001), code(1002)))
        sent = client.post(f"/office/rounds/{round_.pk}/sittings/", {"contacts": file})
        assert sent.status_code == status
    assert survey_of(round_).contact_lists.get().codes == sorted([code(1001), code(1002)])
    assert "样本库内 2 户" in page(county, round_)


def test_of_two_who_take_in_a_list_the_second_is_told(county: County) -> None:
    round_ = county.prepared()
    address = f"/office/rounds/{round_.pk}/sittings/"
    client = Client()
    client.force_login(county.users["centre_operator"])
    mark = client.get(address).context["seen_mark"]
    for number, status in ((1001, 302), (1002, 200)):
        file = SimpleUploadedFile("往来.xlsx", book(code(number)))
        answer = client.post(address, {"contacts": file, "seen_mark": mark})
        assert answer.status_code == status
    assert "导入办事往来名单" in answer.content.decode()
    assert survey_of(round_).contact_lists.get().codes == [code(1001)]


def book(*codes: str) -> bytes:
    made = Workbook()
    assert made.active is not None
    for row in ("统一社会信用代码", *codes):
        made.active.append([row])
    content = io.BytesIO()
    made.save(content)
    return content.getvalue()


def test_a_supplementary_sitting_is_planned_from_the_page(county: County) -> None:
    round_ = county.opened()
    survey = survey_of(round_)
    town = county.towns[0]
    address = f"/office/surveys/{survey.pk}/sittings/new/?town={town.pk}"
    client = Client()
    client.force_login(county.operator)
    assert f'value="{town.pk}" selected' in client.get(address).content.decode()
    when = {"town": town.pk, "date": timezone.localdate(), "begins": "15:00", "place": "服务中心"}
    client.post(address, when)
    (row,) = sitting_figures.towns(survey, own_town=town.pk)
    assert [one.place for one in row.sittings] == ["服务中心"]


def test_the_page_takes_as_many_queries_with_many_towns(county: County) -> None:
    round_ = county.prepared()
    client = Client()
    client.force_login(county.operator)

    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            client.get(f"/office/rounds/{round_.pk}/sittings/")
        return len(found)

    asked()
    few = asked()
    assert few <= 12
    survey = survey_of(round_)
    stratum = survey.strata.all()[0]
    for number in range(20):
        town = Town.objects.create(name=f"镇{number}", order=10 + number)
        survey.batches.create(stratum=stratum, town=town, number=100 + number, size=10)
        survey.sittings.create(town=town, number=1, date=BASE_DATE, begins=time(9), place="会场")
    assert asked() == few


def test_publication_deletes_the_contacts_of_those_invited(county: County) -> None:
    """Law: voters' contacts are deleted after the round; the library keeps those who were not invited."""
    round_ = county.opened()
    when = surveys.When(timezone.localdate(), time(9), "会场")
    sitting = surveys.plan_sitting(
        survey=survey_of(round_),
        town=county.towns[0],
        when=when,
        today=when.date,
        acting_user=county.operator,
    )
    strata = {one.kind: one.pk for one in survey_of(round_).strata.all()}
    surveys.draw_invitations(sitting=sitting, wanted={strata["private"]: (3, 1)}, acting_user=county.operator)
    invited = Invitation.objects.values("entity")
    assert MarketEntity.objects.filter(pk__in=invited, phone="0000").count() == 4
    surveys.forget_voters(survey=survey_of(round_), acting_user=county.operator)
    assert MarketEntity.objects.filter(pk__in=invited).exclude(phone="").count() == 0
    assert MarketEntity.objects.filter(phone="0000").count() == 150 - 4


def test_publishing_is_what_forgets(county: County) -> None:
    round_ = ready(county)
    survey = survey_of(round_)
    stratum = survey.strata.all()[0]
    sitting = survey.sittings.create(
        town=county.towns[0], number=1, date=BASE_DATE, begins=time(9), place="会场", state="held"
    )
    entity = MarketEntity.objects.all()[0]
    Invitation.objects.create(
        survey=survey, sitting=sitting, stratum=stratum, entity=entity, place=1, has_arrived=True
    )
    publish_results(round=round_, acting_user=county.operator, now=timezone.now())
    entity.refresh_from_db()
    assert (entity.contact, entity.phone) == ("", "")
    assert not Invitation.objects.filter(has_arrived=True).exists()


@pytest.mark.parametrize(("voters", "shown"), [(10, False), (50, True)])
def test_the_weighted_figure_stands_beside_the_score_only_where_every_kind_has_enough(
    county: County, voters: int, shown: bool
) -> None:
    """Reading 5; a split by stratum needs ten answers in every stratum."""
    words = ("满意", "比较满意", "基本满意", "不满意")
    names = [f"{mark}{post}" for mark in "甲乙" for post in ("科长", "科员一", "科员二")]
    ballots = [
        {name: words[(number + place) % 4] for place, name in enumerate(names)} for number in range(voters)
    ]
    round_ = county.closed(ballots)
    services.compute_round(round=round_, now=timezone.now(), acting_user=county.operator)
    client = Client()
    client.force_login(county.operator)
    said = client.get(f"/office/rounds/{round_.pk}/result/").content.decode()
    assert ("按占比校正" in said) is shown
