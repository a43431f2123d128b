"""Sittings through the pages of town and centre (YC-R6): invite, tick, count, minutes; nothing of others."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db.models import Count
from django.test import Client
from django.utils import timezone
from openpyxl import Workbook, load_workbook

from office.errors import Refused
from office.models import AuditEntry
from office.roles import Role
from surveys import backups, services
from surveys.models import Invitation, MarketEntity, Sitting, SlipBatch, Survey
from surveys.sittings import documents
from tests.kit.halls import Hall, busy_hall, code, drawn_hall, make_hall, when
from tests.kit.survey_office import Office

DRAWN = pytest.mark.parametrize("hall", [drawn_hall], indirect=True, ids=["drawn"])
AT_WORK = pytest.mark.parametrize("hall", [busy_hall], indirect=True, ids=["at work"])


@pytest.fixture
def hall(office: Office, request: pytest.FixtureRequest) -> Hall:
    """A hall before any sitting, or in the state that a test asks for."""
    build: Callable[[], Hall] = getattr(request, "param", make_hall)
    return build()


@pytest.fixture
def town(hall: Hall) -> Client:
    return hall.sign_in(Role.TOWN_ORGANIZER, 0)


def send(client: Client, hall: Hall, do: str, **data: object) -> str:
    """Send a step of the newest sitting and read the page that follows."""
    address = f"/office/sittings/{hall.sitting().pk}/"
    return client.post(address, {"do": do, **data}, follow=True).content.decode()


def plan(client: Client, hall: Hall, **changed: str) -> str:
    address = f"/office/surveys/{hall.survey.pk}/sittings/new/"
    return client.post(address, when(**changed), follow=True).content.decode()


def wanted(hall: Hall, **numbers: tuple[int, int]) -> dict[str, int]:
    strata = {stratum.kind: stratum.pk for stratum in hall.survey.strata.all()}
    data = {}
    for kind, pk in strata.items():
        data[f"invited-{pk}"], data[f"substitutes-{pk}"] = numbers.get(kind, (0, 0))
    return data


def drawn(client: Client, hall: Hall, **numbers: tuple[int, int]) -> str:
    plan(client, hall)
    return send(
        client, hall, "draw", **wanted(hall, **(numbers or {"private": (10, 3), "sole_trader": (8, 2)}))
    )


def tick(client: Client, hall: Hall, arrived: list[int], before: list[int] | None = None) -> str:
    address = f"/office/sittings/{hall.sitting().pk}/attendance/"
    data = {"there": arrived, "before": " ".join(map(str, before or []))}
    return client.post(address, data, follow=True).content.decode()


def people(hall: Hall, kind: str, *, substitutes: bool = False) -> list[int]:
    found = Invitation.objects.filter(sitting=hall.sitting(), stratum__kind=kind, is_substitute=substitutes)
    return list(found.order_by("place").values_list("pk", flat=True))


def counted(hall: Hall, **numbers: tuple[int, int, int, int]) -> dict[str, int]:
    """{kind: (received, handed out, returned, spoiled)} as the form sends it."""
    data = {}
    for batch in SlipBatch.objects.filter(town=hall.sitting().town, is_void=False):
        given = numbers[batch.stratum.kind]
        for name, number in zip(("received", "handed_out", "returned", "spoiled"), given, strict=True):
            data[f"{name}-{batch.pk}"] = number
    return data


def witnesses(client: Client, hall: Hall, **changed: str) -> str:
    data = {"first_witness": "甲一", "second_witness": "乙二", "no_judged_official": "on", **changed}
    return send(client, hall, "witnesses", **data)


def close_day(client: Client, hall: Hall) -> None:
    send(client, hall, "counts", **counted(hall, private=(20, 10, 10, 0), sole_trader=(25, 8, 17, 0)))
    send(client, hall, "finish", helped="0", remarks="")


def test_a_town_plans_draws_ticks_counts_and_prints_minutes(hall: Hall, town: Client) -> None:
    drawn(town, hall)
    witnesses(town, hall)
    private = people(hall, "private")[1:] + people(hall, "private", substitutes=True)[:1]
    tick(town, hall, private + people(hall, "sole_trader"))
    page = send(town, hall, "counts", **counted(hall, private=(20, 10, 9, 1), sole_trader=(25, 8, 17, 0)))
    assert "凭条清点不符" not in page
    page = send(town, hall, "finish", helped="2", remarks="")
    assert "本场已办结" in page
    sitting = hall.sitting()
    assert sitting.state == Sitting.State.HELD
    assert (sitting.come, sitting.helped) == (18, 2)
    assert sorted(SlipBatch.objects.filter(town=sitting.town).values_list("returned", "spoiled")) == [
        (9, 1),
        (17, 0),
    ]
    minutes = town.post(f"/office/sittings/{sitting.pk}/files/minutes.pdf")
    assert b"".join(minutes.streaming_content).startswith(b"%PDF")  # type: ignore[attr-defined]
    assert all(holds for _, _, holds in services.sitting_controls(hall.survey))


@pytest.mark.both_databases
@AT_WORK
def test_the_second_of_two_desks_that_change_a_sitting_is_refused(hall: Hall, town: Client) -> None:
    """Time and place, witnesses, counts, the end; what the other did not touch is saved."""
    page = f"/office/sittings/{hall.sitting().pk}/"
    marks = town.get(page).context["marks"]
    stale = "他人的修改没有被覆盖"
    changing = {**when(place="旧礼堂"), "seen_mark": town.get(f"{page}change/").context["seen_mark"]}
    assert stale not in town.post(f"{page}change/", changing, follow=True).content.decode()
    again = {**changing, **when(place="新礼堂")}
    assert stale in town.post(f"{page}change/", again, follow=True).content.decode()

    numbers = counted(hall, private=(20, 10, 9, 1), sole_trader=(25, 8, 17, 0))
    assert stale not in send(town, hall, "counts", **numbers, seen_mark=marks["counts"])
    told = send(town, hall, "counts", **dict.fromkeys(numbers, 0), seen_mark=marks["counts"])
    assert stale in told
    assert "登记凭条清点" in told
    assert stale in send(town, hall, "finish", helped="0", remarks="", seen_mark=marks["finish"])
    assert stale not in witnesses(town, hall, first_witness="丙三", seen_mark=marks["witnesses"])
    assert stale in witnesses(town, hall, first_witness="丁四", seen_mark=marks["witnesses"])
    sitting = hall.sitting()
    assert (sitting.place, sitting.first_witness, sitting.state) == ("旧礼堂", "丙三", Sitting.State.DRAWN)
    assert sum(row.received for row in sitting.counts.all()) == 45


@DRAWN
def test_lists_and_notices_are_handed_out_and_noted(hall: Hall, town: Client) -> None:
    pk = hall.sitting().pk
    book = town.post(f"/office/sittings/{pk}/files/list.xlsx")
    sheet = load_workbook(io.BytesIO(b"".join(book.streaming_content))).active  # type: ignore[attr-defined]
    rows = list(sheet.iter_rows(values_only=True))  # type: ignore[union-attr]
    assert len(rows) == 1 + 10 + 3 + 8 + 2
    assert {row[1] for row in rows[1:]} == {"正选", "候补"}
    for name in ("list.pdf", "notices.pdf"):
        answer = town.post(f"/office/sittings/{pk}/files/{name}")
        assert b"".join(answer.streaming_content).startswith(b"%PDF")  # type: ignore[attr-defined]
    assert AuditEntry.objects.filter(verb="导出邀请名单").count() == 3


def test_a_sitting_on_a_day_off_is_planned_with_a_warning(hall: Hall, town: Client) -> None:
    today = timezone.localdate()
    saturday = today + timedelta(days=(5 - today.weekday()) % 7 or 7)
    page = plan(town, hall, date=saturday.isoformat())
    assert "不是工作日" in page or "还没有" in page
    assert hall.sitting().date == saturday


def test_a_day_that_is_over_is_refused(hall: Hall, town: Client) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    assert "日期已经过去" in plan(town, hall, date=yesterday.isoformat())
    assert not Sitting.objects.exists()


def test_more_than_the_quota_is_refused(hall: Hall, town: Client) -> None:
    """Slips are the quota: twenty may be invited, twenty-one not (YC-R5)."""
    assert "名额尚余20户" in drawn(town, hall, private=(21, 0))
    assert not Invitation.objects.exists()
    assert "已抽取邀请名单" in send(town, hall, "draw", **wanted(hall, private=(20, 0)))
    assert Invitation.objects.count() == 20


@pytest.mark.both_databases
@DRAWN
def test_a_list_is_drawn_once(hall: Hall, town: Client) -> None:
    first = list(Invitation.objects.values_list("entity", flat=True))
    user = hall.organizer()
    with pytest.raises(Refused, match="不能重抽"):
        services.draw_invitations(sitting=hall.sitting(), wanted={}, acting_user=user)
    assert list(Invitation.objects.values_list("entity", flat=True)) == first


@AT_WORK
def test_a_supplementary_sitting_invites_only_others_and_only_what_is_left(hall: Hall, town: Client) -> None:
    close_day(town, hall)
    plan(town, hall)
    second = hall.sitting()
    assert second.number == 2
    assert "名额尚余10户" in send(town, hall, "draw", **wanted(hall, private=(11, 0)))
    send(town, hall, "draw", **wanted(hall, private=(10, 2), sole_trader=(5, 1)))
    twice = Invitation.objects.values("entity").annotate(n=Count("pk")).filter(n__gt=1)
    assert not twice.exists()
    page = town.get(f"/office/sittings/{second.pk}/").content.decode()
    private = SlipBatch.objects.get(town=second.town, stratum__kind="private")
    proposed = re.search(rf'name="received-{private.pk}" value="(\d+)"', page)
    assert proposed
    assert proposed[1] == "10"


@DRAWN
def test_substitutes_step_in_only_for_those_who_stay_away(hall: Hall, town: Client) -> None:
    invited, reserve = people(hall, "private"), people(hall, "private", substitutes=True)
    assert "到场数超过邀请数" in tick(town, hall, [*invited, reserve[0]])
    assert not Invitation.objects.filter(has_arrived=True).exists()
    assert "已登记到场" in tick(town, hall, [*invited[1:], reserve[0]])
    private = hall.survey.strata.get(kind="private")
    assert hall.sitting().attended[str(private.pk)] == [9, 1]


@pytest.mark.both_databases
@DRAWN
def test_two_desks_tick_at_the_same_time_and_lose_nothing(hall: Hall, town: Client) -> None:
    one, two, *_ = people(hall, "private")
    tick(town, hall, [one])
    tick(town, hall, [two])  # a page that was loaded before the first was saved
    assert hall.sitting().come == 2
    tick(town, hall, [], before=[one])
    assert hall.sitting().come == 1


@DRAWN
def test_an_invitation_of_another_sitting_is_not_ticked(hall: Hall, town: Client) -> None:
    strange = people(hall, "private")[0]
    other = hall.sign_in(Role.TOWN_ORGANIZER, 1)
    drawn(other, hall)
    assert "名单中没有" in tick(other, hall, [strange])
    assert not Invitation.objects.filter(has_arrived=True).exists()


@DRAWN
@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"second_witness": "甲一"}, "不能是同一人"),
        ({"second_witness": " "}, "请填写此项"),
        ({"no_judged_official": ""}, "请先请其回避"),
    ],
)
def test_two_witnesses_and_no_judged_official(
    hall: Hall, town: Client, changed: dict[str, str], said: str
) -> None:
    assert said in witnesses(town, hall, **changed)
    assert hall.sitting().first_witness == ""


@pytest.mark.both_databases
@AT_WORK
@pytest.mark.parametrize(
    ("private", "said"),
    [
        ((20, 10, 9, 0), "发出、退回和损毁10+9+0张，应等于领取20张，少1张"),
        ((20, 11, 9, 0), "发出凭条11张，应不多于到场10人，多1张"),
        ((19, 10, 9, 0), "领取19张，应等于印制20张，少1张"),
    ],
)
def test_counts_that_do_not_add_up_are_named_kept_and_need_a_word(
    hall: Hall, town: Client, private: tuple[int, int, int, int], said: str
) -> None:
    """Nothing is lost, and the tally waits for the inspectorate."""
    page = send(town, hall, "counts", **counted(hall, private=private, sole_trader=(25, 8, 17, 0)))
    assert said in page
    batch = SlipBatch.objects.get(town=hall.sitting().town, stratum__kind="private")
    kept = hall.sitting().counts.get(batch=batch)
    assert (kept.received, kept.handed_out, kept.returned, kept.spoiled) == private
    assert "不能办结" in send(town, hall, "finish", helped="0", remarks="", despite_faults="on")
    assert "不能办结" in send(town, hall, "finish", helped="0", remarks="少一张")
    assert "已办结" in send(town, hall, "finish", helped="0", remarks="少一张", despite_faults="on")
    broken = [told for told in services.sitting_controls(hall.survey) if not told[2]]
    assert len(broken) == 1
    assert said in broken[0][1]
    hall.office.close(hall.survey)
    with pytest.raises(Refused) as refused:
        hall.office.tally(hall.survey)
    assert any(said in fault for fault in refused.value.faults)


@AT_WORK
def test_a_figure_that_cannot_be_true_stays_out_of_the_batch(hall: Hall, town: Client) -> None:
    send(town, hall, "counts", **counted(hall, private=(20, 10, 30, 0), sole_trader=(25, 8, 17, 0)))
    assert SlipBatch.objects.get(town=hall.sitting().town, stratum__kind="private").returned == 0
    assert hall.sitting().counts.get(batch__stratum__kind="private").returned == 30


@DRAWN
def test_a_sitting_that_was_never_closed_holds_back_the_tally(hall: Hall, town: Client) -> None:
    assert services.sitting_controls(hall.survey) == []
    hall.office.close(hall.survey)
    (told,) = services.sitting_controls(Survey.objects.get(pk=hall.survey.pk))
    assert told[2] is False
    with pytest.raises(Refused) as refused:
        hall.office.tally(hall.survey)
    (fault,) = refused.value.faults
    assert "尚未办结。请镇（街）补登清点数并办结；没有举行的，由纪检监察人员说明" in fault


@AT_WORK
def test_counts_entered_after_the_close_are_said_not_to_be_in_the_bundle(hall: Hall, town: Client) -> None:
    """The bundle is what it was at the close: a named person explains the difference, and all may read it."""
    hall.office.close(hall.survey)
    late = send(town, hall, "counts", **counted(hall, private=(20, 10, 9, 1), sole_trader=(25, 8, 17, 0)))
    assert "计票包按截止时的清点数写成" in late
    send(town, hall, "finish", helped="0", remarks="")
    said = "各场清点退回9张、损毁1张，应与截止时写入计票包的退回0张、损毁0张相同"
    inspector = hall.sign_in(Role.INSPECTORATE)
    page = inspector.get(f"/office/surveys/{hall.survey.pk}/controls/").content.decode()
    assert said in page
    with pytest.raises(Refused) as refused:
        hall.office.tally(hall.survey)
    assert len(refused.value.faults) == 2
    for key, told, holds in services.sitting_controls(Survey.objects.get(pk=hall.survey.pk)):
        assert holds is (not key.startswith("sitting_late")), told
        if not holds:
            sent = {"key": key, "text": "与纪要、清点表核对一致，系补登。"}
            answer = inspector.post(f"/office/surveys/{hall.survey.pk}/controls/", sent, follow=True)
            assert "已登记说明" in answer.content.decode()
    hall.office.tally(hall.survey)
    file = inspector.get(f"/office/surveys/{hall.survey.pk}/explanations.json").content.decode()
    assert said in file


@DRAWN
def test_an_unfinished_day_is_not_closed(hall: Hall, town: Client) -> None:
    page = send(town, hall, "finish", helped="0", remarks="")
    for missing in ("两名监票人", "到场登记", "凭条清点"):
        assert missing in page
    assert hall.sitting().state == Sitting.State.DRAWN


@AT_WORK
def test_the_centre_reopens_with_a_reason_and_the_town_does_not(hall: Hall, town: Client) -> None:
    close_day(town, hall)
    address = f"/office/sittings/{hall.sitting().pk}/"
    assert town.post(address, {"do": "reopen", "reason": "抄错"}).status_code == 403
    centre = hall.sign_in(Role.CENTRE_OPERATOR)
    assert "已重新打开" in send(centre, hall, "reopen", reason="损毁数抄错")
    assert hall.sitting().state == Sitting.State.DRAWN


@DRAWN
def test_no_address_opens_a_sitting_of_another_town(hall: Hall, town: Client) -> None:
    pk, before = hall.sitting().pk, hall.sitting()
    other = hall.sign_in(Role.TOWN_ORGANIZER, 1)
    pages = ["", "change/", "attendance/", "files/list.xlsx", "files/notices.pdf", "files/minutes.pdf"]
    for page in pages:
        assert other.get(f"/office/sittings/{pk}/{page}").status_code in {404, 405}
        answer = other.post(f"/office/sittings/{pk}/{page}", {"do": "witnesses", **when()})
        assert answer.status_code == 404
    listed = other.get("/office/sittings/").content.decode()
    assert "西镇" in listed
    assert "东镇" not in listed
    assert Sitting.objects.get(pk=pk).first_witness == before.first_witness
    with pytest.raises(Refused, match="本镇"):
        services.record_attendance(
            sitting=hall.sitting(), arrived=[], taken_back=[], acting_user=hall.organizer(1)
        )


def test_a_town_cannot_plan_for_another_by_sending_its_key(hall: Hall) -> None:
    other = hall.sign_in(Role.TOWN_ORGANIZER, 1)
    plan(other, hall, town=str(hall.office.towns[0].pk))
    assert hall.sitting().town == hall.office.towns[1]


def test_an_undrawn_sitting_is_taken_back_a_drawn_one_is_not(hall: Hall, town: Client) -> None:
    plan(town, hall)
    address = f"/office/sittings/{hall.sitting().pk}/change/"
    town.post(address, {"do": "cancel"})
    assert not Sitting.objects.exists()
    drawn(town, hall)
    town.post(f"/office/sittings/{hall.sitting().pk}/change/", {"do": "cancel"})
    assert Sitting.objects.count() == 1


@DRAWN
def test_the_date_moves_and_the_list_stays(hall: Hall, town: Client) -> None:
    later = timezone.localdate() + timedelta(days=3)
    town.post(f"/office/sittings/{hall.sitting().pk}/change/", when(date=later.isoformat()))
    assert hall.sitting().date == later
    assert Invitation.objects.count() == 23


def test_those_who_had_business_with_the_departments_are_drawn_first(hall: Hall, town: Client) -> None:
    met = [code(1000 + number) for number in range(5)]  # private ones of the eastern town
    services.keep_contact_list(
        survey=hall.survey, content=book(*met), file_name="往来.xlsx", acting_user=hall.office.operator
    )
    drawn(town, hall, private=(6, 0))
    invited = set(Invitation.objects.values_list("entity__code", flat=True))
    assert set(met) < invited
    assert len(invited) == 6


def book(*codes: str) -> bytes:
    made = Workbook()
    assert made.active is not None
    for row in ("统一社会信用代码", *codes):
        made.active.append([row])
    content = io.BytesIO()
    made.save(content)
    return content.getvalue()


@pytest.mark.parametrize("codes", [["91410000MA00000000"], ["91110000600037341L"], []])
def test_a_list_with_a_wrong_code_or_of_strangers_is_refused(hall: Hall, codes: list[str]) -> None:
    with pytest.raises(Refused, match="未作任何更改"):
        services.keep_contact_list(
            survey=hall.survey, content=book(*codes), file_name="x.xlsx", acting_user=hall.office.operator
        )
    assert not hall.survey.contact_lists.exists()


@pytest.mark.both_databases
@AT_WORK
def test_after_the_round_contacts_and_arrivals_are_gone_and_the_numbers_stay(
    hall: Hall, town: Client
) -> None:
    reviewer = hall.sign_in(Role.CENTRE_REVIEWER)
    assert reviewer
    assert services.forget_voters(survey=hall.survey, acting_user=hall.office.operator) == 23
    assert not Invitation.objects.filter(has_arrived=True).exists()
    invited = MarketEntity.objects.filter(pk__in=Invitation.objects.values("entity"))
    assert set(invited.values_list("contact", "phone")) == {("", "")}
    assert MarketEntity.objects.exclude(pk__in=invited).exclude(phone="0000").count() == 0
    assert hall.sitting().come == 18
    assert services.forget_voters(survey=hall.survey, acting_user=hall.office.operator) == 0


@AT_WORK
def test_the_audit_says_how_many_came_never_who(hall: Hall, town: Client) -> None:
    names = set(MarketEntity.objects.values_list("name", flat=True))
    for entry in AuditEntry.objects.filter(object_type="surveys.sitting"):
        said = f"{entry.object_label}{entry.before}{entry.after}"
        assert not any(name in said for name in names)


def test_the_pages_of_a_full_town_ask_the_database_no_more_often(
    hall: Hall, town: Client, django_assert_max_num_queries: object
) -> None:
    drawn(town, hall, private=(20, 10), sole_trader=(25, 10))
    for page in ("", f"{hall.sitting().pk}/", f"{hall.sitting().pk}/attendance/"):
        with django_assert_max_num_queries(12):  # type: ignore[operator]
            assert town.get(f"/office/sittings/{page}").status_code == 200


def test_the_start_page_says_what_waits_for_the_town(hall: Hall, town: Client) -> None:
    """Plan, draw, hold, late, done; never another town's."""
    assert f"{hall.survey.title}：安排现场评价" in town.get("/office/").content.decode()
    plan(town, hall)
    assert "东镇第1场：抽取邀请名单" in town.get("/office/").content.decode()
    send(town, hall, "draw", **wanted(hall, private=(10, 3), sole_trader=(8, 2)))
    assert "东镇第1场：登记到场和清点，办结" in town.get("/office/").content.decode()
    tomorrow = timezone.localdate() + timedelta(days=1)
    Sitting.objects.update(date=tomorrow)
    assert "东镇第1场：通知已抽取的市场主体" in town.get("/office/").content.decode()
    Sitting.objects.update(state=Sitting.State.HELD)
    assert "东镇第1场" not in town.get("/office/").content.decode()
    assert "东镇" not in hall.sign_in(Role.TOWN_ORGANIZER, 1).get("/office/").content.decode()


