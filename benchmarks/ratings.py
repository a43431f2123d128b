"""Ratings through gunicorn with 2 processes: a steady stream, as many as go, and counting a year of them.

    PYTHONPATH=. bin/with-servers .venv/bin/python benchmarks/ratings.py [seconds] [ratings per run] [rows]

Uses DATABASE_URL (without it: SQLite in its own folder). The steady stream is five a second, each by a phone
that opens the page and sends it; its times count from the moment when the phone was to begin. The capacity is
that of the sending alone, by 1, 16 and 64 at once, six in ten with a ticket, without the limit of ratings a
minute. "Bare" does the same statements in two processes without HTTP and Django. Accepted and stored must
agree. Then `rows` ratings of 80 places and a year are counted for one round's year, against a bare
`SELECT count(*)` of the same rows. Prints one JSON object; the issue's run is `600 2000 400000`.
"""

# ruff: noqa: PLC0415 - Django must be set up before anything of it is imported
# ruff: noqa: S311 - made-up ratings need no secret chance

from __future__ import annotations

import asyncio
import json
import multiprocessing
import os
import random
import secrets
import statistics
import sys
import tempfile
import time
from collections import Counter
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from benchmarks.votes import PROCESSES, bare_ready, cpu_seconds, web_server

A_SECOND = 5
AT_ONCE = (1, 16, 64)
WARM_UP = 64
RULES = "guangyuan-bad-ratings"
WINDOWS, UNITS = 60, 20
WITH_TICKET = 0.6
LEVELS = ("非常满意", "满意", "基本满意", "不满意", "非常不满意")
WEIGHTS = (70, 20, 8, 1.5, 0.5)
APPLICATION = "benchmarks.made.unlimited"
Form = tuple[str, str]
"""The address of a rating and what is sent there."""


def main() -> None:
    numbers = [int(text) for text in sys.argv[1:4]]
    seconds, per_run, rows = (*numbers, *(10, 200, 20_000)[len(numbers) :])
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "config.settings", "DEMO": "1"}
        os.environ.setdefault("SECRET_KEY", "only-for-the-benchmark-only-for-the-benchmark-000")
        print(json.dumps(measured(seconds, per_run, rows), ensure_ascii=False, indent=1))


def measured(seconds: int, per_run: int, rows: int) -> dict[str, Any]:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    county = County()
    steady = county.forms(seconds * A_SECOND)
    parts = [county.forms(per_run) for _ in (*AT_ONCE, "before", "after")]
    report: dict[str, Any] = {
        "database": connection.vendor,
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),
        "runs": [],
    }
    bare = [bare_ratings(parts.pop())]
    with web_server(APPLICATION) as (port, processes):
        warm = asyncio.run(run(port, county.forms(WARM_UP), 16, processes))
        if warm["accepted"] != WARM_UP:
            raise RuntimeError(f"the warm-up went wrong: {warm['statuses']}")
        report["steady"] = asyncio.run(stream(port, steady))
        for at_once in AT_ONCE:
            report["runs"].append(asyncio.run(run(port, parts.pop(), at_once, processes)))
    bare.append(bare_ratings(parts.pop()))
    report["bare_ratings_per_second"] = [round(each, 1) for each in bare]
    for each in report["runs"]:
        each["bare_to_measured"] = round(statistics.mean(bare) / each["ratings_per_second"], 2)
    through_the_web = [report["steady"], *report["runs"]]
    report["accepted"] = sum(each["accepted"] for each in through_the_web) + WARM_UP + per_run * len(bare)
    report["stored"] = county.stored()
    report["counting"] = counted(county, rows)
    return report


