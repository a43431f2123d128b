"""Tickets: the right to one rating. Only keyed hashes are kept, of printed codes as of imported 办件编号."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from departments.models import Department, Hall, Window
from surveys.fields import RandomKey


class TicketBatch(models.Model):
    """Tickets printed for a hall, or 办件编号 taken over from a unit's list (评价票批次).

    `used` is counted at night, of printed ones alone: a live number would tell one customer's hour.
    """

    class Kind(models.TextChoices):
        ROLL = "roll", "印制的评价码"
        CASES = "cases", "导入的办件编号"
        PROVINCE = "province", "省“好差评”已评的办件编号"

    rules_id = models.CharField("评价办法", max_length=64)
    kind = models.CharField("类别", max_length=16, choices=Kind)
    hall = models.ForeignKey(
        Hall, verbose_name="办事大厅", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    size = models.PositiveIntegerField("张数")
    used = models.PositiveIntegerField("已用（夜间统计）", default=0)
    made_on = models.DateField("制作日期")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="制作人", on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "评价票批次"
        verbose_name_plural = "评价票批次"
        ordering: ClassVar = ["-made_on", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(size__gte=1), name="a_batch_of_tickets_is_not_empty")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.size}张"


class Ticket(models.Model):
    """The right to one rating (评价票): a hash, a last day, and whether it was used.

    Nothing leads from it to the rating. `sent_mark` lets the same form, sent twice, be answered twice; it is
    forgotten after a day. A printed one is good in its hall, one of a case at the unit that did it.
    """

    id = RandomKey()
    batch = models.ForeignKey(
        TicketBatch, verbose_name="批次", on_delete=models.CASCADE, related_name="tickets"
    )
    mark = models.CharField("票号摘要", max_length=64, unique=True)
    unit = models.ForeignKey(
        Department,
        verbose_name="办理单位",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    last_day = models.DateField("有效至")
    is_used = models.BooleanField("已评价", default=False)
    sent_mark = models.CharField("提交摘要", max_length=64, blank=True)

    class Meta:
        verbose_name = "评价票"
        verbose_name_plural = "评价票"

    def __str__(self) -> str:
        return "已评价" if self.is_used else "未评价"


class Served(models.Model):
    """How many were served at a window on a day (当日办件量), as the queue machine or the office counts."""

    window = models.ForeignKey(Window, verbose_name="窗口", on_delete=models.PROTECT, related_name="served")
    day = models.DateField("日期")
    number = models.PositiveIntegerField("办件量")
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="填报人", on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "办件量"
        verbose_name_plural = "办件量"
        ordering: ClassVar = ["-day", "window_id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["window", "day"], name="a_window_has_one_number_of_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.window} {self.day} {self.number}件"
