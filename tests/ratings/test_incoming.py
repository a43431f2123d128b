"""Lists that come in: 办件编号, 办件量, the province's 好差评; a case counts once, silence is no praise."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core import serializers
from django.test import Client
from django.utils import timezone

from departments.models import DepartmentAlias
from office.errors import Refused
from office.imports import files as import_files
from office.models import AuditEntry, User
from ratings.incoming import lists
from ratings.incoming.cases import CASES
from ratings.incoming.holding import hold_beyond
from ratings.incoming.province import PROVINCE
from ratings.incoming.served import SERVED, enter_served
from ratings.models import Judgment, Rating, RatingCode, Served, Ticket, TicketBatch
from ratings.rules import all_rules
from tests.kit.files import table, uploaded
from tests.ratings.hall import RULES, RatedHall

pytestmark = pytest.mark.django_db
TODAY, DAY = date(2026, 11, 30), date(2026, 11, 25)
CASE_HEAD = ("办件编号", "单位", "窗口", "办结日期", "申请人", "联系电话")
SAID_HEAD = ("办件编号", "办理单位", "窗口", "满意度", "评价日期", "评价渠道", "评价内容", "姓名", "手机号")
PERSON, PHONE = "测试申请人", "13800000001"


@pytest.fixture
def hall(db: None) -> RatedHall:
    return RatedHall()


def brought(kind: Any, user: User, content: bytes, rules_id: str = RULES) -> Any:
    told = {"content": content, "rules_id": rules_id, "today": TODAY, "acting_user": user}
    seen = lists.preview_list(kind, **told)
    return lists.import_list(kind, expected_digest=seen.digest(), **told)


def cases(*rows: tuple[Any, ...]) -> bytes:
    return table(CASE_HEAD, *[(*row, PERSON, PHONE) for row in rows])


def said(*rows: tuple[Any, ...]) -> bytes:
    return table(SAID_HEAD, *[(*row, PERSON, PHONE) for row in rows])


def stored_text() -> str:
    models = (Ticket, TicketBatch, Rating, Served, AuditEntry)
    return "".join(serializers.serialize("json", model._base_manager.all()) for model in models)


def test_case_numbers_become_tickets_and_stay_unreadable(hall: RatedHall) -> None:
    """GY-R4: once each, good at the unit that did the case, for as long as the rules say."""
    DepartmentAlias.objects.create(department=hall.unit, name="甲局")
    content = cases(
        ("BJ-2026-0001", "甲局", "1", "2026-11-25"),
        ("BJ-2026-0002", "县甲局", "1号窗口", "2026-11-25"),
        ("BJ-2026-0002", "县甲局", "", "2026-11-25"),
        ("BJ-2026-0003", "县乙局", "", "2026-11-25"),
        ("BJ-2026-0004", "县乙局", "", "2026-09-01"),
    )
    plan = brought(CASES, hall.clerk, content)
    assert plan.counts == {"行数": 5, "新增": 3, "略过": 2}
    assert any("第4行" in note for note in plan.notes)
    assert any("超过30日" in note for note in plan.notes)
    assert not any("BJ-2026" in line for line in plan.lines())
    assert "BJ2026" not in stored_text().replace("-", "")
    assert PHONE not in stored_text()
    again = brought(CASES, hall.clerk, content)
    assert (again.counts["新增"], Ticket.objects.count(), Served.objects.count()) == (0, 3, 0)
    hall.rate("2026-11-30T10:00", ticket="bj 2026 0001")
    with pytest.raises(Refused, match="不是在这里办事"):
        hall.rate("2026-11-30T10:00", ticket="BJ-2026-0003")
    with pytest.raises(Refused, match="过期"):
        hall.rate("2026-12-26T10:00", ticket="BJ-2026-0002")
    assert Rating.objects.get().has_ticket


def test_faults_of_a_case_list_stop_it_and_show_no_number(hall: RatedHall) -> None:
    content = cases(
        ("12345", "县甲局", "", "2026-11-25"),
        (202611250000000123, "县甲局", "", "2026-11-25"),
        ("BJ-2026-0005", "没有的局", "", "2026-11-25"),
        ("BJ-2026-0006", "县甲局", "9号窗口", "2026-11-25"),
        ("BJ-2026-0007", "县甲局", "", "2026-12-25"),
    )
    told = {"content": content, "rules_id": RULES, "today": TODAY, "acting_user": hall.operator}
    plan = lists.preview_list(CASES, **told)
    assert [fault.row for fault in plan.faults] == [2, 3, 4, 5, 6]
    assert not any("2026-0" in str(fault) or "12345" in str(fault) for fault in plan.faults)
    with pytest.raises(Refused, match="需要更正"):
        lists.import_list(CASES, **told)
    assert not Ticket.objects.exists()


@pytest.mark.both_databases  # numbers are locked, ratings held by a sum
def test_more_rated_than_served_is_held_and_comes_back_by_judgment_alone(hall: RatedHall) -> None:
    """GY-R4: first what came without a ticket; a raised number brings nothing back; nothing says how many."""
    hall.stored(3)
    hall.stored(2, has_ticket=True)
    hall.stored(4, code=hall.other_code)
    hall.stored(1, has_ticket=True, channel="province")
    judged = Rating.objects.filter(code=hall.code, has_ticket=False).first()
    Judgment.objects.create(
        rating=judged,
        act="count",
        state="agreed",
        words="确有此事",
        proposed_by=hall.operator,
        proposed_on=DAY,
        settled_by=hall.reviewer,
        settled_on=DAY,
    )

    def enter(number: int) -> list[tuple[RatingCode, bool]]:
        numbers = {hall.window.pk: number, hall.other_window.pk: 4}
        told: dict[str, Any] = {
            "day": DAY,
            "today": TODAY,
            "acting_user": hall.operator,
            "reason": "核对叫号机",
        }
        enter_served(hall=hall.hall, numbers=numbers, **told)
        held = Rating.objects.filter(state="held", held_because="超过当日办件量")
        return sorted(((one.code, one.has_ticket) for one in held), key=lambda one: one[1])

    bare, ticketed = (hall.code, False), (hall.code, True)
    assert enter(6) == []
    assert enter(5) == [bare, bare]
    assert enter(60) == [bare, bare]
    assert enter(3) == [bare, bare]  # of three tickets nobody is in doubt
    assert enter(2) == [bare, bare, ticketed, ticketed]
    assert Rating.objects.get(channel="province").state == "counted"
    last = AuditEntry.objects.filter(verb="填报办件量").latest("pk")
    assert set(last.after) == {"日期", str(hall.window), str(hall.other_window), "更正理由"}
    head = ("大厅", "窗口", "日期", "办件量", "更正理由")
    plan = brought(SERVED, hall.operator, table(head, ("测试大厅", "2", "2026-11-25", 3, "漏看一件")))
    assert plan.counts == {"行数": 1, "新增": 0, "变更": 1, "未变": 0}
    assert Rating.objects.filter(code=hall.other_code, state="held").count() == 4


def test_a_clerk_enters_numbers_of_days_just_over_and_alters_none(hall: RatedHall) -> None:
    """One of today would place ratings in time; one of any day, or altered, would hold them at will."""

    def enter(day: str, number: int, user: User, reason: str = "") -> None:
        told: dict[str, Any] = {"today": TODAY, "acting_user": user, "reason": reason}
        enter_served(hall=hall.hall, day=date.fromisoformat(day), numbers={hall.window.pk: number}, **told)

    enter("2026-11-29", 5, hall.clerk)
    enter("2026-11-29", 5, hall.clerk)
    enter("2026-11-23", 5, hall.clerk)
    enter("2026-10-01", 5, hall.operator)
    for day, number, user, why in (
        ("2026-11-30", 5, hall.operator, "次日起填报"),
        ("2026-11-22", 5, hall.clerk, "超过7日"),
        ("2026-11-29", 0, hall.clerk, "更正由评价中心办理"),
        ("2026-11-29", 0, hall.operator, "没有写明更正"),
    ):
        with pytest.raises(Refused, match=why):
            enter(day, number, user)
    head = ("窗口", "单位", "日期", "办件量")
    content = table(head, *[("1", "县甲局", day, 9) for day in ("2026-11-30", "2026-11-29", "2026-11-01")])
    told: dict[str, Any] = {"content": content, "rules_id": RULES, "today": TODAY}
    assert [one.row for one in lists.preview_list(SERVED, acting_user=hall.clerk, **told).faults] == [2, 3, 4]
    assert [one.row for one in lists.preview_list(SERVED, acting_user=hall.operator, **told).faults] == [2, 3]
    assert set(Served.objects.values_list("number", flat=True)) == {5}


def test_the_numbers_of_three_years_are_compared_at_once(hall: RatedHall) -> None:
    """More than a thousand at once: SQLite takes no expression of more than a thousand."""
    days = [date(2020, 1, 1) + timedelta(days=n) for n in range(1100)]
    Rating.objects.bulk_create(Rating(code=hall.code, day=day, level="满意") for day in days)
    Served.objects.bulk_create(
        Served(window=hall.window, day=day, number=0, entered_by=hall.operator) for day in days
    )
    assert hold_beyond((hall.window.pk, day) for day in days) == len(days)


def test_the_page_takes_a_days_numbers(hall: RatedHall) -> None:
    clerk, officer, centre = Client(), Client(), Client()
    clerk.force_login(hall.clerk)
    officer.force_login(hall.officer)
    centre.force_login(hall.operator)
    day = timezone.localdate() - timedelta(days=1)
    address = f"/office/ratings/served/?hall={hall.hall.pk}&day={day}"
    hall.stored(3, day=day)
    page = clerk.get(address)
    names = {f"number-{hall.window.pk}": "2", "seen_mark": page.context["seen_mark"]}
    told = clerk.post(address, names, follow=True).content.decode()
    assert "超过办件量的已暂缓，由评价中心认定" in told
    assert Served.objects.get().number == 2
    assert "disabled" in told
    assert "更正理由" not in told
    stale = {**names, f"number-{hall.other_window.pk}": "9"}
    assert "已被修改" in clerk.post(address, stale).content.decode()
    seen = centre.get(address).context["seen_mark"]
    altered = {f"number-{hall.window.pk}": "9", "seen_mark": seen}
    assert "没有写明更正" in centre.post(address, altered).content.decode()
    centre.post(address, {**altered, "reason": "核对叫号机"})
    assert Served.objects.get().number == 9
    assert officer.get(address).status_code == 403


def test_the_provinces_ratings_count_once_and_silence_does_not(hall: RatedHall) -> None:
    """GY-R4: by unit or window; what our ticket rated, what came before, default praise stay out."""
    brought(
        CASES,
        hall.clerk,
        cases(*[(f"BJ-2026-000{n}", "县甲局", "", "2026-11-25") for n in (1, 2)]),
    )
    hall.rate("2026-11-30T10:00", ticket="BJ-2026-0001")
    content = said(
        ("BJ-2026-0001", "县甲局", "1", 5, "2026-11-26", "短信", ""),
        ("BJ-2026-0002", "县甲局", "1", "5分", "2026-11-26", "短信", ""),
        ("BJ-2026-0003", "县甲局", "", "非常不满意", "2026-11-26", "网站", f"请回电话{PHONE}"),
        ("BJ-2026-0003", "县甲局", "", 5, "2026-11-27", "网站", ""),
        ("BJ-2026-0004", "县甲局", "", 5, "2026-11-26", "系统默认好评", ""),
        ("BJ-2026-0005", "县乙局", "", 4, "2026-11-26", "窗口", ""),
        ("BJ-2026-0006", "县甲局", "", 7, "2026-11-26", "窗口", ""),
    )
    plan = brought(PROVINCE, hall.operator, content)
    assert plan.counts == {
        "行数": 7,
        "系统默认": 1,
        "计入": 2,
        "略过": 2,
        "没有评价码": 1,
        "有误": 1,
    }
    assert any("县乙局（1行）" in note for note in plan.notes)
    came = Rating.objects.filter(channel="province")
    assert {(one.code, one.level, one.day, one.has_ticket, one.text) for one in came} == {
        (hall.code, "非常满意", date(2026, 11, 26), True, ""),
        (hall.plate, "非常不满意", date(2026, 11, 26), True, "请回电话（号码略）"),
    }
    assert not any(text in stored_text() for text in (PERSON, PHONE, "BJ-2026"))
    with pytest.raises(Refused, match="已经评价过"):
        hall.rate("2026-11-30T10:00", ticket="BJ-2026-0002")
    again = brought(PROVINCE, hall.operator, content)
    assert (again.counts["计入"], again.counts["略过"], came.count()) == (0, 4, 2)
    with pytest.raises(Refused):
        brought(PROVINCE, hall.clerk, content)


def test_every_set_of_rules_says_how_the_provinces_levels_are_read() -> None:
    """WY-R9, GY-R4: five levels each, in one order, and bad stays bad."""
    for rules in all_rules().values():
        assert rules.province is not None
        read = [one.level for one in sorted(rules.province.levels, key=lambda one: -one.value)]
        assert len(read) == 5
        assert read == sorted(read, key=rules.words.index)
        assert [level in rules.bad_words for level in read] == [False, False, False, True, True]


def test_the_pages_preview_and_import_and_keep_no_file(hall: RatedHall) -> None:
    centre = Client()
    centre.force_login(hall.operator)
    for address, content in (
        ("/office/ratings/tickets/import/", cases(("BJ-2026-0001", "县甲局", "1", "2026-11-25"))),
        ("/office/ratings/province/", said(("BJ-2026-0009", "县甲局", "1", 4, "2026-11-26", "短信", ""))),
    ):
        assert "评价办法" in centre.get(address).content.decode()
        sent = centre.post(address, {"file": uploaded(content, "名单.xlsx"), "option": RULES})
        html = sent.content.decode()
        assert "按预览导入" in html
        assert "BJ-2026" not in html
        token = centre.session[f"import ratings:import-{'cases' if 'tickets' in address else 'province'}"]
        done = centre.post(address, {"digest": token["digest"]}, follow=True)
        assert "已导入" in done.content.decode()
        with pytest.raises(Refused):
            import_files.kept(token["token"])
    assert Rating.objects.get().level == "满意"
    sent = centre.post(
        "/office/ratings/served/import/",
        {
            "file": uploaded(
                table(("窗口", "单位", "日期", "办件量"), ("1", "县甲局", "2026-11-25", 40)), "量.xlsx"
            )
        },
    )
    assert "按预览导入" in sent.content.decode()
