"""Firms and what is known of them; a firm is no voter, and nothing here leads to a slip."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Firm(models.Model):
    """A firm that may get benefits (企业), by its credit code; it signs in with a code from the window.

    `times_left` rises when it leaves: what was opened before is closed on every device.
    """

    credit_code = models.CharField("统一社会信用代码", max_length=18, unique=True)
    name = models.CharField("企业名称", max_length=120)
    is_cancelled = models.BooleanField("已注销", default=False)
    access_mark = models.CharField("登录码印记", max_length=64, blank=True, editable=False)
    access_on = models.DateField("发码日期", null=True, blank=True, editable=False)
    times_left = models.PositiveIntegerField("退出次数", default=0, editable=False)

    class Meta:
        verbose_name = "企业"
        verbose_name_plural = "企业"
        ordering: ClassVar = ["credit_code"]

    def __str__(self) -> str:
        return self.name


class FirmLabel(models.Model):
    """What is known of a firm by one label (企业标签), from whom and when; what nobody said is unknown."""

    class Source(models.TextChoices):
        LIST = "list", "名册导入"
        FIRM = "firm", "企业填报"
        WINDOW = "window", "窗口登记"

    firm = models.ForeignKey(Firm, verbose_name="企业", on_delete=models.CASCADE, related_name="labels")
    label = models.CharField("标签", max_length=32)
    value = models.CharField("取值", max_length=60)
    source = models.CharField("来源", max_length=16, choices=Source)
    told_on = models.DateField("日期")

    class Meta:
        verbose_name = "企业标签"
        verbose_name_plural = "企业标签"
        ordering: ClassVar = ["firm_id", "label"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["firm", "label"], name="a_firm_has_one_value_of_a_label")
        ]

    def __str__(self) -> str:
        return f"{self.label}：{self.value}"
