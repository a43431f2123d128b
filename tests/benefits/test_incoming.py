"""The export of the platform above: matched by its number, a claim counted once, own intake or not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from benefits.claims.checking import same_before
from benefits.incoming.services import import_claims, preview_claims
from benefits.models import Claim, Firm
from benefits.notice.counting import told
from casework.figures.months import Month
from casework.incoming.headings import PROVINCE
from casework.incoming.services import importable
from casework.matters.closing import withdraw_matter
from casework.matters.following import follow_the_clocks
from casework.models import Matter, ProcedureVersion, Reporter
from casework.reporters.sealing import opened
from office.errors import Refused
from office.workbooks.writing import workbook
from tests.benefits.county import PROCEDURE, BenefitCounty, ready
from tests.casework.desk import at

pytestmark = pytest.mark.django_db
HEADINGS = (
    "申报编号",
    "申报时间",
    "统一社会信用代码",
    "申报企业",
    "政策名称",
    "申报金额（元）",
    "申报状态",
    "兑现日期",
    "联系人",
    "联系电话",
)
NOW = at("2026-03-20T10:00")
PERSON = ("测试省台联系人", "13900009999")


@pytest.fixture
def county() -> BenefitCounty:
    return ready()


def line(county: BenefitCounty, number: str, firm: Firm | str, **more: str) -> Sequence[str]:
    cells = {
        "received": "2026-03-02 09:10",
        "item": county.item.name,
        "amount": "50000.50",
        "state": "审核中",
        "closed": "",
        **more,
    }
    code, name = (firm.credit_code, firm.name) if isinstance(firm, Firm) else (firm, "测试丙公司")
    return (
        number,
        cells["received"],
        code,
        name,
        cells["item"],
        cells["amount"],
        cells["state"],
        cells["closed"],
        *PERSON,
    )


def taken(county: BenefitCounty, *lines: Sequence[str], when: str = "2026-03-20T10:00") -> dict[str, int]:
    plan = import_claims(
        content=workbook("申请", HEADINGS, lines),
        file_name="省平台.xlsx",
        now=at(when),
        acting_user=county.clerk,
    )
    return plan.counts()


def test_a_claim_is_counted_once_by_its_number_or_by_firm_item_and_day(county: BenefitCounty) -> None:
    """GY-R17: what was claimed here too gets its number above; later exports change the state above alone."""
    own = county.claim("2026-03-02T16:00").claim
    lines = (
        line(county, "S-1", county.firm),
        line(county, "S-2", county.other_firm),
        line(county, "S-3", "91510800MA0000003C", received="2026-03-03 10:00"),
        line(county, "S-4", "91510800MA0000003C", received="2026-03-03 15:00"),
        line(county, "S-5", county.firm, item="清单里没有的事项"),
        line(county, "S-6", "9151"),
    )
    assert taken(county, *lines) == {"行数": 6, "新增": 2, "更新": 1, "未变": 0, "有误": 3}
    own.matter.refresh_from_db()
    assert (own.matter.higher_number, Claim.objects.count()) == ("S-1", 3)
    brought = Claim.objects.get(matter__higher_number="S-2")
    assert (brought.version, brought.amount_asked) == (county.item, Decimal("50000.50"))
    assert brought.matter.category == county.item.category
    assert set(brought.papers.values_list("paper__name", "state")) == {
        ("营业执照", "missing"),
        ("入规证明", "missing"),
    }
    assert brought.matter.state == Matter.State.REGISTERED
    assert taken(county, *lines) == {"行数": 6, "新增": 0, "更新": 0, "未变": 3, "有误": 3}
    closed = line(county, "S-2", county.other_firm, state="已兑现", closed="2026-03-19", amount="1")
    assert taken(county, closed)["更新"] == 1
    brought.refresh_from_db()
    assert (brought.matter.higher.state, brought.amount_asked) == ("已兑现", Decimal("50000.50"))
    assert brought.matter.state == Matter.State.CLOSED, "nobody here had taken it up"
    assert (brought.matter.outcome, brought.matter.is_solved) == ("paid", True)
    follow_the_clocks(now=at("2026-04-20T10:00"))


def test_what_was_taken_back_swallows_no_row_and_what_lies_near_is_noted(county: BenefitCounty) -> None:
    """GY-R17: it may be the same grant; whoever imports looks."""
    withdraw_matter(
        matter=county.claim("2026-03-02T08:40").claim.matter,
        reason="",
        now=at("2026-03-02T08:50"),
        acting_user=None,
    )
    near = county.claim("2026-02-02T09:10", firm=county.other_firm).claim
    lines = (line(county, "S-1", county.firm), line(county, "S-2", county.other_firm))
    content = workbook("申请", HEADINGS, lines)
    plan = preview_claims(content=content, now=NOW, acting_user=county.clerk)
    assert plan.counts()["新增"] == 2
    assert [one for one in plan.notes if near.matter.number in one and "S-2" in one and "S-1" not in one]


def test_what_was_paid_above_counts_as_paid_and_is_not_claimed_again(county: BenefitCounty) -> None:
    """GY-R13, GY-R17: a refusal above is none here; after the days of the rule it may be claimed again."""
    paid = line(county, "S-1", county.firm, state="已兑现", closed="2026-03-10")
    refused = line(county, "S-2", county.other_firm, state="不予兑现", closed="2026-03-10")
    assert taken(county, paid, refused)["新增"] == 2
    found = Matter.objects.order_by("higher_number").values_list("outcome", "is_solved", "state")
    assert list(found) == [("paid", True, "closed"), ("refused", False, "closed")]
    figures = told(Month(2026, 3), at("2026-04-01T09:00"))["figures"]
    assert [(one["part"], one["whole"]) for one in figures if one["id"] == "solved"] == [(1, 2)]
    with pytest.raises(Refused, match="同一事项已经申请"):
        county.claim("2026-03-20T09:30")
    assert county.claim("2026-03-20T09:30", firm=county.other_firm).claim
    assert same_before(county.firm, county.item, date(2027, 3, 3)) is None


def test_contact_persons_of_the_export_are_never_read(county: BenefitCounty) -> None:
    """GY-R13: the firm alone is known of who claimed above."""
    taken(county, line(county, "S-2", county.other_firm))
    said = [str(opened(one)) for one in Reporter.objects.all()]
    assert not [one for one in said if PERSON[0] in one or PERSON[1] in one]


def test_own_intake_that_is_off_stops_claims_but_no_import(county: BenefitCounty, client: Client) -> None:
    ProcedureVersion.objects.filter(procedure_id=PROCEDURE).update(own_intake=False)
    with pytest.raises(Refused, match="统一受理"):
        county.claim("2026-03-02T16:00")
    assert taken(county, line(county, "S-1", county.firm))["新增"] == 1
    client.force_login(county.operator)
    page = client.get("/office/benefits/notice/?month=2026-03").content.decode()
    assert "申请由省惠企政策平台统一受理" in page


def test_the_common_import_leaves_claims_to_this_one(county: BenefitCounty) -> None:
    assert PROCEDURE not in {one.procedure_id for one in importable(PROVINCE)}


def test_what_was_previewed_is_imported_or_nothing(county: BenefitCounty) -> None:
    content = workbook("申请", HEADINGS, [line(county, "S-1", county.firm)])
    seen = preview_claims(content=content, now=NOW, acting_user=county.clerk).digest()
    county.claim("2026-03-02T16:00")
    with pytest.raises(Refused, match="预览之后"):
        import_claims(
            content=content, file_name="省平台.xlsx", now=NOW, acting_user=county.clerk, expected_digest=seen
        )
    with pytest.raises(Refused, match="权限"):
        preview_claims(content=content, now=NOW, acting_user=county.officer)
