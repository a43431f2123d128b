"""亮身份 and 亮职责, as the public sees them (YC-R1, YC-R2)."""

from __future__ import annotations

import io
import re
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from pytest_django import DjangoAssertNumQueries

from departments.models import Department, DepartmentAlias, Section, ServiceItem, StaffMember
from departments.roster.annex_workbook import annex_workbook
from departments.roster.annexes import annex_lines
from departments.roster.services import preview_roster
from tests.kit.publishing import show_all

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Section:
    """A department with a leader, a section with its duty sheet, and two clerks."""
    unit = Department.objects.create(name="县发展和改革局", order=2)
    leadership = Section.objects.create(department=unit, name="局领导", is_leadership=True, order=9)
    leader = StaffMember.objects.create(
        department=unit, section=leadership, name="单试", kind="supervising_leader", post="副局长"
    )
    section = Section.objects.create(
        department=unit,
        name="审批科",
        order=1,
        topic="approval",
        supervising_leader=leader,
        responsibilities="受理申请。",
        work_rules="首问负责制",
        service_words="您好，请讲。",
    )
    ServiceItem.objects.create(
        section=section, name="项目备案", procedure="受理→审核→决定", time_limit="3个工作日"
    )
    for name, kind in (("张甲", "staff"), ("李乙", "staff"), ("王丙", "section_head")):
        StaffMember.objects.create(
            department=unit, section=section, name=name, kind=kind, post="科员", office_phone="0530-1234567"
        )
    show_all()
    return section


def page(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def picture() -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (30, 40), "#888888").save(out, "JPEG")
    return SimpleUploadedFile("p.jpg", out.getvalue(), "image/jpeg")


def test_departments_stand_in_the_official_order(client: Client, office: Section) -> None:
    """YC-R4."""
    Department.objects.create(name="县财政局", order=1)
    text = page(client, "/departments/")
    assert text.index("县财政局") < text.index("县发展和改革局")


def test_a_department_out_of_scope_is_not_shown(client: Client, office: Section) -> None:
    """YC-R4."""
    Department.objects.update(is_active=False)
    assert "县发展和改革局" not in page(client, "/departments/")
    assert "县发展和改革局" not in page(client, "/")
    assert client.get(f"/departments/{office.department_id}/").status_code == 404
    assert client.get(f"/sections/{office.pk}/").status_code == 404
    assert "没有找到" in page(client, "/search/?q=王丙")


def test_a_department_shows_its_people_leaders_first_then_by_kind_and_strokes(
    client: Client, office: Section
) -> None:
    """YC-R1."""
    text = page(client, f"/departments/{office.department_id}/")
    places = [text.index(f'<p class="who">{name}</p>') for name in ("单试", "王丙", "李乙", "张甲")]
    assert places == sorted(places)
    for shown in ("副局长", "分管负责人", "科室负责人", "工作人员", "审批科"):
        assert shown in text


def test_phone_numbers_stay_inside(client: Client, office: Section) -> None:
    for path in (f"/departments/{office.department_id}/", f"/sections/{office.pk}/", "/search/?q=王丙"):
        assert "1234567" not in page(client, path)


@pytest.mark.parametrize("change", [{"is_shown": False}, {"left_on": date(2026, 9, 1)}])
def test_who_left_or_was_taken_down_is_gone_everywhere(
    client: Client, office: Section, change: dict[str, object]
) -> None:
    """YC-R1."""
    person = StaffMember.objects.get(name="王丙")
    person.photo, person.photo_basis = picture(), "本人同意书"
    person.save()
    show_all()
    assert client.get(f"/photos/{person.pk}.jpg").status_code == 200
    StaffMember.objects.filter(pk=person.pk).update(**change)
    StaffMember.objects.filter(name="单试").update(**change)
    for path in (f"/departments/{office.department_id}/", f"/sections/{office.pk}/"):
        text = page(client, path)
        assert "王丙" not in text
        assert "单试" not in text
        assert "李乙" in text
    assert "没有找到" in page(client, "/search/?q=王丙")
    assert client.get(f"/photos/{person.pk}.jpg").status_code == 404


