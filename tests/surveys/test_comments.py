"""Comments after the tally (YC-R8): split and masked, put in other words, settled by another person."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction

from departments.kinds import StaffKind
from departments.models import Department, Section, StaffMember
from office.errors import Refused
from office.models import AuditEntry, User
from office.roles import PERMISSIONS, Role
from surveys import services
from surveys.ballots.sealing import Comment as Written
from surveys.box import bundles
from surveys.comments import queries as comment_queries
from surveys.models import Comment, Survey
from tests.surveys.conftest import Office, Voter

S = Comment.State
SAID = (
    Written(0, "2026年3月5日等了很久，鲁R12345也被拦", "请张科长改进，电话13812345678"),
    Written(0, "甲p1让我多跑一趟", ""),
    Written(2, "王芳说话难听", "建议设投诉电话"),
)
PASS_ON = "办事等候时间长。"


@pytest.fixture
def counted(office: Office) -> Survey:
    """A counted survey in which three voters said something; 王芳 is on the roster, but not judged."""
    department = Department.objects.create(name="丙局")
    section = Section.objects.create(department=department, name="办公室")
    StaffMember.objects.create(department=department, section=section, name="王芳", kind=StaffKind.STAFF)
    survey, slips = office.ready()
    for slip, said in zip(slips["private"], SAID, strict=False):
        Voter(survey, slip).vote({"p1": {"overall": "不满意"}}, [said])
    return office.tally(office.close(survey))


@pytest.fixture
def reviewer(db: None) -> User:
    return User.objects.create_user("reviewer", role=Role.CENTRE_REVIEWER)


def one(survey: Survey, **which: str) -> Comment:
    found = survey.remarks.filter(**which).first()
    assert found is not None
    return found


def state_of(comment: Comment) -> str:
    return Comment.objects.get(pk=comment.pk).state


def proposed(survey: Survey, user: User, **which: str) -> Comment:
    comment = one(survey, **which)
    services.propose_paraphrase(
        survey=survey, comment_id=comment.pk, topic="服务态度", paraphrase=PASS_ON, acting_user=user
    )
    return comment


def settled(survey: Survey, office: Office, reviewer: User) -> Comment:
    comment = proposed(survey, office.operator)
    services.confirm_comment(survey=survey, comment_id=comment.pk, acting_user=reviewer)
    return comment


def test_the_tally_splits_and_masks(counted: Survey) -> None:
    """YC-R8"""
    rows = set(Comment.objects.values_list("department", "kind", "masked", "state"))
    assert rows == {
        ("d1", "matter", "【日期】等了很久，【车牌】也被拦", S.WAITING),
        ("d1", "suggestion", "请【姓名】改进，电话【电话】", S.WAITING),
        ("d1", "matter", "【姓名】让我多跑一趟", S.WAITING),
        ("d2", "matter", "【姓名】说话难听", S.WAITING),
        ("d2", "suggestion", "建议设投诉电话", S.WAITING),
    }


def test_nothing_of_the_writer_is_kept_beside_a_remark() -> None:
    assert {field.name for field in Comment._meta.fields} == {
        "id",
        "survey",
        "department",
        "kind",
        "masked",
        "state",
        "topic",
        "paraphrase",
        "reason",
        "note",
        "proposed_by",
        "settled_by",
    }


def test_a_repeated_count_keeps_what_was_decided(counted: Survey, office: Office, reviewer: User) -> None:
    comment = settled(counted, office, reviewer)
    office.tally(counted)
    assert state_of(comment) == S.SETTLED
    services.erase_originals(survey=counted, acting_user=None)
    office.tally(counted)
    assert state_of(comment) == S.SETTLED


def test_a_counts_file_with_other_comments_replaces_them(counted: Survey, office: Office) -> None:
    counts = bundles.counted(counted)
    counts["comments"] = {"d1": [{"kind": "matter", "text": "窗口少"}]}
    services.import_counts(survey=counted, content=json.dumps(counts).encode(), acting_user=office.inspector)
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
def test_a_counts_file_with_faulty_comments_is_refused(
    counted: Survey, office: Office, comments: object
) -> None:
    before = set(Comment.objects.values_list("pk", "masked"))
    counts = {**bundles.counted(counted), "comments": comments}
    with pytest.raises(Refused, match="未作任何更改"):
        services.import_counts(
            survey=counted, content=json.dumps(counts).encode(), acting_user=office.inspector
        )
    assert set(Comment.objects.values_list("pk", "masked")) == before


def test_two_persons_decide(counted: Survey, office: Office, reviewer: User) -> None:
    """YC-R8"""
    comment = proposed(counted, office.operator, department="d1")
    assert state_of(comment) == S.PROPOSED
    services.confirm_comment(survey=counted, comment_id=comment.pk, acting_user=reviewer)
    shown = comment_queries.remark(counted, comment.pk)
    assert shown is not None
    assert (shown.is_settled, shown.paraphrase, shown.topic) == (True, PASS_ON, "服务态度")
    assert (shown.proposed_by, shown.settled_by) == (office.operator, reviewer)


@pytest.mark.both_databases
def test_nobody_confirms_the_own_proposal(counted: Survey, office: Office) -> None:
    """Also not after a change of role, and not past the service."""
    comment = proposed(counted, office.operator)
    User.objects.filter(pk=office.operator.pk).update(role=Role.CENTRE_REVIEWER)
    office.operator.refresh_from_db()
    with pytest.raises(Refused, match="拟稿人不能复核自己的概括"):
        services.confirm_comment(survey=counted, comment_id=comment.pk, acting_user=office.operator)
    assert state_of(comment) == S.PROPOSED
    with pytest.raises(IntegrityError), transaction.atomic():
        Comment.objects.filter(pk=comment.pk).update(state=S.SETTLED, settled_by=office.operator)


def test_withholding_needs_a_reason_and_a_second_person(
    counted: Survey, office: Office, reviewer: User
) -> None:
    comment = one(counted)
    ask = {"survey": counted, "comment_id": comment.pk, "topic": "其他", "acting_user": office.operator}
    with pytest.raises(Refused, match="原因"):
        services.propose_withholding(reason=" ", **ask)
    services.propose_withholding(reason="与单位职责无关", **ask)
    services.confirm_comment(survey=counted, comment_id=comment.pk, acting_user=reviewer)
    shown = comment_queries.remark(counted, comment.pk)
    assert shown is not None
    assert (shown.paraphrase, shown.reason, shown.is_settled) == ("", "与单位职责无关", True)


@pytest.mark.parametrize("is_settled", [False, True])
def test_a_proposal_sent_back_is_worked_on_again(
    counted: Survey, office: Office, reviewer: User, is_settled: bool
) -> None:
    comment = settled(counted, office, reviewer) if is_settled else proposed(counted, office.operator)
    back = {"survey": counted, "comment_id": comment.pk, "acting_user": reviewer}
    with pytest.raises(Refused, match="退回说明"):
        services.send_back_comment(note="", **back)
    services.send_back_comment(note="请再概括", **back)
    comment.refresh_from_db()
    assert (comment.state, comment.note, comment.settled_by) == (S.SENT_BACK, "请再概括", None)
    assert proposed(counted, office.operator, pk=str(comment.pk)).pk == comment.pk
    comment.refresh_from_db()
    assert (comment.state, comment.note) == (S.PROPOSED, "")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("  ", "请填写概括"),
        ("张科长说话难听。", "【姓名】说话难听"),
        ("3月5日等候时间长。", "【日期】等候时间长"),
        ("等候很久，【姓名】没有解释。", "概括中还有"),
        ("材料多次退回窗口也不说明原因", "概括与原文相同"),  # 14 characters of the original
    ],
)
def test_words_that_point_at_somebody_are_refused(
    counted: Survey, office: Office, words: str, said: str
) -> None:
    comment = one(counted)
    Comment.objects.filter(pk=comment.pk).update(masked="我去办证，材料多次退回窗口也不说明原因。")
    with pytest.raises(Refused, match=said):
        services.propose_paraphrase(
            survey=counted, comment_id=comment.pk, topic="其他", paraphrase=words, acting_user=office.operator
        )
    assert state_of(comment) == S.WAITING


@pytest.mark.parametrize(("length", "taken"), [(12, True), (13, False)])
def test_a_short_phrase_may_be_that_of_the_original(
    counted: Survey, office: Office, length: int, taken: bool
) -> None:
    comment = one(counted)
    original = "窗口人员少排队等候时间很长又没有人引导"
    Comment.objects.filter(pk=comment.pk).update(masked=original)

    def propose() -> None:
        services.propose_paraphrase(
            survey=counted,
            comment_id=comment.pk,
            topic="其他",
            paraphrase=original[:length],
            acting_user=office.operator,
        )

    if taken:
        propose()
    else:
        with pytest.raises(Refused, match="概括与原文相同"):
            propose()


def test_steps_out_of_order_and_foreign_remarks_are_refused(
    counted: Survey, office: Office, reviewer: User
) -> None:
    waiting = one(counted)
    with pytest.raises(Refused, match="待处理"):
        services.confirm_comment(survey=counted, comment_id=waiting.pk, acting_user=reviewer)
    with pytest.raises(Refused, match="待处理"):
        services.send_back_comment(survey=counted, comment_id=waiting.pk, note="重写", acting_user=reviewer)
    with pytest.raises(Refused, match="请选择意见所属的事项"):
        services.propose_paraphrase(
            survey=counted,
            comment_id=waiting.pk,
            topic="天气",
            paraphrase=PASS_ON,
            acting_user=office.operator,
        )
    done = settled(counted, office, reviewer)
    with pytest.raises(Refused, match="已经复核"):
        proposed(counted, office.operator, pk=str(done.pk))
    other = office.create("另一次评价")
    with pytest.raises(Refused, match="没有找到这条意见"):
        services.confirm_comment(survey=other, comment_id=waiting.pk, acting_user=reviewer)


Step = Callable[..., None]


@pytest.mark.parametrize("role", list(Role))
def test_who_may_do_what(counted: Survey, role: Role) -> None:
    user = User.objects.create_user("somebody", role=role)
    comment = one(counted)
    common = {"survey": counted, "comment_id": comment.pk, "acting_user": user}
    words = {"topic": "其他", "paraphrase": PASS_ON}
    steps: list[tuple[str, Step, dict[str, str]]] = [
        ("comment.propose", services.propose_paraphrase, words),
        ("comment.propose", services.propose_withholding, {"topic": "其他", "reason": "无具体内容"}),
        ("comment.approve", services.confirm_comment, {}),
        ("comment.approve", services.send_back_comment, {"note": "重写"}),
    ]
    for action, step, arguments in steps:
        if role in PERMISSIONS[action]:
            continue
        with pytest.raises(Refused, match="没有这项操作的权限"):
            step(**common, **arguments)
    assert not PERMISSIONS["comment.propose"] & PERMISSIONS["comment.approve"]


def test_the_audit_knows_what_was_decided_but_no_word_of_it(
    counted: Survey, office: Office, reviewer: User
) -> None:
    comment = settled(counted, office, reviewer)
    services.send_back_comment(survey=counted, comment_id=comment.pk, note="写得太细", acting_user=reviewer)
    services.propose_withholding(
        survey=counted,
        comment_id=comment.pk,
        topic="其他",
        reason="无法概括",
        acting_user=office.operator,
    )
    rows = AuditEntry.objects.filter(object_type="意见建议").order_by("pk")
    verbs = [row.verb for row in rows]
    assert verbs == ["拟定意见概括", "复核意见", "退回意见概括", "提议不反馈意见"]
    kept = "".join(f"{row.object_label}{row.before}{row.after}" for row in AuditEntry.objects.all())
    comment.refresh_from_db()
    for word in (comment.masked, PASS_ON, "写得太细", "无法概括", "13812345678"):
        assert word not in kept


@pytest.mark.both_databases
def test_originals_go_and_decisions_stay(counted: Survey, office: Office, reviewer: User) -> None:
    """What is still worked on keeps its masked words until it is settled."""
    done = settled(counted, office, reviewer)
    assert services.erase_originals(survey=counted, acting_user=None)
    assert Survey.objects.get(pk=counted.pk).comments == {}
    done.refresh_from_db()
    assert (done.masked, done.paraphrase) == ("", PASS_ON)
    later = one(counted, state=S.WAITING)
    assert later.masked
    proposed(counted, office.operator, pk=str(later.pk))
    services.confirm_comment(survey=counted, comment_id=later.pk, acting_user=reviewer)
    later.refresh_from_db()
    assert (later.masked, later.paraphrase) == ("", PASS_ON)
    assert not services.erase_originals(survey=counted, acting_user=None)
    assert AuditEntry.objects.filter(verb="销毁意见原文").count() == 1


def test_the_queue_goes_on_and_begins_again(counted: Survey, office: Office, reviewer: User) -> None:
    """Department by department; a reviewer is not offered what came from the same hands."""
    seen: list[int] = []
    while (pk := comment_queries.next_to_word(counted, after=seen[-1] if seen else 0)) not in seen:
        assert pk is not None
        seen.append(pk)
    assert len(seen) == Comment.objects.count()
    assert pk == seen[0]
    departments = [Comment.objects.get(pk=each).department for each in seen]
    assert departments == sorted(departments)
    comment = proposed(counted, office.operator)
    assert comment_queries.next_to_confirm(counted, not_by=reviewer.pk) == comment.pk
    assert comment_queries.next_to_confirm(counted, not_by=office.operator.pk) is None


def test_progress_by_department(counted: Survey, office: Office, reviewer: User) -> None:
    settled(counted, office, reviewer)
    first, second = comment_queries.progress(counted)
    assert (first.name, first.matters, first.suggestions) == ("甲局", 2, 1)
    assert (second.name, second.matters, second.suggestions) == ("乙局", 1, 1)
    assert first.settled + second.settled == 1
    assert first.to_word + second.to_word == 4


def test_topics_come_from_the_questionnaire(counted: Survey) -> None:
    """YC-R9"""
    topics = comment_queries.topics_of(counted)
    assert topics[:2] == ["审批服务", "业务办理"]
    assert topics[-1] == "其他"
