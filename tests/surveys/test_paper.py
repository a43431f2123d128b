"""Paper: a slip spent for good, sheets keyed twice and blind, settled, reconciled, pooled."""

from __future__ import annotations

import json
import zipfile
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from threading import Barrier

import pytest
from django.apps import apps
from django.db import connection

from departments.models import Membership
from office import backups
from office.errors import Refused
from office.models import AuditEntry, User
from office.roles import Role
from surveys import queries, services
from surveys.ballots import signing
from surveys.box import bundles
from surveys.jobs import make_bundle
from surveys.keys import turnout
from surveys.models import PaperReading, PaperSheet, Slip
from surveys.paper import numbers, reconciliation
from tests.kit.paper_hall import PaperHall, paper_hall
from tests.kit.survey_office import Office, Voter, error, new_office, parts

pytestmark = pytest.mark.both_databases
State = PaperSheet.State
NOW = datetime(2026, 9, 30, 2, 0, tzinfo=UTC)


@pytest.fixture
def hall(office: Office) -> PaperHall:
    return paper_hall()


# --- Exchange ----------------------------------------------------------------------------------------


@pytest.mark.both_databases
def test_a_slip_buys_paper_for_good(hall: PaperHall) -> None:
    """YC-R6: by its QR code or typed; afterwards the phone is told so, as for any slip that is used."""
    scanned, typed = hall.slips["private"][:2]
    assert hall.exchange(scanned).name == "民营企业"
    spelled = parts(typed)[1].lower()
    services.exchange_for_paper(survey=hall.survey, text=f" {spelled} ", acting_user=hall.office.operator)
    assert Slip.objects.filter(state=Slip.State.PAPER).count() == 2
    assert error(Voter(hall.survey, scanned).redeem()) == (409, "paper")
    with pytest.raises(Refused, match="已经换领过纸质票"):
        hall.exchange(scanned)


@pytest.mark.both_databases
def test_a_slip_used_on_the_phone_buys_no_paper(hall: PaperHall) -> None:
    slip = hall.slips["private"][0]
    Voter(hall.survey, slip).redeem()
    with pytest.raises(Refused, match="已在手机上开始评价"):
        hall.exchange(slip)
    assert not reconciliation.has_paper(hall.survey)


@pytest.mark.both_databases
def test_an_exchange_leaves_no_trace_but_the_state(hall: PaperHall) -> None:
    """YC-R6: no audit row, no time, no user; nothing in any other table."""
    before = {model: model._default_manager.count() for model in apps.get_models()}
    row = Slip.objects.exclude(state=Slip.State.PAPER).count()
    hall.exchange(hall.slips["private"][0])
    assert {model: model._default_manager.count() for model in apps.get_models()} == before
    assert Slip.objects.exclude(state=Slip.State.PAPER).count() == row - 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("AAAA BBBB CCCC DDDD", "没有读出投票码"),
        ("", "没有读出投票码"),
        ("2222222222222222", "没有这个投票码"),
    ],
)
def test_a_code_that_is_none_is_refused(hall: PaperHall, text: str, said: str) -> None:
    with pytest.raises(Refused, match=said):
        services.exchange_for_paper(survey=hall.survey, text=text, acting_user=hall.office.operator)


def test_a_town_exchanges_its_own_slips_only(hall: PaperHall) -> None:
    organizer = User.objects.create_user("town", role=Role.TOWN_ORGANIZER)
    membership = Membership.objects.create(user=organizer, town=hall.office.towns[1])
    with pytest.raises(Refused, match="不是本镇"):
        hall.exchange(hall.slips["private"][0], organizer)
    membership.town = hall.office.towns[0]
    membership.save()
    hall.exchange(hall.slips["private"][0], organizer)


def test_no_exchange_before_the_opening_or_after_the_close(office: Office) -> None:
    survey = office.frozen()
    slips = office.print_all(survey)["private"]
    with pytest.raises(Refused, match="还没有开始"):
        services.exchange_for_paper(survey=survey, text=slips[0].url, acting_user=office.operator)
    office.close(office.open(survey))
    with pytest.raises(Refused, match="已经截止"):
        services.exchange_for_paper(survey=survey, text=slips[0].url, acting_user=office.operator)
    assert not Slip.objects.filter(state=Slip.State.PAPER).exists()


