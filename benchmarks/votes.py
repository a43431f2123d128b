"""Full votes, redeemed and cast, through gunicorn with 2 processes, by 1, 16 and 64 voters at once.

    PYTHONPATH=. bin/with-servers .venv/bin/python benchmarks/votes.py [votes per run] [persons] [hosts]

With FSYNC=1 before bin/with-servers every commit goes to the disk, as on a real server. `hosts`: so many
gunicorns with 2 processes each, as many hosts would have, voters in turn; all on this machine, so it shows
that they do no harm to each other, not what a second machine brings.

Uses DATABASE_URL (without it: SQLite in its own folder). Phones blind and seal before the clock, and
both web processes have taken votes before it; the driver, the server and the database share the
machine. "Bare" does the same cryptography and the same writes, in two processes, without HTTP and
Django; it runs before and after, and the mean holds. Afterwards the box is closed and counted: ballots,
accepted votes and counts must agree. Prints one JSON object.

On a machine that does other things, too, votes per second say little; `web_cpu_ms` (processor time of
the web processes per vote) says what a vote costs.
"""

# ruff: noqa: PLC0415 - Django must be set up before anything of it is imported

from __future__ import annotations

import asyncio
import contextlib
import json
import multiprocessing
import os
import random
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

AT_ONCE = (1, 16, 64)
PROCESSES = 2
WARM_UP = 64
PASSPHRASE = "only for the benchmark 0123456789"  # noqa: S105
DEPARTMENTS = 24
RATED = 6


def main() -> None:
    """Measure and print."""
    votes = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    persons = int(sys.argv[2]) if len(sys.argv) > 2 else 434
    hosts = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "config.settings", "DEMO": "1"}
        os.environ.setdefault("SECRET_KEY", "only-for-the-benchmark-only-for-the-benchmark-000")
        print(json.dumps(measured(votes, persons, hosts), ensure_ascii=False, indent=1))


def measured(votes: int, persons: int, hosts: int) -> dict[str, Any]:
    """One survey, three runs through the server, one bare; then close, tally and compare."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    from surveys import services

    office = users()
    parts = len(AT_ONCE) + 2
    survey, slips = opened(office, votes * parts + WARM_UP, persons)
    phones = [made(survey, slip) for slip in slips]
    expected: Counter[str] = Counter(word for phone in phones for word in phone["words"])
    warm_up, *rest = phones[:WARM_UP], *(phones[WARM_UP + n * votes :][:votes] for n in range(parts))
    report: dict[str, Any] = {
        "database": connection.vendor,
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),
        "votes_per_run": votes,
        "persons": persons,
        "hosts": hosts,
        "fsync": on_disk(),
        "runs": [],
    }
    # The bare runs write their ballots beside the server; they are as valid as the others.
    bare = [bare_votes(survey, rest.pop())]
    with contextlib.ExitStack() as servers:
        started = [servers.enter_context(web_server()) for _ in range(hosts)]
        ports, processes = [port for port, _ in started], [each for _, some in started for each in some]
        warmed(ports, warm_up, processes)
        for at_once in AT_ONCE:
            report["runs"].append(asyncio.run(run(ports, rest.pop(), at_once, processes)))
    bare.append(bare_votes(survey, rest.pop()))
    report["bare_votes_per_second"] = [round(each, 1) for each in bare]
    for each in report["runs"]:
        each["bare_to_measured"] = round(sum(bare) / len(bare) / each["votes_per_second"], 2)
    services.close_survey(survey=survey, acting_user=office)
    counted = services.tally_survey(survey=survey, passphrase=PASSPHRASE, acting_user=office)
    accepted = sum(each["accepted"] for each in report["runs"])
    report["accepted"] = accepted + WARM_UP + votes * len(bare)
    report["ballots_counted"] = sum(counted.controls["ballots"].values())
    report["counts_exact"] = expected == words_in(counted.counts)
    return report


def on_disk() -> str:
    """Whether a commit waits for the disk: the database's own setting."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return ""
    with connection.cursor() as cursor:
        cursor.execute("SHOW fsync")
        return str(cursor.fetchone()[0])


def warmed(ports: list[int], phones: list[dict[str, Any]], processes: list[int]) -> None:
    """Let every web process load its keys and make its connections."""
    before = [cpu_seconds([each]) for each in processes]
    warm = asyncio.run(run(ports, phones, 16, processes))
    if warm["accepted"] != len(phones):
        raise RuntimeError(f"the warm-up went wrong: {warm['statuses']}")
    spent = [cpu_seconds([each]) - was for each, was in zip(processes, before, strict=True)]
    if min(spent) < 0.1:
        raise RuntimeError("a web process took no part in the warm-up")


