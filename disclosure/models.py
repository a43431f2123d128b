"""亮评价结果: what has been published, and where its files lie."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from departments.models import StaffMember

PERSONS_SUFFIX = "-persons.html"


class Publication(models.Model):
    """One publication of a round's result (公示): pages and PDFs rendered once, served as files.

    `directory` is relative to the published folder; `manifest` maps each file to its SHA-256.
    """

    round = models.ForeignKey(
        "evaluations.Round", verbose_name="轮次", on_delete=models.PROTECT, related_name="publications"
    )
    result = models.OneToOneField(
        "evaluations.Result", verbose_name="评价结果", on_delete=models.PROTECT, related_name="publication"
    )
    number = models.PositiveIntegerField("第几次公布", default=1)
    directory = models.CharField("目录", max_length=120, blank=True)
    manifest = models.JSONField("文件清单", default=dict, blank=True)
    rendered_at = models.DateTimeField("生成时间", null=True, blank=True)
    is_current = models.BooleanField("当前公布", default=True)

    class Meta:
        verbose_name = "公示"
        verbose_name_plural = "公示"
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.round} 第{self.number}次公布"

    def earlier(self) -> models.QuerySet[Publication]:
        """Return the publications of the round that this one corrects."""
        return Publication.objects.filter(round_id=self.round_id, number__lt=self.number).select_related(
            "result"
        )

    def shows_persons(self) -> bool:
        """Return whether persons may still be shown: until the next round is published."""
        later = Publication.objects.filter(round__published_at__gt=self.round.published_at)
        return not later.exclude(round_id=self.round_id).exists()

    def names_somebody_taken_down(self) -> bool:
        """Return whether a file names a person who is no longer shown."""
        ids = {person for entry in self.manifest.values() for person in entry["persons"]}
        return StaffMember.objects.filter(pk__in=ids, is_shown=False).exists()

    def names_persons(self) -> bool:
        """Return whether pages of persons are online."""
        return any(name.endswith(PERSONS_SUFFIX) for name in self.manifest)
