"""Somebody outside is told that the machine needs them: once an hour for each kind, nothing of persons."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, NamedTuple

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from config import watching
from departments.notices import alarms
from departments.notices.jobs import look_for_alarms
from office import audit
from office.jobs import services as jobs
from office.models import AuditEntry, Job, TimedRun
from office.roles import Role
from tests.kit.outside import MailServer, Messenger, at_work
from tests.kit.people import person

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]
LINK = "请登录处理：http://127.0.0.1:8000/office/login/"
FAILED = f"示范县三亮系统：1个后台任务未完成，请查看原因后重新运行。{LINK}"


class Outside(NamedTuple):
    mail: MailServer
    messenger: Messenger

    def heard(self) -> list[str]:
        mails = [one.get_content().strip() for one in self.mail.taken]
        assert mails == [one["text"]["content"] for one in self.messenger.taken], "both ways tell the same"
        return mails


@pytest.fixture
def outside(settings: Settings) -> Iterator[Outside]:
    with at_work(MailServer()) as mail, at_work(Messenger()) as messenger:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", mail.port
        settings.EMAIL_USE_SSL = settings.EMAIL_USE_TLS = False
        settings.DEFAULT_FROM_EMAIL = "sanliang@county.example"
        settings.ALARM_MAIL = ["a@county.example", "b@county.example"]
        settings.ALARM_WEBHOOK, settings.ALARMS = messenger.address(), True
        settings.COUNTY_NAME, settings.DISK_LOW_MB = "示范县", 0
        jobs.sweep()
        yield Outside(mail, messenger)


def fail(message: str = "张三的数据有误") -> None:
    job = Job.objects.create(kind="notices.send", state=Job.State.RUNNING, attempts=1)
    jobs.finish(job, Job.State.FAILED, message=message)


def later(**span: Any) -> None:
    for one in TimedRun.objects.exclude(name=jobs.SWEEP):
        TimedRun.objects.filter(pk=one.pk).update(at=one.at - timedelta(**span))


def test_while_all_is_well_nobody_is_told(outside: Outside) -> None:
    look_for_alarms()
    assert outside.heard() == []


def test_failed_jobs_are_told_by_mail_and_messenger_without_what_they_say(outside: Outside) -> None:
    fail()
    look_for_alarms()
    assert outside.heard() == [FAILED]
    assert outside.mail.taken[0]["To"] == "a@county.example, b@county.example"
    assert str(outside.mail.taken[0]["Subject"]) == "系统告警"


def test_at_most_once_an_hour_for_each_kind(outside: Outside, settings: Settings) -> None:
    fail()
    look_for_alarms()
    fail()
    later(minutes=59)
    look_for_alarms()
    assert outside.heard() == [FAILED]
    later(minutes=2)
    look_for_alarms()
    assert len(outside.heard()) == 2
    later(minutes=61)
    Job.objects.update(finished_at=timezone.now() - timedelta(minutes=90))
    look_for_alarms()
    assert len(outside.heard()) == 2, "what was told is no news"
    settings.DISK_LOW_MB = 10**9
    assert alarms.look() == ["disk"], "another kind does not wait"


def test_a_silent_worker_is_told_by_the_web_processes(outside: Outside) -> None:
    assert watching.look() == []
    TimedRun.objects.filter(name=jobs.SWEEP).update(at=timezone.now() - timedelta(seconds=121))
    assert watching.look() == ["worker"]
    assert watching.look() == [], "another process, the same hour"
    assert outside.heard() == [
        f"示范县三亮系统：后台任务进程没有运行，导入、生成页面、存证等都在等待。{LINK}"
    ]


def test_a_disk_that_fills_is_told(outside: Outside, settings: Settings) -> None:
    free = shutil.disk_usage(settings.DATA_DIR).free // 1024 // 1024
    settings.DISK_LOW_MB = free // 2
    look_for_alarms()
    assert outside.heard() == []
    settings.DISK_LOW_MB = free * 2
    look_for_alarms()
    assert "服务器磁盘空间不足，剩余" in outside.heard()[0]


def test_an_overdue_backup_is_told_once_a_day(outside: Outside) -> None:
    def days_old(days: float) -> None:
        at = timezone.now() - timedelta(days=days)
        AuditEntry._base_manager.all()._raw_delete("default")
        AuditEntry(actor_name="系统", verb="备份", object_type="系统", at=at).save()

    days_old(1.05)
    look_for_alarms()
    assert outside.heard() == []
    days_old(1.1)
    look_for_alarms()
    later(hours=23)
    look_for_alarms()
    assert outside.heard() == [f"示范县三亮系统：最近一天没有备份数据，请检查自动备份。{LINK}"]
    later(hours=2)
    look_for_alarms()
    assert len(outside.heard()) == 2


def test_a_new_house_has_two_days_for_its_first_backup(outside: Outside) -> None:
    audit.record("登录", person(Role.ADMINISTRATOR), acting_user=None)
    look_for_alarms()
    assert outside.heard() == []


def test_what_nobody_took_is_told_again(outside: Outside) -> None:
    fail()
    outside.mail.refuses, outside.messenger.answer = True, (500, b"")
    assert alarms.look() == []
    outside.mail.refuses = False
    assert alarms.look() == ["jobs"], "one way is enough"
    assert len(outside.mail.taken) == 1


def test_nobody_is_told_unless_it_is_configured(settings: Settings, outside: Outside) -> None:
    fail()
    settings.ALARMS = False
    look_for_alarms()
    assert outside.heard() == []
    assert watching.start() is None
