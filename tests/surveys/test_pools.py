"""Pools of respondents: filled, renewed, drawn from once, replaced by the reserve (GY-R1, R3, FC-R13)."""

from __future__ import annotations

import json
from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from departments.models import Department, DepartmentAlias, Membership
from office.calendar.working_time import after_months
from office.errors import Refused
from office.models import AuditEntry
from office.roles import Role
from surveys import services
from surveys.models import DrawnMember, HandedInSample, MarketEntity, Pool, PoolDraw, PoolMember
from surveys.respondents.pools import drawing, figures
from surveys.respondents.pools.conflicts import Judged
from surveys.respondents.pools.member_import import import_members, preview_members
from surveys.respondents.pools.structure_import import import_structure, preview_structure
from tests.kit import pools
from tests.kit.files import table, uploaded
from tests.kit.halls import code
from tests.kit.people import signed_in
from tests.kit.survey_office import Office

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


# --- The pool ------------------------------------------------------------------------------------------


def test_the_pool_of_guangyuan_is_set_up_from_workbooks_and_drawn_from() -> None:
    """GY-R1, GY-R3: 2,000 in six strata, 300 of them drawn, 150/45/45/7/50/3."""
    pools.fill_register(1400)
    pool = pools.make_pool(pools.structure())
    rows = figures.strata_of(pool, TODAY)
    assert [(row.size, row.there) for row in rows] == [(size, size) for size in (1000, 300, 300, 50, 330, 20)]
    with CaptureQueriesContext(connection) as asked:
        listing = drawing.Listing.of(pool)
    assert len(asked) <= 4
    shares = listing.shares(300)
    assert [row.stratum.quota for row in shares] == [150, 45, 45, 7, 50, 3]
    assert [row.stratum.share_in_words for row in shares] == ["150", "45", "45", "7.5", "49.5", "3"]
    draw = pools.drawn_from(pool, 300)
    assert draw.drawn.filter(is_reserve=False).count() == 300
    assert drawing.faults_of(draw) == []
    assert drawing.changes_since(draw) == []


def test_a_structure_goes_round_without_a_change() -> None:
    pool = pools.small_pool()
    client = signed_in(Role.CENTRE_OPERATOR)
    answer = client.post(f"/office/pools/{pool.pk}/structure.xlsx")
    again = preview_structure(content=b"".join(answer.streaming_content), acting_user=None)  # type: ignore[attr-defined]
    assert (again.counts(), again.faults) == ({"新增": 0, "变更": 0, "未变": 3}, [])


def test_members_taken_out_come_back_without_a_change() -> None:
    """GY-R1: those who left are in the list, too, and nobody comes in twice."""
    pool = pools.small_pool()
    member = pool.members.filter(source="list")[0]
    PoolMember.objects.filter(pk=member.pk).update(left_on=TODAY, left_reason="迁出", phone="")
    answer = signed_in(Role.CENTRE_OPERATOR).get("/office/surveys/poolmember/export/")
    again = preview_members(content=b"".join(answer.streaming_content), acting_user=None)  # type: ignore[attr-defined]
    assert again.faults == []
    assert again.counts() == {"新增": 0, "变更": 0, "未变": 20}


def test_sizes_are_data_and_change_by_the_workbook() -> None:
    """GY-R1"""
    pools.make_pool(pools.small_structure()[1:])
    book = table(
        ["类别", "细分", "应有人数", "更新周期（月）"], ["群众", "城区", 9, 6], ["群众", "乡镇", 6, 6]
    )
    plan = import_structure(content=book, file_name="结构.xlsx", acting_user=pools.centre())
    assert plan.changes == [
        "变更 小样本库 群众（城区）：更新周期（月）：4 → 6；应有人数：6 → 9",
    ]
    assert Pool.objects.get().strata.get().renewal_months == 6


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (["企业", "", "三十", "", ""], "应为 0 到 100000 的整数"),
        (["企业", "", 30.5, "", ""], "应为 0 到 100000 的整数"),
        (["", "城区", 30, "", ""], "类别空白"),
        (["企业", "", 30, "街头", ""], "请填写市场主体名录、监督员名单、推荐名单"),
        (["企业", "", 30, "", 0], "应为 1 到 60 的整数"),
    ],
)
def test_a_faulty_structure_is_refused_with_its_cell(row: list[Any], said: str) -> None:
    book = table(["类别", "细分", "应有人数", "来源", "更新周期（月）"], row, ["群众", "", 3, "", ""])
    with pytest.raises(Refused, match=said):
        import_structure(content=book, file_name="结构.xlsx", acting_user=None)
    assert not Pool.objects.exists()


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (["群众", "城区", "X1", "甲某", "", ""], ""),
        (["群众", "海外", "X1", "甲某", "", ""], "样本库中没有“群众”“海外”"),
        (["群众", "城区", "X1", "", "某社区", ""], "姓名（名称）空白"),
        (["群众", "城区", "01-001", "甲某", "", ""], "在第"),
    ],
)
def test_a_list_of_members_is_checked_row_by_row(row: list[Any], said: str) -> None:
    pools.make_pool(pools.small_structure()[1:])
    book = table(pools.MEMBER_HEADINGS, ["群众", "城区", "01-001", "某", "", ""], row)
    if not said:
        assert import_members(content=book, file_name="名单.xlsx", acting_user=None).counts()["新增"] == 1
        return
    with pytest.raises(Refused, match=said):
        import_members(content=book, file_name="名单.xlsx", acting_user=None)


