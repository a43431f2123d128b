"""Papers of a matter: the window's name in full, numbers from the store, never who reported."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date

import pytest
from django.test import Client

from casework.matters import acceptance, lateness, telling, transferring
from casework.models import Matter
from reports.documents.content import Content, faults, to_plain, words
from reports.documents.kinds import PAPERS, SUBJECTS, Given
from reports.documents.pdf import paper_html
from reports.models import IssuingBody, OfficialDocument
from reports.papers import all_papers
from reports.papers.matters import receipt
from tests.casework.desk import Desk, at

pytestmark = pytest.mark.django_db
WHO = {"name": "测试反映人", "phone": "13800000001", "firm": "测试企业甲"}
OFFICE = "“办不成事”监督窗口"


@pytest.fixture
def desk(db: None) -> Desk:
    assert all_papers.__all__
    return Desk()


@pytest.fixture
def body(desk: Desk) -> IssuingBody:
    return IssuingBody.objects.create(name="某县优化营商环境服务中心", code="某营商")


def made(kind: str, pk: int, body: IssuingBody) -> Content:
    """Build a paper with what the data suggest; refuse it where it says why not."""
    paper = PAPERS[kind]
    found = SUBJECTS[paper.about].find(pk)
    assert paper.why_not(found) == ""
    answers = {ask.name: ask.initial for ask in paper.asks(found)}
    content = paper.build(found, Given(body, date(2026, 3, 10), answers))
    assert faults(content) == []
    return content


def every_paper(desk: Desk, body: IssuingBody) -> Iterator[Content]:
    assignment = desk.assigned("2026-03-02T09:10", "yellow", **WHO)
    yield made("matter_receipt", assignment.matter_id, body)
    yield made("matter_assignment", assignment.pk, body)
    desk.sign(assignment, "2026-03-02T10:00")
    lateness.supervise(
        assignment=assignment, text="限三日内办结。", now=at("2026-03-06T09:00"), acting_user=desk.operator
    )
    yield made("matter_supervision", assignment.pk, body)
    desk.reply(assignment, "2026-03-06T10:00", "lawful_no", law="某条例第三条")
    yield made("matter_told", assignment.matter_id, body)
    refused = desk.register("2026-03-02T09:00", **WHO).matter
    acceptance.propose_refusal(
        matter=refused,
        refusal="in_proceedings",
        reason="已经起诉。",
        now=at("2026-03-02T10:00"),
        acting_user=desk.operator,
    )
    yield made("matter_refusal", refused.pk, body)
    moved = desk.register("2026-03-02T09:00", **WHO).matter
    transferring.transfer_matter(
        matter=moved,
        to="discipline",
        reason="涉嫌违纪",
        letter_number="某移〔2026〕1号",
        now=at("2026-03-03T09:00"),
        acting_user=desk.operator,
    )
    yield made("matter_transfer", moved.pk, body)


def test_every_paper_names_the_window_in_full_and_nobody_who_reported(desk: Desk, body: IssuingBody) -> None:
    """WY-R5: receipt, 交办单, 督办单, 告知书, refusal, transfer letter."""
    assert telling.SOURCE
    for content in every_paper(desk, body):
        said = words(content) + paper_html(content)
        assert OFFICE in json.dumps(to_plain(content), ensure_ascii=False).replace('\\"', '"')
        for secret in WHO.values():
            assert secret not in said, content.title


def test_the_receipt_has_the_query_code_only_where_it_is_given(desk: Desk, body: IssuingBody) -> None:
    """WY-R5: the code is stored nowhere, so a later print says what to do."""
    registered = desk.register("2026-03-02T09:10", **WHO)
    given = Given(body, date(2026, 3, 2), {})
    assert registered.code in words(receipt(registered.matter, given, registered.code))
    assert "不能补发" in words(receipt(Matter.objects.get(), given))


def test_an_assignment_sheet_is_issued_under_a_number_and_its_unit_reads_it(
    desk: Desk, body: IssuingBody
) -> None:
    assignment = desk.assigned("2026-03-02T09:10", "yellow", **WHO)
    client = Client()
    client.force_login(desk.operator)
    page = f"/office/documents/of/matter_assignment/{assignment.pk}/"
    assert "交办单" in client.get(page).content.decode()
    asked = client.get(f"{page}matter_assignment/").context["form"]
    answers = {name: field.initial or "" for name, field in asked.fields.items()}
    answers |= {"body": body.pk, "on": "2026-03-02", "serial": "", "issue": "1"}
    assert client.post(f"{page}matter_assignment/", answers).status_code == 302
    document = OfficialDocument.objects.get()
    assert (document.unit, document.serial) == (desk.unit, 1)
    for user, status in ((desk.officer, 200), (desk.other_officer, 404)):
        client.force_login(user)
        assert client.get(f"/office/documents/{document.pk}/").status_code == status
