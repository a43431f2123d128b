"""The channel of the ballot: what voters said of units; what they said of persons stands with the persons."""

from __future__ import annotations

from django.urls import reverse

from evaluations.gathering.kinds import ChannelKind, Parts, Progress, register
from evaluations.models import Channel, Round
from evaluations.rounds.subject_keys import is_department
from surveys import queries

Counts = dict[str, dict[str, int]]


def progress(channel: Channel) -> Progress:
    round_ = channel.round
    if round_.survey is not None and queries.counts(round_.survey):
        return Progress(1, 1, notes=["已计票"])
    said = "评价进行中" if round_.state == Round.State.OPEN else round_.get_state_display()
    return Progress(0, 1, missing=[said])


def facts(channel: Channel) -> Parts:
    counts = queries.counts(channel.round.survey) if channel.round.survey else {}
    source = channel.need.partition(".")[2]
    found: Parts = {}
    for subjects in counts.values():
        for key, answers in subjects.items():
            if is_department(key):
                part = found.setdefault(key, {"answers": {source: {}}})
                add(part["answers"][source], answers)
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
