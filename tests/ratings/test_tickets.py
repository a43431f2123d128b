"""Tickets: printed once, kept as marks, good for one rating in their hall (GY-R4)."""

from __future__ import annotations

import io
import re
from datetime import date
from itertools import product

import pypdf
import pytest
from django.core import serializers
from django.test import Client

from casework.matters.numbers import LETTERS
from office.errors import Refused
from office.models import AuditEntry
from ratings.codes import making
from ratings.models import Rating, Ticket, TicketBatch
from ratings.tickets import marks, rolls
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
    roll = rolls.print_roll(wall=hall.wall, number=3, today=TODAY, acting_user=hall.operator)
    drawn = printed(roll.pdf)
    wall = Client().get(f"/r/{hall.wall.code}/?t={drawn[0]}").content.decode()
    assert f"/r/{hall.code.code}/?t={drawn[0]}" in wall  # where its printed code leads
    assert f"/r/{hall.wall.code}/" in pypdf.PdfReader(io.BytesIO(roll.pdf)).pages[0].extract_text()
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
    ended = {"code": hall.wall, "reason": "码牌损坏", "today": TODAY, "acting_user": hall.operator}
    new = making.end_code(replace=True, **ended)
    assert new is not None
    newest = making.end_code(replace=True, **{**ended, "code": new})
    assert newest is not None
    slip = Client().get(f"/r/{hall.wall.code}/?t={drawn[2]}")  # slips live longer than a wall
    assert (slip.status_code, slip["Location"]) == (307, f"/r/{newest.code}/?t={drawn[2]}")
    assert f"/r/{hall.code.code}/?t={drawn[2]}" in Client().get(slip["Location"]).content.decode()
    with pytest.raises(Refused, match="票号有误"):
        hall.rate(ticket=drawn[1][:-1] + ("2" if drawn[1][-1] != "2" else "3"))
    for number, wall, user in (
        (0, hall.wall, hall.operator),
        (3, hall.code, hall.operator),
        (3, hall.wall, hall.clerk),
    ):
        with pytest.raises(Refused):
            rolls.print_roll(wall=wall, number=number, today=TODAY, acting_user=user)


def test_a_mistyped_letter_and_a_swap_of_neighbours_are_noticed() -> None:
    """Every single letter; a swap of neighbours but for letters that lie 15 apart in their order."""
    printed = [drawn + marks.check_symbol(drawn) for drawn in (letter * marks.DRAWN for letter in LETTERS)]
    printed += [marks.new_number() for _ in range(200)]
    assert not any(marks.is_mistyped(number) for number in printed)
    for number, place in product(printed, range(marks.PRINTED)):
        before, here, after = number[:place], number[place], number[place + 1 :]
        wrong = [f"{before}{letter}{after}" for letter in LETTERS if letter != here]
        assert all(marks.is_mistyped(one) for one in wrong)
        if after and after[0] != here:
            swapped = f"{before}{after[0]}{here}{after[1:]}"
            is_apart = abs(LETTERS.index(here) - LETTERS.index(after[0])) == 15
            assert marks.is_mistyped(swapped) or is_apart


def test_the_page_hands_a_roll_out_and_shows_what_was_used(hall: RatedHall) -> None:
    clerk, centre = Client(), Client()
    clerk.force_login(hall.clerk)
    centre.force_login(hall.operator)
    assert "请评价中心印制评价票" in clerk.get(TICKETS).content.decode()
    assert clerk.get(f"{TICKETS}new/").status_code == 403
    answer = centre.post(f"{TICKETS}new/", {"wall": hall.wall.pk, "number": 8})
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
        centre.post(f"{TICKETS}new/", {"wall": hall.wall.pk, "number": 999})["Content-Type"]
        != "application/pdf"
    )
    officer = Client()
    officer.force_login(hall.officer)
    assert officer.get(TICKETS).status_code == 403
