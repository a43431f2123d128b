"""What becomes of a round's consequences in the demo: some decided, served, fulfilled, lapsed, some wait."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from evaluations import services as rounds
from evaluations.consequences.measures import measures_for
from evaluations.models import DecisionNumber, Disposition, Rectification, Round
from office.models import User

DECIDED = 8
SERVED = 6


def decide_some(held: Round, people: Mapping[str, User], day: date, now: datetime) -> None:
    """Decide the first proposals about units and persons, serve most of them, set one aside."""
    rows = list(held.dispositions.select_related("round", "result__scheme_version").order_by("pk"))
    measures = measures_for(rows)
    reviewer = people["reviewer"]
    open_ = [
        one for one in rows if one.kind != "points" and (one.staff_member_id or one.target != "principal")
    ]
    wanted = _varied(open_)
    decided: list[Disposition] = []
    for number, one in enumerate(wanted[:DECIDED], start=DecisionNumber.objects.count() + 1):
        measure = measures[one.pk]
        if measure is None:
            continue
        decided += rounds.decide_dispositions(
            dispositions=[one],
            decision=rounds.Decision(
                body=measure.decided_by[0], number=f"示范处〔{day.year}〕{number}号", decided_on=day
            ),
            now=now,
            today=day,
            acting_user=reviewer,
        )
    if served := decided[:SERVED]:
        next_day, now = day + timedelta(days=3), now + timedelta(days=3)
        rounds.serve_dispositions(
            dispositions=served,
            service=rounds.Service(way=Disposition.Way.SYSTEM, served_on=next_day),
            now=now,
            today=next_day,
            acting_user=reviewer,
        )
        _end(served, next_day, now, reviewer)
    if rest := wanted[DECIDED : DECIDED + 1]:
        reason = "经研究，情节轻微，已作提醒（示范）"
        rounds.set_aside(dispositions=rest, reason=reason, now=now, acting_user=reviewer)


def _varied(rows: list[Disposition]) -> list[Disposition]:
    """The cards of units, which ask for a rectification, then one of each kind."""
    cards = [one for one in rows if one.kind == "card" and not one.staff_member_id]
    first = {one.word: one for one in reversed(rows)}.values()
    ahead = [*cards, *sorted(set(first) - set(cards), key=lambda one: one.pk)]
    return ahead + [one for one in rows if one not in ahead]


def _end(served: list[Disposition], day: date, now: datetime, reviewer: User) -> None:
    """The first that asks for no paper is fulfilled; the others go on, and lapse by their dates."""
    for one in served:
        one.refresh_from_db()
        to_put_right = Rectification.objects.filter(disposition=one).exists()
        if not (to_put_right or one.papers.exists() or one.fulfilled_on):
            rounds.fulfil(disposition=one, fulfilled_on=day, now=now, today=day, acting_user=reviewer)
            return
