"""Codes to scan, as drawings that a strict page and a print may hold."""

from __future__ import annotations

import segno
from django.utils.safestring import SafeString, mark_safe


def drawn(address: str, title: str) -> SafeString:
    svg: str = segno.make(address, error="m", micro=False).svg_inline(
        border=2, light="#ffffff", title=title, svgclass="qr", lineclass=None, omitsize=True
    )
    return mark_safe(svg)  # noqa: S308 - drawn by segno from an address of our own