@pytest.mark.both_databases
@AT_WORK
def test_a_restored_backup_discards_sittings_with_their_survey(hall: Hall, town: Client) -> None:
    """The issuer keys are not in a backup, so an open survey cannot go on, nor can its sittings."""
    send(town, hall, "counts", **counted(hall, private=(20, 10, 10, 0), sole_trader=(25, 8, 17, 0)))
    backups.discard_unfinished()
    assert not Sitting.objects.exists()
    assert not Invitation.objects.exists()
    assert MarketEntity.objects.exists()


@AT_WORK
def test_the_form_of_counts_that_do_not_add_up_stays_open(hall: Hall, town: Client) -> None:
    page = send(town, hall, "counts", **counted(hall, private=(20, 10, 9, 0), sole_trader=(25, 8, 17, 0)))
    assert "<details open><summary>修改清点数" in page
    page = send(town, hall, "counts", **counted(hall, private=(20, 10, 10, 0), sole_trader=(25, 8, 17, 0)))
    assert "<details><summary>修改清点数" in page


def test_drawing_for_a_day_that_has_passed_is_warned(hall: Hall, town: Client) -> None:
    plan(town, hall)
    address = f"/office/sittings/{hall.sitting().pk}/"
    assert "已经过去" not in town.get(address).content.decode()
    Sitting.objects.update(date=timezone.localdate() - timedelta(days=1))
    assert "已经过去。请先修改时间和地点，再抽取名单" in town.get(address).content.decode()


