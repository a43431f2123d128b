"""Honest figures: every rate with its whole, open ones included (WY-R5, practice 0.4)."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from casework.figures.counting import Scope, counted, part_and_whole
from casework.figures.months import Month
from casework.figures.shares import Share
from casework.matters import acceptance, assigning, calling, closing, deciding, handling
from casework.models import Assignment, Matter
from tests.casework.desk import Desk, at

pytestmark = pytest.mark.django_db
MARCH = Month(2026, 3)
END = "2026-04-01T09:00"


@pytest.fixture
def desk(db: None) -> Desk:
    return Desk()


def call(desk: Desk, matter: Matter, *answers: str | None, day: int = 20) -> Matter:
    """Call back once for each answer, a day later each time; None reaches nobody."""
    for after, answer in enumerate(answers):
        calling.note_call(
            matter=matter,
            way="电话",
            is_reached=answer is not None,
            answers={"satisfaction": answer} if answer else {},
            now=at(f"2026-03-{day + after}T10:00"),
            acting_user=desk.operator,
        )
    return Matter.objects.get(pk=matter.pk)


def done(desk: Desk, assignment: Assignment, day: str, *, lawful: bool = False) -> Matter:
    """Sign, reply and complete on one day; what the law forbids is countersigned."""
    who = desk.officer if assignment.unit_id == desk.unit.pk else desk.other_officer
    assigning.sign_for_assignment(assignment=assignment, now=at(f"{day}T10:00"), acting_user=who)
    handling.reply_to_assignment(
        assignment=assignment,
        reply="已办结。",
        outcome="lawful_no" if lawful else "solved",
        law="某条例第三条" if lawful else "",
        now=at(f"{day}T11:00"),
        acting_user=who,
    )
    matter = Matter.objects.get(pk=assignment.matter_id)
    if lawful:
        closing.countersign(matter=matter, now=at(f"{day}T11:10"), acting_user=desk.reviewer)
    else:
        assignment.refresh_from_db()
        handling.complete_assignment(
            assignment=assignment, completion="已办成。", now=at(f"{day}T11:20"), acting_user=who
        )
    return Matter.objects.get(pk=matter.pk)


@pytest.fixture
def march(desk: Desk) -> Desk:
    """DESK-07: twelve came, eleven were accepted; of the ten limits that end in March nine were kept."""
    known = {"name": "测试反映人", "phone": "13800000001"}
    matter = desk.register("2026-03-02T09:00").matter
    acceptance.propose_refusal(
        matter=matter,
        refusal="in_proceedings",
        reason="已经起诉。",
        now=at("2026-03-02T10:00"),
        acting_user=desk.operator,
    )
    for place in range(9):
        assignment = desk.assigned("2026-03-02T09:10", "yellow", **known)
        matter = done(desk, assignment, "2026-03-03", lawful=place < 2)
        if place == 1:
            matter = call(desk, matter, "不满意", day=30)
            (again,) = desk.assign(matter, "2026-03-31T09:00", desk.other_unit)
            matter = call(desk, done(desk, again, "2026-03-31", lawful=True), "不满意", day=31)
            deciding.decide_referred(
                matter=matter,
                text="同意。",
                decision="close",
                now=at("2026-03-31T16:00"),
                acting_user=desk.leader,
            )
        elif place == 8:
            call(desk, matter, None, None, None)
        else:
            call(desk, matter, "基本满意" if place else "满意")
        desk.close(
            Matter.objects.get(pk=matter.pk), "2026-03-31T17:00", "lawful_no" if place < 2 else "solved"
        )
    withdrawn = desk.accept(desk.register("2026-03-02T09:20").matter, "2026-03-02T09:30")
    closing.withdraw_matter(
        matter=withdrawn, reason="", now=at("2026-03-02T11:00"), acting_user=desk.operator
    )
    desk.assigned("2026-03-02T09:40", "yellow")
    return desk


def test_monthly_figures_have_honest_denominators(march: Desk) -> None:
    """WY-R5, DESK-07: closed is not solved, and who was not reached is neither satisfied nor hidden."""
    scope = Scope.of(march.version().procedure, MARCH, at(END))
    with CaptureQueriesContext(connection) as asked:
        found = counted(scope)[None]
    assert len(asked) <= 4
    assert {name: (one.share.percent, one.share.fraction) for name, one in found.items()} == {
        "reply_on_time": ("90.00", "9/10"),
        "completion_on_time": ("100.00", "9/9"),
        "closed": ("90.91", "10/11"),
        "solved": ("63.64", "7/11"),
        "satisfied": ("87.50", "7/8"),
        "reached": ("88.89", "8/9"),
    }
    for one in found.values():
        part, whole = part_and_whole(scope, one.figure)
        assert (part.distinct().count(), whole.distinct().count()) == (one.share.part, one.share.whole)


def test_a_rate_is_never_rounded_up_to_all_nor_down_to_none() -> None:
    """WY-R5: no cases is no rate."""
    assert [Share(*one).percent for one in ((0, 0), (0, 7), (1, 30000), (29999, 30000), (3, 3))] == [
        "—",
        "0.00",
        "0.01",
        "99.99",
        "100.00",
    ]
    assert str(Share(7, 8)) == "87.50%（7/8）"
