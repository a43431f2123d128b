"""The public site at 50 connections: published page and home against a file of the page's size, same server.

    .venv/bin/python benchmarks/site.py [--seconds 6] [--connections 50]

Makes its own data folder with a published round of 24 departments, starts the web server as it is deployed
(two processes of four threads) and asks for each address in turn, three times round. The file is served by
WhiteNoise. Wanted: at least 0.9 of the file's rate for both; home and results below 150 kB with all they
load.
"""

# ruff: noqa: PLC0415 - Django must be set up before anything of it is imported

from __future__ import annotations

import argparse
import asyncio
import http.client
import json
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

WANTED, MOST_BYTES, ROUNDS = 0.9, 150_000, 3


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--connections", type=int, default=50)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "config.settings"}
        os.environ.setdefault("SECRET_KEY", "only-for-the-benchmark-only-for-the-benchmark-000")
        os.environ.pop("DATABASE_URL", None)
        page = published()
        print(json.dumps(_measured(page, asked), ensure_ascii=False, indent=1))


def published() -> str:
    """Publish a round; return the address of its results page."""
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.utils import timezone

    sys.stdout = sys.stderr
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    from benchmarks.made.county_of_24 import ready_to_publish, users
    from disclosure.models import Publication
    from disclosure.results import services
    from office.files import stored
    from office.jobs import services as jobs
    from office.models import Job
    from office.roles import Role

    round_ = ready_to_publish(persons_public="all")
    operator = users()[Role.CENTRE_OPERATOR]
    services.publish_results(round=round_, acting_user=operator, now=timezone.now())
    jobs.run(Job.objects.filter(kind="publication.render").latest("pk").pk)
    publication = Publication.objects.get()
    page = stored.take(stored.published(), f"{publication.directory}/index.html")
    (Path(settings.STATIC_ROOT) / "same-size.html").write_bytes(page)
    sys.stdout = sys.__stdout__
    return f"/results/{publication.pk}/index.html"


@contextmanager
def serving() -> Iterator[int]:
    """The web server as it is deployed; yields its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = [str(Path(sys.executable).with_name("gunicorn")), "-c", "config/gunicorn.py", "config.wsgi"]
    address = f"127.0.0.1:{port}"
    around = {"PORT": str(port), "BIND": address, "PUBLIC_ORIGIN": f"http://{address}"}
    server = subprocess.Popen(program, env=os.environ | around)
    try:
        wait(port)
        yield port
    finally:
        server.terminate()
        server.wait()


def _measured(page: str, asked: argparse.Namespace) -> dict[str, Any]:
    with serving() as port:
        addresses = {"file": "/static/same-size.html", "page": page, "home": "/"}
        rates: dict[str, list[float]] = {name: [] for name in addresses}
        slow: dict[str, list[float]] = {name: [] for name in addresses}
        for _ in range(ROUNDS):
            for name, address in addresses.items():
                took = asyncio.run(_load(port, address, asked.connections, asked.seconds))
                rates[name].append(len(took) / asked.seconds)
                slow[name].append(sorted(took)[int(len(took) * 0.99)])
        middle = {name: statistics.median(found) for name, found in rates.items()}
        return {
            "requests_per_second": {name: round(rate) for name, rate in middle.items()},
            "p99_ms": {name: round(1000 * statistics.median(found), 1) for name, found in slow.items()},
            "page_by_file": round(middle["page"] / middle["file"], 2),
            "home_by_file": round(middle["home"] / middle["file"], 2),
            "wanted": WANTED,
            "bytes_of_home": _weight(port, "/"),
            "bytes_of_results": _weight(port, page),
            "most_bytes": MOST_BYTES,
            "load": round(os.getloadavg()[0], 1),
        }


def wait(port: int) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            get(port, "/healthz")
        except OSError:
            time.sleep(0.2)  # between two questions whether the server has started
        else:
            return
    sys.exit("the server did not start")


async def _load(port: int, address: str, connections: int, seconds: float) -> list[float]:
    """Seconds of every answer; each connection asks again as soon as it has one."""
    until = time.perf_counter() + seconds
    lines = f"GET {address} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: keep-alive\r\n\r\n".encode()
    found: list[float] = []

    async def one() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while time.perf_counter() < until:
            started = time.perf_counter()
            writer.write(lines)
            head = await reader.readuntil(b"\r\n\r\n")
            if b" 200 " not in head[:20]:
                sys.exit(head.decode())
            length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
            await reader.readexactly(int(length[1]) if length else 0)
            found.append(time.perf_counter() - started)
        writer.close()

    await asyncio.gather(*(one() for _ in range(connections)))
    return found


def _weight(port: int, address: str) -> int:
    """The page and all styles, scripts and pictures it names, uncompressed."""
    page = get(port, address)
    named = set(re.findall(rb'(?:<link[^>]+href|<script[^>]+src|<img[^>]+src)="([^"]+)"', page))
    return len(page) + sum(len(get(port, urlsplit(urljoin(address, one.decode())).path)) for one in named)


def get(port: int, address: str) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", address)
    answer = connection.getresponse().read()
    connection.close()
    return answer


if __name__ == "__main__":
    main()
