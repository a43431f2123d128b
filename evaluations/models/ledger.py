"""What happened, recorded on its day all year and counted by the round in whose period it lies."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from office.files import stored


class Occurrence(models.Model):
    """One entry of the ledger (台账记录): it belongs to scheme, unit and day, not to a round.

    `is_veto`: the item is an event that fixes the grade (一票否决). `veto` names the veto event that a
    deduction set off, so that it is not deducted as well. It counts once a second person confirmed it.
    """

    class State(models.TextChoices):
        ENTERED = "entered", "待确认"
        CONFIRMED = "confirmed", "已确认"
        WITHDRAWN = "withdrawn", "已撤回"

    scheme_id = models.CharField("方案编号", max_length=64)
    department = models.ForeignKey(
        "departments.Department", verbose_name="单位", on_delete=models.PROTECT, related_name="+"
    )
    item = models.CharField("项目", max_length=64)
    is_veto = models.BooleanField("一票否决情形", default=False)
    day = models.DateField("发生日期")
    count = models.PositiveIntegerField("次数", default=1)
    practice = models.CharField("做法（事项）", max_length=120, blank=True)
    title = models.CharField("标题", max_length=200, blank=True)
    remark = models.CharField("备注", max_length=500, blank=True)
    veto = models.CharField("引起的一票否决", max_length=64, blank=True)
    again_reason = models.CharField("确为另一件的说明", max_length=200, blank=True)
    evidence = models.FileField(
        "佐证材料", storage=stored.private, upload_to="evidence/", max_length=200, blank=True
    )
    evidence_name = models.CharField("材料名称", max_length=120, blank=True)
    state = models.CharField("状态", max_length=16, choices=State, default=State.ENTERED)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="登记人", on_delete=models.PROTECT, related_name="+"
    )
    entered_at = models.DateTimeField("登记时间")
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="确认人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    confirmed_at = models.DateTimeField("确认时间", null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="撤回人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)
    withdrawn_reason = models.CharField("撤回原因", max_length=200, blank=True)

    class Meta:
        verbose_name = "台账记录"
        verbose_name_plural = "台账记录"
        ordering: ClassVar = ["-day", "-id"]
        indexes: ClassVar = [models.Index(fields=["scheme_id", "department", "day"], name="ledger_by_unit")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(count__gte=1), name="an_occurrence_happened"),
            models.CheckConstraint(
                condition=~models.Q(confirmed_by=models.F("entered_by")),
                name="nobody_confirms_their_own_occurrence",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.department} {self.day} {self.item}"


class DutyRecord(models.Model):
    """What came of a unit's recurring duty for one period (报送记录): the day it came, or that it did not.

    `occurrence` is the entry that was proposed because it was late.
    """

    scheme_id = models.CharField("方案编号", max_length=64)
    department = models.ForeignKey(
        "departments.Department", verbose_name="单位", on_delete=models.PROTECT, related_name="+"
    )
    duty = models.CharField("报送事项", max_length=64)
    period = models.CharField("所属时期", max_length=16)
    due_on = models.DateField("应报日期")
    came_on = models.DateField("报送日期", null=True, blank=True)
    occurrence = models.ForeignKey(
        Occurrence,
        verbose_name="台账记录",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="duty_records",
    )
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="登记人", on_delete=models.PROTECT, related_name="+"
    )
    noted_at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = "报送记录"
        verbose_name_plural = "报送记录"
        ordering: ClassVar = ["due_on", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["scheme_id", "duty", "period", "department"],
                name="a_duty_is_noted_once_for_a_unit_and_period",
            )
        ]

    def __str__(self) -> str:
        return f"{self.department} {self.duty} {self.period}"
