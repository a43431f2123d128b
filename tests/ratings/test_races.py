"""Two phones at the same moment: one ticket, one form, one rating."""

from __future__ import annotations

from functools import partial

import pytest

from ratings.models import Rating, Ticket
from tests.kit.at_once import DONE, at_once
from tests.ratings.hall import RatedHall

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]


def test_a_ticket_used_twice_by_two_threads_rates_once() -> None:
    """GY-R4: one atomic update decides; the other one is told so. The same form twice is answered twice."""
    hall = RatedHall()
    number = hall.ticket()
    done, refused = at_once(*[partial(hall.rate, ticket=number)] * 2)
    assert (done, "这张票已经评价过" in refused) == (DONE, True)
    assert Rating.objects.count() == 1
    for ticket, key in (("", "a" * 32), (hall.ticket(), "b" * 32)):
        same = partial(hall.rate, ticket=ticket, key=key)
        assert at_once(same, same, same) == [DONE] * 3
    assert Rating.objects.count() == 3
    assert Ticket.objects.filter(is_used=True).count() == 2
