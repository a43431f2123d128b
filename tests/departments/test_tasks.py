"""Tasks of towns and departments have owners, dates, progress (YC-R16)."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from departments.models import Department, Task, TaskProgress, Town
from office.models import AuditEntry
from office.roles import Role
from tests.kit.people import signed_in
from tests.walk.checks import MOST_AT_THE_START, MOST_QUERIES

pytestmark = pytest.mark.django_db
LIST = "/office/departments/task/"


def words(client: Client, url: str, data: dict[str, Any] | None = None) -> str:
    answer = client.get(url) if data is None else client.post(url, data, follow=True)
    assert answer.status_code == 200
    return re.sub(r"\|+", "|", re.sub(r"\s+", "", re.sub(r"<[^>]+>", "|", answer.content.decode())))


class Office:
    """A department's and a town's task, and the desks around them."""

    def __init__(self) -> None:
        self.today = timezone.localdate()
        self.unit, self.other = (Department.objects.create(name=name) for name in ("县甲局", "县乙局"))
        self.town = Town.objects.create(name="东门街道")
        self.task = self.give("公布职责清单", department=self.unit)
        self.of_town = self.give("组织现场评价", town=self.town)
        self.centre = signed_in(Role.CENTRE_OPERATOR)
        self.officer = signed_in(Role.DEPARTMENT_OFFICER, self.unit)
        self.organizer = signed_in(Role.TOWN_ORGANIZER, town=self.town)

    def give(self, title: str, *, due: int = 30, **owner: Any) -> Task:
        due_on = self.today + timedelta(days=due)
        return Task.objects.create(
            title=title, starts_on=self.today - timedelta(days=60), due_on=due_on, **owner
        )


@pytest.fixture
def office() -> Office:
    return Office()


def test_the_centre_gives_a_task_with_an_owner_and_dates(office: Office) -> None:
    """YC-R16."""
    inline = {f"progress-{name}_FORMS": 0 for name in ("TOTAL", "INITIAL")}
    data = {"title": "整改反馈", "detail": "", "starts_on": "2026-11-01", "due_on": "2026-11-30", **inline}
    both = {"department": office.unit.pk, "town": office.town.pk}
    refused = "请在责任单位和责任镇（街）中选择一个，没有保存"
    assert refused in words(office.centre, f"{LIST}add/", data)
    assert refused in words(office.centre, f"{LIST}add/", {**data, **both})
    wrong = {**data, "department": office.unit.pk, "due_on": "2026-10-31"}
    assert "完成期限不能早于开始日期，没有保存" in words(office.centre, f"{LIST}add/", wrong)
    assert not Task.objects.filter(title="整改反馈").exists()
    words(office.centre, f"{LIST}add/", {**data, "department": office.unit.pk, "due_on": "2026-11-01"})
    assert Task.objects.get(title="整改反馈").owner == "县甲局"


@pytest.mark.both_databases
def test_a_second_report_on_the_same_task_is_refused(office: Office) -> None:
    page = f"/office/tasks/{office.task.pk}/"
    mark = office.officer.get(page).context["seen_mark"]
    words(office.officer, page, {"percent": 40, "note": "已完成梳理", "seen_mark": mark})
    told = words(office.officer, page, {"percent": 20, "note": "刚开始", "seen_mark": mark})
    assert "他人的修改没有被覆盖" in told
    assert "进度（%）：0→40" in told
    office.task.refresh_from_db()
    assert office.task.percent == 40


def test_the_owner_reports_progress_until_it_is_done(office: Office) -> None:
    """YC-R16."""
    page = f"/office/tasks/{office.task.pk}/"
    assert "已填报进展" in words(office.officer, page, {"percent": 40, "note": "已完成梳理"})
    office.task.refresh_from_db()
    assert (office.task.percent, office.task.done_on) == (40, None)
    assert "已完成梳理" in words(office.centre, page)
    words(office.officer, page, {"percent": 100, "note": "已公布"})
    office.task.refresh_from_db()
    assert (office.task.percent, office.task.done_on) == (100, office.today)
    assert "完成" in words(office.centre, f"{LIST}?state=done")
    assert list(TaskProgress.objects.values_list("percent", flat=True)) == [100, 40]
    entry = AuditEntry.objects.filter(verb="填报任务进展").earliest("id")
    assert entry.after == {"进度（%）": 40, "进展情况": "已完成梳理"}
    of_town = f"/office/tasks/{office.of_town.pk}/"
    assert "已填报进展" in words(office.organizer, of_town, {"percent": 10, "note": "已排定场次"})


@pytest.mark.parametrize(
    "data", [{"percent": 101, "note": "x"}, {"percent": -1, "note": "x"}, {"percent": 5, "note": " "}]
)
def test_progress_outside_0_to_100_is_refused(office: Office, data: dict[str, Any]) -> None:
    assert "已填报进展" not in words(office.officer, f"/office/tasks/{office.task.pk}/", data)
    assert not TaskProgress.objects.exists()


def test_owners_see_and_report_only_their_own_tasks(office: Office) -> None:
    """YC-R16."""
    stranger = signed_in(Role.DEPARTMENT_OFFICER, office.other, username="stranger")
    for client, foreign in (
        (stranger, office.task),
        (office.officer, office.of_town),
        (office.organizer, office.task),
    ):
        assert foreign.title not in words(client, LIST)
        assert client.get(f"/office/tasks/{foreign.pk}/").status_code == 404
        data = {"percent": 50, "note": "x"}
        assert client.post(f"/office/tasks/{foreign.pk}/", data).status_code == 404
        assert client.get(f"{LIST}{foreign.pk}/change/").status_code == 302
        assert client.post(f"{LIST}{foreign.pk}/delete/", {"post": "yes"}).status_code in {302, 403}
    assert office.officer.post(f"{LIST}{office.task.pk}/change/", {"title": "x"}).status_code == 403
    assert (
        office.centre.post(f"/office/tasks/{office.task.pk}/", {"percent": 9, "note": "x"}).status_code == 403
    )
    assert not TaskProgress.objects.exists()
    assert set(Task.objects.values_list("title", flat=True)) == {"公布职责清单", "组织现场评价"}


def test_late_tasks_are_shown_to_the_owner_and_the_centre(office: Office) -> None:
    """YC-R16."""
    Task.objects.filter(pk=office.task.pk).update(due_on=office.today)
    assert "任务“公布职责清单”：今天到期" in words(office.officer, "/office/")
    assert "项任务逾期未完成" not in words(office.centre, "/office/")
    assert office.task.title not in words(office.centre, f"{LIST}?state=late")
    Task.objects.filter(pk=office.task.pk).update(due_on=office.today - timedelta(days=1))
    assert "任务“公布职责清单”：已逾期1天" in words(office.officer, "/office/")
    assert "1项任务逾期未完成" in words(office.centre, "/office/")
    late = words(office.centre, f"{LIST}?state=late")
    assert "已逾期1天" in late
    assert office.of_town.title not in late


def test_a_task_is_reminded_of_within_three_working_days(office: Office) -> None:
    """YC-R16: three working days are at most five days away over a weekend, never seven."""
    Task.objects.filter(pk=office.of_town.pk).update(due_on=office.today + timedelta(days=7))
    assert "任务“组织现场评价”" not in words(office.organizer, "/office/")
    assert "组织现场评价|" in words(office.organizer, "/office/"), "it stands among the running ones"
    Task.objects.filter(pk=office.of_town.pk).update(due_on=office.today + timedelta(days=3))
    assert "任务“组织现场评价”：还有3天" in words(office.organizer, "/office/")


def test_the_list_of_tasks_is_exported(office: Office) -> None:
    """YC-R16."""
    content = b"".join(office.officer.get(f"{LIST}export/"))  # type: ignore[arg-type]
    rows = list(load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True))  # type: ignore[union-attr]
    cells = [str(cell) for row in rows for cell in row]
    assert "公布职责清单" in cells
    assert "县甲局" in cells
    assert "组织现场评价" not in cells


@pytest.mark.parametrize("url", [LIST, "/office/"])
def test_the_pages_of_tasks_make_the_same_queries_at_any_length(office: Office, url: str) -> None:
    def count(client: Client) -> int:
        client.get(url)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(url).status_code == 200
        return len(asked)

    office.give("迟到的任务", due=-1, department=office.unit)
    small = count(office.officer), count(office.centre)
    for number in range(20):
        office.give(f"任务{number}", due=number - 10, department=office.unit)
    assert (count(office.officer), count(office.centre)) == small
    assert max(small) <= (MOST_AT_THE_START if url == "/office/" else MOST_QUERIES)
