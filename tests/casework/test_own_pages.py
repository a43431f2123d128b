"""The pages of a unit: what runs out first and why, what may be done, and never who reported (WY-R5)."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from casework.matters import handling
from casework.models import Assignment, Clock, MatterFile, Plate
from office.models import User
from tests.casework.desk import Desk, at

pytestmark = pytest.mark.django_db

LIST = "casework:own-assignments"
WHO = {"name": "密某某", "phone": "139 1234 5678", "firm": "密封测试公司"}
FILED = "2026-03-02T08:07"
PLACE = "城东工业园北门"


@pytest.fixture
def desk(db: None) -> Desk:
    return Desk()


@pytest.fixture
def set_clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Return what sets the clock on the wall of every page that follows."""

    def to(when: str) -> None:
        moment = at(when)
        monkeypatch.setattr(timezone, "now", lambda: moment)

    return to


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text_of(response: Any) -> str:
    assert response.status_code == 200
    return str(response.content.decode())


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", page))


def photo() -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "#888").save(out, "JPEG")
    return SimpleUploadedFile("现场.jpg", out.getvalue(), content_type="image/jpeg")


def act(client: Client, one: Assignment, name: str, **told: Any) -> str:
    sent = {f"{name}-{key}": value for key, value in told.items()}
    address = reverse("casework:own-assignment", args=[one.pk])
    return words(text_of(client.post(address, {"act": name, **sent}, follow=True)))


def given(desk: Desk, category: str = "yellow", **reported: Any) -> Assignment:
    """Filed at 8:07, accepted, judged and assigned later on the same morning."""
    matter = desk.register(FILED, **WHO, **reported).matter
    matter = desk.judge(desk.accept(matter, "2026-03-02T08:21"), category, "2026-03-02T08:33")
    return desk.assign(matter, "2026-03-02T09:40")[0]


def test_a_unit_handles_an_assignment_on_its_phone(desk: Desk, set_clock: Callable[[str], None]) -> None:
    """Sign, reply with a promise and proof, complete; each says who of the unit did it."""
    one = given(desk)
    client = as_user(desk.officer)
    set_clock("2026-03-02T10:00")
    page = words(text_of(client.get(reverse(LIST))))
    assert "食品经营许可变更多次退件" in page
    assert "还剩 27 小时 截止 2026年3月5日 17:00" in page
    assert "交办 3月2日 09:40，从 3月3日 起算，3 个工作日，截止 3月5日 17:00" in page
    assert "已签收" in act(client, one, "sign")
    assert "已登记联系情况" in act(client, one, "contact")
    page = act(client, one, "reply", reply="已当场受理。", outcome="lawful_no")
    assert "须写明依据的条款" in page
    page = act(
        client,
        one,
        "reply",
        reply="已当场受理。",
        outcome="solved",
        promised_on=date(2026, 3, 9),
        proofs=photo(),
    )
    assert "已回复" in page
    assert "后续办成" in page
    set_clock("2026-03-06T09:00")
    client = as_user(desk.officer)
    assert "已登记办成" in act(client, one, "complete", completion="证照已送达。")
    page = words(text_of(client.get(reverse("casework:own-assignment", args=[one.pk]))))
    assert f"2026年3月2日 10:00 {desk.officer}" in page
    assert "佐证照片1.jpg" in page
    assert "本单位目前没有要办的" in page
    proof = MatterFile.objects.get(assignment=one)
    assert client.get(reverse("casework:matter-file", args=[proof.pk])).status_code == 200
    assert "已办" in words(text_of(client.get(reverse(LIST) + "?done=1")))


def test_a_unit_asks_for_time_and_hands_back(desk: Desk, set_clock: Callable[[str], None]) -> None:
    one, other = given(desk), given(desk, "red", title="不动产登记超期")
    client = as_user(desk.officer)
    set_clock("2026-03-02T11:00")
    page = act(client, other, "hand-back", reason="登记由县乙局负责。")
    assert "已退回" in page
    assert "待签收" not in words(text_of(client.get(reverse("casework:own-assignment", args=[other.pk]))))
    act(client, one, "sign")
    reply = Clock.objects.get(assignment=one, rule="reply")
    assert "已申请延期" in act(client, one, "extend", clock=str(reply.pk), reason="须省局确认。")
    page = text_of(client.get(reverse("casework:own-assignment", args=[one.pk])))
    assert "延期待决定" in page
    assert "申请延期</summary>" not in page
    set_clock("2026-03-04T11:00")
    client = as_user(desk.officer)
    page = text_of(client.get(reverse("casework:own-assignment", args=[one.pk])))
    assert "退回</summary>" not in page, "the time to hand back is over"


