"""What is gathered again after a result was served or published, because it was wrong."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from evaluations.models.gathering import Channel
from evaluations.models.judging import Result, RoundDepartment


class Correction(models.Model):
    """One unit's data in one channel, opened again (更正): one person proposes it, another agrees.

    Only the data of that unit may change; the reason stays beside the result that follows.
    """

    result = models.ForeignKey(
        Result, verbose_name="所更正的结果", on_delete=models.CASCADE, related_name="corrections"
    )
    channel = models.ForeignKey(
        Channel, verbose_name="取数渠道", on_delete=models.CASCADE, related_name="corrections"
    )
    subject = models.ForeignKey(
        RoundDepartment, verbose_name="参评单位", on_delete=models.CASCADE, related_name="corrections"
    )
    reason = models.CharField("更正原因", max_length=200)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="提出人", on_delete=models.PROTECT, related_name="+"
    )
    proposed_at = models.DateTimeField("提出时间")
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="同意人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    agreed_at = models.DateTimeField("同意时间", null=True, blank=True)

    class Meta:
        verbose_name = "更正"
        verbose_name_plural = "更正"
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["result", "channel", "subject"], name="a_channel_is_corrected_once_for_a_unit"
            ),
            models.CheckConstraint(
                condition=~models.Q(agreed_by=models.F("proposed_by")),
                name="nobody_agrees_to_their_own_correction",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.channel.need}"
