"""Sittings that towns organize (现场评价; YC-R6): who is invited, who came, what the witnesses counted.

Nothing here knows of a slip: who came is an attendance list, how many slips went out is a number per
batch. No time is kept with an arrival.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from surveys.models.ballots import SlipBatch
from surveys.models.entities import MarketEntity
from surveys.models.survey import Stratum, Survey


class ContactList(models.Model):
    """Entities that had business with the judged departments (办事往来名单): drawn first."""

    survey = models.ForeignKey(
        Survey, verbose_name="评价表", on_delete=models.CASCADE, related_name="contact_lists"
    )
    file_name = models.CharField("文件名", max_length=200)
    codes = models.JSONField("统一社会信用代码", default=list)

    class Meta:
        verbose_name = "办事往来名单"
        verbose_name_plural = "办事往来名单"
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return self.file_name


class Sitting(models.Model):
    """One sitting of a town (现场评价; YC-R6).

    `invited` and `attended` are {stratum id: [n, substitutes]}: numbers outlive the names. `seed`,
    `drum` (a digest of who could be drawn) and the contact list let anyone draw again.
    """

    class State(models.TextChoices):
        PLANNED = "planned", "待抽取名单"
        DRAWN = "drawn", "待举行"
        HELD = "held", "已办结"

    survey = models.ForeignKey(
        Survey, verbose_name="评价表", on_delete=models.CASCADE, related_name="sittings"
    )
    town = models.ForeignKey(
        "departments.Town", verbose_name="镇（街）", on_delete=models.PROTECT, related_name="+"
    )
    number = models.PositiveSmallIntegerField("场次")
    date = models.DateField("日期")
    begins = models.TimeField("开始时间")
    place = models.CharField("地点", max_length=80)
    inquiries = models.CharField("咨询电话", max_length=40, blank=True)
    state = models.CharField("状态", max_length=16, choices=State, default=State.PLANNED)
    seed = models.CharField("抽取码", max_length=120, blank=True)
    algorithm = models.CharField("抽取算法", max_length=30, blank=True)
    drum = models.JSONField("抽取范围摘要", default=dict, blank=True)
    contact_list = models.ForeignKey(
        ContactList, verbose_name="办事往来名单", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    invited = models.JSONField("邀请数", default=dict, blank=True)
    attended = models.JSONField("到场数", default=dict, blank=True)
    first_witness = models.CharField("监票人", max_length=40, blank=True)
    second_witness = models.CharField("监票人（二）", max_length=40, blank=True)
    no_judged_official = models.BooleanField("参评单位人员已回避", default=False)
    helped = models.PositiveSmallIntegerField("协助不便使用手机的评价人", null=True)
    remarks = models.TextField("情况说明", max_length=1000, blank=True)

    class Meta:
        verbose_name = "现场评价"
        verbose_name_plural = "现场评价"
        ordering: ClassVar = ["town__order", "town_id", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["survey", "town", "number"], name="a_town_numbers_a_sitting_once")
        ]

    def __str__(self) -> str:
        return f"{self.town}第{self.number}场"

    @property
    def come(self) -> int:
        return sum(sum(numbers) for numbers in self.attended.values())

    @property
    def asked(self) -> int:
        return sum(numbers[0] for numbers in self.invited.values())


class Invitation(models.Model):
    """An entity invited to a sitting, or in reserve for it (邀请); once in a survey, never twice.

    `has_arrived` is emptied when the round is published; the numbers stay with the sitting.
    """

    survey = models.ForeignKey(Survey, verbose_name="评价表", on_delete=models.CASCADE, related_name="+")
    sitting = models.ForeignKey(
        Sitting, verbose_name="场次", on_delete=models.CASCADE, related_name="invitations"
    )
    stratum = models.ForeignKey(Stratum, verbose_name="类别", on_delete=models.CASCADE, related_name="+")
    entity = models.ForeignKey(
        MarketEntity, verbose_name="市场主体", on_delete=models.PROTECT, related_name="+"
    )
    place = models.PositiveIntegerField("顺序号")
    is_substitute = models.BooleanField("候补", default=False)
    has_arrived = models.BooleanField("到场", default=False)

    class Meta:
        verbose_name = "邀请"
        verbose_name_plural = "邀请"
        ordering: ClassVar = ["sitting", "stratum__order", "is_substitute", "place"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["survey", "entity"], name="a_survey_invites_an_entity_once")
        ]

    def __str__(self) -> str:
        return str(self.entity)


class BatchCount(models.Model):
    """What the witnesses counted of one batch at one sitting (凭条清点); numbers only, kept as told."""

    sitting = models.ForeignKey(Sitting, verbose_name="场次", on_delete=models.CASCADE, related_name="counts")
    batch = models.ForeignKey(
        SlipBatch, verbose_name="批次", on_delete=models.CASCADE, related_name="counted_at"
    )
    received = models.PositiveIntegerField("领取")
    handed_out = models.PositiveIntegerField("发出")
    returned = models.PositiveIntegerField("结余退回")
    spoiled = models.PositiveIntegerField("损毁")

    class Meta:
        verbose_name = "凭条清点"
        verbose_name_plural = "凭条清点"
        ordering: ClassVar = ["sitting", "batch__number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sitting", "batch"], name="a_sitting_counts_a_batch_once")
        ]

    def __str__(self) -> str:
        return f"{self.sitting} {self.batch}"
