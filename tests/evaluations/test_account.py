"""The yearly account: each point once, totals as totals, the lapsed as lapsed, and who reads whose."""

from __future__ import annotations

import io
import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from docx import Document
from openpyxl import load_workbook
from pypdf import PdfReader

from departments.models import Department, StaffMember
from evaluations.account import answering, queries, reporting
from evaluations.account.answering import Request
from evaluations.account.reckoning import points_of
from evaluations.models import (
    AccountExtract,
    Disposition,
    Result,
    Round,
    RoundDepartment,
    SchemeVersion,
    Standing,
    SuperiorReport,
    ToleranceCase,
)
from evaluations.rounds import periods
from evaluations.services import load_schemes
from office.errors import Refused
from office.models import AuditEntry
from office.roles import Role
from reports.models import IssuingBody
from tests.evaluations.county import County, fresh
from tests.evaluations.pages import said, starts
from tests.kit.people import person, signed_in

pytestmark = pytest.mark.django_db
State = Disposition.State
Sheets = dict[str, list[tuple[Any, ...]]]


class Register:
    """A register that is filled row by row, as the end of appeals fills it."""

    def __init__(self, scheme: str = "guangyuan-2022") -> None:
        self.user = person(Role.CENTRE_REVIEWER)
        load_schemes()
        self.scheme = SchemeVersion.objects.get(scheme_id=scheme, is_active=True)
        self.unit = Department.objects.create(name="县甲局", superior="省甲厅")
        self.rounds: dict[str, Result] = {}

    def result(self, period: str) -> Result:
        if period not in self.rounds:
            round_ = Round.objects.create(
                title=f"{periods.in_words(period)}评价",
                period=period,
                scheme_version=self.scheme,
                base_date=date(2026, 1, 1),
                created_by=self.user,
                state=Round.State.APPEALS_ENDED,
            )
            self.rounds[period] = Result.objects.create(
                round=round_,
                scheme_version=self.scheme,
                facts={},
                outcome={},
                computed_by=self.user,
                computed_at=timezone.now(),
            )
        return self.rounds[period]

    def put(
        self, period: str, *, unit: Department | None = None, listed: str = "", grade: str = "", **more: Any
    ) -> Disposition:
        unit = unit or self.unit
        result = self.result(period)
        ends = periods.last_day(period)
        assert ends
        subject, is_new = RoundDepartment.objects.get_or_create(
            round=result.round, department=unit, defaults={"name": unit.name, "superior_body": unit.superior}
        )
        if is_new:
            Standing.objects.create(
                result=result,
                round=result.round,
                subject=subject,
                department=unit,
                year=ends.year,
                ends_on=ends,
                listed=listed,
                grade=grade,
            )
        told = {
            "target": "department",
            "rule": "annual_bonus",
            "label": "年度加分",
            "clause": "六(三)",
            "because": "位列前列名单",
            "word": "年度加分",
            "kind": "points",
            "state": State.PROPOSED,
            **more,
        }
        if told["state"] in (State.DECIDED, State.SERVED, State.IN_FORCE, State.LAPSED, State.FULFILLED):
            number = f"示考办〔2026〕{Disposition.objects.count() + 1}号"
            told = {"number": number, "body": "县考核办", "decided_on": ends, **told}
        return Disposition.objects.create(
            register_year=2026,
            register_serial=Disposition.objects.count() + 1,
            result=result,
            round=result.round,
            subject=subject,
            department=unit,
            year=ends.year,
            proposed_on=ends,
            **told,
        )

    def points(self, year: int) -> tuple[Decimal, Decimal]:
        [account] = queries.units_in(year)
        return account.points.counted, account.points.pending


@pytest.fixture
def register() -> Register:
    return Register()


def total(points: str) -> dict[str, Any]:
    return {"points": Decimal(points), "points_are_total": True}


