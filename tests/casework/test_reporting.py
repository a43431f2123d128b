"""The public pages: report without an account, once, and follow it by number and code (WY-R3, WY-R5)."""

from __future__ import annotations

import io
import logging
import re
import secrets
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from casework.matters import acceptance, files
from casework.models import Clock, Matter, MatterFile, ProcedureVersion
from casework.reporters.flooding import Counts, Guesses, Reports
from office.errors import Refused
from office.files import stored
from office.models import AuditEntry, Session
from tests.casework.desk import UNRESOLVED, Desk, at

pytestmark = pytest.mark.django_db
FORM = f"/report/{UNRESOLVED}/"
PROGRESS = "/report/progress/"
TOLD = {
    "title": "食品经营许可变更多次退件",
    "text": "三次到窗口，每次被告知缺少不同的材料。",
    "who": "named",
    "name": "测试反映人",
    "phone": "138 0000 0000",
}


@pytest.fixture
def desk(db: None) -> Desk:
    return Desk()


def photo(side: int = 60, kind: str = "JPEG", **how: Any) -> SimpleUploadedFile:
    content = io.BytesIO()
    Image.new("RGB", (side, side // 2), "#336699").save(content, kind, **how)
    return SimpleUploadedFile(f"现场.{kind.lower()}", content.getvalue())


def send(client: Client, **changed: Any) -> Any:
    sent = {**TOLD, "key": secrets.token_hex(16), **changed}
    return client.post(FORM, sent, REMOTE_ADDR="8.8.4.4")


def receipt(response: Any) -> tuple[str, str]:
    html = response.content.decode()
    assert response.status_code == 200, html
    number = re.search(r'class="large">([^<]+)<', html)
    code = re.search(r'class="large code">([^<]+)<', html)
    assert number
    assert code
    return number[1], code[1]


def follow(client: Client, number: str, code: str, **act: Any) -> Any:
    return client.post(PROGRESS, {"number": number, "code": code, **act}, REMOTE_ADDR="8.8.4.4")


def test_a_report_comes_in_by_phone_and_is_followed_by_its_code(desk: Desk, client: Client) -> None:
    """WY-R3, WY-R5: three sections on one page; in words where it stands; nothing of who handles it."""
    assert FORM in client.get("/report/").content.decode()
    page = client.get(FORM).content.decode()
    assert "提倡实名" in page
    assert "可向承办单位提供身份" in page
    number, code = receipt(send(client, about=desk.unit.pk, photos=[photo()], may_be_named="on"))
    matter = Matter.objects.get(number=number)
    assert (matter.source, matter.about, matter.registered_by) == ("web", desk.unit, None)
    assert matter.reporter.may_be_named
    assert Clock.objects.filter(matter=matter, rule="acceptance").exists()
    matter = desk.accept(matter, "2026-11-30T10:00")
    acceptance.judge_matter(
        matter=matter,
        category="yellow",
        opinion="内部研判意见",
        now=at("2026-11-30T10:10"),
        acting_user=desk.operator,
    )
    desk.assign(matter, "2026-11-30T10:20")
    shown = follow(client, number, code.lower().replace("-", " ")).content.decode()
    assert "承办单位正在办理" in shown
    assert "2026年11月30日" in shown
    for hidden in ("内部研判意见", "10:20", desk.unit.name, str(desk.operator), TOLD["name"], TOLD["phone"]):
        assert hidden not in shown


def test_the_same_form_sent_again_makes_no_second_matter(desk: Desk, client: Client) -> None:
    """A double tap, a reload: the same number and the same code; the form's key is kept nowhere."""
    key = secrets.token_hex(16)
    first, again = send(client, key=key), send(client, key=key)
    assert receipt(first) == receipt(again)
    assert "没有重复登记" in again.content.decode()
    assert Matter.objects.count() == 1
    assert key not in Matter.objects.get().sent_form.mark
    assert send(client, key="").status_code == 422
    assert Matter.objects.count() == 1


def test_nothing_is_stored_on_the_device_nor_about_it(desk: Desk, client: Client) -> None:
    """WY-R3: no cookie, no session, no address in the audit, no log, nothing kept by the browser."""
    records: list[logging.LogRecord] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            records.append(record)

    keep = Keep()
    keep.filters = list(next(one for one in logging.getLogger("django").handlers if one.filters).filters)
    logging.getLogger("django").addHandler(keep)
    try:
        answers = [client.get("/report/"), client.get(FORM), send(client), client.get("/report/none/")]
        answers += [client.get(PROGRESS), follow(client, "BB2026-0001", "x"), client.get("/p/none/")]
    finally:
        logging.getLogger("django").removeHandler(keep)
    assert not client.cookies
    assert not Session.objects.exists()
    assert not AuditEntry.objects.exclude(address=None).exists()
    assert records == []
    for answer in answers[:3]:
        assert "no-store" in answer["Cache-Control"]
        assert answer["Referrer-Policy"] == "no-referrer"
        scripts = re.findall(r"<script[^>]*>", answer.content.decode())
        assert len(scripts) == 1, "the size of the type is all that a script does, and no page needs it"
        assert "/static/site/elder" in scripts[0]
        assert len(answer.content) < 12_000
    assert len((settings.BASE_DIR / "static/reporting/reporting.css").read_bytes()) < 8_000


def test_a_wrong_number_is_answered_like_a_wrong_code_and_guessing_waits(
    desk: Desk, client: Client, django_assert_num_queries: Any
) -> None:
    """Of a thousand guesses a handful is let through, the others ask nothing of the database."""
    number, code = receipt(send(client))
    wrong, none = follow(client, number, "2222-2222"), follow(client, "BB2026-9999", "2222-2222")
    assert (wrong.status_code, none.status_code) == (404, 404)
    assert wrong.content.replace(number.encode(), b"") == none.content.replace(b"BB2026-9999", b"")
    for asked in (number, "BB2026-9999"):
        answers = [follow(client, asked, f"2222-22{n:02}").status_code for n in range(8)]
        assert answers == [404] * 4 + [429] * 4
    assert follow(client, number, code).status_code == 429, "nor is the right code let through meanwhile"
    with django_assert_num_queries(0):
        assert follow(client, number, "\x00\u202e").status_code == 429


def test_limits_end_with_their_window() -> None:
    """Both sides of each limit, by a clock of our own."""
    now = [1.0]
    guesses = Guesses(counts=Counts(window=600, clock=lambda: now[0]))
    for _ in range(5):
        assert guesses.minutes_to_wait("BB", "8.8.4.4") == 0
        guesses.wrong("BB", "8.8.4.4")
    assert guesses.minutes_to_wait("BB", "8.8.4.4") > 0
    assert guesses.minutes_to_wait("OTHER", "8.8.4.4") == 0
    now[0] = 600.9
    assert guesses.minutes_to_wait("BB", "") == 1
    now[0] = 601.0
    assert guesses.minutes_to_wait("BB", "") == 0
    for n in range(30):
        guesses.wrong(f"BB{n}", "8.8.4.4")
    assert guesses.minutes_to_wait("OTHER", "8.8.4.4") > 0
    assert guesses.minutes_to_wait("OTHER", "8.8.8.8") == 0
    reports = Reports(of_all=Counts(60, lambda: now[0]), by_address=Counts(3600, lambda: now[0]))
    assert [bool(reports.came("8.8.4.4")) for _ in range(6)] == [False] * 5 + [True]
    assert sum(bool(reports.came("")) for _ in range(30)) == 5, "25 of 30 were left of this minute"
    now[0] += 60
    assert not reports.came("")
    for _ in range(54):
        assert reports.minutes_to_wait("8.8.4.4") == 0
        reports.came("8.8.4.4")
    assert reports.minutes_to_wait("8.8.4.4") > 0


def test_what_floods_is_held_and_not_lost(desk: Desk, client: Client) -> None:
    """The same text many times in a day, many from one address, a trap that only programs fill."""
    states = []
    for n in range(8):
        send(client, text="同一段文字" if n < 3 else f"第{n}段文字", website="x" if n == 4 else "")
        states.append(Matter.objects.latest("id").state)
    assert states == ["registered", "held", "held", "registered", "held", "held", "held", "held"]
    shown = send(client, text="又一段文字").content.decode()
    assert "由工作人员核实后登记" in shown
    assert not Clock.objects.filter(matter__state="held").exists()
    texts = [event.text for event in Matter.objects.latest("id").events.all()]
    assert texts == ["同一网络短时间内多次提交"]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"text": "长" * 100_000}, "反映内容超过5000字"),
        ({"text": "\x00\u202e\u200b"}, "没有写明反映的事项"),
        ({"title": "😀 🏛️‼"}, "没有写明反映的事项"),
        ({"title": " \u3000\t "}, "没有登记"),
        ({"name": ""}, "请填写姓名"),
        ({"phone": "1" * 31}, "联系电话|30"),
        ({"who": "nobody"}, "没有登记"),
        ({"about": "999999"}, "没有登记"),
        ({"field-visits": "很多次"}, "不是数字"),
    ],
)
def test_what_cannot_be_taken_is_said_in_words(
    desk: Desk, client: Client, changed: dict[str, Any], said: str
) -> None:
    response = send(client, **changed)
    assert response.status_code == 422
    assert re.search(said, response.content.decode())
    assert not Matter.objects.exists()


