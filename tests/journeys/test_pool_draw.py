"""The centre draws from a pool in the browser, on a telephone and at a desk, and replaces by the reserve."""

from __future__ import annotations

import pytest
from django.contrib.auth.hashers import make_password
from django.utils import timezone
from playwright.sync_api import Page, expect

from departments.models import Department
from office.models import User
from office.roles import Role
from surveys.models import PoolDraw
from tests.kit import pools
from tests.kit.look import Look
from tests.kit.officials import choose, sign_in
from tests.kit.people import PASSWORD

pytestmark = [pytest.mark.journey, pytest.mark.timeout(600)]


@pytest.fixture
def operator(site: str) -> User:
    pool = pools.small_pool()
    pool.members.filter(cell__name="城区").update(renew_on=timezone.localdate())
    Department.objects.create(name="县税务局")
    user = pools.centre(Role.CENTRE_OPERATOR)
    User.objects.filter(pk=user.pk).update(password=make_password(PASSWORD))
    return user


def test_a_pool_is_drawn_from_and_the_next_of_the_reserve_steps_in(
    operator: User, phone: Page, desk: Page
) -> None:
    """GY-R1, GY-R3"""
    look = Look(phone, desk)
    for page in (phone, desk):
        sign_in(page, operator.username)
    choose(desk, "维护评价样本库", "小样本库", "抽取样本")
    desk.get_by_label("抽取总数").fill("10")
    desk.get_by_role("button", name="核对名额").click()
    expect(desk.get_by_role("row", name="企业").first).to_contain_text("4")
    desk.get_by_label("用途").fill("第一次集中评价")
    desk.get_by_label("在场人", exact=True).fill("甲某")
    desk.get_by_label("在场人（二）", exact=True).fill("乙某")
    desk.get_by_role("button", name="抽取 10 个样本").click()
    expect(desk.get_by_text("没有评价表的，请在场人各报一个数字。").first).to_be_visible()
    look.here(desk, "the form that came back")
    desk.get_by_label("在场人所报数字").fill("17")
    desk.get_by_label("在场人（二）所报数字").fill("4")
    desk.get_by_role("button", name="抽取 10 个样本").click()
    expect(desk.get_by_text("名单、候补和递补与记录完全一致")).to_be_visible()
    draw = PoolDraw.objects.get()
    desk.get_by_text("群众（城区）：3 人").click()
    row = draw.drawn.filter(cell__name="城区")[0]
    desk.get_by_label(f"{row.member.name}的替换原因").fill("三次未接通")
    desk.get_by_role("row", name=row.member.name).get_by_role("button", name="递补").click()
    expect(desk.get_by_text("已由同一细分的下一名候补递补。")).to_be_visible()
    paths = ["/office/pools/", "/office/pools/samples/", f"/office/draws/{draw.pk}/"]
    paths += [f"/office/pools/{draw.pool_id}/", f"/office/pools/{draw.pool_id}/draw/?total=10"]
    look.at(*paths, "/office/surveys/poolmember/")
    assert look.faults == []
