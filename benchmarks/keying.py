"""Keying paper ballots: five clerks at once against gunicorn with 2 processes.

    PYTHONPATH=. .venv/bin/python benchmarks/keying.py [sheets per clerk] [seconds between two sheets]

Uses DATABASE_URL (without it: SQLite in its own folder). A sheet is two requests: may I read this number,
and here is what I read; both are measured where the clerk waits for them. Each sheet is keyed by two
clerks, as at the desk. Without a pause a clerk keys as fast as the server answers, which is some hundred
times the pace of a person. Prints one JSON object.
"""

# ruff: noqa: PLC0415 - Django must be set up before anything of it is imported

from __future__ import annotations

import http.client
import json
import os
import random
import statistics
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from benchmarks.votes import cpu_seconds, opened, users, web_server

CLERKS = 5
SLIPS = 60
PERSONS = 434


def main() -> None:
    """Measure and print."""
    sheets = -(-int(sys.argv[1]) // 2) * 2 if len(sys.argv) > 1 else 40  # even: every sheet is read twice
    pause = float(sys.argv[2]) if len(sys.argv) > 2 else 0.0
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "config.settings", "DEMO": "1"}
        os.environ.setdefault("SECRET_KEY", "only-for-the-benchmark-only-for-the-benchmark-000")
        print(json.dumps(measured(sheets, pause), ensure_ascii=False, indent=1))


def measured(sheets: int, pause: float) -> dict[str, Any]:
    """A closed survey with paper, then all clerks at once."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    from surveys.models import PaperReading, PaperSheet

    survey, piles, cookies = prepared(sheets)
    report: dict[str, Any] = {
        "database": connection.vendor,
        "cores": os.cpu_count(),
        "clerks": CLERKS,
        "sheets_per_clerk": sheets,
        "pause": pause,
    }
    connection.close()
    with web_server() as (port, processes):
        for cookie, pile in zip(cookies, piles, strict=True):
            key_all(port, survey, cookie, pile[:3], 0)  # both processes load what they need
        started, spent_before = time.perf_counter(), cpu_seconds(processes)
        with ThreadPoolExecutor(CLERKS) as clerks:
            work = [
                clerks.submit(key_all, port, survey, cookie, pile[3:], pause)
                for cookie, pile in zip(cookies, piles, strict=True)
            ]
            found = [each.result() for each in work]
        spent = time.perf_counter() - started
        cpu = cpu_seconds(processes) - spent_before
    for place, name in enumerate(("number", "save")):
        times = sorted(each[place] * 1000 for part in found for each in part)
        report[name] = {
            "p50_ms": round(statistics.median(times), 1),
            "p95_ms": round(times[int(len(times) * 0.95)], 1),
            "worst_ms": round(times[-1], 1),
        }
    report["sheets_per_second"] = round(CLERKS * (sheets - 3) / spent, 1)
    report["server_cpu_ms_per_sheet"] = round(1000 * cpu / (CLERKS * (sheets - 3)), 1)
    report["load_of_the_machine"] = [round(one, 1) for one in os.getloadavg()]
    report["readings"] = PaperReading.objects.count()
    report["settled"] = PaperSheet.objects.filter(state="settled").count()
    return report


def prepared(sheets: int) -> tuple[int, list[list[tuple[str, str, str]]], list[str]]:
    """A closed survey, each clerk's pile of (number, code, marks), each clerk's session."""
    from django.conf import settings
    from django.test import Client
    from django.utils.crypto import get_random_string

    from office.models import User
    from office.roles import Role
    from surveys import services
    from surveys.models import Survey
    from surveys.paper import numbers

    office = users()
    survey, slips = opened(office, SLIPS, PERSONS)
    for slip in slips:
        services.exchange_for_paper(survey=survey, text=slip.url, acting_user=office)
    services.close_survey(survey=survey, acting_user=office)
    survey = Survey.objects.get(pk=survey.pk)
    stuck_on = [
        str(one)
        for one in services.make_labels(survey=survey, number=sheets * CLERKS // 2, acting_user=office)
    ]
    codes, cells = numbers.codes(survey.public), numbers.cells(survey.public)
    chosen = random.Random(1)  # noqa: S311 - answers, not secrets
    read = []
    for number in stuck_on:
        code = chosen.choice(list(codes))
        marks = "".join(chosen.choice("123450") for _ in range(cells[codes[code].department]))
        read.append((number, code, marks))
    # The second reader of a sheet is the clerk beside the first: the number of sheets is a multiple of five.
    twice = [*read, *read[1:], read[0]]
    cookies = []
    for number in range(CLERKS):
        client = Client()
        client.force_login(User.objects.create_user(f"clerk{number}", role=Role.PAPER_CLERK))
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        token = get_random_string(32)  # what the page would have set
        cookies.append(f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={token}")
    return survey.pk, [twice[place::CLERKS][:sheets] for place in range(CLERKS)], cookies


def key_all(
    port: int, survey: int, cookie: str, pile: list[tuple[str, str, str]], pause: float
) -> list[tuple[float, float]]:
    """One clerk at work over one connection, as a browser keeps it; seconds of each answer."""
    talk = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    token = cookie.rpartition("=")[2]
    headers = {"Cookie": cookie, "X-CSRFToken": token, "Content-Type": "application/json"}
    base = f"/office/surveys/{survey}/paper/"
    found = []
    for number, code, marks in pile:
        typed = {
            "number": number,
            "code": code,
            "kind": "valid",
            "marks": marks,
            "matter": "",
            "suggestion": "",
        }
        first = answered(talk, "GET", f"{base}sheet.json?number={number}", None, headers)
        second = answered(talk, "POST", f"{base}save.json", json.dumps(typed), headers)
        found.append((first, second))
        time.sleep(pause)  # the clerk turns to the next sheet
    talk.close()
    return found


def answered(
    talk: http.client.HTTPConnection, method: str, path: str, body: str | None, headers: dict[str, str]
) -> float:
    started = time.perf_counter()
    talk.request(method, path, body, headers)
    answer = talk.getresponse()
    content = answer.read()
    if answer.status != 200:
        raise RuntimeError(f"{path}: {answer.status} {content.decode()[:300]}")
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
