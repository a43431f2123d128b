"""Paper at the sitting and at the desk: exchanged on a phone, keyed without a mouse, seen by axe."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.test import Client
from playwright.sync_api import Page, expect

from office.models import User
from surveys import services
from surveys.models import PaperReading, PaperSheet, Slip
from tests.journeys.paper_work import focused, said, type_and
from tests.kit.browser import follow
from tests.kit.files import own_folders
from tests.kit.look import Look
from tests.kit.paper_hall import PaperHall, paper_hall
from tests.kit.survey_office import new_office, parts

pytestmark = [pytest.mark.journey, pytest.mark.timeout(600)]
PICTURES = os.environ.get("PICTURES")  # a folder, for whoever wants to look


def enter_as(page: Page, site: str, user: User) -> None:
    """A session as signing in makes it; how one signs in is told elsewhere."""
    client = Client()
    client.force_login(user)
    value = client.cookies[django_settings.SESSION_COOKIE_NAME].value
    path = django_settings.SESSION_COOKIE_PATH
    page.context.clear_cookies()
    page.context.add_cookies(
        [
            {
                "name": django_settings.SESSION_COOKIE_NAME,
                "value": value,
                "domain": site.split("//")[1].split(":", maxsplit=1)[0],
                "path": path,
            }
        ]
    )


def picture(page: Page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)


@pytest.fixture
def taken(site: str, tmp_path: Path, settings: object) -> PaperHall:
    own_folders(settings, tmp_path)
    new_office()
    return paper_hall(30, ("private", "sole_trader"))


def test_a_slip_is_exchanged_on_a_phone_and_the_page_names_the_color(
    taken: PaperHall, site: str, phone: Page, desk: Page
) -> None:
    """YC-R6: scan or type, hand out; a second try is refused in words."""
    look = Look(phone)
    enter_as(phone, site, taken.office.operator)
    phone.goto("/office/surveys/paper/")
    follow(phone.get_by_role("link", name="换领纸质票"))
    expect(phone.locator("#id_text")).to_be_focused()
    slip = taken.slips["private"][0]
    type_and(phone, slip.url)  # as a hand scanner does
    expect(phone.get_by_text("已换领，凭条不能再用于手机投票")).to_be_visible()
    expect(phone.get_by_text("民营企业（")).to_be_visible()
    picture(phone, "exchange-phone")
    type_and(phone, parts(slip)[1].lower())
    expect(phone.get_by_text("这张凭条已经换领过纸质票")).to_be_visible()
    assert Slip.objects.filter(state=Slip.State.PAPER).count() == 1
    look.here(phone, "exchange")
    look.at(f"/office/surveys/{taken.survey.pk}/paper/", "/office/surveys/paper/")
    picture(phone, "paper-phone")
    assert not look.faults, "\n".join(look.faults)


def test_two_clerks_key_a_sheet_with_the_keyboard_alone(taken: PaperHall, site: str, desk: Page) -> None:
    """YC-R6, YC-R8: number, code, one key for each person, Enter; what is wrong is said at once."""
    taken.closed_with(12)
    numbers = taken.labels(3)
    code = taken.code("d1")
    address = f"/office/surveys/{taken.survey.pk}/paper/keying/"
    look = Look(desk)
    for clerk in taken.clerks[:2]:
        enter_as(desk, site, clerk)
        desk.goto(address)
        desk.locator("#number:focus").wait_for()
        type_and(desk, numbers[0][:-1] + str((int(numbers[0][-1]) + 1) % 10))
        said(desk, "末位校验不符")
        type_and(desk, numbers[0])  # the wrong number is selected, typing replaces it
        said(desk, "请核对表号")
        type_and(desk, "9999")
        said(desk, "没有表号")
        type_and(desk, code)
        said(desk, "甲局")
        assert focused(desk) == "marks"
        desk.keyboard.type("1")
        expect(desk.locator("#rows .here")).to_contain_text("甲p2")
        desk.keyboard.type("4")
        expect(desk.locator("#rows tbody tr").nth(1)).to_contain_text("不满意")
        picture(desk, "keying-desk")
        look.here(desk, "keying")
        desk.keyboard.press("Tab")
        assert focused(desk) == "matter"
        type_and(desk, "材料反复提交")
        said(desk, f"编号{numbers[0]}已保存")
        assert focused(desk) == "number"
        type_and(desk, numbers[0])
        said(desk, "已经录过" if clerk == taken.clerks[0] else "已经核定")
        desk.keyboard.press("Escape")
        type_and(desk, numbers[1])
        said(desk, "请核对表号")
        desk.keyboard.press("Enter")  # the same pile: the code stays
        said(desk, "甲局")
        type_and(desk, "*")
        said(desk, f"编号{numbers[1]}已保存")
    sheet = PaperSheet.objects.get(number=int(numbers[0]))
    assert (sheet.state, sheet.marks, sheet.matter) == ("settled", "14", "材料反复提交")
    assert PaperSheet.objects.get(number=int(numbers[1])).kind == "spoiled"
    assert not look.faults, "\n".join(look.faults)


def test_what_was_keyed_stays_on_the_screen_while_the_server_is_away(
    taken: PaperHall, site: str, desk: Page
) -> None:
    taken.closed_with(1)
    number = taken.labels(1)[0]
    enter_as(desk, site, taken.clerks[0])
    desk.goto(f"/office/surveys/{taken.survey.pk}/paper/keying/")
    desk.locator("#number:focus").wait_for()
    type_and(desk, number)
    said(desk, "请核对表号")
    type_and(desk, taken.code("d1"))
    desk.context.set_offline(True)
    type_and(desk, "12")
    said(desk, "没有连上服务器，已填内容仍在屏幕上")
    assert desk.locator("#marks").input_value() == "12"
    desk.context.set_offline(False)
    desk.keyboard.press("Enter")
    said(desk, "已保存")
    assert PaperReading.objects.get().marks == "12"


def test_the_reconciliation_page_names_a_sheet_too_many(taken: PaperHall, site: str, desk: Page) -> None:
    """YC-R6."""
    taken.closed_with(1)
    numbers = taken.labels(4)
    for number in numbers[:2]:
        taken.key_twice(number, "11")
    taken.key(taken.clerks[0], numbers[2], "2", "d2")
    address = f"/office/surveys/{taken.survey.pk}/paper/"
    look = Look(desk)
    enter_as(desk, site, taken.office.operator)
    look.at(address)
    expect(desk.get_by_role("alert")).to_contain_text("甲局的测评表有2张，多于换领的1份")
    expect(desk.get_by_text(numbers[2])).to_be_visible()
    picture(desk, "reconciliation-desk")
    desk.get_by_role("button", name="结束录入").click()
    expect(desk.get_by_text("还有1张测评表没有核定")).to_be_visible()
    taken.key(taken.clerks[1], numbers[2], "2", "d2")
    assert taken.reviewer is not None
    enter_as(desk, site, taken.reviewer)
    look.at(address)
    desk.get_by_label("测评表编号").fill(numbers[1])
    desk.get_by_label("剔除原因").fill("纸张与领用的不符")
    desk.get_by_role("button", name="剔除这一张").click()
    expect(desk.get_by_text("已剔除，不计入票数")).to_be_visible()
    services.finish_keying(survey=taken.survey, acting_user=taken.office.operator)
    look.at(address)
    expect(desk.get_by_text("录入已经结束，纸质票已密封写入计票包")).to_be_visible()
    assert not look.faults, "\n".join(look.faults)
