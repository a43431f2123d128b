"""What should not count is refused in words or held for two people, and nothing typed is lost (GY-R4)."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import date
from itertools import count
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from departments.models import Hall
from office.errors import Refused
from office.models import AuditEntry
from ratings.counts.counting import units_tallies
from ratings.follow_up.making import settle_past_days
from ratings.intake import limits
from ratings.intake.limits import Seen
from ratings.intake.services import AFTER_HOURS, AGAIN, BURST
from ratings.models import BadRatingContact, Rating, RatingCode, Ticket, TicketBatch
from ratings.rating.views import TRAPPED
from ratings.rules import rules_of
from ratings.tickets.marks import mark_of
from tests.ratings.hall import RULES, RatedHall, moment, ready

pytestmark = pytest.mark.django_db
WEDNESDAY = "2026-11-25T10:00"


@pytest.fixture
def hall(db: None) -> RatedHall:
    return ready()


@pytest.fixture
def set_clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    def to(when: str) -> None:
        found = moment(when)
        monkeypatch.setattr(timezone, "now", lambda: found)

    return to


@pytest.fixture(autouse=True)
def _open(set_clock: Callable[[str], None]) -> None:
    set_clock(WEDNESDAY)


def never_a_burst() -> None:
    """Ten minutes lie between each two looks at the clock."""
    limits.seen.clock = count(0.0, 600.0).__next__


def post(code: RatingCode, agent: str = "", address: str = "203.0.113.9", **sent: Any) -> Any:
    told = {"level": "满意", "key": secrets.token_hex(16), **sent}
    agent = agent or secrets.token_hex(8)
    return Client().post(f"/r/{code.code}/", told, HTTP_USER_AGENT=agent, REMOTE_ADDR=address)


def held() -> list[str]:
    """Why each rating waits, in no order; "" where it counts."""
    return sorted(Rating.objects.values_list("held_because", flat=True))


def test_each_refusal_says_what_to_do_and_keeps_what_was_typed(hall: RatedHall) -> None:
    """GY-R4: also of a ticket of another hall, another unit, other rules, one too old, one used."""
    elsewhere, strange, old, used = (hall.ticket() for _ in range(4))
    hall.rate(ticket=used)
    Rating.objects.all().delete()
    of = {number: Ticket.objects.get(mark=mark_of(number)) for number in (elsewhere, strange, old)}
    of[elsewhere].batch.hall = Hall.objects.create(name="另一大厅")
    of[elsewhere].batch.save()
    of[strange].batch.rules_id = "wuyang-windows"
    of[strange].batch.save()
    hall_case = hall.ticket(unit=hall.other_unit)
    Ticket.objects.filter(pk=of[old].pk).update(last_day=date(2026, 11, 24))
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"level": ""}, "中选一项"),
        ({"level": "很好"}, "中选一项"),
        ({"aspect-style": "很好"}, "重新选择"),
        ({"text": "长" * 34_000}, "写得简短"),
        ({"number": "不告诉"}, "也可以不填"),
        ({"key": "x"}, "重新评价"),
        ({"ticket": "2222222223"}, "票号有误"),
        ({"ticket": "豫A-2026-000123"}, "没有找到这个票号"),
        ({"ticket": strange}, "没有找到这个票号"),
        ({"ticket": elsewhere}, "不是在这里办事的"),
        ({"ticket": hall_case}, "不是在这里办事的"),
        ({"ticket": old}, "11月24日过期"),
        ({"ticket": used}, "首次评价有效"),
    ]
    typed = {
        "level": "不满意",
        "text": "一次没有说清",
        "aspect-style": "非常不满意",
        "reason": "多次往返",
        "number": "13800000000",
    }
    for changed, says in wrong:
        answer = post(hall.code, **{**typed, **changed})
        page = answer.content.decode()
        assert (answer.status_code, says in page) == (422, True), (changed.keys(), says)
        kept = {**typed, **changed}
        assert kept["text"] in page
        assert f'value="{kept["number"]}"' in page
        assert kept.get("ticket", "") in page
        assert ("selected>非常不满意" in page) == ("aspect-style" not in changed)
        assert 'value="多次往返" checked' in page
        assert ('value="不满意" required checked' in page) == ("level" not in changed)
    assert not Rating.objects.exists()
    assert Ticket.objects.filter(is_used=True).count() == 1


def test_what_no_keyboard_types_is_left_out(hall: RatedHall) -> None:
    """GY-R4: half an emoji, NUL, control signs; on the way as a form, and as such."""
    hall.rate(text="好\ud83d\x00\u202e人")
    body = "level=%E6%BB%A1%E6%84%8F&text=%E5%A5%BD%ED%A0%BD%00%E4%BA%BA&ticket=%00&key=" + "b" * 32
    form = "application/x-www-form-urlencoded"
    answer = Client().generic("POST", f"/r/{hall.code.code}/", body, content_type=form)
    assert answer.status_code == 200
    texts = sorted(Rating.objects.values_list("text", flat=True))
    assert texts[0] == "好人"
    assert texts[1].replace("\ufffd", "") == "好人"
    assert Client().get("/r/%00/").status_code == 404
    assert Client().get("/r/%F0%9F%98/").status_code == 404
    huge = Client().generic("POST", f"/r/{hall.code.code}/", "text=" + "x" * 3_000_000, content_type=form)
    assert (huge.status_code, "写得简短一些" in huge.content.decode()) == (413, True)
    torn = Client().generic("POST", f"/r/{hall.code.code}/", "--x", content_type="multipart/form-data")
    assert (torn.status_code, "没有提交" in torn.content.decode()) == (400, True)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("请打１３８００００００００", "请打（号码略）"),
        ("电话138 0000-0000谢谢", "电话（号码略）谢谢"),
        ("0839—3261234", "（号码略）"),
        ("51080019900101001X", "（号码略）"),
        ("wo.men+1@example.com.cn收", "（邮箱略）收"),
        ("微信ab12＠qq.com", "微信（邮箱略）"),
        ("2026-11-25去了3次，等120分钟，收费1000元", "2026-11-25去了3次，等120分钟，收费1000元"),
    ],
)
def test_numbers_and_mail_in_a_text_are_not_kept(hall: RatedHall, typed: str, kept: str) -> None:
    """GY-R4: the rated unit and the centre's lists read the text."""
    hall.rate(text=typed)
    assert Rating.objects.get().text == kept


