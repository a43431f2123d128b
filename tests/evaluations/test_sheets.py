"""Mark sheets: who marks, what is refused, the opening by two, paper, facts and the result they give."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from evaluations.gathering import services as gathering
from evaluations.gathering.facts import gathered
from evaluations.gathering.kinds import kind_of
from evaluations.gathering.sheets import kind, marking, panels, paper
from evaluations.models import Channel, Marker, MarkSheet, PanelAct, SheetReading
from office.errors import Refused
from office.models import AuditEntry, User
from office.roles import Role
from tests.evaluations.jilin import NOW, Zone, begun, fresh, owner
from tests.scoring.golden import differences, golden_cases

pytestmark = pytest.mark.django_db
Act, State, Keying = PanelAct.Act, MarkSheet.State, MarkSheet.Keying


@pytest.fixture
def zone() -> Zone:
    return begun()


def progress(zone: Zone, name: str = "leaders") -> Any:
    return kind.progress(zone.panel(name).channel)


# --- What a sheet takes ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("30.5", "30.5超过满分30"),
        ("二十八", "不是分数"),
        ("28分", "不是分数"),
        ("-1", "不是分数"),
        ("28.3", "不是0.5的倍数"),
        ("1e1", "不是分数"),
        ("28/1", "不是分数"),
    ],
)
def test_a_mark_outside_its_range_or_step_is_refused_and_nothing_is_saved(
    zone: Zone, typed: str, why: str
) -> None:
    """JL-R4: a leader gives at most thirty."""
    sheet = zone.marker("leaders", "甲某")
    with pytest.raises(Refused, match=why):
        zone.save(sheet, {"区乙局": "20", "区甲局": typed})
    assert fresh(sheet).sealed == ""


@pytest.mark.parametrize("typed", ["２８．５", " 28.5 ", "28。5", "28.50"])
def test_what_means_the_same_is_the_same_mark(zone: Zone, typed: str) -> None:
    sheet = zone.marker("leaders", "甲某")
    zone.save(sheet, {"区甲局": typed})
    form = panels_form(sheet)
    assert marking.marks_of(fresh(sheet), form) == {zone.key("区甲局"): {"total": "28.5"}}


def panels_form(sheet: MarkSheet) -> Any:
    from evaluations.gathering.sheets.form import form_of  # noqa: PLC0415

    marker = Marker.objects.select_related("panel__channel__round__scheme_version").get(pk=sheet.marker_id)
    return form_of(marker.panel, without=marker.unit_id)


def test_a_blank_is_no_mark_and_takes_an_earlier_one_back(zone: Zone) -> None:
    sheet = zone.marker("leaders", "甲某")
    zone.save(sheet, {"区甲局": "28", "区乙局": "20"})
    zone.submit(sheet, {"区乙局": ""})
    zone.open()
    _, given = kind.given_by_unit(zone.panel())
    assert given == {zone.key("区甲局"): [{"total": "28"}], zone.key("区乙局"): [], zone.key("区丙站"): []}


def test_a_nought_has_to_be_confirmed(zone: Zone) -> None:
    sheet = zone.marker("leaders", "甲某")
    with pytest.raises(Refused, match="有1处打了0分"):
        zone.submit(sheet, {"区甲局": "0", "区乙局": "20"})
    assert fresh(sheet).state == State.DUE
    assert (
        zone.submit(sheet, {"区甲局": "0.0", "区乙局": "20"}, zeros_confirmed=True).state == State.SUBMITTED
    )


def test_an_empty_sheet_and_a_half_marked_unit_are_not_submitted() -> None:
    zone = begun(by_aspect=True)
    sheet = zone.marker("leaders", "甲某")
    with pytest.raises(Refused, match="一个单位都没有打分"):
        zone.submit(sheet, {})
    with pytest.raises(Refused, match="没有逐方面打全") as refusal:
        zone.submit(sheet, {"区甲局": {"attitude": "6", "efficiency": "5.5"}})
    assert refusal.value.faults == ("区甲局",)


def test_a_sheet_is_submitted_once(zone: Zone) -> None:
    sheet = zone.marker("leaders", "甲某")
    zone.submit(sheet, {"区甲局": "28"})
    for again in (zone.save, zone.submit):
        with pytest.raises(Refused, match="已提交，不能再改"):
            again(sheet, {"区甲局": "30"})


def test_two_windows_with_one_sheet_do_not_overwrite_each_other(zone: Zone) -> None:
    sheet = zone.marker("leaders", "甲某")
    zone.save(sheet, {"区甲局": "28"})
    with pytest.raises(Refused, match="已在另一处保存过"):
        marking.save_marks(sheet=sheet, typed=zone.cells({"区甲局": "20"}), seen=0, acting_user=owner(sheet))


def test_nobody_fills_in_the_sheet_of_somebody_else(zone: Zone) -> None:
    sheet = zone.marker("leaders", "甲某")
    for user in (zone.operator, zone.users["marker"], zone.users["administrator"]):
        with pytest.raises(Refused, match=r"不是您的打分表|没有这项操作的权限"):
            marking.save_marks(sheet=sheet, typed=zone.cells({"区甲局": "20"}), seen=0, acting_user=user)


def test_the_own_unit_is_not_on_the_sheet_of_a_department(zone: Zone) -> None:
    """JL-R4: a department's mark for itself is left out; the unit of its account is known by itself."""
    sheet = zone.marker("departments", "区甲局", account=zone.users["department_reviewer"])
    assert [unit.name for unit in panels_form(sheet).units] == ["区乙局", "区丙站"]
    with pytest.raises(Refused, match="本表以外的内容"):
        zone.save(sheet, {"区甲局": "10"})


