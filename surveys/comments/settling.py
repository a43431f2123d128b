"""Comments (YC-R8): split by the tally, put in other words by one person, settled by another.

No audit row holds a word of a comment: only which department it is about and what was decided.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db import transaction

from departments.models import StaffMember
from office import audit, roles
from office.errors import Refused
from surveys.ballots.signing import NONCE
from surveys.comments.masking import Masker, masker
from surveys.comments.queries import names_of_departments, topics_of
from surveys.models import Comment, Survey

if TYPE_CHECKING:
    from office.models import User

State = Comment.State
LONGEST_COPY = 12


def split_comments(survey: Survey, comments: Any) -> None:
    """Keep the comments of a tally, one masked remark a row; called within the tally's transaction.

    The same comments again (a count that is repeated) leave rows and decisions as they are.
    """
    texts = _texts(survey, comments)
    known = Counter(_texts(survey, survey.comments))
    if survey.remarks.exists() and known in ({}, Counter(texts)):  # empty: the originals are erased
        return
    survey.remarks.all().delete()
    mask = masker(_names(survey))
    made = [
        Comment(survey=survey, department=department, kind=kind, masked=mask(text))
        for department, kind, text in texts
    ]
    Comment.objects.bulk_create(sorted(made, key=lambda remark: remark.pk), batch_size=500)


def check_comments(survey: Survey, comments: Any) -> None:
    """Refuse comments that are not whole or belong to another form."""
    _texts(survey, comments)


def _texts(survey: Survey, comments: Any) -> list[tuple[str, str, str]]:
    known = names_of_departments(survey)
    try:
        texts = [
            (department, str(entry["kind"]), entry["text"].strip())
            for department, entries in comments.items()
            for entry in entries
        ]
    except (KeyError, TypeError, AttributeError) as fault:
        raise Refused("计票结果文件中的文字意见不完整", "请使用计票程序写出的原件。") from fault
    if any(department not in known or kind not in Comment.Kind.values for department, kind, _ in texts):
        raise Refused("计票结果文件中的文字意见与评价表不符", "请使用计票程序写出的原件。")
    return [each for each in texts if each[2]]


def _names(survey: Survey) -> set[str]:
    asked = {
        person["name"]
        for department in survey.frozen()["form"]["departments"]
        for section in department["sections"]
        for person in section["persons"]
    }
    return asked | set(StaffMember.objects.values_list("name", flat=True))


@transaction.atomic
def propose_paraphrase(
    *, survey: Survey, comment_id: int, topic: str, paraphrase: str, acting_user: User
) -> None:
    roles.require(acting_user, "comment.propose")
    comment = _open(survey, comment_id)
    words = " ".join(paraphrase.split())
    _check_words(words, comment.masked, masker(_names(comment.survey)))
    _propose(comment, topic, acting_user, paraphrase=words)


@transaction.atomic
def propose_withholding(
    *, survey: Survey, comment_id: int, topic: str, reason: str, acting_user: User
) -> None:
    """Propose not to pass a remark on; the reason is read by the second person and the inspectorate."""
    roles.require(acting_user, "comment.propose")
    comment = _open(survey, comment_id)
    if not reason.strip():
        raise Refused("没有填写不反馈的原因", "请补填。")
    _propose(comment, topic, acting_user, reason=reason.strip())


@transaction.atomic
def propose_for_several(
    *,
    survey: Survey,
    comment_ids: Iterable[int],
    topic: str,
    paraphrase: str = "",
    reason: str = "",
    acting_user: User,
) -> int:
    """One paraphrase, or one reason not to pass on, for several remarks: all of them or none."""
    if bool(paraphrase.strip()) == bool(reason.strip()):
        raise Refused("概括和不反馈的原因须填写其中一项", "请只填写一项后再提交。")
    chosen = _chosen(comment_ids)
    for pk in chosen:
        about: dict[str, Any] = {
            "survey": survey,
            "comment_id": pk,
            "topic": topic,
            "acting_user": acting_user,
        }
        if paraphrase.strip():
            propose_paraphrase(**about, paraphrase=paraphrase)
        else:
            propose_withholding(**about, reason=reason)
    return len(chosen)


@transaction.atomic
def confirm_several(*, survey: Survey, comment_ids: Iterable[int], acting_user: User) -> int:
    """Settle several remarks that another person proposed: all of them or none."""
    chosen = _chosen(comment_ids)
    for pk in chosen:
        confirm_comment(survey=survey, comment_id=pk, acting_user=acting_user)
    return len(chosen)


def _chosen(comment_ids: Iterable[int]) -> list[int]:
    chosen = sorted(set(comment_ids))
    if not chosen:
        raise Refused("没有选择意见", "请在列表中勾选。")
    return chosen


def _check_words(words: str, masked: str, mask: Masker) -> None:
    if not words:
        raise Refused("没有填写概括", "请填写概括，或者填写不反馈的原因。")
    if mask(words) != words or "【" in words:
        raise Refused(
            "概括中还有姓名、日期、金额、号码、地址一类的内容", "请删去后再提交：", faults=[mask(words)]
        )
    original = " ".join(masked.split())
    runs = range(len(words) - LONGEST_COPY)
    if any(words[start : start + LONGEST_COPY + 1] in original for start in runs):
        raise Refused("概括与原文相同，写法可能被人认出", "请换一种说法。")


def _propose(
    comment: Comment, topic: str, acting_user: User, *, paraphrase: str = "", reason: str = ""
) -> None:
    if topic not in topics_of(comment.survey):
        raise Refused("没有选择意见所属的事项", "请选择事项。")
    comment.topic, comment.paraphrase, comment.reason = topic, paraphrase, reason
    comment.proposed_by, comment.settled_by, comment.note = acting_user, None, ""
    comment.state = State.PROPOSED
    comment.save()
    _note("拟定意见概括" if paraphrase else "提议不反馈意见", comment, acting_user)


@transaction.atomic
def confirm_comment(*, survey: Survey, comment_id: int, acting_user: User) -> None:
    """Settle what another person proposed; never the person who proposed it."""
    roles.require(acting_user, "comment.approve")
    comment = _locked(survey, comment_id)
    if comment.state != State.PROPOSED:
        raise Refused(f"这条意见目前为“{comment.get_state_display()}”，不能复核")
    if comment.proposed_by_id == acting_user.pk:
        raise Refused("拟稿人不能复核自己的概括", "请由另一位复核人员办理。")
    comment.state, comment.settled_by = State.SETTLED, acting_user
    if not comment.survey.comments:  # the originals are gone already
        comment.masked = ""
    comment.save()
    _note("复核意见", comment, acting_user)


@transaction.atomic
def send_back_comment(*, survey: Survey, comment_id: int, note: str, acting_user: User) -> None:
    """Send a proposal back with a word why; also one that is settled, which the department then loses."""
    roles.require(acting_user, "comment.approve")
    comment = _locked(survey, comment_id)
    if comment.state not in (State.PROPOSED, State.SETTLED):
        raise Refused(f"这条意见目前为“{comment.get_state_display()}”，不能退回")
    if not note.strip():
        raise Refused("没有填写退回说明", "请补填。")
    comment.state, comment.note, comment.settled_by = State.SENT_BACK, note.strip(), None
    comment.save()
    _note("退回意见概括", comment, acting_user)


@transaction.atomic
def erase_originals(*, survey: Survey, acting_user: User | None) -> bool:
    """Erase what voters wrote once nobody needs it; paraphrases, topics and decisions stay.

    Remarks that are still worked on keep their masked words until they are settled.
    """
    survey = Survey.objects.select_for_update().get(pk=survey.pk)
    if not survey.comments:
        return False
    survey.comments = {}
    survey.controls.pop(NONCE, None)  # with it, short remarks could be guessed from their mark
    survey.save(update_fields=["comments", "controls"])
    erased = survey.remarks.filter(state=State.SETTLED).update(masked="")
    audit.record("销毁意见原文", survey, acting_user=acting_user, after={"已复核": erased})
    return True


def _open(survey: Survey, comment_id: int) -> Comment:
    comment = _locked(survey, comment_id)
    if comment.state == State.SETTLED:
        raise Refused("这条意见已经复核", "确需修改的，请复核人员先退回。")
    return comment


def _locked(survey: Survey, comment_id: int) -> Comment:
    found = Comment.objects.select_for_update(of=("self",)).select_related("survey")
    comment = found.filter(survey_id=survey.pk, pk=comment_id).first()
    if comment is None:
        raise Refused("没有找到这条意见", "请返回列表重新选择。")
    return comment


def _note(verb: str, comment: Comment, acting_user: User) -> None:
    """Say about which department and what was decided, never with which words."""
    name = names_of_departments(comment.survey)[comment.department]
    decided = "不反馈" if comment.reason else "概括"
    after = {"单位": name, "类型": comment.get_kind_display(), "事项": comment.topic, "处理": decided}
    audit.record(verb, comment, acting_user=acting_user, after=after)