def test_totals_to_date_are_never_added_up(register: Register) -> None:
    """GY-R10: 0.2, 0.5, 0.8 are the year's total after one, two, three times; the year starts again."""
    register.put("2026-Q1", listed="best", state=State.DECIDED, **total("0.2"))
    register.put("2026-Q2", listed="best", state=State.DECIDED, **total("0.5"))
    third = register.put("2026-Q3", listed="best", **total("0.8"))
    assert register.points(2026) == (Decimal("0.5"), Decimal("0.3"))
    Disposition.objects.filter(pk=third.pk).update(
        state=State.DECIDED, number="示考办〔2026〕9号", body="县考核办", decided_on=date(2026, 10, 20)
    )
    assert register.points(2026) == (Decimal("0.8"), 0)
    Disposition.objects.filter(pk=third.pk).update(state=State.WITHDRAWN)
    assert register.points(2026) == (Decimal("0.5"), 0), "what a correction took back leaves the one before"
    register.put("2027-Q1", listed="best", state=State.DECIDED, **total("0.2"))
    assert register.points(2027) == (Decimal("0.2"), 0)
    [account] = queries.units_in(2027)
    assert account.runs == ["连续4次位列前列名单"], "a run goes on across the year's end"
    assert account.times_best == 1


def test_a_card_counts_once_in_the_year_in_which_its_round_ended(register: Register) -> None:
    """YC-R13: ten points each, in the year of the round; neither what waits nor what fell away counts."""
    card = {"kind": "card", "word": "亮黄牌提醒", "rule": "yellow_card", "points": Decimal(-10)}
    late = register.put("2026-Q4", state=State.SERVED, decided_on=date(2027, 2, 1), **card)
    register.put("2026-Q3", state=State.WITHDRAWN, **card)
    register.put("2026-Q3", state=State.LAPSED, **card)
    register.put("2026-Q2", state=State.SET_ASIDE, **card)
    register.put("2027-Q1", **card)
    assert late.year == 2026
    assert register.points(2026) == (Decimal(-20), 0)
    assert register.points(2027) == (0, Decimal(-10))
    ToleranceCase.objects.create(
        disposition=late,
        grounds="示例",
        applied_at=timezone.now(),
        applied_by=person(Role.DEPARTMENT_OFFICER),
        state=ToleranceCase.State.LIGHTER,
        body="县纪委监委",
        number="示纪〔2027〕1号",
        decided_on=date(2027, 2, 20),
    )
    assert register.points(2026) == (Decimal(-20), 0), "tolerance alone changes no points"
    [account] = queries.units_in(2026)
    assert (account.cards, len(account.entries)) == (2, 4), "all are shown, two count"
    page = said(signed_in(Role.LEADING_GROUP), f"/office/rounds/account/2026/units/{register.unit.pk}/")
    assert "已撤销，不计" in page
    assert "不予实施，不计" in page
    assert "已送达；从轻处置" in page
    assert "-20" in page


def test_two_schemes_are_two_totals_and_one_account(register: Register) -> None:
    """GY-R10, YC-R13."""
    register.put("2026-Q1", state=State.DECIDED, **total("0.5"))
    other = Register.__new__(Register)
    other.__dict__ = {**register.__dict__, "rounds": {}}
    other.scheme = SchemeVersion.objects.get(scheme_id="yuncheng-2023", is_active=True)
    other.put("2026-Q1", state=State.DECIDED, kind="card", word="亮黄牌提醒", points=Decimal(-10))
    other.put("2026-Q2", state=State.DECIDED, **total("0.2"))
    assert points_of(queries.entries(year=2026)).counted == Decimal("-9.3")


