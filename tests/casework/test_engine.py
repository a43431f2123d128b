"""What happens to a matter, step by step, in the ways that end otherwise than straight on (WY-R5, WY-R3)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from casework.matters import (
    acceptance,
    assigning,
    calling,
    closing,
    deciding,
    extending,
    handling,
    merging,
    recoloring,
    repeats,
    reviewing,
    stopping,
    transferring,
)
from casework.matters.events import Act
from casework.matters.queries import assignments_for
from casework.models import Assignment, Clock, Matter, Review
from casework.procedure import PROCEDURES
from casework.procedures.stored import load_procedures
from departments.models import Department, Membership, Notice
from departments.notices.services import sign_for
from office.errors import Refused
from tests.casework.desk import UNRESOLVED, Desk, at, ready

pytestmark = pytest.mark.django_db

COMPLAINTS, LEADS, BENEFITS = "guangyuan-complaints", "wuyang-leads", "guangyuan-benefits"
State, Each = Matter.State, Assignment.State


@pytest.fixture
def desk(db: None) -> Desk:
    return ready()


def ends(clock: Clock | None) -> str:
    assert clock is not None
    clock.refresh_from_db()
    return timezone.localtime(clock.due_at).isoformat()[:16] if clock.due_at else ""


def clock_of(assignment: Assignment, rule: str) -> Clock:
    return Clock.objects.get(assignment=assignment, rule=rule)


def acts(matter: Matter) -> list[str]:
    return list(matter.events.values_list("act", flat=True))


def answered(desk: Desk, when: str, **reported: Any) -> Matter:
    """A yellow matter of a named reporter, replied to and completed at one moment."""
    assignment = desk.assigned(when, "yellow", name="测试反映人", phone="13800000000", **reported)
    desk.sign(assignment, when)
    desk.reply(assignment, when)
    desk.complete(assignment, when)
    return Matter.objects.get(pk=assignment.matter_id)


def test_unsatisfied_is_done_once_more_as_red_by_another_then_goes_up(desk: Desk) -> None:
    """WY-R5, DESK-04."""
    matter = answered(desk, "2026-03-02T09:00")
    desk.call(matter, "2026-03-03T09:00", "不满意")
    matter.refresh_from_db()
    assert (matter.state, matter.category, matter.first_category) == (State.JUDGED, "red", "yellow")
    (again,) = desk.assign(matter, "2026-03-03T10:00")
    assert ends(clock_of(again, "reply")) == "2026-03-10T17:00", "another round has a limit of its own"
    with pytest.raises(Refused, match="原承办人以外"):
        desk.sign(again, "2026-03-03T11:00")
    other = {"assignment": again, "acting_user": desk.unit_reviewer}
    assigning.sign_for_assignment(**other, now=at("2026-03-03T11:00"))
    handling.reply_to_assignment(**other, reply="已重新办理。", outcome="solved", now=at("2026-03-04T09:00"))
    handling.complete_assignment(**other, completion="已办成。", now=at("2026-03-04T10:00"))
    desk.call(matter, "2026-03-05T09:00", "不满意")
    matter.refresh_from_db()
    assert (matter.state, matter.times_reopened) == (State.REFERRED, 1)
    assert [one.answers["satisfaction"] for one in matter.call_backs.all()] == ["不满意", "不满意"]
    assert matter.assignments.get(cycle=0).reply, "the first answer is kept"
    decide = {
        "matter": matter,
        "text": "由县乙局牵头。",
        "acting_user": desk.leader,
        "now": at("2026-03-06T09:00"),
    }
    with pytest.raises(Refused, match=r"无权|权限|不能"):
        deciding.decide_referred(**{**decide, "acting_user": desk.operator})
    assert deciding.decide_referred(**decide).state == State.JUDGED
    (third,) = desk.assign(matter, "2026-03-06T10:00", desk.other_unit)
    assert third.cycle == 2


def test_an_extension_is_asked_before_the_end_and_granted_by_the_desk(desk: Desk) -> None:
    """WY-R5: once, as long again; the reporter's page reads it from the events."""
    assignment = desk.assigned("2026-03-02T09:00", "yellow")
    desk.sign(assignment, "2026-03-02T09:30")
    clock = clock_of(assignment, "reply")
    ask = {"assignment": assignment, "clock": clock, "reason": "需省级系统配合", "acting_user": desk.officer}
    assert ends(clock) == "2026-03-05T17:00"
    with pytest.raises(Refused, match="3月5日 17:00"):
        extending.ask_extension(**ask, now=at("2026-03-05T17:01"))
    extending.ask_extension(**ask, now=at("2026-03-05T17:00"))
    with pytest.raises(Refused, match="正在等待"):
        extending.ask_extension(**ask, now=at("2026-03-05T17:00"))
    with pytest.raises(Refused):
        extending.settle_extension(
            clock=clock, grants=True, now=at("2026-03-06T09:00"), acting_user=desk.officer
        )
    extending.settle_extension(clock=clock, grants=True, now=at("2026-03-06T09:00"), acting_user=desk.clerk)
    assert ends(clock) == "2026-03-10T17:00"
    assert timezone.localtime(clock.first_due_at).date().isoformat() == "2026-03-05"
    assert Act.EXTENDED in acts(assignment.matter)
    with pytest.raises(Refused, match="最多延期1次"):
        extending.ask_extension(**ask, now=at("2026-03-09T09:00"))


