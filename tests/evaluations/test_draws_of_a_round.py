"""Draws made for a round: to slips without a link to any, to the call list of interviews (FC-R13)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from evaluations.gathering.draws.services import draws_of, find_occasion, occasion_for, warnings_of
from evaluations.gathering.draws.views import invitations_html
from evaluations.gathering.interviews import services as interviews
from evaluations.gathering.interviews.drawn import list_from_draw, plan_of, replace_interview
from evaluations.gathering.interviews.services import Call
from evaluations.models import Interview, RoundDraw
from office.errors import Refused
from office.models import AuditEntry
from reports.models import IssuingBody, OfficialDocument
from surveys.models import DrawnMember, HandedInSample, MarketEntity, Pool, PoolDraw, PoolMember, Slip
from surveys.respondents.pools import calling, drawing
from tests.evaluations.channels import NOW, TODAY, Office
from tests.evaluations.county import County, fresh
from tests.evaluations.pages import starts
from tests.kit import pools
from tests.kit.stored_states import stored

NEED = "answers.enterprises"
UNITS = ("县甲局", "县乙局", "县丙局")
FIRMS = 12


@stored
def begun() -> Office:
    """A round of 方城 and a pool of firms that 县甲局 and 县乙局 handed in; some nobody did."""
    made = Office("fangcheng-2022", dict.fromkeys(UNITS, "责任单位"))
    channel = made.channel(NEED)
    interviews.arrange(channel=channel, sample_size=2, questions=[], acting_user=made.operator)
    pools.fill_register(FIRMS)
    firms = list(MarketEntity.objects.order_by("code"))
    for number, firm in enumerate(firms):
        MarketEntity.objects.filter(pk=firm.pk).update(phone=f"0530-555{number:04}")
        for name, takes in (("县甲局", number % 3 != 2), ("县乙局", number % 3 == 1)):
            if takes:
                HandedInSample.objects.create(
                    department=made.departments[name],
                    period="2026-Q3",
                    code=firm.code,
                    name=firm.name,
                    matter=f"{name}的许可",
                    phone=f"139{number:08}",
                    handed_in_on=date(2026, 7, 1),
                )
    return made


@pytest.fixture
def office(db: None) -> Office:
    return begun()


def pool_of(size: int = FIRMS) -> Pool:
    rows = [["企业库", "企业", "", size, pools.REGISTER, 12]]
    return pools.make_pool(rows, today=timezone.localdate())


def drawn_for(office: Office, pool: Pool, total: int = 6) -> PoolDraw:
    return pools.drawn_from(pool, total, occasion=occasion_for(office.round))


def listed(office: Office, draw: PoolDraw, units: dict[int, int] | None = None) -> None:
    list_from_draw(channel=office.channel(NEED), draw=draw, units=units or {}, acting_user=office.operator)


def test_firms_are_asked_about_the_units_that_handed_them_in(
    office: Office, django_assert_max_num_queries: Any
) -> None:
    """FC-R13: whom nobody handed in is asked about the unit that the office chooses."""
    draw = drawn_for(office, pool_of(), total=FIRMS)
    assert draws_of(office.round) == [draw]
    HandedInSample.objects.update(is_withdrawn=True)  # the draw keeps what stood at its moment
    with django_assert_max_num_queries(10):
        plan = plan_of(office.channel(NEED), draw)
    assert (len(plan.new), len(plan.unplaced)) == (12, 4)
    assert plan.notes == ["县丙局只有 0 家，不足 2 家"]
    listed(office, draw, {one.drawn.pk: office.row("县丙局") for one in plan.unplaced[:3]})
    found = Interview.objects.order_by("subject__order", "pk")
    counts = {name: found.filter(subject__name=name).count() for name in UNITS}
    assert counts == {"县甲局": 8, "县乙局": 4, "县丙局": 3}
    first = found.filter(subject__name="县乙局")[0]
    assert (first.matter, first.phone[:3]) == ("县乙局的许可", "139")
    assert found.filter(subject__name="县丙局")[0].phone.startswith("0530-555")
    again = plan_of(office.channel(NEED), draw)
    assert (again.new, again.known, len(again.unplaced)) == ([], 12, 1)
    with pytest.raises(Refused, match="没有可以列入名单的企业"):
        listed(office, draw)
    other = pools.drawn_from(draw.pool, 2, "别的用途")
    with pytest.raises(Refused, match="不是为本轮进行的"):
        listed(office, other)


def test_the_reserve_steps_in_for_whom_nobody_reaches(office: Office) -> None:
    """FC-R8: with a reason, about the unit that named the substitute; the protocol can still be verified."""
    draw = drawn_for(office, pool_of())
    listed(office, draw)
    one = Interview.objects.filter(subject__name="县甲局").order_by("pk")[0]
    with pytest.raises(Refused, match="待访问，不能替换"):
        replaced(office, one)
    wrong = Call(outcome="invalid", day=TODAY, half="morning")
    interviews.record_call(interview=one, call=wrong, today=TODAY, now=NOW, acting_user=office.operator)
    with pytest.raises(Refused, match="没有填写替换原因"):
        replaced(office, one, " ")
    new = replaced(office, one, "空号")
    gone = DrawnMember.objects.get(pk=one.drawn_id)
    substitute = gone.replaced_by
    assert substitute is not None
    assert (gone.state, gone.reason, substitute.state) == ("replaced", "空号", "stepped_in")
    assert {each.enterprise for each in new} == {substitute.member.name}
    named = {each.unit.name for each in calling.called(substitute).units}
    subjects = {each.subject.name for each in new}
    assert subjects == ({"县甲局"} if "县甲局" in named or not named else named)
    assert AuditEntry.objects.get(verb="调查对象递补").after["原因"] == "空号"
    assert drawing.faults_of(draw) == []
    with pytest.raises(Refused, match="已在名单中"):
        replaced(office, one, "空号")
    typed = interviews.Listed(office.row("县甲局"), "手填公司", "0530-1")
    interviews.list_enterprises(channel=office.channel(NEED), listed=[typed], acting_user=office.operator)
    by_hand = Interview.objects.get(enterprise="手填公司")
    with pytest.raises(Refused, match="不是抽样产生的"):
        replaced(office, by_hand)


def replaced(office: Office, one: Interview, reason: str = "空号") -> list[Interview]:
    return replace_interview(interview=one, reason=reason, now=NOW, acting_user=office.operator)


def test_a_pool_too_small_or_changed_is_refused_or_named(office: Office) -> None:
    pool = pool_of()
    with pytest.raises(Refused, match="不足13，不能抽取"):
        drawn_for(office, pool, total=FIRMS + 1)
    assert not RoundDraw.objects.exists(), "nothing half written"
    draw = drawn_for(office, pool)
    gone = draw.drawn.filter(is_reserve=False)[0].member
    PoolMember.objects.filter(pk=gone.pk).update(left_on=timezone.localdate(), left_reason="注销", phone="")
    plan = plan_of(office.channel(NEED), draw)
    assert plan.left == [f"{gone.name}：注销"]
    assert gone.name not in {one.enterprise for one in plan.new}
    (said,) = warnings_of(office.round, [draw])
    assert said.startswith("“企业库”在第1次抽样之后有变化（抽取后退出：")
    assert find_occasion("round-0") is None
    assert find_occasion(f"round-{office.round.pk}²") is None


@starts("prepared")
def test_the_list_of_those_who_get_a_slip_names_no_slip(
    county: County, browse: Callable[[str], Client]
) -> None:
    """GY-R3: whoever reads it, and whoever compares it with the database, learns of nobody's slip."""
    pool, client = pools.small_pool(), browse("centre_operator")
    page = f"/office/rounds/{county.round.pk}/draws/"
    assert f"/office/pools/{pool.pk}/draw/?for=round-{county.round.pk}" in client.get(page).content.decode()
    asked = f"/office/pools/{pool.pk}/draw/?for=round-{county.round.pk}&total=10"
    shown = client.get(asked).content.decode()
    assert f'value="{county.round.title}"' in shown
    (list_hash,) = re.findall(r'name="list_hash" value="(\w+)"', shown)
    sent = {
        "title": "发放凭条",
        "total": 10,
        "survey": county.round.survey_id,
        "reserve": "100",
        "first_present": "甲某",
        "second_present": "乙某",
        "list_hash": list_hash,
    }
    led = client.post(asked, sent)
    assert led["Location"] == page
    draw = RoundDraw.objects.get(round=county.round).draw
    slips = sum(sum(kinds.values()) for kinds in county.round.slips_plan.values())
    short = f"已抽取 10 人，只安排了 {slips} 张票"
    assert (short in client.get(page).content.decode()) is (slips < 10)
    assert browse("leading_group").get(page).status_code == 403
    file = f"{page}{draw.pk}/invitations.pdf"
    assert browse("centre_reviewer").post(file).status_code == 403
    assert client.post(file)["Content-Type"] == "application/pdf"
    html = invitations_html(fresh(county.round), list(draw.drawn.select_related("member", "cell__stratum")))
    names = set(draw.drawn.filter(is_reserve=False).values_list("member__name", flat=True))
    assert len(names) == 10
    assert all(name in html for name in names)
    secrets = [(slip.code_hash.hex(), str(slip.pk)) for slip in Slip.objects.all()]
    assert secrets
    assert not [one for pair in secrets for one in pair if one in html]
    related = {
        field.related_model for field in (*DrawnMember._meta.get_fields(), *RoundDraw._meta.get_fields())
    }
    assert not {model for model in related if model and model.__name__ in {"Slip", "SlipBatch", "Ballot"}}


def test_the_protocol_as_a_paper_names_numbers_and_no_firm(office: Office) -> None:
    """FC-R13"""
    draw = drawn_for(office, pool_of())
    body = IssuingBody.objects.create(name="示范县优化营商环境服务中心", code="示营商")
    client = Client()
    client.force_login(office.operator)
    address = f"/office/documents/of/draw/{draw.pk}/draw_protocol/"
    client.post(address, {"body": body.pk, "on": "2026-10-20", "issue": "1"})
    paper = OfficialDocument.objects.get()
    said = str(paper.content)
    for word in (draw.seed, draw.list_hash, "verify_draw", "合计", "在场人"):
        assert word in said, word
    assert not any(firm.name in said for firm in MarketEntity.objects.all())
