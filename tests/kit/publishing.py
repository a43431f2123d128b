"""Results, identity and duties published in one call, for tests that are not about the way there."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from disclosure.approval.services import publish_first_versions
from disclosure.models import DisclosureVersion, Publication
from disclosure.results import services as disclosure
from evaluations import services
from evaluations.models import Round
from office.jobs import services as jobs
from office.models import Job
from tests.evaluations.county import LAST_APPEAL_DAY, County, fresh, ordinary_ballots

PUBLISHED = datetime(2026, 10, 20, 1, 0, tzinfo=UTC)
FIRST_SHOWN = datetime(2026, 9, 1, 1, 0, tzinfo=UTC)


def show_all() -> None:
    """Show the working copy of every department to the public, in place of what was shown."""
    DisclosureVersion.objects.all().delete()
    publish_first_versions(acting_user=None, now=FIRST_SHOWN)


def ready(county: County, **changes: Any) -> Round:
    """A round whose appeals have ended; 乙 has enough varied answers to be shown with a number."""
    changes.setdefault("ballots", [*ordinary_ballots(), *varied_ballots()])
    county_round = county.served(**changes)
    day = LAST_APPEAL_DAY.replace(day=LAST_APPEAL_DAY.day + 1)
    return services.end_appeals(round=county_round, today=day, acting_user=county.operator)


def varied_ballots() -> list[dict[str, str]]:
    """Twenty voters who differ about 乙."""
    words = ("满意", "比较满意", "基本满意", "不满意")
    return [{"乙科长": words[n % 3], "乙科员一": words[n % 4], "乙科员二": words[n % 2]} for n in range(20)]


def publish(round_: Round, county: County, now: datetime = PUBLISHED) -> Publication:
    """Publish and let the worker's hand do the job."""
    publication = disclosure.publish_results(round=fresh(round_), acting_user=county.operator, now=now)
    run_waiting_jobs()
    publication.refresh_from_db()
    return publication


def run_waiting_jobs() -> None:
    """Do what a worker does."""
    while job := Job.objects.filter(state=Job.State.QUEUED).order_by("pk").first():
        jobs.run(job.pk)
        job.refresh_from_db()
        assert job.state == Job.State.DONE, job.message
