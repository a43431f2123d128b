"""Importing annex 1 and annex 2 (YC-R1, YC-R2)."""

from __future__ import annotations

import io
import json
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from departments.models import Department, DepartmentAlias, Section, ServiceItem, StaffMember
from departments.roster.plan import CHANGED, CREATED, MISSING, UNCHANGED
from departments.roster.services import import_roster, preview_roster
from office.errors import Refused
from office.models import AuditEntry
from tests.kit.files import DATA, ROSTER, changed, small

pytestmark = pytest.mark.django_db

LEADER = ["县试验局", "局领导", "甲一", "局长", "主要负责人", None, "", ""]
DEPUTY = ["县试验局", "局领导", "乙二", "副局长", "分管领导", "审批科", "", ""]
HEAD = ["县试验局", "审批科", "丙三", "科长", "科室负责人", None, "", ""]
CLERK = ["县试验局", "审批科", "丁四", "科员", "科员", None, "", ""]
DUTY = ["县试验局", "审批科", "受理。", "首问负责制", "许可", "受理→决定", "5个工作日", "您好"]


def load(content: bytes, **options: object) -> object:
    return import_roster(content=content, file_name="名册.xlsx", acting_user=None, **options)  # type: ignore[arg-type]


def faults_of(content: bytes) -> list[str]:
    """Import and return the faults; check that nothing was written."""
    with pytest.raises(Refused) as refusal:
        load(content)
    assert not Department.objects.exists()
    assert not StaffMember.objects.exists()
    assert not AuditEntry.objects.exists()
    assert "未作任何更改" in refusal.value.message
    return list(refusal.value.faults)


def as_truth(person: StaffMember) -> dict[str, object]:
    supervised = [section.name for section in person.supervised_sections.all()]
    return {
        "department": person.department.name,
        "section": person.section.name,
        "name": person.name,
        "kind": person.kind,
        "post": person.post,
        "supervises": sorted(supervised),
    }


def test_the_countys_workbook_yields_exactly_the_known_people() -> None:
    """YC-R1."""
    load(ROSTER.read_bytes())
    people = StaffMember.objects.select_related("department", "section").prefetch_related(
        "supervised_sections"
    )
    truth = json.loads((DATA / "truth.json").read_text())["roster"]
    wanted = [{**row, "supervises": sorted(row["supervises"])} for row in truth]
    assert [as_truth(person) for person in people] == wanted


def test_duty_sheets_come_with_items_procedures_and_limits() -> None:
    """YC-R2."""
    load(ROSTER.read_bytes())
    assert ServiceItem.objects.count() == 199
    section = Section.objects.get(department__name="县工业和信息化局", name="业务办理科")
    assert section.responsibilities.splitlines()[1] == "2.解答企业咨询；"
    assert section.work_rules == "首问负责制、一次性告知制、限时办结制"
    assert section.service_words == "您好，请问您办理什么业务？"
    assert list(section.items.values_list("name", "procedure", "time_limit")) == [
        ("企业登记备案", "受理→审核→决定→送达", "法定20日，承诺7日"),
        ("资质核验（变更）", "受理→审核→决定→送达", "即办"),
        ("用地预审（变更）", "受理→审核→决定→送达", "3个工作日"),
    ]


def test_the_24_departments_keep_the_order_of_the_workbook_and_learn_their_short_names() -> None:
    """YC-R4."""
    load(ROSTER.read_bytes())
    names = list(Department.objects.values_list("name", flat=True))
    assert len(names) == 24
    assert names[:2] == ["县发展和改革局", "县工业和信息化局"]
    assert names[-1] == "县消防救援大队"
    assert DepartmentAlias.objects.get(name="县工信局").department.name == "县工业和信息化局"
    assert DepartmentAlias.objects.count() == 7


