"""What was rated, and apart from it, sealed, the number somebody left to be called back.

Never stored with a rating: time, address, browser, openid, name, ticket. Foreign keys that point to a rating
have no constraint in the database: its table is rewritten every night to lose its order.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from casework.models import Matter
from ratings.models.codes import RatingCode
from surveys.fields import RandomKey


class Rating(models.Model):
    """One rating (评价) of a place on a day.

    `aspects` is `efficiency=不满意;style=满意` in the order of the rules, only what was rated apart.
    `sent_mark` lets the same form, sent twice, be stored once; it is forgotten after a day.
    """

    class Channel(models.TextChoices):
        CODE = "code", "扫码评价"
        PROVINCE = "province", "省“好差评”"

    class State(models.TextChoices):
        COUNTED = "counted", "计入"
        HELD = "held", "暂缓"
        EXCLUDED = "excluded", "排除"

    id = RandomKey()
    code = models.ForeignKey(
        RatingCode, verbose_name="评价对象", on_delete=models.PROTECT, related_name="ratings"
    )
    moved_from = models.ForeignKey(
        RatingCode,
        verbose_name="原评价对象",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="moved_ratings",
    )
    day = models.DateField("日期")
    channel = models.CharField("渠道", max_length=16, choices=Channel, default=Channel.CODE)
    has_ticket = models.BooleanField("凭票", default=False)
    level = models.CharField("等次", max_length=20)
    aspects = models.CharField("分项", max_length=300, blank=True)
    reasons = models.CharField("原因", max_length=300, blank=True)
    text = models.TextField("意见", blank=True)
    state = models.CharField("状态", max_length=16, choices=State, default=State.COUNTED)
    held_because = models.CharField("暂缓原因", max_length=60, blank=True)
    sent_mark = models.CharField("提交摘要", max_length=64, null=True, unique=True)

    class Meta:
        verbose_name = "评价"
        verbose_name_plural = "评价"
        indexes: ClassVar = [
            models.Index(fields=["day", "code"], name="rating_by_day"),
            models.Index(fields=["state", "day"], name="rating_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.level}"

    @property
    def waits_because(self) -> str:
        """Why two people have to look at it. Afterwards no page tells: it would say something of the hour."""
        return self.held_because if self.state == self.State.HELD else ""


class BadRatingContact(models.Model):
    """The phone number left with a bad rating, sealed until the night makes a matter of it."""

    id = RandomKey()
    rating = models.OneToOneField(
        Rating,
        verbose_name="评价",
        on_delete=models.CASCADE,
        related_name="contact",
        db_constraint=False,
    )
    sealed = models.TextField("密封的电话")

    class Meta:
        verbose_name = "差评的联系电话"
        verbose_name_plural = "差评的联系电话"

    def __str__(self) -> str:
        return "差评的联系电话"


class RatingMatter(models.Model):
    """Which matter a bad rating became (差评事项)."""

    rating = models.OneToOneField(
        Rating, verbose_name="评价", on_delete=models.CASCADE, related_name="made", db_constraint=False
    )
    matter = models.OneToOneField(
        Matter, verbose_name="事项", on_delete=models.CASCADE, related_name="bad_rating"
    )

    class Meta:
        verbose_name = "差评事项"
        verbose_name_plural = "差评事项"

    def __str__(self) -> str:
        return str(self.matter)