def test_a_supplement_stops_the_clocks_that_allow_it_once(desk: Desk) -> None:
    """BEN-07 (GY-R14): from the day of the notice through the day of the answer; the hour is not stopped."""
    assignment = desk.assigned("2022-10-08T09:30", procedure_id=BENEFITS)
    matter, clock = assignment.matter, clock_of(assignment, "decision")
    desk.sign(assignment, "2022-10-08T10:00")
    assert ends(clock) == "2022-10-20T17:00"
    ask = {"matter": matter, "what": "缺少完税证明", "acting_user": desk.officer}
    stopping.ask_supplement(**ask, now=at("2022-10-12T15:00"))
    clock.refresh_from_db()
    assert (clock.state, clock.due_at) == ("stopped", None)
    stopping.supplement_received(matter=matter, now=at("2022-10-20T10:00"), acting_user=None)
    assert ends(clock) == "2022-10-31T17:00"
    assert "10月12日至10月20日停计" in clock.why
    with pytest.raises(Refused, match="应一次性告知"):
        stopping.ask_supplement(**ask, now=at("2022-10-21T10:00"))


def test_what_ran_out_does_not_stand_still(desk: Desk) -> None:
    """WY-R5: a notice on the evening of the last day saves nobody; an answer while it stands is in time."""
    late = desk.assigned("2026-03-02T09:00", "blue")
    stopping.ask_supplement(
        matter=late.matter, what="缺少材料", now=at("2026-03-02T17:30"), acting_user=desk.operator
    )
    clock = clock_of(late, "reply")
    assert clock.state == "running"
    assert clock.is_over(at("2026-03-02T17:30"))
    waiting = desk.assigned("2026-03-02T09:00", "yellow")
    desk.sign(waiting, "2026-03-02T09:10")
    stopping.ask_supplement(
        matter=waiting.matter, what="缺少材料", now=at("2026-03-03T09:00"), acting_user=desk.operator
    )
    desk.reply(waiting, "2026-03-20T09:00")
    clock = clock_of(waiting, "reply")
    assert (clock.is_late, clock.state) == (False, "met")
    assert clock.due_at is not None, "it counts in the month in which it would have ended"