def test_units_become_markers_by_their_accounts_or_on_paper(zone: Zone) -> None:
    assert panels.add_units(panel=zone.panel("departments"), acting_user=zone.operator) == 3
    rows = Marker.objects.filter(panel=zone.panel("departments"))
    assert [(one.name, one.way, one.account) for one in rows] == [
        ("区甲局", "account", zone.users["department_reviewer"]),
        ("区乙局", "paper", None),
        ("区丙站", "paper", None),
    ]
    assert all(one.unit is not None for one in rows)
    with pytest.raises(Refused, match="都已在评议组中"):
        panels.add_units(panel=zone.panel("departments"), acting_user=zone.operator)


# --- Opened by two ---------------------------------------------------------------------------------


def test_a_panel_opens_to_two_persons_and_both_are_recorded(zone: Zone) -> None:
    """JL-R8: nobody sees what others gave until two persons open the panel."""
    zone.submit(zone.marker("leaders", "甲某"), {"区甲局": "28"})
    zone.marker("leaders", "乙某")
    panels.sign(panel=zone.panel(), act=Act.OPEN, now=NOW, acting_user=zone.reviewer)
    with pytest.raises(Refused, match="您已经提出开启"):
        panels.sign(panel=zone.panel(), act=Act.OPEN, now=NOW, acting_user=zone.reviewer)
    assert zone.panel().opened_at is None
    assert progress(zone).missing == ["乙某未交", "还没有由两人开启"]
    panels.sign(panel=zone.panel(), act=Act.OPEN, now=NOW, acting_user=zone.inspector)
    entry = AuditEntry.objects.filter(verb="两人开启打分表").get()
    assert entry.after["第一人"] == str(zone.reviewer)
    assert entry.after["第二人"] == str(zone.inspector)
    assert entry.after["未交"] == ["乙某"]
    assert progress(zone).missing == []


def test_who_signs_first_waits_an_hour(zone: Zone) -> None:
    zone.submit(zone.marker("leaders", "甲某"), {"区甲局": "28"})
    panels.sign(panel=zone.panel(), act=Act.OPEN, now=NOW, acting_user=zone.reviewer)
    later = NOW + timedelta(hours=1)
    panels.sign(panel=zone.panel(), act=Act.OPEN, now=later, acting_user=zone.inspector)
    assert zone.panel().opened_at is None
    panels.sign(panel=zone.panel(), act=Act.OPEN, now=later, acting_user=zone.reviewer)
    assert zone.panel().opened_at == later


