"""The monthly notice of benefits as it was closed."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models


class MonthNotice(models.Model):
    """What was told of a month (兑现通报), frozen: a later version has a reason beside it."""

    month = models.DateField("月份", help_text="当月第一天。")
    number = models.PositiveIntegerField("版次", default=1)
    content = models.JSONField("内容")
    sha256 = models.CharField("摘要", max_length=64)
    closed_at = models.DateTimeField("结账时间")
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="结账人", on_delete=models.PROTECT, related_name="+"
    )
    reason = models.CharField("重新结账的原因", max_length=300, blank=True)

    class Meta:
        verbose_name = "兑现通报"
        verbose_name_plural = "兑现通报"
        ordering: ClassVar = ["-month", "-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["month", "number"], name="a_notice_is_closed_once_a_version"),
            models.CheckConstraint(
                condition=models.Q(number=1) | ~models.Q(reason=""),
                name="a_notice_is_closed_again_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} 第{self.number}版"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert once; what was told is never edited."""
        if self.pk is not None:
            raise TypeError("a closed notice is never edited")
        super().save(*args, **kwargs)


class NoticePublication(models.Model):
    """That a closed notice was shown to everybody (通报公布), by somebody else than who closed it."""

    notice = models.OneToOneField(
        MonthNotice, verbose_name="兑现通报", on_delete=models.PROTECT, related_name="publication"
    )
    published_at = models.DateTimeField("公布时间")
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="公布人", on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "通报公布"
        verbose_name_plural = "通报公布"

    def __str__(self) -> str:
        return str(self.notice)