@starts("appeals_ended")
def test_the_end_of_appeals_keeps_how_everybody_stands(county: County) -> None:
    """YC-R13: a person's account is read by those who must, a unit's by itself, another's by nobody."""
    result = fresh(county.round).results.get()
    unit = Standing.objects.get(department__name="县甲局", staff_member=None)
    assert (unit.result, unit.year, unit.grade) == (result, 2026, "优秀")
    assert Standing.objects.filter(staff_member__name="乙科长").exists()
    mine, other = county.departments
    head = StaffMember.objects.get(name="乙科长")
    base = "/office/rounds/account/2026/"

    def ask(role: str, path: str) -> tuple[int, str]:
        client = Client()
        client.force_login(county.users[role])
        answer = client.get(path)
        return answer.status_code, answer.content.decode()

    for role in ("leading_group", "inspectorate", "centre_reviewer"):
        assert ask(role, f"{base}people/{head.pk}/")[0] == 200
        assert "乙科长" in ask(role, f"{base}units/{other.pk}/")[1]
    status, page = ask("centre_operator", f"{base}units/{other.pk}/")
    assert (status, "乙科长" in page) == (200, False), "the operator reads units, not people"
    assert ask("centre_operator", f"{base}people/{head.pk}/")[0] == 403
    for role in ("department_officer", "department_reviewer"):
        assert ask(role, base)[0] == 403
        assert ask(role, f"{base}units/{other.pk}/")[0] == 404
        assert ask(role, f"{base}people/{head.pk}/")[0] == (404 if role == "department_reviewer" else 403)
        assert ask(role, f"{base}units/{mine.pk}/")[0] == 200
    own_head = StaffMember.objects.get(name="甲局长")
    assert "甲局长" in ask("department_reviewer", f"{base}units/{mine.pk}/")[1]
    assert "甲局长" not in ask("department_officer", f"{base}units/{mine.pk}/")[1]
    assert ask("department_reviewer", f"{base}people/{own_head.pk}/")[0] == 200
    assert ask("department_officer", f"{base}people/{own_head.pk}/")[0] == 403


@starts("appeals_ended")
def test_the_workbook_has_people_only_for_who_may_see_them(county: County) -> None:
    def book(role: str) -> Sheets:
        client = Client()
        client.force_login(county.users[role])
        return read(client, "/office/rounds/account/2026/account.xlsx")

    assert "人员处置明细" in book("inspectorate")
    assert "乙科长" not in str(book("centre_operator"))
    units = {row[0]: row for row in book("centre_operator")["2026年单位账目"]}
    assert {"县甲局", "县乙局"} <= units.keys()
    told = AuditEntry.objects.filter(verb="导出年度账目").values_list("after", flat=True)
    assert {one["含人员"] for one in told} == {True, False}


def read(client: Client, path: str) -> Sheets:
    answer = client.get(path)
    assert answer.status_code == 200
    return {
        sheet.title: [tuple(row) for row in sheet.iter_rows(values_only=True)]
        for sheet in load_workbook(io.BytesIO(answer.content))
    }


@starts("appeals_ended")
def test_the_account_is_a_sheet_to_print_and_to_edit(county: County) -> None:
    """YC-R13: PDF and .docx say what the page says, with people only for who may see them."""
    unit = county.departments[1]

    def file(role: str, form: str) -> bytes:
        client = Client()
        client.force_login(county.users[role])
        answer = client.get(f"/office/accounts/2026/{unit.pk}/account.{form}")
        assert answer.status_code == 200
        return answer.getvalue()

    def said_in(content: bytes) -> str:
        paper = Document(io.BytesIO(content))
        cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
        return "".join([one.text for one in paper.paragraphs] + cells)

    inside = said_in(file("inspectorate", "docx"))
    for words in ("县乙局2026年度账目", "2026年第三季度", "亮黄牌提醒", "待决定，未计入", "乙科长"):
        assert words in inside
    assert "乙科长" not in said_in(file("centre_operator", "docx"))
    printed = "".join(
        page.extract_text() for page in PdfReader(io.BytesIO(file("inspectorate", "pdf"))).pages
    )
    assert "县乙局2026年度账目" in re.sub(r"\s", "", printed)


# --- Extracts -----------------------------------------------------------------------------------


def asked(unit: Department, who: StaffMember | None, on: date, **more: Any) -> Request:
    told = {"asked_by_body": "县委组织部", "asked_by_person": "示例人", "purpose": "拟提任征求意见", **more}
    return Request(department=unit, staff_member=who, asked_on=on, **told)


