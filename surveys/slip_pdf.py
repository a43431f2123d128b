"""Slips on paper: A4, ten to a page, QR as vector, code to type in fours."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import segno
from django.conf import settings
from django.template.loader import render_to_string

from surveys.ballots.slips import in_fours

if TYPE_CHECKING:
    from surveys.models import SlipBatch
    from surveys.services.printing import PrintedSlip

PER_PAGE = 10
MASK = 2  # one fixed mask: trying all eight takes eight times as long and reads no better here


def render(batch: SlipBatch, slips: list[PrintedSlip]) -> bytes:
    """The PDF of one batch, in memory."""
    import weasyprint  # noqa: PLC0415 - slow to load, and only printing needs it

    # No running number on a slip: it would tell who took which.
    places = [{"qr": _qr(slip.url), "code": in_fours(slip.code)} for slip in slips]
    context = {
        "batch": batch,
        "survey": batch.survey,
        "pages": [places[start : start + PER_PAGE] for start in range(0, len(places), PER_PAGE)],
        "address": f"{settings.PUBLIC_ORIGIN}/v/",
        "fingerprint": in_fours(batch.survey.fingerprint),
        "county": settings.COUNTY_NAME,
        "demo": settings.DEMO,
    }
    html = render_to_string("surveys/slips.html", context)
    return bytes(weasyprint.HTML(string=html).write_pdf())


def _qr(url: str) -> str:
    buffer = io.BytesIO()
    code = segno.make(url, error="m", mask=MASK, micro=False)
    code.save(buffer, kind="svg", xmldecl=False, svgns=True, nl=False, omitsize=True, border=2)
    return buffer.getvalue().decode()
