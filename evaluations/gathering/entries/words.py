"""What the scheme says of a channel's need, under the readings of its round."""

from __future__ import annotations

from evaluations.models import Channel
from evaluations.schemes.stored import scheme_of
from evaluations.scoring.scheme import Scheme
from evaluations.scoring.steps.step import Needs
from evaluations.scoring.vocabulary import vocabulary


def name_of(channel: Channel) -> str:
    """The name that facts use: `leaders` of `marks.leaders`."""
    return channel.need.partition(".")[2]


def words_of(channel: Channel) -> Needs:
    return vocabulary(scheme_of(channel.round))


def scheme(channel: Channel) -> Scheme:
    return scheme_of(channel.round)
