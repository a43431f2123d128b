"""Every list of the office as a workbook: as filtered, typed, without formulas, on the record."""

from __future__ import annotations

import os
import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from openpyxl.worksheet.worksheet import Worksheet

from departments.models import Department, Membership, Section, StaffMember, Town
from office.exports import lists as list_exports
from office.files import stored
from office.jobs import services as jobs
from office.models import AuditEntry, Holiday, Job, User
from office.roles import Role
from office.workbooks import writing as exports
from surveys.models import MarketEntity
from surveys.respondents.entity_import import preview_entities
from tests.kit.files import first_sheet
from tests.kit.people import signed_in

pytestmark = pytest.mark.django_db


def export(client: Client, model: str, query: str = "") -> bytes:
    response = client.get(f"/office/{model}/export/{query}")
    assert response.status_code == 200
    assert response["Content-Type"] == exports.XLSX
    return response.getvalue()


def sheet_of(content: bytes) -> Worksheet:
    sheet = first_sheet(content)
    assert not any(cell.data_type == "f" for row in sheet.iter_rows() for cell in row)
    return sheet


def entities() -> None:
    town = Town.objects.create(name="青山镇")
    for code, name, kind, phone, industry in (
        ("91371725J91M38LJ36", "=某某公司", "private", "+86 530", "物流"),
        ("92371725MUXFK2ED6T", "某某五金店", "sole_trader", "0530123", ""),
    ):
        MarketEntity.objects.create(
            code=code, name=name, kind=kind, town=town, phone=phone, industry=industry
        )


def test_every_list_offers_its_workbook() -> None:
    for model_admin in admin.site._registry.values():
        assert model_admin.export_action, model_admin  # type: ignore[attr-defined]


def test_days_are_days_and_codes_are_text() -> None:
    Holiday.objects.create(day=date(2026, 10, 1), name="国庆节")
    sheet = sheet_of(export(signed_in(Role.CENTRE_OPERATOR), "office/holiday"))
    headings, row = list(sheet.iter_rows(values_only=True))
    assert headings == ("日期", "名称", "是否上班")
    assert (row[0].date(), *row[1:]) == (date(2026, 10, 1), "国庆节", "否")  # type: ignore[union-attr]
    assert sheet["A2"].is_date


def test_an_export_holds_the_filtered_list_and_is_audited_with_the_filter() -> None:
    entities()
    client = signed_in(Role.CENTRE_OPERATOR)
    sheet = sheet_of(export(client, "surveys/marketentity", "?kind__exact=private"))
    _, row = list(sheet.iter_rows(values_only=True))
    assert row[:3] == ("'=某某公司", "91371725J91M38LJ36", "民营企业")
    entry = AuditEntry.objects.get(verb="导出")
    assert entry.after == {"列表": "市场主体", "行数": 1, "筛选": "主体类型：民营企业"}


@pytest.mark.both_databases
def test_importing_exported_entities_changes_nothing() -> None:
    entities()
    content = export(signed_in(Role.CENTRE_OPERATOR), "surveys/marketentity")
    plan = preview_entities(content=content, acting_user=None)
    assert plan.faults == []
    assert (plan.new, plan.altered, plan.unchanged) == (0, 0, 2)


def test_department_people_export_only_their_own_rows() -> None:
    role = Role.DEPARTMENT_OFFICER
    client = signed_in(role)
    for name in ("县甲局", "县乙局"):
        unit = Department.objects.create(name=name)
        section = Section.objects.create(department=unit, name="审批科")
        StaffMember.objects.create(department=unit, section=section, name=f"{name}人", kind="staff")
    Membership.objects.create(user=User.objects.get(role=role), department=Department.objects.first())
    rows = list(sheet_of(export(client, "departments/staffmember")).iter_rows(values_only=True))
    assert [row[0] for row in rows[1:]] == ["县甲局人"]


def test_a_list_that_is_too_long_is_refused(settings: Any) -> None:
    entities()
    settings.EXPORT_MOST_ROWS = 1
    client = signed_in(Role.CENTRE_OPERATOR)
    response = client.get("/office/surveys/marketentity/export/", follow=True)
    assert "市场主体超过 1 行，" in response.content.decode()
    assert not AuditEntry.objects.filter(verb="导出").exists()


def test_more_than_26_columns_are_written() -> None:
    sheet = sheet_of(exports.workbook("宽表", [f"第{n}列" for n in range(30)], [list(range(30))]))
    assert sheet["AD2"].value == 29


# --- Long lists -----------------------------------------------------------------------------------------


