"""Which results are the latest: of each scheme its last published round, the county's main scheme first."""

from __future__ import annotations

from django.conf import settings

from disclosure.models import Publication


def online() -> list[Publication]:
    """Every round's publication as it may be read now, the newest first."""
    found = Publication.objects.filter(is_current=True, rendered_at__isnull=False)
    return list(
        found.select_related("round__scheme_version").order_by("-round__published_at", "-pk").defer("shown")
    )


def latest() -> list[Publication]:
    """The last round of each scheme: that of MAIN_SCHEME first, then whichever is newer."""
    return latest_of(online())


def latest_of(found: list[Publication]) -> list[Publication]:
    first_of: dict[str, Publication] = {}
    for one in found:
        first_of.setdefault(scheme_of(one), one)
    return sorted(first_of.values(), key=lambda one: scheme_of(one) != settings.MAIN_SCHEME)


def scheme_of(publication: Publication) -> str:
    return publication.round.scheme_version.scheme_id
