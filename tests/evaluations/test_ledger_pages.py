"""The pages of the ledger, as the centre's two people use them."""

from __future__ import annotations

import json
import re
from datetime import date

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from playwright.sync_api import Browser, expect

from evaluations.gathering.ledger.workbook import OUT
from evaluations.models import DutyRecord, NotApplicable, Occurrence
from office.models import Holiday
from office.roles import Role
from office.workbooks.writing import workbook
from tests.evaluations.ledger_office import LedgerOffice, jilin
from tests.evaluations.pages import said
from tests.kit.people import person

pytestmark = pytest.mark.django_db
LEDGERS = "/office/rounds/ledgers/"
JL = f"{LEDGERS}of/jilin-jkq-2021/"
DAY = date(2021, 5, 4)


@pytest.fixture
def office() -> LedgerOffice:
    return jilin()


def browser(user: object) -> Client:
    client = Client()
    client.force_login(user)  # type: ignore[arg-type] # a user of ours
    return client


def test_one_enters_with_evidence_and_another_confirms(office: LedgerOffice) -> None:
    """JL-R2"""
    clerk, checker = browser(office.enters), browser(office.confirms)
    assert "登记工作台账" in said(clerk, "/office/")
    assert f'href="{JL}"' in said(clerk, LEDGERS)
    form = said(clerk, f"{JL}new/")
    assert "被区营商办告诫（三(二)1(11)，每次 -3 分）" in form
    assert "数据未按进度共享（三(二)1(5)，每次 -3 分，只计一次）" in form
    sent = {
        "department": office.units[0].pk,
        "item": "item:admonished",
        "day": "2021-05-04",
        "count": "1",
        "remark": "窗口脱岗",
        "evidence": SimpleUploadedFile("通报.pdf", b"%PDF-1.7"),
    }
    page = said(clerk, f"{JL}new/", sent)
    assert "已登记，待另一人确认后计分" in page
    assert "日常考评：40 分 → 37 分（-3 分）" in page
    one = Occurrence.objects.get()
    assert "1 件台账记录待确认" in said(checker, "/office/")
    assert "已确认所选记录" in said(checker, JL, {"chosen": one.pk})
    one.refresh_from_db()
    assert one.state == Occurrence.State.CONFIRMED
    entry = f"{LEDGERS}entries/{one.pk}/"
    assert "没有写明" not in said(clerk, entry, {"withdraw": "1", "reason": ""})
    assert "已撤回" in said(clerk, entry, {"withdraw": "1", "reason": "另案处理"})


def test_evidence_is_handed_to_those_inside_alone_and_only_to_be_saved(office: LedgerOffice) -> None:
    one = office.enter("item:warned", DAY, evidence=SimpleUploadedFile("通报.pdf", b"%PDF-1.7"))
    address = f"{LEDGERS}entries/{one.pk}/evidence/"
    answer = browser(office.confirms).get(address)
    assert answer["Content-Disposition"].startswith("attachment")
    assert b"".join(answer.streaming_content) == b"%PDF-1.7"  # type: ignore[attr-defined]
    outsider = browser(person(Role.DEPARTMENT_OFFICER, "outsider"))
    assert outsider.get(address).status_code == 403
    assert Client().get(address).status_code == 302


def test_a_refused_entry_keeps_what_was_typed(office: LedgerOffice) -> None:
    office.enter("item:warned", DAY)
    sent = {"department": office.units[0].pk, "item": "item:warned", "day": "2021-05-04", "count": "1"}
    page = said(browser(office.enters), f"{JL}new/", sent)
    assert "已登记过一件" in page
    assert 'value="2021-05-04"' in page
    page = said(browser(office.enters), f"{JL}new/", sent | {"day": "2099-01-01"})
    assert "2099年1月1日晚于今天" in page
    assert Occurrence.objects.count() == 1


def cost(client: Client, **query: object) -> dict[str, list[str]]:
    answer = client.get(f"{JL}cost.json", query)
    assert answer.status_code == 200
    told: dict[str, list[str]] = json.loads(answer.content)
    return told


def test_the_cost_is_told_while_somebody_types(office: LedgerOffice) -> None:
    """JL-R5"""
    client = browser(office.enters)
    unit = office.units[0].pk
    assert cost(client, department=unit) == {"lines": [], "warnings": []}
    told = cost(client, department=unit, item="item:media_zone", day="2021-05-04", count=7, title="运动会")
    assert "加分项目：0 分 → 0 分（不变）" in told["lines"]
    assert any("不含规定词汇" in line for line in told["lines"])
    told = cost(
        client, department=unit, item="item:media_zone", day="2021-05-04", count=7, title="政务服务月报"
    )
    assert "加分项目：0 分 → 3 分（+3 分）" in told["lines"]
    office.enter("item:warned", DAY)
    assert (
        "已登记过一件" in cost(client, department=unit, item="item:warned", day="2021-05-04")["warnings"][0]
    )
    assert cost(client, department=unit, item="item:warned", day="2099-05-04")["warnings"]
    assert browser(office.confirms).get(f"{JL}cost.json").status_code == 403