def test_a_slip_of_another_survey_is_named(hall: PaperHall) -> None:
    other, _ = hall.office.open_another()
    with pytest.raises(Refused, match="另一轮评价"):
        services.exchange_for_paper(
            survey=other, text=hall.slips["private"][0].url, acting_user=hall.office.operator
        )


@pytest.mark.django_db(transaction=True)
@pytest.mark.both_databases
def test_phone_and_counter_at_once_give_one_ballot() -> None:
    """YC-R6: eight at the counter and eight phones with one slip: one of them gets it."""
    new_office()
    hall = paper_hall()
    slip = hall.slips["private"][0]
    start = Barrier(8)

    def ask(number: int) -> bool:
        start.wait()
        try:
            if number % 2:
                return Voter(hall.survey, slip).redeem().status_code == 200
            hall.exchange(slip)
        except Refused:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(ask, range(8))) == 1


def test_turnout_holds_those_on_paper(hall: PaperHall) -> None:
    for slip in hall.slips["private"][:10]:
        hall.exchange(slip)
    turnout.store_turnout(hall.survey)
    assert queries.turnout(hall.survey).by_kind == {"private": 10}


# --- Keying ------------------------------------------------------------------------------------------


@pytest.mark.both_databases
def test_two_clerks_who_agree_settle_a_sheet(hall: PaperHall) -> None:
    hall.closed_with(2)
    number, other = hall.labels(2)
    assert hall.key(hall.clerks[0], number, "14", matter="排队").state == State.ONCE
    sheet = hall.key(hall.clerks[1], number, "14", matter="排队太久")
    assert (sheet.state, sheet.marks, sheet.matter, sheet.kind) == (State.SETTLED, "14", "排队太久", "valid")
    spoiled = hall.key_twice(other, "", kind="spoiled")
    assert (spoiled.state, spoiled.kind, spoiled.marks) == (State.SETTLED, "spoiled", "")
    assert AuditEntry.objects.filter(verb="录入纸质票").count() == 4


@pytest.mark.both_databases
def test_a_third_settles_what_two_of_three_read(hall: PaperHall) -> None:
    """Part by part: the first is wrong about one person, the second about another."""
    number = hall.one_sheet()
    hall.key(hall.clerks[0], number, "12")
    assert hall.key(hall.clerks[1], number, "34").state == State.DIFFERENT
    sheet = hall.key(hall.clerks[2], number, "14")
    assert (sheet.state, sheet.marks) == (State.SETTLED, "14")


def test_a_third_opinion_that_agrees_with_neither_goes_to_the_reviewer(hall: PaperHall) -> None:
    number = hall.one_sheet()
    for clerk, marks in zip(hall.clerks, ("11", "21", "31"), strict=True):
        sheet = hall.key(clerk, number, marks)
    assert sheet.state == State.REVIEW
    with pytest.raises(Refused, match="还有1张测评表没有核定") as refusal:
        hall.finish()
    assert refusal.value.faults == (f"待复核人员裁定：{number}",)
    fourth = User.objects.create_user("clerk4", role=Role.PAPER_CLERK)
    with pytest.raises(Refused, match="复核人员裁定"):
        hall.key(fourth, number, "11")
    assert hall.reviewer is not None
    sheet = hall.key(hall.reviewer, number, "41")
    assert (sheet.state, sheet.marks) == (State.SETTLED, "41")
    assert AuditEntry.objects.filter(verb="裁定纸质票", actor=hall.reviewer).count() == 1


@pytest.mark.parametrize(
    "second",
    [{"marks": "13"}, {"marks": "1", "department": "d2"}, {"marks": "", "kind": "spoiled"}],
)
def test_whatever_two_clerks_read_differently_waits_for_a_third(
    hall: PaperHall, second: dict[str, str]
) -> None:
    number = hall.one_sheet()
    hall.key(hall.clerks[0], number, "12")
    assert hall.key(hall.clerks[1], number, **second).state == State.DIFFERENT  # type: ignore[arg-type]


@pytest.mark.both_databases
def test_nobody_keys_a_sheet_twice(hall: PaperHall) -> None:
    number = hall.one_sheet()
    hall.key(hall.clerks[0], number, "12")
    with pytest.raises(Refused, match="您已经录过，须由另一人再录"):
        hall.key(hall.clerks[0], number, "12")
    hall.key(hall.clerks[1], number, "12")
    with pytest.raises(Refused, match="已经核定，不需要再录"):
        hall.key(hall.clerks[2], number, "12")
    assert PaperReading.objects.count() == 2


