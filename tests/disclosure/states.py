"""A county whose result can be published, or is."""

from __future__ import annotations

from evaluations.models import Round
from tests.evaluations.county import County, fresh
from tests.evaluations.states import county_at
from tests.kit.publishing import publish
from tests.kit.stored_states import stored


def ready(persons_public: str = "top_grades") -> County:
    """The appeals have ended; 乙 has enough varied answers to be shown with a number."""
    county = county_at("appeals_ended", varied=True)
    Round.objects.update(persons_public=persons_public)
    county.round = fresh(county.round)
    return county


@stored
def published(persons_public: str = "top_grades") -> County:
    county = ready(persons_public)
    publish(county.round, county)
    county.round = fresh(county.round)
    return county
