"""The office's pages of departments and people: own department only, audit, photos, imports."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from openpyxl.styles import Font
from PIL import Image

from departments.models import Department, Section, ServiceItem, StaffMember, Town
from departments.roster.services import preview_roster
from office.models import AuditEntry
from office.roles import Role
from office.workbooks.fault_marking import with_faults_marked
from surveys.models import MarketEntity
from tests.kit.files import ENTITIES, ROSTER, picture, small
from tests.kit.people import signed_in
from tests.kit.publishing import show_all

pytestmark = pytest.mark.django_db

STAFF = "admin:departments_staffmember"
SECTION = "admin:departments_section"


class Office:
    """Two departments with one section and one person each."""

    def __init__(self) -> None:
        self.mine, self.other = (Department.objects.create(name=name) for name in ("县甲局", "县乙局"))
        self.section, self.other_section = (
            Section.objects.create(department=unit, name="审批科") for unit in (self.mine, self.other)
        )
        self.person, self.stranger = (
            StaffMember.objects.create(
                department=section.department, section=section, name=name, kind="supervising_leader"
            )
            for section, name in ((self.section, "张甲"), (self.other_section, "李乙"))
        )


@pytest.fixture
def office() -> Office:
    return Office()


def staff_form(person: StaffMember, **changes: Any) -> dict[str, Any]:
    return {
        "department": person.department_id,
        "section": person.section_id,
        "name": person.name,
        "kind": person.kind,
        "post": person.post,
        "order": person.order,
        "photo_basis": person.photo_basis,
        "is_judged": "on",
        "is_shown": "on",
        "office_phone": "",
        "note": "",
        **changes,
    }


def photo(kind: str = "PNG", size: tuple[int, int] = (1200, 1600)) -> SimpleUploadedFile:
    return SimpleUploadedFile("p.jpg", picture(kind, size), "image/jpeg")


def change(person: StaffMember) -> str:
    return reverse(f"{STAFF}_change", args=[person.pk])


def test_the_list_of_people_sorts_names_by_strokes(office: Office) -> None:
    """YC-R1: 李 stands before 张, whose code point is smaller."""
    client = signed_in(Role.CENTRE_OPERATOR)
    for column, names in (("1", ["李乙", "张甲"]), ("-1", ["张甲", "李乙"])):
        page = client.get(reverse(f"{STAFF}_changelist"), {"o": column}).content.decode()
        assert sorted(names, key=page.index) == names


def test_department_people_see_only_their_own_department(office: Office) -> None:
    """YC-R1."""
    client = signed_in(Role.DEPARTMENT_OFFICER, office.mine)
    for name in (STAFF, SECTION, "admin:departments_department"):
        text = client.get(reverse(f"{name}_changelist")).content.decode()
        assert "县甲局" in text
        assert "县乙局" not in text
    assert client.get(change(office.person)).status_code == 200
    assert client.get(change(office.stranger)).status_code == 302
    assert client.get(reverse(f"{SECTION}_change", args=[office.other_section.pk])).status_code == 302


def test_department_people_cannot_reach_another_department_by_a_forged_form(office: Office) -> None:
    """YC-R1."""
    client = signed_in(Role.DEPARTMENT_OFFICER, office.mine)
    forged: list[dict[str, Any]] = [
        {"department": office.other.pk},
        {"section": office.other_section.pk},
        {"department": office.other.pk, "section": office.other_section.pk},
    ]
    for changes in forged:
        response = client.post(change(office.person), staff_form(office.person, **changes))
        assert response.status_code == 200
        assert "errorlist" in response.content.decode()
    client.post(change(office.stranger), staff_form(office.stranger, name="改名"))
    assert list(StaffMember.objects.order_by("pk").values_list("name", "department")) == [
        ("张甲", office.mine.pk),
        ("李乙", office.other.pk),
    ]


def test_a_department_cannot_change_who_is_judged(office: Office) -> None:
    client = signed_in(Role.DEPARTMENT_OFFICER, office.mine)
    form = staff_form(office.person, post="主任")
    del form["is_judged"]
    assert client.post(change(office.person), form).status_code == 302
    office.person.refresh_from_db()
    assert (office.person.post, office.person.is_judged) == ("主任", True)


def test_department_people_delete_nobody_and_change_no_department(office: Office) -> None:
    client = signed_in(Role.DEPARTMENT_OFFICER, office.mine)
    assert client.post(reverse(f"{STAFF}_delete", args=[office.person.pk])).status_code == 403
    path = reverse("admin:departments_department_change", args=[office.mine.pk])
    assert client.post(path, {"name": "改名"}).status_code == 403


def test_an_officer_without_a_department_sees_nothing(office: Office) -> None:
    client = signed_in(Role.DEPARTMENT_OFFICER)
    text = client.get(reverse(f"{STAFF}_changelist")).content.decode()
    assert "张甲" not in text
    assert client.get(change(office.person)).status_code == 302


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.CENTRE_OPERATOR, 200),
        (Role.INSPECTORATE, 200),
        (Role.LEADING_GROUP, 200),
        (Role.ADMINISTRATOR, 403),
        (Role.TOWN_ORGANIZER, 403),
        (Role.PAPER_CLERK, 403),
    ],
)
def test_the_roster_opens_to_those_the_table_of_roles_names(office: Office, role: Role, status: int) -> None:
    client = signed_in(role)
    assert client.get(reverse(f"{STAFF}_changelist")).status_code == status


def test_the_inspectorate_views_people_but_cannot_change_them(office: Office) -> None:
    client = signed_in(Role.INSPECTORATE)
    assert client.post(change(office.person), staff_form(office.person, name="改名")).status_code == 403


def test_a_change_is_audited_with_old_and_new_values(office: Office) -> None:
    client = signed_in(Role.DEPARTMENT_OFFICER, office.mine)
    client.post(change(office.person), staff_form(office.person, post="副局长"))
    entry = AuditEntry.objects.get(object_type="工作人员")
    assert (entry.verb, entry.actor_name, entry.role) == ("修改", "department_officer", "department_officer")
    assert (entry.before["职务（岗位）"], entry.after["职务（岗位）"]) == ("", "副局长")


def test_a_duty_sheet_is_entered_with_its_items(office: Office) -> None:
    """YC-R2."""
    client = signed_in(Role.DEPARTMENT_OFFICER, office.mine)
    form = {
        "department": office.mine.pk,
        "name": "审批科",
        "order": 1,
        "topic": "approval",
        "supervising_leader": office.person.pk,
        "responsibilities": "受理申请。",
        "work_rules": "首问负责制",
        "service_words": "您好。",
        "items-TOTAL_FORMS": 1,
        "items-INITIAL_FORMS": 0,
        "items-0-order": 1,
        "items-0-name": "许可",
        "items-0-procedure": "受理→决定",
        "items-0-time_limit": "5个工作日",
    }
    path = reverse(f"{SECTION}_change", args=[office.section.pk])
    assert client.post(path, form).status_code == 302
    assert ServiceItem.objects.get().section == office.section
    assert AuditEntry.objects.filter(object_type="事项", verb="新增").exists()
    answer = client.post(path, {**form, "supervising_leader": office.stranger.pk, "items-TOTAL_FORMS": 0})
    assert answer.status_code == 200
    office.section.refresh_from_db()
    assert office.section.supervising_leader == office.person


def test_an_uploaded_photo_is_scaled_down_and_loses_its_metadata(office: Office) -> None:
    """YC-R1."""
    client = signed_in(Role.DEPARTMENT_OFFICER, office.mine)
    form = staff_form(office.person, photo=photo(), photo_basis="2026年9月1日本人同意书")
    assert client.post(change(office.person), form).status_code == 302
    office.person.refresh_from_db()
    stored = office.person.photo.read()
    assert b"secret place" not in stored
    with Image.open(io.BytesIO(stored)) as drawn:
        assert (drawn.format, drawn.size) == ("JPEG", (480, 640))
    show_all()
    assert Client().get(f"/photos/{office.person.pk}.jpg").status_code == 200
    assert client.get(reverse("staff-photo", args=[office.person.pk])).status_code == 200


def test_a_replaced_or_removed_photo_leaves_no_file(
    office: Office, django_capture_on_commit_callbacks: Any
) -> None:
    client = signed_in(Role.DEPARTMENT_OFFICER, office.mine)
    folder = settings.MEDIA_ROOT / "photos"
    for upload in (photo(), photo("JPEG")):
        with django_capture_on_commit_callbacks(execute=True):
            client.post(change(office.person), staff_form(office.person, photo=upload, photo_basis="同意书"))
        assert len(list(folder.iterdir())) == 1
    with django_capture_on_commit_callbacks(execute=True):
        client.post(change(office.person), staff_form(office.person, remove_photo="on"))
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (lambda: b"<svg onload=alert(1)>", "不是 JPG 或 PNG 照片"),
        (lambda: picture("GIF", (10, 10)), "不是 JPG 或 PNG 照片"),
        (lambda: b"\xff" * (5 * 1024 * 1024 + 1), "照片超过 5 MB"),
        (lambda: picture("PNG", (9000, 9000), "white", mode="1"), "像素过多"),
    ],
    ids=["not a picture", "gif named jpg", "too large", "too many pixels"],
)
def test_an_unusable_photo_is_refused(office: Office, content: Callable[[], bytes], message: str) -> None:
    client = signed_in(Role.DEPARTMENT_OFFICER, office.mine)
    upload = SimpleUploadedFile("p.jpg", content(), "image/jpeg")
    response = client.post(
        change(office.person), staff_form(office.person, photo=upload, photo_basis="同意书")
    )
    assert message in response.content.decode()
    office.person.refresh_from_db()
    assert not office.person.photo


def test_a_photo_needs_a_recorded_basis(office: Office) -> None:
    client = signed_in(Role.DEPARTMENT_OFFICER, office.mine)
    response = client.post(change(office.person), staff_form(office.person, photo=photo()))
    assert "请填写照片公开依据" in response.content.decode()


def test_a_form_that_comes_back_shows_the_stored_photo_and_asks_for_the_upload_again(office: Office) -> None:
    client = signed_in(Role.CENTRE_OPERATOR)
    page = client.post(change(office.person), staff_form(office.person, photo=photo())).content.decode()
    assert "请更正标出的各项，并重新选择照片" in page
    assert "尚未上传" in page
    assert 'alt="现有照片"' not in page
    client.post(change(office.person), staff_form(office.person, photo=photo(), photo_basis="同意书"))
    kept = StaffMember.objects.get(pk=office.person.pk).photo.name
    faulty = staff_form(office.person, photo=photo(), photo_basis="同意书", name="")
    page = client.post(change(office.person), faulty).content.decode()
    assert "重新选择照片" in page
    assert 'alt="现有照片"' in page  # the stored one, which stays
    assert StaffMember.objects.get(pk=office.person.pk).photo.name == kept


def test_a_name_typed_by_hand_is_stored_as_the_import_stores_it(office: Office) -> None:
    client = signed_in(Role.CENTRE_OPERATOR)
    client.post(change(office.person), staff_form(office.person, name="阿依古丽•买买提"))
    assert StaffMember.objects.get(pk=office.person.pk).name == "阿依古丽·买买提"
    page = client.post(change(office.person), staff_form(office.person, name="甲\ue863")).content.decode()
    assert "U+E863" in page
    assert StaffMember.objects.get(pk=office.person.pk).name == "阿依古丽·买买提"


def test_photos_of_other_departments_stay_closed(office: Office) -> None:
    office.stranger.photo = photo()
    office.stranger.save()
    client = signed_in(Role.DEPARTMENT_OFFICER, office.mine)
    assert client.get(reverse("staff-photo", args=[office.stranger.pk])).status_code == 404


def waiting() -> set[str]:
    """Return the uploads that wait for their confirmation."""
    folder = settings.PRIVATE_ROOT / "imports"
    return {path.name for path in folder.iterdir()} if folder.exists() else set()


def test_the_centre_imports_a_roster_exactly_as_previewed() -> None:
    client = signed_in(Role.CENTRE_OPERATOR)
    path = reverse("import-roster")
    upload = SimpleUploadedFile("名册.xlsx", ROSTER.read_bytes())
    before = waiting()
    response = client.post(path, {"file": upload})
    assert len(waiting() - before) == 1
    text = response.content.decode()
    assert response.status_code == 200
    assert '<td class="number">434</td>' in text
    assert not StaffMember.objects.exists()
    digest = response.context["preview"]["digest"]
    response = client.post(path, {"digest": digest}, follow=True)
    assert "名册已导入：人员新增 434" in response.content.decode()
    assert StaffMember.objects.count() == 434
    assert AuditEntry.objects.filter(verb="导入名册", actor_name="centre_operator").count() == 1
    assert waiting() == before


def test_what_changed_since_the_preview_is_not_imported() -> None:
    client = signed_in(Role.CENTRE_OPERATOR)
    path = reverse("import-roster")
    content = small([["县试验局", "审批科", "丁四", "科员", "科员"]])
    response = client.post(path, {"file": SimpleUploadedFile("名册.xlsx", content)})
    Department.objects.create(name="县试验局")
    response = client.post(path, {"digest": response.context["preview"]["digest"]})
    assert response.status_code == 422
    assert "请重新预览后再导入" in response.content.decode()
    response = client.post(path, {"digest": "0" * 64})
    assert "预览已过期" in response.content.decode()
    assert not StaffMember.objects.exists()


def test_a_faulty_workbook_is_shown_with_its_faults_and_no_way_to_import_it() -> None:
    client = signed_in(Role.CENTRE_OPERATOR)
    content = small([["县试验局", "审批科", "丁四", "科员", "<b>贵宾</b>"]])
    text = client.post(
        reverse("import-roster"), {"file": SimpleUploadedFile("名册.xlsx", content)}
    ).content.decode()
    assert "“附件1”第3行F列（人员类别）" in text
    assert "<b>贵宾</b>" not in text
    assert "按预览导入" not in text


def test_the_workbook_comes_back_with_its_faulty_cells_marked() -> None:
    client = signed_in(Role.CENTRE_OPERATOR)
    path = reverse("import-roster")
    content = small([["县试验局", "审批科", "丁四", "科员", "贵宾"], ["县试验局", "审批科", "", "", "科员"]])
    response = client.post(path, {"file": SimpleUploadedFile("名册.xlsx", content)})
    digest = response.context["preview"]["digest"]
    answer = client.post(path, {"marked": digest})
    sheet = load_workbook(io.BytesIO(answer.content))["附件1"]
    notes = {cell.coordinate: cell.comment.text for row in sheet.iter_rows() for cell in row if cell.comment}
    assert set(notes) == {"F3", "D4"}
    assert "“贵宾”不是规定的人员类别" in notes["F3"]
    assert "姓名空白" in notes["D4"]
    assert client.post(path, {"marked": "0"}).status_code == 422


def test_a_fault_below_a_merged_cell_is_noted_where_the_cell_is_seen() -> None:
    """What else the workbook looks like stays."""
    book = load_workbook(io.BytesIO(small([["县试验局", "审批科", name, "", "贵宾"] for name in "甲乙"])))
    sheet = book["附件1"]
    sheet["F3"].font, sheet.column_dimensions["B"].width = Font(name="仿宋", size=16), 31
    sheet.merge_cells("F3:F4")
    kept = io.BytesIO()
    book.save(kept)
    faults = preview_roster(content=kept.getvalue(), acting_user=None).faults
    marked = load_workbook(io.BytesIO(with_faults_marked(kept.getvalue(), faults)))["附件1"]
    assert [line.split("“")[0] for line in marked["F3"].comment.text.split("\n")] == ["", "第4行："]
    assert (marked["F3"].font.name, marked.column_dimensions["B"].width) == ("仿宋", 31)
    assert marked["F3"].fill.fgColor.rgb == "00F9D6D6"


@pytest.mark.parametrize(
    ("upload", "message"),
    [
        (None, "请选择工作簿"),
        (SimpleUploadedFile("x.xlsx", b""), "文件是空的"),
        (SimpleUploadedFile("x.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600), "旧格式"),
        (SimpleUploadedFile("x.xlsx", b"PK" + b"\0" * (21 * 1024 * 1024)), "超过 20 MB"),
    ],
    ids=["none", "empty", "xls", "too large"],
)
def test_a_file_that_cannot_be_read_is_refused_on_the_page(
    upload: SimpleUploadedFile | None, message: str
) -> None:
    client = signed_in(Role.CENTRE_OPERATOR)
    if upload:
        upload.seek(0)
    response = client.post(reverse("import-roster"), {"file": upload} if upload else {})
    assert response.status_code == 422
    assert message in response.content.decode()


def test_entities_are_imported_without_the_faulty_rows_when_asked() -> None:
    client = signed_in(Role.CENTRE_OPERATOR)
    path = reverse("import-entities")
    response = client.post(path, {"file": SimpleUploadedFile("样本.xlsx", ENTITIES.read_bytes())})
    assert "按预览导入" not in response.content.decode()
    upload = SimpleUploadedFile("样本.xlsx", ENTITIES.read_bytes())
    response = client.post(path, {"file": upload, "option": "on"})
    response = client.post(path, {"digest": response.context["preview"]["digest"]}, follow=True)
    assert "新增 2962，变更 0，未变 0，略过有误的 38 行" in response.content.decode()
    assert MarketEntity.objects.count() == 2962


@pytest.mark.parametrize("page", ["import-roster", "import-entities"])
def test_only_the_centre_imports(office: Office, page: str) -> None:
    client = signed_in(Role.DEPARTMENT_OFFICER, office.mine)
    assert client.get(reverse(page)).status_code == 403
    assert client.post(reverse(page), {"digest": "0"}).status_code == 403
    assert Client().get(reverse(page)).status_code == 302


def test_a_town_organizer_sees_the_own_town_only(office: Office) -> None:
    """YC-R6."""
    towns = [Town.objects.create(name=name) for name in ("上甲镇", "下乙镇")]
    for town, code in zip(towns, ("91371725J91M38LJ36", "92371725MUXFK2ED6T"), strict=True):
        MarketEntity.objects.create(code=code, name=f"{town}商店", kind="private", town=town)
    client = signed_in(Role.TOWN_ORGANIZER, town=towns[0])
    text = client.get(reverse("admin:surveys_marketentity_changelist")).content.decode()
    assert "上甲镇商店" in text
    assert "下乙镇商店" not in text
    path = reverse("admin:surveys_marketentity_change", args=[MarketEntity.objects.last().pk])  # type: ignore[union-attr]
    assert client.get(path).status_code == 302


def test_an_entity_entered_by_hand_needs_a_valid_code() -> None:
    town = Town.objects.create(name="上甲镇")
    client = signed_in(Role.CENTRE_OPERATOR)
    path = reverse("admin:surveys_marketentity_add")
    form = {"code": "91371725J91M38LJ30", "name": "某店", "kind": "private", "town": town.pk}
    assert "统一社会信用代码有误" in client.post(path, form).content.decode()
    client.post(path, {**form, "code": "91371725j91m38lj36"})
    assert MarketEntity.objects.get().code == "91371725J91M38LJ36"


def test_office_pages_hold_no_inline_scripts_or_styles(office: Office) -> None:
    client = signed_in(Role.CENTRE_OPERATOR)
    pages = [
        change(office.person),
        reverse(f"{STAFF}_changelist"),
        reverse(f"{SECTION}_change", args=[office.section.pk]),
        reverse("import-roster"),
        reverse("import-entities"),
    ]
    for path in pages:
        text = client.get(path).content.decode()
        assert " style=" not in text
        assert "<style" not in text
        assert "onclick=" not in text
