"""Appeals against a served result, with their papers and what was decided."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from evaluations.models.judging import Result, Round, RoundDepartment, RoundMember
from office import dates
from office.files import stored


class Appeal(models.Model):
    """A department's or person's objection after service (申诉).

    A person has no account: the unit's officer or the centre lodges it for the person, on the day and at the
    time at which it was received. What was lodged before moments were kept has only its day.
    """

    class State(models.TextChoices):
        LODGED = "lodged", "待复核"
        UPHELD = "upheld", "予以采纳"
        REJECTED = "rejected", "不予采纳"

    class Outcome(models.TextChoices):
        KEPT = "kept", "维持原结果"
        CHANGED = "changed", "变更原结果"
        REVOKED = "revoked", "撤销原结果"

    round = models.ForeignKey(Round, verbose_name="轮次", on_delete=models.PROTECT, related_name="appeals")
    result = models.ForeignKey(
        Result, verbose_name="所诉结果", on_delete=models.PROTECT, related_name="appeals"
    )
    round_department = models.ForeignKey(
        RoundDepartment, verbose_name="参评单位", on_delete=models.PROTECT, related_name="appeals"
    )
    round_member = models.ForeignKey(
        RoundMember,
        verbose_name="参评人员",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="appeals",
    )
    text = models.TextField("申诉事项")
    lodged_on = models.DateField("申诉日期")
    received_at = models.DateTimeField("收到时间", null=True, blank=True)
    on_paper = models.BooleanField("书面提出", default=False)
    lodged_at = models.DateTimeField("登记时间", null=True, blank=True)
    lodged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="登记人", on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField("状态", max_length=16, choices=State, default=State.LODGED)
    outcome = models.CharField("复核结论", max_length=16, choices=Outcome, blank=True)
    findings = models.TextField("查明情况", blank=True)
    decision = models.TextField("复核理由", blank=True)
    decided_on = models.DateField("复核日期", null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="复核人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    correction = models.CharField(
        "更正情况", max_length=500, blank=True, help_text="采纳后更正了什么，或为何不必更正。"
    )
    calls_for_result = models.BooleanField("已更正，须重新计算", default=False)
    watched_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="纪检监察阅知人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    watched_on = models.DateField("纪检监察阅知日期", null=True, blank=True)

    class Meta:
        verbose_name = "申诉"
        verbose_name_plural = "申诉"
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(decided_by=models.F("lodged_by")) | models.Q(lodged_at__isnull=True),
                name="nobody_decides_an_appeal_they_lodged",
            ),
            models.CheckConstraint(
                condition=models.Q(state="lodged", outcome="")
                | models.Q(state="rejected", outcome="kept")
                | models.Q(state="upheld", outcome__in=["changed", "revoked"]),
                name="an_appeal_is_upheld_as_its_outcome_says",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round_department} {dates.day(self.lodged_on)}"

    @property
    def who(self) -> str:
        """Whose appeal it is, as the scheme names them."""
        return "person" if self.round_member_id else "unit"


class AppealPaper(models.Model):
    """A paper handed in with an appeal (申诉材料)."""

    appeal = models.ForeignKey(Appeal, verbose_name="申诉", on_delete=models.PROTECT, related_name="papers")
    file = models.FileField("文件", storage=stored.private, upload_to="appeals/", max_length=200)
    file_name = models.CharField("文件名", max_length=120)

    class Meta:
        verbose_name = "申诉材料"
        verbose_name_plural = "申诉材料"
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.file_name