def test_what_runs_out_first_comes_first_and_the_start_page_reminds(
    desk: Desk, set_clock: Callable[[str], None]
) -> None:
    last, second = given(desk, "red"), given(desk, "yellow", title="先到期的事项")
    for one in (last, second):
        desk.sign(one, "2026-03-02T09:50")
        handling.note_contact(assignment=one, now=at("2026-03-02T10:00"), acting_user=desk.officer)
    given(desk, "blue", title="当日的事项")
    client = as_user(desk.officer)
    set_clock("2026-03-03T10:00")
    page = text_of(client.get(reverse(LIST)))
    places = [page.index(word) for word in ("当日的事项", "先到期的事项", "食品经营许可变更")]
    assert places == sorted(places)
    assert "已逾期" in page
    start = words(text_of(client.get(reverse("admin:index"))))
    assert "1 件交办事项已逾期" in start
    assert "2 件交办事项办理中" in start
    other = as_user(desk.other_officer)
    assert "目前没有交办给本单位的事项" in text_of(other.get(reverse(LIST)))
    assert other.get(reverse("casework:own-assignment", args=[second.pk])).status_code == 404
    assert as_user(desk.clerk).get(reverse(LIST)).status_code == 403


def test_the_pages_ask_the_same_whatever_the_number(desk: Desk) -> None:
    client = as_user(desk.officer)
    asked = []
    for number in range(1, 7):
        one = given(desk, title=f"第{number}件事项")
        if number in (1, 6):
            counts = []
            for url in (reverse(LIST), reverse("casework:own-assignment", args=[one.pk])):
                client.get(url)
                with CaptureQueriesContext(
                    connection,
                ) as caught:
                    client.get(url)
                counts.append(len(caught))
            asked.append(counts)
    assert asked[0] == asked[1]
    assert max(asked[0]) <= 25


def test_nothing_a_unit_can_reach_says_who_reported_or_when(desk: Desk) -> None:
    """WY-R3, WY-R5: no name, phone, firm, plate or hour on any page, file or notice of the unit."""
    plate = Plate.objects.create(place=PLACE, code="A2B3C4D5", valid_from=date(2026, 1, 1))
    one = given(desk, plate=plate, source="plate", fields={"wants": "尽快办成"}, may_be_named=True)
    MatterFile.objects.create(
        matter=one.matter,
        kind=MatterFile.Kind.REPORTED,
        name="照片2.jpg",
        to_unit=False,
        added_on=date(2026, 3, 2),
    )
    desk.sign(one, "2026-03-02T10:00")
    desk.reply(one, "2026-03-05T16:00")
    secret = [*WHO.values(), "13912345678", PLACE, plate.code, "监督评议牌", "08:07", "08:21", "照片2.jpg"]
    for user in (desk.officer, desk.unit_reviewer):
        found = reached(as_user(user), [reverse("admin:index"), reverse(LIST)])
        assert reverse("casework:own-assignment", args=[one.pk]) in found
        for address, said in found.items():
            for word in secret:
                assert word not in said, (address, word)
    assert at(FILED) == one.matter.received_at


def reached(client: Client, waiting: list[str]) -> dict[str, str]:
    """Follow every link of the office from these pages, and read what comes back."""
    found: dict[str, str] = {}
    while waiting:
        address = waiting.pop()
        answer = client.get(address, follow=True)
        kept = b"".join(answer.streaming_content) if answer.streaming else answer.content
        found[address] = kept.decode(errors="ignore")
        for link in re.findall(r'href="(/office/[^"#]*)"', found[address]):
            plain = link.replace("&amp;", "&")
            if plain not in found and plain not in waiting and _is_of_matters(plain):
                waiting.append(plain)
    return found


def _is_of_matters(address: str) -> bool:
    return "/matters/" in address or "/casework/" in address or "notice" in address
