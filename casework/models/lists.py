"""Typical cases that are shown, lists of what officials may and may not do, and their contacts with firms."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.db import models


def _by(label: str, *, null: bool = False) -> Any:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=label,
        null=null,
        blank=null,
        on_delete=models.PROTECT,
        related_name="+",
    )


class TypicalCase(models.Model):
    """A case that was dealt with and is shown (典型案例; WY-R7), with the inspectorate's leave.

    It is shown from `shown_from` until the day before `shown_until`: pages ask for the day, no job has to
    take it off.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "待同意"
        APPROVED = "approved", "已同意公开"
        PUBLISHED = "published", "已公布"
        WITHDRAWN = "withdrawn", "已撤下"

    title = models.CharField("标题", max_length=80)
    unit = models.ForeignKey(
        "departments.Department", verbose_name="单位", on_delete=models.PROTECT, related_name="typical_cases"
    )
    persons_shown = models.CharField(
        "人员", max_length=120, blank=True, help_text="写作姓加“某”，几个人用顿号隔开。例如：张某、李某某。"
    )
    facts = models.TextField("事实和处理", max_length=3000)
    decision_number = models.CharField("处理决定文号", max_length=80)
    decided_on = models.DateField("处理决定日期")
    body = models.CharField("决定机关", max_length=80)
    state = models.CharField("状态", max_length=16, choices=State, default=State.DRAFT)
    written_by = _by("起草人")
    approved_by = _by("同意人", null=True)
    approved_at = models.DateTimeField("同意时间", null=True, blank=True)
    returned = models.CharField("退回意见", max_length=300, blank=True)
    shown_from = models.DateField("公布日期", null=True, blank=True)
    shown_until = models.DateField("撤下日期", null=True, blank=True)
    published_by = _by("公布人", null=True)
    withdrawn_on = models.DateField("提前撤下日期", null=True, blank=True)
    withdrawn_reason = models.CharField("撤下理由", max_length=300, blank=True)
    withdrawn_by = _by("撤下人", null=True)

    class Meta:
        verbose_name = "典型案例"
        verbose_name_plural = "典型案例"
        ordering: ClassVar = ["-shown_from", "-id"]
        indexes: ClassVar = [models.Index(fields=["state", "shown_until"], name="cases_that_are_shown")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(approved_by__isnull=True) | ~models.Q(approved_by=models.F("written_by")),
                name="a_case_is_approved_by_another",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="published")
                | models.Q(approved_by__isnull=False, shown_from__isnull=False, shown_until__isnull=False),
                name="a_shown_case_has_leave_and_an_end",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def is_shown_on(self, day: date) -> bool:
        return (
            self.state == self.State.PUBLISHED
            and self.shown_from is not None
            and self.shown_until is not None
            and self.shown_from <= day < self.shown_until
        )


class ListVersion(models.Model):
    """One version of the positive or the negative list (正面清单、负面清单; WY-R2).

    An act is judged by the version in force on its day: the last published one that began by then.
    """

    class Kind(models.TextChoices):
        POSITIVE = "positive", "正面清单"
        NEGATIVE = "negative", "负面清单"

    class State(models.TextChoices):
        DRAFT = "draft", "起草"
        APPROVED = "approved", "已审核"
        PUBLISHED = "published", "已公布"

    kind = models.CharField("清单", max_length=16, choices=Kind)
    version = models.PositiveIntegerField("版次")
    state = models.CharField("状态", max_length=16, choices=State, default=State.DRAFT)
    number = models.CharField("文号", max_length=80, blank=True)
    in_force_from = models.DateField("施行日期", null=True, blank=True)
    drafted_by = _by("起草人")
    approved_by = _by("审核人", null=True)
    published_by = _by("公布人", null=True)
    published_on = models.DateField("公布日期", null=True, blank=True)

    class Meta:
        verbose_name = "行为清单"
        verbose_name_plural = "行为清单"
        ordering: ClassVar = ["kind", "-version"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "version"], name="a_list_has_each_version_once"),
            models.UniqueConstraint(
                fields=["kind"],
                condition=~models.Q(state="published"),
                name="one_version_of_a_list_is_prepared",
            ),
            models.UniqueConstraint(
                fields=["kind", "in_force_from"],
                condition=models.Q(state="published"),
                name="one_version_of_a_list_begins_on_a_day",
            ),
            models.CheckConstraint(
                condition=models.Q(approved_by__isnull=True) | ~models.Q(approved_by=models.F("drafted_by")),
                name="a_list_is_approved_by_another",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="published")
                | (models.Q(in_force_from__isnull=False, approved_by__isnull=False) & ~models.Q(number="")),
                name="a_published_list_has_number_and_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}第{self.version}版"


class ListEntry(models.Model):
    """A numbered entry of a list (清单条目) with its basis; contacts under it may have to be reported."""

    version = models.ForeignKey(
        ListVersion, verbose_name="行为清单", on_delete=models.PROTECT, related_name="entries"
    )
    number = models.PositiveIntegerField("条目")
    text = models.CharField("内容", max_length=500)
    basis = models.CharField("依据条款", max_length=200)
    needs_report = models.BooleanField("须报告", default=False)

    class Meta:
        verbose_name = "清单条目"
        verbose_name_plural = "清单条目"
        ordering: ClassVar = ["version", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version", "number"], name="an_entry_has_its_own_number")
        ]

    def __str__(self) -> str:
        return f"{self.version}第{self.number}条"


class ContactReport(models.Model):
    """An official's own report of a contact with a firm (接触报告; WY-R2): seen by the reporter and the
    inspectorate alone, never edited, never summed up by person.
    """

    class Kind(models.TextChoices):
        BEFORE = "before", "事前报告"
        AFTER = "after", "事后补报"
        LATE = "late", "逾期补报"

    reported_by = _by("报告人")
    reported_at = models.DateTimeField("报告时间")
    happens_at = models.DateTimeField("接触时间")
    kind = models.CharField("性质", max_length=16, choices=Kind)
    why = models.CharField("期限说明", max_length=400, blank=True)
    firm = models.CharField("企业", max_length=120)
    occasion = models.CharField("事由", max_length=200)
    entry = models.ForeignKey(
        ListEntry, verbose_name="清单条目", on_delete=models.PROTECT, related_name="contacts"
    )
    meal = models.CharField("用餐", max_length=40)

    class Meta:
        verbose_name = "接触报告"
        verbose_name_plural = "接触报告"
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["reported_by", "-id"], name="contacts_of_a_reporter")]

    def __str__(self) -> str:
        return f"{self.occasion}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert once; what was reported, and when, is never edited."""
        if self.pk is not None:
            raise TypeError("a contact report is never edited")
        super().save(*args, **kwargs)