@pytest.mark.parametrize("role", ["administrator", "centre_operator", "marker", "department_reviewer"])
def test_other_roles_do_not_open(zone: Zone, role: str) -> None:
    zone.submit(zone.marker("leaders", "甲某"), {"区甲局": "28"})
    with pytest.raises(Refused, match="没有这项操作的权限"):
        panels.sign(panel=zone.panel(), act=Act.OPEN, now=NOW, acting_user=zone.users[role])


def test_an_empty_panel_is_not_opened_and_an_unopened_one_not_settled(zone: Zone) -> None:
    sheet = zone.marker("leaders", "甲某")
    with pytest.raises(Refused, match="一张打分表都没有收到"):
        zone.open()
    zone.submit(sheet, {"区甲局": "28"})
    with pytest.raises(Refused, match="还没有由两人开启"):
        zone.settle("leaders")


def test_a_late_sheet_is_refused_until_two_persons_reopen_with_a_reason(zone: Zone) -> None:
    late = zone.marker("leaders", "乙某")
    zone.submit(zone.marker("leaders", "甲某"), {"区甲局": "28"})
    zone.open()
    with pytest.raises(Refused, match="已经截止收表"):
        zone.submit(late, {"区甲局": "20"})
    with pytest.raises(Refused, match="没有写明重新收表的原因"):
        panels.sign(panel=zone.panel(), act=Act.REOPEN, now=NOW, acting_user=zone.reviewer)
    for user in (zone.reviewer, zone.inspector):
        panels.sign(panel=zone.panel(), act=Act.REOPEN, reason="出差迟交", now=NOW, acting_user=user)
    assert kind.readable(zone.panel()) == []
    assert AuditEntry.objects.filter(verb="两人重新收表打分表", after__原因="出差迟交").exists()
    zone.submit(late, {"区甲局": "20"})
    zone.open()
    zone.settle("leaders")
    assert gathered(zone.round)[zone.key("区甲局")]["marks"] == {"leaders": {"m1": "20", "m2": "28"}}


def test_after_the_round_is_computed_nothing_is_handed_in(zone: Zone) -> None:
    late = zone.marker("leaders", "乙某")
    zone.submit(zone.marker("leaders", "甲某"), dict.fromkeys(zone.units, "28"))
    zone.open()
    zone.settle("leaders")
    for need in ("departments", "enterprises", "supervisors"):
        zone.give(need, [dict.fromkeys(zone.units, "10")])
    zone.compute()
    with pytest.raises(Refused, match="不能"):
        zone.submit(late, {"区甲局": "20"})
    with pytest.raises(Refused, match="不能"):
        panels.sign(panel=zone.panel(), act=Act.REOPEN, reason="迟交", now=NOW, acting_user=zone.reviewer)


def test_a_void_sheet_is_replaced_by_a_new_one(zone: Zone) -> None:
    sheet = zone.marker("leaders", "甲某")
    zone.submit(sheet, {"区甲局": "28"})
    with pytest.raises(Refused, match="没有写明作废原因"):
        panels.void_sheet(sheet=sheet, reason=" ", acting_user=zone.reviewer)
    panels.void_sheet(sheet=sheet, reason="填错", acting_user=zone.reviewer)
    assert fresh(sheet).sealed == ""
    new = panels.sheets_of(zone.panel()).get()
    zone.submit(new, {"区甲局": "20"})
    zone.open()
    assert [marks for _, marks in kind.readable(zone.panel())] == [{zone.key("区甲局"): {"total": "20"}}]
    with pytest.raises(Refused, match="不能作废已经看到的打分"):
        panels.void_sheet(sheet=new, reason="反悔", acting_user=zone.reviewer)


def test_too_few_sheets_are_flagged_for_the_leading_group(zone: Zone) -> None:
    """JL-R8, MARK-04: nine of fifteen supervisors are fewer than two thirds, ten are not."""
    sheets = [zone.marker("supervisors", f"监督员{n}") for n in range(15)]
    for sheet in sheets[:9]:
        zone.submit(sheet, {"区甲局": "9"})
    said = "应交15份，收到9份，不足规定份数，是否采用由领导小组决定"
    assert progress(zone, "supervisors").notes == [said]
    zone.submit(sheets[9], {"区甲局": "9"})
    assert progress(zone, "supervisors").notes == []


