"""What the system above says of a matter that it has too."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from casework.models.matters import Matter


class HigherRecord(models.Model):
    """A matter as the higher platform has it (上级平台记录): its own state and closing day, no more.

    Only an import writes here; what this house does with the matter stays the matter's.
    """

    matter = models.OneToOneField(
        Matter, verbose_name="事项", on_delete=models.PROTECT, related_name="higher"
    )
    channel = models.CharField("来源", max_length=32)
    brought_it = models.BooleanField("由导入登记", default=False)
    state = models.CharField("上级平台状态", max_length=40, blank=True)
    closed_on = models.DateField("上级平台办结日期", null=True, blank=True)
    unit_name = models.CharField("上级平台所列单位", max_length=80, blank=True)
    first_seen_at = models.DateTimeField("首次导入时间")
    seen_at = models.DateTimeField("最近更新时间")

    class Meta:
        verbose_name = "上级平台记录"
        verbose_name_plural = "上级平台记录"
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.matter.number} 上级平台"
