"""Two people of the centre at once, what the ledger of a scheme offers, and the demo."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from demo import rectifications
from evaluations import services
from evaluations.models import Disposition, Rectification, RectificationEvent, RectificationItem
from evaluations.rectification import chasing, closing, limits
from evaluations.rectification.problems import candidates
from evaluations.rectification.standing import seen_with_items, standings
from office.calendar import days
from office.models import User
from tests.evaluations.county import NOW
from tests.evaluations.rectified import at, rectified_county
from tests.evaluations.unit_rounds import jilin_county
from tests.kit.at_once import DONE, at_once
from tests.kit.files import own_folders


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_of_two_who_check_or_chase_at_once_one_does(settings: Settings, tmp_path: Path) -> None:
    own_folders(settings, tmp_path)
    settings.DEMO = True
    county = rectified_county()
    one = county.under_way("问题一", "问题二", days=10)
    first, second = one.items.all()
    county.do(first, at("2026-05-25 10:00"))
    now = at("2026-06-08 10:00")

    def closes(user: User) -> Callable[[], object]:
        return lambda: closing.close_item(item=first, opinion="属实", now=now, acting_user=user)

    done, refused = at_once(closes(county.reviewer), closes(county.other))
    assert done == DONE
    assert "目前为“已销号”" in refused
    assert RectificationEvent.objects.filter(item=first, act="closed").count() == 1

    def chases(user: User) -> Callable[[], object]:
        return lambda: chasing.chase(rectification=one, text="请抓紧", now=now, acting_user=user)

    done, refused = at_once(chases(county.reviewer), chases(county.other))
    assert done == DONE
    assert "今天已经催办" in refused
    at_once(lambda: chasing.follow_the_clock(now), lambda: chasing.follow_the_clock(now))
    assert list(one.events.filter(act="late").values_list("item", flat=True)) == [second.pk]


@pytest.mark.django_db
def test_deductions_and_vetoes_of_the_ledger_are_offered_as_problems(
    settings: Settings, tmp_path: Path
) -> None:
    """JL-R2, JL-R6"""
    own_folders(settings, tmp_path)
    county = jilin_county()
    result = services.current_result(county.round)

    def offered(name: str) -> list[str]:
        subject = county.round.departments.get(name=name)
        disposition = Disposition.objects.create(
            register_year=2022,
            register_serial=subject.pk,
            result=result,
            round=county.round,
            subject=subject,
            department_id=subject.department_id,
            target="department",
            because="评定为不达标",
            year=2021,
            proposed_on=NOW.date(),
        )
        ends = limits.promised(days.clock(), date(2022, 1, 10), plan_working_days=5, done_days=30)
        one = Rectification.objects.create(
            disposition=disposition,
            department_id=subject.department_id,
            notice_on=date(2022, 1, 10),
            begun_at=NOW,
            plan_working_days=5,
            done_days=30,
            look_back_days=90,
            supervision_days=3,
            leading_group_days=10,
            **ends.as_columns(),
        )
        found = candidates(one)
        kept = RectificationItem.Source.LEDGER
        return [each.problem.text for each in found if each.problem.source_kind == kept]

    assert offered("乙局") == ["2021年5月10日：月度动态信息未按时上报。张三迟报"]
    assert len(offered("丁局")) == 1, "the veto"
    assert offered("甲局") == [], "a bonus is no problem"


@pytest.mark.django_db
def test_the_demo_puts_right_in_three_ways(settings: Settings, tmp_path: Path) -> None:
    own_folders(settings, tmp_path)
    settings.DEMO = True
    county = rectified_county()
    copied = county.decide(date(2026, 10, 12))
    for serial in (500, 501):
        copied.pk, copied.register_serial = None, serial
        copied.save()
    rectifications.put_right({"centre": county.operator, "reviewer": county.reviewer})
    now = at("2026-11-30 09:00")
    found = standings(seen_with_items(Rectification.objects.order_by("pk")), now)
    told = [(each.one.state, bool(each.late), each.closed, each.total) for each in found]
    assert told == [("closed", False, 2, 2), ("under_way", True, 1, 2), ("under_way", False, 2, 3)]
