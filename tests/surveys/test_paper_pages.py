"""The office's pages and documents of the paper ballot: who sees what, and what stands on paper."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from departments.models import Membership
from office.exports import documents
from office.jobs import services as jobs
from office.models import Job, User
from office.roles import Role
from surveys.models import PaperReading, PaperSheet, Slip
from tests.kit.paper_hall import PaperHall, paper_hall
from tests.kit.survey_office import Office, parts

Enter = Callable[[User], Client]


@pytest.fixture
def hall(office: Office) -> PaperHall:
    return paper_hall(30, ("private", "sole_trader"))


def entered(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text_of(content: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def test_a_packet_has_a_sheet_for_each_department_in_the_color_of_its_kind(hall: PaperHall) -> None:
    """YC-R6, YC-R7, YC-R8: annex 3, told apart by words and a mark where there is no color."""
    client = entered(hall.office.operator)
    for kind, words in (("private", "●●●民营企业（红色）●●●"), ("sole_trader", "▲▲▲个体工商户（蓝色）▲▲▲")):
        stratum = hall.survey.strata.get(kind=kind)
        pages = PdfReader(io.BytesIO(client.get(f"/office/surveys/paper/{stratum.pk}.pdf").getvalue())).pages
        assert len(pages) == 2
        for page, name, department in zip(pages, ("甲局", "乙局"), ("d1", "d2"), strict=True):
            text = re.sub(r"\s", "", page.extract_text())
            assert words in text
            assert f"{name}工作人员服务质量测评表" in text
            assert hall.code(department, kind) in text
            assert "具体事项" in text
            assert "意见建议" in text
            persons = 2 if department == "d1" else 1
            assert text.count("□") == 5 * persons


def test_a_long_packet_is_made_by_a_job_once_and_only_for_whoever_asked(
    hall: PaperHall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "IN_REQUEST", 1)
    client, stratum = entered(hall.office.operator), hall.survey.strata.get(kind="private")
    for _ in range(2):
        page = client.get(f"/office/surveys/paper/{stratum.pk}.pdf", follow=True).content.decode()
        assert "排版文件：纸质票-民营企业" in page
        assert "等待中" in page
    (job,) = Job.objects.filter(kind=documents.KIND)
    address = f"/office/exports/{job.pk}.pdf"
    assert client.get(address).status_code == 404, "not finished"
    said: list[str] = []
    monkeypatch.setattr(jobs.Progress, "__call__", lambda *told: said.append(told[-1]))
    jobs.run(job.pk)
    assert said[0] == "正在排版"
    assert said[-1] == "正在排版，已排2页"
    page = client.get("/office/exports/").content.decode()
    assert f'href="{address}">下载纸质票-民营企业</a>' in page
    made = client.get(address)
    assert "no-store" in made["Cache-Control"]
    content = made.getvalue()
    assert len(PdfReader(io.BytesIO(content)).pages) == 2
    assert entered(hall.office.inspector).get(address).status_code == 404
    assert client.get(f"/office/surveys/paper/{stratum.pk}.pdf").getvalue() == content
    assert Job.objects.filter(kind=documents.KIND).count() == 1


def test_the_labels_are_the_numbers_that_can_be_keyed(hall: PaperHall) -> None:
    hall.closed_with(1)
    client = entered(hall.office.operator)
    answer = client.post(f"/office/surveys/{hall.survey.pk}/paper/labels.pdf", {"number": 70})
    assert answer["Content-Type"] == "application/pdf"
    printed = set(re.findall(r"\d{8}", re.sub(r"\s", "", text_of(answer.getvalue()))))
    made = {str(number) for number in PaperSheet.objects.values_list("number", flat=True)}
    assert len(made) == 70
    assert printed == made
    refused = client.post(f"/office/surveys/{hall.survey.pk}/paper/labels.pdf", {"number": "x"}, follow=True)
    assert "每次印1至2000个" in refused.content.decode()
    assert PaperSheet.objects.count() == 70


def test_a_town_organizer_exchanges_and_prints_but_sees_no_figure(hall: PaperHall) -> None:
    organizer = User.objects.create_user("town", role=Role.TOWN_ORGANIZER)
    Membership.objects.create(user=organizer, town=hall.office.towns[0])
    client = entered(organizer)
    base = f"/office/surveys/{hall.survey.pk}/paper/"
    code = parts(hall.slips["sole_trader"][0])[1]
    answer = client.post(f"{base}exchange/", {"text": code}, follow=True)
    assert "▲个体工商户（蓝色）纸质票一份" in answer.content.decode()
    assert Slip.objects.filter(state=Slip.State.PAPER).count() == 1
    hall.office.close(hall.survey)
    page = client.get(base).content.decode()
    assert "由评价中心组织录入" in page
    assert "换领纸质票</dt>" not in page
    assert client.get(f"{base}keying/").status_code == 403


def test_before_the_close_no_page_tells_how_many_took_paper(hall: PaperHall) -> None:
    """YC-R6: there is no live count, of paper as little as of phones."""
    client = entered(hall.office.operator)
    address = f"/office/surveys/{hall.survey.pk}/paper/"
    token = b'name="csrfmiddlewaretoken" value="'

    def seen() -> bytes:
        content = client.get(address).content
        return b"".join(part.partition(b'"')[2] if n else part for n, part in enumerate(content.split(token)))

    before = seen()
    hall.exchange(hall.slips["private"][0])
    assert seen() == before


def test_the_second_clerk_is_told_nothing_of_the_first(hall: PaperHall) -> None:
    """YC-R6: the answers before and after another clerk's reading are the same, byte for byte."""
    hall.closed_with(2)
    read, fresh = hall.labels(2)
    hall.key(hall.clerks[0], read, "14", matter="某件事办不成")
    client = entered(hall.clerks[1])
    base = f"/office/surveys/{hall.survey.pk}/paper/"
    answers = [client.get(f"{base}sheet.json", {"number": number}).json() for number in (read, fresh)]
    assert answers == [{"number": int(read)}, {"number": int(fresh)}]
    told = {"code": hall.code("d1"), "kind": "valid", "marks": "11", "matter": "", "suggestion": ""}
    kept = [
        client.post(f"{base}save.json", json.dumps({"number": number, **told}), "application/json").json()
        for number in (read, fresh)
    ]
    assert kept == answers
    for page in (base, f"{base}keying/", f"{base}form.json"):
        assert "某件事办不成" not in client.get(page).content.decode()