def test_a_photo_without_a_recorded_basis_is_not_shown(client: Client, office: Section) -> None:
    person = StaffMember.objects.get(name="王丙")
    person.photo = picture()
    person.save()
    show_all()
    path = f"/photos/{person.pk}.jpg"
    assert path not in page(client, f"/departments/{office.department_id}/")
    assert client.get(path).status_code == 404
    StaffMember.objects.filter(pk=person.pk).update(photo_basis="本人同意书")
    assert client.get(path).status_code == 404, "what was approved had no photo"
    show_all()
    assert path in page(client, f"/departments/{office.department_id}/")
    response = client.get(path)
    assert response["Content-Type"] == "image/jpeg"
    again = client.get(path, headers={"if-modified-since": response["Last-Modified"]})
    assert again.status_code == 304
    StaffMember.objects.filter(pk=person.pk).update(photo_basis="")
    assert client.get(path).status_code == 404, "a withdrawn basis takes the photo down at once"
    assert path not in page(client, f"/departments/{office.department_id}/")


def test_a_section_shows_its_duty_sheet(client: Client, office: Section) -> None:
    """YC-R2."""
    text = page(client, f"/sections/{office.pk}/")
    for shown in ("受理申请。", "首问负责制", "项目备案", "3个工作日", "您好，请讲。", "分管负责人：单试"):
        assert shown in text
    assert "<li>受理</li><li>审核</li><li>决定</li>" in text


def test_an_empty_duty_sheet_says_what_will_be_here(client: Client, office: Section) -> None:
    Section.objects.filter(pk=office.pk).update(responsibilities="", work_rules="", service_words="")
    ServiceItem.objects.all().delete()
    show_all()
    text = page(client, f"/sections/{office.pk}/")
    assert "岗位职责正在整理，整理后在此公布。" in text
    assert "事项清单正在整理，整理后在此公布。" in text


def test_duties_lead_to_every_section(client: Client, office: Section) -> None:
    """YC-R2."""
    text = page(client, "/duties/")
    assert f'href="/sections/{office.pk}/"' in text
    assert "局领导" not in text


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("王丙", "王丙"),
        ("王", "王丙"),
        ("wb", "王丙"),
        ("WB", "王丙"),
        ("ｗｂ", "王丙"),
        ("ss", "单试"),
        ("备案", "项目备案"),
        ("xmba", "项目备案"),
        ("审批", "审批科"),
        ("spk", "审批科"),
        ("改革", "县发展和改革局"),
        ("发改局", "县发展和改革局"),
        ("fgj", "县发展和改革局"),
        ("fz", "县发展和改革局"),
        ("老计委", "县发展和改革局"),
    ],
)
def test_search_finds_names_short_forms_and_initials(
    client: Client, office: Section, written: str, found: str
) -> None:
    DepartmentAlias.objects.create(department=office.department, name="老计委")
    text = page(client, f"/search/?q={written}")
    assert f">{found}</a>" in text


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("jiaoyuju", ["县教育和体育局"]),
        ("jytyj", ["县教育和体育局"]),
        ("jyj", ["县教育和体育局"]),
        ("fagaiju", ["县发展和改革局"]),
        ("shichangjianguanju", ["县市场监督管理局"]),
        ("shuiwuju", ["国家税务总局示范县税务局"]),
        ("swj", ["国家税务总局示范县税务局"]),
        ("jyjk", []),
        ("jiaoyujuz", []),
    ],
)
def test_pinyin_of_a_short_name_finds_its_unit_and_no_other(
    client: Client, office: Section, written: str, found: list[str]
) -> None:
    """Contiguous from the start of a name, or leaving out what a short form leaves out: `jyj` no 税务局."""
    names = ["县教育和体育局", "县发展和改革局", "国家税务总局示范县税务局", "县市场监督管理局"]
    for name in names:
        unit, _ = Department.objects.get_or_create(name=name)
        DepartmentAlias.objects.filter(department=unit).delete()
    text = page(client, f"/search/?q={written}")
    assert [name for name in names if f">{name}</a>" in text] == found


