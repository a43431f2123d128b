"""The papers on one decision: refused before its number, what each holds, read back from both files."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from departments.models import Notice
from evaluations.models import Disposition, Rectification
from evaluations.rectification import chasing
from office.models import User
from reports.documents import services
from reports.models import IssuingBody, OfficialDocument
from tests.evaluations.pages import said
from tests.evaluations.rectified import LAST, Rectified, at, rectified_county
from tests.evaluations.registers import county_with_register, decide
from tests.kit.files import own_folders
from tests.reports.test_documents_pages import files, filled

pytestmark = pytest.mark.django_db
NOT_YET = "还没有登记决定机关、决定文号和日期"
OFFICE = "示范县优化营商环境工作领导小组办公室"
OF = "/office/documents/of"


@pytest.fixture(autouse=True)
def body(db: None, settings: Settings, tmp_path: Path) -> IssuingBody:
    own_folders(settings, tmp_path)
    settings.DEMO = True
    return IssuingBody.objects.create(name=OFFICE, code="示营商办", red_head=True)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def issue(client: Client, address: str, **answers: str) -> OfficialDocument:
    body = str(IssuingBody.objects.get().pk)
    page = said(client, address)
    said(client, address, filled(page, body=body, on="2026-10-26", issue="1", **answers))
    return OfficialDocument.objects.latest("pk")


def holds(client: Client, document: OfficialDocument, *wanted: str) -> None:
    """Both files hold the words, wherever their lines break."""
    for text in files(client, document):
        plain = "".join(text.split())
        for one in wanted:
            assert "".join(one.split()) in plain, (one, text)


@pytest.mark.parametrize(
    ("kind", "word", "answers", "wanted"),
    [
        (
            "inquiry",
            "诫勉谈话",
            {"questions": "窗口为何长期无人？"},
            ("函询通知书", "窗口为何长期无人？", "由本人书面答复", "可以再次函询", "2026年11月11日前"),
        ),
        (
            "talk_record",
            "诫勉谈话",
            {"talker": "王副部长", "recorder": "李干事", "time": "2026年10月28日", "place": "二楼会议室"},
            (
                "诫勉谈话记录",
                "谈话对象",
                "职务",
                "王副部长",
                "李干事",
                "2026年10月28日",
                "二楼会议室",
                "谈话事由",
                "谈话内容",
                "本人说明",
                "整改措施和承诺",
                "抄送谈话对象所在单位主要负责人",
            ),
        ),
        (
            "circular_on_unit",
            "通报批评",
            {"facts": "不公示办理流程。", "demands": "各单位引以为戒。"},
            ("通报批评的决定", "各参评单位", "不公示办理流程。", "各单位引以为戒。", "条款七"),
        ),
    ],
)
def test_a_paper_on_a_person_is_refused_before_the_decision_has_its_number(
    kind: str, word: str, answers: dict[str, str], wanted: tuple[str, ...]
) -> None:
    """YC-R14: inquiry, talk, circular."""
    county = county_with_register()
    found = Disposition.objects.filter(word=word).exclude(person_name="").first()
    assert found is not None
    client = signed_in(county.reviewer)
    address = f"{OF}/disposition/{found.pk}/{kind}/"
    assert NOT_YET in said(client, address)
    said(client, address, {"issue": "1", "body": str(IssuingBody.objects.get().pk), "on": "2026-10-26"})
    assert not OfficialDocument.objects.exists()
    decide(county, found, body="县委组织部", number="示组〔2026〕7号")
    document = issue(client, address, **answers)
    assert document.concerns_person
    assert document.number == "示营商办〔2026〕1号"
    holds(client, document, *wanted, found.person_name, "示组〔2026〕7号", document.number)
    if kind == "inquiry":
        again = issue(client, address, **answers)
        assert "再次函询" in again.title


@pytest.fixture
def county() -> Rectified:
    return rectified_county()


def test_the_notice_lists_the_problems_of_the_rectification(county: Rectified) -> None:
    """GY-R9"""
    client = signed_in(county.reviewer)
    address = f"{OF}/disposition/{county.disposition.pk}/rectification_notice/"
    assert NOT_YET in said(client, address)
    one = county.begin()
    assert "还没有列出整改问题" in said(client, address)
    first, _ = county.list_problems(one, "窗口排队时间长", "一次性告知不到位")
    county.plan([first], date(2026, 6, 9))
    document = issue(client, address)
    holds(
        client,
        document,
        f"关于{LAST}限期整改的通知书",
        "示政务〔2026〕8号",
        "窗口排队时间长",
        "检查记录",
        "逐项整改",
        "乙县长（副县长）、乙主任（主任）",
        "2026年6月9日",
        "一次性告知不到位",
        "由责任单位在整改方案中提出",
        "2026年6月22日",
        "由责任人以外的人员凭佐证材料逐项核验",
        "逾期满3个工作日没有完成的，予以督办；满10个工作日仍没有完成的，提交领导小组处理",
    )
    assert document.unit == county.unit


def test_the_sheets_of_a_chase_rest_on_what_was_done(county: Rectified) -> None:
    """GY-R9: nothing is printed as assigned or supervised that nobody chased or supervised."""
    one = county.under_way(days=10)
    client = signed_in(county.reviewer)
    page = said(client, f"{OF}/rectification/{one.pk}/")
    assert "还没有登记催办" in page
    assert "还没有登记督办" in page
    step(county, chasing.chase, one, "2026-06-01 10:00", "三日内报进展")
    Notice.objects.filter(source="rectification", source_key__startswith=f"{one.pk}-chased").update(
        received_by=county.officer, received_at=at("2026-06-01 15:00")
    )
    sheet = issue(client, f"{OF}/rectification/{one.pk}/assignment_sheet/", until="2026年6月4日17:00前")
    parts = ("交办单", "等级", "领导批示", "签收人", "2026年6月1日 15:00", "办理结果", "佐证材料", "办结时间")
    holds(client, sheet, *parts, "1. 窗口排队时间长", "三日内报进展", LAST, OFFICE, "示政务〔2026〕8号")
    assert "还没有登记督办" in said(client, f"{OF}/rectification/{one.pk}/supervision_sheet/")
    step(county, chasing.supervise, one, "2026-06-12 10:00", "立即整改")
    sheet = issue(client, f"{OF}/rectification/{one.pk}/supervision_sheet/", until="2026年6月15日17:00前")
    holds(client, sheet, "督办单", "督办单位", "督办事项", "立即整改", "2026年6月15日17:00前")


def step(county: Rectified, act: Callable[..., None], one: Rectification, moment: str, text: str) -> None:
    act(rectification=one, text=text, now=at(moment), acting_user=county.operator)


def test_a_unit_finds_its_paper_and_signs_for_it(county: Rectified) -> None:
    """GY-R9: the receipt says who signed inside, and when."""
    one = county.begin()
    county.list_problems(one, "窗口排队时间长")
    Disposition.objects.filter(pk=county.disposition.pk).update(served_on=date(2026, 5, 21))
    client, unit = signed_in(county.reviewer), signed_in(county.officer)
    document = issue(client, f"{OF}/disposition/{county.disposition.pk}/rectification_notice/")
    own = f"/office/documents/{document.pk}/"
    assert "已发送，等待单位签收" in said(client, own, {"send": "1"})
    assert f"{OF}/disposition/{county.disposition.pk}/" in said(unit, reverse("cockpit:register-own"))
    assert document.number in said(unit, f"{OF}/disposition/{county.disposition.pk}/")
    assert document.number in said(unit, "/office/documents/")
    notice = Notice.objects.get(source="document")
    assert notice.url == own
    assert "签收</button>" in said(unit, own)
    unit.post(f"/office/notices/{notice.pk}/sign/")
    page = said(client, own)
    assert f"{county.officer}于" in page
    assert "签收</button>" not in said(unit, own)
    slip = issue(client, f"{OF}/document/{document.pk}/receipt/", whom=LAST)
    holds(client, slip, "■系统", f"由{county.officer}在系统内签收", document.number)
    assert signed_in(county.users["department_reviewer"]).get(own).status_code == 404, "another unit's"


def test_a_withdrawn_paper_is_signed_for_by_nobody(county: Rectified) -> None:
    one = county.begin()
    county.list_problems(one, "窗口排队时间长")
    client = signed_in(county.reviewer)
    document = issue(client, f"{OF}/disposition/{county.disposition.pk}/rectification_notice/")
    said(client, f"/office/documents/{document.pk}/", {"send": "1"})
    services.withdraw_document(
        document=document, reason="有误", today=date(2026, 10, 27), acting_user=county.reviewer
    )
    assert Notice.objects.get(source="document").taken_back_at
    assert (
        "发送"
        not in said(client, f"/office/documents/{document.pk}/").partition("公文")[2].partition("撤回，")[0]
    )
