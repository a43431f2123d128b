"""Two people at the same moment: one of them does it, the other is told; nothing is done by halves."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from evaluations import services
from evaluations.gathering.services import set_channel_aside, settle_channel
from evaluations.models import Appeal, Channel, Entry, MarkSheet, Result, Round, SheetReading
from office.models import AuditEntry, User
from office.roles import Role
from tests.evaluations.channels import NOW, Office, typed
from tests.evaluations.county import SERVED, County
from tests.evaluations.jilin import begun, fresh
from tests.evaluations.unit_rounds import jilin_county
from tests.kit.at_once import DONE, at_once

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]

NEED = "marks.rectification"
UNITS = ("县甲局", "县乙局")
Act = Callable[..., object]


def result() -> tuple[County, Round]:
    """A computed round whose text wants the leading group's approval."""
    county = jilin_county()
    return county, county.round


def others(role: Role) -> list[User]:
    return [User.objects.create_user(f"{role}-{number}", role=role) for number in range(2)]


def told(verb: str) -> int:
    return AuditEntry.objects.filter(verb=verb).count()


def test_of_two_who_sign_a_result_off_at_once_one_does() -> None:
    _, round_ = result()

    def signs(user: User) -> Act:
        return lambda: services.sign_off_round(round=round_, now=NOW, acting_user=user)

    done, refused = at_once(*map(signs, others(Role.CENTRE_REVIEWER)))
    assert done == DONE
    assert "已审定" in refused
    assert told("审定结果") == 1


def test_of_two_who_approve_a_result_at_once_one_does() -> None:
    """JL-R9"""
    county, round_ = result()
    services.sign_off_round(round=round_, now=NOW, acting_user=county.reviewer)

    def approves(user: User) -> Act:
        return lambda: services.approve_round(round=round_, now=NOW, acting_user=user)

    done, refused = at_once(*map(approves, others(Role.LEADING_GROUP)))
    assert done == DONE
    assert "已批准" in refused
    assert told("批准结果") == 1
    assert Result.objects.get().approved_by is not None


def test_of_two_who_decide_an_appeal_at_once_one_does() -> None:
    """JL-R9: nobody finds their decision replaced by another one."""
    county, round_ = result()
    services.sign_off_round(round=round_, now=NOW, acting_user=county.reviewer)
    services.approve_round(round=round_, now=NOW, acting_user=county.leader)
    round_ = services.serve_round(round=round_, today=SERVED, acting_user=county.operator)
    appeal = county.appeal(round_, acting_user=county.operator)

    def decides(user: User, outcome: Appeal.Outcome) -> Act:
        said = {"findings": "已核对", "decision": "情况属实", "today": SERVED}
        return lambda: services.decide_appeal(appeal=appeal, outcome=outcome, acting_user=user, **said)

    one, other = others(Role.LEADING_GROUP)
    done, refused = at_once(decides(one, Appeal.Outcome.KEPT), decides(other, Appeal.Outcome.CHANGED))
    assert done == DONE
    assert "这件申诉已由" in refused
    assert told("复核申诉") == 1


def test_a_result_returned_while_it_is_approved_is_either_approved_or_returned() -> None:
    county, round_ = result()
    services.sign_off_round(round=round_, now=NOW, acting_user=county.reviewer)
    at_once(
        lambda: services.approve_round(round=round_, now=NOW, acting_user=county.leader),
        lambda: services.return_result(round=round_, reason="核对", now=NOW, acting_user=county.reviewer),
    )
    kept = Result.objects.get()
    state = Round.objects.get(pk=round_.pk).state
    # Approved first, it may still be returned; returned first, it is not approved any more.
    assert (state, kept.returned_by is None) in [("closed", False), ("approved", True)]
    if state == "approved":
        services.serve_round(round=round_, today=SERVED, acting_user=county.operator)


@pytest.fixture
def office() -> Office:
    made = Office("fangcheng-2022", dict.fromkeys(UNITS, "责任单位"))
    made.enter(NEED, {name: typed(total="8") for name in UNITS})
    made.confirm(NEED)
    return made


def test_of_two_who_settle_a_channel_at_once_one_does(office: Office) -> None:
    channel = office.channel(NEED)

    def settles(user: User) -> Act:
        return lambda: settle_channel(channel=channel, now=NOW, acting_user=user)

    done, refused = at_once(*map(settles, others(Role.CENTRE_REVIEWER)))
    assert done == DONE
    assert "已办结，不能办结" in refused
    assert told("办结取数渠道") == 1


def test_a_value_entered_while_its_channel_is_settled_is_either_refused_or_keeps_it_open(
    office: Office,
) -> None:
    channel = office.channel(NEED)
    at_once(
        lambda: office.enter(NEED, {"县甲局": typed(total="2")}),
        lambda: settle_channel(channel=channel, now=NOW, acting_user=office.reviewer),
    )
    channel.refresh_from_db()
    entry = Entry.objects.get(subject__name="县甲局")
    settled = channel.state == Channel.State.SETTLED
    assert (entry.value, entry.confirmed_by) == ((8, office.reviewer) if settled else (2, None))


def test_a_channel_is_either_settled_or_set_aside(office: Office) -> None:
    need = "external.indicators"
    office.name_indicators(need, ["开办企业"])
    office.enter(need, {name: typed(remark="没有参加") for name in UNITS}, None)
    office.confirm(need)
    channel = office.channel(need)
    one, other = others(Role.CENTRE_REVIEWER)
    done, refused = at_once(
        lambda: settle_channel(channel=channel, now=NOW, acting_user=one),
        lambda: set_channel_aside(channel=channel, reason="没有开展", now=NOW, acting_user=other),
    )
    assert done == DONE
    assert "确需更改的，请先重新打开" in refused
    assert told("办结取数渠道") + told("不采用取数渠道") == 1


def test_of_two_thirds_who_key_one_sheet_at_once_the_second_finds_it_settled() -> None:
    """JL-R8"""
    zone = begun()
    sheet = zone.marker("supervisors", "监督员", paper=True)
    zone.receive(sheet)
    zone.open("supervisors")
    clerks = [User.objects.create_user(f"clerk{number}", role=Role.PAPER_CLERK) for number in range(2)]
    for clerk, mark in zip(clerks, ("9", "8"), strict=True):
        zone.key_in(sheet, {"区甲局": mark}, clerk)

    def keys(user: User) -> Act:
        return lambda: zone.key_in(sheet, {"区甲局": "9"}, user)

    done, refused = at_once(*map(keys, others(Role.CENTRE_OPERATOR)))
    assert done == DONE
    assert "已经核定，不需要再录" in refused
    assert fresh(sheet).keying == MarkSheet.Keying.SETTLED
    assert SheetReading.objects.count() == 3
