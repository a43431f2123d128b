"""The register of consequences: filled from results, decided, served, ended; nothing counted twice."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django.fixtures import Settings

from departments.models import Membership
from evaluations import services
from evaluations.models import Disposition, DispositionEvent, Rectification, Round
from office.errors import Refused
from office.models import AuditEntry, User
from tests.evaluations.county import NOW, County
from tests.evaluations.registers import (
    CENTRE,
    DECIDED,
    ORGANISATION,
    corrected,
    county_with_register,
    decide,
    register_again,
    row,
    serve,
)
from tests.kit.files import own_folders

pytestmark = pytest.mark.django_db
State = Disposition.State
CARD, TALK = "亮黄牌提醒", "诫勉谈话"


@pytest.fixture
def county(db: None, settings: Settings, tmp_path: Path) -> County:
    own_folders(settings, tmp_path)
    settings.DEMO = True
    return county_with_register()


def letter(name: str = "检查.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"%PDF-1.7")


def test_proposals_stand_in_the_register_once_the_appeals_ended(county: County) -> None:
    """YC-R13, YC-R14: each unit and person once for each measure, with every reason, the points once."""
    rows = Disposition.objects.all()
    assert {one.state for one in rows} == {State.PROPOSED}
    keys = [(one.subject_id, one.whom, one.word) for one in rows]
    assert len(keys) == len(set(keys))
    assert [one.points for one in rows.exclude(points=None)] == [Decimal(-10)]
    card = row(CARD, "县甲局")
    assert (card.points, card.because, card.year) == (Decimal(-10), "单位评定为一般", 2026)
    assert row(CARD, "甲副局长").target == "supervisor_of_section"
    assert row(CARD, "甲科员二").because == "本人评定为一般"
    assert row(TALK, "乙副局长").because == "单位评定为不合格"
    assert row("作为年度考核主要参考依据", "乙局长").target == "principal"
    register_again(county)
    assert rows.count() == len(keys), "once more changes nothing"


def test_a_card_of_the_year_is_decided_served_and_lapses_with_the_year(county: County) -> None:
    """YC-R13"""
    cards = list(Disposition.objects.filter(word=CARD, subject__name="县甲局"))
    decided = decide(county, *cards, number="示营商[2026] 3 号")
    assert {one.number for one in decided} == {"示营商〔2026〕3号"}
    serve(county, *cards)
    card = row(CARD, "县甲局")
    assert (card.state, card.effect_until) == (State.IN_FORCE, date(2026, 12, 31))
    assert card in Disposition.objects.in_force_on(date(2026, 12, 31))
    new_year = date(2027, 1, 1)
    assert card not in Disposition.objects.in_force_on(new_year)
    [now] = Disposition.objects.on(new_year).filter(pk=card.pk)
    assert now.state_now == State.LAPSED, "by the day, although no job has run"
    assert services.follow_the_calendar(now=NOW, today=new_year) == len(cards)
    assert services.follow_the_calendar(now=NOW, today=new_year) == 0
    assert row(CARD, "县甲局").state == State.LAPSED
    assert AuditEntry.objects.filter(verb="处置期满", actor=None).count() == len(cards)


def test_a_talk_has_effect_for_six_months_and_asks_for_two_papers(county: County) -> None:
    """YC-R14: 诫勉 on 31 August ends with February; 书面检查 in five working days."""
    Round.objects.update(appeals_until=date(2026, 8, 20))
    day = date(2026, 8, 31)
    talk = row(TALK, "乙副局长")
    others = [row(word, "乙副局长") for word in ("通报批评", "岗位调整")]
    decide(county, talk, body=ORGANISATION, number="示组〔2026〕5号", decided_on=day, instead_of=others)
    assert {row(one.word, "乙副局长").state for one in others} == {State.SET_ASIDE}
    serve(county, talk, day=day)
    talk.refresh_from_db()
    assert talk.effect_until == date(2027, 2, 28)
    assert Disposition.objects.in_force_on(date(2027, 2, 28)).get() == talk
    assert not Disposition.objects.in_force_on(date(2027, 3, 1)).exists()
    papers = list(talk.papers.order_by("pk"))
    due = {paper.label: paper.due_on for paper in papers}
    assert due == {"书面检查": date(2026, 9, 7), "整改情况书面报告": date(2027, 3, 1)}
    reviewer = county.users["department_reviewer"]
    with pytest.raises(Refused, match="须由部门审核人员提交"):
        services.hand_in_paper(
            paper=papers[0], file=letter(), now=NOW, acting_user=county.users["department_officer"]
        )
    for paper in papers:
        services.hand_in_paper(paper=paper, file=letter(), now=NOW, acting_user=reviewer)
    check: dict[str, Any] = {"now": NOW, "today": day, "acting_user": county.users["inspectorate"]}
    with pytest.raises(Refused, match="没有写明意见"):
        services.check_paper(paper=papers[0], accepted=False, opinion=" ", **check)
    services.check_paper(paper=papers[0], accepted=False, opinion="没有签名", **check)
    services.hand_in_paper(paper=papers[0], file=letter("签名.pdf"), now=NOW, acting_user=reviewer)
    for paper in papers:
        services.check_paper(paper=paper, accepted=True, opinion="", **check)
    talk.refresh_from_db()
    assert (talk.state, talk.fulfilled_on) == (State.FULFILLED, day)
    services.follow_the_calendar(now=NOW, today=date(2027, 3, 1))
    talk.refresh_from_db()
    assert talk.state == State.LAPSED
    acts = talk.events.order_by("pk").values_list("act", flat=True)
    assert [acts[0], acts[1], acts[2], acts[len(acts) - 1]] == ["proposed", "decided", "served", "lapsed"]
    with pytest.raises(TypeError):
        talk.events.latest("pk").save()


def test_a_corrected_result_withdraws_a_card_with_its_points_and_a_second_proposes_it_anew(
    county: County,
) -> None:
    """YC-R13: points are never counted twice; what was fulfilled is flagged until somebody restores it."""
    card = row(CARD, "县甲局")
    aside = row(CARD, "甲副局长")
    decide(county, card)
    serve(county, card)
    fulfilled = partial(services.fulfil, disposition=card, fulfilled_on=DECIDED, now=NOW, today=DECIDED)
    with pytest.raises(Refused, match="整改还没有全部销号"):
        fulfilled(acting_user=county.reviewer)
    Rectification.objects.update(state=Rectification.State.CLOSED)
    fulfilled(acting_user=county.reviewer)
    services.set_aside(
        dispositions=[row(TALK, "乙副局长")], reason="改作提醒", now=NOW, acting_user=county.reviewer
    )
    corrected(county, "甲科员一")
    card.refresh_from_db()
    aside.refresh_from_db()
    assert (card.state, card.restore_flagged, aside.state) == (State.WITHDRAWN, True, State.WITHDRAWN)
    assert aside.restore_flagged is False
    assert row(TALK, "乙副局长").state == State.SET_ASIDE, "still proposed, still set aside"
    standing = Disposition.objects.exclude(state=State.WITHDRAWN).exclude(points=None)
    assert not standing.exists()
    services.note_restored(disposition=card, text="评优资格已恢复", now=NOW, acting_user=county.reviewer)
    with pytest.raises(Refused, match="没有等待恢复"):
        services.note_restored(disposition=card, text="再次", now=NOW, acting_user=county.reviewer)
    corrected(county, "甲科长")
    anew = row(CARD, "县甲局")
    assert (anew.state, anew.points, standing.count()) == (State.PROPOSED, Decimal(-10), 1)
    assert anew.register_serial > card.register_serial
    with pytest.raises(Refused, match="已用于"):
        decide(county, anew, decided_on=DECIDED + timedelta(days=1))


def test_what_its_body_lifted_is_not_proposed_again(county: County) -> None:
    talk = row(TALK, "乙科长")
    decide(county, talk, body=ORGANISATION, number="示组〔2026〕6号")
    serve(county, talk)
    lift: dict[str, Any] = {
        "disposition": talk,
        "body": ORGANISATION,
        "lifted_on": DECIDED,
        "reason": "认定有误",
        "now": NOW,
        "today": DECIDED,
        "acting_user": county.leader,
    }
    with pytest.raises(Refused, match="已用于这项决定本身"):
        services.lift(**lift, number="示组〔2026〕6号")
    with pytest.raises(Refused, match="不能撤销、解除"):
        services.lift(**lift | {"body": CENTRE}, number="示组〔2026〕7号")
    lifted = services.lift(**lift, number="示组〔2026〕7号")
    assert (lifted.state, lifted.restore_flagged) == (State.WITHDRAWN, True)
    before = Disposition.objects.count()
    register_again(county)
    assert Disposition.objects.count() == before
    card = row(CARD, "县甲局")
    decide(county, card)
    with pytest.raises(Refused, match="考核分只随更正后的结果撤回"):
        services.lift(**lift | {"disposition": card, "body": CENTRE}, number="示营商〔2026〕8号")


BAD_DECISIONS: dict[str, tuple[dict[str, Any], str]] = {
    "no number": ({"number": " "}, "没有填写文号"),
    "no brackets": ({"number": "示营商2026-1"}, "不是完整的文号"),
    "leading zero": ({"number": "示营商〔2026〕01号"}, "不编虚位"),
    "ordinal": ({"number": "示营商〔2026〕第1号"}, "不加“第”字"),
    "year to come": ({"number": "示营商〔2027〕1号"}, "年份晚于"),
    "other body": ({"body": "县财政局"}, "县财政局没有这项权限"),
    "no body": ({"body": ""}, "没有写明决定机关"),
    "before the end of appeals": ({"decided_on": date(2026, 10, 19)}, "在申诉期结束之前"),
    "to come": ({"decided_on": date(2026, 10, 22), "today": DECIDED}, "晚于今天"),
    "effect backwards": ({"effect_until": date(2026, 10, 1)}, "截止日早于起始日"),
    "effect for ever": ({"effect_from": date(9999, 12, 31)}, "影响期晚于2099年"),
    "effect before": ({"effect_from": date(2026, 10, 1)}, "影响期早于决定日期"),
}


@pytest.mark.parametrize(("changes", "why"), BAD_DECISIONS.values(), ids=BAD_DECISIONS)
def test_a_bad_decision_is_refused_in_words(county: County, changes: dict[str, Any], why: str) -> None:
    with pytest.raises(Refused, match=why):
        decide(county, row(CARD, "县甲局"), **changes)
    assert not Disposition.objects.exclude(state=State.PROPOSED).exists()


def test_who_may_not_decide_and_what_is_too_late_or_too_early(county: County) -> None:
    card, talk = row(CARD, "县甲局"), row(TALK, "乙副局长")
    with pytest.raises(Refused, match="没有这项操作的权限"):
        decide(county, card, by=county.operator)
    Membership.objects.create(user=county.leader, department=card.department)
    with pytest.raises(Refused, match="涉及您所在的单位"):
        decide(county, card, by=county.leader)
    with pytest.raises(Refused, match="还没有决定，不能送达"):
        serve(county, card)
    by_others = {"body": "县委办公室", "authority": "县委授权（示委〔2026〕2号）"}
    assert decide(county, talk, number="示委办〔2026〕1号", **by_others)[0].authority
    decide(county, card)
    with pytest.raises(Refused, match="目前为“已决定”"):
        decide(county, card)
    with pytest.raises(Refused, match="已用于“亮黄牌提醒”"):
        decide(county, row("通报批评", "乙科长"), authority="县政府授权")
    Round.objects.update(state=Round.State.PUBLISHED, correction_decision="示政办〔2026〕9号")
    with pytest.raises(Refused, match="正在更正"):
        decide(county, row(CARD, "甲副局长"), number="示营商〔2026〕2号")
    with pytest.raises(Refused, match="正在更正，不能送达"):
        serve(county, card)
    Round.objects.update(state=Round.State.SERVED, correction_decision="")
    with pytest.raises(Refused, match="申诉期没有结束"):
        decide(county, row(CARD, "甲副局长"), number="示营商〔2026〕2号")


BAD_SERVICES: dict[str, tuple[dict[str, Any], str]] = {
    "before the decision": ({"served_on": DECIDED - timedelta(days=1)}, "早于登记号"),
    "to come": ({"served_on": DECIDED + timedelta(days=1)}, "晚于今天"),
    "nobody received": ({"way": "hand"}, "没有写明签收人"),
    "left without witness": ({"way": "left", "refusal": "拒绝签字"}, "拒收事由和见证人"),
    "no way": ({"way": "pigeon"}, "没有选择送达方式"),
}


def test_a_bad_service_is_refused_and_one_left_behind_needs_no_receipt(county: County) -> None:
    card = row(CARD, "县甲局")
    decide(county, card)
    for changes, why in BAD_SERVICES.values():
        with pytest.raises(Refused, match=why):
            serve(county, card, **changes)
    with pytest.raises(Refused, match="还没有送达，不能登记履行"):
        services.fulfil(
            disposition=card, fulfilled_on=DECIDED, now=NOW, today=DECIDED, acting_user=county.reviewer
        )
    serve(county, card, way="left", refusal="拒绝签字", witness="社区干部")
    card.refresh_from_db()
    card.state = State.LAPSED
    assert card.waits_for_receipt is False
    assert "见证人：社区干部" in DispositionEvent.objects.filter(disposition=card).latest("pk").text


def test_priority_of_the_excellent_is_proposed_and_recorded(county: County) -> None:
    """YC-R12"""
    one = row("同等条件下优先培养、提拔重用", "甲科长")
    assert one.because == "本人评定为优秀"
    decide(county, one, body=ORGANISATION, number="示组〔2026〕9号")
    serve(county, one)
    services.fulfil(
        disposition=one, fulfilled_on=DECIDED, now=NOW, today=DECIDED, acting_user=county.reviewer
    )
    one.refresh_from_db()
    assert (one.state, one.effect_until) == (State.FULFILLED, None)


def test_a_card_decided_after_its_year_counts_for_it_and_is_signed_for(county: County) -> None:
    """YC-R13: its points are those of the round's year; its effect is over when it is served."""
    day = date(2027, 1, 11)
    card = row(CARD, "县甲局")
    decide(county, card, number="示营商〔2027〕1号", decided_on=day)
    serve(county, card, day=day)
    card.refresh_from_db()
    assert (card.state, card.effect_in_words) == (State.LAPSED, "已随2026年度终了失效")
    assert (card.year, card.waits_for_receipt) == (2026, True)
    assert not Disposition.objects.in_force_on(day).exists()
    Membership.objects.update(department=card.department)
    officer = User.objects.get(role="department_officer")
    signed = services.receive(disposition=card, now=NOW, today=day, acting_user=officer)
    assert (signed.received_on, signed.waits_for_receipt) == (day, False)


def test_what_was_put_right_before_it_was_served_is_fulfilled_with_the_service(county: County) -> None:
    """YC-R13"""
    card = row(CARD, "县甲局")
    decide(county, card)
    Rectification.objects.update(state=Rectification.State.CLOSED)
    serve(county, card)
    card.refresh_from_db()
    assert card.state == State.FULFILLED