class County:
    """Halls with windows and units, all with codes, and tickets as they are asked for."""

    def __init__(self) -> None:
        from django.core.management import call_command

        from casework.procedures.stored import load_procedures
        from departments.models import Department, Hall, Window
        from departments.windows.services import keep
        from office.models import User
        from office.roles import Role
        from ratings.models import RatingCode

        call_command("seed_calendar", verbosity=0)
        load_procedures()
        self.user = User.objects.create_user("operator", role=Role.CENTRE_OPERATOR)
        self.hall = Hall.objects.create(name="测速大厅")
        units = [Department.objects.create(name=f"测速第{n}局", order=n) for n in range(UNITS)]
        windows = [
            keep(Window(hall=self.hall, number=str(n), name="综合受理", department=units[n % UNITS]))
            for n in range(1, WINDOWS + 1)
        ]
        shared = {"rules_id": RULES, "valid_from": date(2026, 1, 1)}
        self.codes = [
            RatingCode.objects.create(
                kind="window",
                code=f"W{n:09}",
                hall=self.hall,
                window=window,
                unit=window.department,
                **shared,
            )
            for n, window in enumerate(windows)
        ]
        self.codes += [
            RatingCode.objects.create(kind="plate", code=f"P{n:09}", unit=unit, **shared)
            for n, unit in enumerate(units)
        ]

    def forms(self, number: int) -> list[Form]:
        """What phones will send: every level, six in ten with a ticket of their own."""
        from django.utils import timezone

        from ratings.models import Ticket, TicketBatch
        from ratings.tickets import marks

        today = timezone.localdate()
        batch = TicketBatch.objects.create(
            rules_id=RULES, kind="roll", hall=self.hall, size=number, made_on=today, made_by=self.user
        )
        windows = self.codes[:WINDOWS]
        forms: list[Form] = []
        tickets = []
        for _ in range(number):
            has_ticket = random.random() < WITH_TICKET
            code = random.choice(windows if has_ticket else self.codes)
            ticket = marks.new_number() if has_ticket else ""
            if ticket:
                tickets.append(Ticket(batch=batch, mark=marks.mark_of(ticket), last_day=today))
            level = random.choices(LEVELS, WEIGHTS)[0]
            body = {"level": level, "key": secrets.token_hex(16), "ticket": ticket}
            forms.append((f"/r/{code.code}/", urlencode(body)))
        Ticket.objects.bulk_create(tickets, batch_size=2000)
        return forms

    def stored(self) -> int:
        from ratings.models import Rating

        return Rating.objects.count()


async def stream(port: int, forms: list[Form]) -> dict[str, Any]:
    """Five a second: each phone opens the page and sends it, whether or not others wait."""
    began = time.perf_counter()
    sent: list[float] = []
    whole: list[float] = []
    statuses: Counter[int] = Counter()

    async def phone(number: int, form: Form) -> None:
        due = began + number / A_SECOND
        await asyncio.sleep(max(due - time.perf_counter(), 0))
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        await asked(reader, writer, "GET", form[0])
        opened = time.perf_counter()
        statuses[await asked(reader, writer, "POST", *form)] += 1
        sent.append(time.perf_counter() - opened)
        whole.append(time.perf_counter() - due)
        writer.close()

    await asyncio.gather(*(phone(number, form) for number, form in enumerate(forms)))
    return {
        "ratings": len(forms),
        "a_second": round(len(forms) / (time.perf_counter() - began), 1),
        "sent": spread(sent),
        "opened_and_sent": spread(whole),
        **outcome(statuses),
    }


async def run(port: int, forms: list[Form], at_once: int, processes: list[int]) -> dict[str, Any]:
    """Let `at_once` phones send at a time, over as many connections that stay open."""
    waiting = iter(forms)
    seconds: list[float] = []
    statuses: Counter[int] = Counter()

    async def phone() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for form in waiting:
            started = time.perf_counter()
            statuses[await asked(reader, writer, "POST", *form)] += 1
            seconds.append(time.perf_counter() - started)
        writer.close()

    cpu, started = cpu_seconds(processes), time.perf_counter()
    await asyncio.gather(*(phone() for _ in range(at_once)))
    took, cpu = time.perf_counter() - started, cpu_seconds(processes) - cpu
    return {
        "at_once": at_once,
        "ratings_per_second": round(len(forms) / took, 1),
        "web_cpu_ms": round(cpu / len(forms) * 1000, 1),
        **spread(seconds),
        **outcome(statuses),
    }


async def asked(reader: Any, writer: Any, method: str, path: str, body: str = "") -> int:
    content = body.encode()
    kind = "Content-Type: application/x-www-form-urlencoded\r\n" if content else ""
    head = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\n{kind}Content-Length: {len(content)}\r\n\r\n"
    writer.write(head.encode() + content)
    await writer.drain()
    lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
    length = next(int(line[16:]) for line in lines if line.lower().startswith("content-length: "))
    await reader.readexactly(length)
    return int(lines[0].split()[1])