def test_who_has_no_number_gets_one_and_is_known_again() -> None:
    pools.make_pool(pools.small_structure()[1:])
    before = PoolMember.objects.count()
    book = table(
        ["类别", "细分", "姓名", "所在单位"],
        ["群众", "城区", "甲　某", "商会"],
        ["群众", "乡镇", "甲某", "商会"],
    )
    for _ in range(2):
        plan = import_members(content=book, file_name="名单.xlsx", acting_user=None)
    assert plan.counts() == {"新增": 0, "变更": 0, "未变": 2}
    assert PoolMember.objects.count() == before + 2


# --- Renewal -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("joined", "months", "until"),
    [
        (date(2022, 9, 6), 4, date(2023, 1, 6)),
        (date(2022, 10, 31), 4, date(2023, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
    ],
)
def test_a_member_stays_to_the_same_day_or_the_last_of_the_month(
    joined: date, months: int, until: date
) -> None:
    """POOL-04, GY-R1: through the import of a list with days of entry."""
    book = table(["类别", "应有人数", "更新周期（月）"], ["群众", 3, months])
    import_structure(content=book, file_name="结构.xlsx", acting_user=None)
    book = table(["类别", "姓名", "入库日期"], ["群众", "甲某", joined])
    import_members(content=book, file_name="名单.xlsx", acting_user=None)
    assert PoolMember.objects.get().renew_on == until == after_months(joined, months)


def test_who_is_due_is_reminded_of_kept_or_let_go_and_replaced() -> None:
    """GY-R1: 办事群众 after four months."""
    pool = pools.small_pool()
    pool.members.filter(cell__name="城区").update(renew_on=TODAY)
    pool.members.filter(cell__name="").update(renew_on=TODAY)
    client = signed_in(Role.CENTRE_OPERATOR)
    assert "小样本库：14 个样本到期应更新" in client.get("/office/").content.decode()
    citizens, firms = pool.strata.get(name="群众"), pool.strata.get(name="企业")
    page = f"/office/pools/{pool.pk}/"
    client.post(page, {"stratum": citizens.pk, "do": "keep"})
    assert set(pool.members.filter(cell__name="城区").values_list("renew_on", flat=True)) == {
        after_months(TODAY, 4)
    }
    before = set(pool.members.filter(cell__name="").values_list("number", flat=True))
    client.post(page, {"stratum": firms.pk, "do": "release"})
    assert pool.members.filter(left_on=None).count() == 12
    said = client.post(page, {"stratum": firms.pk, "do": "fill"}, follow=True).content.decode()
    assert "补入 8，其中单位报送 0。" in said
    now = set(pool.members.filter(left_on=None, cell__name="").values_list("number", flat=True))
    assert len(now) == 8
    assert now != before
    said = client.post(page, {"stratum": citizens.pk, "do": "release"}, follow=True).content.decode()
    assert "没有到期的样本，未作任何更改" in said
    assert set(AuditEntry.objects.values_list("verb", flat=True)) >= {
        "核对到期样本并续期",
        "到期样本退出",
        "补足样本库",
    }


# --- Conflicts of interest -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("employer", "out"),
    [
        ("县税务局", True),
        ("县 税务局", True),
        ("县税务局办公室", True),
        ("税务所", True),  # another name of it
        ("利州区", True),
        ("利州区人民政府办公室", True),
        ("利州区某某商行", False),
        ("县税务师事务所", False),
        ("早先的局", False),  # no longer in the evaluation
        ("", False),
    ],
)
def test_people_of_judged_units_may_not_be_asked(employer: str, out: bool) -> None:
    """GY-R1: a shop in a judged county is none of its people."""
    tax = Department.objects.create(name="县税务局")
    DepartmentAlias.objects.create(department=tax, name="税务所")
    Department.objects.create(name="利州区", peer_group="县区")
    Department.objects.create(name="早先的局", is_active=False)
    assert Judged().employ(employer) is out


