"""Exports of 12345 and the provincial platform: one matter a number, and reporters are sealed."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from casework.incoming.headings import HOTLINE
from casework.incoming.plan import IncomingPlan
from casework.incoming.services import enter_higher_number, import_incoming, preview_incoming
from casework.models import Clock, HigherRecord, Matter, MatterEvent, ProcedureVersion
from casework.reporters.sealing import opened
from departments.models import DepartmentAlias
from office.errors import Refused
from office.jobs import services as jobs
from office.models import AuditEntry, Job
from tests.casework.desk import UNRESOLVED, Desk, at
from tests.kit.files import table, uploaded

pytestmark = pytest.mark.django_db
PAGE = "/office/matters/incoming/hotline/"
HEAD = (
    "工单编号",
    "来电时间",
    "诉求标题",
    "诉求内容",
    "承办单位",
    "工单状态",
    "办结时间",
    "来电人",
    "来电号码",
)
PERSON, PHONE = "测试来电人", "13800000001"
OPEN = (
    "HT-001",
    "2026-03-02 09:10",
    "证照变更",
    f"{PERSON}反映窗口三次退件，电话{PHONE}。",
    "县甲局",
    "办理中",
    "",
)
CLOSED = ("HT-002", "2026-03-02 10:00", "路灯不亮", "东街路灯不亮。", "城管", "已办结", "2026-03-04")


@pytest.fixture
def desk(db: None) -> Desk:
    return Desk()


def rows(*found: tuple[Any, ...]) -> bytes:
    return table(["12345工单"], HEAD, *[(*one, PERSON, PHONE) if len(one) == 7 else one for one in found])


def imported(desk: Desk, content: bytes, when: str = "2026-03-05T09:00", **more: Any) -> IncomingPlan:
    return import_incoming(
        content=content,
        file_name="工单.xlsx",
        channel=HOTLINE,
        procedure_id=UNRESOLVED,
        now=at(when),
        acting_user=desk.clerk,
        **more,
    )


def previewed(desk: Desk, content: bytes, when: str = "2026-03-05T09:00") -> IncomingPlan:
    return preview_incoming(
        content=content, channel=HOTLINE, procedure_id=UNRESOLVED, now=at(when), acting_user=desk.clerk
    )


def raw_database() -> str:
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        said = []
        for table in tables:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608 - names of tables
            said += [repr(row) for row in cursor.fetchall()]
    return "\n".join(said)


@pytest.mark.both_databases
def test_an_export_is_registered_once_and_only_its_state_follows(desk: Desk) -> None:
    """WY-R5, GY-R18: own intake may be off; the same number is never a second matter."""
    ProcedureVersion.objects.update(own_intake=False)
    assert imported(desk, rows(OPEN, CLOSED)).counts() == {
        "行数": 2, "新增": 2, "更新": 0, "未变": 0, "有误": 0,
    }  # fmt: skip
    first, ended = Matter.objects.order_by("serial")
    assert (first.higher_number, first.source, first.about, first.state) == (
        "HT-001",
        "hotline",
        desk.unit,
        "registered",
    )
    clock = Clock.objects.get(matter=first)
    assert (clock.began_at, first.next_due_at) == (at("2026-03-05T09:00"), clock.due_at)
    assert (ended.state, ended.about, ended.is_solved) == ("closed", None, False)
    assert not ended.clocks.exists()
    assert imported(desk, rows(OPEN, CLOSED)).counts()["未变"] == 2
    assert AuditEntry.objects.filter(verb="导入12345热线工单").count() == 1

    desk.accept(first, "2026-03-05T10:00")
    done = (*OPEN[:2], "另一个标题", "改写过的内容", "县乙局", "已办结", "2026-03-06")
    assert imported(desk, rows(done), "2026-03-09T09:00").counts()["更新"] == 1
    first = Matter.objects.select_related("higher").get(pk=first.pk)
    assert (first.title, first.about, first.state) == ("证照变更", desk.unit, "accepted")
    assert first.higher.state == "已办结"
    assert str(first.higher.closed_on) == "2026-03-06"
    assert Matter.objects.count() == 2


def test_what_nobody_has_taken_up_ends_when_it_ended_above(desk: Desk) -> None:
    imported(desk, rows(OPEN))
    imported(desk, rows((*OPEN[:5], "办结", "2026-03-06")), "2026-03-09T09:00")
    matter = Matter.objects.get()
    assert (matter.state, matter.closed_at) == ("closed", at("2026-03-06T00:00"))
    assert Clock.objects.get().state == Clock.State.VOID
    assert [one.act for one in MatterEvent.objects.all()] == ["registered", "noted", "closed"]


def test_a_matter_of_the_window_is_found_by_the_number_entered_later(desk: Desk) -> None:
    """WY-R5: registered at the window, then met in the export: one matter."""
    first, second = (desk.register("2026-03-02T09:10").matter for _ in range(2))
    enter_higher_number(matter=first, number="HT-001", now=at("2026-03-02T10:00"), acting_user=desk.clerk)
    with pytest.raises(Refused, match=first.number):
        enter_higher_number(
            matter=second, number="HT-001", now=at("2026-03-02T10:00"), acting_user=desk.clerk
        )
    by_own = table((*HEAD, "窗口编号"), (*OPEN, "", "", ""), (*CLOSED, "", "", second.number))
    assert imported(desk, by_own).counts()["更新"] == 2
    assert Matter.objects.count() == 2
    second.refresh_from_db()
    assert (second.higher_number, second.state) == ("HT-002", "registered")
    assert imported(desk, by_own).counts()["未变"] == 2


def test_a_unit_unknown_today_is_filled_in_once_it_has_an_alias(desk: Desk) -> None:
    plan = imported(desk, rows(CLOSED))
    assert "城管（1）" in "".join(plan.notes)
    DepartmentAlias.objects.create(department=desk.other_unit, name="城管")
    assert imported(desk, rows(CLOSED)).counts()["更新"] == 1
    assert Matter.objects.get().about == desk.other_unit


def test_faulty_rows_are_named_and_left_out(desk: Desk) -> None:
    when = datetime(2026, 3, 1, 8, 0)  # noqa: DTZ001 - a cell has no zone
    content = rows(
        OPEN,
        ("", "2026-03-02", "无编号", "内容", "县甲局", "", ""),
        ("HT-004", "昨天", "标题", "内容", "县甲局", "", ""),
        ("HT-005", "2027-01-01", "标题", "内容", "县甲局", "", ""),
        ("HT-006", "2026-03-02", "", "", "县甲局", "", ""),
        ("HT-007", "2026-03-02", "标题", "内容", "县甲局", "已办结", "2026-02-01"),
        ("HT-008", "2026-03-02", "标题", "内容", "县甲局", "", "", "某人", when),
        OPEN,
    )
    plan = imported(desk, content)
    assert plan.counts() == {"行数": 7, "新增": 1, "更新": 0, "未变": 0, "有误": 6}
    said = "".join(map(str, plan.faults))
    for fault in (
        "上级平台编号空白",
        "“昨天”不是日期",
        "晚于今天",
        "诉求内容空白",
        "早于受理时间",
        "反映人身份",
    ):
        assert fault in said
    assert "2026年3月1日" not in said, "what stands in a column of identity is not repeated"
    assert "1 行的编号在前面已经出现" in "".join(plan.notes)


@pytest.mark.both_databases
def test_two_imports_at_once_make_one_matter_of_a_row(desk: Desk) -> None:
    content = rows(OPEN)
    seen = previewed(desk, content).digest()
    imported(desk, content, expected_digest=seen)
    with pytest.raises(Refused, match="预览之后"):
        imported(desk, rows(OPEN, CLOSED), expected_digest=seen)
    assert Matter.objects.count() == 1


def test_who_reported_is_sealed_on_the_way_through_the_pages(
    desk: Desk, settings: Any, tmp_path: Path, client: Client
) -> None:
    """GY-R18, WY-R3: in no preview, job, audit row, workbook kept, text or file after the import."""
    settings.PRIVATE_ROOT, settings.IMPORT_BYTES_AT_ONCE = tmp_path, 0
    client.force_login(desk.clerk)
    bad = ("HT-009", "昨天", "标题", "内容", "县甲局", "", "")
    page = client.get(PAGE).content.decode()
    assert "办不成事" in page
    client.post(PAGE, {"file": uploaded(rows(OPEN, bad)), "option": UNRESOLVED})
    jobs.run(Job.objects.get().pk)
    preview = client.get(PAGE)
    said = preview.content.decode()
    assert "新增 HT-001" in said
    assert "“昨天”不是日期" in said
    assert not list(tmp_path.rglob("*.marked"))
    digest = preview.context["preview"]["digest"]
    assert client.post(PAGE, {"marked": digest}).status_code == 200
    client.post(PAGE, {"digest": digest})
    jobs.run(Job.objects.latest("pk").pk)
    assert not list((tmp_path / "imports").iterdir()), "the file goes with the import"
    said += client.get(PAGE, follow=True).content.decode() + raw_database()
    assert "已导入“办不成事”：行数 2，新增 1" in said
    for secret in (PERSON, PHONE):
        assert secret not in said
    matter = Matter.objects.get()
    assert "反映人反映窗口" in matter.text
    assert opened(matter.reporter)["name"] == PERSON
    assert HigherRecord.objects.get().unit_name == "县甲局"


def test_units_import_nothing(desk: Desk) -> None:
    client = Client()
    client.force_login(desk.officer)
    assert client.get(PAGE).status_code == 403
