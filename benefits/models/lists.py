"""What matching found, and the lists of firms that get a benefit without a claim."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from benefits.models.catalogue import ItemVersion
from benefits.models.firms import Firm


class Match(models.Model):
    """Whether a firm fits a version (匹配结果): yes or unknown, with the label that decides.

    Who does not fit has no row: 120 items by 20,000 firms are 2.4 million, and a firm's page decides anew.
    """

    class Answer(models.TextChoices):
        YES = "yes", "符合"
        UNKNOWN = "unknown", "可能符合，待确认"
        NO = "no", "不符合"

    version = models.ForeignKey(  # both constraints below begin with it
        ItemVersion,
        verbose_name="事项版本",
        on_delete=models.CASCADE,
        related_name="matches",
        db_index=False,
    )
    firm = models.ForeignKey(Firm, verbose_name="企业", on_delete=models.CASCADE, related_name="matches")
    answer = models.CharField("结果", max_length=16, choices=Answer)
    label = models.CharField("决定的标签", max_length=32, blank=True)
    pushed_on = models.DateField("推送日期", null=True, blank=True)

    class Meta:
        verbose_name = "匹配结果"
        verbose_name_plural = "匹配结果"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version", "firm"], name="a_firm_is_matched_once_with_a_version")
        ]
        indexes: ClassVar = [models.Index(fields=["version", "answer", "firm"], name="matches_of_a_version")]

    def __str__(self) -> str:
        return f"{self.firm} {self.get_answer_display()}"


class FixedList(models.Model):
    """The firms that get a benefit without a claim (免申即享名单): drawn up by one, confirmed by another."""

    class State(models.TextChoices):
        DRAWN_UP = "drawn_up", "待确认"
        CONFIRMED = "confirmed", "已确认"
        RETURNED = "returned", "退回"

    version = models.ForeignKey(
        ItemVersion, verbose_name="事项版本", on_delete=models.PROTECT, related_name="fixed_lists"
    )
    state = models.CharField("状态", max_length=16, choices=State, default=State.DRAWN_UP)
    firms = models.ManyToManyField(Firm, verbose_name="企业", related_name="+", through="ListedFirm")
    drawn_up_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="拟定人", on_delete=models.PROTECT, related_name="+"
    )
    drawn_up_at = models.DateTimeField("拟定时间")
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="确认人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    confirmed_at = models.DateTimeField("确认时间", null=True, blank=True)
    opinion = models.CharField("意见", max_length=300, blank=True)

    class Meta:
        verbose_name = "免申即享名单"
        verbose_name_plural = "免申即享名单"
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(confirmed_by=models.F("drawn_up_by")),
                name="nobody_confirms_their_own_list_of_firms",
            )
        ]

    def __str__(self) -> str:
        return f"{self.version} {self.get_state_display()}"


class ListedFirm(models.Model):
    """A firm on such a list; `left_out` says why it got no claim when the list was confirmed."""

    fixed_list = models.ForeignKey(
        FixedList, verbose_name="名单", on_delete=models.CASCADE, related_name="listed"
    )
    firm = models.ForeignKey(Firm, verbose_name="企业", on_delete=models.PROTECT, related_name="+")
    left_out = models.CharField("未列入原因", max_length=300, blank=True)

    class Meta:
        verbose_name = "名单上的企业"
        verbose_name_plural = "名单上的企业"
        ordering: ClassVar = ["firm__credit_code"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["fixed_list", "firm"], name="a_firm_is_listed_once")
        ]

    def __str__(self) -> str:
        return str(self.firm)
