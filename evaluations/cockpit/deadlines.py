"""Until when the step that is due has to be done: for the round's page and for start pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse

from evaluations.models import Channel, Round
from evaluations.rounds.channels import has_ballot
from office import dates, roles
from office.models import User

State = Round.State


@dataclass(frozen=True)
class Until:
    """A deadline in words, or that there is none yet; where it is set, for who may set it."""

    said: str
    day: date | datetime | None = None
    url: str = ""
    label: str = ""


def until_of(round: Round, user: User) -> Until | None:
    """Return None for a step that has no end of its own."""
    if round.state == State.SERVED and round.appeals_until:
        return Until(f"申诉期到{dates.day(round.appeals_until)}为止", round.appeals_until)
    if round.state in (State.PREPARED, State.OPEN) and has_ballot(round):
        return _of_the_vote(round, user)
    if round.state in (State.OPEN, State.CLOSED):
        return _of_the_channels(round, user)
    return None


def _of_the_vote(round: Round, user: User) -> Until:
    if round.closes_at:
        return Until(f"{dates.moment(round.closes_at)}截止", round.closes_at)
    if not roles.allowed(user, "round.open"):
        return Until("未定截止时间")
    return Until("未定截止时间", None, reverse("cockpit:act", args=[round.pk, "deadline"]), "设定截止时间")


def _of_the_channels(round: Round, user: User) -> Until | None:
    open_ones = [
        one
        for one in round.channels.all()
        if one.kind != Channel.Kind.BALLOT and one.state == Channel.State.OPEN
    ]
    days = [one.due_on for one in open_ones if one.due_on]
    if not open_ones:
        return None
    if len(days) == len(open_ones):
        first, last = min(days), max(days)
        said = dates.day(first) if first == last else f"{dates.day(first)}起先后到期，最迟{dates.day(last)}"
        return Until(f"办结期限：{said}", first)
    without = len(open_ones) - len(days)
    said = f"{without}项取数渠道未定办结期限"
    if days:
        said = f"最近的办结期限{dates.day(min(days))}，另有{said}"
    url = reverse("cockpit:channels", args=[round.pk]) if roles.allowed(user, "round.edit") else ""
    return Until(said, min(days, default=None), url, "设定办结期限")