@pytest.fixture
def long_lists(settings: Any, tmp_path: Path) -> None:
    settings.EXPORT_ROWS_AT_ONCE = 1
    settings.PRIVATE_ROOT = tmp_path


@pytest.mark.both_databases
@pytest.mark.usefixtures("long_lists")
def test_a_long_list_is_written_by_a_job_as_filtered() -> None:
    entities()
    MarketEntity.objects.create(code="x", name="第三家", kind="non_private", town=Town.objects.get())
    client = signed_in(Role.CENTRE_OPERATOR)
    answer = client.get("/office/surveys/marketentity/export/?q=某某", follow=True)
    assert "等待中" in answer.content.decode()
    job = Job.objects.get()
    assert client.get(f"/office/exports/{job.pk}.xlsx").status_code == 404, "not finished"
    jobs.run(job.pk)
    assert "下载市场主体" in client.get("/office/exports/").content.decode()
    sheet = sheet_of(client.get(f"/office/exports/{job.pk}.xlsx").getvalue())
    rows = list(sheet.iter_rows(values_only=True))
    assert [row[0] for row in rows[1:]] == ["'=某某公司", "某某五金店"]
    entry = AuditEntry.objects.get(verb="导出")
    assert entry.after == {"列表": "市场主体", "行数": 2, "筛选": "搜索：某某"}
    assert entry.address == "127.0.0.1"


@pytest.mark.usefixtures("long_lists")
def test_an_exported_workbook_is_only_for_the_user_who_asked() -> None:
    entities()
    client = signed_in(Role.CENTRE_OPERATOR)
    client.get("/office/surveys/marketentity/export/")
    job = Job.objects.get()
    jobs.run(job.pk)
    for role in (Role.CENTRE_REVIEWER, Role.INSPECTORATE, Role.ADMINISTRATOR):
        other = signed_in(role)
        assert other.get(f"/office/exports/{job.pk}.xlsx").status_code == 404
        assert "下载市场主体" not in other.get("/office/exports/").content.decode()
    assert client.get(f"/office/exports/{job.pk}.xlsx").status_code == 200
    User.objects.filter(pk=job.created_by_id).update(role=Role.PAPER_CLERK)
    client.force_login(User.objects.get(pk=job.created_by_id))
    assert client.get(f"/office/exports/{job.pk}.xlsx").status_code == 404, "what the former role asked for"
    assert "下载市场主体" not in client.get("/office/exports/").content.decode()


@pytest.mark.usefixtures("long_lists")
def test_department_people_get_their_own_rows_from_the_job_too() -> None:
    role = Role.DEPARTMENT_OFFICER
    client = signed_in(role)
    for name in ("县甲局", "县乙局"):
        unit = Department.objects.create(name=name)
        section = Section.objects.create(department=unit, name="审批科")
        for number in range(2):
            StaffMember.objects.create(
                department=unit, section=section, name=f"{name}人{number}", kind="staff"
            )
    Membership.objects.create(user=User.objects.get(role=role), department=Department.objects.first())
    client.get("/office/departments/staffmember/export/")
    job = Job.objects.get()
    jobs.run(job.pk)
    sheet = sheet_of(client.get(f"/office/exports/{job.pk}.xlsx").getvalue())
    assert [row[0] for row in list(sheet.iter_rows(values_only=True))[1:]] == ["县甲局人0", "县甲局人1"]


@pytest.mark.usefixtures("long_lists")
def test_a_user_who_lost_the_role_gets_no_export() -> None:
    entities()
    signed_in(Role.CENTRE_OPERATOR).get("/office/surveys/marketentity/export/")
    User.objects.update(role=Role.ADMINISTRATOR)
    job = Job.objects.get()
    jobs.run(job.pk)
    job.refresh_from_db()
    assert job.state == Job.State.FAILED
    assert "已没有导出这一列表的权限" in job.message
    assert not list(stored.names(stored.private(), "exports"))


@pytest.mark.usefixtures("long_lists")
def test_workbooks_are_removed_after_a_week() -> None:
    day = 24 * 60 * 60
    for number, days in ((1, list_exports.KEPT_DAYS + 1), (2, list_exports.KEPT_DAYS - 1)):
        stored.put(stored.private(), list_exports.name_of(number), b"x")
        path = stored.local_path(stored.private(), list_exports.name_of(number))
        os.utime(path, (time.time() - days * day,) * 2)
    list_exports.forget_old()
    assert list(stored.names(stored.private(), "exports")) == ["exports/2.xlsx"]
