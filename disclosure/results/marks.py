"""Marks what shows a publication before it is one: no copy of it passes for the published page."""

from __future__ import annotations

from django.template.loader import render_to_string

from evaluations.models import Round

SAID = "预览，尚未公布"
SKIP = "跳到正文</a>"
"""The link that stands first on every page, for those who go by keyboard."""
ON_SHEETS = (
    "<style>.preview-mark { margin: 0 0 4mm; padding: 2mm; border: 0.5mm solid #a61b1b;"
    " color: #a61b1b; font-size: 14pt; text-align: center; }</style>"
    f'<p class="preview-mark">{SAID}</p>'
)


def as_preview(round: Round, html: str, *, is_sheet: bool) -> str:
    """Put the mark first on the page, in its title, and on a page the way back to the result."""
    bar = (
        ON_SHEETS if is_sheet else render_to_string("disclosure/results/_preview_mark.html", {"round": round})
    )
    marked = html.replace("<title>", f"<title>{SAID} · ", 1)
    first = "<body>" if is_sheet else SKIP
    return marked.replace(first, f"{first}{bar}", 1)
