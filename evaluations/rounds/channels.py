"""The channels of a round: put together from what its scheme needs, under the readings it chose."""

from __future__ import annotations

from collections.abc import Mapping

from evaluations.models import Channel, Round
from evaluations.schemes.stored import ballot_step, scheme_of
from evaluations.scoring.gathering import SERVING, Need
from evaluations.scoring.steps.ballot_mean import BallotMean
from office.errors import Refused


def needs_of(round: Round) -> dict[str, Need]:
    return {need.key: need for need, _ in scheme_of(round).needs()}


def allowed_kinds(round: Round) -> dict[str, tuple[str, ...]]:
    """Return {need: the channels that may serve it}, the usual one first."""
    return {
        need.key: tuple(rule.channels if rule else SERVING[need.kind])
        for need, rule in scheme_of(round).needs()
    }


def put_together(round: Round, chosen: Mapping[str, str] | None = None) -> None:
    """Make the round's channels fit its scheme and readings; `chosen` names a kind for some needs.

    What was entered in a channel that stays, stays.
    """
    allowed = allowed_kinds(round)
    wanted = dict(chosen or {})
    if strange := [need for need, kind in wanted.items() if kind not in allowed.get(need, ())]:
        raise Refused(f"有{len(strange)}项数据不能用所选的渠道收集", "请按方案列出的渠道选择。")
    kept = {channel.need: channel for channel in round.channels.all()}
    _refuse_two_ballots(allowed, wanted, kept)
    round.channels.exclude(need__in=allowed).delete()
    for order, (need, kinds) in enumerate(allowed.items()):
        channel = kept.get(need) or Channel(round=round, need=need, kind=kinds[0])
        kind = wanted.get(need, channel.kind)
        if channel.pk and kind != channel.kind:
            channel.entries.all().delete()
            channel.taken = {}
        channel.kind, channel.order = kind if kind in kinds else kinds[0], order
        channel.save()


def _refuse_two_ballots(
    allowed: Mapping[str, tuple[str, ...]], wanted: Mapping[str, str], kept: Mapping[str, Channel]
) -> None:
    """One slip asks for answers or for marks, never for both."""
    kinds = {
        need: wanted.get(need, kept[need].kind if need in kept else of[0]) for need, of in allowed.items()
    }
    asked = {need.partition(".")[0] for need, kind in kinds.items() if kind == Channel.Kind.BALLOT}
    if len(asked) > 1:
        raise Refused("同一轮的选票不能既评满意度又打分", "请为其中一类数据改选其他渠道。")


ANSWERS = "answers."


def ballot_sources(round: Round) -> list[str]:
    """Return whose answers the ballot of the round gives, as the steps of its scheme name them.

    What only a ballot may gather it gathers; the round is asked where there was a choice.
    """
    kinds = {need: kinds for need, kinds in allowed_kinds(round).items() if need.startswith(ANSWERS)}
    may = {need: set(of) for need, of in kinds.items() if Channel.Kind.BALLOT in of}
    if any(len(of) > 1 for of in may.values()):
        chosen = round.channels.filter(kind=Channel.Kind.BALLOT).values_list("need", flat=True)
        may = {need: may[need] for need in chosen if need in may}
    return [need.removeprefix(ANSWERS) for need in may]


def asked_by_ballot(round: Round) -> BallotMean | None:
    """Return the step that the ballot of the round serves."""
    return ballot_step(scheme_of(round), ballot_sources(round))


def holds_shares(round: Round) -> bool:
    """Whether the kinds of voters have shares to keep (YC-R5); else all voters are of one kind."""
    return scheme_of(round).strata is not None


def has_ballot(round: Round) -> bool:
    return round.channels.filter(kind=Channel.Kind.BALLOT).exists()
