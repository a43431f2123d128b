"""Annex 3, blank, as a round's frozen form has it: .xlsx and PDF."""

from __future__ import annotations

import io

import pytest
from django.test import Client
from openpyxl import load_workbook

from office.models import AuditEntry
from tests.evaluations.states import county_at

PAGE = "/office/annexes/sheets/"
ANSWERS = ["满意", "比较满意", "基本满意", "不满意", "不了解情况"]


@pytest.mark.django_db
def test_each_department_has_its_sheet_with_everybody_who_is_judged() -> None:
    """YC-R8: the scale and the persons are those of the frozen form."""
    county = county_at("prepared")
    round_ = county.round
    county.create(title="未定稿", period="2027-Q1")
    client = Client()
    client.force_login(county.operator)
    page = client.get(PAGE).content.decode()
    assert round_.title in page
    assert "未定稿" not in page
    answer = client.get(PAGE, {"round": round_.pk, "form": "xlsx"})
    book = load_workbook(io.BytesIO(answer.getvalue()))
    assert len(book.worksheets) == round_.departments.count()
    sheet = book.worksheets[0]
    unit = round_.departments.all()[0]
    assert sheet["A1"].value == f"{unit.name}工作人员服务质量测评表"
    heading = [cell.value for cell in sheet[3]]
    assert heading == ["序号", "科（室）", "姓名（岗位）", "评价内容", *ANSWERS]
    named = " ".join(str(sheet.cell(row, 3).value) for row in range(4, sheet.max_row + 1))
    judged = [member.name for member in unit.members.all() if member.is_judged and member.kind == "staff"]
    assert judged
    assert all(name in named for name in judged)
    assert AuditEntry.objects.get(verb="导出").after["内容"] == "附件3（空白测评表）"

    pdf = client.get(PAGE, {"round": round_.pk, "department": unit.name, "form": "pdf"}).getvalue()
    assert pdf.startswith(b"%PDF")
    assert b"/JavaScript" not in pdf
    wrong = client.get(PAGE, {"round": round_.pk, "department": "查无此局", "form": "pdf"})
    assert wrong.status_code == 422
    assert "没有这个单位" in wrong.content.decode()
