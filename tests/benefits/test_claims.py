from __future__ import annotations

from decimal import Decimal

import pytest

from benefits.rules import rules
from benefits.rules.checking import disagreements
from casework.models import Assignment, Matter
from casework.procedure.loading import load_procedure
from office.errors import Refused
from tests.benefits.county import BenefitCounty, ready

pytestmark = pytest.mark.django_db


@pytest.fixture
def county() -> BenefitCounty:
    return ready()


def test_a_claim_is_decided_by_the_reply_of_its_unit(county: BenefitCounty) -> None:
    """GY-R14: the decision carries amount and clause, and is the unit's reply; without one nobody replies."""
    claim, assignment = county.in_hand("2026-03-02T09:10")
    with pytest.raises(Refused, match="还没有作出审批决定"):
        county.reply(assignment, "2026-03-03T09:00", "paid")
    decision = county.decide(claim, "2026-03-03T10:00")
    assignment.refresh_from_db()
    assert assignment.state == Assignment.State.REPLIED
    assert (assignment.law, assignment.proposed_outcome) == ("第三条", "paid")
    assert decision.amount == Decimal("80000.00")


def test_more_than_the_ceiling_is_refused(county: BenefitCounty) -> None:
    claim, _ = county.in_hand("2026-03-02T09:10")
    with pytest.raises(Refused, match="超过上限"):
        county.decide(claim, "2026-03-03T10:00", amount=Decimal("100000.01"))
    assert county.decide(claim, "2026-03-03T10:00", amount=Decimal("100000.00")).pk


def test_a_refusal_goes_to_the_call_back_at_once(county: BenefitCounty) -> None:
    claim, _ = county.in_hand("2026-03-02T09:10")
    county.decide(
        claim,
        "2026-03-03T10:00",
        is_granted=False,
        amount=None,
        reason="不属于首次入规",
        remedy="10个工作日内可以提出异议",
    )
    claim.matter.refresh_from_db()
    assert claim.matter.state == Matter.State.CALLING


def test_rules_name_what_their_procedure_has() -> None:
    """A clock of the guide or the channel of a list that is written wrongly is a fault with its place."""
    name, known = rules()
    guide = known.guide.model_copy(update={"clocks": ("decison",)})
    fixing = known.fixing.model_copy(update={"channel": "machted"})
    wrong = known.model_copy(update={"guide": guide, "fixing": fixing})
    places = [place for place, _ in disagreements(wrong, load_procedure(name))]
    assert places == [("guide", "clocks", 0), ("fixing", "channel")]
