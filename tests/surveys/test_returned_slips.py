"""Slips that come back on paper: scanned against their state, nothing kept but a number per batch."""

from __future__ import annotations

import pytest
from django.apps import apps

from departments.models import Membership
from office.errors import Refused
from office.models import AuditEntry, User
from office.roles import Role
from surveys import services
from surveys.ballots.slips import hash_code, new_code
from surveys.box import bundles
from surveys.keys import keyring
from surveys.models import Slip, Survey
from surveys.slips import taking_back
from surveys.slips.printed import PrintedSlip
from tests.kit.survey_office import PASSPHRASE, Office, Voter, error

pytestmark = pytest.mark.both_databases


def take_back(office: Office, survey: Survey, text: str, user: User | None = None) -> bool:
    taken = services.take_back_slip(survey=survey, text=text, acting_user=user or office.inspector)
    return taken.was_redeemed


def organizer(office: Office, town: int) -> User:
    user = User.objects.create_user(f"organizer-{town}", role=Role.TOWN_ORGANIZER)
    Membership.objects.create(user=user, town=office.towns[town])
    return user


def state_of(slip: PrintedSlip) -> tuple[str, bool]:
    found = Slip.objects.get(code_hash=hash_code(slip.code, pepper=keyring.pepper()))
    return found.state, found.is_returned


READ_FORMS = (
    "url",
    "fragment",
    "code",
    "in fours, small",
    "full width",
    "signs of an input method",
    "both",
)
FULL_WIDTH = {number: number + 0xFEE0 for number in range(0x21, 0x7F)}
SIGNS = str.maketrans("./:-", "。、：—")


@pytest.mark.both_databases
def test_an_unused_slip_comes_back_and_buys_nothing_any_more(office: Office) -> None:
    survey, slips = office.ready()
    slip = slips["private"][0]
    assert take_back(office, survey, slip.url) is False
    assert state_of(slip) == ("void", True)
    assert error(Voter(survey, slip).redeem()) == (409, "void")


@pytest.mark.parametrize("form", READ_FORMS)
def test_a_slip_is_read_from_its_address_its_fragment_or_the_typed_code(office: Office, form: str) -> None:
    survey, slips = office.ready()
    slip = slips["private"][0]
    fours = " ".join(slip.code[start : start + 4] for start in range(0, 16, 4))
    text = {
        "url": slip.url + "\r\n",
        "fragment": slip.url.partition("#")[2],
        "code": slip.code,
        "in fours, small": fours.lower(),
        # A scanner types on the keyboard, which a Chinese input method may hold.
        "full width": slip.url.translate(FULL_WIDTH),
        "signs of an input method": slip.url.translate(SIGNS),
        "both": slip.url.translate(SIGNS).translate(FULL_WIDTH),
    }[form]
    assert take_back(office, survey, text) is False


@pytest.mark.both_databases
def test_a_returned_slip_that_was_redeemed_is_evidence_noted_for_its_batch(office: Office) -> None:
    """The slip keeps its state; the audit names batch and number, neither code nor hash."""
    survey, slips = office.ready()
    stuffed = slips["private"][0]
    assert Voter(survey, stuffed).vote().status_code == 200
    assert take_back(office, survey, stuffed.url) is True
    assert state_of(stuffed) == ("redeemed", True)
    noted = AuditEntry.objects.get(verb="退回凭条中发现已兑换")
    assert noted.after == {"本批次累计": 1}
    assert stuffed.code not in str(vars(noted))


@pytest.mark.both_databases
def test_scanning_leaves_no_row_and_no_time_of_a_slip(office: Office) -> None:
    survey, slips = office.ready()
    before = {model: model._default_manager.count() for model in apps.get_models()}
    for slip in slips["private"][:5]:
        take_back(office, survey, slip.url)
    assert {model: model._default_manager.count() for model in apps.get_models()} == before


@pytest.mark.both_databases
def test_a_slip_is_taken_back_once(office: Office) -> None:
    survey, slips = office.ready()
    for slip in slips["private"][:2]:
        if slip is slips["private"][1]:
            Voter(survey, slip).vote()
        take_back(office, survey, slip.url)
        with pytest.raises(Refused, match="已经扫描登记过"):
            take_back(office, survey, slip.url)
    assert Slip.objects.filter(is_returned=True).count() == 2