def test_duplicates_are_joined_and_everybody_is_called(desk: Desk) -> None:
    """WY-R5: one goes on; all who reported are called back; never with itself, never into what has ended."""
    first = answered(desk, "2026-03-02T09:00")
    second = desk.register("2026-03-02T10:00", name="另一反映人", phone="13900000000").matter
    merge = {"now": at("2026-03-02T11:00"), "acting_user": desk.clerk}
    assert list(repeats.possible_duplicates(second)) == [first]
    with pytest.raises(Refused, match="不能并入自身"):
        merging.merge_matter(matter=first, into=first, **merge)
    merging.merge_matter(matter=second, into=first, **merge)
    second.refresh_from_db()
    assert (second.state, merging.surviving(second)) == (State.MERGED, first)
    assert not second.clocks.filter(state__in=("running", "stopped")).exists()
    for matter, into in ((first, second), (desk.register("2026-03-03T09:00").matter, second)):
        with pytest.raises(Refused, match=r"已并案|待回访"):
            merging.merge_matter(matter=matter, into=into, **merge)
    desk.call(first, "2026-03-04T09:00")
    first.refresh_from_db()
    assert first.state == State.CALLING, "one reporter of two was called"
    desk.call(second, "2026-03-04T10:00")
    first.refresh_from_db()
    assert first.state == State.CLOSING


def test_three_calls_on_two_days_count_as_not_reached(desk: Desk) -> None:
    """WY-R5: neither satisfied nor hidden, and an outcome of its own."""
    matter = answered(desk, "2026-03-02T09:00")
    for when in ("2026-03-03T09:00", "2026-03-03T10:00", "2026-03-03T15:00"):
        desk.call(matter, when, is_reached=False)
    matter.refresh_from_db()
    assert matter.state == State.CALLING, "three calls on one day are not enough"
    desk.call(matter, "2026-03-04T09:00", is_reached=False)
    matter.refresh_from_db()
    assert (matter.state, matter.is_reached, matter.is_satisfied) == (State.CLOSING, False, None)
    with pytest.raises(Refused, match="未联系上反映人"):
        desk.close(matter, "2026-03-04T10:00", "solved")
    assert desk.close(matter, "2026-03-04T10:00", "not_reached").is_solved is False


def test_an_anonymous_one_is_closed_without_a_call(desk: Desk) -> None:
    """GY-R18, CMP-04: accepted, with a code; not called back, not in satisfaction, counted all the same."""
    receipt = desk.register("2026-03-02T09:00", COMPLAINTS, is_anonymous=True)
    assert receipt.code
    matter = desk.judge(desk.accept(receipt.matter, "2026-03-02T10:00"), "c", "2026-03-02T10:00")
    (assignment,) = desk.assign(matter, "2026-03-02T11:00")
    desk.sign(assignment, "2026-03-02T11:30")
    desk.reply(assignment, "2026-03-03T09:00", outcome=matter.procedure.outcomes[0].id)
    closing.tell_reporter(
        matter=matter, text="已处理。", now=at("2026-03-04T09:00"), acting_user=desk.operator
    )
    matter.refresh_from_db()
    assert matter.state == State.CLOSING
    with pytest.raises(Refused):
        desk.call(matter, "2026-03-05T09:00")
    closed = desk.close(matter, "2026-03-05T09:00", matter.procedure.outcomes[0].id, "confirmed")
    assert (closed.is_reached, closed.is_satisfied) == (None, None)


def test_silence_accepts_from_the_end_of_the_limit(desk: Desk) -> None:
    """GY-R18, CMP-01: whenever somebody looks, and a refusal after it comes too late."""
    matter = desk.register("2026-09-30T16:30", COMPLAINTS).matter
    assert ends(matter.clocks.get(rule="acceptance")) == "2026-10-10T17:00"
    refuse = {"matter": matter, "refusal": matter.procedure.intake.refusals[0].id, "reason": "另案办理"}
    with pytest.raises(Refused, match="视为受理"):
        acceptance.propose_refusal(**refuse, now=at("2026-10-10T17:01"), acting_user=desk.operator)
    matter = desk.accept(matter, "2026-10-12T09:00")
    assert (matter.accepted_by_silence, timezone.localdate(matter.accepted_at).day) == (True, 10)
    desk.judge(matter, "b", "2026-10-12T10:00")
    assert ends(matter.clocks.get(rule="handling")) == "2026-10-30T17:00"
    assert matter.clocks.get(rule="acceptance").is_late is False


