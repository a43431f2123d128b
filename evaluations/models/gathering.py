"""What a round gathers: its channels, and what the office enters in them about each unit."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from evaluations.models.judging import Round, RoundDepartment


class Channel(models.Model):
    """Where one need of the scheme is gathered in a round (取数渠道); its state changes only in services."""

    class Kind(models.TextChoices):
        BALLOT = "ballot", "无记名评价"
        INTERVIEWS = "interviews", "电话和现场调查"
        RATINGS = "ratings", "码上评"
        COUNTS = "counts", "采用其他部门的汇总"
        SHEETS = "sheets", "打分表"
        MARKS = "marks", "评分"
        LEDGER = "ledger", "台账"
        CHECKS = "checks", "逐项认定"
        MEASURES = "measures", "统计数"
        PLACEMENT = "placement", "定方阵"
        FIGURES = "figures", "外部评价数据"

    class State(models.TextChoices):
        OPEN = "open", "收集中"
        SETTLED = "settled", "已办结"
        SET_ASIDE = "set_aside", "不采用"

    round = models.ForeignKey(Round, verbose_name="轮次", on_delete=models.CASCADE, related_name="channels")
    need = models.CharField("所需数据", max_length=80)
    kind = models.CharField("取数渠道", max_length=16, choices=Kind)
    state = models.CharField("状态", max_length=16, choices=State, default=State.OPEN)
    due_on = models.DateField("应于何日办结", null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="办结人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    settled_at = models.DateTimeField("办结时间", null=True, blank=True)
    set_aside_reason = models.CharField("不采用的原因", max_length=200, blank=True)
    order = models.PositiveIntegerField("顺序", default=0)
    named_items = models.JSONField("自定项目", default=list, blank=True)  # indicators, or questions asked
    sample_size = models.PositiveIntegerField("每个单位应完成的家数", default=10)  # of interviews
    taken = models.JSONField("取数情况", default=dict, blank=True)  # of ratings: what was counted, by unit

    class Meta:
        verbose_name = "取数渠道"
        verbose_name_plural = "取数渠道"
        ordering: ClassVar = ["order", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["round", "need"], name="a_round_gathers_a_need_once")
        ]

    def __str__(self) -> str:
        return f"{self.round} {self.need}"

    @property
    def public_from(self) -> int | None:
        """From how many on the ratings that were taken are public, as their rules had it then."""
        kept = [one["public_from"] for one in self.taken.values() if "public_from" in one]
        return max(kept, default=None)


class Entry(models.Model):
    """What the office entered about a unit in a channel (填报); it counts once a second person confirmed it.

    `item` names what is entered where a need has several: an aspect, a condition, an indicator, or a question
    and its choice. `value` is as facts have it: a whole number, a decimal as text, true or false.
    """

    channel = models.ForeignKey(
        Channel, verbose_name="取数渠道", on_delete=models.CASCADE, related_name="entries"
    )
    subject = models.ForeignKey(
        RoundDepartment, verbose_name="参评单位", on_delete=models.CASCADE, related_name="entries"
    )
    item = models.CharField("项目", max_length=120, blank=True)
    value = models.JSONField("数值", null=True)
    remark = models.CharField("备注", max_length=500, blank=True)
    source = models.CharField("来源", max_length=200, blank=True)
    source_on = models.DateField("来源日期", null=True, blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="填报人", on_delete=models.PROTECT, related_name="+"
    )
    entered_at = models.DateTimeField("填报时间")
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="确认人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    confirmed_at = models.DateTimeField("确认时间", null=True, blank=True)

    class Meta:
        verbose_name = "填报"
        verbose_name_plural = "填报"
        ordering: ClassVar = ["subject__order", "subject_id", "item"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["channel", "subject", "item"], name="a_channel_has_one_value_of_an_item"
            ),
            models.CheckConstraint(
                condition=~models.Q(confirmed_by=models.F("entered_by")),
                name="nobody_confirms_their_own_entry",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.item}".strip()


class NotApplicable(models.Model):
    """A rule of the ledger that does not apply to a unit in a round (不适用), with the reason."""

    subject = models.ForeignKey(
        RoundDepartment, verbose_name="参评单位", on_delete=models.CASCADE, related_name="not_applicable"
    )
    item = models.CharField("项目", max_length=64)
    reason = models.CharField("不适用的原因", max_length=200)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="填报人", on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "不适用的项目"
        verbose_name_plural = "不适用的项目"
        ordering: ClassVar = ["subject__order", "subject_id", "item"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["subject", "item"], name="a_rule_is_set_aside_for_a_unit_once")
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.item}"
