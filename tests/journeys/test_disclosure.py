"""A department's identity and duties on their way to the public, desk by desk."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from departments.models import Section, StaffMember
from tests.evaluations.county import County
from tests.kit.look import Look
from tests.kit.officials import choose, press, sign_in, sign_out
from tests.kit.publishing import show_all

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]


def test_an_edit_is_returned_corrected_reviewed_approved_and_only_then_seen(
    county: County, desk: Page, phone: Page
) -> None:
    """YC-R1, YC-R2: the public goes on seeing the last approved version until the very end."""
    show_all()
    unit = county.departments[0]
    person = StaffMember.objects.get(name="甲科员一")
    section = Section.objects.get(department=unit, is_leadership=False)
    look = Look(desk)

    sign_in(desk, "department_officer")
    choose(desk, "维护工作人员", "甲科员一")
    desk.get_by_label("职务（岗位）").fill("窗口主任")
    press(desk, "保存", then="已保存")
    desk.goto(f"/office/departments/section/{section.pk}/change/")
    desk.get_by_label("岗位职责").fill("受理、审核、办结各类申请")
    press(desk, "保存", then="已保存")
    hand_in(desk, look)
    the_public_sees(phone, unit.pk, section.pk, new=False)

    sign_in(desk, "department_reviewer")
    choose(desk, "公示身份和职责")
    row = desk.get_by_role("row").filter(has_text="窗口主任")
    expect(row).to_contain_text("职务（岗位）")
    look.here(desk, "review")
    desk.get_by_label("退回原因").fill("岗位名称应为“综合窗口主任”")
    press(desk, "退回修改", then="已退回")
    sign_out(desk)

    sign_in(desk, "department_officer")
    desk.goto(f"/office/departments/staffmember/{person.pk}/change/")
    desk.get_by_label("职务（岗位）").fill("综合窗口主任")
    press(desk, "保存", then="已保存")
    desk.goto("/office/")
    choose(desk, "公示身份和职责")
    expect(desk.get_by_text("退回：岗位名称应为“综合窗口主任”").first).to_be_visible()
    hand_in(desk, look)

    sign_in(desk, "department_reviewer")
    choose(desk, "公示身份和职责")
    press(desk, "审核通过", then="审核通过，已转评价中心核准")
    sign_out(desk)
    the_public_sees(phone, unit.pk, section.pk, new=False)

    sign_in(desk, "centre_operator")
    choose(desk, "公示身份和职责")
    look.here(desk, "overview")
    choose(desk, unit.name)
    look.here(desk, "approve")
    press(desk, "核准并公布", then="已核准，公示页面已更新")
    the_public_sees(phone, unit.pk, section.pk, new=True)
    look.at(f"/office/disclosures/people/{person.pk}/")
    assert not look.faults, "\n".join(look.faults)


def hand_in(page: Page, look: Look) -> None:
    """Look at what would change, hand it in and leave."""
    page.goto("/office/")
    choose(page, "公示身份和职责")
    look.here(page, "hand in")
    press(page, "提交审核", then="已提交")
    sign_out(page)


def the_public_sees(page: Page, unit: int, section: int, *, new: bool) -> None:
    page.goto(f"/departments/{unit}/")
    expect(page.get_by_text("甲科员一")).to_be_visible()
    expect(page.get_by_text("窗口主任")).to_have_count(1 if new else 0)
    page.goto(f"/sections/{section}/")
    expect(page.get_by_text("办结各类申请")).to_have_count(1 if new else 0)
