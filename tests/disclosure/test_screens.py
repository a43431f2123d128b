"""Hall screens: every kind of frame, and nothing that the public site does not show (YC-R1, YC-R2, YC-R3)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.db.models import Value
from django.db.models.functions import Concat
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from casework.hearings import episodes, promising
from departments.kinds import StaffKind
from departments.models import Department, Hall, StaffMember, Window
from departments.windows.services import keep
from disclosure.models import DisclosureVersion, Publication
from tests.casework import desk
from tests.disclosure.states import published, ready
from tests.evaluations.county import County
from tests.kit.publishing import publish, show_all
from tests.ratings.hall import RatedHall

pytestmark = pytest.mark.django_db


def frames(client: Client, place: str | int = "county") -> list[dict[str, Any]]:
    answer = client.get(f"/screen/{place}/frames.json")
    assert answer.status_code == 200
    assert "no-cache" in answer["Cache-Control"]
    assert not client.cookies, "set up by opening an address once: no cookie, no login"
    told = answer.json()
    assert sorted(set(told["order"])) == list(range(len(told["frames"]))), "every frame has its turn"
    found: list[dict[str, Any]] = told["frames"]
    return found


def text_of(client: Client, place: str | int = "county") -> str:
    return "".join(one["html"] for one in frames(client, place))


def kinds(client: Client, place: str | int = "county") -> set[str]:
    return {str(one["key"]).partition("-")[0] for one in frames(client, place)}


def test_a_county_without_anything_says_what_will_be_here(client: Client) -> None:
    (only,) = frames(client)
    assert "核准公布后，自动在此播放" in only["html"]
    assert client.get("/screen/county/").status_code == 200


def test_an_unknown_place_has_no_screen(client: Client) -> None:
    for place in ("999", "town", "99999999999999999999"):
        assert client.get(f"/screen/{place}/").status_code == 404
        assert client.get(f"/screen/{place}/frames.json").status_code == 404


def test_only_the_approved_versions_are_shown(county: County, client: Client) -> None:
    """YC-R1, YC-R2: nothing is shown before approval, and no later edit."""
    assert kinds(client) == {"empty"}
    section = county.departments[0].sections.get(is_leadership=False)
    section.responsibilities = "受理申请。"
    section.save()
    show_all()
    assert kinds(client) == {"identity", "duties"}
    assert "受理申请。" in text_of(client)
    assert "甲科员一" in text_of(client)
    StaffMember.objects.filter(name="甲科员一").update(post="改了还没有核准的职务")
    assert "改了还没有核准的职务" not in text_of(client)


def test_whoever_is_taken_down_is_gone_at_the_next_question(county: County, client: Client) -> None:
    """YC-R1: the content has another version, so that a screen changes it."""
    show_all()
    before = client.get("/screen/county/frames.json").json()["version"]
    assert client.get("/screen/county/frames.json").json()["version"] == before
    StaffMember.objects.filter(name="甲科员一").update(is_shown=False)
    assert "甲科员一" not in text_of(client)
    assert client.get("/screen/county/frames.json").json()["version"] != before
    assert int(client.get("/screen/county/").content.decode().split('asks-after="')[1].split('"')[0]) <= 300


def test_leaders_come_first(county: County, client: Client) -> None:
    """YC-R1."""
    show_all()
    unit = county.departments[0]
    people = DisclosureVersion.objects.get(department=unit, is_current=True).content["people"]
    leader = next(one["name"] for one in people if one["kind"] == StaffKind.PRINCIPAL_LEADER)
    first = next(one["html"] for one in frames(client) if one["key"] == f"identity-{unit.pk}-1")
    assert first.index(leader) == min(first.index(one["name"]) for one in people if one["name"] in first)


@pytest.mark.parametrize("number", [1, 60])
def test_every_person_of_a_section_has_a_place(county: County, client: Client, number: int) -> None:
    unit = Department.objects.create(name="县行政审批服务局", order=99)
    section = unit.sections.create(name="窗口科", order=1)
    for at in range(number):
        StaffMember.objects.create(department=unit, section=section, name=f"喆堃玥{at:02}", kind="staff")
    show_all()
    found = [one["html"] for one in frames(client) if one["key"].startswith(f"identity-{unit.pk}-")]
    assert all(one.count("<li>") <= 10 for one in found)
    assert sum(one.count("<li>") for one in found) == number


def test_a_long_duty_sheet_goes_over_several_frames_and_loses_nothing(county: County, client: Client) -> None:
    """YC-R2."""
    section = county.departments[0].sections.filter(is_leadership=False).first()
    assert section is not None
    section.responsibilities = "".join(f"第{at}项职责，按规定办理并答复。" for at in range(60))
    section.save()
    for at in range(20):
        section.items.create(name=f"第{at}个事项", procedure="受理→办结", time_limit=f"{at + 1}个工作日")
    show_all()
    text = "".join(one["html"] for one in frames(client) if one["key"].startswith(f"duties-{section.pk}-"))
    assert all(f"第{at}项职责" in text for at in range(60))
    assert all(f"第{at}个事项" in text for at in range(20))


def test_a_ranking_stands_only_after_publication_and_without_persons(client: Client) -> None:
    """YC-R3: units with rank and grade; nobody's name and no photo beside a score."""
    county = ready("all")
    assert "results" not in kinds(client)
    publish(county.round, county)
    found = [one["html"] for one in frames(client) if one["key"].startswith("results-")]
    text = "".join(found)
    assert str(county.round) in text or county.round.title in text
    assert "公布" in text
    assert "<img" not in text
    for name in StaffMember.objects.values_list("name", flat=True):
        assert name not in text