def test_who_has_a_conflict_is_listed_with_the_reason_and_never_drawn() -> None:
    """GY-R3: by employer or by the unit that the list names."""
    pool = pools.small_pool()
    tax = Department.objects.create(name="县税务局")
    town = pool.members.filter(cell__name="城区").order_by("pk")
    first, second = town[0], town[1]
    PoolMember.objects.filter(pk=first.pk).update(employer="县税务局办公室")
    PoolMember.objects.filter(pk=second.pk).update(unit=tax)
    draw = pools.drawn_from(pool, 12)
    names = set(draw.drawn.values_list("member", flat=True))
    assert {first.pk, second.pk} & names == set()
    rows = {row[0]: row[3] for row in draw.protocol["list"]}
    assert rows[first.number] == rows[second.number] == "所在单位参评，回避"
    assert sum(map(bool, rows.values())) == 2


# --- Samples that departments hand in ------------------------------------------------------------------


def officer(name: str) -> tuple[Department, Client]:
    unit = Department.objects.create(name=name)
    return unit, signed_in(Role.DEPARTMENT_OFFICER, unit, username=name)


def samples(*numbers: int) -> bytes:
    rows = [[f"第{one}厂", code(one), "13800000000", "开办企业"] for one in numbers]
    return table(["企业名称", "统一社会信用代码", "联系电话", "办理事项"], *rows)


def hand_in(client: Client, content: bytes) -> str:
    answer = client.post("/office/import/samples/", {"file": uploaded(content)})
    digest = answer.context["preview"]["digest"]
    done = client.post("/office/import/samples/", {"digest": digest}, follow=True)
    return done.content.decode()


def test_departments_hand_in_samples_and_see_only_their_own() -> None:
    """FC-R13: by workbook, counted by quarter, too few flagged; not who of them came into the pool."""
    one, first = officer("甲局")
    _, second = officer("乙局")
    assert "样本已报送：新增 3，变更 0，未变 0。" in hand_in(first, samples(1, 2, 3))
    hand_in(second, samples(3))
    listed = first.get("/office/surveys/handedinsample/")
    assert {sample.department_id for sample in listed.context["cl"].queryset} == {one.pk}
    again = b"".join(first.get("/office/surveys/handedinsample/export/").streaming_content)  # type: ignore[attr-defined]
    answer = first.post("/office/import/samples/", {"file": uploaded(again)})
    assert answer.context["preview"]["rows"] == [("报送样本", [0, 0, 3, 0])]
    seen = signed_in(Role.INSPECTORATE).get("/office/pools/samples/").content.decode()
    assert seen.count("不足</span>") == 2
    assert first.get("/office/pools/samples/").status_code == 403


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (["某厂", code(1)[:-1] + "0", "13800000000"], "校验位不符"),
        (["某厂", "123", "13800000000"], "不是 18 位统一社会信用代码"),
        (["某厂", code(1), "1380000"], ""),
        (["某厂", code(1), "2380000000000"], "不是电话号码"),
        (["某厂", code(1), ""], "不是电话号码"),
        (["", code(1), "13800000000"], "企业名称空白"),
    ],
)
def test_a_faulty_sample_is_named_and_nothing_is_kept(row: list[str], said: str) -> None:
    """FC-R13: check digit and phone."""
    _, client = officer("甲局")
    book = table(["企业名称", "统一社会信用代码", "联系电话"], row, ["另厂", code(2), "0839-3300000"])
    answer = client.post("/office/import/samples/", {"file": uploaded(book)})
    assert (said in answer.content.decode()) if said else answer.context["preview"]["faults"] == []
    assert bool(answer.context["preview"]["faults"]) is bool(said)
    assert not HandedInSample.objects.exists()


