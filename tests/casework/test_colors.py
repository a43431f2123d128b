"""Red, yellow and blue at the window for what could not be done (WY-R5)."""

from __future__ import annotations

import pytest
from django.utils import timezone

from casework.models import Clock, Matter
from casework.reporters.sealing import opened
from office.errors import Refused
from tests.casework.desk import Desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(db: None) -> Desk:
    return Desk()


def due(desk: Desk, category: str) -> str:
    assignment = desk.assigned("2026-02-13T15:30", category)
    clock = Clock.objects.get(assignment=assignment, rule="reply")
    assert clock.due_at is not None
    return timezone.localtime(clock.due_at).isoformat()[:16]


def test_each_color_has_its_limit_across_the_spring_festival(desk: Desk) -> None:
    """WY-R5, DESK-01: Saturday the 14th works, the 15th to the 23rd are off."""
    assert due(desk, "blue") == "2026-02-13T17:00"
    assert due(desk, "yellow") == "2026-02-25T17:00"
    assert due(desk, "red") == "2026-02-27T17:00"


def test_a_matter_goes_from_the_window_to_its_end(desk: Desk) -> None:
    """WY-R5: a reply alone closes nothing; what follows has a clock of its own."""
    receipt = desk.register("2026-03-02T09:10", name="测试反映人", phone="138 0000 0000")
    assert opened(receipt.matter.reporter)["phone"] == "138 0000 0000"
    matter = desk.judge(desk.accept(receipt.matter, "2026-03-02T09:20"), "yellow", "2026-03-02T09:30")
    (assignment,) = desk.assign(matter, "2026-03-02T09:40")
    with pytest.raises(Refused, match="待签收"):
        desk.reply(assignment, "2026-03-02T10:00")
    desk.sign(assignment, "2026-03-02T10:00")
    desk.reply(assignment, "2026-03-05T17:00")
    assert Clock.objects.get(rule="reply", assignment=assignment).is_late is False
    desk.complete(assignment, "2026-03-06T09:00")
    matter = desk.close(Matter.objects.get(pk=matter.pk), "2026-03-06T10:00")
    assert matter.is_solved
    assert not matter.clocks.filter(state__in=("running", "stopped")).exists()
