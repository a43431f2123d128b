"""The monthly notice of benefits: every rate with its whole, frozen when closed, published by another."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook
from pypdf import PdfReader

from benefits.catalogue.drafting import end_version
from benefits.funds import pools
from benefits.models import Claim, ClaimDecision, Firm, FixedList, FundEntry, FundPool, MonthNotice, Payment
from benefits.notice.closing import close_month, is_whole, publish_notice
from benefits.notice.counting import told
from benefits.notice.lists import LISTS
from benefits.notice.sheets import public_sheets, sheets_of
from benefits.notice.trail import trail_workbook
from casework.figures.months import Month
from casework.matters import assigning, handling
from casework.matters.closing import withdraw_matter
from casework.matters.following import follow_the_clocks
from casework.models import Matter
from evaluations.models import MatterProposal
from evaluations.services import load_schemes
from office import audit
from office.errors import Refused
from tests.benefits.county import BenefitCounty, ready
from tests.casework.desk import at

pytestmark = pytest.mark.django_db
MARCH = Month(2026, 3)
END = "2026-04-01T09:00"
PAGES = "/office/benefits/notice/"


@pytest.fixture
def county() -> BenefitCounty:
    return ready()


def firms(count: int) -> list[Firm]:
    return Firm.objects.bulk_create(
        Firm(credit_code=f"91510800MB{number:07}C", name=f"测试{number}公司") for number in range(count)
    )


def paid(decision: ClaimDecision, when: str) -> Payment:
    """The money is on the account on this day; the last step of the unit says so."""
    day = at(when).date()
    payment = Payment.objects.create(
        decision=decision,
        state=Payment.State.PAID,
        amount=decision.amount or Decimal(0),
        requested_on=day,
        ordered_on=day,
        bank_on=day,
    )
    assignment = decision.claim.matter.assignments.get(is_lead=True)
    handling.complete_assignment(
        assignment=assignment, completion="已到账。", now=at(when), acting_user=decision.decided_by
    )
    return payment


def called(county: BenefitCounty, claim: Claim, answers: Sequence[str]) -> None:
    """Call once for each answer; an empty one reached nobody."""
    claim.matter.refresh_from_db()
    for day, answer in enumerate(answers, start=26):
        county.call(claim.matter, f"2026-03-{day}T10:00", answer, is_reached=bool(answer))


def settled(county: BenefitCounty, firm: Firm, when: str = "2026-03-02T09:10") -> Claim:
    """Claimed, decided and paid on three days."""
    claim, _ = county.in_hand(when, firm=firm)
    day = when[:8]
    paid(county.decide(claim, f"{day}04T10:00", amount=Decimal("80000.01")), f"{day}05T10:00")
    return claim


def figure(content: dict[str, Any], label: str) -> tuple[int, int]:
    (one,) = [each for each in content["figures"] if each["label"] == label]
    return one["part"], one["whole"]


def test_all_that_were_closed_are_called_back(county: BenefitCounty) -> None:
    """BEN-13, GY-R15: whoever was not reached in three tries is registered, and is not satisfied."""
    for number, firm in enumerate(firms(10)):
        called(county, settled(county, firm), ("", "", "") if number == 0 else ("满意",))
    content = told(MARCH, at(END))
    assert figure(content, "回访登记率") == (10, 10)
    assert figure(content, "回访接通率") == (9, 10)
    assert figure(content, "满意率") == (9, 9)
    rates = {row[0].text: row[1].text for row in sheets_of(content)[0].rows}
    assert (rates["回访登记率"], rates["回访接通率"], rates["满意率"]) == ("100.00%", "90.00%", "100.00%")


def test_a_notice_counts_open_ones_and_every_cent(county: BenefitCounty) -> None:
    """GY-R17: rates of all limits that ended in the month, money to the cent, items, pool, lists behind."""
    first, second, third = firms(3)
    settled(county, first)
    claim, _ = county.in_hand("2026-03-02T09:10", firm=second)
    decision = county.decide(claim, "2026-03-17T10:00")
    Payment.objects.create(
        decision=decision, state=Payment.State.WAITING, amount=decision.amount, requested_on=date(2026, 3, 17)
    )
    refused, _ = county.in_hand("2026-03-02T09:10", firm=third)
    county.decide(
        refused,
        "2026-03-03T10:00",
        is_granted=False,
        amount=None,
        reason="不属于首次入规",
        remedy="10个工作日内可以提出异议",
    )
    pool = FundPool.objects.create(level="county", name="测试资金池", year=2026)
    for kind, amount, day in (("budget", 100000, date(2026, 1, 5)), ("payment", -80000, date(2026, 3, 5))):
        FundEntry.objects.create(pool=pool, kind=kind, amount=amount, day=day, entered_by=county.operator)
    content = told(MARCH, at(END))
    assert figure(content, "按时审核率") == (2, 3)
    assert figure(content, "按时兑现率") == (1, 2), "what waits for money is in the whole"
    money = {one["id"]: (one["amount"], one["claims"], one["firms"]) for one in content["money"]}
    assert money["paid"] == ("80000.01", 1, 1)
    assert money["granted"] == ("160000.01", 2, 2)
    assert money["waiting"] == ("80000.00", 1, 1)
    (told_pool,) = content["pools"]
    assert (told_pool["balance"], told_pool["payment"]) == ("20000.00", "80000.00")
    assert [(one["code"], one["part"], one["whole"]) for one in content["worst"]] == [("HQ-001", 3, 5)]
    late = {one["label"]: one["late"] for one in content["units"]}
    assert late == {"县甲局": 2}
    assert {one["unit"] for one in content["overdue"]} == {"县甲局"}
    counts = next(one["counts"] for one in content["classes"] if one["id"] == "at_once")
    for name, count in counts.items():
        assert LISTS[name].of(MARCH).count() == count
    public = str(public_sheets(content))
    assert "测试" not in public.replace("测试资金池", "")
    assert claim.matter.number not in public


def money(month: Month, name: str) -> tuple[str, int]:
    (one,) = [each for each in told(month, at("2027-03-01T09:00"))["money"] if each["id"] == name]
    return one["amount"], one["claims"]


def test_what_is_decided_anew_is_told_once(county: BenefitCounty) -> None:
    """GY-R17: the month of the first decision keeps its amount, the later one tells the difference."""
    claim, assignment = county.in_hand("2026-03-30T09:10", account="测试银行 00000000")
    county.decide(claim, "2026-03-31T10:00", amount=Decimal("50000.00"))
    handling.return_reply(
        assignment=assignment, reason="金额有误", now=at("2026-04-02T09:00"), acting_user=county.operator
    )
    decision = county.decide(claim, "2026-04-03T10:00", amount=Decimal("40000.01"))
    april = MARCH.moved(1)
    assert (money(MARCH, "granted"), money(MARCH, "corrected")) == (("50000.00", 1), ("0.00", 0))
    assert (money(april, "granted"), money(april, "corrected")) == (("0.00", 0), ("-9999.99", 1))
    assert [one.pk for one in LISTS["corrected"].of(april)] == [claim.pk]
    ClaimDecision.objects.create(
        claim=claim,
        cycle=1,
        is_granted=True,
        amount=Decimal("80000.00"),
        clause="第三条",
        approver="测试负责人",
        decided_by=decision.decided_by,
        decided_at=at("2026-05-06T10:00"),
        first_decided_at=at("2026-03-31T10:00"),
        amount_before=Decimal("40000.01"),
    )
    may = april.moved(1)
    assert (money(may, "granted"), money(may, "corrected")) == (("0.00", 0), ("39999.99", 1))


def test_what_waits_is_what_waited_when_the_month_ended(county: BenefitCounty) -> None:
    """GY-R17: money that came in April ends no waiting in March."""
    claim = county.granted("2026-03-10T10:00")
    county.request(claim, "2026-03-10T11:00")
    assert money(MARCH, "waiting") == ("80000.00", 1)
    county.money("500000", day="2026-04-02")
    assert money(MARCH, "waiting") == ("80000.00", 1)
    assert money(MARCH.moved(1), "waiting") == ("0.00", 0)


def pools_of(month: Month) -> dict[str, tuple[str, ...]]:
    """Balance, given back, paid in the month; and each pool sums up."""
    found = {}
    for one in told(month, at("2027-03-01T09:00"))["pools"]:
        names = ("year_budget", "year_refill", "year_refund", "year_payment", "year_closing")
        came, filled, back, paid_out, given = (Decimal(one.get(name, "0")) for name in names)
        assert Decimal(one["balance"]) == came + filled + back - paid_out - given
        found[one["label"][-6:]] = (one["balance"], f"{given:.2f}", one.get("payment", "0.00"))
    return found


def test_pools_are_told_around_the_end_of_a_year(county: BenefitCounty) -> None:
    """GY-R17: what December pays from the next pool, and January from the last one, is in its month."""
    county.money("500000", day="2026-03-01", kind="budget")
    first = county.request(county.granted("2026-12-10T10:00"), "2026-12-10T11:00")
    county.order("2026-12-10", first)
    pools.close_pool(
        pool=FundPool.objects.get(year=2026), today=date(2026, 12, 15), acting_user=county.operator
    )
    county.money("500000", day="2026-12-16", year=2027, kind="budget")
    second = county.request(county.granted("2026-12-17T10:00"), "2026-12-17T11:00")
    county.order("2026-12-18", second)
    third = county.request(county.granted("2026-12-30T10:00"), "2026-12-31T11:00")
    county.order("2027-01-04", third)
    december, january = Month(2026, 12), Month(2027, 1)
    assert pools_of(december) == {
        "2026年）": ("0.00", "420000.00", "80000.00"),
        "2027年）": ("420000.00", "0.00", "80000.00"),
    }
    assert pools_of(january) == {"2027年）": ("340000.00", "0.00", "80000.00")}
    FundPool.objects.filter(year=2027).update(year=2025)
    assert pools_of(january) == {"2025年）": ("340000.00", "0.00", "80000.00")}, "an older one that moves"


def test_versions_end_on_the_first_day_without_them(county: BenefitCounty) -> None:
    """GY-R17: what is stopped on the first of April ended in April; one that another follows says so."""
    county.publish("HQ-001", today=date(2026, 3, 20), valid_from=date(2026, 4, 1))
    stopped = county.publish("HQ-002")
    end_version(
        version=stopped,
        why="政策调整",
        ended_on=date(2026, 4, 1),
        today=date(2026, 3, 30),
        acting_user=county.operator,
    )
    march, april = (told(month, at("2026-05-01T09:00"))["ended"] for month in (MARCH, MARCH.moved(1)))
    assert march == []
    assert [(one["code"], one["on"], one["why"]) for one in april] == [
        ("HQ-001", "2026-04-01", "由第2版接替"),
        ("HQ-002", "2026-04-01", "停止受理"),
    ]


def ended(county: BenefitCounty, matter: Matter, day: str, outcome: str) -> None:
    county.call(Matter.objects.get(pk=matter.pk), f"{day}T10:00", "满意")
    county.close(matter, f"{day}T11:00", outcome)


def test_the_limits_of_the_window_are_laid_on_no_department(county: BenefitCounty) -> None:
    """BEN-10, GY-R18: late again when assigned again counts; only a late payment is a broken promise."""
    load_schemes()
    matter = county.accept(county.claim("2026-03-02T09:00").claim.matter, "2026-03-02T09:10")
    matter = county.judge(matter, matter.category, "2026-03-02T09:15")
    (given,) = county.assign(matter, "2026-03-02T09:30")
    assigning.hand_back(
        assignment=given, reason="非本部门职责", now=at("2026-03-02T10:10"), acting_user=county.officer
    )
    follow_the_clocks(now=at("2026-03-02T11:15"))
    (again,) = county.assign(Matter.objects.get(pk=matter.pk), "2026-03-02T11:20")
    county.sign(again, "2026-03-02T11:30")
    content = told(MARCH, at("2026-03-03T09:00"))
    assert figure(content, "按时交办率") == (1, 2)
    assert [(one["unit"], one["figure"]) for one in content["overdue"]] == [(content["office"], "按时交办率")]
    assert content["window"]["late"] == 1
    matter = Matter.objects.get(pk=matter.pk)
    assert matter.events.filter(act="supervised").exists()
    refused = {"is_granted": False, "amount": None, "reason": "不属于首次入规", "remedy": "可以提出异议"}
    county.decide(matter.claim, "2026-03-03T10:00", **refused)
    ended(county, matter, "2026-03-04", "refused")
    assert not MatterProposal.objects.exists()
    claim = county.granted("2026-03-02T09:10")
    follow_the_clocks(now=at("2026-03-05T09:00"))
    county.money("500000", day="2026-03-06")
    payment = county.request(claim, "2026-03-06T10:00")
    county.order("2026-03-06", payment)
    county.bank(payment, "2026-03-06", "2026-03-06T15:00")
    ended(county, claim.matter, "2026-03-09", "paid")
    proposed = {(one.rule, one.department) for one in MatterProposal.objects.all()}
    assert proposed == {("broken_promise", county.unit), ("handling_late", county.unit)}


def test_without_cases_there_is_no_rate(county: BenefitCounty) -> None:
    """GY-R15: no case is “—”, never nought or all."""
    assert {row[1].text for row in sheets_of(told(MARCH, at(END)))[0].rows} == {"—"}


def test_a_month_ends_at_midnight(county: BenefitCounty) -> None:
    """GY-R17: what came on the last evening counts in the month, what came at midnight in the next one."""
    first, second = firms(2)
    county.claim("2026-03-31T23:59", firm=first)
    county.claim("2026-04-01T00:00", firm=second)
    asked = [
        {one["id"]: one["claims"] for one in told(month, at("2026-05-01T09:00"))["money"]}["asked"]
        for month in (MARCH, MARCH.moved(1))
    ]
    assert asked == [1, 1]
    for odd in ("9999-12", "0001-01", "1999-12"):
        assert Month.read(odd) is None
    with pytest.raises(Refused, match="还没有结束"):
        close_month(month=MARCH, now=at("2026-03-31T23:59"), acting_user=county.operator)
    assert close_month(month=MARCH, now=at("2026-04-01T00:00"), acting_user=county.operator).number == 1


def test_a_closed_month_stays_and_is_opened_again_with_a_reason(
    county: BenefitCounty, client: Client
) -> None:
    """GY-R17: frozen when closed; another publishes; a later version has its reason, the first one stays."""
    (firm,) = firms(1)
    settled(county, firm)
    client.force_login(county.operator)
    client.post(f"{PAGES}close/", {"month": "2026-03"})
    first = MonthNotice.objects.get()
    assert client.get("/benefits/notices/2026-03/").status_code == 404
    with pytest.raises(Refused, match="结账的人员不能公布"):
        publish_notice(notice=first, now=at(END), acting_user=county.operator)
    Claim.objects.update(amount_asked=Decimal("1.00"))
    reading = Client()
    reading.force_login(county.reviewer)
    shown = reading.get(f"{PAGES}{first.pk}/").content.decode()
    assert "公布通报" in shown
    assert "100,000.00" in shown
    reading.post(f"{PAGES}{first.pk}/publish/")
    told_to_all = Client().get("/benefits/notices/2026-03/").content.decode()
    assert "80,000.01" in told_to_all
    assert firm.name not in told_to_all
    assert firm.claims.get().matter.number not in told_to_all
    client.post(f"{PAGES}close/", {"month": "2026-03"})
    assert MonthNotice.objects.count() == 1
    client.post(f"{PAGES}close/", {"month": "2026-03", "reason": "金额登记有误"})
    second = MonthNotice.objects.get(number=2)
    assert (second.reason, is_whole(second), is_whole(first)) == ("金额登记有误", True, True)
    assert "100,000.00" in Client().get("/benefits/notices/2026-03/").content.decode(), "until published"
    publish_notice(notice=second, now=at(END), acting_user=county.reviewer)
    assert "金额登记有误" in Client().get("/benefits/notices/2026-03/").content.decode()
    with pytest.raises(Refused, match="已经公布"):
        publish_notice(notice=first, now=at(END), acting_user=county.reviewer)


def test_the_notice_as_page_paper_and_workbook(county: BenefitCounty, client: Client) -> None:
    """GY-R17: the same tables everywhere; lists behind the numbers in few statements."""
    for firm in firms(4):
        settled(county, firm)
    county.publish("0012", today=date(2026, 3, 2))
    notice = close_month(month=MARCH, now=at(END), acting_user=county.operator)
    client.force_login(county.inspector)
    with CaptureQueriesContext(connection) as asked:
        rows = client.get(f"{PAGES}list/?month=2026-03&which=granted").content.decode()
    assert len(asked) <= 24
    assert rows.count('data-label="企业"') == 4
    with CaptureQueriesContext(connection) as asked:
        page = client.get(f"{PAGES}?month=2026-03").content.decode()
    assert len(asked) <= 24
    assert "which=granted" in page
    book = load_workbook(BytesIO(client.get(f"{PAGES}{notice.pk}/notice.xlsx").content))
    assert [cell.value for cell in book["金额和企业"][5]] == ["到账", 320000.04, 4, 4]
    assert book["本月发布的事项"]["A2"].value == "0012", "a code of digits is no number"
    answer = client.get(f"{PAGES}{notice.pk}/notice.pdf")
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(b"".join(answer))).pages)
    assert "320,000.04" in text
    assert client.get(f"{PAGES}{notice.pk}/notice.docx").status_code == 200
    assert client.post(f"{PAGES}close/", {"month": "2026-03", "reason": "不能"}).status_code == 403


def test_everything_on_one_claim_goes_to_the_auditors(county: BenefitCounty, client: Client) -> None:
    """GY-R17: guide, papers, events, clocks, decision, payments, calls, audit; no contact, no account."""
    (firm,) = firms(1)
    claim = settled(county, firm)
    called(county, claim, ("", "满意"))
    client.force_login(county.inspector)
    book = load_workbook(BytesIO(client.get(f"/office/benefits/claims/{claim.pk}/trail.xlsx").content))
    texts = {sheet.title: [str(cell.value) for row in sheet.iter_rows() for cell in row] for sheet in book}
    assert "HQ-001 第1版" in texts["办事指南"]
    assert "80000.01" in texts["审批决定"]
    assert "80000.01" in texts["兑现支付"]
    assert any("个工作日" in text for text in texts["时限"])
    assert "作出审批决定" in texts["审计记录"]
    assert len(texts["回访"]) == 15
    assert "制发文书" in texts
    said = "".join(text for sheet in texts.values() for text in sheet)
    assert "测试联系人" not in said
    assert "13900000000" not in said
    client.force_login(county.officer)
    assert client.get(f"/office/benefits/claims/{claim.pk}/trail.xlsx").status_code == 403
    fixed = FixedList.objects.create(
        version=county.item, drawn_up_by=county.officer, drawn_up_at=at("2026-03-01T09:00")
    )
    taken_back = county.granted("2026-03-03T10:00", amount="50000")
    Claim.objects.filter(pk=taken_back.pk).update(from_list=fixed)
    with transaction.atomic():
        audit.record("确认免申即享名单", fixed, acting_user=county.operator)
    county.request(taken_back, "2026-03-03T11:00")
    withdraw_matter(matter=taken_back.matter, reason="", now=at("2026-03-03T12:00"), acting_user=None)
    pages = load_workbook(BytesIO(trail_workbook(Claim.objects.get(pk=taken_back.pk))))
    verbs = [row[3] for row in pages["审计记录"].iter_rows(values_only=True)]
    assert {"申请支付", "撤销支付申请", "确认免申即享名单", "作出审批决定"} <= set(verbs)
    assert "申请企业撤回" in [row[4] for row in pages["办理记录"].iter_rows(values_only=True)]