def test_a_publication_that_is_not_rendered_or_not_current_is_not_shown(client: Client) -> None:
    """YC-R3."""
    published()
    assert "results" in kinds(client)
    Publication.objects.update(rendered_at=None)
    assert "results" not in kinds(client)
    Publication.objects.update(rendered_at=timezone.now(), is_current=False)
    assert "results" not in kinds(client)


def test_results_come_again_between_many_units(client: Client) -> None:
    """YC-R3: whoever waits in the hall sees them without waiting for every unit."""
    county = published()
    for at in range(15):
        unit = Department.objects.create(name=f"县第{at}局", order=50 + at)
        section = unit.sections.create(name="综合科", order=1)
        StaffMember.objects.create(department=unit, section=section, name=f"喆堃玥{at}", kind="staff")
    show_all()
    told = client.get("/screen/county/frames.json").json()
    first = next(at for at, one in enumerate(told["frames"]) if one["key"].startswith("results-"))
    assert told["order"].count(first) > 1
    assert county.round.title in told["frames"][first]["html"]


class TestAHall:
    @pytest.fixture
    def hall(self, db: None, monkeypatch: pytest.MonkeyPatch) -> RatedHall:
        hall = RatedHall()
        monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: date(2026, 11, 30))
        return hall

    def test_it_shows_its_own_units(self, hall: RatedHall, client: Client) -> None:
        """WY-R9: a hall nobody told the windows of shows the county's."""
        for unit in (hall.unit, hall.other_unit):
            section = unit.sections.create(name="窗口科", order=1)
            name = f"{unit.name[1]}窗口人员"
            StaffMember.objects.create(department=unit, section=section, name=name, kind="staff")
        show_all()
        other = Hall.objects.create(name="另一大厅")
        assert "甲窗口人员" in text_of(client, other.pk)
        assert "乙窗口人员" in text_of(client, other.pk)
        keep(Window(hall=other, number="1", name="受理", department=hall.unit))
        assert "甲窗口人员" in text_of(client, other.pk)
        assert "乙窗口人员" not in text_of(client, other.pk)

    def test_it_shows_the_week_that_is_over_and_says_its_days(
        self, hall: RatedHall, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """WY-R9: whole percents from twenty up; after Sunday's midnight the next week."""
        hall.stored(20, day=date(2026, 11, 25))
        hall.stored(1, "不满意", day=date(2026, 11, 25))
        hall.stored(19, code=hall.other_code, day=date(2026, 11, 25))
        hall.stored(30, day=date(2026, 11, 30))
        text = "".join(
            one["html"] for one in frames(client, hall.hall.pk) if one["key"].startswith("ratings-")
        )
        assert "2026年11月23日至2026年11月29日" in text
        assert "1号窗口" in text
        assert "2号窗口" not in text
        assert "满意95%" in text, "the word beside the number"
        assert "95.2" not in text
        assert "上周" not in text, "a screen without network goes on showing it"
        county = "".join(one["html"] for one in frames(client) if one["key"].startswith("ratings-"))
        assert "测试大厅窗口评价" in county
        for day, told in ((6, "11月23日至2026年11月29日"), (7, "11月30日至2026年12月6日")):
            monkeypatch.setattr("django.utils.timezone.localdate", lambda *_, day=day: date(2026, 12, day))
            assert told in text_of(client, hall.hall.pk)

    def test_it_shows_public_promises_of_its_units(self, hall: RatedHall, client: Client) -> None:
        """WY-R6: with the day they fall due, never with days left."""
        episode = episodes.enter_episode(
            held_on=date(2026, 11, 20), medium="电视", theme="项目审批提速", acting_user=hall.operator
        )
        promising.enter_promise(
            episode=episode,
            unit=hall.unit,
            text="本月内公开全部收费项目",
            promised_on=date(2026, 12, 10),
            now=desk.at("2026-11-23T09:00"),
            acting_user=hall.operator,
        )
        text = "".join(
            one["html"] for one in frames(client, hall.hall.pk) if one["key"].startswith("promises-")
        )
        assert "本月内公开全部收费项目" in text
        assert "截至2026年11月30日" in text
        assert "还有" not in text


def test_an_address_that_names_no_frame_shows_one(county: County, client: Client) -> None:
    show_all()
    for asked in ("99999", "x", "0.999", "7.7.7", "-1", "1.-1", "٣"):
        page = client.get(f"/screen/county/?frame={asked}")
        assert page.status_code == 200
        assert 'class="frame ' in page.content.decode()


def test_without_a_script_the_page_goes_on_through_every_frame(client: Client) -> None:
    """From one to the next: people, duties and results of everybody, then from the beginning."""
    published("all")
    show_all()
    seen: list[str] = []
    address = ""
    while len(seen) < 2 or seen[-1] != seen[0]:
        page = client.get(f"/screen/county/{address}").content.decode()
        assert "数据截至" in page
        assert '<noscript><meta http-equiv="refresh" content="' in page
        seen.append(page.partition("<main")[2].partition("</main>")[0])
        address = page.partition(";url=")[2].partition('"')[0]
        assert len(seen) < 100
    for one in frames(client):
        assert any(one["html"] in body for body in seen), one["key"]


def test_one_frame_costs_no_more_than_what_it_shows(
    client: Client, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    """Twenty more units cost nothing more; no ranking is read for somebody's photo."""
    published("all")
    show_all()
    with CaptureQueriesContext(connection) as few:
        client.get("/screen/county/?frame=0.0")
    for at in range(20):
        unit = Department.objects.create(name=f"县第{at}局", order=50 + at)
        StaffMember.objects.create(
            department=unit, section=unit.sections.create(name="科"), name=f"喆{at}", kind="staff"
        )
    show_all()
    with django_assert_max_num_queries(len(few)) as found:
        client.get("/screen/county/?frame=0.0")
    assert not any('"shown"' in one["sql"] for one in found.captured_queries)


def many_units(client: Client, *, units: int, people: int) -> dict[str, Any]:
    for at in range(units):
        unit = Department.objects.create(name=f"县第{at}局", order=50 + at)
        section = unit.sections.create(name="综合科", order=1)
        StaffMember.objects.bulk_create(
            StaffMember(department=unit, section=section, name=f"喆{at}玥{n}", kind="staff")
            for n in range(people)
        )
    show_all()
    told: dict[str, Any] = client.get("/screen/county/frames.json").json()
    return told


def turns_of(told: dict[str, Any]) -> list[list[dict[str, Any]]]:
    order = iter(told["order"])
    turns = [[told["frames"][next(order)] for _ in range(length)] for length in told["turns"]]
    assert not list(order)
    return turns


@pytest.mark.parametrize(("units", "people"), [(1, 5), (3, 11), (30, 30), (1, 900)])
def test_no_turn_is_longer_than_a_quarter_of_an_hour_and_a_day_shows_all(
    client: Client, units: int, people: int
) -> None:
    """YC-R1, YC-R2, YC-R3: in each turn the results; what is left out stands in the next turns."""
    published("all")
    told = many_units(client, units=units, people=people)
    turns = turns_of(told)
    assert all(sum(one["seconds"] for one in turn) <= 15 * 60 for turn in turns)
    assert {one["key"] for turn in turns for one in turn} == {one["key"] for one in told["frames"]}
    assert sum(one["seconds"] for turn in turns for one in turn) <= 8 * 3600
    for turn in turns:
        assert any(one["key"].startswith("results-") for one in turn)
    again = client.get("/screen/county/frames.json").json()
    assert (again["order"], again["version"]) == (told["order"], told["version"])


def test_a_small_county_has_one_turn_and_a_large_one_more(client: Client) -> None:
    assert len(many_units(client, units=2, people=3)["turns"]) == 1
    Department.objects.update(is_active=False, name=Concat("name", Value("旧")))
    assert len(many_units(client, units=30, people=30)["turns"]) > 1


def test_units_take_turns_evenly(client: Client) -> None:
    """No unit waits for another's hundred people: of equal ones, all leaders come before second frames."""
    told = many_units(client, units=4, people=25)
    of_people = [one["key"] for turn in turns_of(told) for one in turn if one["key"].startswith("identity-")]
    new = [
        key for key in of_people if Department.objects.filter(order__gte=50, pk=key.split("-")[1]).exists()
    ]
    assert [key.rpartition("-")[2] for key in dict.fromkeys(new)] == ["1"] * 4 + ["2"] * 4 + ["3"] * 4


def test_results_stand_with_grade_and_change_since_the_round_before(client: Client) -> None:
    """YC-R3, YC-R15: as on the results page; nothing is said of change in a first round."""
    published("all")
    one = Publication.objects.get()
    text = "".join(one["html"] for one in frames(client) if one["key"].startswith("results-"))
    assert "等次" in text
    assert "较上轮" not in text
    units = one.shown["view"]["groups"][0]["departments"]
    unit = next(row for row in units if row["figure"]["score"])
    past = {"publication": 1, "title": "上一轮", "period": "上一轮", "group": unit["group"]}
    past |= {"score": "10.00", "grade": "一般", "rank": 3, "ranked_of": 3, "is_comparable": True}
    one.shown["trend"] = {unit["id"]: [past]}
    one.save()
    text = "".join(one["html"] for one in frames(client) if one["key"].startswith("results-"))
    assert "较上轮" in text
    assert '<span class="up">+' in text
    assert "上升" in text


def test_the_worker_may_keep_what_lies_below_the_screens_alone(client: Client) -> None:
    answer = client.get("/screen/worker.js")
    assert answer["Service-Worker-Allowed"] == "/screen/"
    assert answer["Content-Type"].startswith("text/javascript")


def test_the_office_lists_the_addresses(browse: Callable[[str], Client]) -> None:
    hall = Hall.objects.create(name="测试大厅")
    page = browse("centre_operator").get("/office/screens/").content.decode()
    assert f"/screen/{hall.pk}/" in page
    assert "/screen/county/" in page
    assert page.count('class="qr"') == 2
    assert Client().get("/office/screens/").status_code == 302
