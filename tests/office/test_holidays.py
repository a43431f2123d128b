"""The calendar comes as a workbook: previewed, all or nothing, and round without a change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import pytest
from django.test import Client

from office.calendar.holidays import import_holidays, preview_holidays
from office.errors import Refused
from office.models import AuditEntry, Holiday
from office.roles import Role
from tests.kit.files import table, uploaded
from tests.kit.people import signed_in

pytestmark = pytest.mark.django_db
PAGE = "/office/office/holiday/import/"


def book(*rows: Sequence[object]) -> bytes:
    return table(["节假日安排"], ["日期", "名称", "是否上班"], *rows)


def upload(client: Client, content: bytes) -> str:
    response = client.post(PAGE, {"file": uploaded(content)})
    assert response.status_code == 200
    return str(response.context["preview"]["digest"])


@pytest.mark.both_databases
def test_days_in_every_spelling_are_previewed_then_imported() -> None:
    Holiday.objects.create(day=date(2026, 10, 3), name="国庆节", is_working_day=True)
    client = signed_in(Role.CENTRE_OPERATOR)
    content = book(
        [date(2026, 10, 1), "国庆节", "否"],
        ["2026年10月2日", "国庆节", "放假"],
        ["2026/10/3", "国庆节", "休息"],
        [20261010, "国庆节", "调休上班"],
    )
    previewed = upload(client, content)
    assert Holiday.objects.count() == 1
    done = client.post(PAGE, {"digest": previewed}, follow=True)
    assert "节假日已导入：新增 3，变更 1，未变 0。" in done.content.decode()
    assert dict(Holiday.objects.values_list("day", "is_working_day")) == {
        date(2026, 10, 1): False,
        date(2026, 10, 2): False,
        date(2026, 10, 3): False,
        date(2026, 10, 10): True,
    }
    assert AuditEntry.objects.get(verb="导入节假日").after["新增"] == 3


def test_faults_are_named_by_cell_and_nothing_is_written() -> None:
    client = signed_in(Role.CENTRE_OPERATOR)
    content = book(
        ["2026-10-01", "国庆节", "否"],
        ["2026-10-01", "国庆节", "否"],
        ["2026-02-30", "", "否"],
        ["2026-10-02", "", "也许"],
    )
    plan = preview_holidays(content=content, acting_user=None)
    assert [(fault.row, fault.reason) for fault in plan.faults] == [
        (4, "day twice"),
        (5, "not a day"),
        (6, "not yes or no"),
    ]
    client.post(PAGE, {"digest": upload(client, content)})
    assert not Holiday.objects.exists()


@pytest.mark.both_databases
@pytest.mark.parametrize(
    "meanwhile",
    [
        lambda: Holiday.objects.update(name="改过"),
        lambda: Holiday.objects.create(day=date(2026, 10, 2), name="国庆节"),
    ],
    ids=["changed", "stored"],
)
def test_a_change_between_comparing_and_writing_stops_the_import(
    meanwhile: Callable[[], object],
) -> None:
    """Comparing happens before the transaction, so that voters need not wait for it."""
    Holiday.objects.create(day=date(2026, 10, 1), name="元旦")
    content = book(["2026-10-01", "国庆节", "否"], ["2026-10-02", "国庆节", "否"])
    seen = []

    def step(done: int, total: int, message: str = "") -> None:
        meanwhile()
        seen.extend(Holiday.objects.values())

    with pytest.raises(Refused, match="请重新预览"):
        import_holidays(content=content, file_name="x", acting_user=None, progress=step)
    assert seen == list(Holiday.objects.values())
    assert not AuditEntry.objects.exists()


def test_importing_the_exported_calendar_changes_nothing() -> None:
    for day, name, works in ((1, "国庆节", False), (10, "-调休", True)):
        Holiday.objects.create(day=date(2026, 10, day), name=name, is_working_day=works)
    client = signed_in(Role.CENTRE_OPERATOR)
    content = client.get("/office/office/holiday/export/").getvalue()
    plan = preview_holidays(content=content, acting_user=None)
    assert (plan.faults, plan.changes, plan.unchanged) == ([], [], 2)


def test_other_workbooks_and_other_roles_are_refused() -> None:
    response = signed_in(Role.CENTRE_OPERATOR).post(PAGE, {"file": uploaded(table())})
    assert response.status_code == 422
    assert "没有找到节假日的表头" in response.content.decode()
    assert signed_in(Role.INSPECTORATE).get(PAGE).status_code == 403