@pytest.mark.both_databases
def test_a_second_import_of_the_same_file_changes_nothing() -> None:
    load(ROSTER.read_bytes())
    before = [list(model.objects.values()) for model in (Department, Section, StaffMember, ServiceItem)]
    plan = load(ROSTER.read_bytes())
    assert not plan.writes  # type: ignore[attr-defined]
    counts = plan.counts()  # type: ignore[attr-defined]
    assert counts["人员"] == {CREATED: 0, CHANGED: 0, UNCHANGED: 434, MISSING: 0}
    assert before == [
        list(model.objects.values()) for model in (Department, Section, StaffMember, ServiceItem)
    ]
    assert AuditEntry.objects.count() == 1


def test_a_dry_run_writes_nothing_and_says_what_would_happen() -> None:
    out = io.StringIO()
    call_command("import_roster", str(ROSTER), "--dry-run", stdout=out)
    assert "人员：新增 434" in out.getvalue()
    assert "没有写入" in out.getvalue()
    assert not Department.objects.exists()


def test_the_import_leaves_one_audit_entry_with_counts_and_checksum() -> None:
    load(ROSTER.read_bytes())
    entry = AuditEntry.objects.get()
    assert entry.verb == "导入名册"
    assert entry.after["人员"]["新增"] == 434
    assert len(entry.after["文件校验值"]) == 64


def test_all_faults_are_named_at_once_by_sheet_row_and_column() -> None:
    people = [
        LEADER,
        [*DEPUTY[:5], "审批科、不存在科", "", ""],
        ["县试验局", "审批科", "丙三", "科长", "科长大人", None, "", ""],
        ["县试验局", "审批科", "", "科员", "科员", None, "", ""],
        ["县试验局", None, "戊五", "科员", "科员", None, "", ""],
        CLERK,
        CLERK,
    ]
    duties = [DUTY, ["县无名局", *DUTY[1:]], ["县试验局", "无名科", *DUTY[2:]]]
    faults = faults_of(small(people, duties))
    places = [
        "“附件1”第4行G列（分管科室）",
        "“附件1”第5行F列（人员类别）",
        "“附件1”第6行D列（姓名）",
        "“附件1”第7行C列（科（室））",
        "“附件1”第9行D列（姓名）",
        "“附件2”第3行A列（部门）",
        "“附件2”第4行B列（科（室））",
    ]
    assert sorted(fault.split("：")[0] for fault in faults) == places


def test_the_same_person_twice_in_a_section_is_a_fault() -> None:
    faults = faults_of(small([LEADER, DEPUTY, HEAD, CLERK, ["县试验局", "审批科", "丁　四", "", "工作人员"]]))
    assert len(faults) == 1
    assert "“丁四”在第6行已经出现" in faults[0]


def test_the_same_name_in_two_sections_is_two_people() -> None:
    load(small([LEADER, CLERK, ["县试验局", "监管科", "丁四", "", "工作人员"]]))
    assert StaffMember.objects.filter(name="丁四").count() == 2


def test_a_section_has_one_supervising_leader() -> None:
    faults = faults_of(
        small([LEADER, DEPUTY, ["县试验局", "局领导", "己六", "", "分管负责同志", "审批科"], HEAD])
    )
    assert "已由“乙二”分管" in faults[0]


@pytest.mark.parametrize(
    ("spelling", "kind"),
    [
        ("主要负责同志", "principal_leader"),
        ("主要负责人 ", "principal_leader"),
        ("分管负责同志", "supervising_leader"),
        ("分管领导", "supervising_leader"),
        ("科（室）负责同志", "section_head"),
        ("科(室)负责人", "section_head"),
        ("业务科室负责人", "section_head"),
        ("其他负责同志", "other_leader"),
        ("科员", "staff"),
        ("工作　人员", "staff"),
    ],
)
def test_kinds_of_person_are_recognized_in_every_spelling(spelling: str, kind: str) -> None:
    """YC-R1."""
    load(small([["县试验局", "审批科", "丁四", "科员", spelling]]))
    assert StaffMember.objects.get().kind == kind


def test_a_later_unknown_department_is_a_fault_unless_new_ones_are_allowed() -> None:
    load(small([LEADER]))
    other = small([["县另外局", *LEADER[1:]]])
    with pytest.raises(Refused) as refusal:
        load(other)
    assert "单位名单中没有“县另外局”" in refusal.value.faults[0]
    load(other, new_departments=True)
    assert list(Department.objects.values_list("name", flat=True)) == ["县试验局", "县另外局"]


