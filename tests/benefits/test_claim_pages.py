"""The pages of claims, payments and pools as their users see them."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from benefits.claims.limits import limit_beside
from benefits.models import Claim, FundPool, Payment
from benefits.payments.treasury import import_bank_dates, preview_bank_dates
from casework.models import Matter
from office.errors import Refused
from office.models import AuditEntry, User
from office.workbooks.writing import workbook
from tests.benefits.county import BenefitCounty, ready
from tests.casework.desk import at

pytestmark = pytest.mark.django_db
CLAIMS, PAYMENTS, POOLS = "/office/benefits/claims/", "/office/benefits/payments/", "/office/benefits/pools/"


@pytest.fixture
def county() -> BenefitCounty:
    return ready()


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def said(client: Client, address: str, **sent: Any) -> str:
    page = client.post(address, sent, follow=True) if sent else client.get(address, follow=True)
    assert page.status_code == 200, address
    return page.content.decode()


def of_today(county: BenefitCounty) -> tuple[Claim, str]:
    """A claim that was signed for at nine o'clock of yesterday, so that now is after it."""
    day = timezone.localdate() - timedelta(days=1)
    claim, _ = county.in_hand(f"{day}T09:00", account="测试银行 12345678")
    return claim, f"{CLAIMS}{claim.pk}/"


def test_from_the_decision_to_the_bank_date_on_pages(county: BenefitCounty) -> None:
    """GY-R14: the department decides and requests, the pool's keeper orders and enters the bank's day."""
    claim, page = of_today(county)
    officer, operator, clerk = (signed_in(user) for user in (county.officer, county.operator, county.clerk))
    assert "1 件惠企申请待审批" in said(officer, "/office/")
    shown = said(officer, page)
    assert "测试联系人" not in shown
    assert "12345678" not in shown
    assert f"办事指南第 {claim.version.number} 版" in shown
    decide = {
        "act": "decide",
        "decide-decision": "grant",
        "decide-amount": "60000.05",
        "decide-clause": "第三条",
        "decide-approver": "测试负责人",
    }
    assert "超过上限" in said(officer, page, **{**decide, "decide-amount": "100000.01"})
    assert "不能这样办理" in said(clerk, page, **decide), "the window does not decide"
    assert "已作出审批决定" in said(officer, page, **decide)
    assert "不能这样办理" in said(officer, page, **decide), "nobody decides twice"
    assert "1 件惠企申请待申请支付" in said(officer, "/office/")
    assert "已申请支付" in said(officer, page, act="request")
    assert "待资金" in said(officer, page)
    assert claim.firm.name in said(officer, f"{CLAIMS}?money=waiting")
    year = timezone.localdate().year
    money = {"level": "city", "year": year, "kind": "budget", "amount": "100000", "remark": ""}
    assert "已登记" in said(operator, POOLS, **money)
    payment = Payment.objects.get()
    assert officer.post(PAYMENTS, {"payment": payment.pk}).status_code == 403
    assert "没有这项操作的权限" in said(clerk, PAYMENTS, payment=payment.pk)
    assert "已下达支付令 1 笔" in said(operator, PAYMENTS, payment=payment.pk)
    own = f"{PAYMENTS}{payment.pk}/"
    tomorrow = timezone.localdate() + timedelta(days=1)
    assert "晚于今天" in said(operator, own, act="bank", bank_on=tomorrow)
    assert "已登记到账日期" in said(operator, own, act="bank", bank_on=timezone.localdate())
    claim.matter.refresh_from_db()
    assert claim.matter.state == Matter.State.CALLING
    pool = FundPool.objects.get()
    assert claim.matter.number in said(operator, f"{POOLS}{pool.pk}/")
    shown = said(operator, page)
    assert "60,000.05元" in shown
    assert f'href="{own}">查看</a>' in shown


def test_what_is_not_possible_says_why(county: BenefitCounty) -> None:
    """GY-R14: before the signature, without an account, after the order."""
    claim, _ = county.in_hand("2026-03-02T09:10")
    page = f"{CLAIMS}{claim.pk}/"
    county.decide(claim, "2026-03-02T10:00")
    assert "没有登记收款账户" in said(signed_in(county.officer), page)
    clerk = signed_in(county.clerk)
    assert "没有完整的账号" in said(clerk, page, **{"act": "account", "account-account": "测试银行"})
    assert "已登记收款账户" in said(clerk, page, **{"act": "account", "account-account": "测试银行 12345678"})
    assert signed_in(county.other_officer).get(page).status_code == 404
    assert signed_in(county.users["paper_clerk"]).get(page).status_code == 403
    waiting = county.claim("2026-03-02T09:10", firm=county.other_firm).claim
    matter = county.judge(county.accept(waiting.matter, "2026-03-02T09:20"), "at_once", "2026-03-02T09:30")
    county.assign(matter, "2026-03-02T09:40")
    assert "请先签收交办通知书" in said(signed_in(county.officer), f"{CLAIMS}{waiting.pk}/")


