"""Annex 1 and annex 2 go out in their printed form and come back in without a change (YC-R1, YC-R2)."""

from __future__ import annotations

import io
from datetime import date

import pytest
from django.core.management import call_command
from openpyxl import load_workbook
from pypdf import PdfReader

from departments.models import Department, Section, ServiceItem, StaffMember
from departments.roster.annex_workbook import annex_workbook
from departments.roster.annexes import DepartmentLines, PersonLine, SectionLines, annex_lines
from departments.roster.plan import Plan
from departments.roster.services import import_roster, preview_roster
from office.exports import typeset
from office.models import AuditEntry
from office.roles import Role
from reports.annexes.pdf import annexes_html
from tests.kit.files import ROSTER, small
from tests.kit.odd_cells import given
from tests.kit.people import signed_in

pytestmark = pytest.mark.django_db
PAGE = "/office/annexes/"


def out_and_in() -> Plan:
    units = Department.objects.order_by("order", "id")
    content = annex_workbook(annex_lines(units), county="示范县", today=date(2026, 11, 22))
    return preview_roster(content=content, acting_user=None)


def edited_by_hand() -> None:
    """What officials do in forms between an import and the next export."""
    leader = StaffMember.objects.filter(kind="supervising_leader").first()
    assert leader is not None
    section = Section.objects.filter(department=leader.department, is_leadership=False).first()
    assert section is not None
    section.supervising_leader = leader
    section.responsibilities = "1.负责受理；\r\n\r\n2.=限时  办结\r\n- 其他"
    section.service_words = "+您好"
    section.save()
    person = StaffMember.objects.filter(section=section).first()
    assert person is not None
    person.post, person.name, person.office_phone, person.note = "=科 长", "孟 敏", "+86 530", "@备注"
    person.save()
    StaffMember.objects.filter(section=section).exclude(pk=person.pk).update(order=90, is_shown=False)
    StaffMember.objects.filter(kind="staff").latest("id").delete()
    gone = StaffMember.objects.filter(kind="staff").earliest("id")
    gone.left_on = date(2026, 1, 1)
    gone.save()
    Section.objects.create(
        department=leader.department, name="新设科（室）", order=77, work_rules="首问负责制"
    )
    ServiceItem.objects.filter(section=section).update(order=5, procedure="受理→\r\n决定")


@pytest.mark.parametrize("edits", [False, True], ids=["as imported", "edited by hand"])
def test_importing_the_exported_annexes_changes_nothing(edits: bool) -> None:
    """YC-R1, YC-R2: export → import changes nothing."""
    call_command("import_roster", str(ROSTER), stdout=io.StringIO())
    if edits:
        edited_by_hand()
    plan = out_and_in()
    assert [str(fault) for fault in plan.faults] == []
    assert [str(change) for change in plan.changes if change.action not in ("未变", "名单中未出现")] == []
    assert not plan.writes
    assert plan.counts()["人员"]["未变"] == StaffMember.objects.filter(left_on=None).count()
    assert plan.counts()["人员"]["名单中未出现"] == 0


def test_an_edited_annex_is_imported_as_a_change() -> None:
    """The order of people in the workbook counts as soon as it differs from what is stored."""
    rows: list[list[object]] = [
        ["县甲局", "审批科", name, "", "工作人员", "", "", ""] for name in ("张甲", "李乙")
    ]
    import_roster(content=small(rows), file_name="名册.xlsx", acting_user=None)
    plan = preview_roster(content=small(rows[::-1]), acting_user=None)
    assert plan.counts()["人员"]["变更"] == 2


def test_a_missing_column_leaves_stored_values() -> None:
    unit = Department.objects.create(name="县甲局")
    section = Section.objects.create(department=unit, name="审批科", order=1)
    StaffMember.objects.create(
        department=unit, section=section, name="张甲", kind="staff", office_phone="123", order=1
    )
    book = load_workbook(io.BytesIO(small([["县甲局", "审批科", "张甲", "", "工作人员", "", "", ""]])))
    book.worksheets[0].delete_cols(8)  # 办公电话
    content = io.BytesIO()
    book.save(content)
    assert not preview_roster(content=content.getvalue(), acting_user=None).writes


def test_the_workbook_looks_like_the_printed_annex() -> None:
    """YC-R1: title, two header rows, merged department, total; YC-R2: one duty sheet a section."""
    call_command("import_roster", str(ROSTER), stdout=io.StringIO())
    unit = Department.objects.order_by("order").first()
    assert unit is not None
    client = signed_in(Role.CENTRE_OPERATOR)
    response = client.get(PAGE, {"department": str(unit.pk), "form": "xlsx"})
    book = load_workbook(io.BytesIO(response.getvalue()))
    assert book.sheetnames == ["附件1", "附件2"]
    sheet = book["附件1"]
    assert sheet["A1"].value.endswith("“三亮”专题行动部门人员身份公示表")
    assert sheet["A2"].value == f"填报单位：{unit.name}"
    merged = {str(area) for area in sheet.merged_cells.ranges}
    people = StaffMember.objects.filter(department=unit).count()
    last = 5 + people
    assert {"A1:I1", "B3:B4", "E3:G3", f"B5:B{last - 1}", f"A{last}:C{last}"} <= merged
    assert (sheet.cell(last, 1).value, sheet.cell(last, 4).value) == ("合计", f"{people}人")
    assert sheet.print_title_rows == "$3:$4"
    assert sheet.row_dimensions[5].height == 21, "a telephone number takes one line"
    entry = AuditEntry.objects.get(verb="导出")
    assert (entry.object_label, entry.after["人数"]) == (unit.name, people)


