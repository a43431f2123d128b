"""Towns and streets, which organize sittings."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Town(models.Model):
    """A town or street that organizes the sittings (镇街; YC-R6)."""

    name = models.CharField("镇（街）", max_length=40, unique=True)
    order = models.PositiveIntegerField("顺序", default=0)

    class Meta:
        verbose_name = "镇（街）"
        verbose_name_plural = "镇（街）"
        ordering: ClassVar = ["order", "id"]

    def __str__(self) -> str:
        return self.name


class TownAlias(models.Model):
    """Another name under which a workbook may mention a town (镇街别名)."""

    town = models.ForeignKey(Town, verbose_name="镇（街）", on_delete=models.CASCADE, related_name="aliases")
    name = models.CharField("别名", max_length=40, unique=True)

    class Meta:
        verbose_name = "镇街别名"
        verbose_name_plural = "镇街别名"

    def __str__(self) -> str:
        return self.name
