"""亮评价结果: what has been published, and where its files lie."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Publication(models.Model):
    """One publication of a round's result (公示): pages and PDFs rendered once, served as files.

    `directory` is relative to the published folder; `manifest` maps each file to its SHA-256.
    """

    round = models.ForeignKey(
        "evaluations.Round", verbose_name="轮次", on_delete=models.PROTECT, related_name="publications"
    )
    result = models.OneToOneField(
        "evaluations.Result", verbose_name="评价结果", on_delete=models.PROTECT, related_name="publication"
    )
    number = models.PositiveIntegerField("第几次公布", default=1)
    directory = models.CharField("目录", max_length=120, blank=True)
    manifest = models.JSONField("文件清单", default=dict, blank=True)
    rendered_at = models.DateTimeField("生成时间", null=True, blank=True)
    is_current = models.BooleanField("当前公布", default=True)

    class Meta:
        verbose_name = "公示"
        verbose_name_plural = "公示"
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.round} 第{self.number}次公布"
