"""Tasks of departments and towns (任务; YC-R16)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from departments.access import own_department, own_town
from departments.models import Task, TaskProgress
from office import audit, roles
from office.errors import Refused
from office.models import User

DONE = 100


def limited(tasks: QuerySet[Task], user: User) -> QuerySet[Task]:
    """Return those of `tasks` a user may see: of the own department or town, or all."""
    department, town = own_department(user), own_town(user)
    if department is not None:
        return tasks.filter(department=department)
    return tasks if town is None else tasks.filter(town=town)


def tasks_of(user: User) -> QuerySet[Task]:
    return limited(Task.objects.select_related("department", "town"), user)


@transaction.atomic
def report_progress(*, task: Task, percent: int, note: str, acting_user: User, now: datetime) -> TaskProgress:
    """Report progress on a task; only its owner may, and 100 % completes it."""
    roles.require(acting_user, "task.report")
    found = tasks_of(acting_user).select_related(None).select_for_update().filter(pk=task.pk).first()
    if found is None:
        raise Refused("这不是您所在单位或镇（街）的任务", "请从“我的工作”中打开本单位的任务。")
    if not 0 <= percent <= DONE or not note.strip():
        raise Refused("没有填写 0 到 100 的进度和进展情况", "请填写后重新提交。")
    before = {"进度（%）": found.percent}
    found.percent = percent
    found.done_on = timezone.localdate(now) if percent == DONE else None
    found.save(update_fields=["percent", "done_on"])
    made = TaskProgress.objects.create(task=found, at=now, by=acting_user, percent=percent, note=note.strip())
    after = {"进度（%）": percent, "进展情况": made.note}
    audit.record("填报任务进展", found, acting_user=acting_user, before=before, after=after)
    return made
