"""Bad ratings with a number and complaints from the page become matters with their clocks (GY-R4)."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from casework.matters.acceptance import propose_refusal, settle_refusal
from casework.models import Matter, MatterEvent
from casework.procedures.stored import in_use, switch_own_intake
from casework.reporters.sealing import opened
from office.models import AuditEntry
from ratings.follow_up.making import NO_REASON, left_waiting, settle_past_days
from ratings.judging.services import Proposal, propose_judgment, settle_judgment
from ratings.models import BadRatingContact, Judgment, Rating, RatingCode
from tests.casework.test_sealed_from_units import everything, holds
from tests.kit.at_once import at_once
from tests.ratings.hall import RULES, RatedHall, moment

pytestmark = pytest.mark.django_db
PHONE, CAME = "13800001234", "2026-11-25T16:41:37"
ACT = Judgment.Act


@pytest.fixture
def hall(db: None) -> RatedHall:
    return RatedHall()


@pytest.fixture(autouse=True)
def at_hour(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    def to(when: str) -> None:
        monkeypatch.setattr(timezone, "now", lambda: moment(when))

    to("2026-11-26T09:00")
    return to


def bad(hall: RatedHall, when: str = CAME, code: RatingCode | None = None, **told: str) -> Rating:
    said = {"level": "不满意", "number": PHONE, "text": "材料没有一次说清。", **told}
    before = set(Rating.objects.values_list("pk", flat=True))
    hall.rate(when, code=code, **said)
    return Rating.objects.exclude(pk__in=before).get()


def judge(
    hall: RatedHall, one: Rating, act: str, when: str, *, reason: str = "", to: RatingCode | None = None
) -> None:
    proposal = Proposal(act=act, words="与办件记录核对。", reason=reason, to_code=to)
    told = {"now": moment(when)}
    made = propose_judgment(ratings=[one.pk], proposal=proposal, acting_user=hall.operator, **told)
    ids = [each.pk for each in made]
    settle_judgment(judgments=ids, agrees=True, opinion="", acting_user=hall.reviewer, **told)


def test_the_clocks_run_from_the_day_of_the_rating_and_the_unit_learns_the_day_alone(
    hall: RatedHall, caplog: pytest.LogCaptureFixture, at_hour: Callable[[str], None]
) -> None:
    """GY-R4: 1, 3, 15 and 5 working days; no number, ticket, place or hour in anything a unit reaches."""
    caplog.set_level(logging.INFO)
    number = hall.ticket()
    bad(hall, ticket=number)
    settle_past_days(moment("2026-11-26T00:30"))
    matter = Matter.objects.get()
    due = {one.rule: timezone.localdate(one.due_at) for one in matter.clocks.all() if one.due_at}
    assert due == {"assignment": date(2026, 11, 26)}
    hall.accept(matter, "2026-11-26T09:10")
    (given,) = hall.assign(matter, "2026-11-26T09:20")
    due = {one.rule: timezone.localdate(one.due_at) for one in given.clocks.all() if one.due_at}
    assert due == {"contact": date(2026, 12, 1), "handling": date(2026, 12, 17)}
    at_hour("2026-12-01T10:00")
    hall.reply(given, "2026-12-01T09:00", "put_right")
    clock = matter.clocks.get(rule="call_back")
    assert clock.due_at
    assert timezone.localdate(clock.due_at) == date(2026, 12, 8)
    client = Client(raise_request_exception=False)
    client.force_login(hall.officer)
    start = [reverse("casework:own-assignment", args=[given.pk]), "/office/", "/office/ratings/own/"]
    start += [reverse("casework:matter", args=[matter.pk]), f"/office/ratings/{Rating.objects.get().pk}/"]
    found = everything(client, start)
    sealed = (PHONE, number, "16:41", "16时41", "41:37", str(hall.window), hall.code.code)
    assert {one: wrong for one, said in found.items() if (wrong := holds(said, sealed))} == {}
    assert "材料没有一次说清。" in found[reverse("casework:own-assignment", args=[given.pk])]
    rows = [AuditEntry.objects.all(), MatterEvent.objects.all(), Matter.objects.all()]
    kept = "".join(f"{row}" for table in rows for row in table.values_list())
    assert holds(kept + caplog.text, (PHONE, number, "16:41", "08:41")) == []
    assert opened(matter.reporter)["phone"] == PHONE


def test_one_that_fails_keeps_no_other_back_and_waits_with_its_number(
    hall: RatedHall, client: Client
) -> None:
    """GY-R4: a level that the procedure does not know; then the platform above takes over for a day."""
    wrong = bad(hall, "2026-11-24T10:00", hall.plate)
    right = bad(hall, "2026-11-24T10:00")
    Rating.objects.filter(pk=wrong.pk).update(level="一般")
    assert settle_past_days(moment("2026-11-25T00:30")) == 1
    assert Matter.objects.get().bad_rating.rating_id == right.pk
    client.force_login(hall.operator)
    at_home = client.get("/office/").content.decode()
    assert "1 条留有电话的差评没有成为事项" in at_home
    Rating.objects.filter(pk=wrong.pk).update(level="不满意")
    version = in_use(RULES)
    now = moment("2026-11-25T09:00")
    told = {"version": version, "reason": "省平台统一受理。", "now": now, "acting_user": hall.operator}
    switch_own_intake(own_intake=False, **told)
    assert settle_past_days(moment("2026-11-26T00:30")) == 0
    switch_own_intake(own_intake=True, **told)
    assert settle_past_days(moment("2026-11-27T00:30")) == 1
    assert not BadRatingContact.objects.exists()


def test_what_waited_for_its_matter_is_not_born_overdue_and_signs_are_no_reason(
    hall: RatedHall, settings: Settings
) -> None:
    """GY-R4: made after days under the right key, a matter bears the day before and says since when."""
    bad(hall, "2026-11-20T10:00", text="👎！！")
    held = bad(hall, "2026-11-21T10:00")
    judge(hall, held, ACT.COUNT, "2026-11-23T09:00")
    key, settings.SECRET_KEY = settings.SECRET_KEY, "another-key-for-a-test"
    assert settle_past_days(moment("2026-11-24T00:30")) == 0
    waits = [left_waiting(date(2026, 11, day)).count() for day in (22, 23, 24, 25)]
    assert waits == [1, 1, 1, 2]
    settings.SECRET_KEY = key
    assert settle_past_days(moment("2026-11-26T00:30")) == 2
    late = Matter.objects.get(text__startswith=NO_REASON)
    assert late.text == f"{NO_REASON}👎！！"
    assert {one.received_on for one in Matter.objects.all()} == {date(2026, 11, 25)}
    clock = late.clocks.get(rule="assignment")
    assert clock.due_at
    assert timezone.localdate(clock.due_at) == date(2026, 11, 26)
    registered = MatterEvent.objects.get(matter=late, act="registered")
    assert "评价计入日期2026年11月20日，迟后登记" in registered.text


def test_a_held_one_becomes_a_matter_of_the_day_on_which_it_counts(hall: RatedHall) -> None:
    """GY-R4: its limits begin when two people let it count; excluded it leaves no number."""
    late, never = bad(hall, "2026-11-22T10:00"), bad(hall, "2026-11-22T10:00")
    assert (late.state, late.held_because) == ("held", "办公时间以外")
    assert settle_past_days(moment("2026-11-23T00:30")) == 0
    judge(hall, never, ACT.EXCLUDE, "2026-11-25T09:00", reason="not_customer")
    assert BadRatingContact.objects.get().rating_id == late.pk
    judge(hall, late, ACT.COUNT, "2026-11-25T09:00")
    assert settle_past_days(moment("2026-11-25T23:30")) == 0
    assert settle_past_days(moment("2026-11-26T00:30")) == 1
    matter = Matter.objects.get()
    assert (matter.received_on, matter.bad_rating.rating_id) == (date(2026, 11, 25), late.pk)


def test_a_matter_goes_with_its_rating_as_far_as_nobody_handles_it(hall: RatedHall, client: Client) -> None:
    """GY-R4: excluded it is refused by the same two, moved it changes the unit, or a page says what to do."""
    excluded, moved, given = (bad(hall, f"2026-11-2{day}T10:00") for day in (3, 4, 5))
    settle_past_days(moment("2026-11-26T00:30"))
    matter = {one.bad_rating.rating_id: one for one in Matter.objects.all()}
    hall.accept(matter[given.pk], "2026-11-26T09:00")
    hall.assign(matter[given.pk], "2026-11-26T09:00")
    judge(hall, excluded, ACT.EXCLUDE, "2026-11-26T10:00", reason="not_customer")
    refused = Matter.objects.get(pk=matter[excluded.pk].pk)
    assert (refused.state, refused.refusal) == ("refused", "not_served")
    assert (refused.refusal_proposed_by, refused.refusal_confirmed_by) == (hall.operator, hall.reviewer)
    for one in (moved, given):
        judge(hall, one, ACT.MOVE, "2026-11-26T10:00", to=hall.other_code)
    about = Matter.objects.get(pk=matter[moved.pk].pk)
    assert (about.about, about.title) == (hall.other_unit, "县乙局差评：不满意")
    client.force_login(hall.operator)
    page = client.get(f"/office/ratings/{given.pk}/").content.decode()
    assert "请由承办单位退回后，重新交办县乙局" in page


def test_what_casework_refused_is_one_click_from_the_judgment(hall: RatedHall, client: Client) -> None:
    """GY-R4: the refusal of the procedure is a reason of the rules."""
    one = bad(hall)
    settle_past_days(moment("2026-11-26T00:30"))
    told = {"matter": Matter.objects.get(), "now": moment("2026-11-26T09:00")}
    propose_refusal(refusal="not_served", reason="办件记录中没有此人", acting_user=hall.operator, **told)
    settle_refusal(agrees=True, opinion="", acting_user=hall.reviewer, **told)
    client.force_login(hall.operator)
    address = f"/office/ratings/{one.pk}/"
    page = client.get(address)
    form = page.context["form"]
    assert (form.initial["act"], form.initial["reason"]) == ("exclude", "not_customer")
    sent = {**form.initial, "seen_mark": page.context["seen_mark"]}
    assert client.post(address, sent).status_code == 302
    client.force_login(hall.reviewer)
    waiting = client.get(address).context["waiting"]
    assert client.post(address, {"judgment": waiting.pk, "agrees": "yes"}).status_code == 302
    assert Rating.objects.get().state == "excluded"


def test_a_complaint_from_the_page_becomes_a_complaint(hall: RatedHall) -> None:
    """GY-R4: the other half of one page; nothing of it is a bad rating."""
    client = Client()
    assert RULES in client.get("/report/").content.decode()
    said = {"title": "窗口推诿不办", "text": "两次到窗口，均被要求到别处。", "who": "anonymous"}
    answer = client.post(f"/report/{RULES}/", {"key": secrets.token_hex(16), **said})
    assert answer.status_code == 200
    matter = Matter.objects.get()
    assert (matter.category, matter.source) == ("complaint", "web")
    assert not Rating.objects.exists()


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_the_night_and_a_judgment_at_once_leave_no_matter_to_be_handled() -> None:
    """GY-R4: whichever comes first, an excluded rating has no number and no open matter."""
    hall = RatedHall()
    one = bad(hall)
    night = moment("2026-11-26T00:30")
    at_once(
        lambda: settle_past_days(night),
        lambda: judge(hall, one, ACT.EXCLUDE, "2026-11-26T00:30", reason="not_customer"),
    )
    assert Rating.objects.get().state == "excluded"
    assert not BadRatingContact.objects.exists()
    assert list(Matter.objects.exclude(state="refused")) == []
