"""Every inequality that a database can break, broken once: named, nothing lost, held until explained."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from office.errors import Refused
from surveys import queries, services
from surveys.box import bundles, controls
from surveys.models import Ballot, Slip, SlipBatch, Survey
from surveys.voting.demo_box import fill_box
from tests.kit.stored_states import stored
from tests.kit.survey_office import PASSPHRASE, Office, Voter, opened

Break = Callable[[Survey], object]
NOW = datetime(2026, 9, 30, tzinfo=UTC)
REASON = "经监票人复点查实，系登记时笔误，凭条已封存备查。"


def some(survey: Survey, state: str, number: int) -> list[int]:
    return list(Slip.objects.filter(batch__survey=survey, state=state).values_list("pk", flat=True)[:number])


def back(survey: Survey, state: str, number: int) -> None:
    """Slips that came back and were scanned, whatever the numbers say."""
    to = Slip.State.VOID if state == Slip.State.UNUSED else state
    Slip.objects.filter(pk__in=some(survey, state, number)).update(is_returned=True, state=to)


def a_slip_more(survey: Survey) -> None:
    Slip.objects.create(batch=survey.batches.get(), code_hash=b"\x01" * 32)
    survey.batches.update(size=21)


@stored
def twelve_voted() -> Survey:
    survey, slips = opened(20, ("private",))
    fill_box(survey=survey, votes=[(slip, {}, []) for slip in slips["private"][:12]])
    return survey


VOIDED = "东镇第1批：重新印制前已作废，已兑换、换纸质票、退回或恢复为未使用的凭条20张，应为0张"
BROKEN: dict[str, tuple[Break, str]] = {
    "codes_root": (a_slip_more, "票码清单与计票包所列的摘要一致"),
    "per_key": (
        lambda survey: Slip.objects.filter(pk__in=some(survey, "redeemed", 2)).update(state="unused"),
        "民营企业：选票12张，不多于已兑换凭条10张",
    ),
    "batch_codes": (
        lambda survey: survey.batches.update(size=21),
        "东镇第1批：票码20个，等于印制21张",
    ),
    "batch_used": (
        lambda survey: survey.batches.update(handed_out=11, spoiled=9),
        "东镇第1批：已兑换、换纸质票和作废共12张，不多于发出11张",
    ),
    "batch_returned": (
        lambda survey: (survey.batches.update(handed_out=19, returned=1), back(survey, "unused", 2)),
        "东镇第1批：扫描退回的未用凭条2张，不多于登记退回和损毁1张",
    ),
    "batch_sum": (
        lambda survey: survey.batches.update(handed_out=15, returned=3),
        "东镇第1批：发出、退回和损毁15+3+0张，等于印制20张",
    ),
    "batch_void": (lambda survey: survey.batches.update(is_void=True), VOIDED),
    "returned_redeemed": (
        lambda survey: back(survey, "redeemed", 1),
        "东镇第1批：退回的凭条中已兑换的1张，应为0张",
    ),
}
NEVER = {"codes_root", "per_key", "batch_void"}


@pytest.mark.parametrize("name", BROKEN)
@pytest.mark.both_databases
def test_each_broken_inequality_is_named_and_held_until_explained(office: Office, name: str) -> None:
    change, said = BROKEN[name]
    survey = twelve_voted()
    change(survey)
    office.close(survey)
    bundles.make(survey)
    with pytest.raises(Refused, match="清点核对不成立，不能计票") as refusal:
        services.tally_survey(survey=survey, passphrase=PASSPHRASE, acting_user=office.inspector)
    assert said in refusal.value.faults
    assert (Survey.objects.get(pk=survey.pk).state, Ballot.objects.count()) == (Survey.State.CLOSED, 12)
    assert queries.counts(survey) == {}

    found = [one for one in controls.controls_of(survey) if not one.holds]
    assert said in {one.said for one in found}
    for one in found:
        explain = {"survey": survey, "key": one.key, "text": REASON, "now": NOW}
        if name in NEVER:
            with pytest.raises(Refused, match="不能以说明代替"):
                services.explain_control(**explain, acting_user=office.inspector)
        else:
            services.explain_control(**explain, acting_user=office.inspector)
    if name in NEVER:
        with pytest.raises(Refused):
            services.tally_survey(survey=survey, passphrase=PASSPHRASE, acting_user=office.inspector)
        return
    assert said in office.tally(survey).controls["faults"]
    assert sum(queries.valid_ballots(survey).values()) == 12
    assert queries.control_faults(survey) == []


def test_an_explanation_is_given_once_and_for_what_is_broken(office: Office) -> None:
    survey, slips = office.ready()
    assert Voter(survey, slips["private"][0]).vote().status_code == 200
    SlipBatch.objects.filter(survey=survey).update(handed_out=0, spoiled=20)
    office.close(survey)
    bundles.make(survey)
    explain = {"survey": survey, "text": REASON, "now": NOW, "acting_user": office.inspector}
    services.explain_control(key="batch_used:1", **explain)
    with pytest.raises(Refused, match="已由inspector作出说明"):
        services.explain_control(key="batch_used:1", **explain)
    with pytest.raises(Refused, match="没有不符"):
        services.explain_control(key="batch_sum:1", **explain)
    with pytest.raises(Refused, match="没有这项操作的权限"):
        services.explain_control(key="batch_used:1", **{**explain, "acting_user": office.operator})