def test_people_missing_from_the_workbook_are_reported_and_kept() -> None:
    load(small([LEADER, DEPUTY, HEAD, CLERK], [DUTY]))
    plan = load(small([LEADER, DEPUTY, HEAD], [DUTY]))
    missing = [str(change) for change in plan.changes if change.action == MISSING]  # type: ignore[attr-defined]
    assert missing == ["名单中未出现人员 丁四（县试验局 审批科）"]
    assert StaffMember.objects.filter(name="丁四", left_on=None).exists()


def test_moving_within_a_department_keeps_the_person() -> None:
    load(small([LEADER, DEPUTY, HEAD, CLERK]))
    before = StaffMember.objects.get(name="丁四")
    load(small([LEADER, DEPUTY, HEAD, ["县试验局", "监管科", "丁四", "科长", "科室负责人"]]))
    after = StaffMember.objects.get(name="丁四")
    assert after.pk == before.pk
    assert (after.section.name, after.kind, after.post) == ("监管科", "section_head", "科长")


def test_values_set_by_hand_survive_an_import() -> None:
    load(small([LEADER, DEPUTY, HEAD, CLERK]))
    StaffMember.objects.filter(name="丁四").update(is_judged=False, left_on=date(2026, 9, 1))
    Section.objects.filter(name="审批科").update(topic="supervision")
    plan = load(small([LEADER, DEPUTY, HEAD, CLERK]))
    person = StaffMember.objects.get(name="丁四")
    assert (person.is_judged, person.left_on) == (False, date(2026, 9, 1))
    assert person.section.topic == "supervision"
    assert any("已登记离任" in note for note in plan.notes)  # type: ignore[attr-defined]


@pytest.mark.both_databases
def test_the_import_writes_exactly_what_was_previewed_or_refuses() -> None:
    content = small([LEADER, DEPUTY, HEAD, CLERK])
    digest = preview_roster(content=content, acting_user=None).digest()
    Department.objects.create(name="县试验局")
    with pytest.raises(Refused, match="请重新预览"):
        load(content, expected_digest=digest)
    assert not StaffMember.objects.exists()
    again = preview_roster(content=content, acting_user=None).digest()
    load(content, expected_digest=again)
    assert StaffMember.objects.count() == 4


@pytest.mark.both_databases
def test_a_change_between_comparing_and_writing_stops_the_import() -> None:
    load(small([LEADER, DEPUTY, HEAD, CLERK]))
    seen = []

    def step(done: int, total: int, message: str = "") -> None:
        if message == "正在写入":
            StaffMember.objects.filter(name="丙三").update(post="股长")
            seen.extend(StaffMember.objects.values())

    with pytest.raises(Refused, match="请重新预览"):
        load(
            small([LEADER, DEPUTY, ["县试验局", "审批科", "丙三", "主任", "科室负责人"], CLERK]),
            progress=step,
        )
    assert seen == list(StaffMember.objects.values())


def test_unmerged_department_cells_left_blank_belong_to_the_department_above() -> None:
    load(small([LEADER, [None, *DEPUTY[1:]], [None, *HEAD[1:]], ["", *CLERK[1:]]]))
    assert StaffMember.objects.filter(department__name="县试验局").count() == 4


def test_a_total_that_does_not_match_is_noted() -> None:
    def change(book: object) -> None:
        book["附件1"]["D439"] = "４３５人"  # type: ignore[index]

    plan = load(changed(ROSTER, change))
    assert any("写明 435 人，实际读到 434 人" in note for note in plan.notes)  # type: ignore[attr-defined]


def test_the_command_reports_faults_and_fails(tmp_path: Path) -> None:
    file = tmp_path / "名册.xlsx"
    file.write_bytes(small([["县试验局", "审批科", "丁四", "", "贵宾"]]))
    with pytest.raises(CommandError, match="“贵宾”不是规定的人员类别"):
        call_command("import_roster", str(file))
    assert not Department.objects.exists()
