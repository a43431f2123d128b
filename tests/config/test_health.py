"""/healthz tells a monitor whether the database, the broker and the disk can be used."""

import pytest
from celery import current_app
from django.test import Client
from pytest_django.fixtures import Settings

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


def test_all_well(client: Client) -> None:
    response = client.get("/healthz")
    assert response.status_code == 200
    assert response.json() == {"database": "ok", "broker": "ok", "disk": "ok"}


def test_a_broker_that_does_not_answer(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(current_app.conf, "broker_write_url", "redis://127.0.0.1:1/0")
    response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json() == {"database": "ok", "broker": "failed", "disk": "ok"}


def test_a_folder_of_data_that_is_gone(client: Client, settings: Settings) -> None:
    settings.DATA_DIR = settings.DATA_DIR / "gone"
    response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json() == {"database": "ok", "broker": "ok", "disk": "failed"}
