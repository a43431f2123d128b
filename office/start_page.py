"""Reminders about the system itself: failed jobs, the backup, a year without its calendar."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from office.models import AuditEntry, Holiday, Job, User
from office.roles import CENTRE, Role
from office.workbench import start_page

NOVEMBER = 11
BACKUP_OUT_OF_DATE = timedelta(days=2)  # one a day, and a day's grace


@start_page.reminds(*CENTRE, Role.ADMINISTRATOR)
def failed_jobs(user: User) -> Iterator[start_page.Reminder]:
    if count := Job.objects.filter(state=Job.State.FAILED).count():
        address = f"{reverse('admin:office_job_changelist')}?state__exact={Job.State.FAILED}"
        yield start_page.Reminder(f"{count} 个后台任务未完成", address, "查看原因后重新运行。", is_late=True)


@start_page.reminds(Role.ADMINISTRATOR)
def last_backup(user: User) -> Iterator[start_page.Reminder | start_page.Panel]:
    last = AuditEntry.objects.filter(object_type="系统", object_id="", verb="备份").first()
    manual = reverse("admin:manual", args=["administrator"])
    if last is None or timezone.now() - last.at > BACKUP_OUT_OF_DATE:
        text = "最近两天没有备份数据" if last else "还没有备份过数据"
        note = "备份在服务器上办理，请部署人员设置每日自动备份。"
        yield start_page.Reminder(text, manual, note, is_late=last is not None)
    said = f"{timezone.localtime(last.at):%Y年%-m月%-d日 %H:%M}" if last else "尚无"
    yield start_page.Panel("系统运行", [start_page.Line("最近一次备份", said, manual)])


@start_page.reminds(*CENTRE)
def missing_calendar(user: User) -> Iterator[start_page.Reminder]:
    """Remind of this year's missing holidays, from November on also of next year's."""
    today = timezone.localdate()
    wanted = [today.year, *([today.year + 1] if today.month >= NOVEMBER else [])]
    there = {day.year for day in Holiday.objects.filter(day__year__in=wanted).dates("day", "year")}
    for year in wanted:
        if year not in there:
            note = "推算申诉期等工作日期限需要国务院公布的安排。"
            yield start_page.Reminder(f"录入{year}年的节假日安排", reverse("admin:import-holidays"), note)
