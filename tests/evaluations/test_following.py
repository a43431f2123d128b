"""A draft from the last round: what it takes over, what is shown as different, and nothing half written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from django.test import Client

from departments.models import Department, UnitGroup
from evaluations import services
from evaluations.gathering.sheets import panels
from evaluations.models import Marker, Round, SchemeVersion
from evaluations.planning.following import Wanted, carried_from, follow_round, next_period, title_for
from office.errors import Refused
from office.models import AuditEntry, User
from tests.evaluations.channels import Office
from tests.evaluations.county import County, fresh
from tests.evaluations.jilin import Zone
from tests.evaluations.ledger_office import fangcheng
from tests.evaluations.pages import starts
from tests.kit.stored_states import stored
from tests.surveys.test_pools_at_once import at_once

WANTED = Wanted("2026年第四季度监测", "2026-Q4", date(2026, 12, 1))


def followed(previous: Round, wanted: Wanted, by: User, expected: str = "") -> Round:
    expected = expected or carried_from(previous).digest()
    return follow_round(previous=previous, wanted=wanted, expected=expected, acting_user=by)


def differs(previous: Round) -> dict[str, list[str]]:
    return dict(carried_from(previous).differs)


@stored
def begun() -> Office:
    made = Office(
        "fangcheng-2022",
        dict.fromkeys(("县甲局", "县乙局", "县丙局"), "责任单位"),
        options={"tier_remainder": "best"},
        channels={"answers.enterprises": "counts"},
    )
    services.name_indicators(
        channel=made.channel("external.indicators"), names=["纳税", "获得电力"], acting_user=made.operator
    )
    return made


@pytest.fixture
def office(db: None) -> Office:
    return begun()


def test_a_quarter_follows_the_last_one(office: Office) -> None:
    """Readings, channels and their settings, units with today's names; what was entered stays behind."""
    assert next_period(office.round) == "2026-Q4"
    assert title_for(office.round, "2026-Q4") == WANTED.title
    Department.objects.filter(name="县乙局").update(is_active=False)
    Department.objects.filter(name="县丙局").update(name="县丙中心")
    new = Department.objects.create(name="县丁局", order=9, peer_group="责任单位")
    assert differs(office.round) == {
        "不再参评的单位": ["县乙局：已停用"],
        "名称、分组有变化的单位": ["县丙局：现名县丙中心"],
    }
    wanted = replace(WANTED, new_units=frozenset({new.pk}))
    made = fresh(followed(office.round, wanted, office.operator))
    assert [row.name for row in made.departments.all()] == ["县甲局", "县丙中心", "县丁局"]
    assert (made.state, made.options, made.period) == ("draft", {"tier_remainder": "best"}, "2026-Q4")
    channels = {one.need: one for one in made.channels.all()}
    assert channels["answers.enterprises"].kind == "counts"
    assert channels["external.indicators"].named_items == ["纳税", "获得电力"]
    assert channels["external.indicators"].due_on is None
    told = AuditEntry.objects.get(verb="沿用上一轮的安排").after
    assert (told["上一轮"], told["参评单位"]) == ("2026年第三季度监测", "2 个")


def test_a_period_that_has_its_round_is_refused_and_nothing_is_left(office: Office) -> None:
    followed(office.round, WANTED, office.operator)
    before = Round.objects.count()
    with pytest.raises(Refused, match="这一方案在2026年第四季度已有轮次"):
        followed(office.round, WANTED, office.operator)
    with pytest.raises(Refused, match="没有填写轮次名称"):
        followed(office.round, replace(WANTED, title=" ", period="2027-Q1"), office.operator)
    stranger = replace(WANTED, period="2027-Q1", new_units=frozenset({999_999}))
    with pytest.raises(Refused, match="不在新增单位之列"):
        followed(office.round, stranger, office.operator)
    with pytest.raises(Refused, match="没有这项操作的权限"):
        followed(office.round, replace(WANTED, period="2027-Q1"), office.reviewer)
    assert Round.objects.count() == before


def test_what_changed_after_the_page_was_shown_is_not_made(office: Office) -> None:
    seen = carried_from(office.round).digest()
    Department.objects.filter(name="县乙局").update(is_active=False)
    with pytest.raises(Refused, match="在您打开页面之后有变化"):
        followed(office.round, WANTED, office.operator, expected=seen)
    assert Round.objects.count() == 1


