"""Public sums of ended months and a hall's screen: from twenty up, nothing smaller can be worked out."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from ratings.counts.counting import tallies
from ratings.models import Rating, RatingCode
from ratings.rules import rules_of
from ratings.shown import public, screen
from ratings.shown.hiding import shown_parts
from tests.ratings.hall import RULES, RatedHall

OCTOBER, TODAY = date(2026, 10, 1), date(2026, 11, 30)


@pytest.mark.parametrize(
    ("numbers", "shown"),
    [
        ({"a": 40, "b": 20}, {"a", "b"}),
        ({"a": 40, "b": 30, "c": 5}, {"a"}),  # b covers c: else 75 - 70 tells it
        ({"a": 40, "b": 12, "c": 11}, {"a"}),  # two hidden ones have 23 together
        ({"a": 40, "b": 12, "c": 3}, set()),
        ({"a": 40, "b": 30, "c": 0}, {"a", "b"}),
        ({"a": 19}, set()),
    ],
)
def test_no_small_number_is_the_difference_of_shown_ones(numbers: dict[str, int], shown: set[str]) -> None:
    """GY-R4: whatever is hidden has, together, as many as may be shown, or none."""
    assert shown_parts(numbers, 20) == shown


@pytest.mark.django_db
class TestPublicPages:
    @pytest.fixture
    def hall(self, db: None, monkeypatch: pytest.MonkeyPatch) -> RatedHall:
        hall = RatedHall()
        monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: TODAY)
        hall.stored(25, day=date(2026, 10, 8))
        hall.stored(3, "不满意", day=date(2026, 10, 31), has_ticket=True, aspects="style=非常满意")
        hall.stored(2, day=date(2026, 10, 9), state=Rating.State.HELD)
        hall.stored(1, day=date(2026, 10, 9), state=Rating.State.EXCLUDED)
        hall.stored(19, code=hall.other_code, day=date(2026, 10, 9))
        hall.stored(400, day=TODAY)
        return hall

    def test_a_month_that_is_over_shows_units_from_twenty_up(
        self, hall: RatedHall, client: Client, django_assert_max_num_queries: Any
    ) -> None:
        """GY-R4: held and excluded stand beside, with and without ticket apart."""
        with django_assert_max_num_queries(8):
            page = client.get("/ratings/")
        lines = {line.name: line for line in page.context["lists"][0].lines}
        tally = lines["县甲局"].tally
        assert (tally.number, tally.with_ticket, tally.held, tally.excluded) == (28, 3, 2, 1)
        assert str(lines["县甲局"].satisfied) == "89.29%（25/28）"
        assert lines["县乙局"].tally is None
        assert "不足20条，不显示" in page.content.decode()
        assert "max-age=300" in page["Cache-Control"]
        assert not client.cookies
        assert client.get("/ratings/?month=2026-11").status_code == 404  # it still runs

    def test_a_unit_shows_its_windows_so_that_none_can_be_worked_out(
        self, hall: RatedHall, client: Client, django_assert_max_num_queries: Any
    ) -> None:
        """GY-R4: the lobby's seven are hidden, so the window's 28 are, too; aspects are told of the whole."""
        hall.stored(7, code=hall.plate, day=OCTOBER)
        with django_assert_max_num_queries(10):
            page = client.get(f"/ratings/{hall.unit.pk}/2026-10/")
        part = page.context["parts"][0]
        assert part.whole.tally.number == 35
        assert [line.tally for line in part.places] == [None, None]
        style = dict(part.aspects)["工作作风"]
        assert [one.number for one in style] == [3, 32, 0, 0, 0]
        rules = rules_of(RULES)
        assert all(one.says in page.content.decode() for one in (rules.holding, rules.excluding))
        assert client.get("/ratings/999/2026-10/").status_code == 404
        assert client.get(f"/ratings/{hall.unit.pk}/2026-1x/").status_code == 404

    def test_ratings_older_than_their_code_are_shown(self, hall: RatedHall, client: Client) -> None:
        """GY-R4: handed over by the province for a month before the window had its code."""
        RatingCode.objects.filter(unit=hall.unit).update(valid_from=TODAY)
        lines = {line.name: line for line in client.get("/ratings/").context["lists"][0].lines}
        assert lines["县甲局"].tally.number == 28
        part = client.get(f"/ratings/{hall.unit.pk}/2026-10/").context["parts"][0]
        assert [line.name for line in part.places] == [str(hall.window)]

    def test_a_screen_shows_the_week_that_is_over(
        self, hall: RatedHall, client: Client, django_assert_max_num_queries: Any
    ) -> None:
        """WY-R9: a rating that comes now changes nothing on it, so nobody sees whose it was."""
        hall.stored(20, day=date(2026, 11, 25))
        hall.stored(1, "不满意", day=date(2026, 11, 25))
        hall.stored(4, code=hall.other_code, day=date(2026, 11, 25))
        with django_assert_max_num_queries(8):
            page = client.get(f"/ratings/screen/{hall.hall.pk}/")
        text = page.content.decode()
        (window,) = page.context["page"]
        assert (window.number, [one.number for one in window.bars]) == ("1号窗口", [0, 95, 0, 5, 0])
        main = text.partition("<main>")[2].partition("</main>")[0]
        assert "20条以上" in main
        assert "95%" in main
        assert "21" not in main
        assert "95.2" not in main, "a bar tells no more than the number beside it"
        assert "另有 1 个窗口不足20条" in text
        assert f"/r/{hall.wall.code}/" in text
        assert '<meta http-equiv="refresh"' in text
        assert not client.cookies

    def test_more_windows_take_turns(
        self, hall: RatedHall, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("ratings.shown.screen_views.AT_ONCE", 1)
        hall.stored(21, day=date(2026, 11, 25))
        hall.stored(22, code=hall.other_code, day=date(2026, 11, 29))
        last = client.get(f"/ratings/screen/{hall.hall.pk}/?page=2")
        assert [one.number for one in last.context["page"]] == ["2号窗口"]
        assert 'content="20;url=?page=1"' in last.content.decode()

    def test_a_hall_without_codes_and_a_county_without_ratings_say_so(
        self, hall: RatedHall, client: Client
    ) -> None:
        hall.hall.rating_codes.update(ended_on=TODAY)
        assert "还没有启用评价码" in client.get(f"/ratings/screen/{hall.hall.pk}/").content.decode()
        Rating.objects.all().delete()
        assert "还没有可以公布的评价" in client.get("/ratings/").content.decode()


@pytest.mark.django_db
def test_a_moved_rating_stays_with_those_it_was_moved_from(db: None) -> None:
    hall = RatedHall()
    hall.stored(1, code=hall.other_code, moved_from=hall.code)
    found = tallies(date(2026, 11, 1), TODAY, RULES, rules_of(RULES), only=[hall.code.pk])
    assert (found[hall.code.pk].received, found[hall.code.pk].moved_away) == (1, 1)


def test_weeks_and_months_that_are_over() -> None:
    assert screen.last_week(date(2026, 11, 30)) == (date(2026, 11, 23), date(2026, 11, 29))
    assert screen.last_week(date(2026, 11, 29)) == (date(2026, 11, 16), date(2026, 11, 22))
    assert public.last_day(date(2028, 2, 1)) == date(2028, 2, 29)
