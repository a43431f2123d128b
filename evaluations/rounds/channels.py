"""The channels of a round: put together from what its scheme needs, under the readings it chose."""

from __future__ import annotations

from collections.abc import Mapping

from evaluations.models import Channel, Round
from evaluations.schemes.stored import scheme_of
from evaluations.scoring.gathering import SERVING, Need
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
    round.channels.exclude(need__in=allowed).delete()
    for order, (need, kinds) in enumerate(allowed.items()):
        channel = kept.get(need) or Channel(round=round, need=need, kind=kinds[0])
        kind = wanted.get(need, channel.kind)
        if channel.pk and kind != channel.kind:
            channel.entries.all().delete()
        channel.kind, channel.order = kind if kind in kinds else kinds[0], order
        channel.save()


def has_ballot(round: Round) -> bool:
    return round.channels.filter(kind=Channel.Kind.BALLOT).exists()