def spread(seconds: list[float]) -> dict[str, float]:
    ordered = sorted(seconds)
    return {
        "p50_ms": round(ordered[len(ordered) // 2] * 1000, 1),
        "p99_ms": round(ordered[max(int(len(ordered) * 0.99) - 1, 0)] * 1000, 1),
    }


def outcome(statuses: Counter[int]) -> dict[str, Any]:
    said = {str(status): n for status, n in sorted(statuses.items())}
    return {"accepted": statuses[200], "statuses": said}


def bare_ratings(forms: list[Form]) -> float:
    """Ratings per second of the hashes and the writes alone, in two processes."""
    from django.db import connection

    connection.close()
    parts = [forms[n::PROCESSES] for n in range(PROCESSES)]
    with multiprocessing.get_context("spawn").Pool(PROCESSES) as pool:
        pool.map(bare_ready, [0] * PROCESSES)
        started = time.perf_counter()
        pool.map(bare_part, parts, chunksize=1)
        return len(forms) / (time.perf_counter() - started)


def bare_part(forms: list[Form]) -> None:
    """What a rating needs at least: the hashes, the ticket used up and the row, in one committed write."""
    from urllib.parse import parse_qs

    from django.db import connection, transaction
    from django.utils import timezone

    from ratings.models import RatingCode
    from ratings.tickets import marks
    from surveys.fields import random_key

    codes = dict(RatingCode.objects.values_list("code", "pk"))
    today = timezone.localdate()
    for path, body in forms:
        said = {name: values[0] for name, values in parse_qs(body).items()}
        ticket, mark = said.get("ticket", ""), marks.mark_of(said["key"])
        with transaction.atomic(), connection.cursor() as cursor:
            if ticket:
                cursor.execute(
                    "UPDATE ratings_ticket SET is_used = %s, sent_mark = %s WHERE mark = %s AND is_used = %s",
                    [True, mark, marks.mark_of(ticket), False],
                )
            cursor.execute(
                "INSERT INTO ratings_rating (id, code_id, day, channel, has_ticket, level, aspects, reasons,"
                " text, state, held_because, sent_mark)"
                " VALUES (%s, %s, %s, 'code', %s, %s, '', '', '', 'counted', '', %s)",
                [random_key(), codes[path.split("/")[2]], today, bool(ticket), said["level"], mark],
            )


def counted(county: County, rows: int) -> dict[str, Any]:
    """Count a year of ratings by unit as a round does, and as the database alone counts its rows."""
    from django.db import connection

    from ratings.counts.counting import units_tallies
    from ratings.models import Rating
    from ratings.rules import rules_of

    first = date(2025, 1, 1)
    Rating.objects.bulk_create(
        (
            Rating(
                code=random.choice(county.codes),
                day=first + timedelta(days=random.randrange(365)),
                has_ticket=random.random() < WITH_TICKET,
                level=random.choices(LEVELS, WEIGHTS)[0],
                aspects="style=满意;duty=基本满意" if random.random() < 0.2 else "",
            )
            for _ in range(rows)
        ),
        batch_size=5000,
    )
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE ratings_rating")
    last = first + timedelta(days=364)
    rules, found, took, bare = rules_of(RULES), 0, [], []
    for _ in range(5):
        started = time.perf_counter()
        sums = units_tallies(first, last, RULES, rules)
        took.append(time.perf_counter() - started)
        plates = [code for code in county.codes if code.window_id is None]
        found = sum(sums[code.unit_id].number for code in plates if code.unit_id in sums)
        started = time.perf_counter()
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM ratings_rating WHERE day BETWEEN %s AND %s", [first, last])
            cursor.fetchone()
        bare.append(time.perf_counter() - started)
    return {
        "rows": rows,
        "all_found": found == rows,
        "seconds": round(statistics.median(took), 3),
        "bare_seconds": round(statistics.median(bare), 3),
        "measured_to_bare": round(statistics.median(took) / statistics.median(bare), 1),
    }


if __name__ == "__main__":
    main()
