"""Ratings given at counters are the answers of a round: taken at one press, confirmed by a second person."""

from __future__ import annotations

import re
from datetime import date, timedelta
from html import unescape
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from departments.models import Department
from disclosure.results import services as disclosure
from evaluations import services
from evaluations.gathering.entries.grid import TypedRow
from evaluations.models import Channel, Entry
from evaluations.scoring import load_scheme
from evaluations.scoring.vocabulary import vocabulary
from office.errors import Refused
from office.models import AuditEntry
from office.roles import Role
from ratings.follow_up.making import settle_past_days
from ratings.intake import limits
from ratings.models import Rating
from ratings.rules import all_rules, rules_of
from tests.evaluations.pages import said
from tests.evaluations.rated import DAY, NOW, RatedWindows, make_code, make_ticket, rate
from tests.evaluations.test_ballots_of_units import BALLOTS, counted
from tests.evaluations.units import GUANGYUAN, UnitsCounty
from tests.kit.files import own_folders
from tests.kit.publishing import run_waiting_jobs
from tests.kit.stored_states import stored

pytestmark = pytest.mark.django_db
FIRST = {"满意": 20, "比较满意": 8, "基本满意": 3, "不满意": 1}
GOOD = {"满意": 30}
BAD_RATINGS = "guangyuan-bad-ratings"


@stored
def begun() -> RatedWindows:
    return RatedWindows()


@pytest.fixture
def office(db: None) -> RatedWindows:
    return begun()


def test_levels_and_aspects_are_in_the_words_of_the_scheme_they_serve() -> None:
    """One set of rules for a scheme; what a round publishes of it is public by unit and month as well."""
    rules = all_rules()
    assert len({(one.levels.scheme, one.levels.scale) for one in rules.values()}) == len(rules)
    for one in rules.values():
        scheme = load_scheme(one.levels.scheme).defaults
        assert one.words == tuple(scheme.answer_scales[one.levels.scale].choices)
        served = [
            words
            for need, rule in scheme.needs()
            if rule and "ratings" in rule.channels
            for (_, source), words in vocabulary(scheme).answers.items()
            if source == need.name
        ]
        assert [tuple(words.questions) for words in served] == [one.aspect_ids or ("overall",)]


def test_what_was_rated_in_the_period_is_taken_confirmed_and_scored(office: RatedWindows) -> None:
    """WY-R9: held and excluded stand beside, other months do not count, below thirty there is no score."""
    first, second, third, _ = office.codes
    rate(first, FIRST, has_ticket=True)
    rate(first, {"不满意": 4}, state=Rating.State.HELD)
    rate(first, {"不满意": 2}, state=Rating.State.EXCLUDED)
    rate(first, {"满意": 50}, day=date(2026, 8, 31))
    rate(first, {"满意": 50}, day=date(2026, 10, 1))
    rate(second, GOOD, day=date(2026, 9, 30))
    rate(second, {"不满意": 1}, moved_from=third)
    rate(third, {"满意": 29})
    assert office.progress.missing == ["还没有取数"]
    assert office.take() == 4
    row = Entry.objects.filter(subject__name__contains="1号").first()
    assert row is not None
    assert row.source == "码上评2026年9月1日至2026年9月30日：计入32条（凭票32、无票0），暂缓4条，排除2条"
    assert row.source_on == NOW.date()
    kept = office.channel.taken[str(row.subject_id)]
    assert kept["levels"] == [list(pair) for pair in FIRST.items()]
    assert kept["public_from"] == office.channel.public_from == 20
    office.operator.role = Role.CENTRE_REVIEWER
    with pytest.raises(Refused, match="由您本人填报"):
        office.confirm(office.operator)
    office.operator.role = Role.CENTRE_OPERATOR
    with pytest.raises(Refused, match="没有办完"):
        office.settle()
    office.confirm()
    assert office.counts() == [[20, 8, 3, 1], [30, 0, 0, 1], [29, 0, 0, 0], [0, 0, 0, 0]]
    assert office.progress.notes == [
        "取数时有4条评价暂缓，没有计入；两人认定之后请重新取数",
        "2个单位不足30条，按评价方案关于缺项的规定处理",
    ]
    office.settle()
    assert list(office.compute().values()) == ["89.06", "97.74", None, None]
    told = AuditEntry.objects.get(verb="从码上评取数").after
    assert all("计入" in words for words in list(told.values())[1:])


