"""Print a roll of one-time codes for a hall: the numbers stand on the slips and nowhere else (GY-R4)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from casework.plates import qr
from office import audit, dates, roles
from office.errors import Refused
from office.exports import typeset
from office.models import User
from ratings.codes.finding import address_of
from ratings.models import RatingCode, Ticket, TicketBatch
from ratings.rules import rules_of
from ratings.tickets import marks

MOST_AT_ONCE = 240
AT_ONCE = 500


@dataclass(frozen=True)
class Slip:
    number: str
    drawn: SafeString

    @property
    def spaced(self) -> str:
        """The number in fours, as somebody reads it out."""
        return " ".join(self.number[start : start + 4] for start in range(0, len(self.number), 4))


@dataclass(frozen=True)
class Roll:
    batch: TicketBatch
    pdf: bytes


def print_roll(*, wall: RatingCode, number: int, today: date, acting_user: User) -> Roll:
    """Draw the numbers, typeset their slips, then store what recognizes them; nobody can print them again.

    A slip is good at every window of the hall, so its code leads to the hall's wall.
    """
    roles.require(acting_user, "rating.print")
    if wall.kind != RatingCode.Kind.WALL or wall.is_dead or wall.hall is None:
        raise Refused("大厅没有在用的码墙", "请先制作大厅码墙，再印评价票。")
    if not 1 <= number <= MOST_AT_ONCE:
        raise Refused(f"一次可印1至{MOST_AT_ONCE}张", "请修改张数，不够的分次印制。")
    last_day = today + timedelta(days=rules_of(wall.rules_id).tickets.roll_days)
    numbers = [marks.new_number() for _ in range(number)]
    pdf = _typeset(wall, numbers, last_day)
    with transaction.atomic():
        batch = TicketBatch.objects.create(
            rules_id=wall.rules_id,
            kind=TicketBatch.Kind.ROLL,
            hall=wall.hall,
            size=number,
            made_on=today,
            made_by=acting_user,
        )
        store_tickets([Ticket(batch=batch, mark=marks.mark_of(one), last_day=last_day) for one in numbers])
        after = {"办事大厅": wall.hall.name, "张数": number, "有效至": last_day.isoformat()}
        audit.record("印制评价票", batch, acting_user=acting_user, after=after)
    return Roll(batch, pdf)


def store_tickets(tickets: list[Ticket]) -> None:
    """Store in an order of its own: none shows which row of a list or sheet a ticket was."""
    secrets.SystemRandom().shuffle(tickets)
    Ticket.objects.bulk_create(tickets, batch_size=AT_ONCE)


def _typeset(wall: RatingCode, numbers: list[str], last_day: date) -> bytes:
    address = address_of(wall)
    context = {
        "slips": [Slip(one, qr.drawn(f"{address}?t={one}", "扫码评价")) for one in numbers],
        "rules": rules_of(wall.rules_id),
        "hall": wall.hall,
        "address": address.partition("://")[2],
        "last_day": dates.day(last_day),
        "county_name": settings.COUNTY_NAME,
        "demo": settings.DEMO,
    }
    return typeset.pdf(render_to_string("ratings/tickets/slips.html", context))