def test_what_is_mistyped_is_named_and_nothing_is_written(hall: PaperHall) -> None:
    number = hall.one_sheet()
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    swapped = next(
        number[:at] + number[at + 1] + number[at] + number[at + 2 :]
        for at in range(7)
        if number[at] != number[at + 1]
    )
    for mistyped in (wrong, swapped, number[:-1], "", "abc"):
        with pytest.raises(Refused, match=r"编号.*有误"):
            hall.key(hall.clerks[0], mistyped, "12")
    with pytest.raises(Refused, match="没有印制过编号"):
        hall.key(hall.clerks[0], str(numbers.new_numbers(1, {int(number)})[0]), "12")
    with pytest.raises(Refused, match="没有表号“9999”"):
        hall.key(hall.clerks[0], number, "12", code="9999")
    for marks in ("1", "123", "16", "1x"):
        with pytest.raises(Refused, match="应有2项"):
            hall.key(hall.clerks[0], number, marks)
    with pytest.raises(Refused, match="不超过500字"):
        hall.key(hall.clerks[0], number, "12", matter="长" * 501)
    assert PaperReading.objects.count() == 0


def test_nothing_is_keyed_before_the_close(hall: PaperHall) -> None:
    hall.exchange(hall.slips["private"][0])
    with pytest.raises(Refused, match="截止后"):
        hall.labels(1)
    with pytest.raises(Refused, match="截止后"):
        hall.key(hall.clerks[0], "10000008", "12")


def test_without_exchanged_slips_there_is_nothing_to_key(hall: PaperHall) -> None:
    hall.office.close(hall.survey)
    with pytest.raises(Refused, match="没有换领纸质票的凭条"):
        hall.labels(1)


@pytest.mark.both_databases
def test_numbers_are_random_and_never_made_twice(hall: PaperHall) -> None:
    hall.closed_with(1)
    made = hall.labels(300) + hall.labels(300)
    assert len(set(made)) == 600
    assert sorted(made) != made
    assert all(len(number) == 8 for number in made)
    with pytest.raises(Refused, match="每次印1至2000个"):
        hall.labels(2001)


# --- Reconciliation, bundle, tally ---------------------------------------------------------------------


@pytest.mark.both_databases
def test_a_sheet_too_many_is_named_and_set_aside_by_the_reviewer(hall: PaperHall) -> None:
    """YC-R6: held until a named person has found the sheet and said why it is no voter's."""
    hall.closed_with(1)
    first, second = hall.labels(2)
    hall.key_twice(first, "11")
    hall.key_twice(second, "44")
    with pytest.raises(Refused, match="多于换领的纸质票") as refusal:
        hall.finish()
    assert refusal.value.faults == ("民营企业：甲局的测评表有2张，多于换领的1份",)
    assert hall.reviewer is not None
    with pytest.raises(Refused, match="剔除原因不足"):
        services.set_aside_sheet(survey=hall.survey, number=second, reason="多", acting_user=hall.reviewer)
    with pytest.raises(Refused, match="权限"):
        services.set_aside_sheet(
            survey=hall.survey, number=second, reason="纸张颜色不符", acting_user=hall.clerks[0]
        )
    services.set_aside_sheet(
        survey=hall.survey, number=second, reason="纸张颜色不符", acting_user=hall.reviewer
    )
    noted = AuditEntry.objects.get(verb="剔除纸质票")
    assert (noted.actor, noted.after) == (hall.reviewer, {"原因": "纸张颜色不符"})
    hall.finish()
    counted = hall.office.tally(hall.survey)
    assert counted.controls["paper"] == {"sheets": 2, "spoiled": 0, "set_aside": 1, "blank": 0, "double": 0}
    assert counted.counts["private"]["p1"]["overall"]["满意"] == 1