def test_a_ticket_is_read_as_people_type_it(hall: RatedHall) -> None:
    for as_typed in (
        str.lower,
        lambda text: f" {text[:4]} {text[4:]}　",
        full_width,
        "-".join,
    ):
        assert post(hall.code, ticket=as_typed(hall.ticket())).status_code == 200
    assert list(Rating.objects.values_list("has_ticket", flat=True)) == [True] * 4


def full_width(text: str) -> str:
    return "".join(chr(ord(letter) + 0xFEE0) for letter in text)


def test_a_dead_code_an_unknown_one_and_a_wall_say_what_to_do(hall: RatedHall, client: Client) -> None:
    """GY-R4: one of a window that was closed, or staffed by others since, is dead as well."""
    wall = client.post(f"/r/{hall.wall.code}/", {"level": "满意", "key": "a" * 32})
    assert (wall.status_code, "请先选择办事的窗口" in wall.content.decode()) == (422, True)
    assert f"/r/{hall.code.code}/?t=K7&amp;big=1" in (
        client.get(f"/r/{hall.wall.code}/?t=K7&big=1").content.decode()
    )
    hall.window.is_active = False
    hall.window.save()
    hall.other_window.department = hall.unit
    hall.other_window.save()
    hall.plate.ended_on = date(2026, 11, 24)
    hall.plate.save()
    for code in (hall.code, hall.other_code, hall.plate):
        for answer in (client.get(f"/r/{code.code.lower()}/"), post(code)):
            assert (answer.status_code, "请扫现场的新码" in answer.content.decode()) == (410, True)
    assert hall.code.code not in client.get(f"/r/{hall.wall.code}/").content.decode()
    nothing = client.get("/r/ABCDEFGHJK/")
    assert (nothing.status_code, "请核对码下的地址" in nothing.content.decode()) == (404, True)
    assert not Rating.objects.exists()


def test_a_code_of_a_later_day_says_when_it_begins(hall: RatedHall, client: Client) -> None:
    """GY-R4: made and printed before, rated from its first day on; a wall does not offer it."""
    RatingCode.objects.filter(pk=hall.code.pk).update(valid_from=date(2026, 11, 26))
    hall.code.refresh_from_db()
    for answer in (client.get(f"/r/{hall.code.code}/"), post(hall.code)):
        assert (answer.status_code, "自2026年11月26日启用" in answer.content.decode()) == (403, True)
    with pytest.raises(Refused, match="启用"):
        hall.rate()
    assert hall.code.code not in client.get(f"/r/{hall.wall.code}/").content.decode()
    hall.rate("2026-11-26T10:00")
    assert Rating.objects.count() == 1


