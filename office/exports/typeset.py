"""From HTML to PDF with WeasyPrint, in several processes that know nothing of the database.

A background worker may not fork helpers of its own (Celery's are daemons), so each process is this
module started afresh, `python -m office.exports.typeset FILE.html FILE.pdf …`; it names each finished PDF.
"""

from __future__ import annotations

import errno
import gc
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from select import select
from typing import Any

from office.errors import is_disk_full
from office.exports.long_cells import cut

WORTH_A_PROCESS = 4
"""Starting a process costs as much as typesetting about three documents."""
TOLD_EVERY = 10  # seconds; a job's lease is a minute
STYLESHEETS = Path(__file__).resolve().parent
ROOT = STYLESHEETS.parents[1]
OFFICIAL = '<meta name="stylesheet" content="official">'
"""Stands in the head of a paper after GB/T 9704; every other document is set by sheet.css."""
IMPRINT = '<div id="imprint">'
TYPE_AREA_TOP = 38 * 96 / 25.4  # 37 mm in pixels, and a little more


def typeset(documents: Mapping[Path, str], *, processes: int | None = None) -> Iterator[Path]:
    """Write each document as a PDF to its path; yields the paths as they are done."""
    workers = min(processes or os.cpu_count() or 1, len(documents) // WORTH_A_PROCESS)
    if workers <= 1:
        for path, html in documents.items():
            yield write_pdf(html, path)
        return
    from office.files import stored  # noqa: PLC0415 - the processes started below know nothing of Django

    with stored.workshop() as folder:
        pairs = []
        for number, (path, html) in enumerate(documents.items()):
            source = folder / f"{number}.html"
            source.write_text(html, encoding="utf-8")
            pairs.append((str(source), str(path)))
        yield from _shared_among(workers, pairs)


def _shared_among(workers: int, pairs: list[tuple[str, str]]) -> Iterator[Path]:
    """Start the processes, each with its share; they report through one pipe."""
    reading, writing = os.pipe()
    running = [
        subprocess.Popen(
            [
                sys.executable,
                "-m",
                "office.exports.typeset",
                *(name for pair in pairs[first::workers] for name in pair),
            ],
            stdout=writing,
            cwd=ROOT,
        )
        for first in range(workers)
    ]
    os.close(writing)
    try:
        with os.fdopen(reading, encoding="utf-8") as reports:
            for line in reports:
                yield Path(line.rstrip("\n"))
        _require_done(*(process.wait() for process in running))
    finally:
        for process in running:
            process.kill()
            process.wait()


def alone(source: Path, target: Path, *, told: Callable[[int], None]) -> None:
    """Typeset one long document in a process of its own; tells at which page it is, and that it lives."""
    reading, writing = os.pipe()
    command = [sys.executable, "-m", "office.exports.typeset", "--pages", str(source), str(target)]
    process = subprocess.Popen(command, stdout=writing, cwd=ROOT)
    os.close(writing)
    try:
        for page in _pages_from(reading):
            told(page)
        _require_done(process.wait())
    finally:
        os.close(reading)
        process.kill()
        process.wait()


def _require_done(*codes: int) -> None:
    """Raise what a process ended with; of a full disk it says so by its code, for the user to be told."""
    if errno.ENOSPC in codes:
        raise OSError(errno.ENOSPC, "no room for a document")
    if any(codes):
        raise RuntimeError("a document could not be typeset; the log above says which")


def _pages_from(pipe: int) -> Iterator[int]:
    """Yield the current page, at each page and every few seconds, until the pipe closes."""
    page = 0
    while True:
        if select([pipe], [], [], TOLD_EVERY)[0]:
            said = os.read(pipe, 65536)
            if not said:
                return
            numbers = said.split()  # none where the end of a line comes alone, as from an unbuffered process
            page = int(numbers[-1]) if numbers else page
        yield page


class _TellPages(logging.Handler):
    """Prints the number of each page that WeasyPrint says it lays out."""

    def emit(self, record: logging.LogRecord) -> None:
        if "Page %d" in str(record.msg):
            print(*record.args or (), flush=True)


def write_pdf(html: str, path: Path) -> Path:
    """Typeset one document. It may load nothing: all it needs is in its text and its stylesheet."""
    path.write_bytes(pdf(html, one_of_many=True))
    return path


def pdf(html: str, *, one_of_many: bool = False) -> bytes:
    """One document in memory, for what is printed at once and kept nowhere."""
    made = _pdf(html)
    if one_of_many:
        gc.collect()  # the boxes of a page refer to each other; they would pile up to hundreds of megabytes
    return made


def _pdf(html: str) -> bytes:
    from weasyprint import HTML  # noqa: PLC0415 - slow to import, and needed only where PDFs are made

    html = cut(html)
    sheet = _stylesheet("official" if OFFICIAL in html[:500] else "sheet")
    made = HTML(string=html, url_fetcher=nothing()).render(stylesheets=[sheet])
    if IMPRINT in html and (place := _back_page(made)):
        html = html.replace(IMPRINT, f'{IMPRINT[:-1]} class="last {place}">')
        made = HTML(string=html, url_fetcher=nothing()).render(stylesheets=[sheet])
    return bytes(made.write_pdf())


def _back_page(made: Any) -> str:
    """Say how the 版记 comes to stand on a back page, the last face of a paper printed on both sides.

    Nothing where it stands there. Alone at the top of a front page, it goes on to the next back page, and
    neither that page nor the blank one before it has a number.
    """
    found = ((number, page) for number, page in enumerate(made.pages, 1) if "imprint" in page.anchors)
    number, page = next(found)
    if number % 2 == 0:
        return ""
    top = page.anchors["imprint"][1]
    return "back after-blank" if top <= TYPE_AREA_TOP else "back"


@lru_cache(maxsize=2)
def _stylesheet(name: str) -> Any:
    from weasyprint import CSS  # noqa: PLC0415 - as above

    return CSS(filename=str(STYLESHEETS / f"{name}.css"))


def nothing() -> Any:
    """Return what fetches for a document: pictures in its own text, nothing of the network or the disk."""
    from weasyprint.urls import URLFetcher  # noqa: PLC0415 - as above

    return URLFetcher(allowed_protocols=("data",))


def _main(arguments: list[str]) -> None:
    """Name each PDF when it is done, or, with `--pages`, the pages on the way."""
    by_page = arguments[:1] == ["--pages"]
    if by_page:
        steps = logging.getLogger("weasyprint.progress")
        steps.setLevel(logging.INFO)
        steps.addHandler(_TellPages())
    names = arguments[by_page:]
    for source, target in zip(names[::2], names[1::2], strict=True):
        done = write_pdf(Path(source).read_text(encoding="utf-8"), Path(target))
        if not by_page:
            print(done, flush=True)


if __name__ == "__main__":
    try:
        _main(sys.argv[1:])
    except OSError as error:
        if is_disk_full(error):
            sys.exit(errno.ENOSPC)
        raise
