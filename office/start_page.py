"""What waits in the system itself: failed jobs, the backup, accounts to confirm, a missing calendar."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from office import dates
from office.accounts import two_persons
from office.jobs import services as jobs
from office.models import AuditEntry, Holiday, Job, User
from office.roles import CENTRE, Role
from office.safekeeping import drills, elsewhere
from office.workbench import start_page

NOVEMBER = 11
BACKUP_OUT_OF_DATE = timedelta(hours=26)  # one a day, and the time that it takes
DRILL_OUT_OF_DATE = timedelta(days=90)


@start_page.reminds(*CENTRE, Role.ADMINISTRATOR)
def failed_jobs(user: User) -> Iterator[start_page.Reminder]:
    if count := Job.objects.filter(state=Job.State.FAILED).count():
        address = f"{reverse('admin:office_job_changelist')}?state__exact={Job.State.FAILED}"
        yield start_page.Reminder(f"{count} 个后台任务未完成", address, "查看原因后重新运行。", is_late=True)


@start_page.reminds(Role.ADMINISTRATOR)
def background_work(user: User) -> Iterator[start_page.Reminder | start_page.Panel]:
    """Show that the worker lives, and how long the oldest job has waited."""
    found, address = jobs.condition(), reverse("admin:office_job_changelist")
    if found.is_standing_still:
        note = "导入、生成页面、存证等都在等待。请部署人员检查后台进程（worker）是否在运行。"
        yield start_page.Reminder("后台任务进程没有运行", address, note, is_late=True)
    swept = "没有记录" if found.since_sweep is None else f"{_span(found.since_sweep)}前"
    lines = [start_page.Line("后台任务最近一次巡检", swept, address)]
    for label, seconds in (
        ("等待最久的任务", found.oldest_waiting),
        ("运行最久的任务", found.oldest_running),
    ):
        lines.append(start_page.Line(label, _span(seconds) if seconds else "无", address))
    yield start_page.Panel("后台任务", lines)


def _span(seconds: int) -> str:
    minutes, hours = seconds // 60, seconds // 3600
    return f"{hours}小时" if hours else f"{minutes}分钟" if minutes else f"{seconds}秒"


@start_page.reminds(Role.ADMINISTRATOR)
def last_backup(user: User) -> Iterator[start_page.Reminder | start_page.Panel]:
    """Say when data was last backed up, copied elsewhere and restored for trial."""
    manual = reverse("admin:manual", args=["administrator"])
    backup, copy, drill = (_last_done(verb) for verb in ("备份", elsewhere.VERB, drills.VERB))
    note = "备份在服务器上办理，请部署人员查看每日自动备份。"
    if backup is None:
        yield start_page.Reminder("还没有备份过数据", manual, note)
    elif _is_older(backup, BACKUP_OUT_OF_DATE):
        yield start_page.Reminder("最近一天没有备份数据", manual, note, is_late=True)
    elif settings.BACKUP_COPY_DIR and _is_older(copy, BACKUP_OUT_OF_DATE):
        note = "备份只在本机，磁盘损坏时会一并丢失。请部署人员查看另存的磁盘或网络共享。"
        yield start_page.Reminder("最近一天的备份没有另存到其他磁盘", manual, note, is_late=True)
    if backup is not None and _is_older(drill, DRILL_OUT_OF_DATE):
        text = "90天内没有做过恢复演练" if drill else "还没有做过恢复演练"
        note = "没有试过恢复的备份不一定可用。请部署人员在服务器上办理恢复演练。"
        yield start_page.Reminder(text, manual, note, is_late=drill is not None)
    lines = [("最近一次备份", backup), ("最近一次恢复演练", drill)]
    if settings.BACKUP_COPY_DIR:
        lines.insert(1, ("最近一次备份另存", copy))
    said = [(label, dates.moment(at) if at else "尚无") for label, at in lines]
    yield start_page.Panel("系统运行", [start_page.Line(label, when, manual) for label, when in said])


def _last_done(verb: str) -> datetime | None:
    last = AuditEntry.objects.filter(object_type="系统", object_id="", verb=verb).first()
    return last.at if last else None


def _is_older(at: datetime | None, limit: timedelta) -> bool:
    return at is None or timezone.now() - at > limit


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


@start_page.reminds(Role.INSPECTORATE, Role.LEADING_GROUP)
def account_requests_wait(user: User) -> Iterator[start_page.Reminder]:
    if count := two_persons.waiting().exclude(user=user).count():
        note = "确认之前，系统管理员不能取得这些账户的密码。"
        yield start_page.Reminder(f"{count} 项账户申请待确认", reverse("admin:account-requests"), note)


start_page.add_link(
    "监督核查",
    "确认账户申请",
    "admin:account-requests",
    "account.confirm",
    hint="重设复核、领导小组、纪检监察、系统管理员账户的密码和动态口令，须由第二人确认",
)
