"""The full ranking as a workbook, for the centre only: exact scores, grades, ranks, consequences, flags."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from evaluations.models import Result
from evaluations.publication import UnitRules
from evaluations.publication.unit_parts import parts_of
from evaluations.results.explained import ballots_of, corrected, lists, tables_of
from evaluations.results.outcome import StoredMember, StoredOutcome, StoredPart
from evaluations.results.public import judges_persons, roster, unit_rules_of
from evaluations.results.thin_tables import POOLED, unit_tree
from evaluations.rounds.subject_keys import department_key
from evaluations.schemes.stored import policy_of
from evaluations.scoring.texts import flag_in_words, withheld_in_words
from office.files import stored

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
HEAD = PatternFill("solid", fgColor="F6F7F5")
THIN = Side(style="thin", color="8C959F")
BOX = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)
PLAIN, BOLD, TITLE = (
    Font(name="宋体", size=11),
    Font(name="宋体", size=11, bold=True),
    Font(name="宋体", size=14),
)
LEFT, RIGHT = (Alignment(horizontal=side, vertical="center", wrap_text=True) for side in ("left", "right"))

LAYOUT = 3
"""Part of a stored workbook's name: what an earlier version stored holds small numbers, and is made anew."""

Cell = str | int | float | None
"""Scores are numbers an official can sort and compare; the fraction behind them is in the derivation."""


def ranking_workbook(result: Result) -> bytes:
    """The workbook as it was stored at publication, else made on the spot; never a published file."""
    try:
        return stored.take(stored.private(), _name(result))
    except FileNotFoundError:
        return _bytes_of(result)


def write_ranking(result: Result) -> None:
    stored.put(stored.private(), _name(result), _bytes_of(result))


def _name(result: Result) -> str:
    return f"reports/ranking-{result.pk}-{LAYOUT}.xlsx"


def _bytes_of(result: Result) -> bytes:
    content = BytesIO()
    ranking(result).save(content)
    return content.getvalue()


def ranking(result: Result) -> Workbook:
    """Every sheet of the workbook; a scheme without persons has its own."""
    book = Workbook()
    book.remove(book.worksheets[0])
    title = f"{result.round.title}（第{result.number}次结果，仅供内部使用）"
    if not judges_persons(result):
        return _of_units(book, title, result)
    add_sheet(book, "单位排名", title, DEPARTMENT_COLUMNS, _departments(result))
    add_sheet(book, "人员成绩", title, PERSON_COLUMNS, _persons(result))
    add_sheet(book, "科室成绩", title, SECTION_COLUMNS, _sections(result))
    add_sheet(book, "口径", title, READING_COLUMNS, _readings(result))
    return book


def _of_units(book: Workbook, title: str, result: Result) -> Workbook:
    """Without persons: the columns that this scheme fills, and every part of the score."""
    scheme = policy_of(result.scheme_version).defaults
    rows = list(_departments(result))
    is_filled = {
        "等次": scheme.grades is not None,
        **{
            heading: any(row[place] not in (None, "") for row in rows)
            for place, (heading, _, _) in enumerate(DEPARTMENT_COLUMNS)
            if heading in ("有效评价（人次）", "选票（张）", "按主体比例校正（分）", "处置建议")
        },
    }
    kept = [place for place, one in enumerate(DEPARTMENT_COLUMNS) if is_filled.get(one[0], True)]
    columns = [DEPARTMENT_COLUMNS[place] for place in kept]
    add_sheet(book, "单位排名", title, columns, ([row[place] for place in kept] for row in rows))
    parts = list(_parts(result))
    labels = list(dict.fromkeys(label for _, found in parts for label in found))
    headings: list[Column] = [("单位", 28, False), *((f"{label}（分）", 14, True) for label in labels)]
    table = ([name, *(found.get(label) for label in labels)] for name, found in parts)
    add_sheet(book, "分项得分", title, headings, table)
    add_sheet(book, "名单", title, LIST_COLUMNS, _lists(result))
    add_sheet(book, "口径", title, READING_COLUMNS, _readings(result))
    return book


def _parts(result: Result) -> Iterator[tuple[str, dict[str, Cell]]]:
    """Each unit with the steps of its score, without those that fewer than five gave in secret."""
    rules = unit_rules_of(result)
    facts = rules.read(result.facts)
    for key, subject in StoredOutcome.of(result).subjects.items():
        found: dict[str, Cell] = {}
        _collect(unit_tree(rules, key, subject, facts), rules, found, rules.scheme.score.subject)
        yield subject.name, found


def _collect(node: Mapping[str, Any], rules: UnitRules, found: dict[str, Cell], step_id: str) -> None:
    found[node["label"]] = _number(node["value"])
    for part, one, _ in parts_of(rules.scheme.step(step_id), node):
        _collect(one, rules, found, part)


def _lists(result: Result) -> Iterator[list[Cell]]:
    for pool in lists(result):
        confirm = "、".join(pool["to_confirm"])
        yield [pool["pool"], "、".join(pool["best"]), "、".join(pool["worst"]), confirm]


