"""The figures of a month as they were closed."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models

from casework.models.procedures import ProcedureVersion


class MonthFigures(models.Model):
    """The rates of one procedure and month, frozen (月度数字): a later version has a reason beside it.

    `figures` holds fractions, units and lists as they were; nothing of who reported.
    """

    version = models.ForeignKey(
        ProcedureVersion, verbose_name="办理规程", on_delete=models.PROTECT, related_name="months"
    )
    procedure_id = models.CharField("规程编号", max_length=64)
    month = models.DateField("月份", help_text="当月第一天。")
    number = models.PositiveIntegerField("版次", default=1)
    figures = models.JSONField("数字")
    sha256 = models.CharField("摘要", max_length=64)
    closed_at = models.DateTimeField("结账时间")
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="结账人", on_delete=models.PROTECT, related_name="+"
    )
    reason = models.CharField("重新结账的原因", max_length=300, blank=True)

    class Meta:
        verbose_name = "事项月度数字"
        verbose_name_plural = "事项月度数字"
        ordering: ClassVar = ["-month", "procedure_id", "-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["procedure_id", "month", "number"], name="a_month_is_closed_once_a_version"
            ),
            models.CheckConstraint(
                condition=models.Q(number=1) | ~models.Q(reason=""),
                name="a_month_is_closed_again_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version.procedure.desk} {self.month:%Y-%m} 第{self.number}版"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert once; figures that were closed are never edited."""
        if self.pk is not None:
            raise TypeError("closed figures are never edited")
        super().save(*args, **kwargs)
