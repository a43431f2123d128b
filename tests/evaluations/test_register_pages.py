"""The register's pages, from a bad grade to a talk that is over; who sees what of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from departments.models import Membership, Notice
from evaluations import services
from evaluations.models import Disposition
from evaluations.results.certainty import certainty_of
from evaluations.rounds.subject_keys import department_key
from tests.evaluations.county import NOW, County
from tests.evaluations.pages import said
from tests.evaluations.registers import CENTRE, ORGANISATION, county_with_register, decide, row, serve
from tests.kit.files import first_sheet, own_folders

pytestmark = pytest.mark.django_db
REGISTER = "/office/rounds/consequences/"
TALK, CARD = "诫勉谈话", "亮黄牌提醒"
Browse = Callable[[str], Client]


def cells(content: bytes) -> list[tuple[object, ...]]:
    return list(first_sheet(content).iter_rows(values_only=True))


@pytest.fixture
def county(db: None, settings: Settings, tmp_path: Path) -> County:
    own_folders(settings, tmp_path)
    settings.DEMO = True
    return county_with_register()


@pytest.fixture
def browse(county: County) -> Browse:
    def signed_in(role: str) -> Client:
        client = Client()
        client.force_login(county.users[role])
        return client

    return signed_in


def test_from_a_bad_grade_to_a_talk_that_is_over(county: County, browse: Browse) -> None:
    """YC-R14: proposed, decided, served, signed for, papers, fulfilled, lapsed; all on pages."""
    today = timezone.localdate()
    talk, criticism, transfer = (row(word, "乙副局长") for word in (TALK, "通报批评", "岗位调整"))
    reviewer, inside = browse("centre_reviewer"), browse("inspectorate")
    own, officer = browse("department_reviewer"), browse("department_officer")
    assert "项处置待决定" in said(reviewer, "/office/")
    assert "待决定" in said(reviewer, f"{county.pages}").partition("<h2>处置</h2>")[2]
    listed = said(reviewer, f"{REGISTER}?kind=talk&state=proposed")
    assert f">{talk.register_number}</a>" in listed
    assert f">{row(CARD, '县甲局').register_number}</a>" not in listed
    form = said(reviewer, f"{REGISTER}decide/?chosen={talk.pk}")
    assert "影响期六个月" in form
    assert criticism.register_number in form
    sent: dict[str, object] = {
        "chosen": talk.pk,
        "body": ORGANISATION,
        "number": f"示组〔{today.year}〕05号",
        "decided_on": today.isoformat(),
        "instead_of": [criticism.pk, transfer.pk],
    }
    assert f"请写作“示组〔{today.year}〕5号”" in said(reviewer, f"{REGISTER}decide/", sent)
    page = said(reviewer, f"{REGISTER}decide/", sent | {"number": f"示组〔{today.year}〕5号"})
    assert "已登记决定，共1项" in page
    assert {row(one.word, "乙副局长").state for one in (criticism, transfer)} == {"set_aside"}
    assert "没有送达本单位的处置决定" in said(own, f"{REGISTER}own/")
    served = {"chosen": talk.pk, "way": "system", "served_on": today.isoformat()}
    assert "已登记送达，共1项" in said(reviewer, f"{REGISTER}serve/", served)
    assert f"待签收：处置决定：示组〔{today.year}〕5号" in said(own, "/office/")
    assert TALK in said(own, Notice.objects.get().url), "the notice leads to the unit's own page"
    assert "待签收" not in said(officer, "/office/"), "persons' decisions are told to the reviewer alone"
    assert "已签收" in said(own, f"{REGISTER}own/", {"receive": talk.pk})
    assert "待签收" not in said(own, "/office/")
    told = said(officer, f"{REGISTER}own/")
    assert TALK not in told, "the officer reads nothing about a person"
    first, last = talk.papers.order_by("pk")
    file = SimpleUploadedFile("书面检查.pdf", b"%PDF-1.7")
    assert "已提交，等待核收" in said(own, f"{REGISTER}own/", {"paper": first.pk, "file": file})
    assert officer.get(f"{REGISTER}papers/{first.pk}/").status_code == 403
    assert inside.get(f"{REGISTER}papers/{first.pk}/")["Content-Disposition"].startswith("attachment")
    here = f"{REGISTER}{talk.pk}/"
    assert "退回没有写明意见" in said(inside, here, {"act": "return", "paper": first.pk})
    spoilt = {"act": "return", "paper": first.pk, "opinion": "补\x00正"}
    assert "待核收" in said(inside, here, spoilt), "no database takes a NUL"
    assert "已核收" in said(inside, here, {"act": "accept", "paper": first.pk})
    file.seek(0)
    said(own, f"{REGISTER}own/", {"paper": last.pk, "file": file})
    page = said(reviewer, here, {"act": "accept", "paper": last.pk})
    assert "<strong>已履行</strong>" in page
    assert "单位评定为不合格" in page
    assert f"{county.pages}result/{talk.department_id}/" in page
    services.follow_the_calendar(now=NOW, today=today + timedelta(days=200))
    assert "<strong>已期满</strong>" in said(reviewer, here)


def test_persons_are_seen_by_few_and_nobody_handles_their_own_unit(county: County, browse: Browse) -> None:
    talk, card = row(TALK, "乙副局长"), row(CARD, "县甲局")
    operator = browse("centre_operator")
    listed = said(operator, REGISTER)
    assert "乙副局长" not in listed
    assert "涉及个人的事项不在此列出" in listed
    assert operator.get(f"{REGISTER}{talk.pk}/").status_code == 404
    assert operator.get(f"{REGISTER}{card.pk}/").status_code == 200
    assert "乙副局长" not in "".join(map(str, cells(operator.get(f"{REGISTER}register.xlsx").content)))
    names = cells(browse("inspectorate").get(f"{REGISTER}register.xlsx").content)
    assert any("乙副局长" in line for line in names)
    decide(county, talk, body=ORGANISATION, number="示组〔2026〕5号")
    decide(county, card)
    serve(county, talk, card)
    assert "另有 1 项涉及个人的处置已送达" in said(browse("department_officer"), f"{REGISTER}own/")
    assert CARD not in said(browse("department_reviewer"), f"{REGISTER}own/"), "of another unit"
    for role in ("department_reviewer", "town_organizer", "administrator", "paper_clerk"):
        assert browse(role).get(REGISTER).status_code == 403
    assert Client().get(REGISTER).status_code == 302


def test_the_list_is_filtered_and_what_is_withdrawn_after_service_asks_for_more(
    county: County, browse: Browse
) -> None:
    leader = browse("leading_group")
    talk = row(TALK, "乙科长")
    decide(county, talk, body=ORGANISATION, number="示组〔2026〕5号")
    serve(county, talk)
    assert talk.register_number in said(leader, f"{REGISTER}?overdue=1"), "five working days are over"
    assert "没有符合筛选条件的事项" in said(leader, f"{REGISTER}?year=1999")
    assert said(leader, f"{REGISTER}?state=x&kind=y&unit=z&round=99&page=77&scheme=q&mine=1")
    lift = {
        "act": "lift",
        "lift-body": ORGANISATION,
        "lift-number": "示组〔2026〕6号",
        "lift-lifted_on": talk.decided_on or "2026-10-21",
        "lift-reason": "认定有误",
    }
    page = said(leader, f"{REGISTER}{talk.pk}/", lift)
    assert "已登记撤销、解除" in page
    assert "须由决定机关恢复原状" in page
    assert "1 项处置生效后被撤销，须恢复" in said(leader, "/office/")
    restored = {"act": "restore", "restore-text": "评优资格已恢复"}
    assert "已登记恢复情况" in said(leader, f"{REGISTER}{talk.pk}/", restored)
    assert "须恢复" not in said(leader, "/office/")
    aside = {"chosen": row(CARD, "县甲局").pk, "aside": "1", "aside-reason": "另案处理"}
    assert "已注明不予实施，共1项" in said(leader, f"{REGISTER}decide/", aside)
    assert "没有选择待决定的事项" in said(leader, f"{REGISTER}decide/?chosen=abc")


def test_a_long_register_is_folded_by_unit(
    county: County, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    leader = browse("leading_group")
    monkeypatch.setattr("evaluations.consequences.views.SEEN_AT_ONCE", 1000)
    assert 'by-unit" open><summary>' in said(leader, REGISTER), "a short one is all in view"
    monkeypatch.setattr("evaluations.consequences.views.SEEN_AT_ONCE", 0)
    units = [one.name for one in county.departments]
    assert re.findall(r'by-unit"><summary><strong>(.*?)</strong>', said(leader, REGISTER)) == units
    one = said(leader, f"{REGISTER}?unit={county.departments[1].pk}")
    assert re.findall(r'by-unit" open><summary><strong>(.*?)</strong>', one) == units[1:2]


def test_a_round_that_ended_under_an_earlier_version_is_registered_by_a_button(
    county: County, browse: Browse
) -> None:
    count = Disposition.objects.count()
    operator = browse("centre_operator")
    act = f"{county.pages}do/register-consequences/"
    assert act not in said(operator, county.pages)
    for related in ("events", "papers"):
        getattr(Disposition, related).rel.related_model.objects.all().delete()
    Disposition.objects.all().delete()
    Membership.objects.filter(user=county.operator).delete()
    assert act in said(operator, county.pages)
    assert "已登记处置建议" in said(operator, act, {})
    assert Disposition.objects.count() == count
    assert {one.body for one in Disposition.objects.all()} == {""}
    assert CENTRE not in said(operator, REGISTER)


def test_before_it_is_decided_the_register_says_whose_grade_is_near_a_boundary(
    county: County, browse: Browse
) -> None:
    """YC-R13 YC-R14: a card that another ten voters might not have given; once decided it is decided."""
    sure = certainty_of(services.current_result(county.round))
    card = row(CARD, "县甲局")
    assert sure[department_key(card.department_id)].steady is False

    def line() -> str:
        page = said(browse("leading_group"), f"{REGISTER}?whom=县甲局")
        (found,) = [one for one in page.split("<tr") if f"/{card.pk}/" in one]
        return found

    assert "接近界线" in line()
    deciding = said(browse("centre_reviewer"), f"{REGISTER}decide/?chosen={card.pk}")
    assert "全部评价：接近界线" in deciding
    assert "公示：接近界线" in deciding
    decide(county, card)
    assert "接近界线" not in line()
