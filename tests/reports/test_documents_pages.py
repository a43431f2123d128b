"""Official papers through the pages: asked for, looked at, issued, found, withdrawn, checked."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date
from typing import Any

import pypdf
import pytest
from django.test import Client
from django.utils import timezone

from evaluations.models import Appeal, Disposition
from office.errors import Refused
from office.jobs import services as jobs
from office.models import AuditEntry, Job
from reports.documents import services
from reports.documents.content import Content, Form, Paragraph
from reports.documents.services import About
from reports.models import IssuingBody, OfficialDocument
from tests.evaluations.county import County
from tests.evaluations.pages import Browse, said, starts
from tests.evaluations.unit_rounds import jilin, through_appeals
from tests.kit.at_once import DONE, at_once
from tests.reports.papers_read import said_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def body(county: County) -> IssuingBody:
    return IssuingBody.objects.create(
        name="示范县优化营商环境工作领导小组办公室", code="示营商办", red_head=True
    )


def a_paper(**changes: Any) -> Content:
    wanted: dict[str, Any] = {
        "form": Form.DOCUMENT,
        "title": "关于评价结果的通报",
        "issuer": "示范县优化营商环境工作领导小组办公室",
        "on": date(2026, 10, 20),
        "blocks": (Paragraph("现将结果通报如下。"),),
        "mark": "示范县优化营商环境工作领导小组办公室文件",
    }
    return Content(**{**wanted, **changes})


def issued(county: County, body: IssuingBody, **changes: object) -> OfficialDocument:
    about = changes.pop("about", About("round", 1))
    assert isinstance(about, About)
    serial = changes.pop("serial", None)
    assert serial is None or isinstance(serial, int)
    return services.issue_document(
        kind="circular",
        body=body,
        content=a_paper(**changes),
        about=about,
        now=timezone.now(),
        acting_user=county.reviewer,
        serial=serial,
    )


def filled(page: str, **answers: str) -> dict[str, str]:
    """What the page's form would send: its suggestions, with these answers in place."""
    found = dict(re.findall(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', page))
    found |= dict(re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>\s*(.*?)</textarea>', page, re.DOTALL))
    found.pop("csrfmiddlewaretoken", None)
    return {**found, **answers}


def files(client: Client, document: OfficialDocument) -> tuple[str, str]:
    """The words of both files: of the PDF page by page, of the .docx with its tables."""
    answer = client.get(f"/office/documents/{document.pk}/paper.pdf")
    content = answer.getvalue()
    pdf = "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)
    answer = client.get(f"/office/documents/{document.pk}/paper.docx")
    return pdf, said_in(answer.getvalue())


def test_the_circular_on_a_round_ranks_its_units_and_names_those_without_a_score(
    county: County, body: IssuingBody, browse: Browse
) -> None:
    """FC-R12 JL-R7"""
    round_ = through_appeals(county, jilin(county))
    client = browse("centre_operator")
    assert "制发评价结果通报" in said(client, f"/office/documents/of/round/{round_.pk}/")
    new = f"/office/documents/of/round/{round_.pk}/circular/"
    answers = filled(
        said(client, new),
        body=str(body.pk),
        on="2026-11-02",
        problems="信息报送不及时。",
        demands="各单位于2026年11月30日前完成整改。",
        copies="县委办公室\n县政府办公室",
    )
    shown = said(client, new, {**answers, "preview": "1"})
    assert "示营商办〔2026〕1号" in shown
    assert OfficialDocument.objects.count() == 0, "a preview takes no number"
    page = said(client, new, {**answers, "issue": "1"})
    document = OfficialDocument.objects.get()
    assert document.number == "示营商办〔2026〕1号"
    assert "印章由制文机关在打印件上加盖" in page
    for words in files(client, document):
        for word in ("名次", "甲局", "信息报送不及时", "戊局"):
            assert word in words, word
        assert "附件：1. " in words
        assert "2. 计分口径" in words
        assert "张三" not in words, "remarks on persons stay inside"


@starts("served")
def test_no_circular_while_appeals_are_open(county: County, body: IssuingBody, browse: Browse) -> None:
    page = said(browse("centre_operator"), f"/office/documents/of/round/{county.round.pk}/")
    assert "申诉期结束后才能制发" in page
    assert "制发评价结果通报" not in page


@starts("appeals_ended")
def test_nothing_is_printed_before_a_decision_has_its_number(
    county: County, body: IssuingBody, browse: Browse
) -> None:
    """YC-R13 YC-R14: the kinds of papers come from the scheme, a person's are for those who decide."""
    card = Disposition.objects.filter(kind="card").exclude(staff_member=None).first()
    assert card is not None
    address = f"/office/documents/of/disposition/{card.pk}/"
    assert browse("centre_operator").get(address).status_code == 403, "about a person"
    reviewer = browse("centre_reviewer")
    assert "还没有登记决定机关、决定文号和日期" in said(reviewer, address)
    new = f"{address}card_notice/"
    said(reviewer, new, {"issue": "1", "body": str(body.pk), "on": "2026-10-26"})
    assert OfficialDocument.objects.count() == 0
    card.state, card.body, card.number = (
        Disposition.State.DECIDED,
        "县优化营商环境服务中心",
        "示营商〔2026〕3号",
    )
    card.decided_on = date(2026, 10, 22)
    card.save()
    answers = filled(said(reviewer, new), body=str(body.pk), on="2026-10-26", issue="1")
    said(reviewer, new, answers)
    document = OfficialDocument.objects.get()
    assert document.concerns_person
    pdf, word = files(reviewer, document)
    for words in (pdf, word):
        assert "示营商〔2026〕3号" in words
        assert "送达回执" in words
    assert browse("centre_operator").get(f"/office/documents/{document.pk}/").status_code == 404
    public = said(Client(), f"/check/?code={document.check_code}")
    assert document.title not in public
    assert said(Client(), "/check/?code=AAAA-BBBB-CCCC").replace("AAAA-BBBB-CCCC", "") == public.replace(
        document.check_code, ""
    ), "a person's paper is answered like an unknown code"


@starts("appeals_ended")
def test_a_talk_record_is_a_table_sheet_without_a_red_head(
    county: County, body: IssuingBody, browse: Browse
) -> None:
    """YC-R14"""
    talk = Disposition.objects.filter(kind="card").exclude(staff_member=None).first()
    assert talk is not None
    talk.word, talk.kind, talk.state = "诫勉谈话", "talk", Disposition.State.DECIDED
    talk.body, talk.number, talk.decided_on = "县委组织部", "示组〔2026〕7号", date(2026, 10, 22)
    talk.save()
    reviewer = browse("inspectorate")
    new = f"/office/documents/of/disposition/{talk.pk}/talk_record/"
    said(reviewer, new, filled(said(reviewer, new), body=str(body.pk), on="2026-10-26", issue="1"))
    document = OfficialDocument.objects.get()
    assert services.content_of(document).mark == ""
    for words in files(reviewer, document):
        for word in ("诫勉谈话记录", talk.person_name, "谈话内容", "整改措施和承诺", "示组〔2026〕7号"):
            assert word in words.replace("\n", ""), word
    receipt = f"/office/documents/of/document/{document.pk}/receipt/"
    said(
        reviewer,
        receipt,
        filled(said(reviewer, receipt), body=str(body.pk), on="2026-10-27", whom="本人", issue="1"),
    )
    slip = OfficialDocument.objects.get(kind="receipt")
    assert slip.concerns_person, "what is served with a person's paper is about the person"
    assert slip.number == "示营商办〔2026〕2号"


@starts("served")
def test_an_appeal_is_answered_by_a_decision_with_reasons(
    county: County, body: IssuingBody, browse: Browse
) -> None:
    """YC-R12"""
    row = county.round.departments.get(department=county.departments[0])
    appeal = Appeal.objects.create(
        round=county.round,
        result=county.round.results.get(),
        round_department=row,
        text="有效评价的统计有误。",
        lodged_on=date(2026, 10, 13),
        lodged_by=county.operator,
    )
    client = browse("centre_reviewer")
    new = f"/office/documents/of/appeal/{appeal.pk}/appeal_decision/"
    assert "还没有复核" in said(client, new)
    appeal.state, appeal.decision = Appeal.State.REJECTED, "经核对计票记录，统计无误。"
    appeal.outcome, appeal.findings = Appeal.Outcome.KEPT, "已核对全部批次。"
    appeal.decided_on, appeal.decided_by = date(2026, 10, 15), county.reviewer
    appeal.save()
    said(client, new, filled(said(client, new), body=str(body.pk), on="2026-10-16", issue="1"))
    for words in files(client, OfficialDocument.objects.get()):
        for word in ("县甲局", "有效评价的统计有误", "已核对全部批次", "统计无误", "维持", "最终复核结论"):
            assert word in words.replace("\n", ""), word


def test_numbers_run_from_one_and_a_withdrawn_one_stays_used(
    county: County, body: IssuingBody, browse: Browse
) -> None:
    first, second = issued(county, body), issued(county, body)
    assert (first.number, second.number) == ("示营商办〔2026〕1号", "示营商办〔2026〕2号")
    assert issued(county, body, on=date(2027, 1, 4)).number == "示营商办〔2027〕1号"
    client = browse("centre_reviewer")
    page = said(client, f"/office/documents/{second.pk}/", {"reason": "标题有误"})
    assert "撤回，文号不再使用" in page
    with pytest.raises(Refused, match=r"2号已经用过.*请改用示营商办〔2026〕3号"):
        issued(county, body, serial=2)
    assert issued(county, body).number == "示营商办〔2026〕3号"
    assert "示营商办〔2026〕2号" in said(client, "/office/documents/?state=withdrawn")
    assert "示营商办〔2026〕3号" not in said(client, "/office/documents/?state=withdrawn")
    verbs = list(AuditEntry.objects.filter(object_type="公文").values_list("verb", flat=True))
    assert verbs.count("撤回公文") == 1
    assert verbs.count("制发公文") == 4


def test_red_heads_are_for_bodies_in_the_settings_alone(county: County, body: IssuingBody) -> None:
    plain = IssuingBody.objects.create(name="某某工作专班", code="某专班")
    assert services.content_of(issued(county, body)).mark
    assert not services.content_of(issued(county, plain)).mark


def test_what_cannot_be_a_paper_is_refused_in_words(county: County, body: IssuingBody) -> None:
    with pytest.raises(Refused, match="标题末尾不用标点"):
        issued(county, body, title="关于评价结果的通报。")
    with pytest.raises(Refused, match="没有正文"):
        issued(county, body, blocks=())
    assert OfficialDocument.objects.count() == 0


def test_the_public_check_says_that_a_paper_is_genuine_and_nothing_of_what_is_in_it(
    county: County, body: IssuingBody, browse: Browse
) -> None:
    document = issued(county, body)
    typed = document.check_code.replace("-", " ").lower()
    page = said(Client(), f"/check/?code={typed}")
    for word in (document.number, document.title, body.name, "2026年10月20日", "由本系统制发"):
        assert word in page, word
    assert "现将结果通报如下" not in page
    services.withdraw_document(
        document=document, reason="有误", today=date(2026, 10, 21), acting_user=county.reviewer
    )
    assert "已撤回" in said(Client(), f"/check/?code={typed}")
    inside = browse("inspectorate").get(f"/office/documents/check/?code={typed}")
    assert inside.url == f"/office/documents/{document.pk}/"  # type: ignore[attr-defined] # a redirect
    OfficialDocument.objects.filter(pk=document.pk).update(content={**document.content, "title": "改过"})
    assert "摘要不一致" in said(browse("inspectorate"), f"/office/documents/{document.pk}/")


def test_names_of_files_hold_no_sign_that_a_system_forbids(
    county: County, body: IssuingBody, browse: Browse
) -> None:
    document = issued(county, body, title='关于2026/27年度"三亮"评价的通报')
    answer = browse("centre_operator").get(f"/office/documents/{document.pk}/paper.docx")
    name = answer["Content-Disposition"].partition("''")[2]
    assert "%2F" not in name
    assert "%22" not in name
    assert name.endswith(".docx")


def test_no_character_and_no_length_of_a_title_spoils_a_file(
    county: County, body: IssuingBody, browse: Browse
) -> None:
    document = issued(
        county, body, title="关于" + "评价" * 150 + "的通报", blocks=(Paragraph("第一\x0b项\x1f。"),)
    )
    pdf, word = files(browse("centre_operator"), document)
    assert "第一项。" in word
    assert "项" in pdf


def test_characters_that_no_font_has_are_named(county: County, body: IssuingBody, browse: Browse) -> None:
    document = issued(county, body, blocks=(Paragraph("参加人：王\U0003134f。"),))
    assert "U+3134F" in said(browse("centre_operator"), f"/office/documents/{document.pk}/")


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_two_who_issue_at_once_get_two_numbers_and_one_number_goes_to_one_of_them() -> None:
    county = County()
    body = IssuingBody.objects.create(name="示范县优化营商环境工作领导小组办公室", code="示营商办")
    offered = at_once(*[lambda: issued(county, body)] * 3)
    assert offered == [DONE] * 3
    assert sorted(OfficialDocument.objects.values_list("serial", flat=True)) == [1, 2, 3]
    same = at_once(*[lambda: issued(county, body, serial=9)] * 2)
    assert same[0] == DONE
    assert "已经用过" in same[1]


def test_a_unit_reads_its_own_papers_and_never_those_about_persons(
    county: County, body: IssuingBody, browse: Browse
) -> None:
    own, other = county.departments
    mine = issued(county, body, about=About("round", 1, own))
    theirs = issued(county, body, about=About("round", 1, other))
    personal = issued(county, body, about=About("round", 1, own, concerns_person=True))
    client = browse("department_officer")
    assert mine.title in said(client, f"/office/documents/{mine.pk}/")
    for one in (theirs, personal):
        assert client.get(f"/office/documents/{one.pk}/").status_code == 404
        assert client.get(f"/office/documents/{one.pk}/paper.pdf").status_code == 404
    listed = said(client, "/office/documents/")
    assert mine.number in listed
    assert theirs.number not in listed
    assert personal.number not in listed
    assert personal.number not in said(browse("centre_operator"), "/office/documents/")
    assert personal.number in said(browse("centre_reviewer"), "/office/documents/")


@pytest.mark.django_db(transaction=True)
def test_all_papers_about_one_thing_are_set_by_one_job(
    county: County, body: IssuingBody, browse: Browse
) -> None:
    made = [issued(county, body, about=About("round", 7)) for _ in range(9)]
    hidden = issued(county, body, about=About("round", 7, concerns_person=True))
    client = browse("centre_operator")
    page = client.post("/office/documents/of/round/7/all/", follow=True)
    assert "排版一批公文" in page.content.decode()
    address = page.redirect_chain[-1][0]
    jobs.run(Job.objects.get().pk)
    assert "已排版 9 件" in said(client, address)
    content = client.get(f"{address}papers.zip").getvalue()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        assert all(archive.read(name).startswith(b"%PDF") for name in names)
    assert sorted(names) == sorted(f"{one.number} {one.title}.pdf" for one in made)
    assert not any(hidden.number in name for name in names), "about a person"
    assert browse("centre_reviewer").get(address).status_code == 404, "a job of somebody else"