@pytest.mark.parametrize("stored", ["阿依古丽·买买提", "阿依古丽•买买提"])
@pytest.mark.parametrize(
    "written", ["阿依古丽·买买提", "依古丽•买买", "阿依古丽・", "古丽．买", "丽∙买", "丽‧买", "丽.买"]
)
def test_search_finds_a_name_whatever_dot_is_typed_or_stored(
    client: Client, office: Section, stored: str, written: str
) -> None:
    StaffMember.objects.filter(name="王丙").update(name=stored)
    show_all()
    assert f">{stored}</a>" in client.get("/search/", {"q": written}).content.decode()


def test_search_finds_characters_that_look_alike(client: Client, office: Section) -> None:
    ServiceItem.objects.create(section=office, name="工业项目备案")
    show_all()
    assert "工业项目备案" in client.get("/search/", {"q": "\u2f2f业"}).content.decode()


def test_a_reading_put_right_by_the_office_is_searched_by_and_survives_the_roster(
    client: Client, office: Section
) -> None:
    """The system reads 单试 as ss; nobody has to approve a key for searching."""
    person = StaffMember.objects.get(name="单试")
    person.reading = "DS"
    person.save()
    assert ">单试</a>" in page(client, "/search/?q=ds")
    assert "没有找到" in page(client, "/search/?q=ss")
    content = annex_workbook(annex_lines([person.department]), county="示范县", today=date(2026, 11, 22))
    assert not preview_roster(content=content, acting_user=None).writes
    person.reading = "单"
    with pytest.raises(ValidationError, match="只能填写字母"):
        person.full_clean()


@pytest.mark.parametrize("written", ["", "　", "%", "zzz", "<script>", "王" * 500])
def test_search_answers_whatever_is_typed(client: Client, office: Section, written: str) -> None:
    response = client.get("/search/", {"q": written})
    assert response.status_code == 200
    assert "<script>" not in response.content.decode()
    assert "王丙" not in response.content.decode()


def test_search_says_when_there_is_more(client: Client, office: Section) -> None:
    for number in range(70):
        StaffMember.objects.create(
            department=office.department, section=office, name=f"赵{number}", kind="staff"
        )
    show_all()
    text = page(client, "/search/?q=赵")
    assert "每类列出前 60 条" in text
    assert text.count('<span class="aside">县发展和改革局 审批科') == 60


def test_the_number_of_queries_does_not_grow_with_the_county(
    client: Client, office: Section, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(12):
        unit = Department.objects.create(name=f"县第{number}局", order=number)
        section = Section.objects.create(department=unit, name="审批科")
        for person in range(5):
            StaffMember.objects.create(department=unit, section=section, name=f"赵{person}", kind="staff")
            ServiceItem.objects.create(section=section, name=f"备案{person}")
    show_all()
    counts = {
        "/": 7,
        "/departments/": 3,
        f"/departments/{office.department_id}/": 4,
        "/duties/": 3,
        f"/sections/{office.pk}/": 4,
        "/search/?q=a": 4,
    }
    for path, count in counts.items():
        with django_assert_num_queries(count):
            client.get(path)


def test_every_public_page_forbids_foreign_and_inline_content(client: Client, office: Section) -> None:
    for path in ("/", "/departments/", f"/departments/{office.department_id}/", f"/sections/{office.pk}/"):
        response = client.get(path)
        assert "default-src 'self'" in response["Content-Security-Policy"]
        text = response.content.decode()
        assert "style=" not in text
        assert "<style" not in text
        assert not re.search(r"<script(?![^>]* src=\"/static/)", text)
        assert not response.cookies


def test_a_missing_page_is_explained(client: Client) -> None:
    response = client.get("/departments/99999/")
    assert response.status_code == 404
    assert "没有找到这个页面" in response.content.decode()


def test_the_home_page_of_an_empty_installation_says_what_will_come(client: Client) -> None:
    text = page(client, "/")
    assert "单位名单尚未公布。名单录入后，在此列出各单位。" in text
    assert "目前没有正在进行的评价" in text
