"""The worked cases of benefits, each with its neighbours, through the steps of claims."""

from __future__ import annotations

import pytest

from benefits.models import Claim, Firm
from casework.figures.counting import Scope, counted
from casework.figures.months import Month
from casework.matters import assigning, stopping
from casework.models import Assignment, Clock, Matter
from office.errors import Refused
from tests.benefits.county import PROCEDURE, BenefitCounty, ready
from tests.casework.desk import at

pytestmark = pytest.mark.django_db


@pytest.fixture
def county() -> BenefitCounty:
    return ready()


def of_another_firm(county: BenefitCounty, when: str) -> Claim:
    number = Firm.objects.count()
    firm = Firm.objects.create(credit_code=f"9151{number:014}", name=f"测试企业{number}")
    return county.claim(when, firm=firm).claim


def clock(claim: Claim, rule: str) -> Clock:
    return Clock.objects.filter(matter=claim.matter_id, rule=rule).order_by("-pk")[0]


def assigned(county: BenefitCounty, when: str) -> tuple[Claim, Assignment]:
    claim = of_another_firm(county, when)
    matter = county.judge(county.accept(claim.matter, when), claim.matter.category, when)
    return claim, county.assign(matter, when)[0]


def test_the_hour_to_assign_is_of_working_time(county: BenefitCounty) -> None:
    """BEN-01, BEN-17 (GY-R14): lunch and night do not count; a limit that ends at closing stays there."""
    for accepted, due in (
        ("2022-09-08T11:30", "2022-09-08T13:30"),
        ("2026-03-03T11:00", "2026-03-03T12:00"),
        ("2026-03-03T12:00", "2026-03-03T14:00"),
        ("2026-03-03T12:30", "2026-03-03T14:00"),
        ("2026-03-03T16:00", "2026-03-03T17:00"),
        ("2026-03-03T16:01", "2026-03-04T09:01"),
        ("2026-03-03T08:20", "2026-03-03T10:00"),
        ("2022-10-09T10:00", "2022-10-09T11:00"),
    ):
        claim = of_another_firm(county, accepted)
        county.accept(claim.matter, accepted)
        assert clock(claim, "assignment").due_at == at(due), accepted


def test_the_response_is_judged_to_the_minute(county: BenefitCounty) -> None:
    """BEN-04 (GY-R14): 13:50 is in time, 13:51 a minute late."""
    for signed, is_late in (("2022-09-13T13:50", False), ("2022-09-13T13:51", True)):
        claim, assignment = assigned(county, "2022-09-13T11:50")
        county.sign(assignment, signed)
        assert clock(claim, "response").is_late is is_late


def test_a_supplement_stops_the_ten_days(county: BenefitCounty) -> None:
    """BEN-07 (GY-R14): three days used, stopped from the notice to the answer, one notice for all."""
    for decided, is_late in (("2022-10-31T17:00", False), ("2022-10-31T17:01", True)):
        claim, assignment = assigned(county, "2022-10-08T09:30")
        county.sign(assignment, "2022-10-08T10:00")
        ask = {"matter": claim.matter, "what": "缺少入规证明", "acting_user": county.officer}
        stopping.ask_supplement(**ask, now=at("2022-10-12T15:00"))
        assert clock(claim, "decision").state == "stopped"
        stopping.supplement_received(matter=claim.matter, now=at("2022-10-20T10:00"), acting_user=None)
        assert clock(claim, "decision").due_at == at("2022-10-31T17:00")
        with pytest.raises(Refused, match="应一次性告知"):
            stopping.ask_supplement(**ask, now=at("2022-10-21T10:00"))
        county.decide(claim, decided)
        assert clock(claim, "decision").is_late is is_late


def test_ten_days_go_over_the_end_of_the_year(county: BenefitCounty) -> None:
    """GY-R14: New Year's days do not count, the version of the day of the claim holds in the new year."""
    claim, assignment = assigned(county, "2025-12-25T10:00")
    county.sign(assignment, "2025-12-25T10:10")
    assert clock(claim, "decision").due_at == at("2026-01-09T17:00"), "1 to 3 January are free, the 4th works"
    county.decide(claim, "2026-01-09T17:00")
    assert clock(claim, "decision").is_late is False
    assert clock(claim, "payment").due_at == at("2026-01-12T17:00")


def test_the_wrong_department_hands_back_within_the_hour(county: BenefitCounty) -> None:
    """BEN-10 (GY-R13): not late; assigned anew ten minutes late; the second goes to the 首席事务代表."""
    claim = county.claim("2026-03-02T09:00").claim
    matter = county.judge(county.accept(claim.matter, "2026-03-02T09:10"), "at_once", "2026-03-02T09:20")
    (first,) = county.assign(matter, "2026-03-02T09:30")
    back = {"assignment": first, "reason": "非本部门职责", "acting_user": county.officer}
    with pytest.raises(Refused, match="已过退回期限"):
        assigning.hand_back(**back, now=at("2026-03-02T10:31"))
    assigning.hand_back(**back, now=at("2026-03-02T10:10"))
    response = clock(claim, "response")
    assert (response.state, response.is_late) == ("void", None)
    assert clock(claim, "reassignment").due_at == at("2026-03-02T11:10")
    matter.refresh_from_db()
    (second,) = county.assign(matter, "2026-03-02T11:20", county.other_unit)
    assert clock(claim, "reassignment").is_late is True
    assert clock(claim, "response").due_at == at("2026-03-02T13:20")
    assert clock(claim, "decision").began_at == at("2026-03-02T09:30"), "the ten days run on"
    assigning.hand_back(
        assignment=second, reason="非本部门职责", now=at("2026-03-02T13:20"), acting_user=county.other_officer
    )
    matter.refresh_from_db()
    assert matter.state == Matter.State.REFERRED
    assert matter.referred_why == "第2次退回，提交首席事务代表专班研究"


def test_every_firm_is_called_back(county: BenefitCounty) -> None:
    """BEN-13 (GY-R15): as in the case one of ten is not reached: 90.00, nine may be satisfied."""
    refusal = {"is_granted": False, "amount": None, "reason": "不属于首次入规", "remedy": "可以提出异议"}
    for number in range(10):
        claim, assignment = assigned(county, "2026-03-02T09:10")
        county.sign(assignment, "2026-03-02T09:20")
        county.decide(claim, "2026-03-02T10:00", **refusal)
        if number == 0:
            for when in ("2026-03-03T09:00", "2026-03-03T15:00", "2026-03-04T09:00"):
                county.call(claim.matter, when, is_reached=False)
        county.close(claim.matter, "2026-03-05T10:00", "refused") if number else None
    procedure = county.version(PROCEDURE).procedure
    found = counted(Scope.of(procedure, Month(2026, 3), at("2026-04-01T09:00")))[None]
    assert (found["reached"].share.percent, found["reached"].share.fraction) == ("90.00", "9/10")
    assert found["satisfied"].share.fraction == "9/9"
