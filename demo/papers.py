"""Official papers of the demo: each kind once, one withdrawn; a request before an appointment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from evaluations.account.answering import Request, answer
from evaluations.models import Appeal, Disposition, Rectification, Round
from office.models import User
from reports.documents import kinds, services
from reports.documents.kinds import Given
from reports.models import IssuingBody, OfficialDocument

SHANGHAI = ZoneInfo("Asia/Shanghai")
ROUND = "yuncheng-2023"
MONTHLY = "matter_month"
WRITTEN = {
    "problems": "一是少数窗口午间无人值守（示范）。\n二是部分事项一次告知不全（示范）。",
    "demands": "各单位对照问题逐项整改，于2026年11月30日前报送整改情况（示范）。",
}


def issue_papers(people: Mapping[str, User]) -> None:
    """A circular, a card, a rectification, two decisions on appeals; the last is withdrawn again."""
    held = Round.objects.get(scheme_version__scheme_id=ROUND, state=Round.State.PUBLISHED)
    issue("circular", held, date(2026, 10, 14), people, **WRITTEN)
    decided = Disposition.objects.filter(round=held, staff_member=None).exclude(number="").order_by("pk")
    for kind in ("card_notice", "rectification_notice"):
        for one in [each for each in decided if _fits(kind, each)][:2]:
            issue(kind, one, date(2026, 10, 15), people)
    appeals = Appeal.objects.filter(round=held).exclude(state=Appeal.State.LODGED)
    made = [issue("appeal_decision", one, date(2026, 10, 15), people) for one in appeals.order_by("pk")]
    for paper in made[-1:]:
        services.withdraw_document(
            document=paper,
            reason="主送单位填写有误，另行制发（示范）",
            today=date(2026, 10, 16),
            acting_user=people["reviewer"],
        )
        issue("appeal_decision", appeals.get(pk=paper.about_id), date(2026, 10, 16), people)


def answer_a_request(people: Mapping[str, User]) -> None:
    first = Rectification.objects.select_related("department").order_by("pk").first()
    if first is None:
        return
    request = Request(
        department=first.department,
        staff_member=None,
        asked_by_body="示范县委组织部",
        asked_by_person="示范未",
        purpose="拟任职考察（示范）",
        asked_on=date(2026, 11, 19),
        letter="示组函〔2026〕1号",
    )
    extract = answer(request=request, now=_at(date(2026, 11, 19)), acting_user=people["reviewer"])
    issue("extract_reply", extract, date(2026, 11, 19), people)


def _fits(kind: str, found: Disposition) -> bool:
    paper = kinds.PAPERS[kind]
    return paper.fits(found) and not paper.why_not(found)


def issue(kind: str, found: Any, on: date, people: Mapping[str, User], **written: str) -> OfficialDocument:
    """Issue with what the data suggest, and with what people would write."""
    paper = kinds.PAPERS[kind]
    body = IssuingBody.objects.order_by("pk")[0]
    answers = {ask.name: written.get(ask.name, ask.initial) for ask in paper.asks(found)}
    return services.issue_document(
        kind=kind,
        body=body,
        content=paper.build(found, Given(body, on, answers)),
        about=kinds.SUBJECTS[paper.about].concerns(found),
        now=_at(on),
        acting_user=people["reviewer"],
    )


def _at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 10, tzinfo=SHANGHAI)
