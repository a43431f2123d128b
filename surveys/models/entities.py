"""Market entities who may be invited; never related to slips or ballots."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class EntityKind(models.TextChoices):
    """The kinds of market entity that share a round (市场主体类型; YC-R5)."""

    PRIVATE = "private", "民营企业"
    SOLE_TRADER = "sole_trader", "个体工商户"
    NON_PRIVATE = "non_private", "非民营企业"


EVERYBODY = "+".join(EntityKind.values)
"""The one kind of voter of a survey that holds no shares: all kinds vote under one key."""
VOTERS = "评价人"


class MarketEntity(models.Model):
    """A company or shopkeeper who may be asked (市场主体); has no relation to slips."""

    code = models.CharField("统一社会信用代码", max_length=18, unique=True)
    name = models.CharField("市场主体名称", max_length=120)
    kind = models.CharField("主体类型", max_length=16, choices=EntityKind)
    town = models.ForeignKey(
        "departments.Town", verbose_name="所属镇（街）", on_delete=models.PROTECT, related_name="+"
    )
    contact = models.CharField("联系人", max_length=40, blank=True)
    phone = models.CharField("联系电话", max_length=40, blank=True)
    industry = models.CharField("行业", max_length=40, blank=True)
    is_active = models.BooleanField("可邀请", default=True)

    class Meta:
        verbose_name = "市场主体"
        verbose_name_plural = "市场主体"
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [models.Index(fields=["town", "kind"], name="entities_of_a_town")]

    def __str__(self) -> str:
        return self.name