def test_department_people_export_only_their_own_annexes() -> None:
    mine, other = (Department.objects.create(name=name) for name in ("县甲局", "县乙局"))
    client = signed_in(Role.DEPARTMENT_OFFICER, mine)
    assert "县乙局" not in client.get(PAGE).content.decode()
    assert client.get(PAGE, {"department": str(other.pk), "form": "xlsx"}).status_code == 422
    whole = load_workbook(io.BytesIO(client.get(PAGE, {"form": "xlsx"}).getvalue()))
    assert whole["附件1"]["A2"].value == "填报单位：县甲局"
    assert signed_in(Role.PAPER_CLERK).get(PAGE).status_code == 403


def heights_hold_the_texts(content: bytes) -> None:
    """Every text has 15 points a line in the rows that its cell covers, and no row is beyond 409 points."""
    for sheet in load_workbook(io.BytesIO(content)).worksheets:
        heights = {number: row.height or 15 for number, row in sheet.row_dimensions.items()}
        assert max(heights.values()) <= 409
        covered = {
            (area.min_row, area.min_col): range(area.min_row, area.max_row + 1)
            for area in sheet.merged_cells.ranges
            if area.min_row > 2
        }
        for row in sheet.iter_rows(min_row=5):
            for cell in row:
                if cell.value is None:
                    continue
                rows = covered.get((cell.row, cell.column), [cell.row])
                width = sheet.column_dimensions[cell.column_letter].width
                lines = [
                    sum(2 if char > "\u2e80" else 1 for char in line) for line in str(cell.value).split("\n")
                ]
                needed = 15 * sum(max(1, -(-line // int(width))) for line in lines)
                assert sum(heights.get(number, 15) for number in rows) >= needed, cell.coordinate


@pytest.mark.parametrize("items", [1, 2, 12])
def test_rows_are_as_high_as_their_texts_beyond_what_one_row_can_be(items: int) -> None:
    """A row holds 409 points at most: a longer text covers several rows, and comes back unchanged."""
    long = "依法办理有关审批服务事项并接受监督。" * 60
    steps = "\n".join(f"{number}.受理申请、审查材料、现场核查、作出决定" for number in range(1, 31))
    rows: list[list[object]] = [
        ["县甲局", "审批科", long, "首问负责", "事项1", steps, "5个工作日", "您好"],
        *(
            ["县甲局", "审批科", None, None, f"事项{number}", "受理→办结", "5个工作日", None]
            for number in range(2, items + 1)
        ),
    ]
    person: list[object] = ["县甲局", "审批科", "张甲", "科长" * 40, "科室负责人", None, "", "备注" * 100]
    import_roster(content=small([person], rows), file_name="名册.xlsx", acting_user=None)
    units = Department.objects.all()
    content = annex_workbook(annex_lines(units), county="示范县", today=date(2026, 11, 22))
    heights_hold_the_texts(content)
    assert not preview_roster(content=content, acting_user=None).writes


def test_the_sheet_an_office_sent_goes_out_with_room_and_comes_back_unchanged() -> None:
    import_roster(content=given("row-height-limit.roster"), file_name="名册.xlsx", acting_user=None)
    units = Department.objects.all()
    content = annex_workbook(annex_lines(units), county="示范县", today=date(2026, 11, 22))
    heights_hold_the_texts(content)
    assert not preview_roster(content=content, acting_user=None).writes


def long_department() -> DepartmentLines:
    """A section of 30 matters whose duties are longer than a page, and one of ordinary length."""
    unit = Department(name="县甲局")
    duties = "\n".join(f"{number}.依法办理有关审批服务事项并接受监督。" for number in range(1, 151))
    long = Section(department=unit, name="审批科", responsibilities=duties, work_rules="首问负责制")
    short = Section(department=unit, name="综合科", responsibilities="办文。", work_rules="首问负责制")
    items = [
        ServiceItem(name=f"事项{number}", procedure="受理→审查→决定", time_limit="5个工作日")
        for number in range(1, 31)
    ]
    people = [PersonLine(number, f"甲{number}", "科员", "工作人员", "", "", "") for number in range(1, 41)]
    return DepartmentLines(unit, [SectionLines(long, people, items), SectionLines(short, [], items[:2])])


def test_a_text_longer_than_a_page_is_set_with_headings_and_whole() -> None:
    html = annexes_html([long_department()], county="示范县", today=date(2026, 11, 22))
    assert html.count("<td rowspan=") + html.count('<td class="text" rowspan=') == 4  # the short section's
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(typeset.pdf(html))).pages]
    text = "".join("".join(pages).split())
    assert all(f"{number}.依法办理" in text for number in range(1, 151))
    assert all(f"事项{number}" in text for number in range(1, 31))
    duty_pages = [page for page in pages if "依法办理" in page]
    assert len(duty_pages) > 2
    assert all("岗位职责" in page and "办理流程" in page for page in duty_pages)
    assert "依法办理" in next(page for page in pages if "岗位职责公示表" in page)
