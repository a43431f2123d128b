"""Mark sheets: a panel, who marks in it, and what each gave, sealed until two persons open the panel."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from departments.models import Department
from evaluations.models.gathering import Channel


class Panel(models.Model):
    """Those who mark in a channel (评议组); nobody sees a mark of it before `opened_at`."""

    channel = models.OneToOneField(
        Channel, verbose_name="取数渠道", on_delete=models.CASCADE, related_name="panel"
    )
    label = models.CharField("名称", max_length=80)
    by_aspect = models.BooleanField("逐方面打分", default=True)
    opened_at = models.DateTimeField("开启时间", null=True, blank=True)

    class Meta:
        verbose_name = "评议组"
        verbose_name_plural = "评议组"

    def __str__(self) -> str:
        return self.label


class PanelAct(models.Model):
    """What two persons do with a panel (两人开启): one asks, the other agrees within the hour."""

    class Act(models.TextChoices):
        OPEN = "open", "开启"
        REOPEN = "reopen", "重新收表"

    panel = models.ForeignKey(Panel, verbose_name="评议组", on_delete=models.CASCADE, related_name="acts")
    act = models.CharField("事项", max_length=16, choices=Act)
    reason = models.CharField("原因", max_length=200, blank=True)
    first = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="第一人", on_delete=models.PROTECT, related_name="+"
    )
    first_at = models.DateTimeField("第一人办理时间")
    second = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="第二人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    second_at = models.DateTimeField("第二人办理时间", null=True, blank=True)

    class Meta:
        verbose_name = "两人开启"
        verbose_name_plural = "两人开启"
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(second=models.F("first")), name="a_panel_is_opened_by_two"
            ),
            models.UniqueConstraint(
                fields=["panel"], condition=models.Q(second=None), name="a_panel_waits_for_one_act"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.panel} {self.get_act_display()}"


class Marker(models.Model):
    """Somebody who marks the units in a panel (评议人); the own unit is not on the sheet."""

    class Way(models.TextChoices):
        ACCOUNT = "account", "用账户"
        PAPER = "paper", "用纸质表"

    panel = models.ForeignKey(Panel, verbose_name="评议组", on_delete=models.CASCADE, related_name="markers")
    name = models.CharField("姓名", max_length=80)
    unit = models.ForeignKey(
        Department,
        verbose_name="单位",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    way = models.CharField("方式", max_length=16, choices=Way, default=Way.PAPER)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="账户",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        verbose_name = "评议人"
        verbose_name_plural = "评议人"
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["panel", "name", "unit"], name="a_panel_names_a_marker_once"),
            models.UniqueConstraint(
                fields=["panel", "name"],
                condition=models.Q(unit=None),
                name="a_panel_names_a_marker_of_no_unit_once",
            ),
            models.UniqueConstraint(
                fields=["panel", "account"],
                condition=models.Q(account__isnull=False),
                name="an_account_marks_once_in_a_panel",
            ),
            models.CheckConstraint(
                condition=models.Q(way="account", account__isnull=False)
                | models.Q(way="paper", account=None),
                name="only_who_marks_by_account_has_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}（{self.unit}）" if self.unit_id else self.name


class MarkSheet(models.Model):
    """One mark sheet (打分表). What it says is stored sealed: a reader of the database cannot read it."""

    class State(models.TextChoices):
        DUE = "due", "未交"
        SUBMITTED = "submitted", "已提交"
        VOID = "void", "作废"

    class Keying(models.TextChoices):
        """How far the clerks are with a paper sheet."""

        NONE = "none", "待录入"
        ONCE = "once", "待第二人录入"
        DIFFERENT = "different", "待第三人录入"
        REVIEW = "review", "待复核人员裁定"
        SETTLED = "settled", "已核定"

    marker = models.ForeignKey(Marker, verbose_name="评议人", on_delete=models.CASCADE, related_name="sheets")
    number = models.PositiveIntegerField("编号", unique=True)
    state = models.CharField("状态", max_length=16, choices=State, default=State.DUE)
    keying = models.CharField("录入", max_length=16, choices=Keying, default=Keying.NONE)
    sealed = models.TextField("密封的打分", blank=True)
    version = models.PositiveIntegerField("保存次数", default=0)
    submitted_at = models.DateTimeField("提交时间", null=True, blank=True)
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="收表人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    void_reason = models.CharField("作废原因", max_length=200, blank=True)

    class Meta:
        verbose_name = "打分表"
        verbose_name_plural = "打分表"
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["marker"],
                condition=~models.Q(state="void"),
                name="a_marker_has_one_sheet_that_counts",
            )
        ]

    def __str__(self) -> str:
        return f"打分表{self.number}"


class SheetReading(models.Model):
    """What one clerk read on a paper sheet (打分表录入); wiped once the sheet is settled."""

    sheet = models.ForeignKey(
        MarkSheet, verbose_name="打分表", on_delete=models.CASCADE, related_name="readings"
    )
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="录入人", on_delete=models.PROTECT, related_name="+"
    )
    sealed = models.TextField("密封的打分", blank=True)

    class Meta:
        verbose_name = "打分表录入"
        verbose_name_plural = "打分表录入"
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sheet", "reader"], name="nobody_keys_a_mark_sheet_twice")
        ]

    def __str__(self) -> str:
        return f"{self.sheet}：{self.reader}"