def test_samples_of_departments_are_mixed_with_the_register_by_a_share() -> None:
    """FC-R13: at most half of a cell is handed in, each enterprise once, none of a judged unit."""
    pools.fill_register(30)
    _, first = officer("甲局")
    _, second = officer("乙局")
    hand_in(first, samples(*range(1, 9)))
    hand_in(second, samples(*range(5, 12)))
    HandedInSample.objects.filter(code=code(1)).update(name="乙局服务公司")
    HandedInSample.objects.filter(code=code(2)).update(is_withdrawn=True)
    pool = pools.make_pool([["小样本库", "企业", "", 20, pools.REGISTER, 12]])
    sources = list(pool.members.values_list("source", flat=True))
    assert (sources.count("handed_in"), sources.count("register")) == (9, 11)
    assert not pool.members.filter(number__in=[code(1), code(2)]).exists()
    Pool.objects.update(most_handed_in=25)
    pool.members.all().delete()
    services.fill_stratum(stratum=pool.strata.get(), today=TODAY, acting_user=pools.centre())
    assert pool.members.filter(source="handed_in").count() == 5
    assert pool.members.count() == 20


def test_a_department_is_reminded_of_what_it_still_owes() -> None:
    """FC-R13"""
    _, client = officer("甲局")
    assert "报送样本：本季度还差" not in client.get("/office/").content.decode()
    pools.make_pool([["小样本库", "群众", "", 2, pools.LIST, 12]])
    assert "报送样本：本季度还差" not in client.get("/office/").content.decode()
    pools.fill_register(4)
    pools.make_pool([["另一样本库", "企业", "", 2, pools.REGISTER, 12]])
    hand_in(client, samples(1))
    assert "报送样本：本季度还差 19 户" in client.get("/office/").content.decode()


# --- The draw ------------------------------------------------------------------------------------------


def test_a_pool_is_drawn_from_on_its_page_with_the_quotas_before(tmp_path: Path) -> None:
    """GY-R3: seed and how it was made, who, when, before whom; the file is verified without the database."""
    pool = pools.small_pool()
    client = signed_in(Role.CENTRE_OPERATOR)
    page = f"/office/pools/{pool.pk}/draw/"
    shown = client.get(f"{page}?total=10")
    assert [row.stratum.quota for row in shown.context["shares"]] == [4, 6]
    data = {
        "total": 10,
        "title": "第一次集中评价",
        "reserve": "100",
        "first_present": "甲某",
        "second_present": "乙某",
        "first_called": "17",
        "second_called": "4",
        "list_hash": shown.context["list_hash"],
    }
    answer = client.post(page, data)
    draw = PoolDraw.objects.get()
    assert answer.headers["Location"] == f"/office/draws/{draw.pk}/"
    assert draw.seed.endswith("|小样本库|1|17|4")
    about = draw.protocol["about"]
    assert (about["在场人"], about["抽取人"]) == ("甲某、乙某", str(draw.drawn_by))
    assert "任何一方不能单独决定" in about["抽取码的产生"]
    shown_draw = client.get(f"/office/draws/{draw.pk}/").content.decode()
    assert "名单、候补和递补与记录完全一致" in shown_draw
    pdf = client.post(f"/office/draws/{draw.pk}/files/protocol.pdf")
    assert b"".join(pdf.streaming_content).startswith(b"%PDF")  # type: ignore[attr-defined]
    file = tmp_path / "记录.json"
    made = client.post(f"/office/draws/{draw.pk}/files/protocol.json")
    file.write_bytes(b"".join(made.streaming_content))  # type: ignore[attr-defined]
    told = StringIO()
    with CaptureQueriesContext(connection) as asked:
        call_command("verify_draw", str(file), stdout=told)
    assert len(asked) == 0
    assert "完全一致：抽取10，递补0次" in told.getvalue()
    for number in json.loads(file.read_text())["cells"][0]["drawn"]:
        assert number not in AuditEntry.objects.get(verb="抽取样本").after.values()


def test_the_seed_of_a_ballot_is_made_of_its_fingerprint(office: Office) -> None:
    """GY-R3: as for sittings, nobody chooses it, and one ballot is drawn for once."""
    survey = office.frozen()  # put back as it was stored, so before anything else is written
    pool = pools.small_pool()
    draw = pools.drawn_from(pool, 10, survey=survey, called=("", ""))
    assert draw.seed == f"{survey.fingerprint}|小样本库|1"
    with pytest.raises(Refused, match="已经为本轮评价抽取过，不能重抽"):
        pools.drawn_from(pool, 10, "换个名目", survey=survey)
    draft = office.create("尚未定稿")
    with pytest.raises(Refused, match="尚未定稿"):
        pools.drawn_from(pool, 10, "另一轮", survey=draft)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"title": " "}, "没有填写用途"),
        ({"total": 0}, "应大于0"),
        ({"total": 21}, "样本库应有人数不足21"),
        ({"present": ("甲某", " ")}, "须有两人在场"),
        ({"present": ("甲某", "甲某")}, "须有两人在场"),
        ({"called": ("17", "")}, "各报一个数字"),
    ],
)
def test_a_draw_that_lacks_something_is_refused_with_what_to_do(more: dict[str, Any], said: str) -> None:
    pool = pools.small_pool()
    with pytest.raises(Refused, match=said):
        services.draw_from_pool(
            pool=pool,
            wanted=pools.wanted(**{"total": 10, **more}),
            expected_hash=drawing.Listing.of(pool).hash(),
            now=timezone.now(),
            acting_user=pools.centre(),
        )
    assert not PoolDraw.objects.exists()


