"""When what was voted with may go: ballots from the database, bundles from this machine; and why not yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from disclosure.models import Publication
from evaluations.models import Appeal, Round
from evaluations.rounds.state import survey_of
from office import dates
from surveys import services as surveys


@dataclass(frozen=True)
class Verdict:
    """`reasons`: why it stays; empty where it may go. `why`: why it may."""

    round: Round
    reasons: list[str]
    why: str = ""

    @property
    def may_go(self) -> bool:
        return not self.reasons


def rounds_with_ballots() -> list[Round]:
    """Rounds of which the database still holds ballots."""
    return [one for one in _rounds() if surveys.stored_ballots(survey_of(one))]


def rounds_with_bundles() -> list[Round]:
    """Rounds whose bundle lies on this machine."""
    return [one for one in _rounds() if surveys.keeps_bundle(survey_of(one))]


def rounds_without_bundle() -> list[Round]:
    return [
        one for one in _rounds() if survey_of(one).bundle_digest and not surveys.keeps_bundle(survey_of(one))
    ]


def _rounds() -> list[Round]:
    return list(Round.objects.exclude(survey=None).select_related("survey").order_by("pk"))


def may_ballots_go(round: Round, *, today: date, days: int) -> Verdict:
    """Never before publication and its time, while anything may still change, or without a whole bundle."""
    return _verdict(round, _reasons(round, today, days), days)


def may_bundle_go(round: Round, *, today: date, days: int) -> Verdict:
    """As ballots, and only after them: then nothing in the database stands for the bundle any more."""
    found = _reasons(round, today, days)
    if not found and surveys.stored_ballots(survey_of(round)):
        found = ["选票还在数据库中，先移出选票。"]
    return _verdict(round, found, days)


def _verdict(round: Round, reasons: list[str], days: int) -> Verdict:
    published = _published_on(round)
    if reasons or published is None:
        return Verdict(round, reasons)
    return Verdict(round, [], f"{dates.day(published)}公布，已满{days}天，无未结申诉，计票包核对无误。")


def _published_on(round: Round) -> date | None:
    """The day of the last publication, a correction included."""
    last = Publication.objects.filter(round=round).exclude(rendered_at=None).order_by("number").last()
    if last is None or last.day is None:
        return None
    return timezone.localdate(last.day)


def _reasons(round: Round, today: date, days: int) -> list[str]:
    published = _published_on(round)
    if round.state != Round.State.PUBLISHED or published is None:
        return [f"轮次尚未公布（目前为“{round.get_state_display()}”）。"]
    if round.is_being_corrected:
        return ["结果正在更正公布。"]
    if number := round.appeals.filter(state=Appeal.State.LODGED).count():
        return [f"有{number}件申诉尚未办结。"]
    if round.appeals_until and today <= round.appeals_until:
        return [f"申诉期至{dates.day(round.appeals_until)}，尚未结束。"]
    due = published + timedelta(days=days)
    if today < due:
        return [f"{dates.day(published)}公布，{dates.day(due)}起可以移出。"]
    return surveys.why_bundle_does_not_stand(survey_of(round))
