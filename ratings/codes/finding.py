"""The code behind an address, and where a code leads."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db.models import QuerySet

from ratings.models import RatingCode


def code_of(text: str) -> RatingCode | None:
    """Return the code that was printed, dead or alive; letters are read as typed."""
    text = text.strip()
    if not (text.isascii() and text.isalnum()):
        return None
    return _rows().filter(code=text.upper()).first()


def _rows() -> QuerySet[RatingCode]:
    return RatingCode.objects.select_related("hall", "window__hall", "window__department", "unit")


def follower_of(code: RatingCode) -> RatingCode | None:
    """Return the live code that took a dead one's place; slips and posters still bear the dead one's address.

    A code whose window changed hands leads to no other unit: its ratings would count for who did not serve.
    """
    seen = {code.pk}
    next_code: RatingCode | None = code
    while next_code is not None and next_code.is_dead:
        next_code = _rows().filter(replaces=next_code.pk).exclude(pk__in=seen).first()
        if next_code is not None:
            seen.add(next_code.pk)
    if next_code is None or next_code.unit_id != code.unit_id:
        return None
    return next_code


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
