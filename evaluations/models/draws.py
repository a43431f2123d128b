"""Draws from pools that were made for a round."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from evaluations.models.judging import Round


class RoundDraw(models.Model):
    """A draw made for a round (本轮抽样): who was drawn gets a slip, or is asked by those who call."""

    round = models.ForeignKey(Round, verbose_name="轮次", on_delete=models.CASCADE, related_name="draws")
    draw = models.OneToOneField(
        "surveys.PoolDraw", verbose_name="抽样", on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "本轮抽样"
        verbose_name_plural = "本轮抽样"
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.round} {self.draw}"
