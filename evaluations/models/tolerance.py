"""Tolerance and clearing inside the register: risk reports, applications, names that are cleared (WY-R10)."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models

from evaluations.models.consequences import Disposition


class RiskReport(models.Model):
    """What a unit reported of a risky matter (风险报备): before the decision, or afterwards.

    The time is the server's and is never edited. What came after the decision is no ground on its own.
    """

    department = models.ForeignKey(
        "departments.Department", verbose_name="单位", on_delete=models.PROTECT, related_name="+"
    )
    matter = models.CharField("事项", max_length=120)
    basis = models.TextField("依据")
    ways = models.TextField("备选办法")
    risk = models.TextField("风险")
    measures = models.TextField("防范措施")
    decided_by = models.CharField("决策机构（会议）", max_length=120)
    decision_at = models.DateTimeField("决策时间", null=True, blank=True)
    reported_at = models.DateTimeField("报备时间")
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="报备人", on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "风险报备"
        verbose_name_plural = "风险报备"
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.department} {self.matter}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert once; afterwards only the time of the decision is added."""
        if self.pk is not None and kwargs.get("update_fields") != ["decision_at"]:
            raise TypeError("a risk report is never edited")
        super().save(*args, **kwargs)

    @property
    def is_before(self) -> bool:
        return self.decision_at is None or self.reported_at < self.decision_at

    @property
    def kind(self) -> str:
        if self.is_before:
            return "事前报备" if self.decision_at else "事前报备（尚未登记决策时间）"
        return "事后补报，不单独作为容错依据"


class ToleranceCase(models.Model):
    """An application for tolerance inside a disposition (容错申请), its findings and its decision.

    It changes no points and no card by itself: that does a new result alone.
    """

    class State(models.TextChoices):
        APPLIED = "applied", "待决定"
        EXEMPT = "exempt", "免予处置"
        LIGHTER = "lighter", "从轻处置"
        REFUSED = "refused", "不予容错"

    disposition = models.ForeignKey(
        Disposition, verbose_name="处置事项", on_delete=models.PROTECT, related_name="tolerance_cases"
    )
    report = models.ForeignKey(
        RiskReport, verbose_name="风险报备", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    grounds = models.TextField("申请理由")
    applied_at = models.DateTimeField("申请时间")
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="申请人", on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField("状态", max_length=16, choices=State, default=State.APPLIED)
    findings = models.JSONField("逐项认定", default=dict, blank=True, help_text="认定项目的编号 → 认定情况。")
    reasons = models.TextField("决定理由", blank=True)
    body = models.CharField("决定机关", max_length=80, blank=True)
    number = models.CharField("决定文号", max_length=80, blank=True)
    decided_on = models.DateField("决定日期", null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="登记人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        verbose_name = "容错申请"
        verbose_name_plural = "容错申请"
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(decided_by=models.F("applied_by")),
                name="nobody_tolerates_on_their_own_word",
            ),
            models.CheckConstraint(
                condition=models.Q(state="applied")
                | ~models.Q(number="") & ~models.Q(body="") & models.Q(decided_on__isnull=False),
                name="no_tolerance_without_number_body_and_day",
            ),
            models.UniqueConstraint(
                fields=["disposition"],
                condition=models.Q(state="applied"),
                name="one_application_for_tolerance_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.disposition} 容错申请"

    @property
    def wants_a_result(self) -> bool:
        """Whether it was tolerated while the result that proposed it, and its points, still stand."""
        stands = self.disposition.state not in (Disposition.State.SET_ASIDE, Disposition.State.WITHDRAWN)
        return (
            self.state == self.State.EXEMPT and stands and not hasattr(self.disposition.result, "replaced_by")
        )


class Clearing(models.Model):
    """A name that is cleared after a false report (澄清正名): with consent, no wider than the harm.

    The number of the report is sealed: the inspectorate alone sees it.
    """

    class State(models.TextChoices):
        OPEN = "open", "待澄清"
        CLEARED = "cleared", "已澄清，待回访"
        VISITED = "visited", "已回访"

    class Way(models.TextChoices):
        IN_PERSON = "in_person", "当面澄清"
        IN_WRITING = "in_writing", "书面澄清"
        MEETING = "meeting", "会议澄清"
        CIRCULAR = "circular", "通报澄清"

    class Circle(models.IntegerChoices):
        PERSON = 1, "本人和有关人员"
        SECTION = 2, "所在科室"
        UNIT = 3, "本单位"
        SYSTEM = 4, "本系统（乡镇）"
        PUBLIC = 5, "社会公众"

    department = models.ForeignKey(
        "departments.Department", verbose_name="单位", on_delete=models.PROTECT, related_name="+"
    )
    staff_member = models.ForeignKey(
        "departments.StaffMember",
        verbose_name="本人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    disposition = models.ForeignKey(
        Disposition,
        verbose_name="据此作出的处置",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="clearings",
    )
    report_number = models.CharField("举报件编号", max_length=80)
    found_on = models.DateField("查实日期")
    harm = models.TextField("造成的影响")
    harm_circle = models.PositiveSmallIntegerField("影响范围", choices=Circle)
    consented_on = models.DateField("本人同意日期")
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="登记人", on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField("状态", max_length=16, choices=State, default=State.OPEN)
    due_on = models.DateField("澄清期限")
    rests_on = models.JSONField("期限的依据", default=dict)
    is_provisional = models.BooleanField("期限暂定", default=False)
    way = models.CharField("方式", max_length=16, choices=Way, blank=True)
    circle = models.PositiveSmallIntegerField("澄清范围", choices=Circle, null=True, blank=True)
    cleared_on = models.DateField("澄清日期", null=True, blank=True)
    cleared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="澄清登记人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    visit_due_on = models.DateField("回访期限", null=True, blank=True)
    visited_on = models.DateField("回访日期", null=True, blank=True)
    visited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="回访人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    visit = models.TextField("回访情况", blank=True)
    false_report_number = models.CharField("诬告认定文号", max_length=80, blank=True)

    class Meta:
        verbose_name = "澄清正名"
        verbose_name_plural = "澄清正名"
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(circle__isnull=True) | models.Q(circle__lte=models.F("harm_circle")),
                name="no_name_is_cleared_wider_than_the_harm",
            ),
            models.CheckConstraint(
                condition=~models.Q(visited_by=models.F("cleared_by")),
                name="nobody_visits_after_their_own_clearing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.department} 澄清正名 {self.pk}"

    @property
    def whom(self) -> str:
        return self.staff_member.name if self.staff_member else "本单位"
