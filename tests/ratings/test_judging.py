"""Two people outside the rated unit judge a rating; the register goes on showing what came (GY-R4)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from departments.models import Membership
from office.errors import Refused
from office.models import AuditEntry
from ratings.counts.counting import Tally, units_tallies
from ratings.judging.services import Proposal, propose_judgment, settle_judgment
from ratings.models import Judgment, Rating
from ratings.rules import rules_of
from tests.kit.at_once import DONE, at_once
from tests.ratings.hall import RULES, RatedHall, moment

pytestmark = pytest.mark.django_db
NEXT_DAY = "2026-11-26T09:00"
ACT = Judgment.Act


def propose(hall: RatedHall, ratings: Collection[Rating], act: str, **told: Any) -> list[Judgment]:
    given = {"words": "与叫号和办件记录核对。", "acting_user": hall.operator, **told}
    by = given.pop("acting_user")
    proposal = Proposal(act=act, **given)
    now = moment(NEXT_DAY)
    return propose_judgment(ratings=[one.pk for one in ratings], proposal=proposal, now=now, acting_user=by)


def settle(hall: RatedHall, made: Collection[Judgment], *, agrees: bool = True, **told: Any) -> None:
    given = {"opinion": "" if agrees else "办件记录中有此人。", "acting_user": hall.reviewer, **told}
    settle_judgment(judgments=[one.pk for one in made], agrees=agrees, now=moment(NEXT_DAY), **given)


def counted(hall: RatedHall) -> dict[int, Tally]:
    return units_tallies(date(2026, 11, 1), date(2026, 11, 30), RULES, rules_of(RULES))


def judged_as_in_the_worked_case(hall: RatedHall) -> None:
    """Twelve bad ratings; of four that the unit contests one is moved, one excluded, two stay."""
    hall.stored(12, "不满意")
    first, second, third, fourth = Rating.objects.order_by("pk")[:4]
    settle(hall, propose(hall, [first], ACT.MOVE, to_code=hall.other_code))
    settle(hall, propose(hall, [second], ACT.EXCLUDE, reason="not_customer"))
    settle(hall, propose(hall, [third, fourth], ACT.EXCLUDE, reason="repeated"), agrees=False)


@pytest.fixture(autouse=True)
def _next_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: moment(NEXT_DAY))


@pytest.fixture
def hall(db: None) -> RatedHall:
    return RatedHall()


def test_twelve_bad_ratings_of_which_one_is_moved_and_one_excluded(hall: RatedHall, client: Client) -> None:
    """GY-R4: ten count here, one there; 8.33 % excluded is told; the register shows twelve."""
    judged_as_in_the_worked_case(hall)
    rules, tallies = rules_of(RULES), counted(hall)
    own, other = tallies[hall.unit.pk], tallies[hall.other_unit.pk]
    assert (own.bad(rules), own.excluded, own.moved_away, own.received_bad) == (10, 1, 1, 12)
    assert (other.bad(rules), other.received, other.moved_here) == (1, 0, 1)
    assert own.is_watched(rules)
    client.force_login(hall.operator)
    asked = f"first=2026-11-01&last=2026-11-30&unit={hall.unit.pk}"
    assert "共 12 条" in client.get(f"/office/ratings/?{asked}&level=bad").content.decode()
    assert "共 10 条" in client.get(f"/office/ratings/?{asked}&state=counted").content.decode()
    hall.stored(3, "不满意", day=date(2026, 11, 26), state="excluded")  # today: told tomorrow
    client.force_login(hall.inspector)
    page = client.get("/office/ratings/watch/?month=2026-11").content.decode()
    assert "8.33%（1/12）" in page
    assert "超过5%" in page
    assert "县甲局2026年11月的差评被排除8.33%（1/12），超过5%" in client.get("/office/").content.decode()


def test_nobody_judges_alone_nor_about_their_own_unit(hall: RatedHall) -> None:
    """GY-R4: two people; neither belongs to the unit it came to, nor to the one it goes to."""
    hall.stored(2, "不满意")
    one, two = Rating.objects.all()
    with pytest.raises(Refused, match="等次低不是理由"):
        propose(hall, [one], ACT.EXCLUDE, reason="bad")
    with pytest.raises(Refused, match="没有写明认定的理由"):
        propose(hall, [one], ACT.EXCLUDE, reason="abuse", words=" ")
    made = propose(hall, [one], ACT.EXCLUDE, reason="abuse")
    with pytest.raises(Refused, match="已有待认定"):
        propose(hall, [one, two], ACT.EXCLUDE, reason="abuse")
    with pytest.raises(Refused, match="提出人以外"):
        settle(hall, made, acting_user=hall.operator)
    with pytest.raises(Refused, match="没有写明不同意"):
        settle(hall, made, agrees=False, opinion="")
    with pytest.raises(Refused):
        settle(hall, made, acting_user=hall.officer)
    Membership.objects.create(user=hall.reviewer, department=hall.other_unit)
    with pytest.raises(Refused, match="应当回避"):
        propose(hall, [two], ACT.MOVE, to_code=hall.other_code, acting_user=hall.reviewer)
    settle(hall, made)
    assert Rating.objects.filter(state="excluded").count() == 1
    assert "不满意" not in f"{[entry.after for entry in AuditEntry.objects.filter(object_type='评价认定')]}"


def test_a_rating_moves_only_to_a_live_place_and_can_come_back(hall: RatedHall) -> None:
    """GY-R4: a code that died meanwhile takes nothing; back where it came it is as it was."""
    hall.stored(1, "不满意")
    one = Rating.objects.get()
    for wrong in (hall.wall, hall.code, None):
        with pytest.raises(Refused):
            propose(hall, [one], ACT.MOVE, to_code=wrong)
    made = propose(hall, [one], ACT.MOVE, to_code=hall.other_code)
    type(hall.other_code).objects.filter(pk=hall.other_code.pk).update(ended_on=date(2026, 11, 26))
    with pytest.raises(Refused, match="已经停用"):
        settle(hall, made)
    settle(hall, made, agrees=False)
    settle(hall, propose(hall, [one], ACT.MOVE, to_code=hall.plate))
    settle(hall, propose(hall, [one], ACT.MOVE, to_code=hall.code))
    assert list(Rating.objects.values_list("code", "moved_from")) == [(hall.code.pk, None)]


def test_a_burst_is_judged_with_one_form_and_agreed_with_one_button(hall: RatedHall, client: Client) -> None:
    """GY-R4: what was held counts or not; of today nothing is judged, so that no hour shows."""
    hall.stored(8, "非常满意", state="held", held_because="短时间内集中评价")
    hall.stored(1, "满意", state="held", held_because="办公时间以外")
    client.force_login(hall.operator)
    assert "共 9 条" in client.get("/office/ratings/held/").content.decode()
    address = f"/office/ratings/held/{hall.code.pk}/?because=短时间内集中评价"
    shown = client.get(address).context["rows"]
    assert len(shown) == 8
    given = {
        "rating": [one.pk for one in shown],
        "act": "exclude",
        "reason": "not_customer",
        "words": "监控核对。",
    }
    assert client.post(address, given).status_code == 302
    client.force_login(hall.reviewer)
    (group,) = client.get("/office/ratings/judgments/").context["groups"]
    ids = [one.pk for one in group[0].rows]
    Membership.objects.create(user=hall.reviewer, department=hall.unit)
    refused = client.post(
        "/office/ratings/judgments/", {"judgment": ids, "agrees": "yes", "opinion": "属实。"}
    )
    assert "应当回避" in refused.content.decode()
    assert "属实。</textarea>" in refused.content.decode()
    Membership.objects.filter(user=hall.reviewer).delete()
    assert client.post("/office/ratings/judgments/", {"judgment": ids, "agrees": "yes"}).status_code == 302
    tally = counted(hall)[hall.unit.pk]
    assert (tally.number, tally.held, tally.excluded, tally.received) == (0, 1, 8, 9)
    held = Rating.objects.get(state="held")
    pages = f"/office/ratings/{held.pk}/", "/office/ratings/?first=2026-11-01&last=2026-11-30"
    assert all("办公时间以外" in client.get(page).content.decode() for page in pages)
    settle(hall, propose(hall, [held], ACT.COUNT))
    assert counted(hall)[hall.unit.pk].number == 1
    shown = "".join(client.get(page).content.decode() for page in pages)
    assert not any(because in shown for because in ("办公时间以外", "短时间内集中")), (
        "it would tell of the hour"
    )
    hall.stored(1, day=date(2026, 11, 26))
    with pytest.raises(Refused, match="次日起认定"):
        propose(hall, Rating.objects.filter(day="2026-11-26"), ACT.EXCLUDE, reason="abuse")


def test_five_hundred_are_settled_in_a_few_queries(
    hall: RatedHall, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    """GY-R4."""
    hall.stored(500, "不满意", state="held", held_because="短时间内集中评价")
    held = list(Rating.objects.all())
    with django_assert_max_num_queries(16):
        made = propose(hall, held, ACT.MOVE, to_code=hall.other_code)
    with django_assert_max_num_queries(16):
        settle(hall, made)
    assert Rating.objects.filter(state="counted", code=hall.other_code, moved_from=hall.code).count() == 500


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_proposes_and_one_settles() -> None:
    """GY-R4."""
    hall = RatedHall()
    hall.stored(1, "不满意")
    rows = list(Rating.objects.all())
    done, refused = at_once(*[lambda: propose(hall, rows, ACT.EXCLUDE, reason="abuse")] * 2)
    assert (done, "已有待认定" in refused) == (DONE, True)
    made = list(Judgment.objects.all())
    done, refused = at_once(lambda: settle(hall, made), lambda: settle(hall, made, agrees=False))
    assert (done, "已由他人作出" in refused) == (DONE, True)
    agreed = Judgment.objects.get().state == Judgment.State.AGREED
    assert (Rating.objects.get().state == "excluded") == agreed
