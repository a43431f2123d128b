"""Tell outside that the machine needs somebody: failed jobs, a silent worker, a full disk, no backup.

What is sent says what is wrong and how many, and nothing about anybody. Whoever looks first claims a kind of
fault for its span, by the database's clock, so that several hosts and processes send one message.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone

from departments.notices import messenger
from office.jobs import services as jobs
from office.models import AuditEntry, Job, TimedRun
from office.start_page import BACKUP_OUT_OF_DATE

AN_HOUR, A_DAY = timedelta(hours=1), timedelta(days=1)
SUBJECT = "系统告警"
MEGABYTE = 1024 * 1024

logger = logging.getLogger(__name__)


def _failed_jobs(told: datetime | None) -> str:
    """Only those that failed since the last message: an old one is no news."""
    since = max(told or timezone.now() - A_DAY, timezone.now() - A_DAY)
    count = Job.objects.filter(state=Job.State.FAILED, finished_at__gt=since).count()
    return f"{count}个后台任务未完成，请查看原因后重新运行。" if count else ""


def _silent_worker(told: datetime | None) -> str:
    still = jobs.condition().is_standing_still
    return "后台任务进程没有运行，导入、生成页面、存证等都在等待。" if still else ""


def _full_disk(told: datetime | None) -> str:
    try:
        free = shutil.disk_usage(settings.DATA_DIR).free // MEGABYTE
    except OSError:
        return "数据文件夹不能使用，请检查磁盘。"
    return f"服务器磁盘空间不足，剩余{free}MB。" if free < settings.DISK_LOW_MB else ""


def _no_backup(told: datetime | None) -> str:
    """A house of yesterday has none yet, and is not told so."""
    entries = AuditEntry.objects.order_by("pk")
    last = entries.filter(object_type="系统", object_id="", verb="备份").last() or entries.first()
    overdue = last is not None and timezone.now() - last.at > BACKUP_OUT_OF_DATE
    return "最近一天没有备份数据，请检查自动备份。" if overdue else ""


Look = Callable[[datetime | None], str]
KINDS: dict[str, tuple[Look, timedelta]] = {
    "jobs": (_failed_jobs, AN_HOUR),
    "worker": (_silent_worker, AN_HOUR),
    "disk": (_full_disk, AN_HOUR),
    "backup": (_no_backup, A_DAY),
}


def look(kinds: Collection[str] = KINDS.keys()) -> list[str]:
    """Look for faults of these kinds and tell each that is due; return the kinds that were told."""
    return [kind for kind in kinds if _look(kind)] if settings.ALARMS else []


def _look(kind: str) -> bool:
    find, span = KINDS[kind]
    told = TimedRun.objects.filter(name=_name(kind)).values_list("at", flat=True).first()
    words = find(told)
    if not (words and _claim(kind, span)):
        return False
    if _tell(words):
        return True
    TimedRun.objects.filter(name=_name(kind)).delete()  # nobody heard it: again at the next look
    return False


def _name(kind: str) -> str:
    return f"alarm.{kind}"


def _claim(kind: str, span: timedelta) -> bool:
    """Take the span for this message; False where somebody has."""
    one, is_first = TimedRun.objects.get_or_create(name=_name(kind))
    taken = TimedRun.objects.filter(pk=one.pk, at__lte=jobs.after(-span)).update(at=Now())
    return is_first or bool(taken)


def text(words: str) -> str:
    return (
        f"{settings.COUNTY_NAME}三亮系统：{words}请登录处理：{settings.PUBLIC_ORIGIN}{reverse('admin:login')}"
    )


def _tell(words: str) -> bool:
    """Tell it by every way that is configured; True where one of them took it."""
    ways: dict[str, Callable[[str], object]] = {}
    if settings.ALARM_MAIL and settings.EMAIL_HOST:
        ways["mail"] = _mail
    if settings.ALARM_WEBHOOK:
        ways["webhook"] = _post
    taken = False
    for name, way in ways.items():
        try:
            way(text(words))
        except (OSError, ValueError) as error:  # smtplib's faults are OSErrors
            logger.warning("an alarm was not taken by the %s: %s", name, type(error).__name__)
        else:
            taken = True
    return taken


def _mail(words: str) -> None:
    post = get_connection(timeout=settings.EMAIL_TIMEOUT)
    EmailMessage(SUBJECT, words, to=settings.ALARM_MAIL, connection=post).send()


def _post(words: str) -> None:
    messenger.post(settings.ALARM_WEBHOOK, words, timeout=settings.EMAIL_TIMEOUT)
