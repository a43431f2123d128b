"""Publish results, render publications again, erase what may not be kept."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from disclosure.models import Publication
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
    published = evaluations.mark_published(round=round, now=now, acting_user=acting_user)
    result = evaluations.current_result(published)
    publication = Publication.objects.create(
        round=published,
        result=result,
        number=1 + Publication.objects.filter(round=published).count(),
        is_current=False,
    )
    audit.record(
        "公布评价结果", publication, acting_user=acting_user, after={"第几次公布": publication.number}
    )
    if published.survey is not None:
        surveys.forget_voters(survey=published.survey, acting_user=acting_user)
    jobs.enqueue("publication.render", {"publication": publication.pk}, acting_user=acting_user)
    return publication


@transaction.atomic
def renew_publication(*, publication: Publication, acting_user: User | None) -> None:
    audit.record("重新生成公示页面", publication, acting_user=acting_user)
    jobs.enqueue("publication.render", {"publication": publication.pk}, acting_user=acting_user)


def renew_where_taken_down() -> int:
    """Render every publication again that names a person who is no longer shown."""
    renewed = 0
    for one in Publication.objects.filter(is_current=True).select_related("round"):
        waiting = Job.objects.filter(
            kind="publication.render",
            arguments__publication=one.pk,
            state__in=[Job.State.QUEUED, Job.State.RUNNING],
        )
        failed = Job.objects.filter(
            kind="publication.render",
            arguments__publication=one.pk,
            state=Job.State.FAILED,
            finished_at__gt=timezone.now() - TRY_AGAIN_AFTER,
        )
        if one.names_somebody_taken_down() and not waiting.exists() and not failed.exists():
            renew_publication(publication=one, acting_user=None)
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
) -> None:
    """Let readers see a rendered directory instead of the earlier publication of the round.

    Publications of earlier rounds are rendered again without persons, whose results are shown only until
    the next round is published.
    """
    publication.earlier().update(is_current=False)
    Publication.objects.filter(pk=publication.pk).update(
        directory=directory, manifest=manifest, rendered_at=now, is_current=True
    )
    audit.record("公示页面上线", publication, acting_user=acting_user, after={"文件数": len(manifest)})
    for one in Publication.objects.filter(is_current=True).exclude(pk=publication.pk).select_related("round"):
        if one.names_persons() and not one.shows_persons():
            renew_publication(publication=one, acting_user=acting_user)
