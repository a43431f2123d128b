"""After real votes over a real web server nothing tells who voted, from where, or with which code."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from surveys import services
from surveys.ballots.slips import in_fours
from surveys.keys import shuffle
from surveys.models import Survey
from surveys.slips.printed import PrintedSlip
from surveys.voting.simulated_phone import Phone
from tests.kit.survey_office import new_office, parts, raw
from tests.kit.worker import database_url, eventually

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]

AGENT = "Probe/47.11 (phone of nobody)"
ADDRESS = "203.0.113.77"


@pytest.fixture
def web(tmp_path: Path) -> Iterator[int]:
    """Gunicorn as the product starts it, on the database of the tests; its log lies in tmp_path."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "DATA_DIR": str(tmp_path),
        "PORT": str(port),
        "DEMO": "1",
    }
    command = [sys.executable, "-m", "gunicorn", "-c", "config/gunicorn.py", "config.wsgi"]
    with (tmp_path / "web.log").open("w") as log:
        process = subprocess.Popen(
            command, cwd=settings.BASE_DIR, env=environment, stdout=log, stderr=subprocess.STDOUT
        )
    try:
        eventually(lambda: process.poll() is None and _answers(port))
        yield port
    finally:
        process.terminate()
        process.wait(30)


def _answers(port: int) -> bool:
    try:
        return ask(port, "GET", "/v/")[0] == 200
    except OSError:
        return False


def ask(port: int, method: str, path: str, body: Any = None) -> tuple[int, Any]:
    """A request with all that a curious server could write down."""
    talk = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {
        "User-Agent": AGENT,
        "X-Forwarded-For": ADDRESS,
        "X-Real-IP": ADDRESS,
        "Cookie": "sessionid=probe-of-a-session",
        "Content-Type": "application/json",
        "Host": "localhost",
    }
    talk.request(method, path, None if body is None else json.dumps(body), headers)
    answer = talk.getresponse()
    content = answer.read()
    assert answer.getheader("Set-Cookie") is None
    talk.close()
    return answer.status, json.loads(content) if method == "POST" else content


def vote(port: int, survey: Survey, slip: PrintedSlip) -> Phone:
    phone = Phone(survey.frozen(), *parts(slip))
    assert ask(port, "GET", f"/v/form/{phone.key_id}.json")[0] == 200
    status, answer = ask(port, "POST", "/v/redeem", phone.redeem())
    assert status == 200
    phone.take(answer)
    assert ask(port, "POST", "/v/cast", phone.cast({"p1": {"overall": "满意"}}))[0] == 200
    assert ask(port, "POST", "/v/cast", phone.cast({"p1": {"overall": "不满意"}}))[0] == 200
    return phone


def everything_kept(folder: Path) -> dict[str, bytes]:
    """Every file of the installation, and every row of every table as text."""
    kept = {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    if connection.vendor == "sqlite":
        kept["raw database"] = raw(Path(connection.settings_dict["NAME"]))
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - names from the database
            kept[table] = b"".join(_text(value) for row in cursor.fetchall() for value in row)
    return kept


def _text(value: object) -> bytes:
    return bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()


def test_code_voter_address_and_answers_are_in_no_file_and_no_table(web: int, tmp_path: Path) -> None:
    survey, slips = new_office().ready()
    survey.refresh_from_db()
    phone = vote(web, survey, slips["private"][0])
    wrong = {**phone.redeem(), "code": "2222222222222222"}
    assert ask(web, "POST", "/v/redeem", wrong)[0] == 404
    shuffle.shuffle()
    sought = {
        "code": phone.code.encode(),
        "code as printed": in_fours(phone.code).encode(),
        "mistyped code": b"2222222222222222",
        "phone's secret": bytes(phone.signing),
        "unblinding value": phone.inverse.to_bytes(256, "big"),
        "address": ADDRESS.encode(),
        "user agent": AGENT.encode(),
        "session": b"probe-of-a-session",
    }
    kept = everything_kept(tmp_path)
    assert kept["surveys_slip"]
    assert str(tmp_path / "web.log") in kept
    found = [(what, where) for what, mark in sought.items() for where, text in kept.items() if mark in text]
    assert found == []
    # The credential is the ballot's own; beside the ballot it stands nowhere.
    places = {where for where, text in kept.items() if phone.credential in text}
    assert {where for where in places if not where.startswith("surveys_ballot")} <= {"raw database"}


def test_the_log_does_not_say_that_anybody_voted(web: int, tmp_path: Path) -> None:
    survey, slips = new_office().ready()
    survey.refresh_from_db()
    vote(web, survey, slips["private"][0])
    assert ask(web, "POST", "/v/redeem", {})[0] == 400
    assert ask(web, "GET", "/no-such-page")[0] == 404
    log = (tmp_path / "web.log").read_text()
    assert "/no-such-page" in log
    assert "/v/" not in log
    assert "/b/" not in log


def test_slips_are_printed_without_leaving_codes_behind(tmp_path: Path) -> None:
    office = new_office()
    survey = office.frozen()
    printed = services.print_batch(batch=survey.batches.all()[0], acting_user=office.operator)
    kept = everything_kept(tmp_path)
    assert not [slip for slip in printed if any(slip.code.encode() in text for text in kept.values())]
