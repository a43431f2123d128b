"""From HTML to PDF with WeasyPrint, in several processes that know nothing of the database."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import lru_cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any

WORTH_A_PROCESS = 4
"""Starting a process costs as much as typesetting about three documents."""
STYLESHEET = Path(__file__).resolve().parent / "sheet.css"


def typeset(documents: Mapping[Path, str], *, processes: int | None = None) -> Iterator[Path]:
    """Write each document as a PDF to its path; yields the paths as they are done."""
    workers = min(processes or os.cpu_count() or 1, len(documents) // WORTH_A_PROCESS)
    if workers <= 1:
        for path, html in documents.items():
            yield write_pdf(html, path)
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        waiting = [pool.submit(write_pdf, html, path) for path, html in documents.items()]
        for done in as_completed(waiting):
            yield done.result()


def write_pdf(html: str, path: Path) -> Path:
    """Typeset one document. It may load nothing: all it needs is in its text and the one stylesheet."""
    from weasyprint import HTML  # noqa: PLC0415 - slow to import, and needed only where PDFs are made

    path.write_bytes(HTML(string=html, url_fetcher=_refuse).write_pdf(stylesheets=[_stylesheet()]))
    return path


@lru_cache(maxsize=1)
def _stylesheet() -> Any:
    from weasyprint import CSS  # noqa: PLC0415 - as above

    return CSS(filename=str(STYLESHEET))


def _refuse(url: str) -> Any:
    raise ValueError(f"a document loads nothing from outside: {url}")
