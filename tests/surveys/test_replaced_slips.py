"""A slip that was begun on a phone is replaced by two persons; who votes twice that way shows in numbers."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.urls import reverse

from office.errors import Refused
from office.models import AuditEntry, User
from office.roles import Role
from surveys import services
from surveys.ballots.control import Control
from surveys.box import bundles, controls
from surveys.models import SlipBatch, Survey
from surveys.slips.printed import PrintedSlip
from tests.kit.survey_office import PASSPHRASE, Office, SignedIn, Voter, error
from tests.surveys.test_returned_slips import organizer, state_of, take_back

pytestmark = pytest.mark.both_databases


def reviewer() -> User:
    return User.objects.create_user("replacing-reviewer", role=Role.CENTRE_REVIEWER)


def hold(office: Office, survey: Survey, slip: PrintedSlip, user: User | None = None) -> SlipBatch:
    return services.hold_slip(survey=survey, text=slip.url, acting_user=user or organizer(office, 0))


def replaced(office: Office, survey: Survey, slip: PrintedSlip) -> None:
    batch = hold(office, survey, slip)
    assert services.replace_held(batch=batch, number=1, acting_user=reviewer()) == 1


def broken(survey: Survey) -> list[Control]:
    return [one for one in controls.controls_of(survey) if not one.holds]


def test_who_lost_the_phone_they_began_on_votes_with_another_slip(office: Office) -> None:
    survey, slips = office.ready()
    begun, other = slips["private"][:2]
    assert Voter(survey, begun).redeem().status_code == 200
    replaced(office, survey, begun)
    assert state_of(begun) == ("replaced", False)
    assert error(Voter(survey, begun).redeem()) == (409, "replaced")
    assert Voter(survey, other).vote().status_code == 200
    office.close(survey)
    bundles.make(survey)
    assert broken(survey) == []
    assert "没有换发的凭条1张" in " ".join(one.said for one in controls.controls_of(survey))
    assert office.tally(survey).controls["faults"] == []


def test_whoever_votes_twice_by_it_shows_and_is_explained(office: Office) -> None:
    """While the box is open somebody else was still at it; at the close the numbers do not fit."""
    survey, slips = office.ready()
    begun, other, third = slips["private"][:3]
    voter, undecided = Voter(survey, begun), Voter(survey, third)
    assert voter.vote().status_code == 200
    assert undecided.redeem().status_code == 200
    replaced(office, survey, begun)
    assert Voter(survey, other).vote().status_code == 200
    assert undecided.cast().status_code == 200
    office.close(survey)
    bundles.make(survey)
    [one] = broken(survey)
    assert one.explainable
    assert one.said.endswith("选票3张，不多于已兑换且没有换发的凭条2张")
    with pytest.raises(Refused) as refusal:
        services.tally_survey(survey=survey, passphrase=PASSPHRASE, acting_user=office.inspector)
    assert refusal.value.faults == (one.said,)


def test_none_is_replaced_where_every_opened_slip_has_voted(office: Office) -> None:
    survey, slips = office.ready()
    assert Voter(survey, slips["private"][0]).vote().status_code == 200
    batch = hold(office, survey, slips["private"][0])
    with pytest.raises(Refused, match="可能已经投票"):
        services.replace_held(batch=batch, number=1, acting_user=reviewer())
    assert state_of(slips["private"][0]) == ("held", False)


def test_it_takes_two_persons_and_the_number_that_was_shown(office: Office) -> None:
    survey, slips = office.ready()
    for slip in slips["private"][:2]:
        assert Voter(survey, slip).redeem().status_code == 200
    clerk, second = organizer(office, 0), reviewer()
    batch = hold(office, survey, slips["private"][0], clerk)
    for user in (clerk, office.operator):
        with pytest.raises(Refused, match="没有这项操作的权限"):
            services.replace_held(batch=batch, number=1, acting_user=user)
    with pytest.raises(Refused, match="没有这项操作的权限"):
        hold(office, survey, slips["private"][1], second)
    hold(office, survey, slips["private"][1], clerk)
    with pytest.raises(Refused, match="张数已经变化"):
        services.replace_held(batch=batch, number=1, acting_user=second)
    assert services.refuse_held(batch=batch, number=2, acting_user=second) == 2
    assert state_of(slips["private"][0]) == ("redeemed", False)


def test_other_slips_are_not_held(office: Office) -> None:
    survey, slips = office.ready()
    unused, paper, back, stuffed, begun = slips["private"][:5]
    town = organizer(office, 0)
    services.exchange_for_paper(survey=survey, text=paper.url, acting_user=town)
    take_back(office, survey, back.url)
    for slip in (stuffed, begun):
        assert Voter(survey, slip).redeem().status_code == 200
    take_back(office, survey, stuffed.url)
    for slip, why in (
        (unused, "没有使用过"),
        (paper, "已换领纸质票"),
        (back, "已经登记退回"),
        (stuffed, "已经登记退回"),
    ):
        with pytest.raises(Refused, match=why):
            hold(office, survey, slip, town)
    with pytest.raises(Refused, match="不是本镇"):
        hold(office, survey, begun, organizer(office, 1))
    hold(office, survey, begun, town)
    with pytest.raises(Refused, match="不重复登记"):
        hold(office, survey, begun, town)
    with pytest.raises(Refused, match="已登记换发"):
        take_back(office, survey, begun.url)
    with pytest.raises(Refused, match="已登记换发"):
        services.exchange_for_paper(survey=survey, text=begun.url, acting_user=town)


def test_nothing_but_a_number_of_the_batch_is_kept(office: Office) -> None:
    survey, slips = office.ready()
    assert Voter(survey, slips["private"][0]).redeem().status_code == 200
    town, second = organizer(office, 0), reviewer()
    before = {model: model._default_manager.count() for model in apps.get_models()}
    batch = hold(office, survey, slips["private"][0], town)
    services.replace_held(batch=batch, number=1, acting_user=second)
    before[AuditEntry] += 2
    assert {model: model._default_manager.count() for model in apps.get_models()} == before
    noted = AuditEntry.objects.get(verb="核准换发凭条")
    assert noted.after == {"本次核准": 1, "本批次累计换发": 1}


def test_a_slip_still_held_at_the_close_counts_as_redeemed(office: Office) -> None:
    survey, slips = office.ready()
    assert Voter(survey, slips["private"][0]).vote().status_code == 200
    hold(office, survey, slips["private"][0])
    office.close(survey)
    bundles.make(survey)
    assert broken(survey) == []


def test_the_two_persons_do_it_on_the_page(office: Office, signed_in: SignedIn) -> None:
    survey, slips = office.ready()
    for slip in slips["private"][:2]:
        assert Voter(survey, slip).redeem().status_code == 200
    page = reverse("survey-replacements", args=[survey.pk])
    operator, second = signed_in(Role.CENTRE_OPERATOR), signed_in(Role.CENTRE_REVIEWER)
    said = operator.post(page, {"text": slips["private"][0].url}, follow=True).content.decode()
    assert "已登记，等待核准" in said
    assert "核准换发1张" not in said
    decide = reverse("survey-replacement", args=[SlipBatch.objects.get(survey=survey).pk])
    assert operator.post(decide, {"number": 1, "act": "replace"}).status_code == 403
    assert state_of(slips["private"][0]) == ("held", False)
    assert "核准换发1张" in second.get(page).content.decode()
    said = second.post(decide, {"number": 1, "act": "replace"}, follow=True).content.decode()
    assert "从未发的凭条中补发同类凭条" in said
    assert state_of(slips["private"][0]) == ("replaced", False)
