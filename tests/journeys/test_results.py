"""亮评价结果 in a browser, as a phone and at a desk: a real worker renders, a reader looks (YC-R3)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from disclosure.models import Publication
from disclosure.results import services as disclosure
from evaluations.models import Round
from tests.evaluations.county import fresh
from tests.journeys.conftest import CountyAt
from tests.kit.browser import fits, follow
from tests.kit.publishing import PUBLISHED
from tests.kit.worker import Worker, eventually

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("device", ["phone", "desk"])
def test_a_reader_follows_a_result_to_its_clause(
    device: str, request: pytest.FixtureRequest, at: CountyAt, start_worker: Callable[..., Worker]
) -> None:
    page: Page = request.getfixturevalue(device)
    county = at("appeals_ended", varied=True)
    Round.objects.update(persons_public="all")
    start_worker()
    round_ = fresh(county.round)
    publication = disclosure.publish_results(round=round_, acting_user=county.operator, now=PUBLISHED)
    eventually(lambda: Publication.objects.filter(pk=publication.pk, is_current=True).exists())

    page.goto("/results/")
    expect(page.get_by_role("heading", level=1)).to_have_text("2026年第三季度评价")
    assert fits(page)
    follow(page.get_by_role("link", name="县乙局"))
    expect(page.get_by_role("heading", level=1)).to_have_text("县乙局")
    expect(page.get_by_role("img", name="评价分布")).to_be_visible()
    expect(page.get_by_text("部门得分由其工作人员得分汇总而成。", exact=True)).to_be_hidden()
    page.get_by_text("展开推导与条款").press("Enter")
    expect(page.get_by_text("部门得分由其工作人员得分汇总而成。", exact=True)).to_be_visible()
    assert fits(page)
    assert touchable(page)
    follow(page.get_by_role("link", name="人员成绩"))
    expect(page.get_by_role("rowheader", name="乙科长")).to_be_visible()
    assert fits(page)
    follow(page.get_by_role("link", name="县乙局"))
    expect(page.get_by_role("link", name="下载成绩单（PDF）")).to_have_attribute(
        "href", f"d{county.departments[1].pk}.pdf"
    )


def touchable(page: Page) -> bool:
    """Whether what is pressed is at least 44 px high, and 24 where it stands within a line (WCAG 2.5.8)."""
    high = "all => all.map(one => one.getBoundingClientRect().height)"
    shown = page.locator(".actions a, summary").locator("visible=true")
    within = shown.and_(page.locator(".clause > summary"))
    alone = page.locator(".actions a, :not(.clause) > summary").locator("visible=true")
    heights, of_tags = alone.evaluate_all(high), within.evaluate_all(high)
    return bool(heights) and min(heights) >= 44 and min(of_tags, default=24) >= 24
