"""What is published of units as files for programs: .xlsx, CSV, JSON with schema, .docx; never of persons.

The same announcement gives the same bytes: archives carry the day of publication, no clock of a machine.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from datetime import date
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from evaluations.publication import PublicDepartment
from evaluations.publication.figures import TOO_FEW
from office import dates
from office.definitions.numbers import exact
from office.workbooks.writing import safe, workbook_of
from reports.documents.content import Align, Column, Content, Form, Heading, Paragraph, Table
from reports.documents.docx import paper_docx
from reports.results import charts
from reports.results.announcement import Announcement
from reports.results.beside import how_sure, without_lines
from reports.results.distribution import in_words
from reports.results.wording import rank, why_no_rank, why_no_score

VERSION = 1
BOM = "\ufeff"
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
        "共几个",
        a.view.unit,
        "得分（分）",
        *grades,
        *likely,
        "较上轮（分）",
        *choices,
        "有效评价",
        "说明",
    ]


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
    return workbook_of([("成绩单", _headings(a), _rows(a)), ("说明", ["项目", "内容"], about)])


def _csv(a: Announcement) -> bytes:
    found = io.StringIO()
    writer = csv.writer(found, lineterminator="\r\n")
    writer.writerow(_headings(a))
    writer.writerows([safe(cell) for cell in row] for row in _rows(a))
    return (BOM + found.getvalue()).encode()


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
    columns = (
        Column("名次", 2),
        Column(a.view.unit, 6, Align.LEFT),
        Column("得分（分）", 3),
        *([Column("等次", 3)] * a.view.has_grades),
        Column("有效评价", 3),
    )
    blocks: list[Any] = [Paragraph(f"{a.title}，依据{a.document}。")]
    for group in a.view.groups:
        if len(a.view.groups) > 1:
            blocks.append(Heading(1, group.name))
        rows = tuple(
            (
                rank(one).removeprefix("第").removesuffix("名") or why_no_rank(one),
                one.name,
                one.figure.score or why_no_score(one.figure),
                *([one.figure.grade or "—"] * a.view.has_grades),
                one.figure.band or "—",
            )
            for one in group.departments
        )
        blocks.append(Table(columns, rows))
    if any(one.figure.note == TOO_FEW for one in a.view.departments):
        blocks.append(Paragraph("“样本不足”表示有效评价太少，不计得分，不等于零分。"))
    blocks += (Paragraph(one) for one in without_lines(a))
    shown = next((one for one in a.view.departments if one.distribution), None)
    if shown and shown.distribution:
        blocks.append(
            Paragraph(
                f"例如{shown.name}的评价分布：{in_words(shown.distribution)}。各单位的分布见各自的成绩单。"
            )
        )
    return Content(
        form=Form.RECORD, title=f"{a.title}成绩单", issuer=office, on=a.published_on, blocks=tuple(blocks)
    )


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
        "answers": _or_null("string") | {"description": "有效评价所在的档次"},
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
