"""/metrics: the state of the installation for a monitor, behind a token; nothing about who or when (YC-R6).

What a vote makes larger, the database and the free disk, is told in steps of STEP: the size to the byte, read
every few seconds, would say when a ballot came.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from http import HTTPStatus
from secrets import compare_digest

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.db.models import Count, DurationField, ExpressionWrapper, F, Min
from django.db.models.functions import Now
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from config.counting import counts
from config.openmetrics import CONTENT_TYPE, Family, Sample, gauge, text
from disclosure.models import Publication
from office.jobs import services as jobs
from office.models import AuditBlock, AuditEntry, Job, TimedRun

STEP = 64 * 1024 * 1024
A_DAY = timedelta(days=1)
STATES = (Job.State.QUEUED, Job.State.RUNNING)
PREFIX = "sanliang_"


def metrics(request: HttpRequest) -> HttpResponse:
    """Without a METRICS_TOKEN there is no such page."""
    token = settings.METRICS_TOKEN
    if not token:
        raise Http404
    kind, _, given = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not compare_digest(given.strip().encode(), token.encode()):
        refused = HttpResponse(status=HTTPStatus.UNAUTHORIZED)
        refused["WWW-Authenticate"] = "Bearer"
        return refused
    families = [*_database(), *_disk(), *counts.families()]
    response = HttpResponse(text(families), content_type=CONTENT_TYPE)
    response["Cache-Control"] = "no-store"
    return response


def _database() -> Iterator[Family]:
    try:
        found = [*_queue(), *_clock(), *_kept(), _size()]
    except (DatabaseError, InterfaceError):
        found = []
    yield gauge(f"{PREFIX}database_up", "Whether the database answers.", bool(found))
    yield from found


def _group(kind: str) -> str:
    return kind.partition(".")[0]


def _queue() -> Iterator[Family]:
    """Every state and group of kinds that has jobs; a queue that is empty is told as 0."""
    rows = list(
        Job.objects.filter(state__in=STATES)
        .order_by()
        .values_list("state", "kind")
        .annotate(
            count=Count("pk"),
            age=ExpressionWrapper(Now() - Min("created_at"), output_field=DurationField()),
        )
    )
    groups = sorted({_group(kind) for kind in jobs.HANDLERS} | {_group(kind) for _, kind, _, _ in rows})
    numbers, ages = [], []
    for state in STATES:
        for group in groups:
            found = [
                (count, age) for told, kind, count, age in rows if told == state and _group(kind) == group
            ]
            labels = {"state": state.value, "group": group}
            numbers.append(Sample(sum(count for count, _ in found), labels))
            oldest = max((age.total_seconds() for _, age in found), default=0)
            ages.append(Sample(max(0, int(oldest)), labels))
    yield Family(
        f"{PREFIX}jobs", "gauge", "Background jobs that wait (queued) or are at work (running).", numbers
    )
    yield Family(
        f"{PREFIX}job_oldest_seconds", "gauge", "Age of the oldest of them; 0 where there is none.", ages
    )
    failed = Job.objects.filter(state=Job.State.FAILED)
    lately = failed.filter(finished_at__gt=timezone.now() - A_DAY)
    yield gauge(f"{PREFIX}jobs_failed", "Failed jobs nobody has run again.", failed.count())
    yield gauge(f"{PREFIX}jobs_failed_last_day", "Those of them that failed within a day.", lately.count())


def _clock() -> Iterator[Family]:
    """When what runs by the clock last began: the sweep, the seal of the audit, the nightly shuffle."""
    since = ExpressionWrapper(Now() - F("at"), output_field=DurationField())
    tasks = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    ages = dict(TimedRun.objects.filter(name__in=tasks).annotate(since=since).values_list("name", "since"))
    yield Family(
        f"{PREFIX}timed_task_age_seconds",
        "gauge",
        "Seconds since a task of the clock last began; surveys.nightly is the shuffle.",
        [Sample(max(0, int(age.total_seconds())), {"task": name}) for name, age in sorted(ages.items())],
    )


def _kept() -> Iterator[Family]:
    """What is done by hand or seldom; the seal by its hour, as entries are made by reporters too."""
    now = timezone.now()
    backup = (
        AuditEntry.objects.filter(object_type="系统", object_id="", verb="备份").values_list("at").first()
    )
    block = AuditBlock.objects.order_by("-number").values_list("sealed_at").first()
    yield gauge(
        f"{PREFIX}backup_age_seconds",
        "Since the last backup.",
        backup and int((now - backup[0]).total_seconds()),
    )
    sealed = block and int((now - block[0]).total_seconds()) // 3600 * 3600
    yield gauge(
        f"{PREFIX}audit_block_age_seconds",
        "Since the last block of the audit was sealed, in whole hours.",
        sealed,
    )
    published = Publication.objects.exclude(published_at=None)
    numbers = [
        Sample(published.filter(is_current=current).count(), {"is_current": str(current).lower()})
        for current in (True, False)
    ]
    yield Family(
        f"{PREFIX}publications",
        "gauge",
        "Published versions of results, and those a correction replaced.",
        numbers,
    )


def _size() -> Family:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_database_size(current_database())")
        else:
            cursor.execute("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")
        size = cursor.fetchone()[0]
    meaning = "Size of the database, rounded up to 64 MiB: to the byte it would tell when somebody voted."
    return gauge(f"{PREFIX}database_bytes", meaning, -(-size // STEP) * STEP)


def _disk() -> Iterator[Family]:
    try:
        usage = shutil.disk_usage(settings.DATA_DIR)
    except OSError:
        free = whole = None
    else:
        free, whole = usage.free // STEP * STEP, usage.total
    meaning = "Free room where DATA_DIR is, rounded down to 64 MiB."
    yield gauge(f"{PREFIX}disk_free_bytes", meaning, free)
    yield gauge(f"{PREFIX}disk_bytes", "All room where DATA_DIR is.", whole)