def cpu_seconds(processes: list[int]) -> float:
    """Processor time that these processes have used so far (Linux)."""
    ticks = 0
    for each in processes:
        fields = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def words_in(counts: dict[str, Any]) -> Counter[str]:
    """All answers by word, without those nobody touched."""
    found: Counter[str] = Counter()
    for subjects in counts.values():
        for questions in subjects.values():
            for numbers in questions.values():
                found.update({word: n for word, n in numbers.items() if n and word != "不了解情况"})
    return found


def users() -> Any:
    from office.models import User
    from office.roles import Role

    return User.objects.create_user("operator", role=Role.CENTRE_OPERATOR)


def opened(office: Any, slips: int, persons: int) -> tuple[Any, list[Any]]:
    """An open survey with printed slips."""
    from departments.models import Town
    from surveys import services

    words = ("满意", "比较满意", "基本满意", "不满意", "不了解情况")
    sections = [
        {
            "id": f"s{number}",
            "name": f"第{number}科",
            "persons": [
                {"id": f"p{person}", "name": f"甲{person}", "post": "科员"}
                for person in range(number, persons, DEPARTMENTS)
            ],
        }
        for number in range(DEPARTMENTS)
    ]
    form = {
        "departments": [
            {"id": f"d{n}", "name": f"第{n}局", "sections": [one]} for n, one in enumerate(sections)
        ],
        "questions": [{"id": "overall", "text": "总体评价"}],
        "choices": [{"id": word} for word in words],
        "reason_for": ["基本满意", "不满意"],
    }
    shares = {"private": 50, "sole_trader": 40, "non_private": 10}
    survey = services.create_survey(title="测速", shares=shares, acting_user=office)
    services.set_form(survey=survey, form=form, acting_user=office)
    plan = {Town.objects.create(name="测速镇").pk: {"private": slips}}
    services.prepare_slips(survey=survey, plan=plan, acting_user=office)
    survey = services.freeze_survey(survey=survey, passphrase=PASSPHRASE, acting_user=office)
    printed = [
        slip
        for batch in survey.batches.all()
        for slip in services.print_batch(batch=batch, acting_user=office)
    ]
    return services.open_survey(survey=survey, passphrase=PASSPHRASE, acting_user=office), printed


_loaded: dict[int, Any] = {}


def made(survey: Any, slip: Any) -> dict[str, Any]:
    """A phone that has blinded and sealed; only the signature is still missing."""
    from surveys.voting.simulated_phone import Loaded, Phone

    loaded = _loaded.setdefault(survey.pk, Loaded(survey.frozen()))
    phone = Phone(loaded, slip.key_id, slip.code)
    people = random.sample([subject for subject, _ in loaded.cells], RATED)
    words = random.choices(("满意", "比较满意", "基本满意", "不满意"), (70, 20, 7, 3), k=RATED)  # noqa: S311
    redeem = phone.redeem()
    cast = phone.cast({one: {"overall": word} for one, word in zip(people, words, strict=True)})
    return {"phone": phone, "redeem": redeem, "cast": cast, "words": words}


