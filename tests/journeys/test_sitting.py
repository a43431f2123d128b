"""A town holds a sitting with a telephone (YC-R6): plans, draws, ticks who came, counts slips, minutes."""

from __future__ import annotations

from datetime import time

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from departments.models import Membership
from evaluations.models import Round
from surveys import services
from surveys.models import EntityKind, MarketEntity, Sitting
from tests.evaluations.county import County
from tests.journeys import sitting_work as sittings
from tests.journeys.conftest import CountyAt
from tests.kit.halls import code
from tests.kit.look import Look
from tests.kit.officials import choose, press, sign_in

pytestmark = [pytest.mark.journey, pytest.mark.timeout(600)]


@pytest.fixture
def organized(at: CountyAt) -> County:
    """An open box, entities to invite, and somebody who organizes for the eastern town."""
    county = at("opened")
    MarketEntity.objects.bulk_create(
        MarketEntity(code=code(100 * order + number), name=f"{kind.label}{number}号", kind=kind, town=town)
        for order, kind in enumerate(EntityKind)
        for number in range(30)
        for town in county.towns[:1]
    )
    Membership.objects.create(user=county.users["town_organizer"], town=county.towns[0])
    return county


def test_the_centre_opens_the_sittings_of_all_towns(organized: County, phone: Page, desk: Page) -> None:
    """YC-R5: quota, returns, what is missing, at a desk and on a telephone."""
    look = Look(phone, desk)
    round_ = Round.objects.get()
    sitting = services.plan_sitting(
        survey=round_.survey,  # type: ignore[arg-type]
        town=organized.towns[0],
        when=services.When(timezone.localdate(), time(9), "东门街道便民服务中心"),
        today=timezone.localdate(),
        acting_user=organized.operator,
    )
    for page in (phone, desk):
        sign_in(page, "centre_operator")
    look.at(f"/office/rounds/{round_.pk}/")
    look.at(f"/office/rounds/{round_.pk}/sittings/", "/office/sittings/", f"/office/sittings/{sitting.pk}/")
    look.at(f"/office/surveys/{round_.survey_id}/sittings/new/")
    assert look.faults == []


def test_a_sitting_from_the_invitation_to_the_minutes(organized: County, phone: Page) -> None:
    look = Look(phone)
    sign_in(phone, "town_organizer")
    choose(phone, "办理现场评价")
    look.here(phone, "sittings")
    sittings.plan(phone, look=look)

    phone.get_by_label("民营企业邀请数").fill("4")
    phone.get_by_label("个体工商户邀请数").fill("6")
    look.here(phone, "before the draw")
    press(phone, "抽取名单", then="已抽取邀请名单")
    assert sittings.pages_of_notices(phone) == 5  # ten invited, two to a page
    sittings.name_witnesses(phone)

    choose(phone, "登记到场")
    for group in ("民营企业　正选", "个体工商户　正选"):
        boxes = phone.get_by_role("group", name=group).get_by_role("checkbox")
        for place in range(1, boxes.count()):  # the first of each stays away
            boxes.nth(place).check()
    phone.get_by_role("group", name="民营企业　候补").get_by_role("checkbox").first.check()
    look.here(phone, "attendance")
    press(phone, "保存到场登记", then="已登记到场")
    sittings.go_back(phone)

    private, traders = (
        phone.get_by_role("group", name="民营企业"),
        phone.get_by_role("group", name="个体工商户"),
    )
    sittings.count(private, "4", "14", "0")
    sittings.count(traders, "5", "15", "0")
    phone.get_by_role("button", name="登记清点数").click()
    expect(phone.get_by_text("凭条清点不符")).to_be_visible()
    expect(phone.get_by_text("4+14+0张，应等于领取20张，少2张").first).to_be_visible()
    look.here(phone, "counts that do not add up")
    private.get_by_label("损毁").fill("2")
    press(phone, "登记清点数", then="已登记凭条清点")
    expect(phone.get_by_text("凭条清点不符")).to_have_count(0)

    text = sittings.minutes(phone)
    look.here(phone, "a sitting that is over")
    assert "现场评价纪要" in text
    assert "甲某" in text
    assert Sitting.objects.get().come == 9
    assert look.faults == []
