"""Claims: each is a matter, with what is particular to it beside; the account is sealed."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from benefits.models.catalogue import ItemVersion, NeededPaper
from benefits.models.firms import Firm
from benefits.models.lists import FixedList
from casework.models import Matter, MatterFile, Stop


class Claim(models.Model):
    """A firm's claim for an item (申请), under the version of the day it was made."""

    OVER: ClassVar = (
        Matter.State.REFUSED,
        Matter.State.WITHDRAWN,
        Matter.State.MERGED,
        Matter.State.TRANSFERRED,
    )

    matter = models.OneToOneField(Matter, verbose_name="事项", on_delete=models.PROTECT, related_name="claim")
    firm = models.ForeignKey(Firm, verbose_name="企业", on_delete=models.PROTECT, related_name="claims")
    version = models.ForeignKey(
        ItemVersion, verbose_name="事项版本", on_delete=models.PROTECT, related_name="claims"
    )
    from_list = models.ForeignKey(
        FixedList,
        verbose_name="免申即享名单",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="claims",
    )
    amount_asked = models.DecimalField(
        "申请金额（元）", max_digits=14, decimal_places=2, null=True, blank=True
    )
    account = models.TextField("密封的收款账户", blank=True, editable=False)
    is_promised = models.BooleanField("已承诺材料真实", default=False)

    class Meta:
        verbose_name = "惠企申请"
        verbose_name_plural = "惠企申请"
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(amount_asked=None) | Q(amount_asked__gte=0),
                name="nobody_claims_less_than_nothing",
            )
        ]

    def __str__(self) -> str:
        return str(self.matter)


class ClaimPaper(models.Model):
    """Whether a needed paper lies with a claim (材料核对): handed in, waived, or missing.

    `asked` is the notice that named it; as long as one that it named is missing the clocks stand still.
    """

    class State(models.TextChoices):
        HANDED_IN = "handed_in", "已提交"
        WAIVED = "waived", "免提交"
        MISSING = "missing", "缺"

    claim = models.ForeignKey(Claim, verbose_name="申请", on_delete=models.CASCADE, related_name="papers")
    paper = models.ForeignKey(NeededPaper, verbose_name="材料", on_delete=models.PROTECT, related_name="+")
    state = models.CharField("情况", max_length=16, choices=State, default=State.MISSING)
    files = models.ManyToManyField(MatterFile, verbose_name="文件", blank=True, related_name="+")
    asked = models.ForeignKey(
        Stop, verbose_name="补正通知", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "材料核对"
        verbose_name_plural = "材料核对"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["claim", "paper"], name="a_claim_has_a_paper_once")
        ]

    def __str__(self) -> str:
        return f"{self.paper} {self.get_state_display()}"


class ClaimDecision(models.Model):
    """What a department decided on a claim (审批决定): an amount, or a right from a day on, or a refusal.

    A matter that was reopened is decided again: one decision for each time it is handled.
    """

    claim = models.ForeignKey(Claim, verbose_name="申请", on_delete=models.PROTECT, related_name="decisions")
    cycle = models.PositiveIntegerField("第几次办理", default=0)
    is_granted = models.BooleanField("批准")
    amount = models.DecimalField("批准金额（元）", max_digits=14, decimal_places=2, null=True, blank=True)
    takes_effect_on = models.DateField("权益生效日期", null=True, blank=True)
    clause = models.CharField("依据条款", max_length=120)
    reason = models.CharField("理由", max_length=500, blank=True)
    remedy = models.CharField("救济途径", max_length=300, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="经办人", on_delete=models.PROTECT, related_name="+"
    )
    approver = models.CharField("审批人", max_length=40)
    decided_at = models.DateTimeField("审批时间")
    first_decided_at = models.DateTimeField(
        "首次审批时间", help_text="重新审批后结论不变的，为最初审批的时间。"
    )
    amount_before = models.DecimalField(
        "以前月份批准的金额（元）", max_digits=14, decimal_places=2, null=True, blank=True
    )

    class Meta:
        verbose_name = "审批决定"
        verbose_name_plural = "审批决定"
        ordering: ClassVar = ["claim_id", "cycle"]
        indexes: ClassVar = [models.Index(fields=["first_decided_at"], name="decisions_by_first_day")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["claim", "cycle"], name="a_claim_is_decided_once_a_cycle"),
            models.CheckConstraint(
                condition=Q(is_granted=True) | (Q(amount=None) & Q(takes_effect_on=None)),
                name="a_refusal_grants_nothing",
            ),
            models.CheckConstraint(
                condition=Q(amount=None) | Q(amount__gt=0), name="a_granted_amount_is_above_nothing"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.claim} {'批准' if self.is_granted else '不予兑现'}"