def test_signs_that_no_keyboard_types_are_taken_away(desk: Desk, client: Client) -> None:
    """NUL, half an emoji, a sign that turns the writing round."""
    body = (
        "title=abc%00%ED%A0%BD&text=first%E2%80%AE%00%E2%81%A7second&who=anonymous&key="
        + secrets.token_hex(16)
    )
    number, _ = receipt(client.generic("POST", FORM, body, "application/x-www-form-urlencoded"))
    matter = Matter.objects.get(number=number)
    assert matter.text == "firstsecond"
    assert "\x00" not in matter.title
    assert matter.is_anonymous
    assert not hasattr(matter, "reporter")


def test_who_stays_anonymous_leaves_nothing_of_what_was_typed(desk: Desk, client: Client) -> None:
    number, _ = receipt(send(client, who="anonymous", firm="示范公司", may_be_named="on"))
    assert not hasattr(Matter.objects.get(number=number), "reporter")


def test_photos_are_drawn_anew_without_metadata(desk: Desk, client: Client) -> None:
    """Place and camera stay behind; turned upright; small enough; a name that tells nothing."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "Secret-Camera", 6
    exif[0x8825] = {1: "N", 2: (33.0, 26.0, 0.0)}
    number, _ = receipt(send(client, photos=[photo(2400, exif=exif), photo(40, "WEBP"), photo(40, "PNG")]))
    kept = list(MatterFile.objects.filter(matter__number=number))
    assert [one.name for one in kept] == ["照片1.jpg", "照片2.jpg", "照片3.jpg"]
    content = stored.take(stored.private(), str(kept[0].file.name))
    assert b"Secret-Camera" not in content
    with Image.open(io.BytesIO(content)) as picture:
        assert not picture.getexif()
        assert picture.size == (1000, 2000)
    assert re.fullmatch(r"matters/[0-9a-f]{32}\.jpg", str(kept[0].file.name))


def bomb() -> SimpleUploadedFile:
    content = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(content, "PNG")
    return SimpleUploadedFile("大图.png", content.getvalue())


@pytest.mark.parametrize(
    ("upload", "said"),
    [
        (SimpleUploadedFile("图.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"), "不是照片"),
        (SimpleUploadedFile("图.heic", b"\x00\x00\x00\x18ftypheic\x00\x00"), "兼容性最佳"),
        (SimpleUploadedFile("图.jpg", b""), "空文件"),
        (SimpleUploadedFile("图.pdf", b"%PDF-1.7 ..."), "只接收照片"),
        (SimpleUploadedFile("图.jpg", photo(900).read()[:-900]), "不完整"),
        (SimpleUploadedFile("图.jpg", b"\xff\xd8\xff" + bytes(30 * 1024 * 1024)), "有30 MB"),
    ],
    ids=["svg", "heic", "empty", "pdf", "truncated", "30 MB"],
)
def test_files_that_cannot_be_taken(desk: Desk, client: Client, upload: Any, said: str) -> None:
    response = send(client, photos=[upload])
    assert response.status_code == 422
    html = response.content.decode()
    assert said in html
    assert "照片须重新选择" in html
    assert not Matter.objects.exists()
    assert not list(stored.names(stored.private(), "matters"))


def test_a_bomb_and_too_many_photos_are_refused(desk: Desk, client: Client) -> None:
    assert "像素过多" in send(client, photos=[bomb()]).content.decode()
    many = send(client, photos=[SimpleUploadedFile(f"{n}.jpg", b"x") for n in range(500)])
    assert (many.status_code, "没有登记" in many.content.decode()) == (400, True)
    assert not Matter.objects.exists()
    with pytest.raises(Refused, match="最多6个"):
        files.read_uploads([photo() for _ in range(7)], most=6, papers=False)
    (paper,) = files.read_uploads([SimpleUploadedFile("a.pdf", b"%PDF-1.7")], most=6, papers=True)
    assert paper.is_paper


def test_files_open_to_whoever_may_see_them(desk: Desk, client: Client) -> None:
    """A unit opens what is meant for it, once the matter is its own; the centre ticks what that is."""
    number, _ = receipt(send(client, photos=[photo()]))
    matter, one = Matter.objects.get(number=number), MatterFile.objects.get()
    address = f"/office/matters/files/{one.pk}/"
    unit = Client()
    unit.force_login(desk.officer)
    assert unit.get(address).status_code == 404
    matter = desk.judge(desk.accept(matter, "2026-11-30T10:00"), "yellow", "2026-11-30T10:00")
    desk.assign(matter, "2026-11-30T10:00")
    opened = unit.get(address)
    assert opened["X-Content-Type-Options"] == "nosniff"
    assert opened["Content-Disposition"].startswith("attachment")
    assert "sandbox" in opened["Content-Security-Policy"]
    other = Client()
    other.force_login(desk.other_officer)
    assert other.get(address).status_code == 404
    centre = Client()
    centre.force_login(desk.operator)
    assert unit.post(f"{address}shown/", {"shown": "0"}).status_code == 403
    centre.post(f"{address}shown/", {"shown": "0"})
    assert unit.get(address).status_code == 404
    assert centre.get(address).status_code == 200
    assert client.get(address).status_code == 302


def test_a_reporter_withdraws_with_the_code(desk: Desk, client: Client) -> None:
    number, code = receipt(send(client))
    assert "没有勾选确认" in follow(client, number, code, act="withdraw").content.decode()
    assert "已经撤回" in follow(client, number, code, act="withdraw", sure="1").content.decode()
    assert Matter.objects.get(number=number).state == "withdrawn"
    assert "情况已经变化" in follow(client, number, code, act="withdraw", sure="1").content.decode()


def test_what_the_higher_platform_takes_in_is_not_offered(desk: Desk, client: Client) -> None:
    ProcedureVersion.objects.filter(procedure_id=UNRESOLVED).update(own_intake=False)
    assert FORM not in client.get("/report/").content.decode()
    assert client.get(FORM).status_code == 404
    assert send(client).status_code == 404
