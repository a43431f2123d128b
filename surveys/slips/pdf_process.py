"""Makes the PDF of slips in a process of its own: text and codes in, the file out.

Knows neither Django nor the database, so that the fonts, which take more memory than all slips of a
batch, are not added to what a web process needs, and are given back. Nothing passes but through pipes:
codes stand in no file and on no command line.

WeasyPrint sets the form once, and pages with the codes alone; the form is then laid under each page.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from typing import Any

import segno

from office.exports.typeset import nothing

COLUMNS, ROWS = 2, 5
PER_PAGE = COLUMNS * ROWS
# In millimeters, as templates/surveys/slips/slips.html has them; the QR code lies left below the title.
PAGE_HEIGHT, LEFT, TOP, WIDTH, HEIGHT = 297.0, 10.0, 8.0, 95.0, 54.0
QR_LEFT, QR_TOP, QR_SIZE = 3.0, 13.0, 33.0
POINTS = 72 / 25.4
MASK = 2  # one fixed mask: trying all eight takes eight times as long and reads no better here


def pdf_of(text: str, pages: list[list[str]]) -> bytes:
    import weasyprint  # noqa: PLC0415 - loaded by this process alone, not by whoever starts it

    html = weasyprint.HTML(string=text, url_fetcher=nothing())
    return bytes(html.write_pdf(finisher=lambda _, pdf: _put_together(pdf, pages)))


def sizes(pages: Sequence[Sequence[object]]) -> list[int]:
    return sorted({len(page) for page in pages})


def _put_together(pdf: Any, pages: list[list[str]]) -> None:
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
    forms = {size: sheet["Contents"] for size, sheet in zip(sizes(pages), sheets[len(pages) :], strict=True)}
    apart, again = added(b"q"), added(b"Q")  # each content begins with its own turn of the page
    for sheet, urls in zip(sheets, pages, strict=False):
        parts = [added(*_qr_codes(urls)), apart, forms[len(urls)], again, sheet["Contents"]]
        sheet["Contents"] = pydyf.Array(parts)
    pdf.pages["Kids"] = pydyf.Array(pdf.pages["Kids"][: 3 * len(pages)])
    pdf.pages["Count"] = len(pages)


def _qr_codes(urls: list[str]) -> Iterator[bytes]:
    yield b"q 0 g"
    for place, url in enumerate(urls):
        row, column = divmod(place, COLUMNS)
        left = (LEFT + column * WIDTH + QR_LEFT) * POINTS
        top = (PAGE_HEIGHT - TOP - row * HEIGHT - QR_TOP) * POINTS
        code = segno.make(url, error="m", mask=MASK, micro=False)
        module = QR_SIZE * POINTS / len(code.matrix)
        for line, modules in enumerate(code.matrix):
            for start, length in _runs(modules):
                x, y = left + start * module, top - (line + 1) * module
                yield b"%.3f %.3f %.3f %.3f re" % (x, y, length * module, module)
        yield b"f"
    yield b"Q"


def _runs(modules: bytearray) -> Iterator[tuple[int, int]]:
    start = None
    for place, dark in enumerate([*modules, 0]):
        if dark and start is None:
            start = place
        elif not dark and start is not None:
            yield start, place - start
            start = None


def _main() -> None:
    asked = json.load(sys.stdin)
    sys.stdout.buffer.write(pdf_of(asked["text"], asked["pages"]))


if __name__ == "__main__":
    _main()
