"""A shuffle rewrites what its secrecy needs and no more, and voters who vote beside it are all taken."""

from __future__ import annotations

import random
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait

import pytest
from django.db import connection
from pytest_django.fixtures import Settings

from office.jobs import services as jobs
from office.models import Job, User
from office.roles import Role
from surveys import services
from surveys.keys import shuffle
from surveys.models import Ballot, Slip, SlipBatch, Survey
from tests.kit.orders import column_orders, correlation, hidden_columns
from tests.kit.survey_office import Office, Voter, new_office

pytestmark = pytest.mark.django_db(transaction=True)
both_databases = pytest.mark.both_databases
on_postgresql = pytest.mark.on_postgresql
Places = set[tuple[object, ...]]


def places(survey: Survey) -> Places:
    """Where the rows of a survey lie, and who wrote them."""
    where = "rowid" if connection.vendor == "sqlite" else "tableoid, ctid::text, xmin::text"
    found: Places = set()
    with connection.cursor() as cursor:
        for table, above, key in (
            ("surveys_slip", "surveys_slipbatch", "batch_id"),
            ("surveys_ballot", "surveys_stratum", "stratum_id"),
        ):
            cursor.execute(
                f"SELECT id, {where} FROM {table} WHERE {key} IN"  # noqa: S608 - constants
                f" (SELECT id FROM {above} WHERE survey_id = %s)",
                [survey.pk],
            )
            found.update(cursor.fetchall())
    return found


def an_old_round(office: Office) -> Survey:
    survey, slips = office.ready()
    for slip in slips["private"][:12]:
        Voter(survey, slip).vote({"p1": {"overall": "满意"}})
    office.close(survey)
    jobs.run(Job.objects.get(kind="surveys.bundle").pk)
    return office.tally(survey)


@both_databases
def test_an_old_round_is_left_as_it_lies_and_an_open_one_is_shuffled() -> None:
    office = new_office()
    old = an_old_round(office)
    survey, slips = office.open_another()
    for slip in slips["private"][:6]:
        Voter(survey, slip).vote()
    lay, were = places(old), places(survey)
    assert len(lay) == 32
    shuffle.shuffle()
    assert places(old) == lay
    if connection.vendor == "postgresql":
        assert not places(survey) & were
    assert Ballot.objects.count() == 18


@on_postgresql
def test_a_closed_box_is_shuffled_until_its_bundle_is_written() -> None:
    office = new_office()
    survey, slips = office.ready()
    Voter(survey, slips["private"][0]).vote()
    office.close(survey)
    shuffle.shuffle()
    before = places(survey)
    shuffle.shuffle()
    assert not places(survey) & before
    jobs.run(Job.objects.get(kind="surveys.bundle").pk)
    settled = places(survey)
    shuffle.shuffle()
    assert places(survey) == settled


@on_postgresql
def test_a_slip_that_comes_back_after_the_bundle_does_not_stand_apart() -> None:
    office = new_office()
    old = an_old_round(office)
    unused = Slip.objects.filter(batch__survey=old, state=Slip.State.UNUSED)
    for slip in list(unused[:3]):
        Slip.objects.filter(pk=slip.pk).update(state=Slip.State.VOID, is_returned=True)
    shuffle.shuffle()
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(DISTINCT xmin::text) FROM surveys_slip")
        assert cursor.fetchone() == (1,)
    assert Slip.objects.filter(is_returned=True).count() == 3


@on_postgresql
def test_the_order_of_a_large_box_says_nothing_though_most_is_written_ahead(settings: Settings) -> None:
    """As in `test_unlinkable`: no place, transaction or part gives more than chance."""
    settings.SHUFFLED_AT_ONCE = 60
    survey, slips = new_office().ready(slips=200)
    shuffle.shuffle()
    order = []
    for slip in random.sample(slips["private"], 200):
        voter = Voter(survey, slip)
        assert voter.vote().status_code == 200
        order.append(voter.phone.credential)
    shuffle.shuffle()
    columns = [field.column for field in Ballot._meta.fields if field.name != "stratum"]
    orders = column_orders(
        "surveys_ballot", "credential", [*map(str, columns), *hidden_columns(), "tableoid, cmin::text"]
    )
    chance = 5 / 199**0.5
    assert {
        name: found for name, each in orders.items() if abs(found := correlation(each, order)) > chance
    } == {}
    again = Voter(survey, slips["private"][0])
    assert again.redeem().status_code == 409
    assert Ballot.objects.count() == 200


@both_databases
def test_voters_beside_shuffles_of_a_large_box_are_all_taken_and_a_change_stays_one(
    settings: Settings,
) -> None:
    """Each casts, changes and sends again while the box is written ahead, whatever part it lies in."""
    settings.SHUFFLED_AT_ONCE = 5
    office = new_office()
    survey, slips = office.ready(slips=20)

    def vote(voter: Voter) -> list[int]:
        try:
            statuses = [voter.vote({"p1": {"overall": "不满意"}}).status_code]
            last = voter.phone.cast({"p1": {"overall": "满意"}})
            statuses += [voter.post("/v/cast", last).status_code for _ in range(2)]
        finally:
            connection.close()
        return statuses

    voters = [Voter(survey, slip) for slip in slips["private"]]
    with ThreadPoolExecutor(3) as threads:
        waiting = {threads.submit(vote, voter) for voter in voters}
        while waiting:
            shuffle.shuffle()
            answered, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            assert [answer.result() for answer in answered] == [[200] * 3] * len(answered)
    assert Ballot.objects.count() == len(voters)
    office.close(survey)
    counted = office.tally(survey)
    assert counted.controls["faults"] == []
    assert counted.counts["private"]["p1"]["overall"]["满意"] == len(voters)


@on_postgresql
def test_where_somebody_reads_for_long_the_shuffle_gives_up_and_voters_vote(settings: Settings) -> None:
    """Whoever waits for a lock makes everybody after it wait: the shuffle asks briefly, and lets them by."""
    settings.SHUFFLE_PATIENCE = 3
    survey, slips = new_office().ready()
    voters = [Voter(survey, slip) for slip in slips["private"][:2]]
    assert voters[0].vote().status_code == 200
    reader = connection.copy()
    with reader.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("SELECT COUNT(*) FROM surveys_ballot")

    def shuffled() -> bool:
        try:
            shuffle.shuffle()
        except shuffle.OrderLeft:
            return False
        finally:
            connection.close()
        return True

    try:
        with ThreadPoolExecutor(1) as thread:
            going = thread.submit(shuffled)
            assert voters[1].vote().status_code == 200
            assert going.result() is False
    finally:
        reader.close()
    assert shuffled()
    assert Ballot.objects.count() == 2


@on_postgresql
def test_a_voided_round_is_settled_and_goes_with_its_batches() -> None:
    office = new_office()
    survey, slips = office.ready()
    Voter(survey, slips["private"][0]).vote()
    leading = User.objects.create_user("leading", role=Role.LEADING_GROUP)
    services.void_survey(survey=survey, acting_user=leading)
    shuffle.shuffle()
    settled = places(survey)
    assert len(settled) == 20
    shuffle.shuffle()
    assert places(survey) == settled
    SlipBatch.objects.filter(survey=survey).delete()
    assert Slip.objects.count() == 0
