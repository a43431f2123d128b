"""A shuffle of an open box beside the ballots of old rounds, and how long a vote waits meanwhile.

    PYTHONPATH=. bin/with-servers .venv/bin/python benchmarks/shuffle.py [open ballots] [old ballots]

PostgreSQL only. Ballots of 5,800 bytes and as many slips, made by the database. "Whole" is what a shuffle did
before: every table written anew under the strongest lock. Somebody votes all the time (a slip and a ballot,
two statements); the longest of these votes is the wait. Prints one JSON object.
"""

# ruff: noqa: PLC0415, S608 - Django must be set up before anything of it is imported; constants

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from threading import Event, Thread
from typing import Any

SEALED = 5800
BALLOT = (
    "(id, stratum_id, credential, prefix, signature, seq, sealed, credential_signature)"
    " SELECT (random() * 4e18)::bigint, %s, decode(md5(random()::text) || md5(random()::text), 'hex'),"
    " decode(repeat('00', 32), 'hex'), substring(noise FROM 1 + (random() * 9e5)::int FOR 256), 1,"
    f" substring(noise FROM 1 + (random() * 9e5)::int FOR {SEALED}), decode(repeat('00', 64), 'hex')"
    " FROM noise"
)
SLIP = (
    "(id, batch_id, code_hash, state, is_returned) SELECT (random() * 4e18)::bigint, %s,"
    " decode(md5(random()::text) || md5(random()::text), 'hex'), 'unused', false"
)


def main() -> None:
    """Measure and print."""
    going_on = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    old = int(sys.argv[2]) if len(sys.argv) > 2 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "config.settings", "DEMO": "1"}
        os.environ.setdefault("SECRET_KEY", "only-for-the-benchmark-only-for-the-benchmark-000")
        print(json.dumps(measured(going_on, old), ensure_ascii=False, indent=1))


def measured(going_on: int, old: int) -> dict[str, Any]:
    """The whole as before, then a first shuffle, which settles the old, then that of every later night."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from surveys.keys import shuffle

    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE noise (noise bytea)")
        cursor.execute("ALTER TABLE noise ALTER noise SET STORAGE EXTERNAL")
        cursor.execute("INSERT INTO noise VALUES (%s)", [os.urandom(1_000_000)])
        filled(cursor, "counted", old)
        stratum, batch = filled(cursor, "open", going_on)
        cursor.execute("SELECT id FROM surveys_slip WHERE batch_id = %s", [batch])
        slips = [row[0] for row in cursor.fetchall()]

    def whole() -> None:
        with connection.cursor() as cursor:
            for table in shuffle.TABLES:
                shuffle.rewrite(cursor, table)

    steps = {"whole": whole, "first": shuffle.shuffle, "later": shuffle.shuffle, "again": shuffle.shuffle}
    report: dict[str, Any] = {"open": going_on, "old": old, "load": round(os.getloadavg()[0], 1)}
    for name, step in steps.items():
        report[name] = timed(step, stratum, slips)
    return report


def filled(cursor: Any, state: str, number: int) -> tuple[int, int]:
    """A survey with so many slips and ballots; its stratum and batch."""
    from departments.models import Town
    from surveys.models import SlipBatch, Stratum, Survey

    survey = Survey.objects.create(public_id=state, title=state, state=state)
    stratum = Stratum.objects.create(survey=survey, name="甲", kind=state, share=100)
    town, _ = Town.objects.get_or_create(name="测速镇")
    batch = SlipBatch.objects.create(survey=survey, stratum=stratum, town=town, number=1, size=500)
    cursor.execute(f"INSERT INTO surveys_ballot {BALLOT}, generate_series(1, %s)", [stratum.pk, number])
    cursor.execute(f"INSERT INTO surveys_slip {SLIP} FROM generate_series(1, %s)", [batch.pk, number])
    return stratum.pk, batch.pk


def timed(step: Callable[[], object], stratum: int, slips: list[int]) -> dict[str, float]:
    """Seconds of a step, and the longest and the number of the votes beside it."""
    waits: list[float] = []
    done = Event()

    def vote() -> None:
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute(
                "CREATE TEMPORARY TABLE noise AS SELECT %s::bytea AS noise", [os.urandom(1_000_000)]
            )
            while not done.is_set():
                began = time.perf_counter()
                cursor.execute(
                    "UPDATE surveys_slip SET state = 'redeemed' WHERE id = %s",
                    [slips[len(waits) % len(slips)]],
                )
                if cursor.rowcount != 1:
                    raise RuntimeError("a slip was not found")
                cursor.execute(f"INSERT INTO surveys_ballot {BALLOT}", [stratum])
                waits.append(time.perf_counter() - began)
                time.sleep(0.05)
        connection.close()

    voter = Thread(target=vote)
    voter.start()
    began = time.perf_counter()
    try:
        step()
    finally:
        took = time.perf_counter() - began
        done.set()
        voter.join()
    return {"seconds": round(took, 1), "longest_vote": round(max(waits), 2), "votes": len(waits)}


if __name__ == "__main__":
    main()
