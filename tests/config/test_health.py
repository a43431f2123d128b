"""/livez says that a process answers, /healthz whether all it needs can be used and the worker works."""

import socket
from collections.abc import Iterator
from datetime import timedelta
from time import monotonic

import pytest
from celery import Celery
from django.core.cache import caches
from django.core.cache.backends.locmem import LocMemCache
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

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
    response = client.get("/healthz")
    assert response.status_code == 200
    state = response.json()
    assert state.pop("seconds").keys() == {"since_sweep", "oldest_waiting_job", "oldest_running_job"}
    stores = {"database", "disk", "worker"} | ({"broker"} if settings.REDIS_URL else set())
    assert state == dict.fromkeys(stores, "ok")


@pytest.mark.parametrize("address", ["redis://127.0.0.1:1/0", "mute"])
def test_a_broker_that_does_not_answer(
    client: Client, settings: Settings, swept: None, mute_redis: str, address: str
) -> None:
    settings.REDIS_URL = mute_redis if address == "mute" else address
    began = monotonic()
    response = client.get("/healthz")
    assert response.status_code == 503
    assert (response.json()["database"], response.json()["broker"]) == ("ok", "failed")
    assert monotonic() - began < SECONDS
    assert client.get("/livez").status_code == 200


def test_a_folder_of_data_that_is_gone(client: Client, swept: None, settings: Settings) -> None:
    settings.DATA_DIR = settings.DATA_DIR / "gone"
    response = client.get("/healthz")
    assert response.status_code == 503
    assert (response.json()["database"], response.json()["disk"]) == ("ok", "failed")


def test_a_worker_that_has_stopped(client: Client) -> None:
    assert client.get("/healthz").json()["worker"] == "failed", "it never swept"
    jobs.sweep()
    assert client.get("/healthz").json()["worker"] == "ok"
    Job.objects.create(kind="x", created_at=timezone.now() - timedelta(seconds=500))
    TimedRun.objects.filter(name=jobs.SWEEP).update(at=timezone.now() - timedelta(seconds=300))
    response = client.get("/healthz")
    assert (response.status_code, response.json()["worker"]) == (503, "failed")
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
