"""From a bad grade to a year that is over, on the pages: what leaves a round, all the way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from departments.models import Department, Membership, Notice, StaffMember
from evaluations import services
from evaluations.account import answering, queries
from evaluations.models import Appeal, Disposition, Rectification
from office.models import Holiday
from tests.evaluations.county import NOW, County, fresh
from tests.evaluations.pages import said
from tests.evaluations.rectified import evidence
from tests.evaluations.registers import CENTRE, corrected, county_with_register, row
from tests.kit.files import own_folders

pytestmark = pytest.mark.django_db
REGISTER, RECTIFY = "/office/rounds/consequences/", "/office/rounds/rectifications/"
CARD = "亮黄牌提醒"
Browse = Callable[[str], Client]


@pytest.fixture
def county(db: None, settings: Settings, tmp_path: Path) -> County:
    own_folders(settings, tmp_path)
    settings.DEMO = True
    county = county_with_register()
    Holiday.objects.get_or_create(day=date(timezone.localdate().year, 1, 1), defaults={"name": "元旦"})
    Membership.objects.update(department=Department.objects.get(name="县甲局"))
    return county


@pytest.fixture
def browse(county: County) -> Browse:
    def signed_in(role: str) -> Client:
        client = Client()
        client.force_login(county.users[role])
        return client

    return signed_in


def test_a_card_from_the_grade_to_the_end_of_its_year(county: County, browse: Browse) -> None:
    """YC-R13, YC-R14: appealed, corrected, withdrawn, given anew, put right, fulfilled, lapsed, accounted."""
    first = row(CARD, "县甲局")
    an_appeal_is_upheld_and_corrected(county, browse)
    first.refresh_from_db()
    assert first.state == "withdrawn"
    assert not queries_points(2026)
    corrected(county, "甲科长")
    card = row(CARD, "县甲局")
    assert card.register_serial > first.register_serial
    it_is_decided_and_served(card, browse)
    it_is_put_right(card, county, browse)
    card.refresh_from_db()
    today = timezone.localdate()
    assert card.fulfilled_on == today, "with the last item closed"
    assert card.events.filter(act="fulfilled", by=county.reviewer).count() == 1
    after_the_year = date(max(today.year, 2026) + 1, 1, 1)
    services.follow_the_calendar(now=NOW, today=after_the_year)
    assert "<strong>已期满</strong>" in said(browse("centre_reviewer"), f"{REGISTER}{card.pk}/")
    assert queries_points(2026) == Decimal(-10), "once, though the card was proposed twice"
    asked = answering.Request(card.department, None, "县委组织部", "示例人", "评优征求意见", after_the_year)
    found = answering.would_answer(asked)
    assert [len(rows) for rows in found.values()] == [0, 1, 0], "answered as lapsed, the withdrawn one not"


def queries_points(year: int) -> Decimal:
    return next(one.points.counted for one in queries.units_in(year) if one.name == "县甲局")


def an_appeal_is_upheld_and_corrected(county: County, browse: Browse) -> None:
    """The correction of a published round is served, appealed against in its days, and corrected again."""
    today = timezone.localdate()
    round_ = county.mark_published(fresh(county.round))
    services.begin_correction(
        round=round_, reason="名单有误", decision="示政办〔2026〕9号", acting_user=county.operator
    )
    county.withdraw(fresh(round_), "乙科员一", "已调离")
    round_ = county.sign_off(county.compute(fresh(round_), "更正名单"))
    services.serve_round(round=round_, today=today, acting_user=county.operator)
    unit = round_.departments.get(name="县甲局")
    files = [SimpleUploadedFile("原始记录.pdf", b"%PDF-1.7")]
    sent = {"round_department": unit.pk, "text": "一人已借调，请复核。", "papers": files}
    assert "已登记申诉" in said(browse("department_officer"), f"{county.pages}appeals/", sent)
    appeal = Appeal.objects.get()
    here = f"/office/rounds/appeals/{appeal.pk}/"
    page = said(browse("centre_reviewer"), here)
    assert "审定结果的人员不能复核对该结果的申诉。可以由leading_group复核。" in page
    decision = {"outcome": "changed", "findings": "查明借调在外", "decision": "情况属实"}
    assert "已复核" in said(browse("leading_group"), here, decision)
    county.withdraw(fresh(round_), "甲科员一", "借调在外")
    round_ = county.sign_off(county.compute(fresh(round_), "采纳申诉"))
    services.serve_round(round=round_, today=today, acting_user=county.operator)
    ended = {"waiver_decision": "示政办〔2026〕12号"}
    page = said(browse("centre_operator"), f"{county.pages}do/end-appeals/", ended)
    assert "申诉期已结束" in page
    county.round = fresh(round_)


def it_is_decided_and_served(card: Disposition, browse: Browse) -> None:
    today = timezone.localdate().isoformat()
    reviewer, officer = browse("centre_reviewer"), browse("department_officer")
    paper = f"/office/documents/of/disposition/{card.pk}/"
    assert "还没有登记决定机关、决定文号和日期" in said(reviewer, paper)
    sent = {"chosen": card.pk, "body": CENTRE, "number": "示营商〔2026〕21号", "decided_on": today}
    assert "已登记决定，共1项" in said(reviewer, f"{REGISTER}decide/", sent)
    assert f"{paper}card_notice/" in said(reviewer, paper)
    served = {"chosen": card.pk, "way": "system", "served_on": today}
    assert "已登记送达，共1项" in said(reviewer, f"{REGISTER}serve/", served)
    assert "待签收：处置决定：示营商〔2026〕21号" in said(officer, "/office/")
    notice = Notice.objects.get(source="disposition", source_key=str(card.pk))
    officer.post(f"/office/notices/{notice.pk}/sign/")
    card.refresh_from_db()
    assert str(card.received_on) == today, "signing the notice signs the decision"


def it_is_put_right(card: Disposition, county: County, browse: Browse) -> None:
    one = Rectification.objects.get(disposition=card)
    own = f"{RECTIFY}{one.pk}/"
    centre, checks, unit = browse("centre_operator"), browse("centre_reviewer"), browse("department_officer")
    said(centre, own, {"problems": 1, "problem": "窗口午间无人值守", "source": "暗访记录"})
    item = one.items.get()
    task = f"{RECTIFY}items/{item.pk}/"
    leader, person = (StaffMember.objects.get(name=name) for name in ("甲局长", "甲科员二"))
    plan = {"plan": 1, "measures": "增设午间窗口", "goal": "随到随办", "leader": leader.pk}
    plan |= {"person": person.pk, "due_on": (one.notice_on + timedelta(days=10)).isoformat()}
    said(unit, task, plan)
    assert "已报送整改方案" in said(unit, own, {"hand_in": 1})
    assert "已同意整改方案" in said(checks, own, {"accept": 1, "accept-opinion": "同意"})
    said(unit, task, {"progress": 1, "progress-text": "已增设"})
    said(unit, task, {"evidence": 1, "evidence-file": evidence(), "evidence-note_text": ""})
    assert "已申请销号" in said(unit, task, {"ask": 1})
    fulfil = {"act": "fulfil", "fulfil-fulfilled_on": timezone.localdate().isoformat()}
    assert "整改还没有全部销号" in said(checks, f"{REGISTER}{card.pk}/", fulfil)
    assert "已核验销号" in said(checks, task, {"check": "close", "check-opinion": "属实"})
