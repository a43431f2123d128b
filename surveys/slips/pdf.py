"""Slips on paper: A4, ten to a page, QR as vector, code to type in fours.

All slips of a batch are alike but for code and QR code; setting every slip anew takes six times as
long. See surveys.slips.pdf_process.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

from django.conf import settings
from django.template.loader import render_to_string

from surveys.ballots.slips import in_fours
from surveys.slips.pdf_process import COLUMNS, PER_PAGE, sizes

if TYPE_CHECKING:
    from surveys.models import SlipBatch
    from surveys.slips.printed import PrintedSlip


def render(batch: SlipBatch, slips: list[PrintedSlip]) -> bytes:
    urls = [[slip.url for slip in page] for page in _pages(slips)]
    made = subprocess.run(
        [sys.executable, "-m", "surveys.slips.pdf_process"],
        input=json.dumps({"text": document(batch, slips), "pages": urls}).encode(),
        stdout=subprocess.PIPE,
        cwd=settings.BASE_DIR,
        check=True,
    )
    return made.stdout


def document(batch: SlipBatch, slips: list[PrintedSlip]) -> str:
    """Pages with the codes, then the forms; all that WeasyPrint has to set."""
    pages = _pages(slips)
    context = {
        "batch": batch,
        "batch_in_style": in_style(str(batch)),
        "survey": batch.survey,
        # No running number on a slip: it would tell who took which.
        "pages": [
            [[in_fours(slip.code) for slip in page[column::COLUMNS]] for column in range(COLUMNS)]
            for page in pages
        ],
        "forms": [range(size) for size in sizes(pages)],
        "address": f"{settings.PUBLIC_ORIGIN}/v/",
        "fingerprint": in_fours(batch.survey.fingerprint),
        "demo": settings.DEMO,
    }
    return render_to_string("surveys/slips/slips.html", context)


def in_style(text: str) -> str:
    """Return text for a string in a style sheet, each character as its number: none can end the string."""
    return "".join(f"\\{ord(character):x} " for character in text if character.isprintable())


def _pages(slips: list[PrintedSlip]) -> list[list[PrintedSlip]]:
    return [slips[start : start + PER_PAGE] for start in range(0, len(slips), PER_PAGE)]
