"""The office's list of tasks: the centre sets them, their owners see their own (YC-R16)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.contrib import admin
from django.db.models import Count, F, Min, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from departments.models import Task, TaskProgress
from departments.tasks.services import DONE, limited, tasks_of
from office.calendar import days
from office.models import User
from office.roles import CENTRE, DEPARTMENT, Role
from office.workbench import start_page
from office.workbench.role_admin import RoleAdmin, RoleInline, without_icons

SOON = 3  # working days before the day it is due
MOST_SHOWN = 5


class StateFilter(admin.SimpleListFilter):
    title = "状态"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("late", "已逾期"), ("running", "办理中"), ("done", "已完成"), ("done_late", "逾期完成")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Task]) -> QuerySet[Task]:
        today = timezone.localdate()
        chosen = {
            "late": Q(done_on=None, due_on__lt=today),
            "running": Q(done_on=None, due_on__gte=today),
            "done": Q(done_on__isnull=False),
            "done_late": Q(done_on__gt=F("due_on")),
        }.get(self.value() or "")
        return queryset.filter(chosen) if chosen else queryset


class TaskProgressInline(RoleInline):
    """What the owner reported; nobody changes it here."""

    model = TaskProgress
    view_action = "task.view"
    fields = readonly_fields = ("at", "reporter", "percent", "note")
    can_delete = False

    @admin.display(description="填报人")
    def reporter(self, progress: TaskProgress) -> str:
        return str(progress.by)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("by")


@admin.register(Task)
class TaskAdmin(RoleAdmin):
    """Tasks with owner, dates and progress (任务; YC-R16)."""

    view_action, edit_action = "task.view", "task.edit"
    list_display = ("title", "owner_name", "starts_on", "due_on", "percent", "how_it_stands")
    list_select_related = ("department", "town")
    list_filter = (
        StateFilter,
        ("department", admin.RelatedOnlyFieldListFilter),
        ("town", admin.RelatedOnlyFieldListFilter),
    )
    search_fields = ("title", "department__name", "town__name")
    ordering = ("due_on", "id")
    fields = ("title", "detail", "department", "town", "starts_on", "due_on")
    inlines = (TaskProgressInline,)

    def limit(self, queryset: QuerySet[Any], user: User) -> QuerySet[Any]:
        return limited(queryset, user)

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        return without_icons(super().formfield_for_dbfield(db_field, request, **kwargs))

    @admin.display(description="责任单位或镇（街）", ordering="department__order")
    def owner_name(self, task: Task) -> str:
        return task.owner

    @admin.display(description="状态", ordering="done_on")
    def how_it_stands(self, task: Task) -> str:
        return task.state_in_words(timezone.localdate())


LIST = "admin:departments_task_changelist"
start_page.add_link(
    "任务",
    "查看任务",
    LIST,
    "task.view",
    hint="责任单位、期限、进度",
    words={"task.edit": "设置和查看任务", "task.report": "填报任务进展"},
)


@start_page.reminds(*DEPARTMENT, Role.TOWN_ORGANIZER)
def own_tasks(user: User) -> Iterator[start_page.Reminder | start_page.Panel]:
    """Remind of the owner's tasks that are late or due within three working days; show all running ones."""
    today = timezone.localdate()
    soon = days.calendar().step(today, SOON)
    running = list(tasks_of(user).filter(done_on=None, starts_on__lte=today))
    for task in running:
        if task.due_on <= soon:
            text = f"任务“{task.title}”：{task.state_in_words(today)}"
            note = f"进度 {task.percent}%。"
            yield start_page.Reminder(
                text, reverse("task", args=[task.pk]), note, task.due_on < today, until=task.due_on
            )
    if running:
        yield start_page.Panel("正在办理的任务", [_line(task, today) for task in running[:MOST_SHOWN]])


def _line(task: Task, today: date) -> start_page.Line:
    address = reverse("task", args=[task.pk])
    return start_page.Line(
        task.title, f"{task.percent}%", address, task.percent, DONE, task.state_in_words(today)
    )


@start_page.reminds(*CENTRE)
def late_tasks(user: User) -> Iterator[start_page.Reminder]:
    late = Task.objects.filter(done_on=None, due_on__lt=timezone.localdate())
    found = late.aggregate(count=Count("pk"), first=Min("due_on"))
    if count := found["count"]:
        address, note = f"{reverse(LIST)}?state=late", "查看责任单位和进度，督促办理。"
        yield start_page.Reminder(
            f"{count} 项任务逾期未完成", address, note, is_late=True, until=found["first"]
        )
