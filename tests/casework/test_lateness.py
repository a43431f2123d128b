"""What follows when a limit runs out: by the job, whenever it comes, and by hand (WY-R5)."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from casework.matters import deciding, following, lateness, stopping
from casework.matters.events import Act
from casework.matters.following import follow_the_clocks
from casework.matters.provisional import settle_clocks
from casework.models import Assignment, Clock, Matter, MatterEvent
from departments.models import Notice
from office.calendar import days, deadlines
from office.errors import Refused
from office.models import Holiday
from tests.casework.desk import Desk, at, ready

pytestmark = pytest.mark.django_db

COMPLAINTS, BENEFITS = "guangyuan-complaints", "guangyuan-benefits"
BY_THE_JOB = (Act.REMINDED, Act.CHASED, Act.SUPERVISED, Act.REFERRED, Act.ROSE, Act.ACCEPTED)


@pytest.fixture
def desk(db: None) -> Desk:
    return ready()


def done(matter: Matter) -> list[str]:
    return list(matter.events.filter(act__in=BY_THE_JOB, by=None).values_list("act", flat=True))


def in_hand(desk: Desk, when: str, category: str = "yellow") -> Assignment:
    assignment = desk.assigned(when, category)
    return desk.sign(assignment, when)


def test_a_late_matter_is_chased_supervised_raised_and_referred_once_each(desk: Desk) -> None:
    """WY-R5: due on Thursday; two working days later supervision, five later the leading group."""
    assignment = in_hand(desk, "2026-03-02T09:00")
    matter = assignment.matter
    follow_the_clocks(at("2026-03-03T08:00"))
    assert done(matter) == [Act.CHASED], "only the first contact is late"
    for when, more in (
        ("2026-03-03T17:30", [Act.REMINDED]),
        ("2026-03-05T17:00", [Act.REMINDED]),
        ("2026-03-05T17:01", [Act.ROSE, Act.CHASED]),
        ("2026-03-09T17:00", []),
        ("2026-03-09T17:01", [Act.SUPERVISED]),
        ("2026-03-12T17:01", [Act.REFERRED]),
        ("2026-03-20T09:00", []),
    ):
        before = done(matter)
        follow_the_clocks(at(when))
        assert done(matter) == [*before, *more], when
        assert follow_the_clocks(at(when)) == 0, "once is enough"
    matter.refresh_from_db()
    assert (matter.category, matter.first_category) == ("red", "yellow")
    assert matter.referred_at is not None
    kinds = list(Notice.objects.filter(source="assignment").values_list("kind", flat=True))
    assert sorted(kinds) == sorted(["交办", "催办", "提醒", "提醒", "催办", "督办"])
    desk.reply(assignment, "2026-03-20T10:00")
    assert Clock.objects.get(assignment=assignment, rule="reply").is_late is True
    deciding.decide_referred(
        matter=matter, decision="return", text="加快办理", now=at("2026-03-21T09:00"), acting_user=desk.leader
    )
    matter.refresh_from_db()
    assert (matter.state, matter.referred_at) == ("replied", None)


def test_missed_nights_lead_to_the_same(desk: Desk) -> None:
    """WY-R5: what was missed is done at once, reminders that came too late are not."""
    matter = in_hand(desk, "2026-03-02T09:00").matter
    follow_the_clocks(at("2026-03-20T09:00"))
    assert sorted(done(matter)) == sorted([Act.CHASED, Act.ROSE, Act.CHASED, Act.SUPERVISED, Act.REFERRED])
    matter.refresh_from_db()
    assert matter.category == "red"


def test_two_units_that_are_late_raise_the_matter_one_step(desk: Desk) -> None:
    """WY-R5: each is chased, the color rises once."""
    matter = desk.register("2026-03-02T09:00").matter
    matter = desk.judge(desk.accept(matter, "2026-03-02T09:00"), "blue", "2026-03-02T09:00")
    desk.assign(matter, "2026-03-02T09:00", desk.unit, desk.other_unit)
    follow_the_clocks(at("2026-03-03T09:00"))
    matter.refresh_from_db()
    assert matter.category == "yellow"
    chased = MatterEvent.objects.filter(matter=matter, act=Act.CHASED)
    assert set(chased.values_list("assignment__unit", flat=True)) == {desk.unit.pk, desk.other_unit.pk}


def test_silence_accepts_by_the_job(desk: Desk) -> None:
    """GY-R18, CMP-01: from the last minute of the limit, however late the job comes."""
    matter = desk.register("2026-09-30T16:30", COMPLAINTS).matter
    follow_the_clocks(at("2026-10-10T17:00"))
    matter.refresh_from_db()
    assert matter.state == "registered"
    follow_the_clocks(at("2026-10-14T02:00"))
    matter.refresh_from_db()
    assert (matter.state, matter.accepted_by_silence) == ("accepted", True)
    assert matter.accepted_at == at("2026-10-10T17:00")
    assert {one.began_at for one in matter.clocks.exclude(rule="acceptance")} == {at("2026-10-10T17:00")}


def test_hours_are_followed_within_the_day(desk: Desk) -> None:
    """GY-R14: at 50 and 80 % of a working hour, lunch left out."""
    matter = desk.accept(desk.register("2022-09-08T11:30", BENEFITS).matter, "2022-09-08T11:30")
    for when, more in (("11:59", 0), ("12:00", 1), ("13:17", 1), ("13:18", 2), ("13:30", 2)):
        follow_the_clocks(at(f"2022-09-08T{when}"))
        assert len(done(matter)) == more, when
    follow_the_clocks(at("2022-09-08T13:31"))
    assert done(matter)[2:] == [Act.CHASED, Act.SUPERVISED]


def test_what_is_not_brought_in_time_is_closed_as_the_procedure_says(desk: Desk) -> None:
    """GY-R14: ten working days for the firm, until 24:00; then it may apply again."""
    matter = desk.assigned("2026-03-02T09:00", procedure_id=BENEFITS).matter
    stopping.ask_supplement(
        matter=matter, what="缺少完税证明", now=at("2026-03-03T09:00"), acting_user=desk.operator
    )
    follow_the_clocks(at("2026-03-17T23:59"))
    matter.refresh_from_db()
    assert matter.state == "assigned"
    follow_the_clocks(at("2026-03-18T00:00"))
    matter.refresh_from_db()
    assert (matter.state, matter.outcome) == ("closed", "not_supplemented")
    assert not matter.clocks.filter(state__in=("running", "stopped")).exists()


def test_one_matter_with_a_fault_keeps_no_other_waiting(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """WY-R5: the job killed in the middle has done whole matters, and does the rest the next time."""
    first, second = (in_hand(desk, "2026-03-02T09:00").matter for _ in range(2))
    risen = following.telling.tell

    def fails(assignment: Assignment, *args: object, **kwargs: object) -> None:
        if assignment.matter_id == first.pk:
            raise RuntimeError("the machine was switched off")
        risen(assignment, *args, **kwargs)  # type: ignore[arg-type]  # passed on as they came

    with monkeypatch.context() as broken:
        broken.setattr(following.telling, "tell", fails)
        assert follow_the_clocks(at("2026-03-06T09:00")) == 1
    first.refresh_from_db()
    assert (first.category, done(first)) == ("yellow", [])
    assert done(second)
    assert follow_the_clocks(at("2026-03-06T09:00")) == 1
    assert done(first) == done(second)


def test_a_year_without_calendar_is_settled_when_it_is_entered_and_nothing_else_moves(desk: Desk) -> None:
    """WY-R5: provisional with a flag; what was promised with a calendar stays however that changes."""
    kept = Clock.objects.get(assignment=desk.assigned("2026-03-02T09:00", "yellow"), rule="reply")
    Holiday.objects.filter(day__year=2026, day__month=12).delete()
    waits = Clock.objects.get(assignment=desk.assigned("2029-12-28T09:00", "yellow"), rule="reply")
    assert (waits.is_provisional, kept.is_provisional) == (True, False)
    Holiday.objects.create(day=at("2026-03-04T00:00").date(), name="临时放假")
    Holiday.objects.create(day=at("2029-12-31T00:00").date(), name="元旦调休")
    Holiday.objects.create(day=at("2030-01-01T00:00").date(), name="元旦")
    settle_clocks(days.clock())
    before, due = kept.due_at, waits.due_at
    kept.refresh_from_db()
    waits.refresh_from_db()
    assert (kept.due_at, waits.is_provisional) == (before, False)
    assert due is not None
    assert waits.due_at is not None
    assert waits.due_at > due
    assert Matter.objects.get(pk=waits.matter_id).next_due_at is not None


def test_what_was_met_while_the_year_is_settled_stays_met(desk: Desk) -> None:
    """WY-R5: the job read the limit before a unit answered, and writes after it."""
    assignment = desk.assigned("2029-12-28T09:00", "yellow")
    desk.sign(assignment, "2029-12-28T09:00")

    class Slow(deadlines.Clock):
        def limit(self, *args: Any, **more: Any) -> deadlines.Limit:
            if Assignment.objects.get(pk=assignment.pk).replied_at is None:
                desk.reply(assignment, "2029-12-28T10:00")
            return super().limit(*args, **more)

    known = days.clock()
    settle_clocks(Slow(known.calendar, known.hours))
    clock = Clock.objects.get(assignment=assignment, rule="reply")
    assert (clock.state, clock.is_late) == ("met", False)


def test_by_hand_once_a_day_and_only_what_is_late_is_supervised(desk: Desk) -> None:
    """WY-R5."""
    assignment = in_hand(desk, "2026-03-02T09:00")
    press = {"assignment": assignment, "text": "请抓紧办理。", "acting_user": desk.clerk}
    lateness.chase(**press, now=at("2026-03-03T09:00"))
    with pytest.raises(Refused, match="今天已经催办"):
        lateness.chase(**press, now=at("2026-03-03T10:00"))
    desk_only = {**press, "acting_user": desk.officer}
    with pytest.raises(Refused):
        lateness.chase(**desk_only, now=at("2026-03-04T10:00"))
    late = in_hand(desk, "2026-03-02T09:00", "blue")
    lateness.supervise(**{**press, "assignment": late}, now=at("2026-03-03T09:00"))
    refer = {"matter": late.matter, "reason": "多次催办无果", "now": at("2026-03-04T09:00")}
    assert lateness.refer(**refer, acting_user=desk.operator).referred_at is not None
    with pytest.raises(Refused, match="已经提交"):
        lateness.refer(**refer, acting_user=desk.operator)


def test_looking_at_what_is_not_due_takes_few_queries(desk: Desk) -> None:
    """What has nothing due is put off in one go, and not looked at again before its moment."""
    for _ in range(3):
        in_hand(desk, "2026-03-02T09:00")
    follow_the_clocks(at("2026-03-02T10:00"))
    with CaptureQueriesContext(connection) as asked:
        follow_the_clocks(at("2026-03-02T10:10"))
    assert len(asked) <= 5
