"""Paper ballots as they are keyed: the sheet, and what each clerk read on it.

A sheet knows neither slip nor packet nor town; its number is random and was stuck on after the box was
mixed. Once the bundle is written, what was read is in there, sealed, and is wiped here.
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from surveys.fields import RandomKey
from surveys.models.survey import Stratum, Survey


class PaperContent(models.Model):
    """What stands on a sheet. `marks`: one key for each question, in the form's order."""

    class Kind(models.TextChoices):
        VALID = "valid", "有效"
        SPOILED = "spoiled", "废票"
        SET_ASIDE = "set_aside", "剔除"

    stratum = models.ForeignKey(
        Stratum, verbose_name="类别", on_delete=models.CASCADE, null=True, related_name="+"
    )
    department = models.CharField("单位", max_length=40, blank=True)
    kind = models.CharField("票面", max_length=16, choices=Kind, blank=True)
    marks = models.CharField("选项", max_length=500, blank=True)
    matter = models.TextField("具体事项", blank=True)
    suggestion = models.TextField("意见建议", blank=True)

    class Meta:
        abstract = True


class PaperSheet(PaperContent):
    """One sheet of annex 3 (工作人员服务质量测评表) with its number; its content once two readings agree."""

    class State(models.TextChoices):
        LABEL = "label", "待录入"
        ONCE = "once", "待第二人录入"
        DIFFERENT = "different", "待第三人录入"
        REVIEW = "review", "待复核人员裁定"
        SETTLED = "settled", "已核定"

    id = RandomKey()
    survey = models.ForeignKey(Survey, verbose_name="评价表", on_delete=models.CASCADE, related_name="sheets")
    number = models.PositiveIntegerField("编号")
    state = models.CharField("状态", max_length=16, choices=State, default=State.LABEL)

    class Meta:
        verbose_name = "纸质测评表"
        verbose_name_plural = "纸质测评表"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["survey", "number"], name="a_survey_numbers_a_sheet_once")
        ]
        indexes: ClassVar = [models.Index(fields=["survey", "state"], name="sheets_of_a_survey_by_state")]

    def __str__(self) -> str:
        return f"测评表{self.number}"


class PaperReading(PaperContent):
    """What one clerk read on a sheet (录入); nobody else sees it before the sheet is settled."""

    id = RandomKey()
    sheet = models.ForeignKey(
        PaperSheet, verbose_name="测评表", on_delete=models.CASCADE, related_name="readings"
    )
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="录入人", on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "纸质票录入"
        verbose_name_plural = "纸质票录入"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sheet", "reader"], name="nobody_reads_a_sheet_twice")
        ]

    def __str__(self) -> str:
        return f"{self.sheet}：{self.reader}"
