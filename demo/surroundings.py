"""What rounds of other policies need around them: halls with their windows, a pool with a draw from it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from departments.models import Department
from departments.windows.list_import import import_windows
from office.models import User
from office.workbooks.writing import workbook
from surveys import queries as survey_queries
from surveys import services as surveys
from surveys.respondents.pools.drawing import Listing, Wanted
from surveys.respondents.pools.member_import import import_members
from surveys.respondents.pools.structure_import import import_structure

HALLS = ("示范县政务服务大厅", "示范县不动产登记大厅")
WINDOWS = ("综合受理", "企业开办", "不动产登记", "税费缴纳")
POOL = "示范县评价样本库"
WHO_IS_ASKED = ("城区群众", "乡镇群众")
REGISTER, SUPERVISORS, LIST = "市场主体名录", "监督员名单", "推荐名单"


def open_halls(units: Sequence[Department]) -> list[Department]:
    """Two halls with four windows each, staffed by departments in turn; return the windows as units."""
    rows = [
        [hall, str(number), name, units[(at * len(WINDOWS) + number) % len(units)].name, f"{name}咨询和办理"]
        for at, hall in enumerate(HALLS)
        for number, name in enumerate(WINDOWS, start=1)
    ]
    headings = ["办事大厅", "窗口号", "窗口名称", "进驻单位", "办理事项"]
    import_windows(
        content=workbook("服务窗口", headings, rows), file_name="服务窗口（示范）.xlsx", acting_user=None
    )
    return list(Department.objects.filter(window__isnull=False).order_by("order"))


def keep_a_pool(*, now: datetime, acting_user: User) -> None:
    """A small pool, filled from the register, the supervisors and a list; twenty are drawn before two."""
    structure = [
        [POOL, "企业", "", 30, REGISTER, 12],
        [POOL, "群众", WHO_IS_ASKED[0], 12, LIST, 4],
        [POOL, "群众", WHO_IS_ASKED[1], 12, LIST, 4],
        [POOL, "监督员", "", 6, SUPERVISORS, 12],
    ]
    headings = ["样本库", "类别", "细分", "应有人数", "来源", "更新周期（月）"]
    import_structure(
        content=workbook("样本库结构", headings, structure),
        file_name="样本库结构（示范）.xlsx",
        acting_user=acting_user,
    )
    people = [
        ["群众", cell, f"{place}{number:02}", f"示范{cell}{number}", f"示范第{number}社区", "0530-0000000"]
        for place, cell in enumerate(WHO_IS_ASKED, start=1)
        for number in range(1, 13)
    ]
    headings = ["类别", "细分", "编号", "姓名（名称）", "所在单位", "联系电话"]
    import_members(
        content=workbook("样本", headings, people), file_name="样本（示范）.xlsx", acting_user=acting_user
    )
    pool = survey_queries.pool_named(POOL)
    for stratum in pool.strata.exclude(source="list"):
        surveys.fill_stratum(stratum=stratum, today=now.date(), acting_user=acting_user)
    wanted = Wanted(
        title="第四季度企业和群众调查（示范）",
        total=20,
        present=("示范甲", "示范庚"),
        called=("17", "4"),
        place="示范县评价中心",
    )
    surveys.draw_from_pool(
        pool=pool,
        wanted=wanted,
        expected_hash=Listing.of(pool).hash(),
        now=now,
        acting_user=acting_user,
    )
