"""What is published of units as files for programs: .xlsx, CSV, JSON with schema, .docx; never of persons.

The same announcement gives the same bytes: archives carry the day of publication, no clock of a machine.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from evaluations.publication import PublicDepartment, PublicGroup
from evaluations.publication.figures import TOO_FEW
from office import dates
from office.definitions.numbers import exact
from office.workbooks.writing import safe, workbook_of
from reports.documents.content import Align, Column, Content, Form, Heading, Paragraph, Table
from reports.documents.docx import paper_docx
from reports.results import charts
from reports.results.announcement import Announcement
from reports.results.beside import how_sure, without_lines
from reports.results.wording import changed, rank, why_no_grade, why_no_rank, why_no_score

VERSION = 1
BOM = "\ufeff"
POINTS = "（分）"
_STAMPS = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(</dcterms:)")
Cell = str | int | float | None


def files_of(a: Announcement, *, county: str, demo: bool) -> dict[str, bytes]:
    return {
        "results.xlsx": _settled(_xlsx(a), a.published_on),
        "results.csv": _csv(a),
        "results.json": _json(a, county=county, demo=demo),
        "results.schema.json": _written(SCHEMA),
        "results.docx": _settled(paper_docx(content(a, county=county), demo=demo), a.published_on),
    }


NAMES = ("results.xlsx", "results.csv", "results.json", "results.schema.json", "results.docx")


def _headings(a: Announcement) -> list[str]:
    grades = ["等次"] * a.view.has_grades
    likely = ["可能范围下限（分）", "可能范围上限（分）", "等次是否稳定"] * a.has_intervals
    choices = [f"{word}（%）" for word in _choices(a)]
    return [
        "分组",
        "名次",
        "参评单位数（个）",
        a.view.unit,
        "得分（分）",
        *grades,
        *likely,
        "较上轮（分）",
        *choices,
        f"有效评价（{unit_of_answers(a)}）",
        *(["选票（张）"] * _has_ballots(a)),
        "说明",
    ]


def unit_of_answers(a: Announcement) -> str:
    """A ballot counts once for each person it judges."""
    return "人次" if a.view.judges_persons else "份"


def _has_ballots(a: Announcement) -> bool:
    return a.view.judges_persons and any(one.ballots for one in a.view.departments)


def _choices(a: Announcement) -> list[str]:
    shown = next((one.distribution for one in a.view.departments if one.distribution), None)
    return [share.choice for share in shown or ()]


def _rows(a: Announcement) -> Iterator[list[Cell]]:
    choices = _choices(a)
    for group in a.view.groups:
        for one in group.departments:
            shares = {share.choice: share.percent for share in one.distribution or ()}
            likely: list[Cell] = [None, None, None]
            if one.likely:
                steady = {True: "稳定", False: "接近界线", None: None}[one.likely.steady]
                likely = [float(one.likely.low), float(one.likely.high), steady]
            yield [
                group.name,
                one.rank,
                one.ranked_of if one.rank is not None else None,
                one.name,
                None if one.figure.score is None else float(one.figure.score),
                *([one.figure.grade] * a.view.has_grades),
                *(likely * a.has_intervals),
                _difference(a, one),
                *(shares.get(word) for word in choices),
                one.figure.band,
                *([one.ballots] * _has_ballots(a)),
                said(a, one),
            ]


def _difference(a: Announcement, one: PublicDepartment) -> float | None:
    """As a number, where the page compares the two rounds."""
    found = charts.change(a, one)
    if not found.score or found.last is None or not found.last.score or not one.figure.score:
        return None
    return round(float(exact(one.figure.score) - exact(found.last.score)), 2)


def said(a: Announcement, one: PublicDepartment) -> str:
    """Why a cell of a unit is empty."""
    found = [why_no_score(one.figure)] if one.figure.score is None else []
    if one.rank is None:
        found.append(why_no_rank(one))
    if not one.likely or not one.likely.is_wide:
        found.append(how_sure(a, one).rstrip("。"))
    return "；".join(dict.fromkeys(filter(None, [*found, *one.notes])))


def _facts(a: Announcement) -> Iterator[tuple[str, Cell]]:
    yield "轮次", a.title
    yield "周期", a.period
    yield "依据", a.document
    yield "公布日期", dates.day(a.published_on)
    yield "第几次公布", a.number
    if a.facts.opened_on:
        yield "开始评价", dates.day(a.facts.opened_on)
    if a.facts.closed_on:
        yield "截止评价", dates.day(a.facts.closed_on)
    if a.facts.ballots is not None:
        yield "有效选票（张）", a.facts.ballots
    for one in a.notes:
        yield "变动说明", f"{dates.day(one.on)}：{one.text}"


def _xlsx(a: Announcement) -> bytes:
    about = [list(one) for one in _facts(a)]
    formats = {heading: "0.00" for heading in _headings(a) if heading.endswith(POINTS)}
    return workbook_of(
        [("成绩单", _headings(a), _rows(a)), ("说明", ["项目", "内容"], about)], formats=formats
    )


def _csv(a: Announcement) -> bytes:
    found = io.StringIO()
    writer = csv.writer(found, lineterminator="\r\n")
    writer.writerow(_headings(a))
    writer.writerows(
        [_written_cell(cell, heading) for cell, heading in zip(row, _headings(a), strict=True)]
        for row in _rows(a)
    )
    return (BOM + found.getvalue()).encode()


def _written_cell(cell: Cell, heading: str) -> Any:
    """Points with two places throughout a column; shares and places are whole."""
    return f"{cell:.2f}" if isinstance(cell, float) and heading.endswith(POINTS) else safe(cell)


def _json(a: Announcement, *, county: str, demo: bool) -> bytes:
    return _written(
        {
            "$schema": "results.schema.json",
            "version": VERSION,
            "county": county,
            "demo": demo,
            "round": a.title,
            "period": a.period,
            "policy": a.document,
            "publishedOn": a.published_on.isoformat(),
            "publication": a.number,
            "openedOn": a.facts.opened_on.isoformat() if a.facts.opened_on else None,
            "closedOn": a.facts.closed_on.isoformat() if a.facts.closed_on else None,
            "ballots": a.facts.ballots,
            "changes": [{"on": one.on.isoformat(), "text": one.text} for one in a.notes],
            "units": [_unit(a, one, group.name) for group in a.view.groups for one in group.departments],
        }
    )


def _unit(a: Announcement, one: PublicDepartment, group: str) -> dict[str, Any]:
    return {
        "name": one.name,
        "group": group,
        "score": None if one.figure.score is None else float(one.figure.score),
        "grade": one.figure.grade,
        "rank": one.rank,
        "rankedOf": one.ranked_of if one.rank is not None else None,
        "interval": [float(one.likely.low), float(one.likely.high)] if one.likely else None,
        "answers": one.figure.band,
        "ballots": one.ballots or None,
        "distribution": {share.choice: share.percent for share in one.distribution}
        if one.distribution
        else None,
        "remark": said(a, one),
    }


def _written(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()


def content(a: Announcement, *, county: str) -> Content:
    """The sheet of results as an official record."""
    office = f"{county}优化营商环境服务中心"
    blocks: list[Any] = [Paragraph(f"{a.title}，依据{a.document}。")]
    for group in a.view.groups:
        if len(a.view.groups) > 1:
            blocks.append(Heading(1, group.name))
        columns = _columns(a, group)
        rows = tuple(tuple(written(one) for _, written in columns) for one in group.departments)
        blocks.append(Table(tuple(column for column, _ in columns), rows))
    if a.has_intervals:
        blocks.append(Paragraph("可能范围为95%的威尔逊得分区间，只用公布的数字推算。"))
    if any(one.figure.note == TOO_FEW for one in a.view.departments):
        blocks.append(Paragraph("“样本不足”表示有效评价太少，不计得分，不等于零分。"))
    blocks += (Paragraph(one) for one in without_lines(a))
    if any(one.distribution for one in a.view.departments):
        blocks.append(Paragraph("各单位的评价分布见各自的成绩单。"))
    return Content(
        form=Form.RECORD, title=f"{a.title}成绩单", issuer=office, on=a.published_on, blocks=tuple(blocks)
    )


Written = Callable[[PublicDepartment], str]


def _columns(a: Announcement, group: PublicGroup) -> list[tuple[Column, Written]]:
    """Those of the page; a column in which nothing would stand is left out."""
    units = group.departments
    found: list[tuple[Column, Written]] = [
        (Column("名次", 2), lambda one: rank(one).removeprefix("第").removesuffix("名") or why_no_rank(one)),
        (Column(a.view.unit, 6, Align.LEFT), lambda one: one.name),
        (Column("得分（分）", 3), lambda one: one.figure.score or why_no_score(one.figure)),
    ]
    if any(one.likely and one.likely.is_wide for one in units):
        found.append((Column("可能范围（分）", 4), _range))
    changes = {one.id: charts.change(a, one) for one in units}
    if any(one.score or one.rank for one in changes.values()):
        found.append((Column("较上轮", 3), lambda one: changed(changes[one.id])))
    if a.view.has_grades:
        found.append((Column("等次", 3), lambda one: one.figure.grade or why_no_grade(one.figure)))
    if any(one.figure.band for one in units):
        found.append(
            (Column(f"有效评价（{unit_of_answers(a)}）", 3), lambda one: one.figure.band or "不公布")
        )
    return found


def _range(one: PublicDepartment) -> str:
    if one.likely is None:
        return "不公布"
    return f"{one.likely.low}至{one.likely.high}" if one.likely.is_wide else "无需推算"


def _settled(archive: bytes, on: date) -> bytes:
    """The archive with one day for all its parts."""
    stamp = f"{on.isoformat()}T00:00:00Z".encode()
    out = io.BytesIO()
    with ZipFile(io.BytesIO(archive)) as found, ZipFile(out, "w", ZIP_DEFLATED) as made:
        for name in found.namelist():
            part = found.read(name)
            if name == "docProps/core.xml":
                part = _STAMPS.sub(rb"\g<1>" + stamp + rb"\g<2>", part)
            info = ZipInfo(name, (on.year, on.month, on.day, 0, 0, 0))
            info.compress_type = ZIP_DEFLATED
            made.writestr(info, part)
    return out.getvalue()


def _or_null(kind: str) -> dict[str, Any]:
    return {"type": [kind, "null"]}


_UNIT: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": [
        "name",
        "group",
        "score",
        "grade",
        "rank",
        "rankedOf",
        "interval",
        "answers",
        "distribution",
        "remark",
    ],
    "properties": {
        "name": {"type": "string", "description": "单位名称"},
        "group": {"type": "string", "description": "排名的分组"},
        "score": _or_null("number") | {"description": "得分；不公布或样本不足为 null，从不写 0"},
        "grade": _or_null("string") | {"description": "等次"},
        "rank": _or_null("integer") | {"description": "名次，同分并列"},
        "rankedOf": _or_null("integer") | {"description": "同组参加排名的单位数"},
        "interval": {
            "type": ["array", "null"],
            "description": "95% 可能范围（威尔逊得分区间），由公布的数字推算",
            "items": {"type": "number"},
            "minItems": 2,
            "maxItems": 2,
        },
        "answers": _or_null("string")
        | {"description": "有效评价所在的档次，评价人员的按人次，评价单位的按份"},
        "ballots": _or_null("string") | {"description": "评价了该单位的选票张数所在的档次"},
        "distribution": {
            "type": ["object", "null"],
            "description": "各选项占有效评价的百分比，已取整",
            "additionalProperties": {"type": "integer", "minimum": 0, "maximum": 100},
        },
        "remark": {"type": "string", "description": "没有数字的原因和说明"},
    },
}
SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "营商环境评价成绩单",
    "type": "object",
    "additionalProperties": False,
    "required": ["version", "county", "round", "period", "policy", "publishedOn", "publication", "units"],
    "properties": {
        "$schema": {"type": "string"},
        "version": {"const": VERSION},
        "county": {"type": "string"},
        "demo": {"type": "boolean", "description": "演示数据"},
        "round": {"type": "string"},
        "period": {"type": "string"},
        "policy": {"type": "string"},
        "publishedOn": {"type": "string", "format": "date"},
        "publication": {"type": "integer", "minimum": 1},
        "openedOn": _or_null("string"),
        "closedOn": _or_null("string"),
        "ballots": _or_null("integer"),
        "changes": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["on", "text"],
                "properties": {"on": {"type": "string"}, "text": {"type": "string"}},
            },
        },
        "units": {"type": "array", "items": _UNIT},
    },
}
