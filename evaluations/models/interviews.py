"""Enterprises that are asked by phone or on site about a unit (方城 二(三))."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from evaluations.models.gathering import Channel
from evaluations.models.judging import RoundDepartment


class Interview(models.Model):
    """One enterprise on the call list of a unit (调查对象), with what it answered; never part of a ballot."""

    class State(models.TextChoices):
        WAITING = "waiting", "待访问"
        DONE = "done", "成功"
        REFUSED = "refused", "拒访"
        INVALID = "invalid", "空号"
        UNREACHED = "unreached", "未接通"
        VOID = "void", "复核不一致，作废"

    channel = models.ForeignKey(
        Channel, verbose_name="取数渠道", on_delete=models.CASCADE, related_name="interviews"
    )
    subject = models.ForeignKey(
        RoundDepartment, verbose_name="参评单位", on_delete=models.CASCADE, related_name="interviews"
    )
    enterprise = models.CharField("企业名称", max_length=120)
    phone = models.CharField("联系电话", max_length=40)
    matter = models.CharField("办理事项", max_length=200, blank=True)
    drawn = models.ForeignKey(
        "surveys.DrawnMember",
        verbose_name="应访样本",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )  # None where it was typed or imported
    state = models.CharField("状态", max_length=16, choices=State, default=State.WAITING)
    answers = models.JSONField("回答", default=dict, blank=True)
    days = models.PositiveIntegerField("办理用时（工作日）", null=True, blank=True)
    cost = models.DecimalField("办理费用（元）", max_digits=12, decimal_places=2, null=True, blank=True)
    papers = models.PositiveIntegerField("提交材料（份）", null=True, blank=True)
    remark = models.CharField("备注", max_length=500, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="调查人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    asked_at = models.DateTimeField("调查时间", null=True, blank=True)
    rechecked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="复核人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    rechecked_at = models.DateTimeField("复核时间", null=True, blank=True)

    class Meta:
        verbose_name = "调查对象"
        verbose_name_plural = "调查对象"
        ordering: ClassVar = ["subject__order", "subject_id", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["channel", "subject", "enterprise"], name="an_enterprise_is_asked_once_about_a_unit"
            ),
            models.CheckConstraint(
                condition=~models.Q(rechecked_by=models.F("asked_by")),
                name="nobody_rechecks_their_own_interview",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise}（{self.subject}）"


class InterviewCall(models.Model):
    """One call or visit (联系记录): who, on which half of which day, with what outcome."""

    class Half(models.TextChoices):
        MORNING = "morning", "上午"
        AFTERNOON = "afternoon", "下午"

    interview = models.ForeignKey(
        Interview, verbose_name="调查对象", on_delete=models.CASCADE, related_name="calls"
    )
    day = models.DateField("日期")
    half = models.CharField("时段", max_length=16, choices=Half)
    outcome = models.CharField("结果", max_length=16, choices=Interview.State)
    called_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="调查人", on_delete=models.PROTECT, related_name="+"
    )
    called_at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = "联系记录"
        verbose_name_plural = "联系记录"
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.day} {self.get_half_display()} {self.get_outcome_display()}"
