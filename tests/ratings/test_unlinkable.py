"""After the night nothing that is stored tells when on its day a rating came, nor which ticket it had.

The worst case: many ratings one after the other, each with its own words and ticket. The same search is made
before the shuffle, where it must see the order, and after it, where it must find no more than chance.
"""

from __future__ import annotations

import secrets
from itertools import count

import pytest
from django.db import connection

from ratings.follow_up.making import settle_past_days
from ratings.intake import limits
from ratings.models import BadRatingContact, Rating, Ticket
from ratings.tickets.marks import mark_of
from surveys.keys import shuffle
from tests.kit.orders import (
    analyze,
    column_orders,
    correlation,
    database_files,
    hidden_columns,
    journal,
    raw_orders,
)
from tests.ratings.hall import RatedHall, moment

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]

NUMBER = 200
CHANCE = 5 / (NUMBER - 1) ** 0.5  # five standard deviations of the correlation of random ranks
UNLIKE_NUMBERS = str.maketrans("0123456789", "ghijklmnop")  # numbers in a text are not kept
TABLES = ("ratings_rating", "ratings_ticket")


def rate_in_order(hall: RatedHall) -> tuple[list[bytes], list[bytes]]:
    """Marks of ratings (their words) and of tickets in the order in which people rated."""
    limits.seen.clock = count(0.0, 600.0).__next__
    numbers = [hall.ticket() for _ in range(NUMBER)]
    shuffle.shuffle()  # last night's
    words = [secrets.token_hex(12).translate(UNLIKE_NUMBERS) for _ in range(NUMBER)]
    secrets.SystemRandom().shuffle(numbers)
    for place, (said, number) in enumerate(zip(words, numbers, strict=True)):
        if place == NUMBER // 2:
            analyze(*TABLES)
        hall.rate(level=("非常满意", "不满意")[place % 2], text=said, ticket=number)
    return [said.encode() for said in words], [mark_of(number).encode() for number in numbers]


def strongest(words: list[bytes], tickets: list[bytes]) -> dict[str, float]:
    """Every order that whoever has the whole database can read, against the order of rating."""
    files = database_files(*TABLES)
    found: dict[str, float] = {}
    for model, mark, marks in ((Rating, "text", words), (Ticket, "mark", tickets)):
        columns = [field.column for field in model._meta.fields if field.name not in ("level", "aspects")]
        orders = column_orders(model._meta.db_table, mark, [*columns, *hidden_columns()])
        orders |= {
            f"raw {mark} in {name}": order
            for name, order in raw_orders(marks, {one: one for one in marks}, files).items()
        }
        found |= {name: correlation(order, marks) for name, order in orders.items()}
    return found


def strongest_in_journal(words: list[bytes]) -> float:
    """The journal is written over from time to time: it is searched for pieces of the order."""
    content = journal()
    pieces = [words[first : first + 40] for first in range(0, NUMBER, 40)]
    whole = [piece for piece in pieces if all(said in content for said in piece)]
    return max((abs(correlation(sorted(piece, key=content.find), piece)) for piece in whole), default=0)


def test_after_the_night_no_order_of_ratings_or_tickets_is_left() -> None:
    """GY-R4: neither in columns, row places, raw files, statistics nor the journal, on either database."""
    hall = RatedHall()
    words, tickets = rate_in_order(hall)
    before = strongest(words, tickets)
    seen = max(strongest_in_journal(words), *(abs(found) for found in before.values()))
    assert seen > 0.9, "the search must be able to see an order"
    settle_past_days(moment("2026-11-27T00:20"))
    shuffle.shuffle()
    content = journal()
    assert [mark for mark in [*words, *tickets] if mark in content] == []
    after = strongest(words, tickets)
    assert {name: found for name, found in after.items() if abs(found) > CHANCE} == {}
    whole = b"".join(database_files(*TABLES).values())
    assert [said for said in words if whole.count(said) != 1] == [], "no former version of a row is left"


def test_no_row_links_a_rating_with_its_ticket() -> None:
    """GY-R4: not even on the day itself, when both still know which form they came by."""
    hall = RatedHall()
    limits.seen.clock = count(0.0, 600.0).__next__
    for _ in range(5):
        hall.rate(level="不满意", ticket=hall.ticket(), number="13800000000")
    told = [_values(Rating), _values(Ticket), _values(BadRatingContact)]
    assert [len(one) for one in told] == [10, 15, 15]
    ratings, tickets, contacts = told
    assert not ratings & tickets
    assert not tickets & contacts
    days = [str(value) for value in Rating.objects.values_list("day", flat=True)]
    assert set(days) == {"2026-11-25"}
    with connection.cursor() as cursor:
        kinds = {
            column.name: connection.introspection.get_field_type(column.type_code, column)
            for column in connection.introspection.get_table_description(cursor, "ratings_rating")
        }
    assert [name for name, kind in kinds.items() if kind in ("DateTimeField", "TimeField")] == []
    assert "GenericIPAddressField" not in kinds.values()


def _values(model: type[Rating | Ticket | BadRatingContact]) -> set[str]:
    """What tells one row of a table from another: long values, keys included."""
    rows = model._base_manager.values_list()
    return {str(value) for row in rows for value in row if len(str(value)) > 14}