def test_a_lead_from_the_eve_of_labor_day(desk: Desk) -> None:
    """WY-R3, LEAD-01."""
    matter = desk.register("2026-04-30T18:00", LEADS, is_anonymous=True).matter
    assert ends(matter.clocks.get(rule="assignment")) == "2026-05-06T17:00"
    matter = desk.accept(matter, "2026-05-06T09:00")
    for category, end in (("c", "2026-05-12T17:00"), ("a", "2026-06-08T17:00")):
        other = desk.register("2026-04-30T18:00", LEADS, is_anonymous=True).matter
        other = desk.judge(desk.accept(other, "2026-05-06T09:00"), category, "2026-05-06T10:00")
        (assignment,) = desk.assign(other, "2026-05-06T11:00")
        assert ends(clock_of(assignment, "handling")) == end


def test_a_handed_back_assignment_is_not_late_and_the_next_has_its_own_hour(desk: Desk) -> None:
    """GY-R13, BEN-10: a second hand-back goes to the leading group."""
    matter = desk.register("2026-03-02T09:00", BENEFITS).matter
    matter = desk.accept(matter, "2026-03-02T09:10")
    matter = desk.judge(matter, matter.category, "2026-03-02T09:20")
    (first,) = desk.assign(matter, "2026-03-02T09:30")
    assigning.hand_back(
        assignment=first, reason="非本部门职责", now=at("2026-03-02T10:10"), acting_user=desk.officer
    )
    response = clock_of(first, "response")
    assert (response.state, response.is_late) == ("void", None)
    matter.refresh_from_db()
    assert ends(matter.clocks.get(rule="reassignment")) == "2026-03-02T11:10"
    (second,) = desk.assign(matter, "2026-03-02T11:20", desk.other_unit)
    assert matter.clocks.get(rule="reassignment").is_late is True, "ten minutes"
    assert ends(clock_of(second, "response")) == "2026-03-02T13:20"
    assert timezone.localtime(clock_of(second, "decision").began_at).hour == 9, "the ten days run on"
    assigning.hand_back(
        assignment=second, reason="非本部门职责", now=at("2026-03-02T13:00"), acting_user=desk.other_officer
    )
    matter.refresh_from_db()
    assert matter.state == State.REFERRED


def test_hours_are_working_minutes(desk: Desk) -> None:
    """GY-R14, BEN-01, BEN-04, BEN-17: lunch does not count, the closing minute does, the next is late."""
    for accepted, due in (
        ("2022-09-08T11:30", "2022-09-08T13:30"),
        ("2026-03-03T12:30", "2026-03-03T14:00"),
        ("2026-03-03T16:00", "2026-03-03T17:00"),
        ("2026-03-03T16:01", "2026-03-04T09:01"),
        ("2026-03-03T08:20", "2026-03-03T10:00"),
        ("2022-10-09T10:00", "2022-10-09T11:00"),
    ):
        matter = desk.accept(desk.register(accepted, BENEFITS).matter, accepted)
        assert ends(matter.clocks.get(rule="assignment")) == due
    for signed, is_late in (("2022-09-13T13:50", False), ("2022-09-13T13:51", True)):
        assignment = desk.assigned("2022-09-13T11:50", procedure_id=BENEFITS)
        desk.sign(assignment, signed)
        assert clock_of(assignment, "response").is_late is is_late


def test_passing_on_does_not_begin_the_limit_anew(desk: Desk) -> None:
    """WY-R5: the whole limit runs on when a matter goes to another unit."""
    first = desk.assigned("2026-03-02T09:00", "yellow")
    assigning.take_back(
        assignment=first, reason="改由县乙局办理", now=at("2026-03-04T09:00"), acting_user=desk.operator
    )
    matter = Matter.objects.get(pk=first.matter_id)
    (second,) = desk.assign(matter, "2026-03-04T10:00", desk.other_unit)
    assert ends(clock_of(second, "reply")) == "2026-03-05T17:00"
    assert not assignments_for(desk.officer).exists()