@pytest.mark.both_databases
def test_paper_is_pooled_before_anything_is_shown(hall: PaperHall) -> None:
    """YC-R6, YC-R7: eight phones and three packets are eleven voters, and no figure tells them apart."""
    phones = [{"p1": {"overall": "满意"}}] * 8
    survey = hall.closed_with(3, phones)
    one, two, three = hall.labels(3)
    hall.key_twice(one, "19", matter="材料反复提交")
    hall.key_twice(two, "40")
    hall.key_twice(three, "2", "d2")
    with pytest.raises(Refused, match="纸质票还没有录完"):
        hall.office.tally(survey)
    with pytest.raises(Refused, match="纸质票还没有录完"):
        services.hand_over_bundle(survey=survey, acting_user=hall.office.inspector)
    hall.finish()
    counted = hall.office.tally(survey)
    rows = {
        person: list(counted.counts["private"][person]["overall"].values()) for person in ("p1", "p2", "p3")
    }
    assert rows == {"p1": [9, 0, 0, 1, 1], "p2": [0, 0, 0, 0, 11], "p3": [0, 1, 0, 0, 10]}
    assert queries.valid_ballots(survey) == {"private": 11}
    assert counted.comments == {"d1": [{"kind": "matter", "text": "材料反复提交"}]}
    again = bundles.counted(survey)
    assert (again["ballots"], again["packets"]) == (8, 3)
    assert (
        services.import_counts(
            survey=survey, content=json.dumps(again).encode(), acting_user=hall.office.inspector
        ).counts
        == counted.counts
    )


@pytest.mark.both_databases
def test_once_the_bundle_is_written_the_server_has_forgotten_what_was_read(hall: PaperHall) -> None:
    """YC-R6: numbers and states stay for the reconciliation, marks and words only sealed in the bundle."""
    survey = hall.closed_with(1)
    number = hall.labels(1)[0]
    hall.key_twice(number, "14", matter="某件事")
    hall.finish()
    make_bundle({"survey": survey.pk}, lambda *_: None)  # type: ignore[arg-type]
    assert PaperReading.objects.count() == 0
    sheet = PaperSheet.objects.get(number=int(number))
    assert (sheet.state, sheet.marks, sheet.matter) == (State.SETTLED, "", "")
    with zipfile.ZipFile(bundles.path_of(survey)) as archive:
        assert set(json.loads(archive.read("paper.json"))) == {"format", "packets", "groups", "sealed"}
    assert hall.office.tally(survey).counts["private"]["p2"]["overall"]["不满意"] == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.both_databases
def test_no_backup_holds_what_clerks_are_keying(tmp_path: Path) -> None:
    """YC-R6: neither before the sheet is settled nor while it waits for the end of the keying."""
    new_office()
    hall = paper_hall()
    hall.closed_with(1)
    one, two = hall.labels(2)
    hall.key_twice(one, "14", matter="某件事办不成")
    hall.key(hall.clerks[0], two, "2", "d2", suggestion="另一件事也办不成")
    backups.backup(file=tmp_path / "backup.zip", now=NOW)
    with zipfile.ZipFile(tmp_path / "backup.zip") as archive:
        text = b"".join(archive.read(name) for name in archive.namelist()).decode("utf-8", "replace")
    for said in ("某件事办不成", "另一件事也办不成"):
        assert said not in text
        assert said.encode("unicode_escape").decode() not in text


def test_without_paper_the_bundle_is_written_as_ever(hall: PaperHall) -> None:
    survey = hall.closed_with(0, [{"p1": {"overall": "满意"}}] * 3)
    counted = hall.office.tally(survey)
    assert "paper" not in counted.controls
    assert set(bundles.counted(survey)) == {
        "format", "survey", "fp", "bundle", "ballots", "spoiled", "strata", "touched", "comments",
        *signing.SIGNED_PARTS,
    }  # fmt: skip
    with zipfile.ZipFile(bundles.path_of(survey)) as archive:
        assert "paper.json" not in archive.namelist()


def test_few_packets_of_a_kind_show_with_the_next_kind(office: Office) -> None:
    """YC-R6: no page shows sheets of fewer than ten voters."""
    hall = paper_hall(30, ("private", "sole_trader"))
    for slip in hall.slips["private"][:12] + hall.slips["sole_trader"][:2]:
        hall.exchange(slip)
    office.close(hall.survey)
    groups = reconciliation.reconcile(hall.survey).groups
    assert [(group.packets, set(group.names.split("、"))) for group in groups] == [
        (14, {"民营企业", "个体工商户"})
    ]
