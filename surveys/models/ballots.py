"""Slips and sealed ballots.

Never stored with a slip or a ballot: time, address, user agent, session, user, a sequential id, a
foreign key from one to the other or to an entity, the raw code, readable answers; with a ballot
also town and batch.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from surveys.fields import RandomKey
from surveys.models.survey import Stratum, Survey


class SlipBatch(models.Model):
    """At most 500 slips of one stratum for one town (凭条批次); printing again voids it.

    `handed_out` is what was counted, None until somebody has; never computed from the other numbers.
    `taken_back` is {user name: [slips scanned, codes typed]}: numbers, without slip or time.
    """

    survey = models.ForeignKey(
        Survey, verbose_name="评价表", on_delete=models.CASCADE, related_name="batches"
    )
    stratum = models.ForeignKey(
        Stratum, verbose_name="类别", on_delete=models.CASCADE, related_name="batches"
    )
    town = models.ForeignKey(
        "departments.Town", verbose_name="镇（街）", on_delete=models.PROTECT, related_name="+"
    )
    number = models.PositiveIntegerField("批次号")
    size = models.PositiveIntegerField("票数")
    is_printed = models.BooleanField("已印制", default=False)
    handed_out = models.PositiveIntegerField("发出", null=True)
    returned = models.PositiveIntegerField("未发退回", default=0)
    spoiled = models.PositiveIntegerField("损毁", default=0)
    is_void = models.BooleanField("已作废", default=False)
    taken_back = models.JSONField("登记退回的人员", default=dict, blank=True)

    class Meta:
        verbose_name = "凭条批次"
        verbose_name_plural = "凭条批次"
        ordering: ClassVar = ["survey", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["survey", "number"], name="a_survey_numbers_a_batch_once"),
            models.CheckConstraint(
                condition=models.Q(size__gte=1, size__lte=500), name="a_batch_has_at_most_500_slips"
            ),
            models.CheckConstraint(
                condition=models.Q(size__gte=models.F("returned") + models.F("spoiled")),
                name="a_batch_takes_back_no_more_than_it_printed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.town} {self.stratum} 第{self.number}批"


class Slip(models.Model):
    """The right to one ballot (凭条/投票码): the code's keyed hash and a state, nothing else.

    `is_returned`: the paper came back unused and was scanned. With the state void that is as it should
    be; a redeemed slip that comes back was used by somebody who never had it. A voter who began on a
    phone that is lost to them hands the slip in: held until a second official lets another be given out.
    """

    class State(models.TextChoices):
        UNUSED = "unused", "未使用"
        REDEEMED = "redeemed", "已兑票"
        PAPER = "paper", "换纸质票"
        VOID = "void", "作废"
        HELD = "held", "待换发"
        REPLACED = "replaced", "已换发"

    id = RandomKey()
    batch = models.ForeignKey(SlipBatch, verbose_name="批次", on_delete=models.CASCADE, related_name="slips")
    code_hash = models.BinaryField("票码摘要", max_length=32, unique=True)
    blinded_hash = models.BinaryField("盲化值摘要", max_length=32, null=True)
    state = models.CharField("状态", max_length=16, choices=State, default=State.UNUSED)
    is_returned = models.BooleanField("已退回", default=False)

    class Meta:
        verbose_name = "凭条"
        verbose_name_plural = "凭条"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(is_returned=False) | models.Q(state__in=["void", "redeemed"]),
                name="a_returned_slip_is_void_or_was_redeemed",
            )
        ]

    def __str__(self) -> str:
        return self.get_state_display()


class Ballot(models.Model):
    """One sealed ballot (选票): no way back to slip, batch, town or person."""

    id = RandomKey()
    stratum = models.ForeignKey(
        Stratum, verbose_name="类别", on_delete=models.CASCADE, related_name="ballots"
    )
    credential = models.BinaryField("凭证", max_length=32, unique=True)
    prefix = models.BinaryField("随机前缀", max_length=32)
    signature = models.BinaryField("盲签名", max_length=256)
    seq = models.BigIntegerField("序号")
    sealed = models.BinaryField("密封内容")
    credential_signature = models.BinaryField("凭证签名", max_length=64)

    class Meta:
        verbose_name = "选票"
        verbose_name_plural = "选票"

    def __str__(self) -> str:
        return "选票"
