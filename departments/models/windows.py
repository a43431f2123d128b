"""Halls and the service windows in them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from departments.models.towns import Town
from departments.models.units import Department


class Hall(models.Model):
    """A service hall (政务服务大厅): where windows stand, and when they are open."""

    name = models.CharField("大厅名称", max_length=60, unique=True)
    town = models.ForeignKey(
        Town,
        verbose_name="镇（街）",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="halls",
        help_text="镇（街）便民服务中心填写。",
    )
    address = models.CharField("地址", max_length=120, blank=True)
    hours = models.CharField("办公时间", max_length=120, blank=True, help_text="例如：工作日9:00—17:00。")
    order = models.PositiveIntegerField("顺序", default=0)

    class Meta:
        verbose_name = "办事大厅"
        verbose_name_plural = "办事大厅"
        ordering: ClassVar = ["order", "id"]

    def __str__(self) -> str:
        return self.name


class Window(models.Model):
    """A service window of a hall (服务窗口; WY-R9); as one who is judged it is a unit, its `unit`."""

    department = models.ForeignKey(
        Department, verbose_name="进驻单位", on_delete=models.PROTECT, related_name="windows"
    )
    hall = models.ForeignKey(Hall, verbose_name="办事大厅", on_delete=models.PROTECT, related_name="windows")
    number = models.CharField("窗口号", max_length=12)
    name = models.CharField("窗口名称", max_length=40, help_text="例如：不动产登记。")
    matters = models.TextField("办理事项", blank=True, help_text="每行一项。")
    is_active = models.BooleanField("在用", default=True, help_text="撤销的窗口取消勾选，不再列入评价。")
    unit = models.OneToOneField(
        Department, verbose_name="参评单位", on_delete=models.PROTECT, related_name="window", editable=False
    )

    class Meta:
        verbose_name = "服务窗口"
        verbose_name_plural = "服务窗口"
        ordering: ClassVar = ["hall__order", "hall_id", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["hall", "number"],
                name="a_hall_numbers_a_window_once",
                violation_error_message="该大厅已有这一窗口号，没有保存。请核对。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.hall}{window_title(self.number)}（{self.name}）"


def window_title(number: str) -> str:
    """Return the number of a window as people say it: `3号窗口`, `A12号窗口`, `综合窗口`."""
    return number if number.endswith("窗口") else f"{number.removesuffix('号')}号窗口"