def test_a_pool_too_small_for_the_draw_names_its_cells() -> None:
    pool = pools.small_pool()
    gone = pool.members.filter(cell__name="乡镇")[:5].values("pk")
    PoolMember.objects.filter(pk__in=list(gone.values_list("pk", flat=True))).update(
        left_on=TODAY, left_reason="迁出", phone=""
    )
    with pytest.raises(Refused, match="群众（乡镇）：应抽3，可抽1") as refused:
        pools.drawn_from(pool, 10)
    assert "请先补足下列类别，或减少抽取总数：" in str(refused.value)
    assert not DrawnMember.objects.exists()


def test_a_purpose_is_drawn_for_once_and_a_list_that_changed_meanwhile_is_refused() -> None:
    """GY-R3"""
    pool = pools.small_pool()
    pools.drawn_from(pool, 10)
    with pytest.raises(Refused, match="已经为这一用途抽取过，不能重抽"):
        pools.drawn_from(pool, 10)
    before = drawing.Listing.of(pool).hash()
    PoolMember.objects.filter(pk=pool.members.all()[0].pk).update(left_on=TODAY, left_reason="迁出", phone="")
    with pytest.raises(Refused, match="样本库在您打开页面之后有变化"):
        services.draw_from_pool(
            pool=pool,
            wanted=pools.wanted(5, "第二次"),
            expected_hash=before,
            now=timezone.now(),
            acting_user=pools.centre(),
        )
    assert pools.drawn_from(pool, 5, "第二次").number == 2


def test_who_is_not_reached_is_replaced_by_the_next_of_the_same_cell() -> None:
    """POOL-01: order fixed by the draw, each with its reason and time; a substitute may give way, too."""
    pool = pools.small_pool()
    draw = pools.drawn_from(pool, 10)
    client = signed_in(Role.CENTRE_OPERATOR)
    mine = draw.drawn.filter(cell__name="城区").order_by("is_reserve", "place")
    asked, waiting = list(mine.filter(is_reserve=False)), list(mine.filter(is_reserve=True))
    assert (len(asked), len(waiting)) == (3, 3)
    page = f"/office/draws/{draw.pk}/"
    for out, reason in ((asked[0], "拒访"), (asked[1], "空号"), (waiting[0], "三次未接通")):
        client.post(page, {"drawn": out.pk, "reason": reason})
    for place, one in enumerate(waiting):
        one.refresh_from_db()
        assert one.state == ("replaced" if place == 0 else "stepped_in")
    assert waiting[2].stands_in_for == waiting[0]
    said = client.post(page, {"drawn": asked[2].pk, "reason": "拒访"}, follow=True).content.decode()
    assert "“群众（城区）”的候补已经用完，未作任何更改。该细分按不足计" in said
    client.post(page, {"drawn": asked[2].pk, "reason": " "})
    assert drawing.faults_of(draw) == []
    made = drawing.protocol_of(draw)["replacements"]
    assert [row["reason"] for row in made] == ["拒访", "空号", "三次未接通"]
    assert all(row["at"] for row in made)
    DrawnMember.objects.filter(pk=asked[0].pk).update(replaced_by=None)
    assert "第1次递补：没有按候补顺序递补。" in drawing.faults_of(draw)