@pytest.mark.django_db(transaction=True)
def test_the_cost_appears_beside_the_form_as_it_is_filled_in(chromium: Browser, site: str) -> None:
    """JL-R5"""
    office = jilin()
    signed_in = browser(office.enters).cookies[settings.SESSION_COOKIE_NAME].value
    page = chromium.new_page()
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": signed_in, "url": site}])
    page.goto(f"{site}{JL}new/")
    page.get_by_label("单位", exact=True).select_option("第1局")
    page.get_by_label("项目", exact=True).select_option("item:media_city")
    page.get_by_label("发生日期").fill("2021-06-05")
    told = page.locator("[data-cost-shown]")
    expect(told).to_contain_text("加分项目：0 分 → 2 分（+2 分）")
    page.get_by_label("标题").fill("全区运动会")
    expect(told).to_contain_text("标题不含规定词汇")
    page.context.close()


def test_the_list_is_filtered_and_added_up_with_what_overflows(office: LedgerOffice) -> None:
    """JL-R3"""
    office.confirmed("item:disciplined", DAY, count=5)
    office.enter("item:warned", date(2022, 1, 4), office.units[1])
    client = browser(office.confirms)
    page = said(client, f"{JL}?period=2021")
    assert "共 1 件" in page
    assert "40 分，扣 50 分，扣完为止，超出 10 分不再扣" in page
    assert "共 1 件" in said(client, f"{JL}?unit={office.units[1].pk}&state=entered")
    assert "没有符合筛选条件的记录" in said(client, f"{JL}?item=veto:grave_harm")
    assert said(client, f"{JL}?unit=abc&item=x&state=y&period=2021-Q9&page=99")


def test_a_round_shows_its_ledger_and_what_does_not_apply(office: LedgerOffice) -> None:
    """JL-R2"""
    one = office.enter("item:warned", DAY)
    channel = office.channel(office.round("2021"))
    clerk = browser(office.enters)
    row = channel.round.departments.first()
    assert row is not None
    address = f"{LEDGERS}channels/{channel.pk}/"
    assert address in said(clerk, f"/office/rounds/{channel.round_id}/channels/")
    page = said(clerk, address)
    assert f"（编号{one.pk}）待确认" in page
    assert f"{JL}?period=2021" in page
    sent = {"mark": "1", "subject": row.pk, "item": "data_sharing", "reason": "没有共享任务"}
    assert "已标明不适用" in said(clerk, address, sent)
    mark = NotApplicable.objects.get()
    assert "没有共享任务" in said(clerk, address)
    assert "已取消不适用" in said(clerk, address, {"undo": mark.pk})
    assert browser(office.confirms).post(address, sent).status_code == 403


def test_duties_are_ticked_off_on_their_calendar(office: LedgerOffice) -> None:
    """JL-R2"""
    for day in range(1, 8):
        Holiday.objects.create(day=date(2021, 10, day), name="国庆节")
    Holiday.objects.create(day=date(2021, 10, 9), name="国庆节调休", is_working_day=True)
    clerk = browser(office.enters)
    address = f"{JL}duties/?month=2021-10"
    assert "应于 <strong>2021年10月9日</strong> 前报送" in said(clerk, address)
    first, second = (unit.pk for unit in office.units)
    of = {"duty": "quarterly_report", "period": "2021-Q3"}
    assert "已登记报送" in said(clerk, address, of | {"unit": first, "came_on": "2021-10-08"})
    assert "待另一人确认后计分" in said(clerk, address, of | {"unit": second, "late": "1"})
    record = DutyRecord.objects.get(department=second)
    assert record.occurrence is not None
    assert "请先撤回那条记录" in said(clerk, address, {"undo": record.pk})
    assert "没有选择单位" in said(clerk, address, of)


def test_the_ledger_goes_out_and_comes_in_as_a_workbook(office: LedgerOffice) -> None:
    clerk = browser(office.enters)
    answer = clerk.get(f"{JL}ledger.xlsx")
    assert answer["Content-Disposition"].startswith("attachment")
    row = [
        "",
        "吉林经开区营商环境建设考核评价",
        "第1局",
        "",
        "被区营商办警示",
        DAY,
        1,
        "",
        "",
        "",
        "",
        "",
        "",
        "",
    ]
    file = SimpleUploadedFile("台账.xlsx", workbook("台账", OUT, [row]))
    page = said(clerk, f"{LEDGERS}import/", {"file": file})
    assert "新增 第1局　2021年5月4日　被区营商办警示　1 次" in page
    [digest] = re.findall('name="digest" value="([^"]+)"', page)
    assert "工作台账已导入：新增 1，未变 0" in said(clerk, f"{LEDGERS}import/", {"digest": digest})
    assert Occurrence.objects.get().entered_by == office.enters