def test_a_returned_reply_does_not_stop_the_limit(desk: Desk) -> None:
    """WY-R5: only the days on which the answer lay with the desk do not count; the first text is kept."""
    assignment = desk.assigned("2026-03-02T09:00", "yellow")
    desk.sign(assignment, "2026-03-02T10:00")
    desk.reply(assignment, "2026-03-03T09:00")
    back = {"assignment": assignment, "reason": "没有写明依据", "acting_user": desk.operator}
    handling.return_reply(**back, now=at("2026-03-04T09:00"))
    assert ends(clock_of(assignment, "reply")) == "2026-03-09T17:00", "two days lay with the desk"
    assert clock_of(assignment, "completion").state == "void"
    desk.reply(assignment, "2026-03-05T09:00", reply="已补充依据。")
    replied = assignment.matter.events.filter(act=Act.REPLIED)
    assert [one.data["reply"] for one in replied] == ["已一次性告知并当场办结。", "已补充依据。"]
    desk.complete(assignment, "2026-03-05T10:00")
    desk.close(Matter.objects.get(pk=assignment.matter_id), "2026-03-05T11:00")
    with pytest.raises(Refused, match="已办结"):
        desk.reply(assignment, "2026-03-06T09:00")


def test_a_repeated_matter_is_refused_or_taken_up_with_something_new(desk: Desk) -> None:
    """WY-R5: decided and nothing new gets the old number; something new is another matter, by another."""
    old = answered(desk, "2026-03-02T09:00")
    same = desk.register("2026-03-03T09:00", name="测试反映人", phone="13800000000").matter
    refuse = {"earlier": old, "now": at("2026-03-03T10:00"), "acting_user": desk.operator}
    with pytest.raises(Refused, match="正在办理"):
        repeats.refuse_repeat(matter=same, **refuse)
    desk.close(old, "2026-03-03T11:00")
    assert old in repeats.possible_duplicates(same)
    refused = repeats.refuse_repeat(matter=same, **refuse)
    assert (refused.state, refused.follows) == (State.REFUSED, old)
    assert old.number in acceptance.refusal_in_words(refused)
    new = desk.register("2026-03-04T09:00", name="测试反映人").matter
    new = repeats.take_up_again(
        matter=new,
        earlier=old,
        new_evidence="又一次被退件",
        now=at("2026-03-04T09:30"),
        acting_user=desk.clerk,
    )
    matter = desk.judge(desk.accept(new, "2026-03-04T10:00"), "yellow", "2026-03-04T10:00")
    (assignment,) = desk.assign(matter, "2026-03-04T11:00")
    with pytest.raises(Refused, match="原承办人以外"):
        desk.sign(assignment, "2026-03-04T12:00")


def test_what_is_passed_on_is_signed_for_by_both_and_leaves_the_units(desk: Desk) -> None:
    """WY-R3: letter and register; afterwards nobody handles it here."""
    assignment = desk.assigned("2026-03-02T09:00", "yellow")
    transfer = {
        "matter": assignment.matter,
        "to": "discipline",
        "reason": "涉嫌违纪",
        "acting_user": desk.operator,
        "now": at("2026-03-03T09:00"),
    }
    with pytest.raises(Refused, match="移送函编号"):
        transferring.transfer_matter(**transfer, letter_number="")
    made = transferring.transfer_matter(**transfer, letter_number="移送〔2026〕1号")
    assert not assignments_for(desk.officer).exists()
    over = {"matter": made.matter, "their_number": "收2026-5", "now": at("2026-03-05T09:00")}
    transferring.note_taken_over(**over, received_by="接收人", acting_user=desk.operator)
    with pytest.raises(Refused, match="已经登记"):
        transferring.note_taken_over(**over, received_by="接收人", acting_user=desk.operator)
    with pytest.raises(Refused, match="已移送"):
        desk.sign(assignment, "2026-03-05T09:00")


