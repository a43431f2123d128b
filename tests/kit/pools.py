"""The pool of 广元 2022 (一) as an office keeps it, made from workbooks and through the services."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone

from departments.models import Town
from office.models import User
from office.roles import Role
from surveys import services
from surveys.draws.stratified import Reserve
from surveys.models import EntityKind, MarketEntity, Pool, PoolDraw, Supervisor
from surveys.respondents.pools.drawing import Listing, Wanted
from surveys.respondents.pools.member_import import import_members
from surveys.respondents.pools.structure_import import import_structure
from tests.kit.files import table
from tests.kit.halls import code

NAME = "广元市评价样本库"
COUNTIES = tuple(f"第{number}区" for number in "一二三四五六七八")
DELEGATES = ("党代表", "人大代表", "政协委员")
STRUCTURE_HEADINGS = ["样本库", "类别", "细分", "应有人数", "来源", "更新周期（月）"]
MEMBER_HEADINGS = ["类别", "细分", "编号", "姓名（名称）", "所在单位", "联系电话"]
REGISTER, SUPERVISORS, LIST = "市场主体名录", "监督员名单", "推荐名单"


def structure() -> list[list[Any]]:
    """2,000 in six strata; 330 delegates are 40 x 3 of the city and 10 x 3 of seven counties."""
    rows: list[list[Any]] = [
        [NAME, "“四上”企业", "", 1000, REGISTER, 12],
        [NAME, "中小微市场主体", "", 300, REGISTER, 12],
        [NAME, "办事群众", "市本级", 60, LIST, 4],
        *([NAME, "办事群众", county, 30, LIST, 4] for county in COUNTIES),
        [NAME, "监督员", "市本级", 10, SUPERVISORS, 12],
        *([NAME, "监督员", county, 5, SUPERVISORS, 12] for county in COUNTIES),
        *([NAME, "两代表一委员", f"市本级{kind}", 40, LIST, 12] for kind in DELEGATES),
    ]
    rows += [
        [NAME, "两代表一委员", f"{county}{kind}", 10, LIST, 12]
        for county in COUNTIES[:7]
        for kind in DELEGATES
    ]
    return [*rows, [NAME, "新闻媒体", "", 20, LIST, 12]]


def small_structure() -> list[list[Any]]:
    return [
        ["小样本库", "企业", "", 8, REGISTER, 12],
        ["小样本库", "群众", "城区", 6, LIST, 4],
        ["小样本库", "群众", "乡镇", 6, LIST, 4],
    ]


def members(rows: list[list[Any]]) -> list[list[Any]]:
    """As many people for each cell that takes a list as it should have."""
    return [
        [stratum, cell, f"{place:02}-{number:03}", f"某{place}{number}", f"第{place}社区", "0839-1234567"]
        for place, (_, stratum, cell, size, source, _) in enumerate(rows)
        if source == LIST
        for number in range(size)
    ]


def centre(role: Role = Role.CENTRE_OPERATOR) -> User:
    return User.objects.get_or_create(username=f"pool-{role}", defaults={"role": role})[0]


def fill_register(number: int) -> None:
    town = Town.objects.get_or_create(name="城关镇")[0]
    MarketEntity.objects.bulk_create(
        MarketEntity(code=code(10_000 + one), name=f"第{one}商行", kind=EntityKind.PRIVATE, town=town)
        for one in range(number)
    )


def make_pool(rows: list[list[Any]], *, today: date | None = None) -> Pool:
    """A full pool: structure and lists imported, register and supervisors filled in at random."""
    user = centre()
    import_structure(content=table(STRUCTURE_HEADINGS, *rows), file_name="结构.xlsx", acting_user=user)
    pool = Pool.objects.get(name=rows[0][0])
    if people := members(rows):
        book = table(MEMBER_HEADINGS, *people)
        import_members(content=book, file_name="名单.xlsx", acting_user=user)
    for area in ("市本级", *COUNTIES):
        for number in range(10 if area == "市本级" else 5):
            Supervisor.objects.get_or_create(name=f"监{number}", organization=f"{area}商会", area=area)
    for stratum in pool.strata.exclude(source="list"):
        services.fill_stratum(stratum=stratum, today=today or timezone.localdate(), acting_user=user)
    return pool


def small_pool() -> Pool:
    fill_register(20)
    return make_pool(small_structure())


def wanted(total: int, title: str = "第一次集中评价", **more: Any) -> Wanted:
    return Wanted(
        **{
            "title": title,
            "total": total,
            "reserve": Reserve(),
            "present": ("甲某", "乙某"),
            "called": ("17", "4"),
            **more,
        }
    )


def drawn_from(pool: Pool, total: int, title: str = "第一次集中评价", **more: Any) -> PoolDraw:
    return services.draw_from_pool(
        pool=pool,
        wanted=wanted(total, title, **more),
        expected_hash=Listing.of(pool).hash(),
        now=timezone.now(),
        acting_user=centre(),
    )
