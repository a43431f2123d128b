"""One matter, one rating: every level counts alike, nothing of the rater is kept (GY-R4)."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from casework.models import Matter
from office.errors import Refused
from ratings.counts.counting import units_tallies
from ratings.follow_up.making import settle_past_days
from ratings.models import BadRatingContact, Rating
from ratings.rules import rules_of
from tests.ratings.hall import RULES, RatedHall, moment

pytestmark = pytest.mark.django_db


@pytest.fixture
def hall(db: None) -> RatedHall:
    return RatedHall()


def test_every_level_is_taken_and_counted(hall: RatedHall) -> None:
    rules = rules_of(RULES)
    for level in rules.words:
        hall.rate(level=level, ticket=hall.ticket())
    tally = units_tallies(date(2026, 11, 1), date(2026, 11, 30), RULES, rules)[hall.unit.pk]
    assert tally.levels(rules) == dict.fromkeys(rules.words, 1)


def test_a_ticket_rates_once_and_the_same_form_again_is_answered_again(hall: RatedHall) -> None:
    number, key = hall.ticket(), "a" * 32
    assert not hall.rate(ticket=number, key=key).is_again
    assert hall.rate(ticket=number, key=key).is_again
    with pytest.raises(Refused, match="已经评价过"):
        hall.rate(ticket=number)
    assert Rating.objects.count() == 1


def test_a_bad_rating_with_a_number_becomes_a_matter_in_the_night(hall: RatedHall) -> None:
    """GY-R4: with its day and no hour; the number is sealed meanwhile and gone afterwards."""
    hall.rate("2026-11-25T16:41", "不满意", number="13800000000", text="没有一次说清。")
    contact = BadRatingContact.objects.get()
    assert "13800000000" not in contact.sealed
    assert settle_past_days(moment("2026-11-25T23:50")) == 0
    assert settle_past_days(moment("2026-11-26T00:20")) == 1
    matter = Matter.objects.get()
    assert (matter.about, matter.received_on) == (hall.unit, date(2026, 11, 25))
    assert not BadRatingContact.objects.exists()


def test_the_page_takes_a_rating_and_keeps_no_cookie(hall: RatedHall, client: Client) -> None:
    page = client.get(f"/r/{hall.code.code}/")
    assert page.status_code == 200
    key = page.context["given"].key
    told = client.post(f"/r/{hall.code.code}/", {"level": "非常不满意", "key": key})
    assert told.status_code == 200
    assert not client.cookies
    assert Rating.objects.get().level == "非常不满意"
