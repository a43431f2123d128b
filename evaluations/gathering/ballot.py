"""The channel of the ballot: what voters said of units, or the marks a panel gave them by slip.

What they said of persons stands with the persons.
"""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from evaluations.gathering.kinds import ChannelKind, Parts, Progress, register
from evaluations.models import Channel, Round
from evaluations.rounds.subject_keys import is_department
from evaluations.rounds.voters import MARKS
from surveys import queries

Counts = dict[str, dict[str, int]]


def progress(channel: Channel) -> Progress:
    round_ = channel.round
    if round_.survey is not None and queries.counts(round_.survey):
        return Progress(1, 1, notes=["已计票", *_returned(channel)])
    said = "评价进行中" if round_.state == Round.State.OPEN else round_.get_state_display()
    return Progress(0, 1, missing=[said])


def _returned(channel: Channel) -> list[str]:
    """How many came back of a panel's slips: what a quorum is judged by."""
    survey, panel = channel.round.survey, channel.need.removeprefix(MARKS)
    if survey is None or panel == channel.need:
        return []
    given = queries.valid_ballots(survey).get(panel, 0)
    asked = queries.handed_out(survey).get(panel)
    if asked is None:
        return [f"收到{given}张，发出凭条没有清点，不能判断收回的份数是否达到规定"]
    return [f"发出凭条{asked}张，收到{given}张"]


def facts(channel: Channel) -> Parts:
    if channel.need.startswith(MARKS):
        return _marks(channel, channel.need.removeprefix(MARKS))
    counts = queries.counts(channel.round.survey) if channel.round.survey else {}
    source = channel.need.partition(".")[2]
    found: Parts = {}
    for subjects in counts.values():
        for key, answers in subjects.items():
            if is_department(key):
                part = found.setdefault(key, {"answers": {source: {}}})
                add(part["answers"][source], answers)
    return found


def _marks(channel: Channel, panel: str) -> Parts:
    """What the panel gave each unit, under numbers that change from unit to unit, as those of sheets do."""
    survey = channel.round.survey
    if survey is None:
        return {}
    asked = queries.handed_out(survey).get(panel)
    found: Parts = {}
    for unit, given in queries.marks_given(survey).get(panel, {}).items():
        part: dict[str, Any] = {}
        if asked is not None:
            part["asked"] = {panel: max(asked, len(given))}
        if given:
            part["marks"] = {panel: {f"m{number}": mark for number, mark in enumerate(given, start=1)}}
        found[unit] = part
    return found


def add(into: Counts, answers: Counts) -> None:
    for question, choices in answers.items():
        row = into.setdefault(question, {})
        for choice, number in choices.items():
            row[choice] = row.get(choice, 0) + number


def url(channel: Channel) -> str:
    return reverse("cockpit:round", args=[channel.round_id])


register(
    ChannelKind(
        kind=Channel.Kind.BALLOT,
        action="round.open",
        confirm="round.close",
        progress=progress,
        facts=facts,
        url=url,
    )
)
