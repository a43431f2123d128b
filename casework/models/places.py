"""Places whose plate leads to reporting and rating."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Plate(models.Model):
    """A plate at one place (监督评议牌; WY-R3): one code for a place, never for a firm.

    Whoever handles a matter never learns at which plate it was reported.
    """

    class Kind(models.TextChoices):
        ENTERPRISE = "enterprise", "企业监测点"
        HALL = "hall", "办事大厅"
        PUBLIC = "public", "公共场所"

    place = models.CharField("放置地点", max_length=80, help_text="例如：城东工业园北门。")
    kind = models.CharField("地点类别", max_length=16, choices=Kind, default=Kind.ENTERPRISE)
    code = models.CharField("牌码", max_length=16, unique=True, editable=False)
    valid_from = models.DateField("启用日期")
    ended_on = models.DateField("停用日期", null=True, blank=True)
    ended_reason = models.CharField("停用原因", max_length=120, blank=True)
    replaces = models.OneToOneField(
        "self",
        verbose_name="替换的牌",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="replaced_by",
        editable=False,
    )

    class Meta:
        verbose_name = "监督评议牌"
        verbose_name_plural = "监督评议牌"
        ordering: ClassVar = ["place", "id"]

    def __str__(self) -> str:
        return self.place

    @property
    def is_dead(self) -> bool:
        return self.ended_on is not None
