"""What is served inside stands on the unit's start page until somebody of the unit signs for it."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.fixtures import Settings

from departments.kinds import UnitKind
from departments.models import Department, Membership, Notice, Nudge, Town
from departments.notices import outgoing, services
from departments.notices.services import Letter, send_notice, send_notices, sign_for, take_back_notices
from office.errors import Refused
from office.jobs import services as jobs
from office.models import AuditEntry, Job, User
from office.roles import Role
from tests.kit.outside import MailServer, Messenger, at_work, with_unknown_certificate
from tests.kit.people import person, signed_in
from tests.kit.publishing import run_waiting_jobs

pytestmark = pytest.mark.django_db
LIST = "/office/departments/notice/"
CONTENT = "第三季度评定为不合格"


def words(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return re.sub(r"\|+", "|", re.sub(r"\s+", "", re.sub(r"<[^>]+>", "|", answer.content.decode())))


class Office:
    """Two units, a window of the first, a town that is a unit, and the desks of each."""

    def __init__(self) -> None:
        self.now = timezone.now()
        self.today = timezone.localdate()
        self.unit, self.other = (Department.objects.create(name=name) for name in ("县甲局", "县乙局"))
        self.window = Department.objects.create(name="甲窗口", kind=UnitKind.WINDOW, parent=self.unit)
        self.town = Town.objects.create(name="东门街道")
        self.of_town = Department.objects.create(name="东门", kind=UnitKind.TOWN, town=self.town)
        self.centre = signed_in(Role.CENTRE_OPERATOR)
        self.officer = signed_in(Role.DEPARTMENT_OFFICER, self.unit)
        self.stranger = signed_in(Role.DEPARTMENT_OFFICER, self.other, username="stranger")
        self.organizer = signed_in(Role.TOWN_ORGANIZER, town=self.town)

    @property
    def operator(self) -> User:
        return User.objects.get(username=Role.CENTRE_OPERATOR)

    def of(self, unit: Department) -> User:
        return User.objects.filter(membership__department=unit).earliest("pk")

    def letter(self, unit: Department | None = None, key: str = "1", **more: Any) -> Letter:
        told = {"kind": "黄牌警示通知书", "subject": CONTENT, "url": "/office/own/", **more}
        return Letter("of nobody", key, department=None if "user" in more else (unit or self.unit).pk, **told)

    def send(self, unit: Department | None = None, key: str = "1", **more: Any) -> Notice:
        return send_notice(letter=self.letter(unit, key, **more), now=self.now, acting_user=self.operator)


@pytest.fixture
def office() -> Office:
    return Office()


def test_a_unit_signs_on_its_start_page_for_what_was_served(office: Office) -> None:
    notice = office.send(due_on=office.today)
    assert "待签收：黄牌警示通知书：第三季度评定为不合格" in words(office.officer, "/office/")
    assert "待签收：" not in words(office.stranger, "/office/") + words(office.centre, "/office/")
    address = re.search(
        rf'action="(/office/notices/{notice.pk}/sign/)"', office.officer.get("/office/").content.decode()
    )
    assert address
    assert "已签收：" in office.officer.post(address[1], follow=True).content.decode()
    notice.refresh_from_db()
    assert notice.received_by == User.objects.get(username=Role.DEPARTMENT_OFFICER)
    assert "待签收" not in words(office.officer, "/office/")
    assert "department_officer" in words(office.centre, f"{LIST}?state=received")
    assert AuditEntry.objects.get(verb="签收通知").after == {"送达": "县甲局"}
    first = notice.received_at
    sign_for(notice=notice, now=office.now + timedelta(days=1), acting_user=office.of(office.unit))
    notice.refresh_from_db()
    assert notice.received_at == first, "the first receipt counts"


def test_nobody_signs_for_another_unit(office: Office) -> None:
    notice = office.send()
    for client in (office.stranger, office.centre, office.organizer):
        assert client.post(f"/office/notices/{notice.pk}/sign/").status_code == 404
    for client in (office.stranger, office.organizer):
        assert client.get(f"/office/notices/{notice.pk}/").status_code == 404
        assert CONTENT not in words(client, LIST)
    with pytest.raises(Refused, match="不是送达您或者您所在单位的通知"):
        sign_for(notice=notice, now=office.now, acting_user=User.objects.get(username="stranger"))
    notice.refresh_from_db()
    assert notice.received_at is None


def test_a_window_is_its_departments_and_a_town_its_organizers(office: Office) -> None:
    for_window, for_town = office.send(office.window), office.send(office.of_town, "2")
    for_one = office.send(key="3", user=User.objects.get(username="stranger").pk)
    for client, notice in (
        (office.officer, for_window),
        (office.organizer, for_town),
        (office.stranger, for_one),
    ):
        client.post(f"/office/notices/{notice.pk}/sign/")
        notice.refresh_from_db()
        assert notice.received_at


def test_what_nobody_signed_for_in_time_is_late_for_both_sides(office: Office) -> None:
    office.send(due_on=office.today)
    assert "逾期未签收" not in words(office.centre, "/office/")
    Notice.objects.update(due_on=office.today - timedelta(days=2))
    assert "逾期2天未签收" in words(office.officer, "/office/")
    assert "1件通知逾期未签收" in words(office.centre, "/office/")
    assert "县甲局" in words(office.centre, f"{LIST}?state=late&department__id__exact={office.unit.pk}")
    taken = take_back_notices(source="of nobody", source_key="1", now=office.now, acting_user=office.operator)
    assert taken == 1
    assert "未签收" not in words(office.officer, "/office/") + words(office.centre, "/office/")
    with pytest.raises(Refused, match="已经收回"):
        sign_for(notice=Notice.objects.get(), now=office.now, acting_user=office.of(office.unit))


def test_the_sender_learns_of_the_receipt_in_the_same_transaction(office: Office) -> None:
    told: list[tuple[str, str]] = []

    @services.learns_of_receipts("of this test")
    def learn(notice: Notice, now: datetime, acting_user: User) -> None:
        if notice.source_key == "fails":
            raise Refused("本事项已经撤销")
        told.append((notice.source_key, acting_user.username))

    try:
        for key in ("7", "fails"):
            letter = Letter("of this test", key, "送达回证", "事由", department=office.unit.pk)
            notice = send_notice(letter=letter, now=office.now, acting_user=office.operator)
            office.officer.post(f"/office/notices/{notice.pk}/sign/")
    finally:
        services.forget("of this test")
    assert told == [("7", "department_officer")]
    assert Notice.objects.get(source_key="fails").received_at is None


def test_only_a_sender_sends_and_only_to_somebody(office: Office) -> None:
    officer = User.objects.get(username=Role.DEPARTMENT_OFFICER)
    for letter, user, why in (
        (office.letter(), officer, "没有这项操作的权限"),
        (Letter("x", "1", "k", "s"), office.operator, "没有写明送达单位或者用户"),
        (Letter("x", "1", "k", "s", department=10**6), office.operator, "不存在"),
        (office.letter(url="https://elsewhere.example/"), office.operator, "不在本系统内"),
    ):
        with pytest.raises(Refused, match=why):
            send_notice(letter=letter, now=office.now, acting_user=user)
    assert not Notice.objects.exists()


class Killed(BaseException):
    """As when the worker is killed."""


@pytest.mark.both_databases
def test_a_thousand_notices_are_one_job_that_sends_none_twice(office: Office) -> None:
    units = Department.objects.bulk_create(Department(name=f"单位{number}") for number in range(1000))
    letters = [office.letter(unit) for unit in units]
    job = send_notices(letters=letters, now=office.now, acting_user=office.operator)
    assert not Notice.objects.exists()
    taken = jobs.take(job.pk)
    assert taken
    seen: list[tuple[int, int]] = []

    def die_halfway(done: int, total: int, message: str) -> None:
        seen.append((done, total))
        if done == 500:
            raise Killed

    with pytest.raises(Killed):
        jobs.carry_out(taken, jobs.Progress(job.pk, taken.attempts, die_halfway))
    assert seen[-1] == (500, 1000)
    assert Notice.objects.count() == 500
    jobs.give_back(taken)
    with CaptureQueriesContext(connection) as asked:
        run_waiting_jobs()
    job.refresh_from_db()
    assert (job.state, job.done, job.total, job.outcome) == (Job.State.DONE, 1000, 1000, {"sent": 1000})
    assert Notice.objects.count() == Notice.objects.values("department").distinct().count() == 1000
    assert len(asked) < 100, "a batch is one statement, not a hundred"
    office.send(units[0])
    assert Notice.objects.count() == 1000, "the same once more is the one that stands"


@pytest.mark.parametrize("url", [LIST, "/office/"])
def test_the_pages_of_notices_make_the_same_queries_at_any_length(office: Office, url: str) -> None:
    def count(client: Client) -> int:
        client.get(url)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(url).status_code == 200
        return len(asked)

    office.send(due_on=office.today - timedelta(days=1))
    small = count(office.officer), count(office.centre)
    for number in range(20):
        office.send(key=f"more {number}", due_on=office.today)
    assert (count(office.officer), count(office.centre)) == small


# --- Outside ------------------------------------------------------------------------------------


@pytest.fixture
def mail_server(settings: Settings) -> Any:
    with at_work(MailServer()) as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.EMAIL_USE_SSL = settings.EMAIL_USE_TLS = False
        settings.DEFAULT_FROM_EMAIL = "sanliang@county.example"
        settings.NOTICE_MAIL = True
        yield server


def later(minutes: int) -> None:
    """Let so much time go by for everything that waits or was sent."""
    span = timedelta(minutes=minutes)
    for one in Nudge.objects.all():
        sent_at = one.sent_at and one.sent_at - span
        Nudge.objects.filter(pk=one.pk).update(due_at=one.due_at - span, sent_at=sent_at)


def nudge() -> None:
    outgoing.start(now=timezone.now())
    run_waiting_jobs()


def test_nothing_goes_outside_unless_it_is_turned_on(office: Office, settings: Settings) -> None:
    assert not settings.NOTICE_MAIL
    assert not settings.NOTICE_WEBHOOK
    office.send()
    nudge()
    assert not Nudge.objects.exists()
    assert not Job.objects.exists()


def test_mail_says_that_something_waits_and_never_what(office: Office, mail_server: MailServer) -> None:
    User.objects.filter(username="department_officer").update(email="officer@county.example")
    User.objects.filter(username="stranger").update(email="stranger@county.example")
    office.send()
    nudge()
    [mail] = mail_server.taken
    assert mail["To"] == "officer@county.example"
    assert mail.get_content().strip() == "您有一项待办，请登录系统查看：http://127.0.0.1:8000/office/login/"
    assert CONTENT not in mail.as_string() + str(mail["Subject"])


def test_one_mail_an_hour_stands_for_all_that_came(office: Office, mail_server: MailServer) -> None:
    User.objects.filter(username="department_officer").update(email="officer@county.example")
    office.send(key="1")
    office.send(key="2")
    nudge()
    office.send(key="3")
    office.send(key="4")
    later(58)
    nudge()
    assert len(mail_server.taken) == 1
    later(5)
    nudge()
    assert len(mail_server.taken) == 2
    later(120)
    nudge()
    assert len(mail_server.taken) == 2


def test_what_was_not_taken_is_tried_later_and_later_and_then_told(
    office: Office, mail_server: MailServer
) -> None:
    User.objects.filter(username="department_officer").update(email="officer@county.example")
    mail_server.refuses = True
    administrator = signed_in(Role.ADMINISTRATOR)
    notice = office.send()
    assert notice.pk, "the act does not wait for the mail"
    waits = []
    for _ in range(outgoing.MOST_TRIES):
        nudge()
        one = Nudge.objects.get()
        waits.append(round((one.due_at - timezone.now()).total_seconds() / 60))
        nudge()  # not before its time
        later(waits[-1] + 1)
    assert waits == [5, 10, 20, 40, 80, 160]
    assert (one.state, one.tries) == (Nudge.State.FAILED, 6)
    assert "550" in one.fault
    assert "1条外发提醒没有送出" in words(administrator, "/office/")
    assert "550" in words(administrator, "/office/departments/nudge/")
    mail_server.refuses = False
    office.send(key="2")
    nudge()
    assert len(mail_server.taken) == 1


def test_a_mail_server_that_is_away_holds_nothing_up(office: Office, settings: Settings) -> None:
    with at_work(MailServer()) as gone:
        port = gone.port
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.NOTICE_MAIL, settings.EMAIL_HOST, settings.EMAIL_PORT = True, "127.0.0.1", port
    settings.EMAIL_USE_SSL = settings.EMAIL_USE_TLS = False
    for number in range(3):
        user = User.objects.create_user(
            f"more-{number}", role=Role.DEPARTMENT_OFFICER, email=f"{number}@a.example"
        )
        Membership.objects.create(user=user, department=office.unit)
    office.send()
    nudge()
    faults = set(Nudge.objects.values_list("state", "tries"))
    assert faults == {(Nudge.State.WAITING, 1)}
    assert all("refused" in one.fault for one in Nudge.objects.all())


def test_the_messenger_gets_one_line_and_is_believed_only_where_it_says_yes(
    office: Office, settings: Settings
) -> None:
    with at_work(Messenger()) as messenger:
        settings.NOTICE_WEBHOOK = messenger.address()
        messenger.answer = (200, b'{"errcode":93000,"errmsg":"invalid webhook url"}')
        office.send(key="1")
        office.send(office.other, "2")
        nudge()
        one = Nudge.objects.get()
        assert (one.state, one.tries) == (Nudge.State.WAITING, 1)
        messenger.answer = (302, b"")
        later(6)
        nudge()
        assert Nudge.objects.get().tries == 2
        messenger.answer = (200, b'{"errcode":0}')
        later(11)
        nudge()
    assert Nudge.objects.get().state == Nudge.State.SENT
    assert len(messenger.taken) == 3
    assert messenger.taken[-1]["text"]["content"] == outgoing.text()
    assert CONTENT not in str(messenger.taken)


def test_a_certificate_nobody_vouches_for_is_refused(
    office: Office, settings: Settings, tmp_path: Path
) -> None:
    with at_work(with_unknown_certificate(Messenger(), tmp_path)) as messenger:
        settings.NOTICE_WEBHOOK = messenger.address("https")
        office.send()
        nudge()
    assert "CERTIFICATE_VERIFY_FAILED" in Nudge.objects.get().fault
    assert messenger.taken == []


def test_an_administrator_enters_where_mail_reaches_a_user() -> None:
    administrator = signed_in(Role.ADMINISTRATOR)
    user = person(Role.PAPER_CLERK)
    belongs = {f"membership-{name}_FORMS": 0 for name in ("TOTAL", "INITIAL")}
    data = {"username": user.username, "first_name": "", "role": user.role, "is_active": "on", **belongs}
    page = f"/office/office/user/{user.pk}/change/"
    assert "电子邮箱" in words(administrator, page)
    administrator.post(page, {**data, "email": "clerk@county.example"})
    user.refresh_from_db()
    assert user.email == "clerk@county.example"
