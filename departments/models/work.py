"""Where a user belongs, and what a department or a town has to do."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models

from departments.models.towns import Town
from departments.models.units import Department
from office import dates


class Membership(models.Model):
    """Where a user belongs (用户归属): a department's officer sees only that department."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, verbose_name="用户", on_delete=models.CASCADE, related_name="membership"
    )
    department = models.ForeignKey(
        Department,
        verbose_name="单位",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="memberships",
    )
    town = models.ForeignKey(
        Town,
        verbose_name="镇（街）",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="memberships",
    )

    class Meta:
        verbose_name = "用户归属"
        verbose_name_plural = "用户归属"

    def __str__(self) -> str:
        return f"{self.user} → {self.department or self.town or '—'}"


class Task(models.Model):
    """Something a department or a town has to do by a day (任务; YC-R16)."""

    title = models.CharField("任务", max_length=120)
    detail = models.TextField("要求", blank=True)
    department = models.ForeignKey(
        Department,
        verbose_name="责任单位",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="tasks",
    )
    town = models.ForeignKey(
        Town,
        verbose_name="责任镇（街）",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="tasks",
    )
    starts_on = models.DateField("开始日期")
    due_on = models.DateField("完成期限", db_index=True)
    percent = models.PositiveSmallIntegerField("进度（%）", default=0, editable=False)
    done_on = models.DateField("完成日期", null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "任务"
        verbose_name_plural = "任务"
        ordering: ClassVar = ["due_on", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(department__isnull=False, town__isnull=True)
                | models.Q(department__isnull=True, town__isnull=False),
                name="a_task_has_one_owner",
                violation_error_message="请在责任单位和责任镇（街）中选择一个，没有保存。",
            ),
            models.CheckConstraint(
                condition=models.Q(due_on__gte=models.F("starts_on")),
                name="a_task_is_due_after_its_start",
                violation_error_message="完成期限不能早于开始日期，没有保存。",
            ),
            models.CheckConstraint(condition=models.Q(percent__lte=100), name="a_task_is_done_at_a_hundred"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def owner(self) -> str:
        return str(self.department or self.town)

    def state_in_words(self, today: date) -> str:
        """Say in words whether it is done, late, or how many days are left."""
        if self.done_on:
            late = "（逾期）" if self.done_on > self.due_on else ""
            return f"{dates.day(self.done_on)}完成{late}"
        days = (self.due_on - today).days
        if days < 0:
            return f"已逾期 {-days} 天"
        if today < self.starts_on:
            return "尚未开始"
        return "今天到期" if days == 0 else f"还有 {days} 天"


class TaskProgress(models.Model):
    """What its owner reported about a task on one day (任务进展; YC-R16); never changed afterwards."""

    task = models.ForeignKey(Task, verbose_name="任务", on_delete=models.CASCADE, related_name="progress")
    at = models.DateTimeField("填报时间")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="填报人", on_delete=models.PROTECT, related_name="+"
    )
    percent = models.PositiveSmallIntegerField("进度（%）")
    note = models.TextField("进展情况")

    class Meta:
        verbose_name = "任务进展"
        verbose_name_plural = "任务进展"
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.task} {self.percent}%"
