"""What of the machinery waits for somebody: failed jobs, a year without its calendar."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone

from office import desk
from office.models import Holiday, Job, User
from office.roles import CENTRE, Role

NOVEMBER = 11


@desk.waits(*CENTRE, Role.ADMINISTRATOR)
def failed_jobs(user: User) -> Iterator[desk.Waiting]:
    """Background work that stopped."""
    if count := Job.objects.filter(state=Job.State.FAILED).count():
        address = f"{reverse('admin:office_job_changelist')}?state__exact={Job.State.FAILED}"
        yield desk.Waiting(f"{count} 个后台任务未完成", address, "查看原因后重新运行。", is_late=True)


@desk.waits(*CENTRE)
def missing_calendar(user: User) -> Iterator[desk.Waiting]:
    """A year whose holidays nobody entered: this one, and from November on the next."""
    today = timezone.localdate()
    wanted = [today.year, *([today.year + 1] if today.month >= NOVEMBER else [])]
    there = {day.year for day in Holiday.objects.filter(day__year__in=wanted).dates("day", "year")}
    for year in wanted:
        if year not in there:
            note = "推算申诉期等工作日期限需要国务院公布的安排。"
            yield desk.Waiting(f"录入{year}年的节假日安排", reverse("admin:import-holidays"), note)
