"""What a reporter can do with number and query code: supplement, rate, ask for review, withdraw."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from casework.matters import calling, files, reviewing, stopping
from casework.matters.clocks import Reckoner
from casework.matters.closing import may_be_withdrawn, withdraw_matter
from casework.matters.events import LONGEST
from casework.models import Matter, MatterEvent, MatterFile, Review
from office.calendar import days
from office.errors import Refused

LONGEST_SUPPLEMENT, LONGEST_REASON = 900, 500
WAY = "凭查询码"


@dataclass(frozen=True)
class Act:
    """One thing to do, whether it can be done now, and the sentence that follows it."""

    name: str
    done: str
    may: Callable[[Matter], bool]
    do: Callable[[HttpRequest, Matter], object]


def what_is_missing(matter: Matter) -> str:
    stop = matter.stops.filter(last=None).first()
    return stop.what if stop and matter.state in stopping.WHILE else ""


def _may_supplement(matter: Matter) -> bool:
    return bool(what_is_missing(matter))


def _supplement(request: HttpRequest, matter: Matter) -> None:
    """Take in what was missing; the clocks run on from the next day."""
    text, now = _said(request, "text", LONGEST_SUPPLEMENT), timezone.now()
    intake = matter.procedure.intake
    sent = request.FILES.getlist("photos")
    left = max(0, intake.most_files - matter.files.filter(kind=MatterFile.Kind.REPORTED).count())
    photos = files.read_uploads(sent, most=left, papers=intake.papers)
    if not text and not photos:
        raise Refused("没有填写补充说明，也没有选择照片", "请补充后再提交。")
    with files.storing() as names, transaction.atomic():
        stopping.supplement_received(matter=matter, now=now, acting_user=None)
        if text:
            # No audit row: these are the reporter's own words.
            told = f"反映人补充：{text}"[:LONGEST]
            MatterEvent(matter=matter, act=MatterEvent.Act.NOTED, at=now, by=None, text=told).save()
        kind = MatterFile.Kind.REPORTED
        files.add_files(matter=matter, files=photos, kind=kind, names=names, now=now)


def _may_rate(matter: Matter) -> bool:
    rule = matter.procedure.call_back
    whole = matter.merged_into or matter
    return (
        rule is not None
        and rule.is_answered_with_code(is_anonymous=matter.is_anonymous)
        and whole.state == Matter.State.CALLING
        and not calling.calls_of(matter, whole.times_reopened).filter(is_reached=True).exists()
    )


def _rate(request: HttpRequest, matter: Matter) -> None:
    rule = matter.procedure.call_back
    asked = rule.questions if rule else ()
    answers = {one.id: _said(request, f"answer-{one.id}", 300) for one in asked}
    if rule and not answers.get(rule.satisfaction):
        raise Refused("没有选择是否满意", "请选择后再提交。")
    calling.note_call(
        matter=matter, way=WAY, is_reached=True, answers=answers, now=timezone.now(), acting_user=None
    )


def _may_review(matter: Matter) -> bool:
    """Whether it was decided, not yet reviewed, and the days to ask have not run out."""
    rule = matter.procedure.review
    if rule is None or matter.state not in reviewing.REVIEWED:
        return False
    if Review.objects.filter(matter=matter).exists():
        return False
    told = matter.told_at or matter.closed_at or matter.received_at
    limit = Reckoner().clock.limit(days.local(told), rule.ask_within.span)
    return limit.is_met_by(days.local(timezone.now()))


def _review(request: HttpRequest, matter: Matter) -> None:
    reason = _said(request, "reason", LONGEST_REASON)
    reviewing.ask_review(matter=matter, reason=reason, now=timezone.now(), acting_user=None)


def _may_withdraw(matter: Matter) -> bool:
    return may_be_withdrawn(matter)


def _withdraw(request: HttpRequest, matter: Matter) -> None:
    if request.POST.get("sure") != "1":
        raise Refused("没有勾选确认", "确实要撤回的，请勾选后再提交。")
    withdraw_matter(matter=matter, reason="", now=timezone.now(), acting_user=None)


def _said(request: HttpRequest, name: str, longest: int) -> str:
    text = request.POST.get(name, "").replace("\r\n", "\n")
    kept = "".join(letter for letter in text if letter.isprintable() or letter == "\n").strip()
    if len(kept) > longest:
        raise Refused(f"超过{longest}字", "请写得简短一些。")
    return kept


ACTS = (
    Act("supplement", "补充材料已经收到。", _may_supplement, _supplement),
    Act("rate", "您的评价已经登记，谢谢。", _may_rate, _rate),
    Act("review", "复核申请已经收到，将由没有办理过本事项的人员复核。", _may_review, _review),
    Act("withdraw", "已经撤回，不再办理。", _may_withdraw, _withdraw),
)