NUL = b'{"number": "1", "code": "", "kind": "valid", "marks": "", "matter": "\\u0000", "suggestion": ""}'


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"number": 1}', b"\xff", NUL])
def test_half_a_sheet_is_refused_in_words(hall: PaperHall, body: bytes) -> None:
    hall.closed_with(1)
    client = entered(hall.clerks[0])
    address = f"/office/surveys/{hall.survey.pk}/paper/save.json"
    answer = client.post(address, body, "application/json")
    assert answer.status_code == 422
    assert "没有收到完整的一张测评表" in answer.json()["refused"]
    assert PaperReading.objects.count() == 0


def test_the_reconciliation_asks_the_database_equally_often_at_any_length(hall: PaperHall) -> None:
    hall.closed_with(12)
    client = entered(hall.office.operator)
    address = f"/office/surveys/{hall.survey.pk}/paper/"

    def count() -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        return len(asked)

    few = count()
    for number in hall.labels(20):
        hall.key(hall.clerks[0], number, "11")
    assert count() <= few <= 12


def test_exchanged_paper_waits_on_the_clerks_start_page_from_the_close_to_the_end(hall: PaperHall) -> None:
    client = entered(hall.clerks[0])

    def shown() -> str:
        return client.get("/office/").content.decode()

    hall.exchange(hall.slips["private"][0])
    assert "录入纸质票（换领" not in shown()  # before the close nobody learns who took paper
    hall.closed_with(0)
    assert "录入纸质票（换领 1 份）" in shown()
    assert "编号标签尚未印制" in shown()
    numbers = hall.labels(2)
    assert "尚未录入" in shown()
    for department, number, marks in (("d1", numbers[0], "11"), ("d2", numbers[1], "1")):
        hall.key_twice(number, marks, department)
    assert "已录入 2 张" in shown()
    hall.finish()
    assert "录入纸质票（换领" not in shown()
