"""Money: requests, orders and bank dates of each decision, and the pools it comes from, to the cent."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from benefits.models.claims import ClaimDecision


def cents(label: str) -> models.DecimalField:
    return models.DecimalField(label, max_digits=14, decimal_places=2)


class FundPool(models.Model):
    """Funds of a level and a year (资金池); its balance is the sum of its entries, never below nothing."""

    level = models.CharField("层级", max_length=32)
    name = models.CharField("资金池", max_length=80)
    year = models.PositiveIntegerField("年度")
    closed_on = models.DateField("年终结账日期", null=True, blank=True)

    class Meta:
        verbose_name = "资金池"
        verbose_name_plural = "资金池"
        ordering: ClassVar = ["-year", "name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["level", "year"], name="a_level_has_one_pool_a_year")
        ]

    def __str__(self) -> str:
        return f"{self.name}（{self.year}年）"


class Payment(models.Model):
    """One payment of a granted amount (兑现): requested, ordered, on the account by the bank's date.

    Where the pool is empty it waits (待资金), first come by the time of approval; the clock runs on.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "待资金"
        REQUESTED = "requested", "已申请支付"
        ORDERED = "ordered", "支付中"
        PAID = "paid", "已到账"
        REFUNDED = "refunded", "已退回"

    decision = models.ForeignKey(
        ClaimDecision, verbose_name="审批决定", on_delete=models.PROTECT, related_name="payments"
    )
    state = models.CharField("状态", max_length=16, choices=State, default=State.REQUESTED)
    amount = cents("金额（元）")
    requested_on = models.DateField("申请支付日期")
    let_in_on = models.DateField("落实资金日期", null=True, blank=True)
    ordered_on = models.DateField("支付令日期", null=True, blank=True)
    bank_on = models.DateField("银行到账日期", null=True, blank=True)
    refunded_on = models.DateField("退回日期", null=True, blank=True)
    refund_why = models.CharField("退回原因", max_length=200, blank=True)

    class Meta:
        verbose_name = "兑现支付"
        verbose_name_plural = "兑现支付"
        ordering: ClassVar = ["decision__decided_at", "id"]
        indexes: ClassVar = [models.Index(fields=["state", "ordered_on"], name="payments_by_state")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="a_payment_is_above_nothing"),
            models.CheckConstraint(
                condition=Q(bank_on=None) | (Q(ordered_on__isnull=False) & Q(bank_on__gte=F("ordered_on"))),
                name="money_arrives_after_the_order",
            ),
            models.CheckConstraint(
                condition=Q(ordered_on=None) | Q(ordered_on__gte=F("requested_on")),
                name="a_payment_is_ordered_after_the_request",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.decision.claim} {self.amount}元"


class FundShare(models.Model):
    """The part of a payment that one pool bears (分担); the parts of a payment sum to it."""

    payment = models.ForeignKey(Payment, verbose_name="支付", on_delete=models.CASCADE, related_name="shares")
    pool = models.ForeignKey(FundPool, verbose_name="资金池", on_delete=models.PROTECT, related_name="shares")
    amount = cents("金额（元）")

    class Meta:
        verbose_name = "分担"
        verbose_name_plural = "分担"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["payment", "pool"], name="a_pool_bears_one_part_of_a_payment"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="a_part_is_above_nothing"),
        ]

    def __str__(self) -> str:
        return f"{self.pool} {self.amount}元"


class FundEntry(models.Model):
    """One movement of a pool (资金池流水), never edited: above nothing what came in, below what went out."""

    class Kind(models.TextChoices):
        BUDGET = "budget", "预算"
        REFILL = "refill", "补充"
        PAYMENT = "payment", "兑现"
        REFUND = "refund", "退回"
        CLOSING = "closing", "年终收回"

    pool = models.ForeignKey(
        FundPool, verbose_name="资金池", on_delete=models.PROTECT, related_name="entries"
    )
    kind = models.CharField("类别", max_length=16, choices=Kind)
    amount = cents("金额（元）")
    day = models.DateField("日期")
    share = models.ForeignKey(
        FundShare,
        verbose_name="分担",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="entries",
    )
    remark = models.CharField("说明", max_length=200, blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="登记人", on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "资金池流水"
        verbose_name_plural = "资金池流水"
        ordering: ClassVar = ["day", "id"]

    def __str__(self) -> str:
        return f"{self.pool} {self.get_kind_display()} {self.amount}元"
