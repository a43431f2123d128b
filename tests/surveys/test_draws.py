"""Drawing is reproducible, keeps to the quota, and nobody can steer it (YC-R5)."""

from __future__ import annotations

from datetime import date, time
from hashlib import sha256
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as some

from office.roles import Role
from surveys import services
from surveys.draws import lot
from surveys.models import EntityKind, Invitation, MarketEntity
from tests.kit.halls import Hall, code, make_hall
from tests.kit.survey_office import Office
from tests.surveys.test_sittings import drawn

CODES = some.sets(some.text("0123456789ABCDEFGH", min_size=4, max_size=18), max_size=30)
NUMBERS = some.integers(min_value=0, max_value=40)


@given(some.data())
def test_a_draw_is_the_same_for_everybody(data: some.DataObject) -> None:
    """YC-R5: any order of the library gives one list, of entities of the library, nobody twice."""
    codes, preferred = data.draw(CODES), data.draw(CODES)
    invited, substitutes, seed = data.draw(NUMBERS), data.draw(NUMBERS), data.draw(some.text(max_size=20))
    shuffled = data.draw(some.permutations(sorted(codes)))
    one = lot.draw(codes, seed=seed, preferred=preferred, invited=invited, substitutes=substitutes)
    two = lot.draw(shuffled, seed=seed, preferred=preferred, invited=invited, substitutes=substitutes)
    assert one == two
    everybody = one.invited + one.substitutes
    assert len(one.invited) == min(invited, len(codes))
    assert len(everybody) == len(set(everybody)) == min(invited + substitutes, len(codes))
    assert set(everybody) <= codes


@given(CODES, CODES, some.text(max_size=20), NUMBERS)
def test_the_preferred_come_first(codes: set[str], preferred: set[str], seed: str, invited: int) -> None:
    """YC-R5: nobody else is invited while an entity of the list is left out."""
    got = set(lot.draw(codes, seed=seed, preferred=preferred, invited=invited, substitutes=0).invited)
    known = codes & preferred
    assert got <= known or known <= got


def test_the_algorithm_is_what_its_description_says() -> None:
    """Done once more by hand with SHA-256 alone."""
    codes = [f"C{number}" for number in range(30)]
    by_hand = sorted(codes, key=lambda one: sha256(f"sanliang-draw/1|F|东镇|1|{one}".encode()).hexdigest())
    seed = lot.seed_of("F", "东镇", 1)
    assert lot.draw(codes, seed=seed, preferred=[], invited=5, substitutes=2) == lot.Drawn(
        tuple(by_hand[:5]), tuple(by_hand[5:7])
    )


@pytest.fixture
def hall(office: Office) -> Hall:
    return make_hall()


def redraw(hall: Hall) -> str:
    told = StringIO()
    call_command("redraw_invitations", str(hall.sitting().pk), stdout=told)
    return told.getvalue()


def test_everybody_with_the_library_draws_the_list_again(hall: Hall) -> None:
    """The seed stands on the page; later sittings do not change what an earlier one gives."""
    client = hall.sign_in(Role.TOWN_ORGANIZER, 0)
    drawn(client, hall)
    first = hall.sitting()
    assert first.seed in client.get(f"/office/sittings/{first.pk}/").content.decode()
    assert hall.survey.fingerprint in first.seed
    drawn(hall.sign_in(Role.TOWN_ORGANIZER, 1), hall)
    for sitting in (first, hall.sitting()):
        told = StringIO()
        call_command("redraw_invitations", str(sitting.pk), stdout=told)
        assert "完全一致" in told.getvalue()


def test_a_list_that_somebody_changed_is_found(hall: Hall) -> None:
    drawn(hall.sign_in(Role.TOWN_ORGANIZER, 0), hall)
    friend = MarketEntity.objects.filter(kind="private", town=hall.office.towns[0]).exclude(
        pk__in=Invitation.objects.values("entity")
    )[0]
    Invitation.objects.filter(pk=Invitation.objects.filter(stratum__kind="private")[0].pk).update(
        entity=friend
    )
    with pytest.raises(CommandError, match="不一致"):
        redraw(hall)


def test_a_library_that_has_changed_since_is_said(hall: Hall) -> None:
    drawn(hall.sign_in(Role.TOWN_ORGANIZER, 0), hall)
    MarketEntity.objects.create(
        code=code(9999), name="新来的", kind=EntityKind.PRIVATE, town=hall.office.towns[0]
    )
    with pytest.raises(CommandError, match="样本库在抽取之后有变化"):
        redraw(hall)


def test_merged_strata_draw_from_all_their_kinds(office: Office) -> None:
    """YC-R5: few 非民营企业 share a key with others, so they share the draw."""
    hall = make_hall(private=30, non_private=5)
    client = hall.sign_in(Role.TOWN_ORGANIZER, 0)
    stratum = hall.survey.strata.get()
    services.plan_sitting(
        survey=hall.survey,
        town=hall.office.towns[0],
        when=services.When(date(2026, 11, 23), time(9), "文化站"),
        today=date(2026, 11, 22),
        acting_user=hall.office.operator,
    )
    data = {"do": "draw", f"invited-{stratum.pk}": 35, f"substitutes-{stratum.pk}": 20}
    client.post(f"/office/sittings/{hall.sitting().pk}/", data)
    kinds = set(Invitation.objects.values_list("entity__kind", flat=True))
    assert kinds == {"private", "non_private"}
    assert Invitation.objects.count() == 55
