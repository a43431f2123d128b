"""What voters wrote, one remark a row: the department and the masked words, nothing of who wrote it."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from surveys.fields import RandomKey
from surveys.models.survey import Survey


class Comment(models.Model):
    """One remark about a department (意见建议; YC-R8), split from its ballot by the tally.

    Never stored with it: voter, stratum, person rated, answer, the other remarks of the same voter,
    time. The key is random, and so is the order. `masked` is emptied once it is no longer needed.
    """

    class Kind(models.TextChoices):
        MATTER = "matter", "具体事项"
        SUGGESTION = "suggestion", "建议"

    class State(models.TextChoices):
        WAITING = "waiting", "待处理"
        PROPOSED = "proposed", "待复核"
        SENT_BACK = "sent_back", "已退回"
        SETTLED = "settled", "已复核"

    id = RandomKey()
    survey = models.ForeignKey(
        Survey, verbose_name="评价表", on_delete=models.CASCADE, related_name="remarks"
    )
    department = models.CharField("单位编号", max_length=24)
    kind = models.CharField("类型", max_length=12, choices=Kind)
    masked = models.TextField("遮盖后的原文", blank=True)
    state = models.CharField("状态", max_length=12, choices=State, default=State.WAITING)
    topic = models.CharField("事项", max_length=40, blank=True)
    paraphrase = models.CharField("概括", max_length=300, blank=True)
    reason = models.CharField("不反馈的原因", max_length=200, blank=True)
    note = models.CharField("退回说明", max_length=200, blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="拟稿人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="复核人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        verbose_name = "意见建议"
        verbose_name_plural = "意见建议"
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [models.Index(fields=["survey", "department"], name="remarks_of_a_department")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(state="settled")
                | (
                    models.Q(proposed_by__isnull=False)
                    & models.Q(settled_by__isnull=False)
                    & ~models.Q(proposed_by=models.F("settled_by"))
                ),
                name="a_remark_is_settled_by_two_persons",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}（第{self.pk}条）"
