"""Comments after the tally (YC-R8): split and masked, put in other words, settled by another person."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from departments.kinds import StaffKind
from departments.models import Department, Section, StaffMember
from office.errors import Refused
from office.models import AuditEntry, User
from office.roles import PERMISSIONS, Role
from surveys import services
from surveys.ballots.sealing import Comment as Written
from surveys.comments import queries
from surveys.models import Comment, Survey
from surveys.voting.demo_box import fill_box
from tests.kit.stored_states import stored
from tests.kit.survey_office import Office, office_here, opened, signed_again

State = Comment.State
SAID = (
    Written(0, "2026年3月5日等了很久，鲁R12345也被拦", "请张科长改进，电话13812345678"),
    Written(0, "甲p1让我多跑一趟", ""),
    Written(2, "王芳说话难听", "建议设投诉电话"),
)
PASS_ON = "办事等候时间长。"


@dataclass
class Desk:
    """A counted survey in which three voters said something, and the two who decide on remarks."""

    survey: Survey
    writer: User
    reviewer: User

    def one(self, **which: Any) -> Comment:
        found = self.survey.remarks.filter(**which).first()
        assert found is not None
        return found

    def propose(
        self, comment: Comment, words: str = PASS_ON, topic: str = "服务态度", user: User | None = None
    ) -> Comment:
        return self._ask(
            services.propose_paraphrase, comment, user or self.writer, topic=topic, paraphrase=words
        )

    def withhold(self, comment: Comment, reason: str) -> Comment:
        return self._ask(services.propose_withholding, comment, self.writer, topic="其他", reason=reason)

    def confirm(self, comment: Comment, user: User | None = None) -> Comment:
        return self._ask(services.confirm_comment, comment, user or self.reviewer)

    def send_back(self, comment: Comment, note: str) -> Comment:
        return self._ask(services.send_back_comment, comment, self.reviewer, note=note)

    def settle(self) -> Comment:
        return self.confirm(self.propose(self.one()))

    def import_counts(self, inspector: User, **changed: object) -> None:
        content = signed_again(self.survey, **changed)
        reason = "保管人重新计票，意见有增减。"
        services.import_counts(survey=self.survey, content=content, reason=reason, acting_user=inspector)

    def _ask(self, step: Callable[..., None], comment: Comment, user: User, **more: str) -> Comment:
        step(survey=self.survey, comment_id=comment.pk, acting_user=user, **more)
        return Comment.objects.get(pk=comment.pk)


@stored
def counted() -> Desk:
    """王芳 is on the roster, but not judged."""
    office, (survey, slips) = office_here(), opened(20, ("private",))
    department = Department.objects.create(name="丙局")
    section = Section.objects.create(department=department, name="办公室")
    StaffMember.objects.create(department=department, section=section, name="王芳", kind=StaffKind.STAFF)
    fill_box(
        survey=survey,
        votes=[
            (slip, {"p1": {"overall": "不满意"}}, [said])
            for slip, said in zip(slips["private"], SAID, strict=False)
        ],
    )
    reviewer = User.objects.create_user("reviewer", role=Role.CENTRE_REVIEWER)
    return Desk(office.tally(office.close(survey)), office.operator, reviewer)


@pytest.fixture
def desk(office: Office) -> Desk:
    return counted()


def test_the_tally_splits_and_masks(desk: Desk) -> None:
    """YC-R8"""
    rows = set(Comment.objects.values_list("department", "kind", "masked", "state"))
    assert rows == {
        ("d1", "matter", "【日期】等了很久，【车牌】也被拦", State.WAITING),
        ("d1", "suggestion", "请【姓名】改进，电话【电话】", State.WAITING),
        ("d1", "matter", "【姓名】让我多跑一趟", State.WAITING),
        ("d2", "matter", "【姓名】说话难听", State.WAITING),
        ("d2", "suggestion", "建议设投诉电话", State.WAITING),
    }


def test_nothing_of_the_writer_is_kept_beside_a_remark() -> None:
    names = "id survey department kind masked state topic paraphrase reason note proposed_by settled_by"
    assert {field.name for field in Comment._meta.fields} == set(names.split())


def test_a_repeated_count_keeps_what_was_decided(desk: Desk, office: Office) -> None:
    comment = desk.settle()
    office.tally(desk.survey)
    assert desk.one(pk=comment.pk).state == State.SETTLED
    services.erase_originals(survey=desk.survey, acting_user=None)
    office.tally(desk.survey)
    assert desk.one(pk=comment.pk).state == State.SETTLED


def test_a_counts_file_with_other_comments_replaces_them(desk: Desk, office: Office) -> None:
    desk.import_counts(office.inspector, comments={"d1": [{"kind": "matter", "text": "窗口少"}]})
    assert list(Comment.objects.values_list("masked", flat=True)) == ["窗口少"]


@pytest.mark.parametrize(
    "comments",
    [
        None,
        [],
        {"d9": [{"kind": "matter", "text": "窗口少"}]},
        {"d1": [{"kind": "praise", "text": "窗口少"}]},
        {"d1": [{"kind": "matter"}]},
        {"d1": [{"kind": "matter", "text": 5}]},
        {"d1": "窗口少"},
    ],
)
def test_a_counts_file_with_faulty_comments_is_refused(desk: Desk, office: Office, comments: object) -> None:
    before = set(Comment.objects.values_list("pk", "masked"))
    with pytest.raises(Refused, match="计票"):
        desk.import_counts(office.inspector, comments=comments)
    assert set(Comment.objects.values_list("pk", "masked")) == before


def test_two_persons_decide(desk: Desk) -> None:
    """YC-R8"""
    comment = desk.propose(desk.one(department="d1"))
    assert comment.state == State.PROPOSED
    desk.confirm(comment)
    shown = queries.remark(desk.survey, comment.pk)
    assert shown is not None
    assert (shown.is_settled, shown.paraphrase, shown.topic) == (True, PASS_ON, "服务态度")
    assert (shown.proposed_by, shown.settled_by) == (desk.writer, desk.reviewer)


@pytest.mark.both_databases
def test_nobody_confirms_the_own_proposal(desk: Desk) -> None:
    """Also not after a change of role, and not past the service."""
    comment = desk.propose(desk.one())
    User.objects.filter(pk=desk.writer.pk).update(role=Role.CENTRE_REVIEWER)
    desk.writer.refresh_from_db()
    with pytest.raises(Refused, match="拟稿人不能复核自己的概括"):
        desk.confirm(comment, desk.writer)
    assert desk.one(pk=comment.pk).state == State.PROPOSED
    with pytest.raises(IntegrityError), transaction.atomic():
        Comment.objects.filter(pk=comment.pk).update(state=State.SETTLED, settled_by=desk.writer)


def test_withholding_needs_a_reason_and_a_second_person(desk: Desk) -> None:
    with pytest.raises(Refused, match="原因"):
        desk.withhold(desk.one(), " ")
    comment = desk.confirm(desk.withhold(desk.one(), "与单位职责无关"))
    shown = queries.remark(desk.survey, comment.pk)
    assert shown is not None
    assert (shown.paraphrase, shown.reason, shown.is_settled) == ("", "与单位职责无关", True)


@pytest.mark.parametrize("is_settled", [False, True])
def test_a_proposal_sent_back_is_worked_on_again(desk: Desk, is_settled: bool) -> None:
    comment = desk.settle() if is_settled else desk.propose(desk.one())
    with pytest.raises(Refused, match="退回说明"):
        desk.send_back(comment, "")
    comment = desk.send_back(comment, "请再概括")
    assert (comment.state, comment.note, comment.settled_by) == (State.SENT_BACK, "请再概括", None)
    comment = desk.propose(comment)
    assert (comment.state, comment.note) == (State.PROPOSED, "")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("  ", "没有填写概括"),
        ("张科长说话难听。", "【姓名】说话难听"),
        ("3月5日等候时间长。", "【日期】等候时间长"),
        ("等候很久，【姓名】没有解释。", "概括中还有"),
        ("材料多次退回窗口也不说明原因", "概括与原文相同"),  # 14 characters of the original
        ("材料多次退回窗口也不说明原", "概括与原文相同"),  # 13
        ("材料多次退回窗口也不说明", ""),  # 12 may be those of the original
    ],
)
def test_words_that_point_at_somebody_are_refused(desk: Desk, words: str, said: str) -> None:
    comment = desk.one()
    Comment.objects.filter(pk=comment.pk).update(masked="我去办证，材料多次退回窗口也不说明原因。")
    if not said:
        assert desk.propose(comment, words).state == State.PROPOSED
        return
    with pytest.raises(Refused, match=said):
        desk.propose(comment, words)
    assert desk.one(pk=comment.pk).state == State.WAITING


def test_steps_out_of_order_and_foreign_remarks_are_refused(desk: Desk, office: Office) -> None:
    waiting = desk.one()
    with pytest.raises(Refused, match="待处理"):
        desk.confirm(waiting)
    with pytest.raises(Refused, match="待处理"):
        desk.send_back(waiting, "重写")
    with pytest.raises(Refused, match="没有选择意见所属的事项"):
        desk.propose(waiting, topic="天气")
    done = desk.settle()
    with pytest.raises(Refused, match="已经复核"):
        desk.propose(done)
    desk.survey = office.create("另一次评价")
    with pytest.raises(Refused, match="没有找到这条意见"):
        desk.confirm(waiting)


@pytest.mark.parametrize("role", list(Role))
def test_only_roles_with_the_action_word_or_confirm_a_remark(desk: Desk, role: Role) -> None:
    comment = desk.one()
    desk.writer = desk.reviewer = User.objects.create_user("somebody", role=role)
    steps: list[tuple[str, Callable[[], Comment]]] = [
        ("comment.propose", partial(desk.propose, comment)),
        ("comment.propose", partial(desk.withhold, comment, "无具体内容")),
        ("comment.approve", partial(desk.confirm, comment)),
        ("comment.approve", partial(desk.send_back, comment, "重写")),
    ]
    for action, step in steps:
        if role not in PERMISSIONS[action]:
            with pytest.raises(Refused, match="没有这项操作的权限"):
                step()
    assert not PERMISSIONS["comment.propose"] & PERMISSIONS["comment.approve"]


def test_the_audit_knows_what_was_decided_but_no_word_of_it(desk: Desk) -> None:
    comment = desk.settle()
    desk.send_back(comment, "写得太细")
    desk.withhold(comment, "无法概括")
    rows = AuditEntry.objects.filter(object_type="意见建议").order_by("pk")
    assert [row.verb for row in rows] == ["拟定意见概括", "复核意见", "退回意见概括", "提议不反馈意见"]
    kept = "".join(f"{row.object_label}{row.before}{row.after}" for row in AuditEntry.objects.all())
    for word in (comment.masked, PASS_ON, "写得太细", "无法概括", "13812345678"):
        assert word not in kept


@pytest.mark.both_databases
def test_originals_go_and_decisions_stay(desk: Desk) -> None:
    """What is still worked on keeps its masked words until it is settled."""
    done = desk.settle()
    assert services.erase_originals(survey=desk.survey, acting_user=None)
    assert Survey.objects.get(pk=desk.survey.pk).comments == {}
    done.refresh_from_db()
    assert (done.masked, done.paraphrase) == ("", PASS_ON)
    later = desk.one(state=State.WAITING)
    assert later.masked
    later = desk.confirm(desk.propose(later))
    assert (later.masked, later.paraphrase) == ("", PASS_ON)
    assert not services.erase_originals(survey=desk.survey, acting_user=None)
    assert AuditEntry.objects.filter(verb="销毁意见原文").count() == 1


def test_the_queue_goes_on_and_begins_again(desk: Desk) -> None:
    """Department by department; a reviewer is not offered what came from the same hands."""
    seen: list[int] = []
    while (pk := queries.next_to_word(desk.survey, after=seen[-1] if seen else 0)) not in seen:
        assert pk is not None
        seen.append(pk)
    assert len(seen) == Comment.objects.count()
    assert pk == seen[0]
    departments = [Comment.objects.get(pk=each).department for each in seen]
    assert departments == sorted(departments)
    comment = desk.propose(desk.one())
    assert queries.next_to_confirm(desk.survey, not_by=desk.reviewer.pk) == comment.pk
    assert queries.next_to_confirm(desk.survey, not_by=desk.writer.pk) is None


def test_progress_is_counted_by_department(desk: Desk) -> None:
    desk.settle()
    first, second = queries.progress(desk.survey)
    assert (first.name, first.matters, first.suggestions) == ("甲局", 2, 1)
    assert (second.name, second.matters, second.suggestions) == ("乙局", 1, 1)
    assert first.settled + second.settled == 1
    assert first.to_word + second.to_word == 4


def test_topics_come_from_the_questionnaire(desk: Desk) -> None:
    """YC-R9"""
    topics = queries.topics_of(desk.survey)
    assert topics[:2] == ["审批服务", "业务办理"]
    assert topics[-1] == "其他"
