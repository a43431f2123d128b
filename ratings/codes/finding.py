"""The code behind an address, and where a code leads."""

from __future__ import annotations

from datetime import date

from django.conf import settings

from ratings.models import RatingCode


def code_of(text: str) -> RatingCode | None:
    """Return the code that was printed, dead or alive; letters are read as typed."""
    text = text.strip()
    if not (text.isascii() and text.isalnum()):
        return None
    rows = RatingCode.objects.select_related("hall", "window__hall", "window__department", "unit")
    return rows.filter(code=text.upper()).first()


def address_of(code: RatingCode) -> str:
    """The short address under a printed code, as somebody types it who cannot scan."""
    return f"{settings.PUBLIC_ORIGIN}/r/{code.code}/"


def windows_of_wall(wall: RatingCode, today: date) -> list[RatingCode]:
    """Return the codes in use of the windows of a wall's hall, in the order of their numbers."""
    rows = RatingCode.objects.select_related("window__hall", "unit").filter(
        kind=RatingCode.Kind.WINDOW,
        rules_id=wall.rules_id,
        hall=wall.hall_id,
        ended_on=None,
        valid_from__lte=today,
    )
    return [code for code in rows.order_by("window_id") if not code.is_dead]