def test_taking_again_replaces_what_changed_and_asks_for_confirmation_again(office: RatedWindows) -> None:
    rate(office.codes[0], FIRST, state=Rating.State.HELD)
    rate(office.codes[1], GOOD)
    office.take()
    office.confirm()
    with pytest.raises(Refused, match="与已取的相同"):
        office.take(NOW + timedelta(days=1))
    Rating.objects.filter(code=office.codes[0]).update(state=Rating.State.COUNTED)
    assert office.take() == 1
    assert office.counts()[0] == [30, 0, 0, 0], "of the first window nothing counts before it is confirmed"
    assert office.progress.missing == [f"{office.windows[0]}：4 项待确认"]
    office.confirm()
    office.settle()
    with pytest.raises(Refused, match="已办结"):
        office.take()
    services.reopen_channel(channel=office.channel, reason="又有认定", acting_user=office.leader)
    rate(office.codes[0], GOOD)
    assert office.take() == 1


def test_nobody_types_in_it_and_only_days_that_are_over_count(office: RatedWindows) -> None:
    row = office.round.departments.first()
    assert row is not None
    with pytest.raises(Refused, match="不能填报"):
        services.enter_in_grid(
            channel=office.channel,
            typed={row.pk: TypedRow({"overall/满意": "9"})},
            now=NOW,
            acting_user=office.operator,
        )
    with pytest.raises(Refused, match="还没有过完的日子"):
        office.take(NOW - timedelta(days=37))
    rate(office.codes[0], {"满意": 3}, day=DAY)
    rate(office.codes[0], {"满意": 1}, day=DAY - timedelta(days=1))
    office.take(NOW - timedelta(days=23))  # on that very day
    assert office.channel.taken[str(row.pk)]["counted"] == 1
    assert "只取到2026年9月14日" in office.progress.notes[0]


def test_only_tickets_count_where_the_round_reads_it_so(db: None) -> None:
    office = RatedWindows(options={"ratings_counted": "tickets"})
    rate(office.codes[0], GOOD, has_ticket=True)
    rate(office.codes[0], {"不满意": 7})
    office.take()
    office.confirm()
    assert office.counts()[0] == [30, 0, 0, 0]
    source = Entry.objects.filter(subject__name__contains="1号").values_list("source", flat=True)[0]
    assert "计入凭票30条，无票7条按口径不计" in source


def test_levels_in_other_words_than_the_reading_of_the_round_are_refused(db: None) -> None:
    office = RatedWindows(options={"answer_scale": "five_stars"})
    with pytest.raises(Refused) as refusal:
        office.take()
    assert "码上评是满意、比较满意、基本满意、不满意，本轮的口径是五星、四星" in str(refusal.value)
    client = Client()
    client.force_login(office.operator)
    page = said(client, f"/office/rounds/entries/{office.channel.pk}/ratings/")
    assert "现在不能取数：码上评的等次与评价方案的答案不同" in page


def test_a_correction_takes_again_for_the_named_unit_alone(office: RatedWindows) -> None:
    for code in office.codes:
        rate(code, GOOD)
    office.take()
    office.confirm()
    office.settle()
    office.compute()
    office.serve()
    office.uphold_an_appeal(office.windows[0])
    subject = office.round.departments.get(department=office.windows[0].unit)
    one = services.propose_correction(
        channel=office.channel, subject=subject, reason="误评移入", now=NOW, acting_user=office.reviewer
    )
    services.agree_to_correction(correction=one, now=NOW, acting_user=office.leader)
    for code in office.codes:
        rate(code, {"不满意": 10})
    assert office.take() == 1
    office.confirm()
    office.settle()
    assert list(office.compute().values()) == ["82.50", "100.00", "100.00", "100.00"]


def test_the_page_takes_and_shows_what_was_taken_by_whom(office: RatedWindows) -> None:
    rate(office.codes[0], FIRST, has_ticket=True)
    here = f"/office/rounds/entries/{office.channel.pk}/ratings/"
    operator, reviewer = Client(), Client()
    operator.force_login(office.operator)
    reviewer.force_login(office.reviewer)
    assert "取到2026年9月30日为止" in said(operator, here)
    assert "已取数，待另一人确认" in said(operator, here, {"do": "take"})
    page = said(reviewer, here)
    for word in ("凭票和无票的都计入", "不足", "centre_operator", "确认全部 4 个单位"):
        assert word in page, word
    register = re.search(r'href="(/office/ratings/[^"]*)"', page)
    assert register is not None
    assert "共 32 条" in said(reviewer, unescape(register[1]))
    assert "已确认" in said(reviewer, here, {"do": "confirm"})
    assert operator.get(f"/office/rounds/entries/{office.channel.pk}/").status_code == 404
    assert here in said(operator, f"/office/rounds/{office.round.pk}/channels/")


@pytest.fixture
def guangyuan(db: None, settings: Settings, tmp_path: Path) -> UnitsCounty:
    """甲局 and 乙局 are rated at a plate, 甲县 in a hall within it."""
    own_folders(settings, tmp_path)
    settings.DEMO = True
    county = UnitsCounty("guangyuan-2022", GUANGYUAN)
    county.create()
    county.prepare()
    return county


