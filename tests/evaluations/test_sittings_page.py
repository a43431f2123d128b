"""The centre's page of all towns' sittings: forecast, votes, what to do before the close (YC-R5, YC-R6)."""

from __future__ import annotations

import io
from datetime import time

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import Workbook

from departments.models import Town
from disclosure.results.services import publish_results
from surveys.keys import turnout
from surveys.models import Invitation, MarketEntity
from surveys.sittings import figures as sitting_figures
from tests.evaluations.county import BASE_DATE, County
from tests.evaluations.pages import Browse, said, starts, upload
from tests.kit.halls import code, fill_library


def book(*codes: str) -> bytes:
    made = Workbook()
    assert made.active is not None
    for row in ("统一社会信用代码", *codes):
        made.active.append([row])
    content = io.BytesIO()
    made.save(content)
    return content.getvalue()


def address(county: County) -> str:
    return f"{county.pages}sittings/"


@starts("prepared")
def test_before_the_opening_the_forecast_is_shown(county: County, browse: Browse) -> None:
    page = said(browse("centre_operator"), address(county))
    assert "能评出多少人" in page
    assert "人均有效票" in page
    assert "尚未安排场次：东门街道、西河镇" in page


@starts("opened")
def test_during_the_vote_only_rounded_votes_show_and_the_missing_kind_is_named(
    county: County, browse: Browse
) -> None:
    """YC-R5, reading 5: 50/40/10 within five points; the towns that can still invite are offered."""
    operator = browse("centre_operator")
    assert "尚无数据" in said(operator, address(county))
    for kind, votes in (("private", 17), ("non_private", 11)):
        for _ in range(votes):
            county.vote({"甲科长": "满意"}, kind)
    assert "尚无数据" in said(operator, address(county)), "nothing is live"
    turnout.store_turnouts()
    page = said(operator, address(county))
    assert "个体工商户偏少" in page
    assert "东门街道（可邀请 20 户）" in page
    assert "17" not in page.partition("回收情况")[2].partition("</table>")[0]
    assert "/sittings/new/" in page
    assert "/sittings/new/" not in said(browse("leading_group"), address(county))


@starts("prepared")
def test_the_centre_takes_in_a_list_of_recent_business_and_of_two_the_second_is_told(
    county: County, browse: Browse
) -> None:
    fill_library(county.towns, each=25)
    operator = browse("centre_operator")
    mark = operator.get(address(county)).context["seen_mark"]
    for role in ("leading_group", "centre_reviewer"):
        sent = browse(role).post(address(county), {"contacts": upload(book(code(1001)), "往来.xlsx")})
        assert sent.status_code == 403
    for codes, status in (((code(1001), code(1002)), 302), ((code(1003),), 200)):
        file = upload(book(*codes), "往来.xlsx")
        answer = operator.post(address(county), {"contacts": file, "seen_mark": mark})
        assert answer.status_code == status
    assert "导入办事往来名单" in answer.content.decode()
    assert county.survey.contact_lists.get().codes == sorted([code(1001), code(1002)])
    assert "样本库内 2 户" in said(operator, address(county))


@starts("opened")
def test_a_supplementary_sitting_is_planned_from_the_page(county: County, browse: Browse) -> None:
    town, operator = county.towns[0], browse("centre_operator")
    new = f"/office/surveys/{county.survey.pk}/sittings/new/?town={town.pk}"
    assert f'value="{town.pk}" selected' in said(operator, new)
    when = {"town": town.pk, "date": timezone.localdate(), "begins": "15:00", "place": "服务中心"}
    operator.post(new, when)
    (row,) = sitting_figures.towns(county.survey, own_town=town.pk)
    assert [one.place for one in row.sittings] == ["服务中心"]


@starts("prepared")
def test_the_page_takes_as_many_queries_with_many_towns(county: County, browse: Browse) -> None:
    client, survey = browse("centre_operator"), county.survey

    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            said(client, address(county))
        return len(found)

    asked()
    few = asked()
    assert few <= 13
    stratum = survey.strata.all()[0]
    for number in range(20):
        town = Town.objects.create(name=f"镇{number}", order=10 + number)
        survey.batches.create(stratum=stratum, town=town, number=100 + number, size=10)
        survey.sittings.create(town=town, number=1, date=BASE_DATE, begins=time(9), place="会场")
    assert asked() == few


@starts("appeals_ended", varied=True)
def test_publishing_deletes_the_contacts_of_those_invited(county: County) -> None:
    fill_library(county.towns, each=25)
    survey, entity = county.survey, MarketEntity.objects.all()[0]
    sitting = survey.sittings.create(
        town=county.towns[0], number=1, date=BASE_DATE, begins=time(9), place="会场", state="held"
    )
    Invitation.objects.create(
        survey=survey,
        sitting=sitting,
        stratum=survey.strata.all()[0],
        entity=entity,
        place=1,
        has_arrived=True,
    )
    publish_results(round=county.round, acting_user=county.operator, now=timezone.now())
    entity.refresh_from_db()
    assert (entity.contact, entity.phone) == ("", "")
    assert not Invitation.objects.filter(has_arrived=True).exists()


@starts("opened")
@pytest.mark.parametrize(("voters", "shown"), [(10, False), (50, True)])
def test_the_weighted_figure_stands_beside_the_score_only_where_every_kind_has_enough(
    county: County, voters: int, shown: bool
) -> None:
    """Reading 5; a split by stratum needs ten answers in every stratum."""
    words = ("满意", "比较满意", "基本满意", "不满意")
    names = [f"{mark}{post}" for mark in "甲乙" for post in ("科长", "科员一", "科员二")]
    county.vote_all(
        {name: words[(number + place) % 4] for place, name in enumerate(names)} for number in range(voters)
    )
    county.compute(county.tally(county.close(county.round)))
    client = Client()
    client.force_login(county.operator)
    assert ("按占比校正" in said(client, f"{county.pages}result/")) is shown
