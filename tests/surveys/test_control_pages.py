"""The inspectorate's page of controls and the page of returned slips, by role."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from departments.models import Membership
from office.errors import Refused
from office.models import AuditEntry
from office.roles import Role
from surveys import queries, services
from surveys.box import bundles
from surveys.models import ControlExplanation, Slip, SlipBatch, Survey
from surveys.voting.demo_box import fill_box
from tests.kit.stored_states import stored
from tests.kit.survey_office import PASSPHRASE, Office, SignedIn, Voter, office_here, opened

REASON = "会场清点时两张凭条随损毁信封一并封存，已由监票人核实。"


def page(client: Client, survey: Survey, what: str = "controls", **sent: str) -> str:
    path = f"/office/surveys/{survey.pk}/{what}/"
    answer = client.post(path, sent, follow=True) if sent else client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


@stored
def overspent() -> Survey:
    """Closed, with more slips used than were handed out: one of them entered as spoiled."""
    office, (survey, slips) = office_here(), opened(20, ("private",))
    fill_box(survey=survey, votes=[(slip, {}, []) for slip in slips["private"]])
    SlipBatch.objects.filter(survey=survey).update(handed_out=19, spoiled=1)
    office.close(survey)
    bundles.make(survey)
    return survey


USED = "东镇第1批：已兑换、换纸质票和作废共20张，不多于发出19张"


def test_a_broken_control_is_explained_on_the_page_and_the_tally_goes_on(
    office: Office, signed_in: SignedIn
) -> None:
    survey = overspent()
    with pytest.raises(Refused) as refusal:
        services.tally_survey(survey=survey, passphrase=PASSPHRASE, acting_user=office.inspector)
    assert refusal.value.faults == (USED,)

    client = signed_in(Role.INSPECTORATE)
    assert f"{USED}" in page(client, survey)
    assert "情况说明不足10个字" in page(client, survey, key="batch_used:1", text="不知道")
    said = page(client, survey, key="batch_used:1", text=REASON)
    assert "已登记说明" in said
    assert REASON in said
    assert "均已由具名人员说明" in said
    explanation = ControlExplanation.objects.get()
    assert (explanation.key, explanation.said) == ("batch_used:1", USED)
    assert AuditEntry.objects.filter(verb="说明核对不符", actor=explanation.user).count() == 1

    assert office.tally(survey).controls["faults"] == [USED]
    assert queries.control_faults(survey) == []
    assert sum(queries.valid_ballots(survey).values()) == 20


def test_only_the_inspectorate_explains(office: Office, signed_in: SignedIn) -> None:
    survey = overspent()
    for role in (Role.CENTRE_OPERATOR, Role.CENTRE_REVIEWER):
        client = signed_in(role)
        assert "由纪检监察人员说明" in page(client, survey)
        path = f"/office/surveys/{survey.pk}/controls/"
        assert client.post(path, {"key": "batch_used:1", "text": REASON}).status_code == 403
    assert not ControlExplanation.objects.exists()


@pytest.mark.parametrize(
    ("key", "why"), [("per_key:{key}", "不能以说明代替"), ("codes_once", "没有不符"), ("nothing", "没有不符")]
)
def test_what_nobody_can_explain_stays_in_the_way(
    office: Office, signed_in: SignedIn, key: str, why: str
) -> None:
    """More ballots than redeemed slips: the slips of two voters were put back to unused."""
    survey, slips = office.ready()
    for slip in slips["private"][:5]:
        Voter(survey, slip).vote()
    Slip.objects.filter(
        pk__in=list(Slip.objects.filter(state="redeemed").values_list("pk", flat=True)[:2])
    ).update(state="unused", blinded_hash=None)
    office.close(survey)
    bundles.make(survey)
    key = key.format(key=survey.strata.get().key_id)
    client = signed_in(Role.INSPECTORATE)
    shown = page(client, survey)
    assert "选票5张，不多于已兑换凭条3张" in shown
    assert "<textarea" not in shown
    assert why in page(client, survey, key=key, text=REASON)
    assert not ControlExplanation.objects.exists()
    with pytest.raises(Refused, match="清点核对不成立"):
        services.tally_survey(survey=survey, passphrase=PASSPHRASE, acting_user=office.inspector)


def test_other_numbers_need_another_explanation(office: Office, signed_in: SignedIn) -> None:
    survey, slips = office.ready()
    for slip in slips["private"][:3]:
        Voter(survey, slip).vote()
    inspector = signed_in(Role.INSPECTORATE)
    assert "冒投的证据" in page(inspector, survey, "returned", text=slips["private"][0].url)
    page(inspector, survey, key="returned_redeemed:1", text=REASON)
    assert "均已由具名人员说明" in page(inspector, survey)
    page(inspector, survey, "returned", text=slips["private"][1].url)
    assert "已兑换的2张" in page(inspector, survey)
    assert "尚未说明" in page(inspector, survey)


def test_a_vote_changes_nothing_on_the_page_before_the_close(office: Office, signed_in: SignedIn) -> None:
    """No live counts: the page says of the box nothing at all."""
    survey, slips = office.ready()
    client = signed_in(Role.INSPECTORATE)

    def shown() -> str:
        return page(client, survey).partition("<dl")[2].partition("csrfmiddlewaretoken")[0]

    before = shown()
    Voter(survey, slips["private"][0]).vote()
    assert shown() == before
    assert "选票" not in before.replace("兑换和投票", "")


def test_a_town_scans_its_own_slips_and_sees_its_own_batches(office: Office, signed_in: SignedIn) -> None:
    survey, slips = office.ready()
    client = signed_in(Role.TOWN_ORGANIZER)
    assert "东镇" not in page(client, survey, "returned")
    assert "不是本镇" in page(client, survey, "returned", text=slips["private"][0].url)
    Membership.objects.filter(user__role=Role.TOWN_ORGANIZER).update(town=office.towns[0])
    assert "未使用，已登记退回" in page(client, survey, "returned", text=slips["private"][0].url)
    assert "已经扫描登记过" in page(client, survey, "returned", text=slips["private"][0].url)
    assert client.get(f"/office/surveys/{survey.pk}/controls/").status_code == 403


def test_the_pages_take_at_most_twelve_queries_however_many_batches(
    office: Office, signed_in: SignedIn
) -> None:
    survey, _ = office.ready()
    client = signed_in(Role.INSPECTORATE)
    batch = survey.batches.get()

    def most() -> int:
        counts = []
        for what in ("controls", "returned"):
            page(client, survey, what)
            with CaptureQueriesContext(connection) as asked:
                page(client, survey, what)
            counts.append(len(asked))
        return max(counts)

    few = most()
    SlipBatch.objects.bulk_create(
        SlipBatch(
            survey=survey,
            stratum=batch.stratum,
            town=office.towns[number % 2],
            number=number,
            size=20,
            is_printed=True,
        )
        for number in range(2, 32)
    )
    assert (most(), few <= 12) == (few, True)


def test_what_nobody_counted_is_said_and_the_office_may_count_it(office: Office, signed_in: SignedIn) -> None:
    """`uncounted` is a third verdict; what is entered may fail to make the whole, and is named then."""
    survey, _ = office.ready()
    batch, town = survey.batches.get(), signed_in(Role.TOWN_ORGANIZER)
    path = f"/office/surveys/slips/{batch.pk}/count/"
    assert town.get(path).status_code == 403
    client = signed_in(Role.CENTRE_OPERATOR)
    shown = page(client, survey)
    for words in ("1项未清点，发出的张数无从核对，其余相符", "登记清点数"):
        assert words in shown
    too_many = {"handed_out": 1, "returned": 15, "spoiled": 6}
    assert "超过印制的20张" in client.post(path, too_many, follow=True).content.decode()
    numbers = {"handed_out": 12, "returned": 7, "spoiled": 0}
    assert "全部相符" in client.post(path, numbers, follow=True).content.decode()
    entry = AuditEntry.objects.get(verb="登记批次清点数")
    assert entry.after == {"发出": 12, "退回": 7, "损毁": 0}
    office.close(survey)
    bundles.make(survey)
    assert "发出、退回和损毁12+7+0张，等于印制20张" in page(client, survey)
    with pytest.raises(Refused, match="只能在评价期间登记"):
        services.count_batch(batch=batch, **numbers, acting_user=office.operator)
