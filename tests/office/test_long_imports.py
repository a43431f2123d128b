"""A large file is looked through and imported by jobs: with progress, exactly as previewed, or not at all."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from departments.models import Town
from office.errors import Refused
from office.imports import files as import_files
from office.jobs import services as jobs
from office.models import AuditEntry, Job, User
from office.roles import Role
from office.workbooks.fault_marking import with_faults_marked
from surveys.models import MarketEntity
from surveys.respondents.entity_import import import_entities, preview_entities
from surveys.respondents.entity_rows import read_library
from tests.kit.files import first_sheet, uploaded
from tests.kit.people import signed_in
from tests.surveys.test_import_entities import GOOD, library

pytestmark = pytest.mark.django_db
PAGE = "/office/import/entities/"
ROWS = (
    ["一店", GOOD[0], "个体户", "甲镇", "某甲", "1"],
    ["二公司", GOOD[1], "民企", "乙镇", "某乙", "2"],
)


@pytest.fixture(autouse=True)
def everything_is_long(settings: Any, tmp_path: Path) -> None:
    settings.PRIVATE_ROOT = tmp_path
    settings.IMPORT_BYTES_AT_ONCE = 0


@pytest.fixture
def client() -> Client:
    return signed_in(Role.CENTRE_OPERATOR, username="operator")


def upload(client: Client, content: bytes) -> Any:
    return client.post(PAGE, {"file": uploaded(content)})


def work() -> None:
    """What the worker does."""
    for job in Job.objects.filter(state=Job.State.QUEUED):
        jobs.run(job.pk)


@pytest.mark.both_databases
def test_upload_preview_and_import_by_jobs(client: Client, tmp_path: Path) -> None:
    assert upload(client, library(*ROWS)).status_code == 302
    waiting = client.get(PAGE).content.decode()
    assert "<progress" in waiting
    assert "等待中" in waiting
    assert "按预览导入" not in waiting
    job = Job.objects.get()
    told = client.get(f"/office/jobs/{job.pk}/progress/").json()
    assert told == {"ended": False, "done": 0, "total": 0, "said": "等待中"}
    work()
    assert client.get(f"/office/jobs/{job.pk}/progress/").json()["ended"]
    preview = client.get(PAGE)
    assert preview.context["preview"]["rows"] == [["市场主体", [2, 2, 0, 0, 0]]]
    assert f"新增 一店（{GOOD[0]}）" in preview.content.decode()
    assert not MarketEntity.objects.exists()

    digest = preview.context["preview"]["digest"]
    assert client.post(PAGE, {"digest": digest}).status_code == 302
    assert client.post(PAGE, {"digest": digest}).status_code == 302, "a second click starts nothing"
    assert Job.objects.filter(kind="office.run_import").count() == 1
    assert not MarketEntity.objects.exists()
    work()
    done = client.get(PAGE, follow=True).content.decode()
    assert "样本库已导入：新增 2，变更 0，未变 0。" in done
    assert MarketEntity.objects.count() == 2
    entry = AuditEntry.objects.get(verb="导入市场主体")
    assert (entry.actor_name, entry.address) == ("operator", "127.0.0.1")
    assert not list((tmp_path / "imports").iterdir())


@pytest.mark.both_databases
def test_an_import_interrupted_after_its_commit_finds_nothing_left_to_do(client: Client) -> None:
    upload(client, library(*ROWS))
    work()
    client.post(PAGE, {"digest": client.get(PAGE).context["preview"]["digest"]})
    job = Job.objects.get(kind="office.run_import")
    jobs.run(job.pk)
    before = list(MarketEntity.objects.values())
    told = Job.objects.get(pk=job.pk).outcome["结果"]
    assert told == "样本库已导入：新增 2，变更 0，未变 0。"
    Job.objects.filter(pk=job.pk).update(state=Job.State.QUEUED)
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.outcome["结果"]) == (Job.State.DONE, told)
    assert list(MarketEntity.objects.values()) == before
    assert AuditEntry.objects.filter(verb="导入市场主体").count() == 1


@pytest.mark.both_databases
def test_an_import_whose_worker_died_after_the_commit_is_told_as_done(client: Client) -> None:
    """Not as “nothing changed”: the transaction of the import itself says that it is done."""
    upload(client, library(*ROWS))
    work()
    client.post(PAGE, {"digest": client.get(PAGE).context["preview"]["digest"]})
    first = jobs.take(Job.objects.get(kind="office.run_import").pk)
    assert first
    jobs.HANDLERS[first.kind](first.arguments, jobs.Progress(first.pk, first.attempts))
    jobs.give_back(first)
    work()
    assert "文件已按预览导入。" in client.get(PAGE, follow=True).content.decode()
    assert MarketEntity.objects.count() == 2


@pytest.mark.both_databases
def test_an_import_that_lost_its_job_to_a_later_attempt_writes_nothing(client: Client) -> None:
    upload(client, library(*ROWS))
    work()
    client.post(PAGE, {"digest": client.get(PAGE).context["preview"]["digest"]})
    first = jobs.take(Job.objects.get(kind="office.run_import").pk)
    assert first
    Job.objects.filter(pk=first.pk).update(attempts=2)
    jobs.carry_out(first, jobs.Progress(first.pk, attempt=1))
    assert not MarketEntity.objects.exists()
    Job.objects.filter(pk=first.pk).update(state=Job.State.QUEUED)
    work()
    assert "样本库已导入：新增 2" in client.get(PAGE, follow=True).content.decode()


@pytest.mark.both_databases
def test_what_changed_since_the_preview_stops_the_import(client: Client) -> None:
    upload(client, library(*ROWS))
    work()
    digest = client.get(PAGE).context["preview"]["digest"]
    client.post(PAGE, {"digest": digest})
    other = library(
        ["另名", GOOD[0], "民企", "甲镇", "", ""], ["他", GOOD[1][:-1] + "0", "民企", "乙镇", "", ""]
    )
    import_entities(content=other, file_name="x", acting_user=None, skip_faulty=True)
    Town.objects.create(name="乙镇")
    work()
    page = client.get(PAGE)
    assert page.status_code == 422
    assert "请重新预览" in page.content.decode()
    assert MarketEntity.objects.get().name == "另名"


def test_a_file_of_the_wrong_shape_is_refused_in_words(client: Client) -> None:
    upload(client, b"no workbook")
    work()
    page = client.get(PAGE)
    assert page.status_code == 422
    assert "这不是 Excel 工作簿" in page.content.decode()
    assert client.get(PAGE).status_code == 200, "the page starts afresh"


def test_faults_come_back_marked(client: Client) -> None:
    upload(client, library(*ROWS, ["三店", "12345", "国营", "甲镇", "", ""]))
    work()
    page = client.get(PAGE)
    assert page.context["stopped"]
    assert page.context["preview"]["fault_count"] == 2
    marked = client.post(PAGE, {"marked": page.context["preview"]["digest"]}).content
    sheet = first_sheet(marked)
    assert "不是 18 位" in sheet["C4"].comment.text
    assert sheet["C4"].fill.fgColor.rgb.endswith("F9D6D6")


def test_a_marked_copy_of_a_large_workbook_names_the_reason_in_the_row() -> None:
    content = library(*ROWS, ["-三店", "12345", "国企", "甲镇", "", ""])
    faults = preview_entities(content=content, acting_user=None).faults
    sheet = first_sheet(with_faults_marked(content, faults, largest_whole=0))
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[1][1:4] == ("一店", GOOD[0], "个体户")
    assert (
        rows[3][-1] == "需要更正——统一社会信用代码：“12345”不是 18 位统一社会信用代码，请对照营业执照核对。"
    )
    assert sheet["C4"].fill.fgColor.rgb.endswith("F9D6D6")
    assert not sheet["B2"].fill.fill_type


def test_the_jobs_of_others_are_not_shown(client: Client) -> None:
    upload(client, library(*ROWS))
    other = signed_in(Role.CENTRE_OPERATOR, username="other")
    assert other.get(f"/office/jobs/{Job.objects.get().pk}/progress/").status_code == 404
    assert "<progress" not in other.get(PAGE).content.decode()


def test_a_user_who_lost_the_role_imports_nothing(client: Client) -> None:
    upload(client, library(*ROWS))
    work()
    client.post(PAGE, {"digest": client.get(PAGE).context["preview"]["digest"]})
    User.objects.update(role=Role.INSPECTORATE)
    work()
    job = Job.objects.get(kind="office.run_import")
    assert (job.state, MarketEntity.objects.count()) == (Job.State.FAILED, 0)
    assert "没有这项操作的权限" in job.message


def test_files_left_lying_for_a_day_are_removed(tmp_path: Path) -> None:
    old, recent = import_files.keep(b"x"), import_files.keep(b"y")
    yesterday = time.time() - import_files.KEPT_FOR.total_seconds() - 1
    os.utime(tmp_path / "imports" / old, (yesterday, yesterday))
    import_files.forget_old()
    assert [path.name for path in (tmp_path / "imports").iterdir()] == [recent]


def test_too_many_faults_are_refused_as_wrong_columns() -> None:
    with pytest.raises(Refused, match="请先核对各列"):
        read_library(library(*[["店", "12345", "未知", "甲镇", "", ""]] * 3), most_faults=3)
