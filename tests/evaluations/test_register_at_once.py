"""Two people at the register at the same moment: one act is done, the other refused, nothing by halves."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from evaluations import services
from evaluations.account import answering, reporting
from evaluations.models import AccountExtract, DecisionNumber, Disposition, RoundDepartment, SuperiorReport
from office.models import AuditEntry, User
from office.roles import Role
from tests.evaluations.county import NOW, County, fresh
from tests.evaluations.registers import CENTRE, county_with_register, decide, register_again, row
from tests.kit.at_once import DONE, at_once
from tests.kit.files import own_folders
from tests.kit.people import person

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]
CARD = "亮黄牌提醒"


@pytest.fixture
def county(db: None, settings: Settings, tmp_path: Path) -> County:
    own_folders(settings, tmp_path)
    settings.DEMO = True
    return county_with_register()


def test_of_two_who_decide_at_once_one_does(county: County) -> None:
    card = row(CARD, "县甲局")
    done, refused = at_once(
        lambda: decide(county, card, number="示营商〔2026〕1号"),
        lambda: decide(county, card, number="示营商〔2026〕2号", by=county.leader),
    )
    assert done == DONE
    assert "目前为“已决定”，不能登记决定" in refused
    assert AuditEntry.objects.filter(verb="登记处置决定").count() == 1
    assert DecisionNumber.objects.get().number == row(CARD, "县甲局").number


def test_a_number_given_twice_at_once_for_two_kinds_is_given_once(county: County) -> None:
    unit, person = row(CARD, "县甲局"), row("通报批评", "乙科长")
    done, refused = at_once(
        lambda: decide(county, unit),
        lambda: decide(county, person, authority="县政府授权", by=county.leader),
    )
    assert done == DONE
    assert "文号已用于" in refused
    assert Disposition.objects.filter(number="示营商〔2026〕1号").count() == 1


def test_two_who_answer_at_once_give_two_register_numbers(county: County) -> None:
    asked = answering.Request(county.departments[0], None, "县委组织部", "示例人", "拟提任", NOW.date())
    answers = [lambda: answering.answer(request=asked, now=NOW, acting_user=county.reviewer)] * 3
    assert at_once(*answers) == [DONE] * 3
    assert sorted(AccountExtract.objects.values_list("register_serial", flat=True)) == [1, 2, 3]


def test_a_decision_while_a_correction_withdraws_it_is_either_refused_or_withdrawn(county: County) -> None:
    """A corrected result that proposes the card no longer, registered while somebody decides it."""
    card = row(CARD, "县甲局")
    county.mark_published(fresh(county.round))
    services.begin_correction(
        round=fresh(county.round),
        reason="名单有误",
        decision="示政办〔2026〕9号",
        acting_user=county.operator,
    )
    county.withdraw(fresh(county.round), "甲科员一", "已调离")
    round_ = county.serve(county.sign_off(county.compute(fresh(county.round), "更正")))
    at_once(lambda: county.end_appeals(round_), lambda: decide(county, card))
    card.refresh_from_db()
    assert card.state == Disposition.State.WITHDRAWN
    assert card.restore_flagged is False
    register_again(county)
    assert Disposition.objects.exclude(state=Disposition.State.WITHDRAWN).exclude(points=None).count() == 0


def test_of_two_who_record_the_same_package_at_once_one_does(county: County) -> None:
    """JL-R11: another number as well; the same number for two years is given once."""
    card = row(CARD, "县甲局")
    reported = {"kind": "superior_report", "target": "superior_body", "word": "报送评议考核结果"}
    decided = {"state": "decided", "body": CENTRE, "number": "示营商〔2026〕7号", "decided_on": NOW.date()}
    Disposition.objects.filter(pk=card.pk).update(**reported, **decided)
    RoundDepartment.objects.filter(pk=card.subject_id).update(superior_body="省甲厅")

    def records(user: User, number: str) -> Callable[[], object]:
        about: dict[str, Any] = {"year": card.year, "body": "省甲厅", "number": number}
        return lambda: reporting.record_handing_over(**about, sent_on=NOW.date(), now=NOW, acting_user=user)

    other = person(Role.CENTRE_REVIEWER, "another-reviewer")
    done, refused = at_once(
        records(county.reviewer, "示政函〔2026〕1号"), records(other, "示政函〔2026〕2号")
    )
    assert done == DONE
    assert "都已经报送" in refused
    assert SuperiorReport.objects.get().dispositions.get() == card
