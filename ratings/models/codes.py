"""Codes that lead to rating: of a window, of a unit's lobby, or a wall of a hall from which one chooses."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from departments.models import Department, Hall, Window


class RatingCode(models.Model):
    """A code at one place (评价码; GY-R4); it says nothing about a person and dies in one click.

    `unit` is rated: at a window the unit that staffs it when the code is made. A wall has none, and no
    rating of its own: it leads to the windows of its hall.
    """

    class Kind(models.TextChoices):
        WINDOW = "window", "窗口"
        PLATE = "plate", "单位"
        WALL = "wall", "大厅码墙"

    rules_id = models.CharField("评价办法", max_length=64)
    kind = models.CharField("类别", max_length=16, choices=Kind)
    code = models.CharField("评价码", max_length=16, unique=True, editable=False)
    hall = models.ForeignKey(
        Hall,
        verbose_name="办事大厅",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="rating_codes",
    )
    window = models.ForeignKey(
        Window,
        verbose_name="窗口",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="rating_codes",
    )
    unit = models.ForeignKey(
        Department,
        verbose_name="被评单位",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="rating_codes",
    )
    valid_from = models.DateField("启用日期")
    ended_on = models.DateField("停用日期", null=True, blank=True)
    ended_reason = models.CharField("停用原因", max_length=120, blank=True)
    replaces = models.OneToOneField(
        "self",
        verbose_name="替换的码",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="replaced_by",
        editable=False,
    )

    class Meta:
        verbose_name = "评价码"
        verbose_name_plural = "评价码"
        ordering: ClassVar = ["hall__order", "hall_id", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=(
                    models.Q(kind="window", hall__isnull=False, window__isnull=False, unit__isnull=False)
                    | models.Q(kind="plate", hall=None, window=None, unit__isnull=False)
                    | models.Q(kind="wall", hall__isnull=False, window=None, unit=None)
                ),
                name="a_rating_code_is_of_a_window_a_unit_or_a_hall",
            ),
            models.UniqueConstraint(
                fields=["rules_id", "window"],
                condition=models.Q(kind="window", ended_on=None),
                name="a_window_has_one_live_rating_code",
            ),
            models.UniqueConstraint(
                fields=["rules_id", "unit"],
                condition=models.Q(kind="plate", ended_on=None),
                name="a_unit_has_one_live_rating_code",
            ),
            models.UniqueConstraint(
                fields=["rules_id", "hall"],
                condition=models.Q(kind="wall", ended_on=None),
                name="a_hall_has_one_live_wall",
            ),
        ]

    def __str__(self) -> str:
        return str(self.window or self.unit or f"{self.hall}码墙")

    @property
    def is_dead(self) -> bool:
        """Whether it leads nowhere any more: ended, its window given up or in other hands, its unit gone."""
        if self.ended_on is not None or (self.unit is not None and not self.unit.is_active):
            return True
        window = self.window
        return window is not None and (not window.is_active or window.department_id != self.unit_id)
