"""Tickets: printed once, kept as marks, good for one rating in their hall (GY-R4)."""

from __future__ import annotations

import io
import re
from datetime import date

import pypdf
import pytest
from django.core import serializers
from django.test import Client

from office.errors import Refused
from office.models import AuditEntry
from ratings.models import Rating, Ticket, TicketBatch
from ratings.tickets import rolls
from ratings.tickets.counting import count_used
from tests.ratings.hall import RULES, RatedHall, moment

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 25)
TICKETS = "/office/ratings/tickets/"


@pytest.fixture
def hall(db: None) -> RatedHall:
    return RatedHall()


def printed(pdf: bytes) -> list[str]:
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)
    return [found.replace(" ", "") for found in re.findall(r"[2-9A-Z]{4} [2-9A-Z]{4} [2-9A-Z]{2}", text)]


def test_a_roll_is_printed_once_and_its_numbers_are_kept_nowhere(hall: RatedHall) -> None:
    """GY-R4: what is stored recognizes a number and cannot be read back."""
    roll = rolls.print_roll(wall=hall.wall, number=3, today=TODAY, acting_user=hall.clerk)
    drawn = printed(roll.pdf)
    wall = Client().get(f"/r/{hall.wall.code}/?t={drawn[0]}").content.decode()
    assert f"/r/{hall.code.code}/?t={drawn[0]}" in wall  # where its printed code leads
    assert (roll.batch.size, roll.batch.hall, len(set(drawn))) == (3, hall.hall, 3)
    assert {ticket.last_day for ticket in Ticket.objects.all()} == {date(2027, 11, 25)}
    stored = "".join(
        serializers.serialize("json", rows)
        for rows in (Ticket.objects.all(), TicketBatch.objects.all(), AuditEntry.objects.all())
    )
    assert not any(number in stored for number in drawn)
    hall.rate(ticket=drawn[0], code=hall.other_code)
    assert Rating.objects.get().has_ticket
    with pytest.raises(Refused, match="已经评价过"):
        hall.rate(ticket=drawn[0])
    with pytest.raises(Refused, match="票号有误"):
        hall.rate(ticket=drawn[1][:-1] + ("2" if drawn[1][-1] != "2" else "3"))
    for number, wall, user in (
        (0, hall.wall, hall.clerk),
        (3, hall.code, hall.clerk),
        (3, hall.wall, hall.officer),
    ):
        with pytest.raises(Refused):
            rolls.print_roll(wall=wall, number=number, today=TODAY, acting_user=user)


def test_the_page_hands_a_roll_out_and_shows_what_was_used(hall: RatedHall) -> None:
    clerk = Client()
    clerk.force_login(hall.clerk)
    assert "还没有评价票" in clerk.get(TICKETS).content.decode()
    answer = clerk.post(f"{TICKETS}new/", {"wall": hall.wall.pk, "number": 8})
    assert answer.content.startswith(b"%PDF-")
    assert "no-store" in answer["Cache-Control"]
    told = {"rules_id": RULES, "size": 9, "made_on": TODAY, "made_by": hall.operator}
    TicketBatch.objects.create(kind="cases", used=9, **told)
    tickets = list(Ticket.objects.values_list("pk", flat=True))
    for number, when, shown in (
        (4, "2026-11-26T00:05", False),  # of so few it would say who has rated
        (5, "2026-11-26T09:00", False),  # by day it would say when
        (5, "2026-11-27T00:05", True),
    ):
        Ticket.objects.filter(pk__in=tickets[:number]).update(is_used=True)
        count_used(moment(when))
        page = clerk.get(TICKETS).content.decode()
        assert ("62.50%（5/8）" in page) is shown
        assert "（9/9）" not in page  # a case has a person
    assert (
        clerk.post(f"{TICKETS}new/", {"wall": hall.wall.pk, "number": 999})["Content-Type"]
        != "application/pdf"
    )
    officer = Client()
    officer.force_login(hall.officer)
    assert officer.get(TICKETS).status_code == 403
