"""Annex 1 and annex 2 of departments as one content, for .docx: the words of the posted PDF."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from departments.roster.annexes import DepartmentLines, SectionLines
from office import dates
from reports.documents.content import Align, Block, Column, Content, Form, NewPage, Paragraph, Table

PEOPLE = (
    Column("序号", 2),
    Column("科（室）", 5),
    Column("姓名", 4),
    Column("职务", 6),
    Column("人员类别", 4),
    Column("分管科室", 7),
)
DUTIES = (
    Column("科（室）", 4),
    Column("岗位职责", 8, Align.LEFT),
    Column("工作制度", 5, Align.LEFT),
    Column("事项名称", 5),
    Column("办理流程", 6, Align.LEFT),
    Column("办理时限", 3),
    Column("服务用语", 4, Align.LEFT),
)


def annexes_content(found: Sequence[DepartmentLines], *, county: str, today: date) -> Content:
    blocks = [block for unit in found for block in _unit(unit, county, today)]
    first = blocks[0]
    title = first.title if isinstance(first, NewPage) else ""
    return Content(
        form=Form.RECORD,
        title=title,
        issuer=f"{county}优化营商环境服务中心",
        on=today,
        blocks=tuple(blocks[1:]),
        across=True,
    )


def _unit(unit: DepartmentLines, county: str, today: date) -> Iterator[Block]:
    yield NewPage(f"{county}“三亮”专题行动部门人员身份公示表")
    yield Paragraph(f"填报单位：{unit.department.name}　　填报日期：{dates.day(today)}")
    people = [row for lines in unit.staffed for row in _people(lines)]
    yield Table(PEOPLE, (*people, ("合计", "", f"{unit.headcount}人", "", "", "")))
    if unit.on_duty:
        yield NewPage(f"{county}“三亮”专题行动部门科（室）岗位职责公示表")
        yield Paragraph(f"填报单位：{unit.department.name}")
        yield Table(DUTIES, tuple(row for lines in unit.on_duty for row in _duties(lines)))


def _people(lines: SectionLines) -> Iterator[tuple[str, ...]]:
    for place, one in enumerate(lines.people):
        section = lines.section.name if place == 0 else ""
        yield str(one.number), section, one.name, one.post, one.kind, one.supervises


def _duties(lines: SectionLines) -> Iterator[tuple[str, ...]]:
    section = lines.section
    shared = (section.name, section.responsibilities, section.work_rules, section.service_words)
    items = [(item.name, item.procedure, item.time_limit) for item in lines.items] or [("", "", "")]
    for place, item in enumerate(items):
        name, responsibilities, rules, words = shared if place == 0 else ("", "", "", "")
        yield name, responsibilities, rules, *item, words
