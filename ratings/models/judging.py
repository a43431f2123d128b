"""What two people decided about a rating: held ones count or not, wrong ones move or are excluded."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from ratings.models.codes import RatingCode
from ratings.models.ratings import Rating


class Judgment(models.Model):
    """One decision about a rating (认定): proposed by one, settled by another, neither of the rated unit."""

    class Act(models.TextChoices):
        COUNT = "count", "计入"
        EXCLUDE = "exclude", "排除"
        MOVE = "move", "移到正确对象"

    class State(models.TextChoices):
        PROPOSED = "proposed", "待另一人认定"
        AGREED = "agreed", "已认定"
        DECLINED = "declined", "不同意"

    rating = models.ForeignKey(
        Rating, verbose_name="评价", on_delete=models.CASCADE, related_name="judgments", db_constraint=False
    )
    act = models.CharField("认定", max_length=16, choices=Act)
    state = models.CharField("状态", max_length=16, choices=State, default=State.PROPOSED)
    reason = models.CharField("事由", max_length=40, blank=True)  # an id of the rules
    words = models.CharField("说明", max_length=300)
    to_code = models.ForeignKey(
        RatingCode,
        verbose_name="移到",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="提出人", on_delete=models.PROTECT, related_name="+"
    )
    proposed_on = models.DateField("提出日期")
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="认定人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    settled_on = models.DateField("认定日期", null=True, blank=True)
    opinion = models.CharField("意见", max_length=300, blank=True)

    class Meta:
        verbose_name = "评价认定"
        verbose_name_plural = "评价认定"
        ordering: ClassVar = ["-proposed_on", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["rating"],
                condition=models.Q(state="proposed"),
                name="a_rating_has_one_open_judgment",
            ),
            models.CheckConstraint(
                condition=~models.Q(settled_by=models.F("proposed_by")),
                name="nobody_settles_their_own_judgment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_act_display()}（{self.get_state_display()}）"
