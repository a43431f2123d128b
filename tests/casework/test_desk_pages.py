"""The pages of the window and the centre: a matter from intake to its end, and who may do what (WY-R5)."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from casework.matters import assigning, handling
from casework.models import Assignment, Matter
from office.models import User
from office.roles import Role
from tests.casework.desk import UNRESOLVED, Desk

pytestmark = pytest.mark.django_db

PHONE = "13800000000"


@pytest.fixture
def desk(db: None) -> Desk:
    return Desk()


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text_of(response: Any) -> str:
    return str(response.content.decode())


def fill_in(client: Client, **told: str) -> Any:
    filled = {
        "source": "window",
        "title": "食品经营许可变更多次退件",
        "text": "三次到窗口，每次被告知缺少不同的材料。",
        "about": "县甲",
        "asked_visits": "3",
        "name": "测试反映人",
        "phone": PHONE,
        "once": "a",
        **told,
    }
    return client.post(reverse("casework:intake", args=[UNRESOLVED]), filled)


def act(client: Client, matter: Matter, name: str, /, **told: str) -> str:
    address = reverse("casework:matter", args=[matter.pk])
    sent = {f"{name}-{key}": value for key, value in told.items()}
    return text_of(client.post(address, {"act": name, **sent}, follow=True))


def test_a_matter_goes_its_whole_way_through_the_pages(desk: Desk) -> None:
    """WY-R5: clerk, centre, unit, call-back; the code is shown once, the reporter on no page."""
    clerk, centre, reviewer = as_user(desk.clerk), as_user(desk.operator), as_user(desk.reviewer)
    page = text_of(fill_in(clerk))
    matter = Matter.objects.get()
    assert matter.number in page
    assert "只显示这一次" in page
    again = text_of(fill_in(clerk))  # the browser sends the form once more
    assert Matter.objects.count() == 1
    assert "查询码</dt>" not in again
    assert matter.about == desk.unit
    assert "已受理" in act(clerk, matter, "accept")
    assert "已研判" in act(centre, matter, "judge", category="yellow", opinion="情况属实")
    page = act(centre, matter, "assign", lead="县甲局", helping_1="县乙局", demands="三日内回复")
    assert "3 个工作日" in page
    lead, helping = matter.assignments.order_by("pk")
    assert (lead.is_lead, helping.is_lead) == (True, False)
    assert "已收回" in act(centre, matter, "take-back", assignment=str(helping.pk), reason="与该单位无关")
    now = timezone.now()
    handle(lead, now, desk.officer)
    assert "已退回" in act(centre, matter, "return", assignment=str(lead.pk), reason="没有写明何时办成")
    reply(lead, now, desk.officer)
    handling.complete_assignment(
        assignment=lead, completion="证照已送达。", now=now, acting_user=desk.officer
    )
    page = act(clerk, matter, "call", matter=str(matter.pk), way="电话", is_reached="yes")
    assert "请选择" in page  # a question of the procedure was left out
    page = act(
        clerk,
        matter,
        "call",
        matter=str(matter.pk),
        way="电话",
        is_reached="yes",
        answer_done="办成",
        answer_satisfaction="满意",
    )
    assert "已登记回访" in page
    assert "已办结" in act(centre, matter, "close", outcome="solved")
    for client in (clerk, centre, reviewer):
        page = text_of(client.get(reverse("casework:matter", args=[matter.pk])))
        assert "测试反映人" not in page
        assert PHONE not in page
    listed = text_of(centre.get(reverse("casework:matters"), {"state": "closed"}))
    assert matter.title in listed
    assert matter.title not in text_of(centre.get(reverse("casework:matters")))


def handle(assignment: Assignment, now: Any, officer: User) -> None:
    assigning.sign_for_assignment(assignment=assignment, now=now, acting_user=officer)
    reply(assignment, now, officer)


def reply(assignment: Assignment, now: Any, officer: User) -> None:
    told = {"reply": "已一次性告知并当场办结。", "outcome": "solved"}
    handling.reply_to_assignment(assignment=assignment, **told, now=now, acting_user=officer)


def test_a_second_person_settles_a_refusal_and_the_first_is_not_offered_it(
    desk: Desk,
) -> None:
    """WY-R5: whoever proposed a refusal is told that another one confirms it."""
    matter = desk.register(stamp()).matter
    Matter.objects.filter(pk=matter.pk).update(state="refusing", refusal="against_law", refusal_reason="无据")
    Matter.objects.filter(pk=matter.pk).update(refusal_proposed_by=desk.operator)
    first, second = as_user(desk.operator), as_user(desk.reviewer)
    address = reverse("casework:matter", args=[matter.pk])
    page = text_of(first.get(address))
    assert "由提出人以外的人员办理" in page
    assert 'value="settle"' not in page
    assert "由提出人以外的人员办理" in act(first, matter, "settle", agrees="yes")
    assert 'value="settle"' in text_of(second.get(address))
    act(second, matter, "settle", agrees="yes")
    matter.refresh_from_db()
    assert (matter.state, matter.refusal_confirmed_by) == ("refused", desk.reviewer)


def test_what_may_be_the_same_is_decided_by_a_person(desk: Desk) -> None:
    """WY-R5: the same phone or text again is joined, linked or registered anew, never silently."""
    clerk = as_user(desk.clerk)
    first = desk.register(stamp(), phone=PHONE, name="测试反映人").matter
    page = text_of(fill_in(clerk, text="又来了一次。"))
    assert "可能重复" in page
    assert "同一电话" in page
    assert Matter.objects.count() == 1
    fill_in(clerk, text="又来了一次。", decision=f"linked:{first.pk}", once="b")
    assert Matter.objects.get(follows=first)
    page = text_of(fill_in(clerk, decision=f"joined:{first.pk}", once="c"))
    assert "合并办理" in page
    assert Matter.objects.get(merged_into=first).state == "merged"
    beside = clerk.post(
        reverse("casework:intake-look", args=[UNRESOLVED]), {"phone": PHONE, "about": "县甲局"}
    )
    assert first.number in text_of(beside)


def test_who_sees_and_does_what(desk: Desk) -> None:
    """WY-R5: units and others have no way into the window; the workbook names no reporter."""
    matter = desk.register(stamp(), name="测试反映人", phone=PHONE, about=desk.unit).matter
    for user in (desk.officer, desk.users[Role.MARKER]):
        client = as_user(user)
        for address in ("matters", "matters-held", "intake-choose", "matters-workbook"):
            assert client.get(reverse(f"casework:{address}")).status_code == 403
        assert client.get(reverse("casework:matter", args=[matter.pk])).status_code == 403
    inspector = as_user(desk.inspector)
    page = text_of(inspector.get(reverse("casework:matter", args=[matter.pk])))
    assert "由窗口" in page or "评价中心" in page
    assert 'name="act"' not in page
    book = inspector.get(reverse("casework:matters-workbook"))
    cells = [str(value) for row in load_workbook(io.BytesIO(book.content)).active.values for value in row]
    assert matter.number in cells
    assert not any("测试反映人" in cell or PHONE in cell for cell in cells)


def test_held_matters_are_released_or_refused(desk: Desk) -> None:
    one = desk.register(stamp()).matter
    Matter.objects.filter(pk=one.pk).update(state="held")
    centre = as_user(desk.operator)
    address = reverse("casework:matters-held")
    assert one.number in text_of(centre.get(address))
    text_of(centre.post(address, {"matter": one.pk, "release": "1"}))
    one.refresh_from_db()
    assert one.state == "registered"


def test_the_list_needs_the_same_queries_for_5_and_200_matters(
    desk: Desk, django_assert_max_num_queries: Any
) -> None:
    one = Matter.objects.get(pk=desk.assigned(stamp(), "yellow", about=desk.unit).matter.pk)
    assert one.next_due_at is not None
    client = as_user(desk.operator)
    address = reverse("casework:matters")
    client.get(address)
    for most in (5, 200):
        rows = range(Matter.objects.count(), most)
        copies = [copied(one, serial=2 + number) for number in rows]
        Matter.objects.bulk_create(copies)
        Assignment.objects.bulk_create(
            Assignment(matter=copy, unit=desk.unit, assigned_at=one.received_at) for copy in copies
        )
        with django_assert_max_num_queries(12):
            page = text_of(client.get(address, {"unit": desk.unit.pk, "q": "食品", "category": "黄牌"}))
        assert f"共 {most} 件" in page


def copied(one: Matter, *, serial: int) -> Matter:
    copy = Matter.objects.get(pk=one.pk)
    copy.pk, copy.serial, copy.number = None, serial, f"BB2026-{serial:05d}"
    return copy


def test_a_page_that_is_no_longer_true_changes_nothing(desk: Desk) -> None:
    """WY-R5: two clerks at one matter: the second reads what happened meanwhile."""
    matter = desk.register(stamp()).matter
    client = as_user(desk.operator)
    address = reverse("casework:matter", args=[matter.pk])
    page = text_of(client.get(address))
    mark = page.split('name="seen_mark" value="')[1].split('"')[0]
    desk.accept(matter, stamp())
    judged = {"act": "judge", "judge-category": "red", "judge-opinion": "推诿", "seen_mark": mark}
    assert "您打开本页之后" in text_of(client.post(address, judged, follow=True))
    matter.refresh_from_db()
    assert matter.state == "accepted"


def stamp() -> str:
    return timezone.localtime().isoformat()[:16]