def test_the_treasury_gets_a_list_and_answers_with_days(county: BenefitCounty) -> None:
    """GY-R14: amounts, accounts and parts; formulas are text; its answer is previewed."""
    county.money("500000")
    county.firm.name = "=测试甲公司"
    county.firm.save()
    first = county.granted("2026-03-02T10:00", firm=county.firm)
    second = county.granted("2026-03-02T11:00", "0.01")
    payments = [county.request(one, "2026-03-02T12:00") for one in (first, second)]
    operator = signed_in(county.operator)
    assert "没有已下达支付令" in said(operator, f"{PAYMENTS}treasury/")
    county.order("2026-03-02", *payments)
    assert signed_in(county.clerk).get(f"{PAYMENTS}treasury/").status_code == 403
    answer = operator.get(f"{PAYMENTS}treasury/")
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    headings, *rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0][1] == "'=测试甲公司"
    assert [row[4:7] for row in rows] == [
        ["80000.00", "测试银行 00000000", "市级惠企政策资金池80000.00元"],
        ["0.01", "测试银行 00000000", "市级惠企政策资金池0.01元"],
    ]
    assert AuditEntry.objects.filter(verb="打开收款账户").count() == 2
    told = {"now": at("2026-03-05T10:00"), "acting_user": county.operator}
    wrong = (("2026-03-01", "早于支付令"), ("2026-03-06", "晚于今天"), ("某日", "不是日期"))
    for day, fault in (*wrong, ("sNaN", "没有金额相同")):
        amount, on = ("sNaN", "2026-03-03") if day == "sNaN" else (rows[0][4], day)
        faulty = workbook("支付令", headings, [[*rows[0][:4], amount, *rows[0][5:7], None, on]])
        with pytest.raises(Refused, match=fault):
            import_bank_dates(content=faulty, **told)
    answered = workbook("支付令", headings, [[*rows[0][:7], None, "2026-03-03"], [*rows[1][:7], None, ""]])
    upload = SimpleUploadedFile("answer.xlsx", answered)
    assert "2026年3月3日到账" in said(operator, f"{PAYMENTS}bank-dates/", file=upload)
    plan = import_bank_dates(content=answered, **told)
    assert plan.counts() == {"登记到账": 1, "已经登记": 0, "没有日期": 1}
    again = preview_bank_dates(content=answered, today=told["now"].date(), acting_user=county.operator)
    assert again.counts() == {"登记到账": 0, "已经登记": 1, "没有日期": 1}
    states = [Payment.objects.get(pk=one.pk).state for one in payments]
    assert states == ["paid", "ordered"]


def test_the_items_own_limit_stands_beside_the_literal_one(county: BenefitCounty) -> None:
    """GY-R14: ten working days judge policies of the city, the guide's own limit those of levels above."""
    guide = {"limit_count": 20, "limit_unit": "working_days"}
    city, province = (county.publish(f"HQ-1{level}", level=level, **guide) for level in ("city", "province"))
    ten, twenty = at("2026-03-16T17:00"), at("2026-03-30T17:00")
    for version, judges, beside in ((city, ten, twenty), (province, twenty, ten)):
        claim, _ = county.in_hand("2026-03-02T09:10", version=version)
        assert claim.matter.clocks.get(rule="decision").due_at == judges
        county.decide(claim, "2026-03-17T09:00")
        assert claim.matter.clocks.get(rule="decision").is_late == (version is city)
        limit = limit_beside(claim, at("2026-03-17T09:00"))
        assert limit is not None
        assert (limit.due_at, limit.is_late) == (beside, version is province)


def test_lists_ask_as_often_whatever_their_length(county: BenefitCounty) -> None:
    """GY-R14: a page of claims and payments, filtered, in few queries."""
    county.money("160000")
    clients = [signed_in(user) for user in (county.operator, county.officer)]

    def asked() -> list[int]:
        found = []
        pages = [
            CLAIMS,
            f"{CLAIMS}?state=all&month=2026-03&money=waiting&late=late&q=测试",
            f"{CLAIMS}?q=HQ2026",
        ]
        for client in clients:
            for page in pages if client is clients[1] else [*pages, PAYMENTS, f"{PAYMENTS}?state=waiting"]:
                with CaptureQueriesContext(
                    connection,
                ) as queries:
                    said(client, page)
                found.append(len(queries))
        return found

    one = county.granted("2026-03-02T10:00")
    county.request(one, "2026-03-02T12:00")
    asked()
    few = asked()
    for hour in ("10", "11", "13", "14"):
        county.request(county.granted(f"2026-03-03T{hour}:00"), "2026-03-03T15:00")
    many = asked()
    assert max(many) <= 24
    of_rows = 4  # rows, decisions, payments, firms: an empty list asks for none
    assert all(after <= before + of_rows for before, after in zip(few, many, strict=True)), (few, many)
    assert said(clients[0], f"{CLAIMS}?money=waiting").count('data-label="类别"') == 3