def test_a_lawful_no_is_countersigned_by_another_than_who_closes(desk: Desk) -> None:
    """WY-R5: the clause is quoted, and nothing follows."""
    assignment = desk.assigned("2026-03-02T09:00", "yellow")
    desk.sign(assignment, "2026-03-02T10:00")
    with pytest.raises(Refused, match="依据的条款"):
        desk.reply(assignment, "2026-03-02T11:00", "lawful_no")
    desk.reply(assignment, "2026-03-02T11:00", "lawful_no", law="某条例第三条")
    matter = Matter.objects.get(pk=assignment.matter_id)
    assert matter.state == State.CLOSING, "nobody is named, so nobody is called"
    with pytest.raises(Refused, match="须经会签"):
        desk.close(matter, "2026-03-03T09:00", "lawful_no")
    sign = {"matter": matter, "now": at("2026-03-03T09:30")}
    closing.countersign(**sign, acting_user=desk.reviewer)
    with pytest.raises(Refused, match="会签人不能自己办结"):
        closing.close_matter(**sign, outcome="lawful_no", acting_user=desk.reviewer)
    assert not desk.close(matter, "2026-03-03T10:00", "lawful_no").is_solved


def reviewed(desk: Desk) -> Matter:
    matter = desk.register("2026-03-02T09:00", COMPLAINTS, name="测试投诉人").matter
    matter = desk.judge(desk.accept(matter, "2026-03-02T10:00"), "c", "2026-03-02T10:00")
    (assignment,) = desk.assign(matter, "2026-03-02T11:00")
    desk.sign(assignment, "2026-03-02T11:30")
    outcome = matter.procedure.outcomes[0].id
    desk.reply(assignment, "2026-03-03T09:00", outcome=outcome)
    closing.tell_reporter(
        matter=matter, text="已处理。", now=at("2026-03-04T09:00"), acting_user=desk.operator
    )
    return desk.close(matter, "2026-03-05T09:00", outcome, "confirmed")


def test_a_review_is_asked_for_in_time_and_decided_by_somebody_else(desk: Desk) -> None:
    """GY-R18: one level, fifteen working days, never by who handled or decided."""
    matter = reviewed(desk)
    ask = {"matter": matter, "reason": "事实不清", "acting_user": None}
    with pytest.raises(Refused, match="期限"):
        reviewing.ask_review(**ask, now=at("2026-03-26T00:00"))
    review = reviewing.ask_review(**ask, now=at("2026-03-25T23:59"))
    matter.refresh_from_db()
    assert matter.state == State.REVIEWING
    assert matter.clocks.get(rule="review").state == "running"
    decide = {"review": review, "decision": Review.Decision.REDO, "opinion": "事实需要再查。"}
    with pytest.raises(Refused, match="没有办理过"):
        reviewing.decide_review(**decide, now=at("2026-04-01T09:00"), acting_user=desk.operator)
    reviewing.decide_review(**decide, now=at("2026-04-01T09:00"), acting_user=desk.reviewer)
    matter.refresh_from_db()
    assert (matter.state, matter.times_reopened) == (State.JUDGED, 1)
    assert ends(matter.clocks.get(rule="handling", state="running")) == "2026-04-09T17:00"


def test_a_category_changes_with_a_reason_and_takes_no_time_away(desk: Desk) -> None:
    """WY-R5: the limit follows, and never ends before it was changed."""
    assignment = desk.assigned("2026-03-02T09:00", "yellow")
    change = {"matter": assignment.matter, "reason": "涉及推诿", "acting_user": desk.operator}
    recoloring.change_category(**change, category="red", now=at("2026-03-03T09:00"))
    clock = clock_of(assignment, "reply")
    assert ends(clock) == "2026-03-09T17:00"
    recoloring.change_category(**change, category="blue", now=at("2026-03-03T10:00"))
    assert ends(clock) == "2026-03-09T17:00"
    assert Matter.objects.get(pk=assignment.matter_id).first_category == "yellow"


def test_nobody_decides_about_their_own_unit(desk: Desk) -> None:
    """WY-R5: a member of the centre who belongs to the unit stands aside."""
    matter = answered(desk, "2026-03-02T09:00")
    Membership.objects.create(user=desk.reviewer, department=desk.unit)
    with pytest.raises(Refused, match="回避"):
        calling.note_call(
            matter=matter, way="电话", is_reached=True, now=at("2026-03-03T09:00"), acting_user=desk.reviewer
        )


