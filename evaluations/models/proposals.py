"""What an ended matter proposes for a ledger; a reviewer takes it over or sets it aside there."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from evaluations.models.ledger import Occurrence


class MatterProposal(models.Model):
    """A matter whose ending may count under a rule of a scheme (台账线索), once for each unit and rule.

    It says the matter's number, nothing of who reported. It costs nothing until somebody takes it over.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "待处理"
        TAKEN = "taken", "已计入台账"
        SET_ASIDE = "set_aside", "不计入台账"
        WITHDRAWN = "withdrawn", "已撤销"
        STALE = "stale", "结论已改变"

    matter = models.ForeignKey(
        "casework.Matter", verbose_name="事项", on_delete=models.PROTECT, related_name="proposals"
    )
    scheme_id = models.CharField("方案编号", max_length=64)
    rule = models.CharField("项目", max_length=64)
    department = models.ForeignKey(
        "departments.Department", verbose_name="单位", on_delete=models.PROTECT, related_name="+"
    )
    day = models.DateField("发生日期")
    why = models.CharField("依据", max_length=300)
    state = models.CharField("状态", max_length=16, choices=State, default=State.WAITING)
    occurrence = models.OneToOneField(
        Occurrence,
        verbose_name="台账记录",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="proposal",
    )
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="处理人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    settled_at = models.DateTimeField("处理时间", null=True, blank=True)
    reason = models.CharField("说明", max_length=300, blank=True)

    class Meta:
        verbose_name = "台账线索"
        verbose_name_plural = "台账线索"
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["matter", "scheme_id", "rule", "department"], name="a_matter_proposes_a_rule_once"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="taken") | models.Q(occurrence__isnull=False),
                name="what_is_taken_over_is_in_the_ledger",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.matter.number} {self.rule}"
