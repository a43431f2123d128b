"""One number leads from nginx's line to Django's, to the page of a fault and to the job that was started."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured
from django.db import transaction
from django.test import Client
from pytest_django.fixtures import Settings

from office import trace
from office.jobs import services as jobs
from office.models import Job
from office.roles import Role
from tests.kit.people import signed_in

pytestmark = pytest.mark.django_db
BASE: Path = configured.BASE_DIR
NUMBER = "0123456789abcdef0123456789abcdef"
APART = ("/v/", "/v/x", "/b/s/x", "/r/ABCDEFGHJK/", "/report/", "/p/1/", "/visits/x/", "/static/ballot/x.js")


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the product's own handler, its filters and its format would write."""
    text = io.StringIO()
    kept = next(one for one in logging.getLogger("django").handlers if one.filters)
    mine = logging.StreamHandler(text)
    mine.filters, mine.formatter = list(kept.filters), kept.formatter
    loggers = [logging.getLogger(name) for name in ("", "django")]
    for one in loggers:
        one.addHandler(mine)
    yield text
    for one in loggers:
        one.removeHandler(mine)


@pytest.fixture
def behind_proxy(settings: Settings) -> None:
    settings.BEHIND_PROXY = True


def test_the_proxys_number_stands_in_the_log(client: Client, log: io.StringIO, behind_proxy: None) -> None:
    answer = client.get("/no-such-page", headers={"x-request-id": NUMBER})
    assert answer["X-Request-ID"] == NUMBER
    assert f"django.request [{NUMBER}] Not Found: /no-such-page" in log.getvalue()
    assert trace.number() == ""


@pytest.mark.parametrize("given", ["short", "x" * 65, "with\nline-break", "名" * 20, "a b c d e f g h", ""])
def test_what_is_no_number_is_not_taken(
    client: Client, log: io.StringIO, behind_proxy: None, given: str
) -> None:
    answer = client.get("/no-such-page", headers={"x-request-id": given})
    assert re.fullmatch(r"[0-9a-f]{32}", answer["X-Request-ID"])
    assert f"[{answer['X-Request-ID']}] Not Found" in log.getvalue()


def test_without_a_proxy_nobody_names_a_number(client: Client) -> None:
    numbers = {
        client.get("/no-such-page", headers={"x-request-id": NUMBER})["X-Request-ID"] for _ in range(2)
    }
    assert len(numbers) == 2
    assert NUMBER not in numbers


@pytest.mark.parametrize("address", APART)
def test_pages_of_voters_reporters_and_raters_have_none(
    client: Client, log: io.StringIO, behind_proxy: None, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """YC-R6, WY-R3, GY-R4: a number in two places would join what must stay apart."""
    seen: list[str] = []
    monkeypatch.setattr(trace, "under", lambda number, **_: seen.append(number))
    client.raise_request_exception = False
    answer = client.get(address, headers={"x-request-id": NUMBER})
    assert not answer.has_header("X-Request-ID")
    assert NUMBER not in answer.content.decode(errors="replace") + log.getvalue()
    assert seen == []


@pytest.mark.parametrize(("fault", "status"), [(ValueError("defect"), 500), (OSError(28, "full"), 503)])
def test_the_page_of_a_fault_tells_the_number(
    log: io.StringIO, behind_proxy: None, monkeypatch: pytest.MonkeyPatch, fault: Exception, status: int
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise fault

    client = signed_in(Role.ADMINISTRATOR, raise_request_exception=False)
    monkeypatch.setattr("office.jobs.admin.JobAdmin.get_queryset", fail)
    answer = client.get("/office/office/job/", headers={"x-request-id": NUMBER})
    page = answer.content.decode()
    assert answer.status_code == status
    assert f"编号：{NUMBER[:12]}（" in page
    said = {500: "Internal Server Error", 503: "Service Unavailable"}[status]
    assert f"[{NUMBER}] {said}" in log.getvalue()


def test_the_page_of_a_fault_without_a_number_says_nothing_of_one(client: Client) -> None:
    from config.refusals import server_error  # noqa: PLC0415 - as Django calls it, outside any middleware

    answer = server_error(None)  # type: ignore[arg-type]
    assert (answer.status_code, "编号" in answer.content.decode()) == (500, False)


def test_a_job_carries_the_number_of_the_request(
    log: io.StringIO, behind_proxy: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def handler(arguments: dict[str, Any], progress: jobs.Progress) -> None:
        logging.getLogger("office.jobs").warning("at work")
        with transaction.atomic():
            jobs.enqueue("tests.traced", {}, acting_user=None)
        raise ValueError("defect")

    monkeypatch.setitem(jobs.HANDLERS, "tests.traced", handler)
    with trace.under(NUMBER):
        job = jobs.enqueue("tests.traced", {}, acting_user=None)
    assert job.trace == NUMBER
    jobs.run(job.pk)
    lines = log.getvalue()
    assert f"office.jobs [job-{job.pk} {NUMBER}] at work" in lines
    assert f"[job-{job.pk} {NUMBER}] job {job.pk} (tests.traced) failed" in lines
    assert Job.objects.exclude(pk=job.pk).get().trace == NUMBER, "what the job starts has it too"
    assert (
        NUMBER in signed_in(Role.ADMINISTRATOR).get(f"/office/office/job/{job.pk}/change/").content.decode()
    )


def test_a_job_nobody_asked_for_has_a_line_too(log: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(
        jobs.HANDLERS, "tests.traced", lambda *_: logging.getLogger("office.jobs").warning("at work")
    )
    job = jobs.enqueue("tests.traced", {}, acting_user=None)
    jobs.run(job.pk)
    logging.getLogger("office.jobs").warning("afterwards")
    assert f"[job-{job.pk}] at work" in log.getvalue()
    assert "[-] afterwards" in log.getvalue()


def test_the_proxy_hands_on_its_number_but_not_for_voters() -> None:
    text = (BASE / "deploy/nginx.conf").read_text()
    places = re.findall(r"\n        location (.+?) \{(.*?)\n        \}", text, flags=re.DOTALL)
    told = {place: re.findall(r"X-Request-ID (\S+);", body) for place, body in places if "proxy_pass" in body}
    apart = {place for place in told if re.search(r"\(v\||/r\(|report|/static/", place)}
    assert len(apart) == 5
    assert {
        place: values
        for place, values in told.items()
        if values != (['""'] if place in apart else ["$request_id"])
    } == {}
    assert "$request_id" in text.partition("log_format office")[2].partition(";")[0]