@DRAWN
def test_the_notice_names_title_date_and_contact_without_quotes_in_quotes(hall: Hall, town: Client) -> None:
    Survey.objects.update(title="示范县“三亮”专题行动第一轮评价")
    sitting = hall.sitting()
    text = documents.notice(sitting)
    assert "举行示范县“三亮”专题行动第一轮评价现场评价" in text
    assert "““" not in text
    assert "咨询电话：＿" in documents.notice(Sitting(**{**_columns_of(sitting), "inquiries": ""}))
    assert "咨询电话：0530-1。" in documents.notice(
        Sitting(**{**_columns_of(sitting), "inquiries": "0530-1"})
    )
    today = timezone.localdate()
    printed = documents.notices_html(sitting, list(sitting.invitations.select_related("entity")))
    assert f"{today.year}年{today.month}月{today.day}日" in printed.partition('class="from"')[2]


def _columns_of(sitting: Sitting) -> dict[str, object]:
    names = ("survey", "town", "number", "date", "begins", "place")
    return {name: getattr(sitting, name) for name in names}


@AT_WORK
def test_officials_read_no_words_of_the_program(hall: Hall, town: Client) -> None:
    sitting = hall.sitting()
    pages = [
        town.get(f"/office/sittings/{sitting.pk}/").content.decode(),
        documents.list_html(sitting, []),
        documents.minutes_html(sitting, today=timezone.localdate()),
    ]
    for page in pages:
        assert "种子" not in page
        assert "sanliang-draw" not in page
    assert sitting.seed in pages[2]  # whoever checks the list can still draw it again
