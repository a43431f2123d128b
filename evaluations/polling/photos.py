"""Photos for the ballot come from the room above, which knows what is published of whom."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from evaluations.models import Round, RoundMember
from evaluations.rounds.subject_keys import person_key
from surveys.services import Photo

Source = Callable[[set[int]], Mapping[int, bytes]]
"""From people to their photos: only of those whose photo the public sees."""

_sources: list[Source] = []


def register(source: Source) -> None:
    _sources.append(source)


def photos_for(round: Round) -> dict[str, Photo]:
    """Return the published photos of the judged, by their keys on the ballot."""
    judged = RoundMember.objects.filter(round_department__round=round, is_judged=True)
    staff = set(judged.values_list("staff_member_id", flat=True))
    return {
        person_key(pk): Photo(pk, content) for source in _sources for pk, content in source(staff).items()
    }