UNROUNDED = "未取整得分"
FORMATS = {UNROUNDED: "0.000000"}
# (heading, width, whether the column holds numbers)
Column = tuple[str, int, bool]
DEPARTMENT_COLUMNS: list[Column] = [
    ("系列", 14, False),
    ("名次", 8, True),
    ("单位", 28, False),
    ("得分（分）", 12, True),
    (UNROUNDED, 18, True),
    ("等次", 10, False),
    ("有效评价（人次）", 14, True),
    ("选票（张）", 12, True),
    ("按主体比例校正（分）", 18, True),
    ("处置建议", 40, False),
    ("提示", 40, False),
]
PERSON_COLUMNS: list[Column] = [
    ("单位", 28, False),
    ("科（室）", 20, False),
    ("姓名", 12, False),
    ("岗位", 18, False),
    ("得分（分）", 12, True),
    (UNROUNDED, 18, True),
    ("等次", 10, False),
    ("有效评价（人次）", 14, True),
    ("处置建议", 40, False),
    ("提示", 30, False),
]
SECTION_COLUMNS: list[Column] = [
    ("单位", 28, False),
    ("科（室）", 20, False),
    ("得分（分）", 12, True),
    (UNROUNDED, 18, True),
    ("有效评价（人次）", 14, True),
    ("提示", 30, False),
]
LIST_COLUMNS: list[Column] = [
    ("范围", 20, False),
    ("前列", 60, False),
    ("末位", 60, False),
    ("待确认", 40, False),
]
READING_COLUMNS: list[Column] = [
    ("序号", 8, True),
    ("条款", 10, False),
    ("问题", 50, False),
    ("口径", 60, False),
    ("本轮取值", 40, False),
]


def _departments(result: Result) -> Iterator[list[Cell]]:
    subjects, listed = StoredOutcome.of(result).subjects, roster(result.round)
    order = {one.id: place for place, one in enumerate(listed)}
    scheme = policy_of(result.scheme_version).decide(result.round.options)
    pools = list(dict.fromkeys(scheme.pool_of(one.group) for one in listed))

    def place(key: str) -> tuple[int, int, int]:
        """By rank within what is ranked together, which may hold several groups."""
        one = subjects[key]
        return pools.index(scheme.pool_of(one.group)), one.rank or len(order) + 1, order[key]

    ballots = ballots_of(result)
    weighted = {department_key(pk): value for pk, value in corrected(result).items()}
    for key, one in ((key, subjects[key]) for key in sorted(subjects, key=place)):
        yield [
            one.group,
            one.rank,
            one.name,
            *_score(one),
            one.grade,
            one.valid_answers,
            ballots.get(key),
            _number(weighted.get(key)),
            _proposed(one),
            _notes(one),
        ]


def _persons(result: Result) -> Iterator[list[Cell]]:
    subjects = StoredOutcome.of(result).subjects
    for department in roster(result.round):
        subject = subjects[department.id]
        members, tables = subject.members, tables_of(result, subject, department.id)
        for person in department.persons:
            one = members[person.id]
            identity = [department.name, subject.section_name(person.section), person.name, person.post]
            valid = tables.valid_answers(person.id, one)
            if tables.hides_leader(person.id):
                yield [*identity, None, None, one.grade, valid, _proposed(one), POOLED]
            else:
                yield [*identity, *_score(one), one.grade, valid, _proposed(one), _notes(one)]


def _sections(result: Result) -> Iterator[list[Cell]]:
    subjects = StoredOutcome.of(result).subjects
    for department in roster(result.round):
        subject = subjects[department.id]
        tables = tables_of(result, subject, department.id)
        for key, one in subject.sections.items():
            if tables.hides_section(key):
                yield [department.name, one.name, None, None, one.valid_answers, POOLED]
            else:
                yield [department.name, one.name, *_score(one), one.valid_answers, _notes(one)]


def _readings(result: Result) -> Iterator[list[Cell]]:
    policy = policy_of(result.scheme_version)
    chosen = StoredOutcome.of(result).options
    for one in policy.readings:
        values = [f"{policy.options[k].label}：{policy.options[k].in_words(chosen[k])}" for k in one.options]
        yield [
            int(one.id) if one.id.isdigit() else one.id,
            one.clause,
            one.question,
            one.answer,
            "；".join(values),
        ]


def _score(one: StoredPart) -> list[Cell]:
    return [_number(one.score), None if one.exact is None else float(Fraction(one.exact))]


def _number(text: str | None) -> float | None:
    return None if text is None else float(text)


def _proposed(one: StoredMember) -> str:
    lines = []
    for proposal in one.consequences:
        points = f"（年度考核{proposal.annual_points}分）" if proposal.annual_points else ""
        lines.append(f"{proposal.label}{points}〔条款{proposal.clause}〕")
    return "；".join(lines)


def _notes(one: StoredPart) -> str:
    withheld = [withheld_in_words(one.withheld)] if one.withheld else []
    return "；".join([*withheld, *(flag_in_words(flag) for flag in one.flags)])


def add_sheet(
    book: Workbook, name: str, title: str, columns: list[Column], rows: Iterable[list[Cell]]
) -> None:
    sheet: Worksheet = book.create_sheet(name)
    sheet.append([safe(title)])
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(columns))
    sheet.cell(1, 1).font = TITLE
    sheet.row_dimensions[1].height = 28
    sheet.append([heading for heading, _, _ in columns])
    for row in rows:
        sheet.append([safe(value) for value in row])
    for place, (_, width, _) in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    for place, (heading, _, is_number) in enumerate(columns, start=1):
        for line in range(2, sheet.max_row + 1):
            cell = sheet.cell(line, place)
            cell.border, cell.font, cell.alignment = BOX, PLAIN, RIGHT if is_number else LEFT
            if heading in FORMATS:
                cell.number_format = FORMATS[heading]
            elif heading.endswith("（分）"):
                cell.number_format = "0.00"
        sheet.cell(2, place).fill, sheet.cell(2, place).font = HEAD, BOLD
    sheet.freeze_panes = "A3"
    sheet.auto_filter.ref = f"A2:{get_column_letter(len(columns))}{max(sheet.max_row, 2)}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = "1:2"


def safe(value: Cell) -> Cell:
    """Text that a spreadsheet would take for a formula gets an apostrophe in front."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value
