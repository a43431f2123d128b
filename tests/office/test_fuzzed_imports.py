"""Spoiled files for each importer: a clear fault or a correct import, never half of one.

Most go straight to the importer's services, where an exception other than a refusal would be the 500;
some go the whole way through its page.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, models, transaction
from django.test import Client

from departments.models import Department, Section, ServiceItem, StaffMember
from office.errors import NOTHING_CHANGED, Refused
from office.imports import definition as imports
from office.jobs import services as jobs
from office.models import AuditEntry, Holiday, Job, User
from office.roles import Role
from office.workbooks.fault_marking import with_faults_marked
from office.workbooks.sheets import silently
from surveys.models import MarketEntity, PoolCell, PoolMember, Supervisor
from surveys.respondents.pools.structure_import import import_structure
from tests.kit.files import small, table, uploaded
from tests.kit.people import signed_in
from tests.office import fuzz, fuzz_photos
from tests.surveys.test_import_entities import GOOD, library

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(300)]

BATCH, BATCHES = (200, 5) if os.environ.get("LONG_TESTS") else (40, 1)


def roster() -> bytes:
    people: list[list[object]] = [
        ["县甲局", "局领导", "王一", "局长", "主要负责人", "审批科", "0530-1", ""],
        ["县甲局", "审批科", "张甲", "科长", "科室负责人", "", 5301234, ""],
        ["县甲局", "审批科", "李　乙", "", "工作人员", "", "", "借调"],
        ["县乙局", "执法科", "赵丙", "", "工作人员", "", "", ""],
    ]
    duties: list[list[object]] = [
        ["县甲局", "审批科", "1.受理\n2.审核", "首问负责制", "开办登记", "受理→决定", "3个工作日", "您好"],
        ["", "", "", "", "变更登记", "受理→决定", 2, ""],
    ]
    return small(people, duties)


def entities() -> bytes:
    return library(
        ["一店", GOOD[0], "个体户", "甲镇", "某甲", "05301"],
        ["二公司", GOOD[1], "民企", "乙镇", "某乙", 5302],
    )


def calendar() -> bytes:
    return table(
        ["节假日安排"],
        ["日期", "名称", "是否上班"],
        [date(2026, 10, 1), "国庆节", "否"],
        ["2026.10.10", "调休", "是"],
        ["2026年1月1日", "元旦", "否"],
    )


def supervisors() -> bytes:
    return table(
        ["监督员名单"],
        ["序号", "姓名", "所在单位", "联系电话", "聘期开始", "聘期结束", "在任"],
        [1, "甲某", "示范商会", 13800000001, date(2023, 8, 15), "2026.8.14", "是"],
        [2, "乙　某", "示范商会", "0530-1", "2023年8月15日", "2026/8/14", ""],
        [3, "丙某", "示范厂", "", "", "", "否"],
    )


def pool_structure() -> bytes:
    return table(
        ["样本库结构"],
        ["样本库", "类别", "细分", "应有人数", "来源", "更新周期（月）"],
        ["某样本库", "企业", "", 30, "市场主体名录", 12],
        ["某样本库", "群众", "城区", 10, "推荐名单", 4],
        ["某样本库", "群众", "乡镇", "12", "推荐名单", 4],
    )


def pool_members() -> bytes:
    return table(
        ["样本名单"],
        ["类别", "细分", "编号", "姓名", "所在单位", "联系电话", "入库日期"],
        ["群众", "城区", "A1", "甲某", "某社区", "0839-1", date(2025, 8, 31)],
        ["群众", "乡镇", "", "乙　某", "", 13800000001, "2025.9.1"],
        ["群众", "乡镇", "A3", "丙某", "某村", "", ""],
    )


def a_pool() -> None:
    import_structure(content=pool_structure(), file_name="结构.xlsx", acting_user=None)


def supervision() -> bytes:
    return table(
        ["分管负责人名单"],
        ["单位", "科（室）", "分管负责人"],
        ["县甲局", "审批科", "李二"],
        ["", "执法科", "王一"],
        ["县乙局", "执法科", "赵三"],
    )


def county() -> None:
    """Two departments with their leaders, for workbooks that name who is there already."""
    for unit_name, names in (("县甲局", ("王一", "李二")), ("县乙局", ("赵三",))):
        unit = Department.objects.create(name=unit_name)
        board = Section.objects.create(department=unit, name="局领导", is_leadership=True)
        for name in names:
            StaffMember.objects.create(department=unit, section=board, name=name, kind="supervising_leader")
        for name in ("审批科", "执法科"):
            Section.objects.create(department=unit, name=name)


@dataclass(frozen=True)
class Importer:
    """One importer: its page, a good file, spoiled ones, and where each figure of its table shows."""

    key: str
    url: str
    good: Callable[[], bytes]
    new: Callable[[dict[str, list[int]]], list[int]]  # of each of `watched`
    watched: tuple[Callable[[], models.QuerySet[Any]], ...]
    spoiled: Callable[[bytes, int], bytes] = fuzz.workbook
    before: Callable[[], None] = lambda: None
    option: Any = False

    def stored(self) -> list[int]:
        """How much of each is stored, in one question: it is asked thousands of times."""
        with connection.cursor() as cursor:
            cursor.execute(*_counting(*self.watched, AuditEntry.objects.all))
            return list(cursor.fetchone())


@cache
def _counting(*watched: Callable[[], models.QuerySet[Any]]) -> tuple[str, list[Any]]:
    asked = [rows().order_by().values("pk").query.sql_with_params() for rows in watched]
    counts = [f"(SELECT COUNT(*) FROM ({sql}) AS n)" for sql, _ in asked]  # noqa: S608 - Django's own SQL
    return f"SELECT {', '.join(counts)}", [value for _, values in asked for value in values]


IMPORTERS = {
    "roster": Importer(
        "import-roster",
        "/office/import/roster/",
        roster,
        lambda told: [told[what][0] for what in ("单位", "科（室）", "人员", "事项")],
        (Department.objects.all, Section.objects.all, StaffMember.objects.all, ServiceItem.objects.all),
    ),
    "entities": Importer(
        "import-entities",
        "/office/import/entities/",
        entities,
        lambda told: [told["市场主体"][1]],
        (MarketEntity.objects.all,),
    ),
    "calendar": Importer(
        "admin:import-holidays",
        "/office/office/holiday/import/",
        calendar,
        lambda told: [told["节假日"][0]],
        (Holiday.objects.all,),
    ),
    "supervision": Importer(
        "import-supervision",
        "/office/import/supervision/",
        supervision,
        lambda told: [told["分管负责人"][0]],
        (lambda: Section.objects.exclude(supervising_leader=None),),
        before=county,
    ),
    "supervisors": Importer(
        "import-supervisors",
        "/office/import/supervisors/",
        supervisors,
        lambda told: [told["监督员"][0]],
        (Supervisor.objects.all,),
    ),
    "pool_structure": Importer(
        "import-pool-structure",
        "/office/import/pool-structure/",
        pool_structure,
        lambda told: [told["样本库结构"][0]],
        (PoolCell.objects.all,),
    ),
    "pool_members": Importer(
        "import-pool-members",
        "/office/import/pool-members/",
        pool_members,
        lambda told: [told["样本"][0]],
        (PoolMember.objects.all,),
        before=a_pool,
    ),
    "photos": Importer(
        "import-photos",
        "/office/import/photos/",
        fuzz_photos.good,
        lambda told: [told["照片"][0]],
        (lambda: StaffMember.objects.exclude(photo=""),),
        spoiled=fuzz_photos.archive,
        before=county,
        option="本人同意书",
    ),
}


def befallen(importer: Importer, content: bytes, *, mark: bool = False) -> str:
    """What came of one file: refused, faulty, unchanged or imported; anything else is an error."""
    what, user = imports.offered(importer.key), User.objects.get()
    before = importer.stored()
    try:
        preview = what.preview(content, importer.option, user, silently)
    except Refused as refusal:
        assert importer.stored() == before
        assert NOTHING_CHANGED in str(refusal), refusal  # noqa: PT017
        return "refused"
    assert importer.stored() == before, "a preview writes nothing"
    assert all(str(fault).startswith("“") and len(str(fault)) < 300 for fault in preview.faults)
    agreed = imports.Agreed(content, "名单.xlsx", importer.option, preview.digest)
    if preview.faults and what.faults_stop(importer.option):
        if mark:
            assert with_faults_marked(content, list(preview.faults))  # type: ignore[arg-type]
            with pytest.raises(Refused):
                what.run(agreed, user, silently)
            assert importer.stored() == before, "a faulty workbook writes nothing"
        return "faulty"
    what.run(agreed, user, silently)
    new = [after - had for after, had in zip(importer.stored(), before, strict=True)]
    assert new == [*importer.new(dict(preview.rows)), preview.writes]
    if preview.faults:
        return "faulty"
    return "imported" if preview.writes else "unchanged"


@pytest.fixture
def client(settings: Any, tmp_path: Path) -> Client:
    settings.PRIVATE_ROOT = tmp_path
    return signed_in(Role.CENTRE_OPERATOR)


def through_the_page(client: Client, importer: Importer, content: bytes) -> None:
    """Upload, take the marked workbook, insist on importing: always an answer in words."""
    sent = {"file": uploaded(content), "option": importer.option or ""}
    answer = client.post(importer.url, sent)
    if answer.status_code == 302:
        jobs.run(Job.objects.latest("pk").pk)
        answer = client.get(importer.url)
    assert answer.status_code in {200, 422}
    if answer.status_code == 422:
        refusal = answer.context.get("refusal")
        told = refusal.message if refusal else str(answer.context["form"].errors)
        assert NOTHING_CHANGED in told or "文件是空的" in told
        return
    digest = answer.context["preview"]["digest"]
    before = importer.stored()
    assert client.post(importer.url, {"marked": digest}).status_code in {200, 422}
    forced = client.post(importer.url, {"digest": digest})
    assert forced.status_code in {302, 422}
    assert forced.status_code == 302 or importer.stored() == before


@pytest.mark.parametrize("batch", range(BATCHES))
@pytest.mark.parametrize("name", IMPORTERS)
def test_a_spoiled_file_is_refused_faulty_or_imported_correctly(
    client: Client, name: str, batch: int, settings: Any, tmp_path: Path
) -> None:
    importer = IMPORTERS[name]
    settings.MEDIA_ROOT = tmp_path / "media"
    importer.before()
    good = importer.good()
    met = set()
    for seed in range(batch * BATCH, (batch + 1) * BATCH):
        content = importer.spoiled(good, seed)
        mark = transaction.savepoint()
        try:
            met.add(befallen(importer, content, mark=seed % 5 == 0))
            transaction.savepoint_rollback(mark)
            if seed % BATCH == 7 * batch:
                through_the_page(client, importer, content)
        except BaseException as error:
            error.add_note(f"file number {seed} for {name}")
            raise
    assert met >= {"refused", "faulty", "imported"}, "a fuzz that only meets refusals would prove little"
    astray = {path for path in tmp_path.rglob("*") if path.is_file() and path.suffix == ".jpg"}
    assert all(path.is_relative_to(tmp_path / "media") and path.stem.isalnum() for path in astray)


@pytest.mark.parametrize("name", IMPORTERS)
def test_a_second_import_of_the_good_file_changes_nothing(
    client: Client, name: str, settings: Any, tmp_path: Path
) -> None:
    importer = IMPORTERS[name]
    settings.MEDIA_ROOT = tmp_path
    importer.before()
    assert befallen(importer, importer.good()) == "imported"
    again = "imported" if name == "photos" else "unchanged"  # a photo replaces a photo
    assert befallen(importer, importer.good()) == again


def holiday_workbook(*row: str) -> bytes:
    return table(["日期", "名称", "是否上班"], row)


def faults_of(content: bytes) -> list[str]:
    what = imports.offered("admin:import-holidays")
    return [str(fault) for fault in what.preview(content, False, User.objects.get(), silently).faults]


def test_a_cell_of_a_megabyte_is_one_short_fault(client: Client) -> None:
    parts = fuzz.parts_of(holiday_workbook("2026-10-01", "PLACE", "否"))
    parts = {name: data.replace(b"PLACE", "大".encode() * 350_000) for name, data in parts.items()}
    assert faults_of(fuzz.zipped(parts)) == ["“Sheet”第2行B列（名称）：文字超过 40 字，请缩短。"]


def test_a_formula_nobody_calculated_is_a_fault(client: Client) -> None:
    """It has no value to take, is never calculated here, and is no blank that empties what is stored."""
    assert "公式没有计算结果" in faults_of(holiday_workbook("=DATE(2026,10,1)", "国庆节", "否"))[0]
