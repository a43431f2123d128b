"""Ended matters propose entries of a ledger; a reviewer decides, and a review turns them round (GY-R18)."""

from __future__ import annotations

import pytest
from django.test import Client

from casework.matters import assigning, closing, handling, reviewing
from casework.models import Matter
from departments.models import Membership
from evaluations.gathering.ledger import proposals
from evaluations.models import MatterProposal, Occurrence
from evaluations.services import load_schemes
from office.errors import Refused
from office.models import User
from office.roles import Role
from tests.casework.desk import Desk, at

pytestmark = pytest.mark.django_db
COMPLAINTS, JILIN = "guangyuan-complaints", "jilin-jkq-2021"
PHONE = "13800000001"


@pytest.fixture
def desk(db: None) -> Desk:
    load_schemes()
    return Desk()


def ended(desk: Desk, finding: str) -> Matter:
    """A complaint about one unit, handled by another, ended with a finding."""
    told = {"about": desk.unit, "name": "测试反映人", "phone": PHONE, "fields": {"kind": "推诿拖延"}}
    matter = desk.register("2026-03-02T09:10", COMPLAINTS, **told).matter
    matter = desk.judge(desk.accept(matter, "2026-03-02T09:20"), matter.category, "2026-03-02T09:30")
    (assignment,) = desk.assign(matter, "2026-03-02T09:40", desk.other_unit)
    return _answered(desk, assignment.matter, finding, "2026-03-03")


def _answered(desk: Desk, matter: Matter, finding: str, day: str, by: User | None = None) -> Matter:
    assignment = matter.assignments.order_by("-pk")[0]
    who = by or desk.other_officer
    assigning.sign_for_assignment(assignment=assignment, now=at(f"{day}T09:00"), acting_user=who)
    handling.reply_to_assignment(
        assignment=assignment, reply="已查明。", outcome="put_right", now=at(f"{day}T10:00"), acting_user=who
    )
    matter = Matter.objects.get(pk=matter.pk)
    closing.tell_reporter(matter=matter, text="已经查明。", now=at(f"{day}T11:00"), acting_user=desk.operator)
    return desk.close(Matter.objects.get(pk=matter.pk), f"{day}T12:00", "put_right", finding)


def test_only_what_was_found_true_is_proposed_and_once(desk: Desk) -> None:
    """GY-R18, JL (7): 属实 and 部分属实; the unit that was complained about, not the one that handled it."""
    ended(desk, "unfounded")
    assert not MatterProposal.objects.exists()
    matter = ended(desk, "partly")
    (one,) = MatterProposal.objects.all()
    assert (one.scheme_id, one.rule, one.department, one.matter) == (
        JILIN,
        "verified_problem",
        desk.unit,
        matter,
    )
    proposals.follow(matter, now=at("2026-03-04T09:00"))
    assert MatterProposal.objects.count() == 1
    assert not Occurrence.objects.exists(), "nothing counts before somebody takes it over"


def test_a_reviewer_takes_it_over_or_sets_it_aside(desk: Desk) -> None:
    matter, other = ended(desk, "confirmed"), ended(desk, "confirmed")
    first, second = (MatterProposal.objects.get(matter=one) for one in (matter, other))
    client = Client()
    client.force_login(desk.reviewer)
    page = f"/office/rounds/ledgers/of/{JILIN}/proposals/"
    said = client.get(page).content.decode()
    assert matter.number in said
    client.post(page, {"proposal": first.pk, "take": "1"})
    client.post(page, {"proposal": second.pk, "aside": "1", "reason": ""})
    second.refresh_from_db()
    assert second.state == "waiting", "a reason is needed"
    client.post(page, {"proposal": second.pk, "aside": "1", "reason": "已另行扣分"})
    entry = Occurrence.objects.get()
    assert (entry.state, entry.practice, entry.item, entry.department) == (
        "confirmed",
        matter.number,
        "verified_problem",
        desk.unit,
    )
    assert (entry.entered_by, entry.confirmed_by) == (desk.operator, desk.reviewer)
    second.refresh_from_db()
    assert (second.state, second.reason) == ("set_aside", "已另行扣分")
    said += client.get(page).content.decode()
    for secret in ("测试反映人", PHONE):
        assert secret not in said
    with pytest.raises(Refused, match="不能再处理"):
        proposals.take_over(proposal=first, now=at("2026-03-05T09:00"), acting_user=desk.reviewer)


def test_a_review_that_turns_the_finding_round_withdraws_it(desk: Desk) -> None:
    """GY-R18: in the ledger too, as long as no round has counted it."""
    matter = ended(desk, "confirmed")
    entry = proposals.take_over(
        proposal=MatterProposal.objects.get(), now=at("2026-03-03T15:00"), acting_user=desk.reviewer
    )
    review = reviewing.ask_review(
        matter=matter, reason="事实不清", now=at("2026-03-04T09:00"), acting_user=desk.clerk
    )
    reviewing.decide_review(
        review=review,
        decision="redo",
        opinion="重新查明",
        now=at("2026-03-05T09:00"),
        acting_user=desk.reviewer,
    )
    matter = Matter.objects.get(pk=matter.pk)
    (again,) = desk.assign(matter, "2026-03-05T10:00", desk.other_unit)
    colleague = User.objects.create_user("colleague", role=Role.DEPARTMENT_OFFICER)
    Membership.objects.create(user=colleague, department=desk.other_unit)
    _answered(desk, again.matter, "unfounded", "2026-03-06", colleague)
    entry.refresh_from_db()
    one = MatterProposal.objects.get()
    assert (entry.state, one.state, one.reason) == ("withdrawn", "withdrawn", proposals.CHANGED)