def test_a_new_version_of_the_scheme_says_what_changed_in_its_readings(office: Office) -> None:
    old = office.round.scheme_version
    text = old.text.replace("余数默认归中间方阵，也可归第一或第三方阵", "余数归中间或第三方阵")
    text = text.replace("middle: 中间方阵, best: 第一方阵, worst", "middle: 中间方阵, worst")
    text = text.replace("label: 问题整改\n    full: 8", "label: 问题整改\n    full: 9")
    new = SchemeVersion.objects.create(scheme_id=old.scheme_id, title=old.title, sha256="0" * 64, text=text)
    services.activate_scheme(version=new, acting_user=office.operator)
    found = differs(office.round)
    (told,) = [lines for what, lines in found.items() if what.startswith("评价方案有新的版本")]
    assert any(line.startswith("口径4改为“按名次三等分，余数归中间或第三方阵") for line in told)
    assert "计分步骤“问题整改”有改动" in told
    assert found["不能沿用的口径"] == ["三等分后余下的单位归入：上一轮所选的取值不再可用，改按默认口径"]
    made = followed(office.round, WANTED, office.operator)
    assert (made.scheme_version, made.options) == (new, {})


def test_panels_go_on_without_those_whose_account_left(db: None) -> None:
    zone = Zone(by_aspect=True)
    for name, unit in (("甲某", ""), ("乙某", "区乙局"), ("丁某", "")):
        zone.marker("leaders", name, unit=unit, paper=name == "丁某")
    User.objects.filter(username="leaders-甲某").update(is_active=False)
    assert differs(zone.round)["不再列入的评议人（须另行补充）"] == [
        "领导评议：甲某，账户“leaders-甲某”已停用"
    ]
    wanted = Wanted("2022年考核评价", "2022", date(2022, 12, 31))
    made = followed(zone.round, wanted, zone.operator)
    markers = Marker.objects.filter(panel__channel__round=made)
    assert [(one.name, one.way, str(one.unit or "")) for one in markers] == [
        ("乙某", "account", "区乙局"),
        ("丁某", "paper", ""),
    ]
    sheets = panels.sheets_of(markers[0].panel)
    assert [(one.state, one.version) for one in sheets] == [("due", 0), ("due", 0)]
    assert markers[0].panel.by_aspect


@starts("prepared")
def test_shares_slips_and_publicity_go_on_where_persons_are_judged(
    county: County, browse: Callable[[str], Client]
) -> None:
    """Through the page: it names the number of the decision, and one button makes the draft."""
    page = f"/office/rounds/{county.round.pk}/next/"
    client = browse("centre_operator")
    assert browse("centre_reviewer").get(page).status_code == 403
    shown = client.get(f"{page}?period=2026-Q4").content.decode()
    assert "票数安排" in shown
    assert "评价主体占比" in shown
    expected = carried_from(county.round).digest()
    sent = {"title": "第四轮", "year": 2026, "part": "Q4", "base_date": "2026-12-01", "expected": expected}
    assert client.post(page, sent).status_code == 422, "the number of the decision is missing"
    sent["persons_public_decision"] = county.round.persons_public_decision
    refused = client.post(page, {**sent, "part": "Q3"}, follow=True).content.decode()
    assert "已有轮次" in refused
    client.post(page, sent)
    made = Round.objects.get(title="第四轮")
    for name in ("shares", "slips_plan", "persons_public", "questions", "persons_public_decision"):
        assert getattr(made, name) == getattr(county.round, name), name
    assert made.slips_plan


def test_the_group_of_today_is_shown_where_it_is_another(db: None) -> None:
    zone = Zone()
    UnitGroup.objects.create(department=zone.units["区甲局"], scheme_id="jilin-jkq-2021", group="基层单位")
    assert differs(zone.round)["名称、分组有变化的单位"] == ["区甲局：各局（室、公司） → 各基层单位"]


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_of_two_who_press_at_once_one_makes_the_draft() -> None:
    office = fangcheng()
    previous = office.round("2026-Q3")
    expected = carried_from(previous).digest()

    def press() -> None:
        follow_round(previous=previous, wanted=WANTED, expected=expected, acting_user=office.enters)

    first, second = at_once(press, press)
    assert first == ""
    assert second.startswith("这一方案在2026年第四季度已有轮次“2026年第四季度监测”（筹备）")
    assert Round.objects.filter(period="2026-Q4").count() == 1
