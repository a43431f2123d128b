"""Whatever is done to a matter in whatever order: it never breaks what always holds (WY-R5)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from casework.matters import (
    acceptance,
    assigning,
    calling,
    closing,
    deciding,
    extending,
    handling,
    lateness,
    merging,
    recoloring,
    stopping,
    transferring,
)
from casework.matters.following import follow_the_clocks
from casework.matters.state import ENDED
from casework.models import Assignment, Clock, Matter
from casework.procedures.stored import in_use
from office.errors import Refused
from office.models import User
from tests.casework.desk import Desk, at, ready

pytestmark = pytest.mark.django_db
Act = Callable[["Way"], object]


@pytest.fixture
def desk(db: None) -> Desk:
    return ready()


class Way:
    """One matter and another beside it; each act is tried by whoever may, at a moment that only grows."""

    def __init__(self, desk: Desk, procedure_id: str) -> None:
        self.desk, self.now = desk, at("2026-02-12T08:50")
        self.version = in_use(procedure_id)
        told = {"name": "测试反映人", "phone": "13800000000"}
        self.matter = desk.register("2026-02-12T08:50", procedure_id, **told).matter
        self.other = desk.register("2026-02-12T08:50", procedure_id, **told).matter
        self.seen: list[int] = []

    @property
    def given(self) -> Assignment:
        found = self.matter.assignments.order_by("-pk").first()
        if found is None:
            raise Refused("没有交办")
        return found

    def by(self, user: User) -> dict[str, object]:
        return {"now": self.now, "acting_user": user}

    def centre(self) -> dict[str, object]:
        return {"matter": self.matter, **self.by(self.desk.operator)}

    def unit(self) -> dict[str, object]:
        one = self.given
        second = one.cycle or one.unit_id != self.desk.unit.pk
        return {"assignment": one, **self.by(self.desk.unit_reviewer if second else self.desk.officer)}


def _clock(way: Way) -> Clock:
    found = way.matter.clocks.filter(state__in=("running", "stopped")).order_by("-pk").first()
    if found is None:
        raise Refused("没有时限")
    return found


ACTS: tuple[Act, ...] = (
    lambda way: acceptance.accept_matter(**way.centre()),
    lambda way: acceptance.judge_matter(
        **way.centre(), category=way.version.procedure.categories.items[-1].id, opinion=""
    ),
    lambda way: assigning.assign_matter(**way.centre(), units=[way.desk.unit]),
    lambda way: assigning.assign_matter(**way.centre(), units=[way.desk.unit, way.desk.other_unit]),
    lambda way: assigning.sign_for_assignment(**way.unit()),
    lambda way: assigning.hand_back(**way.unit(), reason="非本单位职责"),
    lambda way: assigning.take_back(assignment=way.given, reason="改办", **way.by(way.desk.operator)),
    lambda way: handling.note_contact(**way.unit()),
    lambda way: handling.reply_to_assignment(
        **way.unit(), reply="已办。", outcome=way.version.procedure.outcomes[0].id
    ),
    lambda way: handling.complete_assignment(**way.unit(), completion="已办成。"),
    lambda way: handling.return_reply(assignment=way.given, reason="不够", **way.by(way.desk.operator)),
    lambda way: stopping.ask_supplement(**way.centre(), what="缺少材料"),
    lambda way: stopping.supplement_received(**way.centre()),
    lambda way: extending.ask_extension(**way.unit(), clock=_clock(way), reason="需要时间"),
    lambda way: extending.settle_extension(clock=_clock(way), grants=True, **way.by(way.desk.operator)),
    lambda way: recoloring.change_category(
        **way.centre(), category=way.version.procedure.categories.items[0].id, reason="核实"
    ),
    lambda way: lateness.refer(**way.centre(), reason="需要协调"),
    lambda way: deciding.decide_referred(matter=way.matter, text="重新交办", **way.by(way.desk.leader)),
    lambda way: deciding.decide_referred(
        matter=way.matter, text="继续", decision="return", **way.by(way.desk.leader)
    ),
    lambda way: closing.tell_reporter(**way.centre(), text="已办。"),
    lambda way: calling.note_call(
        **way.centre(), way="电话", is_reached=True, answers={"satisfaction": "不满意"}
    ),
    lambda way: calling.note_call(**way.centre(), way="电话", is_reached=False),
    lambda way: closing.close_matter(
        **way.centre(),
        outcome=way.version.procedure.outcomes[0].id,
        finding=next((one.id for one in way.version.procedure.findings), ""),
    ),
    lambda way: merging.merge_matter(**way.centre(), into=way.other),
    lambda way: transferring.transfer_matter(
        **way.centre(), to="police", reason="涉嫌犯罪", letter_number="1号"
    ),
    lambda way: follow_the_clocks(way.now),
)
STRAIGHT = (0, 1, 2, 4, 8, 9, 19, 20)  # the way most matters go; without it random acts get nowhere


def check(way: Way) -> None:
    matter = Matter.objects.get(pk=way.matter.pk)
    events = list(matter.events.values_list("pk", flat=True))
    assert events[: len(way.seen)] == way.seen, "what happened stays"
    way.seen = events
    running = matter.clocks.filter(state__in=("running", "stopped"))
    assert not (matter.state in ENDED and running.exists()), "nothing runs on what has ended"
    for clock in running:
        assert (clock.due_at is None) == (clock.state == "stopped")
        assert clock.due_at is None or clock.due_at >= clock.began_at
        assert clock.first_due_at is None or clock.due_at is None or clock.due_at >= clock.first_due_at
    assert (matter.state == "referred") <= (matter.referred_at is not None)
    assert (matter.state in ENDED) == (matter.closed_at is not None)
    assert (
        matter.state not in {"assigned", "replied"}
        or matter.assignments.filter(
            cycle=matter.times_reopened, state__in=("waiting", "in_hand", "replied", "completed")
        ).exists()
    )


@settings(max_examples=8)
@given(
    procedure_id=some.sampled_from(["wuyang-unresolved-matters", "guangyuan-complaints"]),
    straight=some.integers(0, len(STRAIGHT)),
    acts=some.lists(
        some.tuples(some.integers(0, len(ACTS) - 1), some.integers(1, 4 * 24 * 60)), min_size=8, max_size=16
    ),
)
def test_no_order_of_acts_breaks_what_always_holds(
    desk: Desk, procedure_id: str, straight: int, acts: list[tuple[int, int]]
) -> None:
    """WY-R5, GY-R18: no clock runs on what has ended, events only grow, every state is one of the list."""
    way = Way(desk, procedure_id)
    for number, minutes in [*((one, 5) for one in STRAIGHT[:straight]), *acts]:
        way.now = moment_after(way.now, minutes)
        way.matter.refresh_from_db()
        try:
            ACTS[number](way)
        except Refused:
            continue
        check(way)


def moment_after(now: datetime, minutes: int) -> datetime:
    return now + timedelta(minutes=minutes)
