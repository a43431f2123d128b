"""The clocks of a matter as they were promised: start, stops, limit, and what the limit rests on."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models

from casework.models.matters import Assignment, Matter
from office import dates


class Clock(models.Model):
    """One running limit (时限) of a matter or of one of its assignments.

    What was promised stays: editing the calendar moves it only while it is provisional. `due_at` is the
    last minute that is in time (23:59 where a day ends at 24:00); None while the clock is stopped.
    `asked_at` is set while an extension waits for its decision; `follow_at` is when the beat job must look
    at it next, and nothing that is shown depends on it.
    """

    class State(models.TextChoices):
        RUNNING = "running", "计时中"
        STOPPED = "stopped", "停计"
        MET = "met", "已完成"
        VOID = "void", "不再计时"

    matter = models.ForeignKey(Matter, verbose_name="事项", on_delete=models.PROTECT, related_name="clocks")
    assignment = models.ForeignKey(
        Assignment,
        verbose_name="交办",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="clocks",
    )
    cycle = models.PositiveIntegerField("第几次办理", default=0)
    rule = models.CharField("时限规则", max_length=64)
    label = models.CharField("时限", max_length=40)
    state = models.CharField("状态", max_length=16, choices=State, default=State.RUNNING)
    event = models.CharField("起算事件", max_length=40)
    began_at = models.DateTimeField("起算时间")
    count = models.PositiveIntegerField("数量")
    unit = models.CharField("单位", max_length=16)
    ends = models.CharField("截止于", max_length=16)
    pauses = models.JSONField("停计期间", default=list, blank=True)
    due_at = models.DateTimeField("截止时间", null=True, blank=True)
    why = models.CharField("说明", max_length=400)
    is_provisional = models.BooleanField("待节假日安排确定", default=False)
    rests_on = models.JSONField("依据", default=dict, blank=True)
    met_at = models.DateTimeField("完成时间", null=True, blank=True)
    is_late = models.BooleanField("逾期", null=True, blank=True)
    extended = models.PositiveIntegerField("延期次数", default=0)
    first_due_at = models.DateTimeField("原截止时间", null=True, blank=True)
    asked_at = models.DateTimeField("申请延期时间", null=True, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="申请延期人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    asked_reason = models.CharField("申请延期理由", max_length=500, blank=True)
    reminded = models.PositiveIntegerField("已提醒至（%）", default=0)
    followed = models.JSONField("逾期后已做", default=list, blank=True)
    follow_at = models.DateTimeField("下次查看时间", null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "时限"
        verbose_name_plural = "时限"
        ordering: ClassVar = ["due_at", "id"]
        indexes: ClassVar = [
            models.Index(fields=["state", "due_at"], name="clocks_by_end"),
            models.Index(
                fields=["matter", "due_at"],
                condition=models.Q(state="running"),
                name="running_clocks_of_a_matter",
            ),
            models.Index(fields=["rule", "due_at"], name="clocks_of_a_month"),
            models.Index(fields=["is_provisional", "state"], name="clocks_that_wait_for_a_year"),
            models.Index(
                fields=["follow_at"], condition=models.Q(state="running"), name="clocks_to_look_at_next"
            ),
            models.Index(
                fields=["asked_at"], condition=models.Q(asked_at__isnull=False), name="clocks_asked_to_extend"
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["matter", "rule"],
                condition=models.Q(state__in=["running", "stopped"], assignment__isnull=True),
                name="a_clock_of_a_matter_runs_once",
            ),
            models.UniqueConstraint(
                fields=["assignment", "rule"],
                condition=models.Q(state__in=["running", "stopped"], assignment__isnull=False),
                name="a_clock_of_an_assignment_runs_once",
            ),
            models.CheckConstraint(
                condition=models.Q(due_at__isnull=False) | ~models.Q(state="running"),
                name="a_running_clock_has_an_end",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.matter.number} {self.label}"

    def is_over(self, now: datetime) -> bool:
        """Whether it ran out while it was running; the closing minute is in time."""
        return self.state == self.State.RUNNING and self.is_late_at(now)

    def is_late_at(self, moment: datetime) -> bool:
        return self.due_at is not None and moment.replace(second=0, microsecond=0) > self.due_at

    @property
    def due_in_words(self) -> str:
        """Say when it ends; a citizen's day ends at 24:00."""
        if self.due_at is None:
            return "停计中" if self.state == self.State.STOPPED else ""
        return f"{dates.day(self.due_at)} 24:00" if self.ends == "citizen" else dates.moment(self.due_at)


class Stop(models.Model):
    """A notice to supplement (补正通知) that stops the clocks which allow it, until the answer."""

    matter = models.ForeignKey(Matter, verbose_name="事项", on_delete=models.PROTECT, related_name="stops")
    first = models.DateField("通知日期")
    last = models.DateField("补正日期", null=True, blank=True)
    what = models.CharField("须补正的内容", max_length=500)
    due_at = models.DateTimeField("补正期限", null=True, blank=True)

    class Meta:
        verbose_name = "补正通知"
        verbose_name_plural = "补正通知"
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [
            models.Index(
                fields=["due_at"], condition=models.Q(last__isnull=True), name="stops_that_wait_for_an_answer"
            )
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(last__isnull=True) | models.Q(last__gte=models.F("first")),
                name="a_stop_ends_after_it_began",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.matter.number} 补正"