@contextlib.contextmanager
def web_server(application: str = "config.wsgi") -> Any:
    """Gunicorn as the product starts it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "PORT": str(port), "WEB_PROCESSES": str(PROCESSES)}
    command = [sys.executable, "-m", "gunicorn", "-c", "config/gunicorn.py", application]
    process = subprocess.Popen(command, cwd=Path(__file__).parents[1], env=environment)
    try:
        deadline = time.monotonic() + 30
        while True:
            processes = children(process.pid)
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                if len(processes) == PROCESSES:
                    break
            if time.monotonic() > deadline:
                raise RuntimeError("the web server did not start")
            time.sleep(0.1)
        yield port, processes
    finally:
        process.terminate()
        process.wait()


def children(process: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


async def run(
    ports: list[int], phones: list[dict[str, Any]], at_once: int, processes: list[int]
) -> dict[str, Any]:
    """Let `at_once` voters vote at a time, over as many connections that stay open."""
    waiting = iter(phones)
    seconds: list[float] = []
    statuses: Counter[int] = Counter()

    async def voter(port: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for phone in waiting:
            started = time.perf_counter()
            statuses.update(await vote(reader, writer, phone))
            seconds.append(time.perf_counter() - started)
        writer.close()

    cpu, driver = cpu_seconds(processes), time.process_time()
    started = time.perf_counter()
    await asyncio.gather(*(voter(ports[place % len(ports)]) for place in range(at_once)))
    took = time.perf_counter() - started
    cpu, driver = cpu_seconds(processes) - cpu, time.process_time() - driver
    seconds.sort()
    return {
        "at_once": at_once,
        "votes_per_second": round(len(phones) / took, 1),
        "p50_ms": round(seconds[len(seconds) // 2] * 1000, 1),
        "p99_ms": round(seconds[int(len(seconds) * 0.99) - 1] * 1000, 1),
        "web_cpu_ms": round(cpu / len(phones) * 1000, 1),
        "driver_cpu_ms": round(driver / len(phones) * 1000, 1),
        "accepted": len(phones) - sum(n for status, n in statuses.items() if status != 200),
        "statuses": {str(status): n for status, n in sorted(statuses.items())},
    }


async def vote(reader: Any, writer: Any, phone: dict[str, Any]) -> list[int]:
    """Redeem, unblind, cast."""
    from surveys.ballots.encoding import to_b64

    status, answer = await post(reader, writer, "/v/redeem", phone["redeem"])
    if status != 200:
        return [status]
    phone["phone"].take(answer)
    body = {**phone["cast"], "sig": to_b64(phone["phone"].signature)}
    return [status, (await post(reader, writer, "/v/cast", body))[0]]


async def post(reader: Any, writer: Any, path: str, body: dict[str, Any]) -> tuple[int, Any]:
    content = json.dumps(body).encode()
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    writer.write(f"{head}Content-Length: {len(content)}\r\n\r\n".encode() + content)
    await writer.drain()
    lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
    length = next(int(line[16:]) for line in lines if line.lower().startswith("content-length: "))
    return int(lines[0].split()[1]), json.loads(await reader.readexactly(length))


def bare_votes(survey: Any, phones: list[dict[str, Any]]) -> float:
    """Votes per second of cryptography and writes alone, in two processes."""
    from django.db import connection

    from surveys.keys import keyring

    key_id = phones[0]["phone"].key_id
    issuer = keyring.issuer(survey.public_id, key_id).to_bytes()
    shared = {
        "issuer": issuer,
        "seed": keyring.box_seed(survey.public_id),
        "pepper": keyring.pepper(),
        "public": survey.public,
        "stratum": survey.strata.get(key_id=key_id).pk,
    }
    connection.close()
    parts = [
        [
            (one["redeem"], one["cast"], one["phone"].message, one["phone"].inverse)
            for one in phones[n::PROCESSES]
        ]
        for n in range(PROCESSES)
    ]
    context = multiprocessing.get_context("spawn")
    with context.Pool(PROCESSES) as pool:
        pool.map(bare_ready, [0] * PROCESSES)
        started = time.perf_counter()
        pool.starmap(bare_part, [(shared, part) for part in parts], chunksize=1)
        return len(phones) / (time.perf_counter() - started)


def bare_ready(_: int) -> None:
    import django

    django.setup()


def bare_part(shared: dict[str, Any], votes: list[Any]) -> None:
    """What a vote needs at least: hash, blind signature, two checks, receipt, two committed writes."""
    from django.db import connection, transaction

    from surveys.ballots import blindrsa, casting, credentials
    from surveys.ballots.encoding import from_b64, to_b64
    from surveys.ballots.slips import hash_code
    from surveys.fields import random_key

    key = blindrsa.IssuerKey.from_bytes(shared["issuer"])
    checker = casting.Checker(json.loads(shared["public"]))
    for redeem, body, message, inverse in votes:
        code_hash = hash_code(redeem["code"], pepper=shared["pepper"])
        blind_signature = blindrsa.blind_sign(key, from_b64(redeem["blinded"]))
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "UPDATE surveys_slip SET state = 'redeemed' WHERE code_hash = %s AND state = 'unused'",
                [code_hash],
            )
        signature = blindrsa.finalize(key.n, message, blind_signature, inverse)
        cast = casting.read_cast(
            {**body, "sig": to_b64(signature)}, sealed_length=checker.layout.sealed_length
        )
        if checker.fault(cast):
            raise ValueError("not a ballot")
        credentials.receipt(shared["seed"], checker.survey, cast.tracker)
        row = (random_key(), shared["stratum"], cast.credential, cast.prefix, cast.sig, cast.seq, cast.sealed)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO surveys_ballot (id, stratum_id, credential, prefix, signature, seq, sealed,"
                " credential_signature) VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
                [*row, cast.edsig],
            )


if __name__ == "__main__":
    main()
