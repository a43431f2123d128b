"""GY-R12…R15: from the public guide to the call-back, on a phone; and without a phone, at the window."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.utils import timezone
from playwright.sync_api import Page, expect

from benefits.claims.sealing import change_account
from benefits.firms.access import hand_out_code
from benefits.funds.pools import enter_money
from benefits.models import Claim
from benefits.payments.paying import enter_bank_date, order_payments, request_payment
from casework.matters import stopping
from casework.models import Matter
from office.models import User
from tests.benefits.county import BenefitCounty
from tests.journeys.test_reporting import a_photo
from tests.kit.browser import fits, follow
from tests.kit.officials import press, sign_in
from tests.kit.people import PASSWORD

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]
ITEM = "规上工业企业首次入规奖励"
PHOTO: Any = {"name": "材料.jpg", "mimeType": "image/jpeg", "buffer": a_photo()}


def enter(phone: Page, county: BenefitCounty) -> None:
    """Find the item in the catalogue, read its guide, sign in with the code of the window."""
    code = hand_out_code(firm=county.firm, today=timezone.localdate(), acting_user=county.clerk)
    phone.goto("/benefits/?q=入规")
    assert fits(phone)
    follow(phone.get_by_role("link", name=ITEM))
    assert fits(phone)
    follow(phone.get_by_role("link", name="我要申请"))
    assert fits(phone)
    phone.get_by_label("统一社会信用代码").fill(county.firm.credit_code.lower())
    phone.get_by_label("企业登录码").fill("2222-2222")
    phone.get_by_role("button", name="登录", exact=True).click()
    expect(phone.get_by_role("alert")).to_contain_text("不正确")
    phone.get_by_label("企业登录码").fill(code.lower())
    phone.get_by_role("button", name="登录", exact=True).click()
    expect(phone.get_by_role("heading", name=ITEM)).to_be_visible()


def claim(phone: Page) -> str:
    """Fill in the form, forget the promise, send it; return the number of the receipt."""
    assert fits(phone)
    for label, text in (
        ("申请金额（元）", "80000.50"),
        ("开户银行", "示例银行城区支行"),
        ("账号", "6222000000000018"),
        ("联系人", "测试联系人"),
        ("联系电话", "13900000000"),
    ):
        phone.get_by_label(label, exact=True).fill(text)
    phone.get_by_role("button", name="提交申请").click()
    expect(phone.get_by_text("请阅读承诺后勾选。")).to_be_visible()
    assert fits(phone)
    phone.get_by_label("入规证明").set_input_files([PHOTO])
    phone.get_by_label("本企业承诺").check()
    phone.get_by_role("button", name="提交申请").click()
    expect(phone.get_by_role("heading", name="已经收到")).to_be_visible()
    assert fits(phone)
    return phone.locator("dd.large").first.inner_text()


def supplement(phone: Page, county: BenefitCounty, matter: Matter) -> None:
    told = {"what": "请补交：营业执照。", "now": timezone.now(), "acting_user": county.clerk}
    stopping.ask_supplement(matter=matter, **told)
    follow(phone.get_by_role("link", name="查看办理进度"))
    expect(phone.get_by_text("请补交：营业执照。").first).to_be_visible()
    assert fits(phone)
    phone.get_by_label("营业执照").set_input_files([PHOTO])
    phone.get_by_role("button", name="提交材料").click()
    expect(phone.get_by_role("status")).to_contain_text("材料已经补齐")


def pay(county: BenefitCounty, made: Claim, amount: str) -> None:
    """Accept, assign, decide and pay by the services; the pages of officials have journeys of their own."""
    now = timezone.localtime().replace(second=0, microsecond=0)
    when, today = f"{now:%Y-%m-%dT%H:%M}", now.date()
    matter = county.judge(county.accept(made.matter, when), made.matter.category, when)
    county.sign(county.assign(matter, when)[0], when)
    county.decide(made, when, amount=Decimal(amount))
    budget = {"level": "city", "year": today.year, "kind": "budget", "amount": Decimal(100000)}
    enter_money(**budget, remark="年度预算", today=today, acting_user=county.operator)
    payment = request_payment(claim=made, now=timezone.now(), acting_user=county.officer)
    assert payment is not None
    order_payments(payments=[payment], today=today, acting_user=county.operator)
    enter_bank_date(payment=payment, bank_on=today, now=timezone.now(), acting_user=county.operator)


def test_a_firm_claims_on_a_phone_and_is_called_back(site: str, phone: Page) -> None:
    county = BenefitCounty()
    enter(phone, county)
    number = claim(phone)
    made = Claim.objects.select_related("matter").get(matter__number=number)
    supplement(phone, county, made.matter)
    pay(county, made, "80000.50")
    phone.goto("/benefits/firm/")
    assert fits(phone)
    follow(phone.get_by_role("link", name=ITEM))
    expect(phone.get_by_text("批准兑现 80,000.50 元")).to_be_visible()
    expect(phone.get_by_text("到账").first).to_be_visible()
    assert fits(phone)
    phone.get_by_role("group", name="对工作人员和办理结果是否满意").get_by_label("满意", exact=True).check()
    phone.get_by_role("button", name="提交评价").click()
    expect(phone.get_by_role("status")).to_contain_text("评价已经登记")
    phone.get_by_role("button", name="退出登录").click()
    expect(phone.get_by_role("heading", name="企业登录")).to_be_visible()
    made.matter.refresh_from_db()
    assert made.matter.is_satisfied


def test_a_firm_without_a_phone_is_served_at_the_window(site: str, desk: Page) -> None:
    county = BenefitCounty()
    User.objects.update(password=make_password(PASSWORD))
    sign_in(desk, "window_clerk")
    desk.goto("/office/benefits/claims/new/?q=测试丙公司")
    desk.get_by_label("统一社会信用代码", exact=True).fill("91510800MA0000003Y")
    press(desk, "登记企业", then="企业已经登记")
    desk.get_by_label("申请的事项").select_option("HQ-001")
    desk.get_by_role("button", name="填写申请").click()
    desk.get_by_label("申请金额（元）").fill("1234.56")
    licence = desk.get_by_role("group", name="营业执照的情况")
    licence.get_by_label("免提交").check()
    desk.get_by_label("联系人", exact=True).fill("测试联系人")
    desk.get_by_role("button", name="登记申请").click()
    expect(desk.get_by_text("尚缺材料：入规证明")).to_be_visible()
    follow(desk.get_by_role("link", name="核对材料、一次告知补正"))
    press(desk, "通知补正", then="已通知补正")
    desk.get_by_role("group", name="入规证明的情况").get_by_label("已提交").check()
    press(desk, "保存核对", then="材料核对已保存")
    made = Claim.objects.select_related("matter").get(firm__name="测试丙公司")
    assert made.amount_asked == Decimal("1234.56")
    assert made.matter.stops.get().last == timezone.localdate()
    change_account(claim=made, account="示例银行 6222000000000018", acting_user=county.clerk)
    pay(county, made, "1234.56")
    county.close(made.matter, f"{timezone.localtime():%Y-%m-%dT%H:%M}", "paid")
    assert Matter.objects.get().is_solved
