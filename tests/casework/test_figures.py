"""Honest figures: every rate with its whole, open ones included (WY-R5, practice 0.4)."""

from __future__ import annotations

import pytest
from django.utils import timezone

from casework.figures.counting import Scope, counted, part_and_whole
from casework.figures.months import Month
from casework.figures.shares import Share
from casework.matters import acceptance, calling, closing
from casework.models import Matter
from tests.casework.desk import Desk, at

pytestmark = pytest.mark.django_db
MARCH = Month(2026, 3)
END = "2026-04-01T09:00"


@pytest.fixture
def desk(db: None) -> Desk:
    return Desk()


def call(desk: Desk, matter: Matter, *answers: str | None) -> None:
    """Call back once for each answer, a day later each time; None reaches nobody."""
    for day, answer in enumerate(answers, start=20):
        calling.note_call(
            matter=matter,
            way="电话",
            is_reached=answer is not None,
            answers={"satisfaction": answer} if answer else {},
            now=at(f"2026-03-{day}T10:00"),
            acting_user=desk.operator,
        )


@pytest.fixture
def march(desk: Desk) -> Desk:
    """DESK-07: twelve came, eleven were accepted; limits of ten replies end in March."""
    matter = desk.register("2026-03-02T09:00").matter
    acceptance.propose_refusal(
        matter=matter, refusal="in_proceedings", reason="已经起诉。", now=at("2026-03-02T10:00"), acting_user=desk.operator
    )
    for place in range(9):
        assignment = desk.assigned("2026-03-02T09:10", "yellow")
        desk.sign(assignment, "2026-03-02T10:00")
        lawful = {"outcome": "lawful_no", "law": "某条例第三条"} if place < 2 else {}
        desk.reply(assignment, "2026-03-03T10:00", **lawful)
        if place >= 2:
            desk.complete(assignment, "2026-03-04T10:00")
        matter = Matter.objects.get(pk=assignment.matter_id)
        if place == 8:
            call(desk, matter, None, None, None)
        else:
            call(desk, matter, "不满意" if place == 7 else "满意")
    withdrawn = desk.accept(desk.register("2026-03-02T09:20").matter, "2026-03-02T09:30")
    closing.withdraw_matter(matter=withdrawn, reason="", now=at("2026-03-02T11:00"), acting_user=desk.operator)
    desk.assigned("2026-03-02T09:40", "yellow")
    return desk


def test_monthly_figures_have_honest_denominators(march: Desk) -> None:
    """WY-R5, DESK-07."""
    states = Matter.objects.values_list("state", flat=True)
    print(sorted(states))
    found = counted(Scope.of(march.version().procedure, MARCH, at(END)))[None]
    assert {name: one.share.percent for name, one in found.items()} == {}
