"""What the public sees of a round: decided at publication, stored, and only ever shown with fewer names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.utils import timezone

from departments.models import StaffMember
from disclosure.models import Publication
from evaluations.models import Result, Round
from evaluations.publication import Shown, grades_of
from evaluations.publication.stored import without_people, without_persons
from evaluations.publication.view import NONE
from evaluations.rounds.subject_keys import person_key
from evaluations.schemes.stored import scheme_of
from office import dates
from reports.results.announcement import Announcement, Past, announce, kept, restored

MOST_ROUNDS = 12
TAKEN_DOWN = "按规定撤下部分人员的姓名，其余内容未作更改。"
NEXT_ROUND = "下一轮结果已经公布，人员成绩按规定撤下，单位的结果未作更改。"
GONE = "本轮的人员成绩已按规定撤下。"
MADE_ANEW = (
    "首次公布时的内容没有存档，本页按现行公布规则重新生成。为保护评价人，个别数字与首次公布时可能不同。"
)
Fill = Callable[[Publication], None]
"""Gives a publication from before its content was stored what it showed."""


def corrected_by(publication: Publication) -> str:
    day = timezone.localdate(_published_at(publication))
    why = f"更正原因：{publication.result.reason}。" if publication.result.reason else ""
    return f"本次公布的结果已由{dates.day(day)}的第{publication.number}次公布更正。{why}"


def decide(publication: Publication) -> None:
    """Store what the public sees of a publication, beside all that it saw of the round before."""
    publication.shown = kept(_announced(publication, publication.result, _fill))
    publication.save(update_fields=["shown"])


def preview(result: Result, *, number: int, decision: str, now: datetime) -> Announcement:
    """What the public will see if the result is published now; to look writes nothing."""
    publication = Publication(
        round=result.round, result=result, number=number, decision=decision, published_at=now
    )
    return _announced(publication, result, _FillToLook())


def as_published(publication: Publication) -> Announcement | None:
    """What was published of units, for lists and pictures elsewhere, which name nobody.

    None for a publication from before its content was stored: its own pages are made anew, nothing else is.
    """
    return restored(publication.shown, publication.notes) if publication.shown else None


def to_render(publication: Publication) -> Announcement:
    """What the pages show now: as stored, without persons who may not be shown any more."""
    _fill(publication)
    found = restored(publication.shown, publication.notes)
    if not publication.shows_persons():
        if found.view.persons_public != NONE:
            found = replace(found, about_persons=GONE, decision="", persons_gone=True)
        return replace(found, view=without_persons(found.view))
    ids = StaffMember.objects.filter(is_shown=False).values_list("pk", flat=True)
    return replace(found, view=without_people(found.view, {person_key(pk) for pk in ids}))


def why_persons_are_gone(publication: Publication) -> str:
    """What readers are told of persons who were published and are no longer; empty where none are gone."""
    _fill(publication)
    if publication.shows_persons() or restored(publication.shown).view.persons_public == NONE:
        return ""
    later = publication.corrected_by()
    return corrected_by(later) if later else NEXT_ROUND


def _announced(publication: Publication, result: Result, fill: Fill) -> Announcement:
    return announce(
        result,
        published_on=timezone.localdate(_published_at(publication)),
        number=publication.number,
        earlier=[_seen(one, fill) for one in publication.earlier().order_by("number")],
        decision=publication.decision,
        trend=_trend(publication, fill),
    )


def _trend(publication: Publication, fill: Fill) -> dict[str, tuple[Past, ...]]:
    """What the last publication of each earlier round of the scheme shows of each unit, oldest first."""
    version = publication.round.scheme_version
    before = (
        Publication.objects.filter(
            round__scheme_version__scheme_id=version.scheme_id,
            round__base_date__lt=publication.round.base_date,
        )
        .exclude(round_id=publication.round_id)
        .select_related("round__scheme_version", "result__scheme_version", "result__round__survey")
        .order_by("-round__base_date", "-round_id", "number")
    )
    last = list({one.round_id: one for one in before}.values())[:MOST_ROUNDS]
    found: dict[str, list[Past]] = {}
    now = _measure(publication.round)
    for one in reversed(last):
        fill(one)
        seen = restored(one.shown)
        is_comparable = _measure(one.round) == now
        for unit in seen.view.departments:
            found.setdefault(unit.id, []).append(
                Past(
                    publication=one.pk,
                    title=seen.title,
                    period=seen.period,
                    group=unit.group,
                    score=unit.figure.score,
                    grade=unit.figure.grade,
                    rank=unit.rank,
                    ranked_of=unit.ranked_of,
                    is_comparable=is_comparable,
                )
            )
    return {key: tuple(rows) for key, rows in found.items()}


def _measure(round: Round) -> object:
    """What scores of two rounds must share to be compared: scale, parts and grades of the scheme."""
    scheme = scheme_of(round)
    scales = {name: scale.model_dump() for name, scale in scheme.answer_scales.items()}
    return [step.model_dump() for step in scheme.steps], scales, scheme.score, grades_of(scheme)


def _seen(publication: Publication, fill: Fill) -> Shown:
    fill(publication)
    view = restored(publication.shown).view
    return Shown(publication.result.outcome, publication.result.facts, view)


def _fill(publication: Publication) -> None:
    """A publication from before its content was stored gets it now, and says so if it was ever read."""
    if publication.shown:
        return
    _complete(publication, _fill)
    publication.save(update_fields=["shown", "notes"])


class _FillToLook:
    """The same without writing; each is made once, for one round's trend holds those of the rounds before."""

    def __init__(self) -> None:
        self._made: dict[int, tuple[dict[str, Any], list[Any]]] = {}

    def __call__(self, publication: Publication) -> None:
        if publication.shown:
            return
        if publication.pk not in self._made:
            _complete(publication, self)
            self._made[publication.pk] = (publication.shown, publication.notes)
        publication.shown, publication.notes = self._made[publication.pk]


def _complete(publication: Publication, fill: Fill) -> None:
    if publication.rendered_at:
        publication.notes = [*publication.notes, {"on": timezone.localdate().isoformat(), "text": MADE_ANEW}]
    publication.shown = kept(_announced(publication, publication.result, fill))


def _published_at(publication: Publication) -> datetime:
    return publication.published_at or publication.round.published_at or timezone.now()