@starts("appeals_ended")
def test_a_lapsed_talk_is_not_answered_as_in_force(county: County) -> None:
    """YC-R14: six months end with the last day of February; the register's state does not matter."""
    [row] = Disposition.objects.filter(staff_member__name="乙科长", kind="card")
    Disposition.objects.filter(pk=row.pk).update(
        word="诫勉谈话",
        state=State.IN_FORCE,
        number="示组〔2026〕3号",
        body="县委组织部",
        decided_on=date(2026, 8, 31),
        effect_from=date(2026, 8, 31),
        effect_until=date(2027, 2, 28),
    )
    who = StaffMember.objects.get(name="乙科长")

    def on(day: date) -> dict[str, int]:
        found = answering.would_answer(asked(who.department, who, day))
        return {heading: len(rows) for heading, rows in found.items() if rows}

    assert on(date(2027, 2, 28)) == {"影响期内": 1}
    assert on(date(2027, 3, 1)) == {"影响期已满": 1}
    assert on(date(2026, 8, 30)) == {}, "nothing was decided yet"
    Disposition.objects.filter(pk=row.pk).update(effect_until=None)
    assert on(date(2027, 3, 1)) == {"没有影响期": 1}
    Disposition.objects.filter(pk=row.pk).update(state=State.WITHDRAWN)
    assert on(date(2027, 3, 1)) == {}


@starts("appeals_ended")
def test_an_extract_is_answered_to_a_named_request_and_kept(county: County) -> None:
    """YC-R13, GY-R10: who asks, for what, when; the answer stays as it was given."""
    reviewer = Client()
    reviewer.force_login(county.reviewer)
    [row] = Disposition.objects.filter(staff_member__name="乙科长", kind="card")
    decided = {"number": "示组〔2026〕3号", "body": "县委组织部", "decided_on": date(2026, 10, 21)}
    Disposition.objects.filter(pk=row.pk).update(state=State.DECIDED, **decided)
    new = "/office/rounds/account/extracts/new/"
    data = {"department": county.departments[1].pk, "name": "乙科长", "asked_on": "2026-11-01"}
    assert not AccountExtract.objects.exists()
    said(reviewer, new, data)
    assert not AccountExtract.objects.exists(), "nobody is answered who does not say who asks and why"
    named = {**data, "asked_by_body": "县委组织部", "asked_by_person": "示例人", "purpose": "拟提任征求意见"}
    assert "没有名为甲局长的人员" in said(reviewer, new, {**named, "name": "甲局长"})
    page = said(reviewer, new, named)
    made = AccountExtract.objects.get()
    for words in (
        "示组〔2026〕3号",
        "县委组织部",
        "拟提任征求意见",
        "乙科长（县乙局）",
        made.register_number,
    ):
        assert words in page
    letter = f"/office/documents/of/extract/{made.pk}/extract_reply/"
    bodies = IssuingBody.objects.create(name="县评价中心", code="示评")
    preview = said(reviewer, letter, {"body": bodies.pk, "on": "2026-11-02", "preview": ""})
    for words in ("关于乙科长（县乙局）处置登记的回复意见", "没有影响期", "以示组〔2026〕3号决定"):
        assert words in preview
    Disposition.objects.filter(pk=row.pk).update(state=State.WITHDRAWN)
    assert "示组〔2026〕3号" in said(reviewer, f"/office/rounds/account/extracts/{made.pk}/")
    assert AuditEntry.objects.get(verb="回复任职查询").after["查询人"] == "示例人"
    operator = Client()
    operator.force_login(county.operator)
    for path in (
        letter,
        new,
        "/office/rounds/account/extracts/",
        f"/office/rounds/account/extracts/{made.pk}/",
    ):
        assert operator.get(path).status_code == 403


# --- To the superior, and to the appraisals -----------------------------------------------------


