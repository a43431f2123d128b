"""Boards for a wall: what is approved, on A3 and A4, with rare characters and any number of people."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from pypdf import PdfReader
from pytest_django.fixtures import Settings

from departments.models import Department, StaffMember
from disclosure.boards.sheets import board_html
from disclosure.site import shown
from office.exports import typeset
from office.models import AuditEntry
from tests.evaluations.county import County
from tests.kit.publishing import show_all

pytestmark = pytest.mark.django_db
RARE = "喆堃玥璟翀"
WIDTHS = {"a3": 297, "a4": 210}


def unit_of(number: int) -> Department:
    unit = Department.objects.create(name="县行政审批服务局", order=99)
    section = unit.sections.create(
        name="综合窗口科", order=1, responsibilities="受理申请，一次告知，按时办结并答复。" * 40
    )
    for at in range(number):
        name = f"{RARE[at % 5]}{RARE[(at + 1) % 5]}{at:02}"
        StaffMember.objects.create(department=unit, section=section, name=name, kind="staff", post="科员")
    for at in range(30):
        section.items.create(name=f"第{at}个事项", procedure="受理→审核→办结", time_limit="3个工作日")
    show_all()
    return unit


def pdf_of(unit: Department, board: str, size: str) -> PdfReader:
    found = shown.department(unit.pk)
    assert found is not None
    made = typeset.pdf(board_html(found, board=board, size=size))
    if folder := os.environ.get("KEEP_BOARDS"):  # to be looked at
        Path(folder, f"{board}-{size}-{len(found.people)}.pdf").write_bytes(made)
    return PdfReader(io.BytesIO(made))


def text_of(pdf: PdfReader) -> str:
    return "".join("".join(page.extract_text().split()) for page in pdf.pages)


@pytest.mark.parametrize("size", ["a3", "a4"])
@pytest.mark.parametrize("number", [1, 60])
def test_everybody_is_on_the_board_of_people(county: County, size: str, number: int) -> None:
    """YC-R1: pages repeat the unit's name above their part of the table."""
    pdf = pdf_of(unit_of(number), "identity", size)
    assert round(float(pdf.pages[0].mediabox.width) / 72 * 25.4) == WIDTHS[size]
    text = text_of(pdf)
    assert all(f"{RARE[at % 5]}{RARE[(at + 1) % 5]}{at:02}" in text for at in range(number))
    assert all("县行政审批服务局亮身份" in "".join(page.extract_text().split()) for page in pdf.pages)


@pytest.mark.parametrize("size", ["a3", "a4"])
def test_the_board_of_duties_repeats_its_headings(county: County, size: str) -> None:
    """YC-R2."""
    pdf = pdf_of(unit_of(1), "duties", size)
    text = text_of(pdf)
    assert all(f"第{at}个事项" in text for at in range(30))
    assert text.count("受理申请，一次告知，按时办结并答复。") >= 38  # a line's end may hide one
    pages = ["".join(page.extract_text().split()) for page in pdf.pages]
    assert all("办理时限" in page for page in pages if "个事项" in page)


def test_it_shows_the_approved_photo_and_nobody_taken_down(county: County) -> None:
    """YC-R1."""
    drawn = io.BytesIO()
    Image.new("RGB", (48, 64), "#336699").save(drawn, "JPEG")
    person = StaffMember.objects.get(name="甲局长")
    person.photo = SimpleUploadedFile("p.jpg", drawn.getvalue(), "image/jpeg")
    person.photo_basis = "本人书面同意"
    person.save()
    show_all()
    unit = county.departments[0]
    assert sum(len(page.images) for page in pdf_of(unit, "identity", "a4").pages) == 1
    StaffMember.objects.filter(name="甲局长").update(photo_basis="")
    assert sum(len(page.images) for page in pdf_of(unit, "identity", "a4").pages) == 0
    StaffMember.objects.filter(name="甲局长").update(is_shown=False)
    assert "甲局长" not in text_of(pdf_of(unit, "identity", "a4"))


def test_the_supervision_number_stands_below_where_one_is_set(county: County, settings: Settings) -> None:
    settings.SITE_FOOT = {**settings.SITE_FOOT, "supervision": "0530-6521234"}
    show_all()
    assert "监督电话：0530-6521234" in text_of(pdf_of(county.departments[0], "identity", "a4"))
    settings.SITE_FOOT = {**settings.SITE_FOOT, "supervision": ""}
    assert "监督电话" not in text_of(pdf_of(county.departments[0], "identity", "a4"))


def test_the_office_prints_what_is_approved_and_a_department_its_own(
    county: County, browse: Callable[[str], Client]
) -> None:
    """YC-R1: refused before anything is approved; what leaves is in the audit."""
    unit, other = county.departments[:2]
    ask = {"department": unit.pk, "board": "identity", "size": "a4"}
    centre = browse("centre_operator")
    refused = centre.get("/office/boards/", ask)
    assert refused.status_code == 422
    assert "还没有公布" in refused.content.decode()
    show_all()
    printed = centre.get("/office/boards/", ask)
    assert printed["Content-Type"] == "application/pdf"
    assert AuditEntry.objects.filter(verb="导出", object_label__contains=unit.name).exists()
    own = browse("department_officer")
    assert own.get("/office/boards/", ask)["Content-Type"] == "application/pdf"
    assert own.get("/office/boards/", ask | {"department": other.pk}).status_code == 422
    assert Client().get("/office/boards/", ask).status_code == 302
