"""Results as files for programs and walls (YC-R3): of units alone, the same bytes each time."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import jsonschema
import openpyxl
import pypdf
import pytest
from django.test import Client

from departments.models import Department
from disclosure.models import Publication
from disclosure.results import services as disclosure
from disclosure.results.shown import to_render
from evaluations.publication import PublicDepartment
from reports.results.downloads import NAMES
from tests.disclosure.states import published
from tests.evaluations.county import County
from tests.evaluations.test_publication_units import monitored
from tests.evaluations.unit_rounds import computed, jilin, through_appeals, units_round
from tests.kit.publishing import publish, run_waiting_jobs
from tests.reports.papers_read import said_in

pytestmark = pytest.mark.django_db

BOARDS = ("results.pdf", "board-a3.pdf")
A4, A3 = (595, 842), (1191, 842)


def published_by(county: County) -> Publication:
    return Publication.objects.select_related("result", "round").get(round=county.round)


def get(publication: Publication, file: str) -> Any:
    answer = Client().get(f"/results/{publication.pk}/{file}")
    assert answer.status_code == 200, file
    return answer


def data_of(publication: Publication) -> dict[str, Any]:
    """The JSON file, which keeps its schema."""
    found: dict[str, Any] = json.loads(get(publication, "results.json").content)
    schema = json.loads(get(publication, "results.schema.json").content)
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(found, schema, format_checker=jsonschema.FormatChecker())
    return found


def sheet_of(publication: Publication) -> tuple[list[str], list[dict[str, Any]]]:
    """Headings and rows of the workbook; its title stands above."""
    book = openpyxl.load_workbook(io.BytesIO(get(publication, "results.xlsx").content))
    rows = [list(row) for row in book.worksheets[0].iter_rows(values_only=True)]
    place = next(n for n, row in enumerate(rows) if "名次" in row)
    headings = [str(cell) for cell in rows[place]]
    return headings, [dict(zip(headings, row, strict=True)) for row in rows[place + 1 :]]


def lines_of(publication: Publication) -> list[dict[str, str]]:
    content = get(publication, "results.csv").content
    assert content.startswith(b"\xef\xbb\xbf"), "or a spreadsheet reads Chinese as something else"
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def text_of(pdf: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return "".join("".join(page.extract_text().split()) for page in pages)


def shown(publication: Publication) -> list[PublicDepartment]:
    return [one for group in to_render(publication).view.groups for one in group.departments]


def test_every_file_says_what_the_page_says_and_nothing_of_persons(subtests: pytest.Subtests) -> None:
    """YC-R3: where all persons are published on their pages, the files still hold units alone."""
    publication = published_by(published("all"))
    units = shown(publication)
    people = [person.name for one in units for person in one.listed]
    scores = {one.name: one.figure.score for one in units}
    assert people
    assert None in scores.values(), "a unit whose score is not public"
    assert any(scores.values()), "a unit whose score is"
    with subtests.test("JSON"):
        found = data_of(publication)
        assert {one["name"]: one["score"] for one in found["units"]} == {
            name: None if score is None else float(score) for name, score in scores.items()
        }
        for one in found["units"]:
            assert one["remark"] or one["score"] is not None, "a number or its reason"
    with subtests.test("workbook: numbers are numbers"):
        _, rows = sheet_of(publication)
        assert {row["单位"]: row["得分（分）"] for row in rows} == {
            one["name"]: one["score"] for one in found["units"]
        }
        for row in rows:
            assert row["说明"] or isinstance(row["得分（分）"], int | float)
    with subtests.test("CSV"):
        lines = lines_of(publication)
        assert [line["单位"] for line in lines] == [row["单位"] for row in rows]
        for line in lines:
            assert (float(line["得分（分）"]) if line["得分（分）"] else None) == (
                None if scores[line["单位"]] is None else float(scores[line["单位"]] or "")
            )
    with subtests.test("boards and the document"):
        texts = [text_of(get(publication, file).content) for file in BOARDS]
        texts.append("".join(said_in(get(publication, "results.docx").content).split()))
        for text in texts:
            for name, score in scores.items():
                assert name in text
                assert score is None or score in text
    with subtests.test("no persons, no exact value and no count of answers in any file"):
        contents = [
            get(publication, file).content.decode() for file in NAMES if file.endswith(("csv", "json"))
        ]
        for text in (*contents, *texts, str(rows)):
            assert not [name for name in people if name in text]
            assert "93.33" not in text
        for file in (*NAMES, *BOARDS):
            assert publication.manifest[file]["persons"] == [], file


def test_a_file_is_saved_under_the_name_of_the_round() -> None:
    publication = published_by(published("all"))
    for file, kind in (
        ("results.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("results.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("results.csv", "text/csv; charset=utf-8"),
        ("results.json", "application/json"),
        ("results.pdf", "application/pdf"),
    ):
        answer = get(publication, file)
        assert answer.headers["Content-Type"] == kind
        said = unquote(answer.headers.get("Content-Disposition", ""))
        assert (publication.round.title in said) is file.endswith(("xlsx", "docx", "csv")), file
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_boards_are_a4_and_a3_and_repeat_their_head() -> None:
    """YC-R1 YC-R3: they hang on walls."""
    publication = published_by(published("all"))
    for file, size in zip(BOARDS, (A4, A3), strict=True):
        pages = pypdf.PdfReader(io.BytesIO(get(publication, file).content)).pages
        for page in pages:
            width, height = (round(float(edge)) for edge in page.mediabox[2:])
            assert (width, height) == size, file
            assert "名次" in "".join(page.extract_text().split())


def test_what_is_linked_as_a_download_is_there() -> None:
    publication = published_by(published("none"))
    index = get(publication, "index.html").content.decode()
    for file in ("results.xlsx", "results.csv", "results.json", "results.docx", *BOARDS, "method.html"):
        assert f'href="{file}"' in index, file
        get(publication, file)


def test_the_same_publication_gives_the_same_bytes(forget_papers: Callable[[], None]) -> None:
    """Archives carry no clock of the machine."""
    publication = published_by(published("all"))
    before = {file: get(publication, file).content for file in publication.manifest}
    forget_papers()
    disclosure.renew_publication(publication=publication, acting_user=None)
    run_waiting_jobs()
    publication.refresh_from_db()
    assert {file: get(publication, file).content for file in publication.manifest} == before


def test_units_of_a_scheme_without_persons_have_the_same_files(county: County) -> None:
    """JL-R9"""
    publication = publish(through_appeals(county, jilin(county)), county)
    units = {one.name: one for one in shown(publication)}
    found = {one["name"]: one for one in data_of(publication)["units"]}
    headings, rows = sheet_of(publication)
    assert found.keys() == units.keys() == {row["单位"] for row in rows}
    assert "等次" in headings
    assert {one["group"] for one in found.values()} == {"各局（室、公司）", "各基层单位"}
    for name, one in units.items():
        assert found[name]["score"] == (None if one.figure.score is None else float(one.figure.score))
        assert found[name]["grade"] == one.figure.grade
    for file in (*NAMES, *BOARDS):
        get(publication, file)


def test_a_scheme_without_grades_has_no_column_for_them(county: County) -> None:
    """FC-R12"""
    facts = {"甲局": monitored(8, 1, 1), "乙局": monitored(20, 4, 1)}
    by_counts = {"answers.enterprises": "counts"}
    round_ = units_round(county, "fangcheng-2022", facts, period="2022-Q1", channels=by_counts)
    publication = publish(through_appeals(county, computed(county, round_)), county)
    headings, _ = sheet_of(publication)
    assert "等次" not in headings
    assert {one["grade"] for one in data_of(publication)["units"]} == {None}


def test_a_name_that_is_a_formula_stays_a_name(county: County) -> None:
    """Opened in a spreadsheet, no cell computes."""
    Department.objects.filter(name="县甲局").update(name="=1+1局")
    publication = publish(county.end_appeals(county.served(persons_public="none")), county)
    book = openpyxl.load_workbook(io.BytesIO(get(publication, "results.xlsx").content))
    cells = [cell for row in book.worksheets[0].iter_rows() for cell in row]
    (named,) = (cell for cell in cells if "1+1局" in str(cell.value))
    assert named.data_type == "s"
    (line,) = (one for one in lines_of(publication) if "1+1局" in one["单位"])
    assert not line["单位"].startswith("=")
    assert data_of(publication)


def test_columns_have_their_units_and_one_format(subtests: pytest.Subtests) -> None:
    publication = published_by(published("all"))
    units = {one.name: one for one in shown(publication)}
    headings, rows = sheet_of(publication)
    with subtests.test("headings say what is counted"):
        for heading in ("参评单位数（个）", "有效评价（人次）", "选票（张）"):
            assert heading in headings
        assert "共几个" not in headings
    with subtests.test("ballots stand where they are published, in the data too"):
        data = {one["name"]: one for one in data_of(publication)["units"]}
        for row in rows:
            ballots = units[row["单位"]].ballots or None
            assert (row["选票（张）"] or None) == ballots == data[row["单位"]]["ballots"]
    with subtests.test("points have two places in the text file, and are numbers written so in the workbook"):
        points = [line["得分（分）"] for line in lines_of(publication) if line["得分（分）"]]
        assert points
        assert all(re.fullmatch(r"\d+\.\d\d", one) for one in points)
        book = openpyxl.load_workbook(io.BytesIO(get(publication, "results.xlsx").content))
        column = headings.index("得分（分）") + 1
        cells = [cell for (cell,) in book.worksheets[0].iter_rows(min_row=2, min_col=column, max_col=column)]
        assert {cell.number_format for cell in cells if isinstance(cell.value, int | float)} == {"0.00"}
    with subtests.test("the document has no dash and names no unit as an example"):
        text = "".join(said_in(get(publication, "results.docx").content).split())
        assert "—" not in text
        assert "例如" not in text
        assert ("可能范围（分）" in text) is any(one.likely for one in units.values())


def test_the_document_leaves_out_a_column_in_which_nothing_stands(county: County) -> None:
    """FC-R12: counts of others have no grades and no bands."""
    facts = {"甲局": monitored(8, 1, 1), "乙局": monitored(20, 4, 1)}
    round_ = units_round(
        county, "fangcheng-2022", facts, period="2022-Q1", channels={"answers.enterprises": "counts"}
    )
    publication = publish(through_appeals(county, computed(county, round_)), county)
    text = "".join(said_in(get(publication, "results.docx").content).split())
    assert "—" not in text
    has_bands = any(one.figure.band for one in shown(publication))
    assert ("有效评价（" in text) is has_bands
