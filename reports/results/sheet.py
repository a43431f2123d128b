"""A department's 成绩单: what the page shows, as the public PDF and as a content for .docx."""

from __future__ import annotations

from collections.abc import Iterator

from django.template.loader import render_to_string

from evaluations.publication import Node, PublicDepartment
from evaluations.publication.figures import TOO_FEW
from evaluations.results.score_sheet import lines_of
from office import dates
from reports.documents.content import Align, Block, Column, Content, Form, Heading, Paragraph, Table
from reports.results.announcement import Announcement
from reports.results.beside import sentences
from reports.results.distribution import in_words
from reports.results.wording import band_or_why, bases, rank, score_beside, why_no_rank, why_no_score

SCORES = (
    Column("项目", 6, Align.LEFT),
    Column("满分", 2),
    Column("得分情况", 3),
    Column("备注", 6, Align.LEFT),
)
PERSONS = (
    Column("科（室）", 4),
    Column("姓名", 3),
    Column("岗位", 4),
    Column("得分（分）", 3),
    Column("等次", 3),
    Column("有效评价（人次）", 4),
)


def sheet_html(
    announcement: Announcement, department: PublicDepartment, *, county: str, demo: bool = False
) -> str:
    context = {"a": announcement, "department": department, "county_name": county, "demo": demo}
    kind = "" if announcement.view.judges_persons else "unit_"
    return render_to_string(f"reports/results/{kind}sheet.html", context)


BOARDS = {"results.pdf": "A4", "board-a3.pdf": "A3"}
"""All units on one sheet for a wall, by size of paper."""
DRAWN = {"A4": (110, 12), "A3": (330, 18)}
"""How wide a drawn column is and how large the words of its scale, in pixels."""


def board_html(announcement: Announcement, size: str, *, county: str, demo: bool = False) -> str:
    width, sign = DRAWN[size]
    context = {
        "a": announcement,
        "size": size,
        "county_name": county,
        "demo": demo,
        "width": width,
        "sign": sign,
    }
    return render_to_string("reports/results/board.html", context)


def sheet_content(announcement: Announcement, department: PublicDepartment, *, county: str) -> Content:
    """The words of the posted PDF, for an office program."""
    a, office = announcement, f"{county}优化营商环境服务中心"
    again = f"，第{a.number}次公布" if a.number > 1 else ""
    parts = _of_persons(a, department) if a.view.judges_persons else _of_units(a, department)
    return Content(
        form=Form.RECORD,
        title=f"{department.name}成绩单",
        issuer=office,
        on=a.published_on,
        blocks=(
            Paragraph(f"{a.title}{again}。"),
            Heading(1, "评价结果"),
            *parts,
            Paragraph(
                f"文件没有写明之处按{len(a.readings)}条口径处理，逐条的问题和答案见公示网站本轮结果中的“怎样计分”。"
            ),
            *_key(a),
            Paragraph(f"制表：{office}，{dates.day(a.published_on)}。"),
        ),
    )


def _of_persons(a: Announcement, department: PublicDepartment) -> Iterator[Block]:
    figure = department.figure
    found = [
        ("得分（分）", figure.score or why_no_score(figure)),
        ("等次", figure.grade or "不公布"),
        ("名次", rank(department) or why_no_rank(department)),
        ("有效评价（人次）", figure.band or "不公布"),
    ]
    yield _one_row(found + [("选票（张）", str(department.ballots))] * bool(department.ballots))
    if figure.score and "." not in figure.score:
        yield Paragraph("有效评价不足50人次的，得分取整数公布，名次和等次按未取整的得分评定。")
    if figure.note == TOO_FEW:
        yield Paragraph("有效评价太少，不计得分，也不评等次，不等于零分。")
    yield from (Paragraph(one) for one in sentences(a, department))
    yield from _distribution(department)
    yield Heading(1, "人员成绩")
    yield Paragraph(a.about_persons + (f"公布依据：{a.decision}。" if a.decision else ""))
    if rows := tuple(_persons(a, department)):
        yield Table(PERSONS, rows)
        yield Paragraph("个人有效评价不足50人次的，得分取整数公布，等次按未取整的得分评定。")
    if department.others:
        yield Paragraph(department.others)
    yield from _changes(a)
    yield Heading(1, "计分依据和口径")
    yield Paragraph(f"依据{a.document}。")
    yield from (Paragraph(_rule(part)) for part in department.derivation.parts)
    yield from (
        Paragraph(f"{one.label}。{one.says}（条款{one.clause}）") for one in bases(department.sections)
    )


def _persons(a: Announcement, department: PublicDepartment) -> Iterator[tuple[str, ...]]:
    for section in department.sections:
        if section.figure:
            score, band = section.figure.score or "", section.figure.band or ""
            yield section.name, "科室合并", "", score, "", band
        for one in section.listed:
            score = score_beside(one.figure, department, a.grades) or why_no_score(one.figure)
            told = (one.name, one.post, score)
            grade = one.figure.grade or "等次待确认"
            yield (section.name, *told, grade, band_or_why(one.figure, one.basis))


def _of_units(a: Announcement, department: PublicDepartment) -> Iterator[Block]:
    figure = department.figure
    ranked = f"{rank(department)}（共{department.ranked_of}个单位）" if rank(department) else ""
    found = [("得分（分）", figure.score or why_no_score(figure))]
    found += [("等次", figure.grade or "不公布")] * a.view.has_grades
    found.append(("名次", ranked or why_no_rank(department)))
    yield _one_row(found + [("有效评价（份）", figure.band or "")] * bool(figure.band))
    yield from (Paragraph(f"{note}。") for note in department.notes)
    yield from (Paragraph(one) for one in sentences(a, department))
    yield from _distribution(department)
    yield Heading(1, "得分情况")
    yield Table(
        SCORES,
        tuple(
            (
                line.item if line.is_total else line.place,
                line.full or "不适用",
                line.got or "见备注",
                line.remark + (f"（条款{line.clause}）" if line.clause else ""),
            )
            for line in lines_of(department)
        ),
    )
    yield Paragraph("“不单独公布”的，是为保护评价人和打分人，已计入得分。")
    yield from _changes(a)
    yield Heading(1, "计分依据和口径")
    yield Paragraph(f"依据{a.document}。")


def _one_row(found: list[tuple[str, str]]) -> Table:
    return Table(tuple(Column(name) for name, _ in found), (tuple(value for _, value in found),))


def _distribution(department: PublicDepartment) -> Iterator[Block]:
    if department.distribution:
        yield Paragraph(f"全部有效评价的分布（百分比已取整）：{in_words(department.distribution)}。")


def _changes(a: Announcement) -> Iterator[Block]:
    yield from (Paragraph(f"{dates.day(note.on)}：{note.text}") for note in a.notes)
    if a.number > 1:
        yield Paragraph(f"更正原因：{a.reason}{f'（{a.correction}）' if a.correction else ''}。")


def _rule(part: Node) -> str:
    return f"{part.label}{f'：{part.value}' if part.value else ''}。{part.says}（条款{part.clause}）"


def _key(a: Announcement) -> Iterator[Block]:
    if a.key_on_server:
        yield Paragraph("本轮计票密钥加密保存在评价系统的服务器上，没有由纪检监察机关离线保管。")
