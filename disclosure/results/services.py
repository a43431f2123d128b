"""Publish results, render publications again, erase what may not be kept."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from disclosure.models import Publication
from disclosure.results import shown
from evaluations import services as evaluations
from evaluations.models import Round
from office import audit
from office.jobs import services as jobs
from office.models import Job, User
from surveys import queries as survey_queries
from surveys import services as surveys

TRY_AGAIN_AFTER = timedelta(hours=1)
"""A rendering that failed would fail again a minute later; what it names stays closed to readers."""


@transaction.atomic
def publish_results(*, round: Round, acting_user: User, now: datetime) -> Publication:
    """Publish the signed-off result of a round once its appeals are over (YC-R3, reading 10).

    `mark_published` refuses before sign-off, within the appeal days and a second time. The contacts of
    those invited to vote are deleted in the same transaction (YC-R6). A job renders pages and PDFs; until
    it has finished, readers see the earlier publication.
    """
    decision = Round.objects.get(pk=round.pk).correction_decision
    published = evaluations.mark_published(round=round, now=now, acting_user=acting_user)
    result = evaluations.current_result(published)
    publication = Publication.objects.create(
        round=published,
        result=result,
        number=1 + Publication.objects.filter(round=published).count(),
        is_current=False,
        decision=decision,
        published_at=now,
    )
    shown.decide(publication)
    after = {
        "第几次公布": publication.number,
        "更正原因": result.reason if decision else "",
        "批准文号": decision,
    }
    audit.record("公布评价结果", publication, acting_user=acting_user, after=after)
    if published.survey is not None:
        surveys.forget_voters(survey=published.survey, acting_user=acting_user)
    jobs.enqueue("publication.render", {"publication": publication.pk}, acting_user=acting_user)
    return publication


@transaction.atomic
def renew_publication(*, publication: Publication, acting_user: User | None, why: str = "") -> None:
    """Render what was published once more; `why` tells readers what changed on the pages, with its date."""
    _note(publication, why)
    audit.record("重新生成公示页面", publication, acting_user=acting_user, after={"说明": why})
    jobs.enqueue("publication.render", {"publication": publication.pk}, acting_user=acting_user)


def note_who_is_gone(publication: Publication) -> None:
    """No page loses its persons without a dated note, however it comes to be rendered."""
    _note(publication, shown.why_persons_are_gone(publication))


def _note(publication: Publication, why: str) -> None:
    """A change keeps the day on which it came; who is taken down on another day is another change."""
    note = {"on": timezone.localdate().isoformat(), "text": why}
    said = [one["text"] for one in publication.notes if why != shown.TAKEN_DOWN or one == note]
    if why and why not in said:
        publication.notes = [*publication.notes, note]
        publication.save(update_fields=["notes"])


def renew_lost(publication: Publication) -> None:
    """Render a publication again of which a file is gone, unless that waits already or has just failed."""
    if not _is_waiting(publication) and not _has_just_failed(publication):
        renew_publication(publication=publication, acting_user=None)


def _is_waiting(publication: Publication) -> bool:
    return Job.objects.filter(
        kind="publication.render",
        arguments__publication=publication.pk,
        state__in=[Job.State.QUEUED, Job.State.RUNNING],
    ).exists()


def _has_just_failed(publication: Publication) -> bool:
    return Job.objects.filter(
        kind="publication.render",
        arguments__publication=publication.pk,
        state=Job.State.FAILED,
        finished_at__gt=timezone.now() - TRY_AGAIN_AFTER,
    ).exists()


def renew_where_taken_down() -> int:
    """Render every publication again that names a person who is no longer shown."""
    renewed = 0
    for one in Publication.objects.filter(rendered_at__isnull=False).select_related("round"):
        if one.names_somebody_taken_down() and not _is_waiting(one) and not _has_just_failed(one):
            renew_publication(publication=one, acting_user=None, why=shown.TAKEN_DOWN)
            renewed += 1
    return renewed


def erase_comments_of_published() -> int:
    """Erase what voters wrote in published rounds, once the bundle of the published result is written.

    Until publication a corrected result needs the originals for its bundle, and the bundle is what a
    verifier reads.
    """
    erased = 0
    for one in Round.objects.filter(state=Round.State.PUBLISHED, survey__isnull=False).select_related(
        "survey"
    ):
        if one.survey and survey_queries.has_results_bundle(
            one.survey, evaluations.current_result(one).number
        ):
            erased += surveys.erase_originals(survey=one.survey, acting_user=None)
    return erased


@transaction.atomic
def put_online(
    *,
    publication: Publication,
    directory: str,
    manifest: dict[str, Any],
    acting_user: User | None,
    now: datetime,
) -> str:
    """Let readers see a rendered directory; returns the one they saw before.

    A corrected publication stays under its number, without persons, and says by which it was corrected.
    Publications of earlier rounds lose their persons, too, whose results are shown only until the next round
    is published. No other figure changes.
    """
    Round.objects.select_for_update().get(pk=publication.round_id)  # two renderings come one after the other
    before = Publication.objects.values_list("directory", "rendered_at").get(pk=publication.pk)
    is_first_time = before[1] is None
    Publication.objects.filter(pk=publication.pk).update(
        directory=directory, manifest=manifest, rendered_at=now, is_current=not publication.corrected_by()
    )
    audit.record("公示页面上线", publication, acting_user=acting_user, after={"文件数": len(manifest)})
    if is_first_time:
        publication.earlier().update(is_current=False)
        for one in publication.earlier().exclude(rendered_at=None):
            renew_publication(publication=one, acting_user=acting_user, why=shown.corrected_by(publication))
    others = Publication.objects.exclude(rendered_at=None).exclude(round_id=publication.round_id)
    for one in others.select_related("round"):
        if one.names_persons() and not one.shows_persons():
            renew_publication(publication=one, acting_user=acting_user, why=shown.NEXT_ROUND)
    return str(before[0])
