"""What should not come in is refused, held or flagged in words, and nothing is lost (WY-R3, WY-R5)."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from casework.matters.following import follow_the_clocks
from casework.models import Assignment, Clock, Matter, MatterFile
from departments.kinds import UnitKind
from departments.models import Department
from office.models import User
from tests.casework.desk import UNRESOLVED, Desk, at, ready

pytestmark = pytest.mark.django_db
FORM = f"/report/{UNRESOLVED}/"


@pytest.fixture
def desk(db: None) -> Desk:
    return ready()


@pytest.fixture
def set_clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    def to(when: str) -> None:
        moment = at(when)
        monkeypatch.setattr(timezone, "now", lambda: moment)

    return to


def send(**changed: Any) -> Any:
    sent = {"title": "变更多次退件", "text": "三次到窗口被退。", "who": "anonymous", **changed}
    return Client().post(FORM, {**sent, "key": secrets.token_hex(16)}, REMOTE_ADDR="8.8.4.4")


def act(user: User, address: str, name: str, /, **told: Any) -> str:
    """Press a button of a page of the office and return the page that follows."""
    client = Client()
    client.force_login(user)
    sent = {f"{name}-{key}": value for key, value in told.items()}
    return str(client.post(address, {"act": name, **sent}, follow=True).content.decode())


def page_of(one: Matter | Assignment) -> str:
    name = "casework:matter" if isinstance(one, Matter) else "casework:own-assignment"
    return reverse(name, args=[one.pk])


def test_a_unit_is_named_and_one_that_may_be_complained_about(desk: Desk) -> None:
    county = Department.objects.create(name="样本县区", kind=UnitKind.COUNTY)
    assert county.name not in Client().get(FORM).content.decode()
    assert (send(about=county.pk).status_code, Matter.objects.count()) == (422, 0)
    assert send().status_code == 200  # the reporter need not know the unit; the centre must
    matter = desk.judge(desk.accept(Matter.objects.get(), "2026-12-01T09:00"), "yellow", "2026-12-01T09:00")
    assert "已交办" not in act(desk.operator, page_of(matter), "assign", lead="")
    assert "已交办" not in act(desk.operator, page_of(matter), "assign", lead="没有这个单位")
    matter.refresh_from_db()
    assert (matter.state, matter.assignments.count()) == (Matter.State.JUDGED, 0)


def test_a_year_without_calendar_is_flagged_to_the_unit_and_the_centre(
    desk: Desk, set_clock: Callable[[str], None]
) -> None:
    set_clock("2031-03-03T09:00")
    assert send().status_code == 200
    matter = desk.judge(desk.accept(Matter.objects.get(), "2031-03-03T09:00"), "yellow", "2031-03-03T09:00")
    (one,) = desk.assign(matter, "2031-03-03T09:00")
    for user, address in ((desk.operator, page_of(matter)), (desk.officer, page_of(one))):
        client = Client()
        client.force_login(user)
        assert "待节假日安排" in client.get(address).content.decode()


def test_the_same_text_a_hundred_times_is_one_matter_and_a_pile_to_look_at(desk: Desk) -> None:
    answers = [send() for _ in range(100)]
    states = list(Matter.objects.order_by("pk").values_list("state", flat=True))
    assert states == ["registered"] + ["held"] * 59
    assert [one.status_code for one in answers[60:]] == [429] * 40
    assert "分钟后再试" in answers[-1].content.decode()
    assert not Clock.objects.filter(matter__state="held").exists()


def test_a_unit_that_comes_too_late_changes_nothing(desk: Desk, set_clock: Callable[[str], None]) -> None:
    """A reply after the closing, an extension after the limit, a picture that runs as a program."""
    late, closed = desk.assigned("2026-03-02T09:00"), desk.assigned("2026-03-02T09:00")
    clock = Clock.objects.get(assignment=late, rule="reply")
    desk.sign(late, "2026-03-02T10:00")
    desk.sign(closed, "2026-03-02T10:00")
    set_clock("2026-03-02T11:00")
    drawing = SimpleUploadedFile("图.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>")
    said = {"reply": "已办。", "outcome": "solved"}
    assert "不是照片" in act(desk.officer, page_of(late), "reply", **said, proofs=drawing)
    large = SimpleUploadedFile("图.jpg", b"\xff\xd8\xff" + bytes(30 * 1024 * 1024))
    assert "有30 MB" in act(desk.officer, page_of(late), "reply", **said, proofs=large)
    assert not MatterFile.objects.exists()
    desk.reply(closed, "2026-03-02T10:30")
    desk.complete(closed, "2026-03-02T10:40")
    desk.close(closed.matter, "2026-03-02T10:50")
    assert "不能回复" in act(desk.officer, page_of(closed), "reply", **said)
    set_clock("2026-03-30T10:00")
    follow_the_clocks(timezone.now())
    assert "不能申请延期" in act(desk.officer, page_of(late), "extend", clock=clock.pk, reason="来不及")
    late.refresh_from_db()
    closed.refresh_from_db()
    clock.refresh_from_db()
    assert (late.state, closed.reply) == (Assignment.State.IN_HAND, "已一次性告知并当场办结。")
    assert (clock.asked_at, clock.extended) == (None, 0)


def test_nothing_is_merged_with_itself(desk: Desk) -> None:
    matter = desk.accept(desk.register("2026-03-02T09:00").matter, "2026-03-02T09:00")
    assert "没有这一编号的其他事项" in act(desk.operator, page_of(matter), "merge", into=matter.number)
    matter.refresh_from_db()
    assert (matter.merged_into, matter.state) == (None, Matter.State.ACCEPTED)


def test_whoever_guesses_the_code_of_a_firm_has_to_wait(db: None) -> None:
    """WY-R1: on the form and in the address alike, whatever the code; others are let through."""
    answers = [
        Client().get(f"/visits/ABCD{n:08}/", REMOTE_ADDR="8.8.4.4")
        if n % 2
        else Client().post("/visits/", {"code": f"ABCD{n:08}"}, REMOTE_ADDR="8.8.4.4")
        for n in range(40)
    ]
    assert [one.status_code for one in answers] == [404] * 30 + [429] * 10
    assert "分钟后再试" in answers[-1].content.decode()
    assert answers[-1]["Retry-After"].isdecimal()
    assert Client().post("/visits/", {"code": "x"}, REMOTE_ADDR="8.8.8.8").status_code == 404
