"""Who is judged: units of every kind, their groups under each scheme, their other names."""

from __future__ import annotations

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models

from departments.kinds import DISCLOSING, WITHIN_A_UNIT, UnitKind


class DepartmentQuerySet(models.QuerySet["Department"]):
    """Units, asked in sentences."""

    def disclosing(self) -> DepartmentQuerySet:
        """Return the units that show identity and duties: towns, counties, windows and the like have none."""
        return self.filter(kind__in=DISCLOSING)

    def bodies(self) -> DepartmentQuerySet:
        """Return the units that stand by themselves, which a workbook may name as somebody's 单位."""
        return self.exclude(kind__in=WITHIN_A_UNIT)


class Department(models.Model):
    """A unit in scope of an evaluation (单位/部门; YC-R4), of whatever kind (GY-R2, JL-R1, WY-R8, WY-R9)."""

    name = models.CharField("单位名称", max_length=80, unique=True)
    order = models.PositiveIntegerField("机构序列", default=0, help_text="数字小的排在前面。")
    kind = models.CharField(
        "单位类别",
        max_length=16,
        choices=UnitKind,
        default=UnitKind.DEPARTMENT,
        help_text="只有机关部门公示身份和职责；其他类别的单位只参加以其分组为对象的评价。",
    )
    peer_group = models.CharField(
        "系列（分组）",
        max_length=40,
        default="县直部门",
        help_text="在某个评价方案中分组不同的，在下方“各方案分组”中填写。",
    )
    parent = models.ForeignKey(
        "self",
        verbose_name="所属单位",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="parts",
        help_text="科室、服务窗口所在的单位；乡镇街道等可填所属县区。",
    )
    town = models.OneToOneField(
        "departments.Town",
        verbose_name="对应的镇（街）",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="unit",
        help_text="乡镇街道作为评价对象时，选择组织评价的是哪个镇（街）。",
    )
    superior = models.CharField("上级主管部门", max_length=80, blank=True, help_text="垂直管理单位填写。")
    is_active = models.BooleanField("在评价范围内", default=True)

    objects = DepartmentQuerySet.as_manager()

    class Meta:
        verbose_name = "单位"
        verbose_name_plural = "单位"
        ordering: ClassVar = ["order", "id"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Keep sections and windows inside a unit that stands by itself."""
        if self.parent_id is None and self.kind in WITHIN_A_UNIT:
            raise ValidationError({"parent": f"{self.get_kind_display()}须填写所属单位。"})
        if self.parent is not None and (self.parent.pk == self.pk or self.parent.kind in WITHIN_A_UNIT):
            raise ValidationError({"parent": "所属单位不能是本单位、科室或服务窗口，请重新选择。"})
        if self.town_id is not None and self.kind != UnitKind.TOWN:
            raise ValidationError({"town": "只有乡镇街道可以对应镇（街），请留空或更改单位类别。"})


class UnitGroup(models.Model):
    """The group of a unit in one scheme (各方案分组), where it is not the unit's own `peer_group`."""

    department = models.ForeignKey(
        Department, verbose_name="单位", on_delete=models.CASCADE, related_name="groups"
    )
    scheme_id = models.CharField("方案编号", max_length=64)
    group = models.CharField("分组", max_length=40)

    class Meta:
        verbose_name = "方案分组"
        verbose_name_plural = "各方案分组"
        ordering: ClassVar = ["scheme_id", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["department", "scheme_id"],
                name="a_scheme_groups_a_unit_once",
                violation_error_message="同一方案只能填写一个分组。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.department} {self.group}"


class DepartmentAlias(models.Model):
    """Another name under which a workbook may mention a department (单位别名)."""

    department = models.ForeignKey(
        Department, verbose_name="单位", on_delete=models.CASCADE, related_name="aliases"
    )
    name = models.CharField("别名", max_length=80, unique=True)

    class Meta:
        verbose_name = "单位别名"
        verbose_name_plural = "单位别名"

    def __str__(self) -> str:
        return self.name