def test_year_end_marks_are_due_within_the_year(zone: Zone) -> None:
    """JL-R8, MARK-07: the text wants them before the end of the year."""
    channel = zone.panel().channel
    gathering.set_due(channel=channel, due_on=date(2021, 12, 31), acting_user=zone.operator)
    with pytest.raises(Refused, match="应在2021年12月31日前完成"):
        gathering.set_due(channel=channel, due_on=date(2022, 1, 5), acting_user=zone.operator)
    assert zone.panel().channel.due_on == date(2021, 12, 31)


# --- On paper ----------------------------------------------------------------------------------------


@pytest.fixture
def clerks() -> list[User]:
    return [User.objects.create_user(f"clerk{n}", role=Role.PAPER_CLERK) for n in range(3)]


def opened_paper(zone: Zone) -> MarkSheet:
    sheet = zone.marker("supervisors", "监督员", paper=True)
    zone.receive(sheet)
    zone.open("supervisors")
    return fresh(sheet)


def test_an_envelope_is_keyed_only_after_two_persons_opened_it(zone: Zone, clerks: list[User]) -> None:
    sheet = zone.marker("supervisors", "监督员", paper=True)
    with pytest.raises(Refused, match="编号有误"):
        paper.receive_sheet(
            panel=zone.panel("supervisors"), number=str(sheet.number + 1), now=NOW, acting_user=zone.operator
        )
    zone.receive(sheet)
    with pytest.raises(Refused, match="信封还没有由两人开启"):
        zone.key_in(sheet, {"区甲局": "9"}, clerks[0])


def test_two_readings_that_agree_settle_a_sheet(zone: Zone, clerks: list[User]) -> None:
    sheet = opened_paper(zone)
    zone.key_in(sheet, {"区甲局": "9", "区乙局": "8.5"}, clerks[0])
    assert kind.readable(zone.panel("supervisors")) == []
    assert progress(zone, "supervisors").missing == [f"打分表{sheet.number}待第二人录入"]
    with pytest.raises(Refused, match="您已经录过"):
        zone.key_in(sheet, {"区甲局": "9", "区乙局": "8.5"}, clerks[0])
    assert zone.key_in(sheet, {"区甲局": "9.0", "区乙局": "8.5"}, clerks[1]).keying == Keying.SETTLED
    assert set(SheetReading.objects.values_list("sealed", flat=True)) == {""}
    with pytest.raises(Refused, match="已经核定"):
        zone.key_in(sheet, {"区甲局": "1"}, clerks[2])
    zone.settle("supervisors")
    assert gathered(zone.round)[zone.key("区乙局")]["marks"] == {"supervisors": {"m1": "8.5"}}


def test_a_difference_goes_back_to_the_sheet_and_a_third_settles_it(zone: Zone, clerks: list[User]) -> None:
    sheet = opened_paper(zone)
    zone.key_in(sheet, {"区甲局": "9", "区乙局": "8"}, clerks[0])
    assert zone.key_in(sheet, {"区甲局": "6", "区乙局": "8"}, clerks[1]).keying == Keying.DIFFERENT
    assert zone.key_in(sheet, {"区甲局": "6", "区乙局": "8"}, clerks[2]).keying == Keying.SETTLED
    ((_, marks),) = kind.readable(zone.panel("supervisors"))
    assert marks == {zone.key("区甲局"): {"total": "6"}, zone.key("区乙局"): {"total": "8"}}


def test_where_three_differ_the_reviewer_decides(zone: Zone, clerks: list[User]) -> None:
    sheet = opened_paper(zone)
    for clerk, mark in zip(clerks, ("9", "6", "8"), strict=True):
        zone.key_in(sheet, {"区甲局": mark}, clerk)
    assert fresh(sheet).keying == Keying.REVIEW
    fourth = User.objects.create_user("clerk4", role=Role.PAPER_CLERK)
    with pytest.raises(Refused, match="由评价中心复核人员裁定"):
        zone.key_in(sheet, {"区甲局": "8"}, fourth)
    assert zone.key_in(sheet, {"区甲局": "7"}, zone.reviewer).keying == Keying.SETTLED