def test_gathered_answers_and_ratings_are_eighty_and_twenty(guangyuan: UnitsCounty) -> None:
    """GY-R4, GY-R5, GY-R6, GY-R7, RATE-01: an aspect not rated apart has the whole's level; a county has what
    was rated within it; below thirty the gathered answers carry all the weight."""
    units = {one.name: one for one in guangyuan.departments}
    within = Department.objects.create(name="甲县大厅", parent=units["甲县"], is_active=False)
    levels = {"非常满意": 120, "满意": 30, "基本满意": 6, "不满意": 3, "非常不满意": 1}
    rate(make_code(BAD_RATINGS, "plate", units["甲局"]), levels)
    rate(make_code(BAD_RATINGS, "plate", units["乙局"]), {"非常不满意": 29})
    rate(make_code(BAD_RATINGS, "plate", within), {"满意": 30}, aspects="style=不满意")
    counted(guangyuan, BALLOTS)
    (channel,) = guangyuan.round.channels.filter(kind=Channel.Kind.RATINGS)
    services.take_ratings(channel=channel, now=NOW, acting_user=guangyuan.operator)
    services.confirm_entries(channel=channel, now=NOW, acting_user=guangyuan.reviewer)
    services.settle_channel(channel=channel, now=NOW, acting_user=guangyuan.reviewer)
    guangyuan.compute()
    outcome = guangyuan.round.results.get().outcome
    found = {one["name"]: one for one in outcome["subjects"].values()}
    parts = {name: one["derivation"]["parts"][1] for name, one in found.items()}
    assert (parts["甲局"]["exact"], parts["甲局"]["value"]) == ("93.125", "93.13")
    assert len(parts["甲局"]["parts"]) == len(rules_of(BAD_RATINGS).aspect_ids) == 6
    assert found["甲局"]["score"] == "50.63"  # 0.8 × 40 + 0.2 × 93.125
    assert parts["甲县"]["exact"] == "220/3"  # five aspects 80, one 40
    assert found["甲县"]["score"] == "81.33"  # 0.8 × 250 / 3 + 0.2 × 220 / 3
    assert (found["乙局"]["score"], found["乙局"]["flags"]) == ("80.00", ["carried:realtime"])
    page = Client()
    page.force_login(guangyuan.users["centre_reviewer"])
    here = f"/office/rounds/{guangyuan.round.pk}/result/"
    told = said(page, f"{here}{units['甲局'].pk}/")
    assert "非常满意 120×100" in told
    assert "实时评价：码上评（2026年7月1日至2026年9月30日，计入219条，暂缓0条，排除0条）" in said(page, here)


def test_from_the_page_at_the_counter_to_the_published_list(
    db: None, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """WY-R9: posted by a phone, the night passed, taken, confirmed, signed off, published with its counts."""
    own_folders(settings, tmp_path)
    monkeypatch.setattr(limits, "seen", limits.Seen())
    now = timezone.now()
    today = timezone.localdate(now)
    office = RatedWindows(period=f"{today:%Y-%m}", base_date=today)
    for at, code in enumerate(office.codes):
        rate(code, {"满意": 40 - 5 * at, "比较满意": 5 * at}, day=today)
    phone, ticket = Client(), make_ticket(office.codes[3], office.operator, today)
    page = phone.get(f"/r/{office.codes[3].code}/?t={ticket}")
    sent = {"level": "不满意", "key": page.context["given"].key, "ticket": ticket}
    assert "已经收到" in phone.post(f"/r/{office.codes[3].code}/", sent).content.decode()
    tomorrow = now + timedelta(days=1)
    settle_past_days(tomorrow)
    office.take(tomorrow)
    office.confirm()
    office.settle()
    scores = ["100.00", "97.50", "95.00", "90.98"]  # (25×100 + 15×80 + 30) ÷ 41
    assert list(office.compute().values()) == scores
    office.serve()
    ended = services.end_appeals(
        round=office.round, today=today, waiver_decision="示〔2026〕1号", acting_user=office.operator
    )
    publication = disclosure.publish_results(round=ended, now=tomorrow, acting_user=office.operator)
    run_waiting_jobs()

    def read(file: str) -> str:
        return str(Client().get(f"/results/{publication.pk}/{file}").content.decode())

    index, unit = read("index.html"), read(f"d{office.windows[3].unit_id}.html")
    for name, score in zip(office.windows, scores, strict=True):
        assert str(name) in index
        assert score in index
    for word in ("满意 25×100", "比较满意 15×80", "不满意 1×30", "÷ 41", "条款 三(三)2", "90.98"):
        assert word in unit, word
    assert "满意度得分：码上评（来自办事群众）" in read("method.html")
