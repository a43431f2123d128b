"""Tier and points of a unit (方阵): suggested by rank where the scheme has a measure, moved by people with a
remark (FC-R5, FC-R7)."""

from __future__ import annotations

from fractions import Fraction
from functools import partial
from typing import Any

from evaluations.gathering.entries import measures
from evaluations.gathering.entries.columns import Number, TierColumn, tier_name
from evaluations.gathering.entries.grid import Grid, Row, Values, remark_of, values_of
from evaluations.gathering.entries.stored import confirmed_rows, subjects_of
from evaluations.gathering.entries.words import name_of, scheme, words_of
from evaluations.models import Channel
from evaluations.scoring.steps.placement import PlacementStep, Suggested
from evaluations.scoring.steps.step import PlacementNeed
from office.definitions.numbers import exact, plain

TIER, POINTS = "tier", "points"


def grid_of(channel: Channel) -> Grid:
    name = name_of(channel)
    need = words_of(channel).placements[name]
    columns = (
        TierColumn(item=TIER, label="方阵", tiers=len(need.tiers)),
        Number(item=POINTS, label="分值", low=min(low for low, _ in need.tiers), high=need.tiers[0][1]),
    )
    suggested, waiting = suggestions(channel)
    by_tier = "；".join(
        f"{tier_name(at)} {plain(low)}–{plain(high)} 分" for at, (low, high) in enumerate(need.tiers, start=1)
    )
    holes = "方阵之间的分值计入较低方阵" if need.holes_open else "方阵之间的分值不予接受"
    return Grid(
        columns=columns,
        part=partial(_part, name),
        check=partial(_check, need, suggested),
        fill=partial(_fill, need),
        missing=partial(_missing, need),
        hint_label="建议" if suggested else "",
        hints={
            subject: f"{tier_name(one.tier)}（第 {one.rank} 位，共 {one.of}）"
            for subject, one in suggested.items()
        },
        says=f"{by_tier}；{holes}。{waiting}",
    )


def suggestions(channel: Channel) -> tuple[dict[int, Suggested], str]:
    """Return the suggested tiers by unit once the measure is confirmed for all, and what is said of it."""
    step = scheme(channel).step(name_of(channel))
    if not isinstance(step, PlacementStep) or step.measure is None:
        return {}, ""
    source = channel.round.channels.filter(need=f"measures.{step.measure.id}").first()
    if source is None:
        return {}, ""
    source.round = channel.round
    rows = confirmed_rows(source)
    figures = {
        str(subject): exact(value)
        for subject, row in rows.items()
        if (value := values_of(row).get("")) is not None
    }
    lacking = [
        one for one in subjects_of(channel.round) if measures.grid_of(source).lacks(rows.get(one.pk, {}))
    ]
    if lacking:
        return {}, f"{step.measure.label}还有 {len(lacking)} 个单位没有确认，暂不提出建议。"
    found = {int(subject): one for subject, one in step.suggested(figures).items()}
    return found, f"与按{step.measure.label}名次提出的建议不同的，须在备注中写明原因。"


def tier_of(need: PlacementNeed, points: Fraction) -> int | None:
    return next((at for at in range(1, len(need.tiers) + 1) if need.fits(at, points)), None)


def _fill(need: PlacementNeed, values: Values) -> Values:
    """The points say the tier, so it need not be typed."""
    points = values.get(POINTS)
    tier = tier_of(need, exact(points)) if points is not None else None
    return values if tier is None else {TIER: tier, **values}


def _check(need: PlacementNeed, suggested: dict[int, Suggested], subject: int, row: Row) -> dict[str, str]:
    values = values_of(row)
    points, tier = values.get(POINTS), values.get(TIER)
    if points is None:
        return {}
    fits = tier_of(need, exact(points))
    if fits is None:
        return {POINTS: f"{points} 落在方阵之间，按口径不予接受，请改为方阵之内的分值"}
    if tier is not None and tier != fits:
        low, high = need.tiers[int(tier) - 1]
        return {POINTS: f"{points} 不在{tier_name(int(tier))}（{plain(low)}–{plain(high)}）之内"}
    hint = suggested.get(subject)
    if hint is not None and hint.tier != fits and not remark_of(row):
        return {"remark": f"定为{tier_name(fits)}，与建议的{tier_name(hint.tier)}不同，请写明原因"}
    return {}


def _missing(need: PlacementNeed, row: Row) -> list[str]:
    return [] if POINTS in values_of(row) else ["分值"]


def _part(name: str, row: Row) -> dict[str, Any]:
    values = values_of(row)
    if POINTS not in values:
        return {}
    remark = remark_of(row)
    tier = {TIER: values[TIER]} if TIER in values else {}
    return {"placements": {name: {**tier, POINTS: values[POINTS], **({"remark": remark} if remark else {})}}}