def test_printed_sheets_have_numbers_and_leave_the_own_unit_out(zone: Zone) -> None:
    sheet = zone.marker("departments", "区丙站", unit="区丙站", paper=True)
    html = paper.take_blank_sheets(panel=zone.panel("departments"), acting_user=zone.operator)
    assert str(sheet.number) in html
    assert "区甲局" in html
    assert ">区丙站</td>" not in html
    browser = Client()
    browser.force_login(zone.operator)
    answer = browser.post(f"/office/rounds/sheets/{zone.panel('departments').channel_id}/blank.pdf")
    assert b"".join(answer.streaming_content).startswith(b"%PDF")


# --- Facts and results ------------------------------------------------------------------------------


def test_facts_name_no_marker_and_stand_in_no_order_of_persons(zone: Zone) -> None:
    """JL-R4, MARK-01: five of seven leaders marked, who is absent leaves the mean."""
    sheets = [zone.marker("leaders", f"领导{n}") for n in range(7)]
    for sheet, mark in zip(sheets, (28, 27, 29, 25, 30), strict=False):
        zone.submit(sheet, {"区甲局": mark})
    zone.open()
    zone.settle("leaders")
    assert gathered(zone.round)[zone.key("区甲局")] == {
        "asked": {"leaders": 7},
        "marks": {"leaders": {"m1": "25", "m2": "27", "m3": "28", "m4": "29", "m5": "30"}},
    }


def test_facts_by_aspect(zone: Zone) -> None:
    zone = zone_by_aspect(zone)
    row = {"attitude": "6", "efficiency": "5.1", "orders": "6", "integrity": "0", "fairness": "4"}
    zone.submit(zone.marker("leaders", "甲某"), {"区甲局": row}, zeros_confirmed=True)
    zone.open()
    zone.settle("leaders")
    assert gathered(zone.round)[zone.key("区甲局")]["marks"] == {"leaders": {"m1": row}}


def zone_by_aspect(zone: Zone) -> Zone:
    panels.set_by_aspect(panel=zone.panel(), by_aspect=True, acting_user=zone.operator)
    return zone


@pytest.mark.parametrize("markers", [2, 12])
def test_facts_and_progress_need_few_queries_at_any_size(zone: Zone, markers: int) -> None:
    for number in range(markers):
        zone.submit(zone.marker("leaders", f"领导{number}"), dict.fromkeys(zone.units, "28"))
    zone.open()
    zone.settle("leaders")
    channel = Channel.objects.select_related("round__scheme_version").get(
        round=zone.round, need="marks.leaders"
    )
    for read in (kind_of(channel).facts, kind_of(channel).progress):
        with CaptureQueriesContext(connection) as asked:
            read(channel)
        assert len(asked) <= 4, [query["sql"] for query in asked]


@pytest.mark.parametrize(
    ("name", "by_aspect"),
    [("四方评议各取平均后相加", False), ("打分表按五个方面给分时逐方面列出平均", True)],
)
def test_sheets_give_the_golden_outcome_of_the_scheme(name: str, by_aspect: bool) -> None:
    """JL-R4, JL-R8: the marks of golden cases, entered on sheets, have the outcome worked out by hand."""
    zone = begun(by_aspect=by_aspect)
    (case,) = [one for one in golden_cases() if one.scheme == "jilin-jkq-2021" and one.name == name]
    (given,) = case.given["subjects"].values()
    for panel in ("leaders", "departments", "enterprises", "supervisors"):
        marks = given["marks"].get(panel)
        if marks is None:
            channel = zone.panel(panel).channel
            Channel.objects.filter(pk=channel.pk).update(state=Channel.State.SET_ASIDE)
            continue
        values = marks.values() if isinstance(marks, dict) else marks
        zone.give(panel, [dict.fromkeys(zone.units, mark) for mark in values])
    outcome = zone.compute().outcome
    (expected,) = case.expect["subjects"].values()
    for unit in ("区甲局", "区丙站"):
        assert differences(expected, outcome["subjects"][zone.key(unit)]) == []
