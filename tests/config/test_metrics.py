"""/metrics tells a monitor how the installation stands, and nothing about who votes, reports or rates."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.conf import settings as configured
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from config.celery import note_timed_run
from config.openmetrics import CONTENT_TYPE, Family, Sample, text
from office import audit
from office.jobs import services as jobs
from office.models import Job, TimedRun

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]
TOKEN = "a token of the monitor"
LINE = re.compile(r'^[a-z_:]+(\{[a-z_]+="[^"\n]*"(,[a-z_]+="[^"\n]*")*\})? (-?[0-9.e+-]+|\+Inf)$')


@pytest.fixture(autouse=True)
def on(settings: Settings) -> None:
    settings.METRICS_TOKEN = TOKEN


def read(client: Client) -> dict[str, float]:
    answer = client.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    lines = answer.content.decode().splitlines()
    assert lines[-1] == "# EOF"
    figures = [line for line in lines if not line.startswith("#")]
    assert [line for line in figures if not LINE.match(line)] == []
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in figures)}


def test_without_a_token_there_is_no_such_page(client: Client, settings: Settings) -> None:
    settings.METRICS_TOKEN = ""
    assert client.get("/metrics", headers={"authorization": "Bearer "}).status_code == 404


@pytest.mark.parametrize("given", ["", "Bearer", "Bearer another", f"Basic {TOKEN}", f"Bearer {TOKEN}x"])
def test_another_token_opens_nothing(client: Client, given: str) -> None:
    answer = client.get("/metrics", headers={"authorization": given})
    assert (answer.status_code, answer.content) == (401, b"")


def test_the_text_is_openmetrics(client: Client) -> None:
    answer = client.get("/metrics", headers={"authorization": f"bearer {TOKEN}"})
    assert (
        answer["Content-Type"] == CONTENT_TYPE == "application/openmetrics-text; version=1.0.0; charset=utf-8"
    )
    assert answer["Cache-Control"] == "no-store"
    told = answer.content.decode()
    families = re.findall(r"^# TYPE (\S+) \w+\n# HELP \1 \S", told, flags=re.MULTILINE)
    assert len(families) == len(set(families)) == told.count("# TYPE") == told.count("# HELP")


def test_words_are_escaped() -> None:
    one = Family("a", "gauge", 'two\nlines "\\', [Sample(1.5, {"of": 'x"\\\ny'}), Sample(float("inf"))])
    assert text([one]) == (
        '# TYPE a gauge\n# HELP a two\\nlines \\"\\\\\na{of="x\\"\\\\\\ny"} 1.5\na +Inf\n# EOF\n'
    )


def test_jobs_by_group_and_state(client: Client) -> None:
    assert read(client)['sanliang_jobs{state="queued",group="notices"}'] == 0
    long_ago = timezone.now() - timedelta(seconds=500)
    for kind, state in (
        ("notices.send", "queued"),
        ("notices.nudge", "queued"),
        ("surveys.bundle", "running"),
    ):
        Job.objects.create(kind=kind, state=state, created_at=long_ago)
    for days in (0, 3):
        Job.objects.create(kind="x", state="failed", finished_at=timezone.now() - timedelta(days=days))
    told = read(client)
    assert told['sanliang_jobs{state="queued",group="notices"}'] == 2
    assert told['sanliang_jobs{state="running",group="surveys"}'] == 1
    assert 500 <= told['sanliang_job_oldest_seconds{state="queued",group="notices"}'] < 600
    assert (told["sanliang_jobs_failed"], told["sanliang_jobs_failed_last_day"]) == (2, 1)


def test_sweep_seal_shuffle_and_backup(client: Client) -> None:
    told = read(client)
    assert not [name for name in told if "age_seconds" in name], "what never was has no age"
    jobs.sweep()
    for name in ("office.seal_audit", "surveys.nightly"):
        TimedRun.objects.create(name=name)
        TimedRun.objects.filter(name=name).update(at=timezone.now() - timedelta(seconds=700))
    audit.record_of_system("备份", "backup.zip", after={})
    told = read(client)
    assert 0 <= told['sanliang_timed_task_age_seconds{task="office.sweep_jobs"}'] < 100
    for name in ("office.seal_audit", "surveys.nightly"):
        assert 700 <= told[f'sanliang_timed_task_age_seconds{{task="{name}"}}'] < 800
    assert 0 <= told["sanliang_backup_age_seconds"] < 100


def test_celery_notes_when_a_task_of_the_clock_began() -> None:
    class Task:
        name = "surveys.nightly"

    class Other:
        name = "office.run_job"

    for task in (Task, Other, Task):
        note_timed_run(task=task)
    assert [one.name for one in TimedRun.objects.all()] == ["surveys.nightly"]


def test_database_and_disk_in_steps_too_large_for_a_ballot(client: Client) -> None:
    told = read(client)
    assert told["sanliang_database_up"] == 1
    for name in ("database_bytes", "disk_free_bytes"):
        assert told[f"sanliang_{name}"] > 0
        assert told[f"sanliang_{name}"] % (64 * 1024 * 1024) == 0


def test_a_database_that_is_away_is_told(client: Client) -> None:
    def away(*_: object) -> None:
        raise OperationalError

    with connection.execute_wrapper(away):
        told = read(client)
    assert told["sanliang_database_up"] == 0
    assert told["sanliang_disk_free_bytes"] > 0


def requests(client: Client) -> dict[str, float]:
    return {name: value for name, value in read(client).items() if "_request" in name}


def counted(client: Client) -> float:
    return sum(
        value for name, value in requests(client).items() if name.startswith("sanliang_requests_total")
    )


def test_requests_by_class_of_status_and_duration(client: Client) -> None:
    before = requests(client)
    client.get("/office/login/")
    client.get("/no-such-page")
    after = requests(client)
    grown = {name: value - before.get(name, 0) for name, value in after.items()}
    [ok] = [value for name, value in grown.items() if 'status="2xx"' in name]
    [missing] = [value for name, value in grown.items() if 'status="4xx"' in name]
    assert (ok, missing) == (1, 1)
    [whole] = [value for name, value in grown.items() if 'le="+Inf"' in name]
    [number] = [value for name, value in grown.items() if "_count" in name]
    assert whole == number == 2
    buckets = [value for name, value in after.items() if "_bucket" in name]
    assert buckets == sorted(buckets)


@pytest.mark.parametrize(
    "address",
    [
        *(
            "/v/",
            "/v",
            "/v/x",
            "/b/",
            "/b/s/redeem",
            "/r/",
            "/r/ABCDEFGHJK/",
            "/report/",
            "/p/1/",
            "/visits/x/",
        ),
        *(
            "/static/ballot/voter.js",
            "/static/site/site.css",
            "/static/rating/rate.js",
            "/static/reporting/x.js",
        ),
        *("/favicon.ico", "/apple-touch-icon.png", "/livez", "/healthz", "/metrics"),
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_nothing_that_a_vote_a_report_or_a_rating_asks_for_is_counted(
    client: Client, address: str, method: str
) -> None:
    """YC-R6, WY-R3, GY-R4: read each second, any figure that moves would say that somebody was there."""
    client.raise_request_exception = False
    before = requests(client)
    getattr(client, method)(address)
    assert requests(client) == before


def test_no_figure_names_a_path_or_a_time(client: Client) -> None:
    client.get("/office/login/")
    told = client.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"}).content.decode()
    labels = set(re.findall(r'([a-z_]+)="', told))
    assert labels == {"state", "group", "process", "status", "le", "is_current"} | (labels & {"task"})
    assert "/" not in re.sub(r"^#.*$", "", told, flags=re.MULTILINE)
    assert str(configured.COUNTY_NAME) not in told