def test_of_five_stars_in_a_loop_six_count_and_the_rest_is_held(hall: RatedHall) -> None:
    """GY-R4: 同一窗口10分钟内超过6条; with tickets as well, whatever phone; shown, not deleted."""
    for _ in range(40):
        assert post(hall.code, level="非常满意", ticket=hall.ticket()).status_code == 200
    assert held() == [""] * 6 + [BURST] * 34
    assert post(hall.other_code).status_code == 200
    assert held().count("") == 7, "another window is none of it"


@pytest.mark.parametrize(("minutes", "seconds", "last"), [(9, 59, BURST), (10, 0, "")])
def test_ten_minutes_are_ten_minutes(hall: RatedHall, minutes: int, seconds: int, last: str) -> None:
    now = [0.0]
    limits.seen.clock = lambda: now[0]
    for _ in range(6):
        post(hall.code)
    now[0] = minutes * 60 + seconds
    post(hall.code)
    assert held() == sorted([""] * 6 + [last])


def test_the_same_phone_counts_once_a_day_and_window_but_for_a_case(hall: RatedHall) -> None:
    """GY-R4: whoever holds a pile of printed tickets is held, whoever had two cases done is not."""
    case = hall.ticket()
    TicketBatch.objects.filter(tickets__mark=mark_of(case)).update(kind="cases")
    for code, ticket in (
        (hall.code, ""),
        (hall.code, ""),
        (hall.other_code, ""),
        (hall.code, hall.ticket()),
        (hall.code, case),
    ):
        assert post(code, agent="one phone", ticket=ticket).status_code == 200
    assert held() == ["", "", "", AGAIN, AGAIN]
    hall.rate("2026-11-26T10:00", device="203.0.113.9 one phone")
    assert held() == ["", "", "", "", AGAIN, AGAIN]


@pytest.mark.parametrize(
    ("when", "because"),
    [
        ("2026-11-25T08:59", AFTER_HOURS),
        ("2026-11-25T09:00", ""),
        ("2026-11-25T18:00", ""),
        ("2026-11-25T18:01", AFTER_HOURS),
        ("2026-11-28T10:00", AFTER_HOURS),
        ("2026-02-14T10:00", ""),
    ],
)
def test_without_a_ticket_it_counts_while_the_hall_is_open_and_an_hour_more(
    hall: RatedHall, set_clock: Callable[[str], None], when: str, because: str
) -> None:
    """GY-R4: both minutes on either side, a Saturday, and one that is worked; with a ticket at any hour."""
    set_clock(when)
    post(hall.code)
    post(hall.code, ticket=hall.ticket())
    assert held() == ["", because]


def test_a_ticket_rates_until_its_last_day_by_the_servers_calendar(hall: RatedHall) -> None:
    """GY-R4: whatever the phone takes for today."""
    number = hall.ticket(last_day=date(2026, 12, 25))
    later = hall.ticket(last_day=date(2026, 12, 25))
    assert not hall.rate("2026-12-25T23:59", ticket=number).is_again
    with pytest.raises(Exception, match="过期"):
        hall.rate("2026-12-26T00:00", ticket=later)
    assert Rating.objects.get().day == date(2026, 12, 25)
    phone = Client(HTTP_DATE="Mon, 01 Jan 2029 00:00:00 GMT", REMOTE_ADDR="203.0.113.9")
    told = {"level": "满意", "key": "c" * 32, "day": "2029-01-01"}
    phone.post(f"/r/{hall.code.code}/", told)
    assert Rating.objects.filter(day=date(2026, 11, 25)).count() == 1


def test_a_number_that_nobody_will_call_is_not_kept_and_the_page_says_so(hall: RatedHall) -> None:
    """GY-R4: only a bad rating is called back about."""
    for level, says in (("满意", "您的电话没有保存"), ("不满意", "您的电话已加密保存")):
        page = post(hall.code, level=level, number="13800000000").content.decode()
        assert says in page
    assert "电话" not in post(hall.code).content.decode()
    assert BadRatingContact.objects.count() == 1


def test_what_fills_the_trap_is_held(hall: RatedHall) -> None:
    post(hall.code, website="http://example.com")
    assert held() == [TRAPPED]


def test_a_form_that_is_sent_again_counts_once_also_over_midnight(hall: RatedHall) -> None:
    """GY-R4: the mark is kept for one more night, and then forgotten."""
    key, number = "d" * 32, hall.ticket()
    assert not hall.rate("2026-11-25T23:58", key=key, ticket=number).is_again
    settle_past_days(moment("2026-11-26T00:20"))
    assert hall.rate("2026-11-26T00:30", key=key, ticket=number).is_again
    settle_past_days(moment("2026-11-27T00:20"))
    assert Rating.objects.get().sent_mark is None
    assert Ticket.objects.get().sent_mark == ""
    page = post(hall.code, key="e" * 32, agent="one"), post(hall.code, key="e" * 32, agent="one")
    assert "没有重复计入" in page[1].content.decode()
    assert Rating.objects.count() == 2


