"""Memory of all processes of `make run` at rest: the proportional set size, in which shared pages count once.

    .venv/bin/python benchmarks/memory.py [--demo] [--seconds 10]

Starts `bin/run` in a folder of its own (with `--demo` the demo county is loaded, which takes
a minute or more), opens a few pages in every process, waits, and reads /proc/*/smaps_rollup. Wanted: below
450 MB. Beside `bin/with-servers` the services are those of a county with PostgreSQL and Redis: beat and
two workers more.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

WANTED = 450
PATIENCE = 600.0
PAGES = ("/livez", "/", "/results/", "/office/login/", "/search/?q=a")
TIMES = 16  # each page: whichever process answers, all have answered each


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--demo", action="store_true")
    parser.add_argument("--seconds", type=float, default=10)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        own = {"DATA_DIR": folder, "PORT": str(port), "DEMO": str(int(asked.demo)), "DEBUG": ""}
        process = subprocess.Popen(
            [sys.executable, "bin/run"],
            env={**os.environ, "PUBLIC_ORIGIN": f"http://127.0.0.1:{port}", **own},
            start_new_session=True,
            stdout=subprocess.DEVNULL,
        )
        try:
            _open_pages(process, f"http://127.0.0.1:{port}")
            time.sleep(asked.seconds)
            found = [(_megabytes(pid), _name(pid)) for pid in _family(process.pid)]
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(60)
    total = sum(size for size, _ in found)
    told = {"processes": [f"{size:.0f} MB {name}" for size, name in found], "MB": round(total)}
    print(json.dumps({**told, "wanted": WANTED, "cores": os.cpu_count()}, ensure_ascii=False, indent=1))
    return int(total > WANTED)


def _open_pages(process: subprocess.Popen[bytes], origin: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            urllib.request.urlopen(f"{origin}/livez", timeout=10).close()  # noqa: S310 - our own address
            break
        except OSError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise
            time.sleep(0.2)
    for page in PAGES * TIMES:
        with contextlib.suppress(OSError):
            urllib.request.urlopen(origin + page, timeout=30).close()  # noqa: S310


def _family(pid: int) -> list[int]:
    """Return a process and all that descend from it."""
    children = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        children += [int(child) for child in (task / "children").read_text().split()]
    return [pid, *(one for child in children for one in _family(child))]


def _megabytes(pid: int) -> float:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def _name(pid: int) -> str:
    words = Path(f"/proc/{pid}/cmdline").read_text().split("\0")
    return " ".join(Path(word).name if word.startswith("/") else word for word in words).strip()


if __name__ == "__main__":
    sys.exit(main())
