"""Slips with QR codes as PDF, in batches of 500: seconds and memory, against WeasyPrint alone.

    .venv/bin/python -m benchmarks.slips [slips] [per batch]

1,000 in batches of 500 unless told otherwise, one batch after the other in one process, as a web
process prints them. "Alone" is WeasyPrint on the very documents it gets from us, without the QR codes
and without laying one thing under another; "slip by slip" is one batch with every slip set on its own, as
one would without thinking. Each in a process of its own; seconds are of processor time,
of the process that draws, too.
"""

# ruff: noqa: PLC0415 - Django must be set up before anything of it is imported

from __future__ import annotations

import contextlib
import multiprocessing
import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from importlib import import_module
from pathlib import Path
from typing import Any

ORIGIN = "https://pingjia.example.gov.cn"


def main() -> None:
    """Measure and print."""
    total = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    size = int(sys.argv[2]) if len(sys.argv) > 2 else 500
    print(f"{total} slips in batches of {size}; load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "config.settings", "DEMO": "1"}
        os.environ |= {"PUBLIC_ORIGIN": ORIGIN, "SECRET_KEY": "only-for-the-benchmark-" * 3}
        alone = apart("alone", library, total, size)
        ours = apart("ours", batches, total, size)
        print(f"{ours / alone:.2f} x the processor time of WeasyPrint alone")
        apart("slip by slip", slip_by_slip, size, size)


def apart(name: str, work: Callable[[int, int], list[float]], total: int, size: int) -> float:
    """Run in a process of its own, print, return the processor seconds."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        seconds, clock, started, highest = pool.submit(measured, work, total, size).result()
    print(
        f"{name:12} {sum(seconds):5.1f} s busy, {clock:5.1f} s by the clock, {total / sum(seconds):4.0f}/s;"
        f" per batch {min(seconds):.1f} to {max(seconds):.1f} s;"
        f" memory {started:.0f} MB at first, {highest[0]:.0f} MB after one batch, {highest[1]:.0f} MB most,"
        f" {highest[2]:.0f} MB beside it"
    )
    return sum(seconds)


def measured(work: Callable[[int, int], list[float]], total: int, size: int) -> tuple[Any, ...]:
    import django

    django.setup()
    batch(1)  # what a web process has loaded anyway
    if work is not batches:
        import_module("weasyprint")  # loading it is not what is measured

    started, clock = megabytes("VmRSS"), time.perf_counter()
    threading.Thread(target=watch_children, daemon=True).start()
    seconds = work(min(size, total), size)
    first = megabytes("VmHWM")
    if total > size:
        seconds += work(total - size, size)
    highest = (first, megabytes("VmHWM"), max(CHILDREN))
    return seconds, time.perf_counter() - clock, started, highest


CHILDREN = [0.0]  # the most memory seen in a process that this one started


def watch_children() -> None:
    while True:
        for listed in Path("/proc/self/task").glob("*/children"):
            for child in listed.read_text().split():
                with contextlib.suppress(OSError, StopIteration):  # it has just ended
                    CHILDREN.append(megabytes("VmHWM", child))
        time.sleep(0.02)  # often enough to meet the peak


def megabytes(what: str, process: str = "self") -> float:
    """Of one process (Linux)."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(what)) / 1024


def busy() -> float:
    """Processor seconds of this process and of those it has waited for."""
    return sum(os.times()[:4])


def batch(size: int) -> tuple[Any, list[Any]]:
    """A batch with its codes, as printing hands it over; nothing is in a database."""
    from departments.models import Town
    from surveys.ballots.slips import new_code, slip_fragment
    from surveys.models import SlipBatch, Stratum, Survey
    from surveys.slips.printed import PrintedSlip

    fp = "ABCDEFGHJKMNPQRSTUVWXYZ234"
    survey = Survey(title="示范县2026年第三季度营商环境评价", fingerprint=fp, closes="2026年9月30日18时")
    stratum = Stratum(survey=survey, name="民营企业", key_id="K7M2")
    codes = [new_code() for _ in range(size)]
    slips = [
        PrintedSlip("K7M2", code, f"{ORIGIN}/v/#{slip_fragment(key_id='K7M2', code=code, fp=fp)}")
        for code in codes
    ]
    return SlipBatch(survey=survey, stratum=stratum, town=Town(name="示范镇"), number=1, size=size), slips


def batches(total: int, size: int) -> list[float]:
    from surveys.slips import pdf as slip_pdf

    seconds = []
    for first in range(0, total, size):
        printed = batch(min(size, total - first))
        started = busy()
        slip_pdf.render(*printed)
        seconds.append(busy() - started)
    return seconds


def library(total: int, size: int) -> list[float]:
    import weasyprint

    from surveys.slips import pdf as slip_pdf

    seconds = []
    for first in range(0, total, size):
        text = slip_pdf.document(*batch(min(size, total - first)))
        started = time.process_time()
        weasyprint.HTML(string=text).write_pdf()
        seconds.append(time.process_time() - started)
    return seconds


def slip_by_slip(total: int, size: int) -> list[float]:
    """Every slip with all its words and its QR code as SVG."""
    import segno
    import weasyprint

    from surveys.ballots.slips import in_fours
    from surveys.slips import pdf as slip_pdf
    from surveys.slips.pdf_process import PER_PAGE

    one, slips = batch(total)
    head, _, rest = slip_pdf.document(one, slips[:PER_PAGE]).partition("<body>")
    form = rest.rpartition('<div class="form">')[2].partition('<div class="slip">')[2]
    form = form.partition('<div class="slip">')[0]
    started = time.process_time()
    pages = []
    for start in range(0, total, PER_PAGE):
        texts = []
        for slip in slips[start : start + PER_PAGE]:
            drawn = segno.make(slip.url, error="m", micro=False).svg_inline(scale=2)
            texts.append('<div class="slip">' + drawn + form.replace("&nbsp;", in_fours(slip.code)))
        pages.append(f'<div class="page">{"".join(texts)}</div>')
    weasyprint.HTML(string=f"{head}<body>{''.join(pages)}").write_pdf()
    return [time.process_time() - started]


if __name__ == "__main__":
    main()
