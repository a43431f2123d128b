"""Steps of a matter that have a paper of their own: passing on to another authority, and the review."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from casework.models.matters import Matter, by_user


class Transfer(models.Model):
    """A matter passed on to discipline, police or courts (移送); then numbers and days alone are shown."""

    matter = models.OneToOneField(
        Matter, verbose_name="事项", on_delete=models.PROTECT, related_name="transfer"
    )
    to = models.CharField("接收机关类别", max_length=64)
    to_label = models.CharField("接收机关", max_length=60)
    reason = models.CharField("移送理由", max_length=500)
    letter_number = models.CharField("移送函编号", max_length=60)
    at = models.DateTimeField("移送时间")
    by = by_user("移送签字人")
    their_number = models.CharField("接收编号", max_length=60, blank=True)
    received_by = models.CharField("接收签字人", max_length=60, blank=True)
    received_at = models.DateTimeField("接收时间", null=True, blank=True)
    noted_by = by_user("接收登记人")

    class Meta:
        verbose_name = "移送"
        verbose_name_plural = "移送"
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(received_at__isnull=True) | ~models.Q(received_by=""),
                name="both_sides_sign_a_transfer",
            )
        ]

    def __str__(self) -> str:
        return f"{self.matter.number} 移送"


class Review(models.Model):
    """A review (复核) of how a matter ended, decided by somebody who had no part in it; one level."""

    class Decision(models.TextChoices):
        UPHELD = "upheld", "维持原结果"
        REDO = "redo", "重新办理"

    matter = models.OneToOneField(
        Matter, verbose_name="事项", on_delete=models.PROTECT, related_name="review"
    )
    reviewed = models.CharField("复核前的状态", max_length=16, choices=Matter.State)
    reason = models.CharField("申请理由", max_length=500)
    asked_at = models.DateTimeField("申请时间")
    asked_by = by_user("登记人")
    decision = models.CharField("复核决定", max_length=16, choices=Decision, blank=True)
    opinion = models.CharField("复核意见", max_length=500, blank=True)
    decided_at = models.DateTimeField("决定时间", null=True, blank=True)
    decided_by = by_user("复核人")

    class Meta:
        verbose_name = "复核"
        verbose_name_plural = "复核"
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(decision="", decided_at__isnull=True, decided_by__isnull=True)
                | ~models.Q(decision="") & models.Q(decided_at__isnull=False, decided_by__isnull=False),
                name="a_decided_review_has_its_decision",
            )
        ]

    def __str__(self) -> str:
        return f"{self.matter.number} 复核"