def test_every_level_is_taken_by_every_form_and_counted(hall: RatedHall) -> None:
    """GY-R4: with a ticket and without, at a window and in a lobby, as a browser without scripts posts."""
    never_a_burst()
    rules = rules_of(RULES)
    for level in rules.words:
        for code, ticket in ((hall.code, hall.ticket()), (hall.code, ""), (hall.plate, "")):
            answer = post(code, level=level, ticket=ticket)
            assert (answer.status_code, "已经收到" in answer.content.decode()) == (200, True)
    tally = units_tallies(date(2026, 11, 25), date(2026, 11, 25), RULES, rules)[hall.unit.pk]
    assert tally.levels(rules) == dict.fromkeys(rules.words, 3)
    assert tally.levels(rules, tickets_only=True) == dict.fromkeys(rules.words, 1)


def test_rules_with_other_levels_make_another_page(hall: RatedHall, client: Client) -> None:
    """WY-R9: 舞阳 has four levels, no aspects and no call-back; the page says what its rules say."""
    never_a_burst()
    rules = rules_of("wuyang-windows")
    code = RatingCode.objects.create(
        rules_id="wuyang-windows",
        kind="window",
        code="WYTEST2345",
        window=hall.window,
        unit=hall.unit,
        hall=hall.hall,
        valid_from=date(2026, 1, 1),
    )
    page = client.get(f"/r/{code.code}/").content.decode()
    assert rules.page.question in page
    assert "分项评价" not in page
    assert "联系电话" not in page
    assert post(code, level="非常满意").status_code == 422
    assert [post(code, level=level).status_code for level in rules.words] == [200] * 4
    tally = units_tallies(date(2026, 11, 25), date(2026, 11, 25), "wuyang-windows", rules)[hall.unit.pk]
    assert tally.levels(rules) == dict.fromkeys(rules.words, 1)


def test_who_rates_leaves_no_cookie_session_or_audit_row(hall: RatedHall, client: Client) -> None:
    """GY-R4: and no page may be kept by the device."""
    before = AuditEntry.objects.count()
    told = {"level": "不满意", "key": "f" * 32, "number": "13800000000"}
    for answer in (
        client.get(f"/r/{hall.code.code}/?big=1"),
        client.post(f"/r/{hall.code.code}/?big=1", {}),
        client.post(f"/r/{hall.code.code}/?big=1", told),
    ):
        assert answer["Cache-Control"] == "no-store"
        assert 'class="elder"' in answer.content.decode()
    assert not client.cookies
    assert not Session.objects.exists()
    assert AuditEntry.objects.count() == before


def test_too_many_at_once_are_told_to_wait_and_keep_what_they_typed(hall: RatedHall) -> None:
    limits.seen.most_a_minute = 1
    assert post(hall.code).status_code == 200
    answer = post(hall.code, text="等了很久")
    assert answer.status_code == 429
    assert answer["Retry-After"].isdecimal()
    assert "等了很久" in answer.content.decode()
    assert Rating.objects.count() == 1


def test_a_script_shuts_nobody_else_out(hall: RatedHall) -> None:
    """GY-R4: what is refused counts for its own address alone, and for a minute."""
    now = [0.0]
    limits.seen.clock = lambda: now[0]
    limits.seen.most_of_one = limits.seen.most_a_minute = 2
    answers = [post(hall.code, level="很好", text="等了很久") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [422, 422, 429]
    assert "等了很久" in answers[2].content.decode()
    assert post(hall.code, address="203.0.113.10").status_code == 200
    assert post(hall.code).status_code == 429
    now[0] = 60.0
    assert post(hall.code).status_code == 200


def test_what_is_known_of_phones_does_not_grow() -> None:
    """GY-R4: thousands of phones and windows take a bounded place, and none of it after midnight."""
    seen = Seen(most_kept=100)
    for number in range(2000):
        seen.rated_before(f"phone {number}", number % 50, date(2026, 11, 25))
        seen.is_burst(number % 50, 6, 10, date(2026, 11, 25))
        seen.seconds_to_wait(f"address {number}")
    assert (len(seen.phones), len(seen.recent), len(seen.addresses)) == (100, 50, 100)
    assert all(len(times) == 7 for times in seen.recent.values())
    assert not seen.rated_before("phone 1", 1, date(2026, 11, 26))
    assert (len(seen.phones), len(seen.recent)) == (1, 0)