def test_other_slips_are_refused_by_name_and_stay_as_they_are(office: Office) -> None:
    survey, slips = office.ready()
    slip = slips["private"][0]
    _, others = office.open_another()
    Slip.objects.filter(pk__in=Slip.objects.filter(batch__survey=survey).values("pk")[:20]).update(
        state=Slip.State.PAPER
    )
    with pytest.raises(Refused, match="已换领纸质票"):
        take_back(office, survey, slip.url)
    Slip.objects.filter(batch__survey=survey).update(state=Slip.State.VOID)
    with pytest.raises(Refused, match="已作废的批次"):
        take_back(office, survey, slip.url)
    with pytest.raises(Refused, match="另一轮评价"):
        take_back(office, survey, others["private"][0].url)
    with pytest.raises(Refused, match="没有这个投票码"):
        take_back(office, survey, new_code())
    for nonsense in ("", "#", "https://example.invalid/", "1.K7M2.2222.x", "票" * 3000):
        with pytest.raises(Refused, match="没有读出投票码"):
            take_back(office, survey, nonsense)
    assert not Slip.objects.filter(is_returned=True).exists()


def test_a_town_takes_back_its_own_slips_only(office: Office) -> None:
    survey, slips = office.ready()  # all slips are of the first town
    own, other = organizer(office, 0), organizer(office, 1)
    with pytest.raises(Refused, match="不是本镇"):
        take_back(office, survey, slips["private"][0].url, other)
    assert take_back(office, survey, slips["private"][0].url, own) is False


@pytest.mark.both_databases
def test_a_town_types_few_codes_and_who_typed_how_many_is_counted(office: Office) -> None:
    """Typing a code needs no paper: numbers per batch and person, no slip, no time."""
    survey, slips = office.ready()
    town, printed = organizer(office, 0), slips["private"]
    for slip in printed[: taking_back.MOST_TYPED_BY_A_TOWN]:
        assert take_back(office, survey, slip.code, town) is False
    with pytest.raises(Refused, match="不能再以输入的方式登记"):
        take_back(office, survey, printed[5].code, town)
    assert state_of(printed[5]) == ("unused", False)
    assert take_back(office, survey, printed[5].url, town) is False
    assert take_back(office, survey, printed[6].code) is False  # the centre has the paper in hand
    told = [
        "东镇第1批：inspector扫描0张，输入投票码1张",
        f"东镇第1批：{town.username}扫描1张，输入投票码5张",
    ]
    assert sorted(taking_back.who_took_back(survey)) == sorted(told)
    assert not AuditEntry.objects.filter(verb__contains="退回").exists()
    office.close(survey)
    entry = AuditEntry.objects.get(verb="截止评价")
    assert sorted(entry.after["登记退回"]) == sorted(told)


def test_nothing_comes_back_before_the_opening(office: Office) -> None:
    survey = office.frozen()
    slips = office.print_all(survey)
    with pytest.raises(Refused, match="还没有开始"):
        take_back(office, survey, slips["private"][0].url)


def test_scanned_slips_count_as_returned_where_nobody_entered_a_number(office: Office) -> None:
    survey, slips = office.ready()
    for slip in slips["private"][:15]:
        assert Voter(survey, slip).vote().status_code == 200
    for slip in slips["private"][15:]:
        take_back(office, survey, slip.url)
    office.close(survey)
    bundles.make(survey)
    [batch] = bundles.read(survey).batches
    assert (batch["returned"], batch["spoiled"]) == (5, 0)
    assert "handed" not in batch  # nobody counted what went out
    assert office.tally(survey).controls["faults"] == []


@pytest.mark.both_databases
def test_a_stuffed_slip_holds_the_tally(office: Office) -> None:
    """It is named, and the tally goes on with the same ballots once somebody explained it."""
    survey, slips = office.ready()
    stuffed = slips["private"][0]
    assert Voter(survey, stuffed).vote().status_code == 200
    office.close(survey)
    bundles.make(survey)
    take_back(office, survey, stuffed.url)
    with pytest.raises(Refused) as refusal:
        services.tally_survey(survey=survey, passphrase=PASSPHRASE, acting_user=office.inspector)
    assert refusal.value.faults == ("东镇第1批：退回的凭条中已兑换的1张，应为0张",)
    assert Survey.objects.get(pk=survey.pk).state == Survey.State.CLOSED