def test_who_is_complained_about_never_handles_it(desk: Desk) -> None:
    """GY-R18: nor does a section that belongs to it."""
    section = Department.objects.create(name="县甲局某股", parent=desk.unit, kind="section", order=3)
    matter = desk.register("2026-03-02T09:00", COMPLAINTS, about=desk.unit).matter
    matter = desk.judge(desk.accept(matter, "2026-03-02T10:00"), "c", "2026-03-02T10:00")
    for unit in (desk.unit, section):
        with pytest.raises(Refused, match="不能由其自行办理"):
            desk.assign(matter, "2026-03-02T11:00", unit)


def test_who_signs_for_the_notice_signs_for_the_assignment(desk: Desk) -> None:
    """WY-R5: and the other way round; the notice says nothing about who reported."""
    first = desk.assigned("2026-03-02T09:00", "yellow", name="测试反映人", phone="13800000000")
    notice = Notice.objects.get(source="assignment", source_key=str(first.pk))
    assert not {"测试反映人", "13800000000"} & {notice.subject, notice.kind}
    assert first.matter.number in notice.subject
    sign_for(notice=notice, now=at("2026-03-02T10:00"), acting_user=desk.officer)
    first.refresh_from_db()
    assert (first.state, first.signed_by) == (Each.IN_HAND, desk.officer)
    second = desk.assigned("2026-03-02T09:00", "yellow")
    desk.sign(second, "2026-03-02T10:00")
    assert Notice.objects.get(source="assignment", source_key=str(second.pk)).received_by == desk.officer


def test_a_changed_file_changes_no_running_matter(desk: Desk, tmp_path: Path) -> None:
    """WY-R5: a matter goes to its end under the version it was registered under."""
    assignment = desk.assigned("2026-03-02T09:00", "yellow")
    text = (PROCEDURES / UNRESOLVED / "procedure.yaml").read_text(encoding="utf-8")
    changed = text.replace("yellow: {working_days: 3}", "yellow: {working_days: 1}")
    assert changed != text
    (tmp_path / UNRESOLVED).mkdir()
    (tmp_path / UNRESOLVED / "procedure.yaml").write_text(changed, encoding="utf-8")
    load_procedures(folder=tmp_path)
    assert ends(clock_of(assignment, "reply")) == "2026-03-05T17:00"
    assigning.take_back(
        assignment=assignment, reason="改办", now=at("2026-03-03T09:00"), acting_user=desk.operator
    )
    matter = Matter.objects.get(pk=assignment.matter_id)
    (again,) = desk.assign(matter, "2026-03-03T10:00", desk.other_unit)
    assert ends(clock_of(again, "reply")) == "2026-03-05T17:00"
    assert ends(clock_of(desk.assigned("2026-03-03T09:00", "yellow"), "reply")) == "2026-03-04T17:00"


def test_several_units_end_the_whole_limit_together(desk: Desk) -> None:
    """GY-R18: the limit of a complaint ends with the last answer; a unit that leaves keeps nobody waiting."""
    matter = desk.register("2026-03-02T09:00", COMPLAINTS).matter
    matter = desk.judge(desk.accept(matter, "2026-03-02T10:00"), "c", "2026-03-02T10:00")
    first, second = desk.assign(matter, "2026-03-02T11:00", desk.unit, desk.other_unit)
    desk.sign(first, "2026-03-02T11:30")
    desk.reply(first, "2026-03-03T09:00", outcome=matter.procedure.outcomes[0].id)
    assert matter.clocks.get(rule="handling").state == "running"
    assigning.take_back(
        assignment=second, reason="无须协办", now=at("2026-03-10T09:00"), acting_user=desk.operator
    )
    handling_ = matter.clocks.get(rule="handling")
    assert (handling_.state, handling_.is_late) == ("met", False)
    assert Matter.objects.get(pk=matter.pk).state == State.COMPLETED
