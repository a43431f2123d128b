"""The job that renders a publication."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from disclosure.models import Publication
from disclosure.results import services, shown
from disclosure.results.rendering import remove, render
from office.jobs import services as jobs
from office.models import Job
from reports.results.ranking import write_ranking


@jobs.handles("publication.render", "生成公示页面和成绩单")
def render_publication(arguments: dict[str, Any], progress: jobs.Progress) -> dict[str, Any]:
    """Render pages, PDFs and the ranking and put them online.

    The job can run again from any point: the name of the folder is a hash of its files, and one
    transaction changes what readers see.
    """
    publication = Publication.objects.select_related(
        "result__scheme_version", "result__round__survey", "round"
    ).get(pk=arguments["publication"])
    services.note_who_is_gone(publication)
    announcement = shown.to_render(publication)
    directory, manifest = render(announcement, folder=str(publication.pk), progress=progress)
    write_ranking(publication.result)
    before = services.put_online(
        publication=publication,
        directory=directory,
        manifest=manifest,
        acting_user=Job.objects.get(pk=progress.job_id).created_by,
        now=timezone.now(),
    )
    remove(before, keep=directory)
    return {"files": len(manifest), "directory": directory}
