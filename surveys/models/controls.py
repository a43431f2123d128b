"""Explanations of broken controls, each by a named person."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from surveys.models.survey import Survey


class ControlExplanation(models.Model):
    """A broken control explained by a named person (核对说明); published with the result.

    It stands for these numbers only: `said` is the control as it was explained.
    """

    survey = models.ForeignKey(
        Survey, verbose_name="评价表", on_delete=models.CASCADE, related_name="explanations"
    )
    key = models.CharField("核对项", max_length=80)
    said = models.CharField("核对内容", max_length=300)
    text = models.TextField("情况说明", max_length=1000)
    user = models.ForeignKey("office.User", verbose_name="说明人", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("说明时间")

    class Meta:
        verbose_name = "核对说明"
        verbose_name_plural = "核对说明"
        ordering: ClassVar = ["survey", "at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["survey", "key", "said"], name="a_broken_control_is_explained_once"
            )
        ]

    def __str__(self) -> str:
        return self.said
