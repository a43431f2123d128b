"""/healthz says that a process answers, /readyz whether each part that it needs can be used."""

import socket
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from threading import Event
from time import monotonic

import pytest
from celery import Celery
from django.core.cache import caches
from django.core.cache.backends.locmem import LocMemCache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.fixtures import Settings

from config import health
from config.cache import RedisOrMemory
from office.jobs import services as jobs
from office.models import Job, TimedRun

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]
SECONDS = 10.0
"""Far below what a probe or a reader gives up after."""


@pytest.fixture
def mute_redis() -> Iterator[str]:
    """Takes connections and never answers, as a machine behind a cut line or a stopped process."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen()
        yield f"redis://127.0.0.1:{door.getsockname()[1]}/0"


@pytest.fixture
def swept() -> None:
    jobs.sweep()


def test_all_well(client: Client, swept: None, settings: Settings) -> None:
    response = client.get("/readyz")
    told = response.json()
    assert (response.status_code, told["ready"], told["failed"]) == (200, True, [])
    assert told["seconds"].keys() == {"since_sweep", "oldest_waiting_job", "oldest_running_job"}
    stores = {"database", "disk", "storage", "worker"} | ({"broker"} if settings.REDIS_URL else set())
    assert told["parts"].keys() == stores
    for part in told["parts"].values():
        assert part["state"] == "ok"
        assert 0 <= part["milliseconds"] < 3000
    assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize("address", ["/healthz", "/livez"])
def test_a_process_lives_whatever_else_is_away(client: Client, settings: Settings, address: str) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    settings.DATA_DIR = settings.DATA_DIR / "gone"
    with CaptureQueriesContext(connection) as asked:
        response = client.get(address)
    assert (response.status_code, response.json()) == (200, {"live": "ok"})
    assert not asked.captured_queries


@pytest.mark.parametrize("address", ["redis://127.0.0.1:1/0", "mute"])
def test_a_broker_that_does_not_answer(
    client: Client, settings: Settings, swept: None, mute_redis: str, address: str
) -> None:
    settings.REDIS_URL = mute_redis if address == "mute" else address
    began = monotonic()
    response = client.get("/readyz")
    assert (response.status_code, response.json()["failed"]) == (503, ["broker"])
    assert response.json()["parts"]["database"]["state"] == "ok"
    assert monotonic() - began < SECONDS
    assert client.get("/healthz").status_code == 200


def test_a_folder_of_data_that_is_gone(client: Client, swept: None, settings: Settings) -> None:
    settings.DATA_DIR = settings.DATA_DIR / "gone"
    response = client.get("/readyz")
    assert (response.status_code, response.json()["failed"]) == (503, ["disk"])
    assert response.json()["parts"]["disk"]["reason"] == "FileNotFoundError"


def test_a_store_that_is_gone(client: Client, swept: None, settings: Settings, tmp_path: Path) -> None:
    settings.PUBLISHED_ROOT = tmp_path / "new"
    assert client.get("/readyz").status_code == 200, "nothing was published yet"
    settings.PUBLISHED_ROOT = tmp_path / "unmounted" / "published"
    response = client.get("/readyz")
    assert (response.status_code, response.json()["failed"]) == (503, ["storage"])


def test_a_part_that_hangs_is_given_up_and_not_asked_twice() -> None:
    """As a folder over the network does whose server is away."""
    goes_on, asked = Event(), []

    def hang() -> None:
        asked.append(1)
        goes_on.wait()

    began = monotonic()
    first = health.ask({"hanging store": hang, "other": lambda: None})
    second = health.ask({"hanging store": hang})
    goes_on.set()
    assert [told["hanging store"]["state"] for told in (first, second)] == ["failed", "failed"]
    assert (first["hanging store"]["reason"], first["other"]["state"]) == ("too slow", "ok")
    assert len(asked) == 1
    assert monotonic() - began < SECONDS


def test_a_worker_that_has_stopped(client: Client) -> None:
    assert client.get("/readyz").json()["failed"] == ["worker"], "it never swept"
    jobs.sweep()
    assert client.get("/readyz").json()["parts"]["worker"]["state"] == "ok"
    Job.objects.create(kind="x", created_at=timezone.now() - timedelta(seconds=500))
    TimedRun.objects.filter(name=jobs.SWEEP).update(at=timezone.now() - timedelta(seconds=300))
    response = client.get("/readyz")
    assert (response.status_code, response.json()["failed"]) == (503, ["worker"])
    assert 300 <= response.json()["seconds"]["since_sweep"] < 400
    assert 500 <= response.json()["seconds"]["oldest_waiting_job"] < 600


@pytest.mark.parametrize("address", ["redis://127.0.0.1:1/0", "mute"])
def test_who_signs_in_and_searches_does_not_wait_for_redis(
    client: Client, settings: Settings, mute_redis: str, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counts go on in memory: the limit holds, and the page comes."""
    monkeypatch.setattr(RedisOrMemory, "_silent_until", 0.0)
    LocMemCache("while-redis-is-away", {}).clear()
    settings.CACHES = {
        "default": {
            "BACKEND": "config.cache.RedisOrMemory",
            "LOCATION": mute_redis if address == "mute" else address,
            "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
        }
    }
    settings.RATE_LIMITS = [("GET", "/search/", 3)]
    began = monotonic()
    answers = [client.get("/search/?q=x").status_code for _ in range(9)]
    assert answers[0] == 200
    assert 429 in answers
    assert client.post("/office/login/", {"username": "x", "password": "x"}).status_code == 200
    assert caches["default"].get("nothing", "kept") == "kept"
    assert monotonic() - began < SECONDS


@pytest.mark.parametrize("address", ["redis://127.0.0.1:1/0", "mute"])
def test_a_job_waits_for_the_sweep_while_the_broker_is_away(
    settings: Settings, mute_redis: str, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    broker = mute_redis if address == "mute" else address
    settings.REDIS_URL = broker
    monkeypatch.setattr(jobs, "_silent_until", 0.0)
    app = Celery(broker=broker, set_as_current=False)
    app.conf.broker_transport_options = {"socket_connect_timeout": 2, "socket_timeout": 3}
    monkeypatch.setattr(jobs, "current_app", app)
    job = Job.objects.create(kind="x")
    began = monotonic()
    for _ in range(20):
        jobs.send(job.pk)
    assert monotonic() - began < SECONDS