def test_a_pool_changed_after_the_draw_is_named_in_the_check() -> None:
    pool = pools.small_pool()
    draw = pools.drawn_from(pool, 10)
    town = pool.members.filter(cell__name="城区").order_by("pk")
    left, moved, judged = town[0], town[1], town[2]
    PoolMember.objects.filter(pk=left.pk).update(left_on=TODAY, left_reason="迁出", phone="")
    PoolMember.objects.filter(pk=moved.pk).update(cell=pool.members.filter(cell__name="乡镇")[0].cell)
    PoolMember.objects.filter(pk=judged.pk).update(employer="县税务局")
    Department.objects.create(name="县税务局")
    book = table(pools.MEMBER_HEADINGS, ["群众", "城区", "新来", "丁某", "", ""])
    import_members(content=book, file_name="名单.xlsx", acting_user=None)
    assert drawing.changes_since(draw) == [
        "抽取后入库：新来",
        f"抽取后退出：{left.number}",
        f"抽取后改变类别或细分：{moved.number}",
        f"抽取后改变回避情形：{judged.number}",
    ]
    assert drawing.faults_of(draw) == []
    shown = signed_in(Role.INSPECTORATE).get(f"/office/draws/{draw.pk}/").content.decode()
    assert "样本库在抽取之后有变化" in shown


def test_names_that_somebody_put_in_are_found() -> None:
    pool = pools.small_pool()
    draw = pools.drawn_from(pool, 10)
    names = draw.drawn.values("member")
    friend = pool.members.exclude(pk__in=names).first() or pool.members.all()[0]
    victim = draw.drawn.filter(is_reserve=False)[0]
    DrawnMember.objects.filter(draw=draw, member=friend).delete()
    DrawnMember.objects.filter(pk=victim.pk).update(member=friend)
    assert "登记的应访名单与抽取记录不一致。" in drawing.faults_of(draw)


@pytest.mark.parametrize("role", Role)
def test_nobody_who_is_judged_sees_who_was_drawn(role: Role) -> None:
    """GY-R3: neither pages nor files; the reviewer of the centre sees counts, not names."""
    pool = pools.small_pool()
    draw = pools.drawn_from(pool, 10)
    name = draw.drawn.filter(is_reserve=False)[0].member.name
    client = signed_in(role)
    page = client.get(f"/office/draws/{draw.pk}/")
    may_look = role in {Role.CENTRE_OPERATOR, Role.CENTRE_REVIEWER, Role.INSPECTORATE}
    may_read = role in {Role.CENTRE_OPERATOR, Role.INSPECTORATE}
    assert page.status_code == (200 if may_look else 403)
    assert (name in page.content.decode()) is may_read
    for file, may in (("protocol.pdf", may_look), ("names.xlsx", may_read), ("protocol.json", may_read)):
        answer = client.post(f"/office/draws/{draw.pk}/files/{file}")
        assert answer.status_code == (200 if may else 403), file
    for address in ("/office/pools/", f"/office/pools/{pool.pk}/", "/office/surveys/poolmember/"):
        assert client.get(address).status_code == (200 if may_look else 403), address
    assert client.get(f"/office/pools/{pool.pk}/draw/").status_code == (
        200 if role == Role.CENTRE_OPERATOR else 403
    )


def test_a_member_who_leaves_loses_the_telephone_number() -> None:
    pool = pools.small_pool()
    member = pool.members.filter(source="list")[0]
    client = signed_in(Role.CENTRE_OPERATOR)
    page = f"/office/surveys/poolmember/{member.pk}/change/"
    data = {
        "name": member.name,
        "employer": "",
        "unit": "",
        "phone": "1",
        "joined_on": TODAY,
        "left_on": TODAY,
    }
    assert "须写明退出原因" in client.post(page, data).content.decode()
    client.post(page, {**data, "left_reason": "迁出"})
    member.refresh_from_db()
    assert (member.left_on, member.phone) == (TODAY, "")
    later = {**data, "left_on": TODAY + timedelta(days=1), "left_reason": "迁出"}
    assert "日期晚于今天" in client.post(page, later).content.decode()


def test_the_list_to_ask_by_has_the_contacts_of_the_register() -> None:
    pool = pools.small_pool()
    MarketEntity.objects.update(contact="某人", phone="0839-1")
    draw = pools.drawn_from(pool, 10)
    rows = drawing.take_names(draw=draw, acting_user=pools.centre())
    firm = next(row for row in rows if row.cell.name == "")
    assert (firm.member.entity and firm.member.entity.phone) == "0839-1"
    assert AuditEntry.objects.get(verb="导出应访名单").after == {"人数": len(rows)}


def test_department_people_without_a_department_hand_in_nothing() -> None:
    client = signed_in(Role.DEPARTMENT_OFFICER, username="nobody")
    assert not Membership.objects.exists()
    answer = client.post("/office/import/samples/", {"file": uploaded(samples(1))})
    assert "您的用户没有所属单位，不能报送样本" in answer.content.decode()
