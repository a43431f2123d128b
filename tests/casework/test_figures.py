"""Honest figures: every rate with its whole, open ones included (WY-R5, practice 0.4)."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook
from pypdf import PdfReader

from casework.figures.closing import close_month, is_whole
from casework.figures.counting import Scope, counted, part_and_whole
from casework.figures.months import Month
from casework.figures.places import by_place
from casework.figures.shares import Share
from casework.figures.what_if import tried
from casework.matters import acceptance, assigning, calling, closing, deciding, handling
from casework.models import Assignment, Clock, Matter, MonthFigures, Plate
from office.errors import Refused
from tests.casework.desk import UNRESOLVED, Desk, at
from tests.reports.papers_read import said_in

pytestmark = pytest.mark.django_db
MARCH = Month(2026, 3)
PAGES = "/office/matters/figures/"
END = "2026-04-01T09:00"


@pytest.fixture
def desk(db: None) -> Desk:
    return Desk()


def call(desk: Desk, matter: Matter, *answers: str | None, day: int = 20) -> Matter:
    """Call back once for each answer, a day later each time; None reaches nobody."""
    for after, answer in enumerate(answers):
        calling.note_call(
            matter=matter,
            way="电话",
            is_reached=answer is not None,
            answers={"satisfaction": answer} if answer else {},
            now=at(f"2026-03-{day + after}T10:00"),
            acting_user=desk.operator,
        )
    return Matter.objects.get(pk=matter.pk)


def done(desk: Desk, assignment: Assignment, day: str, *, lawful: bool = False) -> Matter:
    """Sign, reply and complete on one day; what the law forbids is countersigned."""
    who = desk.officer if assignment.unit_id == desk.unit.pk else desk.other_officer
    assigning.sign_for_assignment(assignment=assignment, now=at(f"{day}T10:00"), acting_user=who)
    handling.reply_to_assignment(
        assignment=assignment,
        reply="已办结。",
        outcome="lawful_no" if lawful else "solved",
        law="某条例第三条" if lawful else "",
        now=at(f"{day}T11:00"),
        acting_user=who,
    )
    matter = Matter.objects.get(pk=assignment.matter_id)
    if lawful:
        closing.countersign(matter=matter, now=at(f"{day}T11:10"), acting_user=desk.reviewer)
    assignment.refresh_from_db()
    if assignment.state == Assignment.State.REPLIED:
        handling.complete_assignment(
            assignment=assignment, completion="已办成。", now=at(f"{day}T11:20"), acting_user=who
        )
    return Matter.objects.get(pk=matter.pk)


@pytest.fixture
def march(desk: Desk) -> Desk:
    """DESK-07: twelve came, eleven were accepted; of the ten limits that end in March nine were kept.

    One that was solved is anonymous and not called; the open one was answered late and called in vain.
    """
    known = {"name": "测试反映人", "phone": "13800000001"}
    matter = desk.register("2026-03-02T09:00").matter
    acceptance.propose_refusal(
        matter=matter,
        refusal="in_proceedings",
        reason="已经起诉。",
        now=at("2026-03-02T10:00"),
        acting_user=desk.operator,
    )
    for place in range(9):
        who = {"is_anonymous": True} if place == 8 else known
        assignment = desk.assigned("2026-03-02T09:10", "yellow", **who)
        matter = done(desk, assignment, "2026-03-03", lawful=place < 2)
        if place == 1:
            matter = call(desk, matter, "不满意", day=30)
            (again,) = desk.assign(matter, "2026-03-31T09:00", desk.other_unit)
            matter = call(desk, done(desk, again, "2026-03-31", lawful=True), "不满意", day=31)
            deciding.decide_referred(
                matter=matter,
                text="同意。",
                decision="close",
                now=at("2026-03-31T16:00"),
                acting_user=desk.leader,
            )
        elif place < 8:
            matter = call(desk, matter, "基本满意" if place else "满意")
        desk.close(
            Matter.objects.get(pk=matter.pk), "2026-03-31T17:00", "lawful_no" if place < 2 else "solved"
        )
    late = desk.assigned("2026-03-02T09:40", "yellow", **known)
    call(desk, done(desk, late, "2026-03-06"), None, None, None)
    withdrawn = desk.accept(desk.register("2026-03-02T09:20").matter, "2026-03-02T09:30")
    closing.withdraw_matter(
        matter=withdrawn, reason="", now=at("2026-03-02T11:00"), acting_user=desk.operator
    )
    return desk


def test_monthly_figures_have_honest_denominators(march: Desk) -> None:
    """WY-R5, DESK-07: closed is not solved, and who was not reached is neither satisfied nor hidden."""
    scope = Scope.of(march.version().procedure, MARCH, at(END))
    with CaptureQueriesContext(connection) as asked:
        found = counted(scope)[None]
    assert len(asked) <= 4
    assert {name: (one.share.percent, one.share.fraction) for name, one in found.items()} == {
        "reply_on_time": ("90.00", "9/10"),
        "completion_on_time": ("100.00", "10/10"),
        "closed": ("90.91", "10/11"),
        "solved": ("63.64", "7/11"),
        "satisfied": ("87.50", "7/8"),
        "reached": ("88.89", "8/9"),
    }
    for one in found.values():
        part, whole = part_and_whole(scope, one.figure)
        assert (part.distinct().count(), whole.distinct().count()) == (one.share.part, one.share.whole)


def test_a_rate_is_never_rounded_up_to_all_nor_down_to_none() -> None:
    """WY-R5: no cases is no rate."""
    assert [Share(*one).percent for one in ((0, 0), (0, 7), (1, 30000), (29999, 30000), (3, 3))] == [
        "—",
        "0.00",
        "0.01",
        "99.99",
        "100.00",
    ]
    assert str(Share(7, 8)) == "87.50%（7/8）"


def test_each_rate_opens_the_list_it_counts_and_units_see_none(march: Desk) -> None:
    """WY-R5: page, list, workbook, twelve months, causes; no name of who reported anywhere."""
    client = Client()
    client.force_login(march.clerk)
    asked = f"procedure={UNRESOLVED}&month=2026-03"
    page = client.get(f"{PAGES}?{asked}").content.decode()
    assert "90.91" in page
    assert "10/11" in page
    assert "figure=closed" in page
    rest = f"{PAGES}list/?{asked}&figure=reply_on_time&which=rest"
    said = client.get(rest).content.decode()
    late = Clock.objects.get(rule="reply", is_late=True)
    assert late.matter.number in said
    assert "<strong>9/10</strong>" in said
    book = client.get(rest.replace("list/", "list.xlsx"))
    assert late.matter.number in str(
        [list(row) for row in load_workbook(BytesIO(book.content)).active.values]
    )
    said += page + client.get(f"{PAGES}causes/?{asked}").content.decode()
    by_unit = client.get(f"{PAGES}?{asked}&unit={march.other_unit.pk}").content.decode()
    assert "1/1" in by_unit
    for secret in ("测试反映人", "13800000001"):
        assert secret not in said + by_unit
    client.force_login(march.officer)
    assert client.get(f"{PAGES}?{asked}").status_code == 403


def test_pages_ask_the_database_as_often_for_one_matter_as_for_many(march: Desk) -> None:
    client = Client()
    client.force_login(march.operator)
    with CaptureQueriesContext(connection) as asked:
        client.get(f"{PAGES}?procedure={UNRESOLVED}&month=2026-03")
    assert len(asked) <= 32


def test_another_limit_is_tried_on_the_past_and_changes_nothing(march: Desk) -> None:
    """With 0, 3 or 40 working days: exact, from the stored beginnings."""
    procedure = march.version().procedure
    before = list(Clock.objects.order_by("pk").values())
    for count, late in ((0, 10), (1, 1), (40, 0)):
        rows = tried(Scope.of(procedure, MARCH, at(END)), procedure.clock("reply"), count)
        yellow = next(row for row in rows if row.category == "黄牌")
        assert (yellow.all, yellow.late, yellow.late_then) == (9, 1, late - (late > 5))
    assert list(Clock.objects.order_by("pk").values()) == before


def test_a_closed_month_stays_as_it_was_and_is_closed_again_for_a_reason(march: Desk) -> None:
    """WY-R5: the notice is reproducible: page, PDF, .docx and workbook."""
    version = march.version()
    with pytest.raises(Refused, match="还没有结束"):
        close_month(version=version, month=MARCH, now=at("2026-03-31T23:00"), acting_user=march.operator)
    first = close_month(version=version, month=MARCH, now=at(END), acting_user=march.operator)
    (late,) = first.figures["overdue"]
    assert (late["unit"], late["met"]) == ("县甲局", "2026年3月6日 11:00")
    with pytest.raises(Refused, match="第1版"):
        close_month(version=version, month=MARCH, now=at(END), acting_user=march.operator)
    Matter.objects.filter(number=late["number"]).update(state="closed")
    again = close_month(
        version=version,
        month=MARCH,
        reason="补录办结",
        now=at("2026-04-02T09:00"),
        acting_user=march.operator,
    )
    assert (first.number, again.number) == (1, 2)
    assert is_whole(MonthFigures.objects.get(pk=first.pk))
    closed = [
        one["part"] for month in (first, again) for one in month.figures["figures"] if one["id"] == "closed"
    ]
    assert closed == [10, 11]
    client = Client()
    client.force_login(march.operator)
    page = client.get(f"/office/matters/months/{first.pk}/").content.decode()
    assert "“办不成事”监督窗口" in page
    assert late["number"] in page
    base = f"/office/matters/months/{first.pk}/"
    pdf = b"".join(client.get(f"{base}notice.pdf"))
    text = "".join(one.extract_text() for one in PdfReader(BytesIO(pdf)).pages)
    word = b"".join(client.get(f"{base}notice.docx"))
    book = client.get(f"{base}figures.xlsx").content
    told = said_in(word) + str([list(row) for row in load_workbook(BytesIO(book)).active.values])
    for said in (text, told):
        assert "90.91%" in said
        assert "10/11" in said
        assert late["number"] in said
        assert "测试反映人" not in said


def test_a_place_is_told_only_from_five_matters_up(desk: Desk) -> None:
    """WY-R3: fewer would name the firm beside the plate."""
    plate = Plate.objects.create(place="城东工业园北门", code="AAAA", valid_from=MARCH.first)
    scope = Scope.of(desk.version().procedure, MARCH, at(END))
    for place in range(5):
        assert by_place(scope) == []
        matter = desk.accept(desk.register("2026-03-02T09:00").matter, "2026-03-02T09:10")
        Matter.objects.filter(pk=matter.pk).update(plate=plate)
        assert place < 5
    assert by_place(scope) == [("城东工业园北门", 5)]
