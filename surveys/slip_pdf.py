"""Slips on paper: A4, ten to a page, QR as vector, code to type in fours.

All slips of a batch are alike but for code and QR code, so WeasyPrint sets the form once, and pages
with the codes alone; the form is then laid under each page. Setting every slip anew takes six times
as long.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import segno
from django.conf import settings
from django.template.loader import render_to_string

from surveys.ballots.slips import in_fours

if TYPE_CHECKING:
    from surveys.models import SlipBatch
    from surveys.services.printing import PrintedSlip

COLUMNS, ROWS = 2, 5
PER_PAGE = COLUMNS * ROWS
# In millimeters, as templates/surveys/slips.html has them; the QR code lies left below the title.
PAGE_HEIGHT, LEFT, TOP, WIDTH, HEIGHT = 297.0, 10.0, 8.0, 95.0, 54.0
QR_LEFT, QR_TOP, QR_SIZE = 3.0, 13.0, 33.0
POINTS = 72 / 25.4
MASK = 2  # one fixed mask: trying all eight takes eight times as long and reads no better here


def render(batch: SlipBatch, slips: list[PrintedSlip]) -> bytes:
    """The PDF of one batch, in memory."""
    import weasyprint  # noqa: PLC0415 - slow to load, and only printing needs it

    pages = _pages(slips)
    html = weasyprint.HTML(string=document(batch, slips))
    made = bytes(html.write_pdf(finisher=lambda _, pdf: _put_together(pdf, pages)))
    del html
    gc.collect()  # a document is a circle of objects with 50 MB of fonts; a web process prints many
    return made


def document(batch: SlipBatch, slips: list[PrintedSlip]) -> str:
    """Pages with the codes, then the forms; all that WeasyPrint has to set."""
    pages = _pages(slips)
    context = {
        "batch": batch,
        "survey": batch.survey,
        # No running number on a slip: it would tell who took which.
        "pages": [
            [[in_fours(slip.code) for slip in page[column::COLUMNS]] for column in range(COLUMNS)]
            for page in pages
        ],
        "forms": [range(size) for size in _sizes(pages)],
        "address": f"{settings.PUBLIC_ORIGIN}/v/",
        "fingerprint": in_fours(batch.survey.fingerprint),
        "demo": settings.DEMO,
    }
    return render_to_string("surveys/slips.html", context)


def _pages(slips: list[PrintedSlip]) -> list[list[PrintedSlip]]:
    return [slips[start : start + PER_PAGE] for start in range(0, len(slips), PER_PAGE)]


def _sizes(pages: list[list[PrintedSlip]]) -> list[int]:
    """How many slips stand on a page: ten, and perhaps fewer on the last."""
    return sorted({len(page) for page in pages})


def _put_together(pdf: Any, pages: list[list[PrintedSlip]]) -> None:
    """Under each page's codes its QR codes and the form for so many slips; the forms' own pages go.

    As SVG the QR codes would take three times as long.
    """
    import pydyf  # noqa: PLC0415 - comes with WeasyPrint

    def added(*content: bytes) -> Any:
        stream = pydyf.Stream(list(content), compress=True)
        pdf.add_object(stream)
        return stream.reference

    sheets = [
        part for part in pdf.objects if isinstance(part, pydyf.Dictionary) and part.get("Type") == "/Page"
    ]
    forms = {size: sheet["Contents"] for size, sheet in zip(_sizes(pages), sheets[len(pages) :], strict=True)}
    apart, again = added(b"q"), added(b"Q")  # each content begins with its own turn of the page
    for sheet, slips in zip(sheets, pages, strict=False):
        parts = [added(*_drawing(slips)), apart, forms[len(slips)], again, sheet["Contents"]]
        sheet["Contents"] = pydyf.Array(parts)
    pdf.pages["Kids"] = pydyf.Array(pdf.pages["Kids"][: 3 * len(pages)])
    pdf.pages["Count"] = len(pages)


def _drawing(slips: list[PrintedSlip]) -> Iterator[bytes]:
    """PDF operators: each run of dark modules as one rectangle."""
    yield b"q 0 g"
    for place, slip in enumerate(slips):
        row, column = divmod(place, COLUMNS)
        left = (LEFT + column * WIDTH + QR_LEFT) * POINTS
        top = (PAGE_HEIGHT - TOP - row * HEIGHT - QR_TOP) * POINTS
        code = segno.make(slip.url, error="m", mask=MASK, micro=False)
        module = QR_SIZE * POINTS / len(code.matrix)
        for line, modules in enumerate(code.matrix):
            for start, length in _runs(modules):
                x, y = left + start * module, top - (line + 1) * module
                yield b"%.3f %.3f %.3f %.3f re" % (x, y, length * module, module)
        yield b"f"
    yield b"Q"


def _runs(modules: bytearray) -> Iterator[tuple[int, int]]:
    """(start, length) of each run of dark modules in one line."""
    start = None
    for place, dark in enumerate([*modules, 0]):
        if dark and start is None:
            start = place
        elif not dark and start is not None:
            yield start, place - start
            start = None
