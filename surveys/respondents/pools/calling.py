"""From a draw to those who are asked: who handed them in, and how they are reached (FC-R13)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from surveys.models import DrawnMember, HandedInSample, PoolDraw

if TYPE_CHECKING:
    from departments.models import Department

__all__ = ["ASKED", "Called", "Named", "PoolDraw", "asked", "bind_samples", "called", "draws_of", "waiting"]
State = DrawnMember.State
ASKED = (State.DRAWN, State.STEPPED_IN)
AT_ONCE = 500


def bind_samples(drawn: Iterable[DrawnMember]) -> None:
    """Keep with each of them the latest sample of every department that handed it in."""
    by_number = {one.member.number: one for one in drawn}
    samples = HandedInSample.objects.filter(code__in=by_number, is_withdrawn=False).order_by("period", "id")
    latest = {(one.code, one.department_id): one.pk for one in samples}
    through = DrawnMember.samples.through
    through.objects.bulk_create(
        [
            through(drawnmember_id=by_number[code].pk, handedinsample_id=sample)
            for (code, _), sample in latest.items()
        ],
        batch_size=AT_ONCE,
    )


@dataclass(frozen=True)
class Named:
    """One unit that handed in an enterprise, and what it was about."""

    unit: Department
    matter: str
    phone: str


@dataclass(frozen=True)
class Called:
    """One who is asked: how to reach them, and which units named them (none: the office decides)."""

    drawn: DrawnMember
    name: str
    phone: str
    units: Sequence[Named]


def asked(draw: PoolDraw) -> list[Called]:
    """Return those who are asked now: drawn or stepped in, not who gave way; four queries at any size."""
    return _called(draw.drawn.filter(state__in=ASKED))


def called(drawn: DrawnMember) -> Called:
    return _called(DrawnMember.objects.filter(pk=drawn.pk))[0]


def _called(rows: QuerySet[DrawnMember]) -> list[Called]:
    found = rows.select_related("member__entity", "cell__stratum")
    return [
        Called(
            one,
            one.member.name,
            one.member.phone or (one.member.entity.phone if one.member.entity else ""),
            [Named(each.department, each.matter, each.phone) for each in one.samples.all()],
        )
        for one in found.prefetch_related("samples__department")
    ]


def draws_of(survey_id: int | None, numbers: Iterable[int]) -> list[PoolDraw]:
    """Return the draws with these numbers, and those made with the fingerprint of a survey."""
    wanted = Q(pk__in=numbers) | (Q(survey=survey_id) if survey_id else Q())
    return list(PoolDraw.objects.filter(wanted).select_related("pool", "drawn_by").order_by("pk"))


def waiting(draw: PoolDraw) -> int:
    """How many of the reserve have not stepped in."""
    return draw.drawn.filter(state=State.RESERVE).count()