def test_results_of_vertical_units_go_to_their_superior_once(register: Register) -> None:
    """JL-R11: one package a superior body, recorded with number and day."""
    report = {"kind": "superior_report", "word": "报送评议考核结果", "target": "superior_body"}
    other = Department.objects.create(name="县乙局", superior="省乙厅")
    row = register.put("2026", **report)
    register.put("2026", unit=other, state=State.DECIDED, **report)
    client = Client()
    client.force_login(register.user)
    page = "/office/rounds/account/2026/superiors/"
    data = {"body": "省甲厅", "number": "示政函〔2027〕1号", "sent_on": "2026-11-20"}
    assert "还有1个单位的报送没有决定" in said(client, page, data)
    decided = {"number": "示政〔2026〕8号", "body": "县政务服务局", "decided_on": date(2026, 11, 19)}
    Disposition.objects.filter(pk=row.pk).update(state=State.DECIDED, **decided)
    rows = read(client, f"{page}package.xlsx?body=省甲厅")["考核评议结果"]
    assert [one[0] for one in rows[1:]] == ["县甲局"]
    assert client.get(f"{page}package.xlsx?body=省丙厅").status_code == 404
    assert "报送日期早于决定日期" in said(client, page, {**data, "sent_on": "2026-11-18"})
    assert "以示政函〔2027〕1号报送" in said(client, page, data)
    made = SuperiorReport.objects.get()
    assert [one.pk for one in made.dispositions.all()] == [row.pk]
    for again, why in ((data, "已经用过"), ({**data, "number": "示政函〔2027〕2号"}, "都已经报送")):
        assert why in said(client, page, again)
    with pytest.raises(Refused, match="没有这项操作的权限"):
        reporting.record_handing_over(
            year=2026,
            body="省乙厅",
            number="3",
            sent_on=date(2026, 11, 20),
            now=timezone.now(),
            acting_user=person(Role.LEADING_GROUP),
        )


def test_each_appraisal_gets_a_sheet_of_its_own(register: Register) -> None:
    """WY-R4: the four couplings, in the scheme's words; nothing decided is said to be decided."""
    client = Client()
    client.force_login(register.user)
    path = "/office/rounds/account/2026/appraisals.xlsx"
    assert client.get(path).status_code == 404
    words = ["精神文明奖", "目标考核奖", "评先晋优", "领导班子和干部工作实绩考核"]
    for word in words:
        register.put("2026-H1", grade="优秀", kind="coupling", word=word)
    register.put("2026-H1", kind="coupling", word="评先晋优", state=State.WITHDRAWN)
    book = read(client, path)
    assert list(book) == words
    for rows in book.values():
        [row] = rows[1:]
        assert row[0] == "县甲局"
        assert "优秀" in row
        assert "待决定" in row


def test_a_name_that_looks_like_a_formula_stays_a_text(register: Register) -> None:
    Department.objects.filter(pk=register.unit.pk).update(name="=1+1")
    register.unit.refresh_from_db()
    register.put("2026-Q1", state=State.DECIDED, **total("0.2"))
    client = Client()
    client.force_login(register.user)
    rows = read(client, "/office/rounds/account/2026/account.xlsx")["2026年单位账目"]
    assert rows[1][0] == "'=1+1"


def test_the_account_makes_the_same_queries_at_any_size(register: Register) -> None:
    reader = signed_in(Role.INSPECTORATE)

    def count(path: str) -> int:
        reader.get(path)
        with CaptureQueriesContext(connection) as asked_for:
            assert reader.get(path).status_code == 200
        return len(asked_for)

    paths = ["/office/rounds/account/2026/", f"/office/rounds/account/2026/units/{register.unit.pk}/"]
    register.put("2026-Q1", state=State.DECIDED, **total("0.2"))
    small = [count(path) for path in paths]
    for number in range(10):
        unit = Department.objects.create(name=f"单位{number}")
        for period in ("2025-Q4", "2026-Q1", "2026-Q2"):
            register.put(period, unit=unit, state=State.DECIDED, **total("0.2"))
    assert [count(path) for path in paths] == small


def test_who_belongs_to_a_unit_is_led_to_its_account(register: Register) -> None:
    register.put("2026-Q1", state=State.DECIDED, **total("0.2"))
    officer = signed_in(Role.DEPARTMENT_OFFICER, register.unit)
    year = timezone.localdate().year
    answer = officer.get("/office/rounds/account/own/")
    assert answer.headers["Location"] == f"/office/rounds/account/{year}/units/{register.unit.pk}/"
    assert "没有所属单位" in said(signed_in(Role.DEPARTMENT_REVIEWER), "/office/rounds/account/own/").replace(
        "还", ""
    )
