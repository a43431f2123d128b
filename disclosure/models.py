"""What the public is shown: published results, and identity and duties as last approved."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.db import models

from departments.models import StaffMember

PERSONS_SUFFIX = "-persons.html"


def _actor(label: str) -> models.ForeignKey[Any, Any]:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=label,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )


class Publication(models.Model):
    """One publication of a round's result (公示): pages and PDFs rendered once, served as files.

    `shown` is what the public sees, decided once: pages are rendered from it again, without persons who are
    taken down, and every such change is one of the `notes`. `directory` is relative to the published
    folder; `manifest` maps each file to its SHA-256.
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
    decision = models.CharField("更正的批准文号", max_length=120, blank=True)
    published_at = models.DateTimeField("公布时间", null=True, blank=True)
    shown = models.JSONField("公布的内容", default=dict, blank=True)
    notes = models.JSONField("变动说明", default=list, blank=True)

    class Meta:
        verbose_name = "公示"
        verbose_name_plural = "公示"
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.round} 第{self.number}次公布"

    def earlier(self) -> models.QuerySet[Publication]:
        """The publications of the round that this one corrects."""
        return Publication.objects.filter(round_id=self.round_id, number__lt=self.number).select_related(
            "result"
        )

    @property
    def day(self) -> datetime | None:
        """When it was published; before that was kept for each publication, when its round was."""
        return self.published_at or self.round.published_at

    def corrected_by(self) -> Publication | None:
        """The last publication that corrects this one and can be read."""
        later = Publication.objects.filter(round_id=self.round_id, number__gt=self.number)
        return later.exclude(rendered_at=None).order_by("-number").first()

    def shows_persons(self) -> bool:
        """Persons may be shown until the scheme's next round, or a correction of this one, is published."""
        if self.corrected_by():
            return False
        later = Publication.objects.filter(
            round__scheme_version__scheme_id=self.round.scheme_version.scheme_id,
            round__published_at__gt=self.round.published_at,
        )
        return not later.exclude(round_id=self.round_id).exists()

    def names_somebody_taken_down(self) -> bool:
        ids = {person for entry in self.manifest.values() for person in entry["persons"]}
        return StaffMember.objects.filter(pk__in=ids, is_shown=False).exists()

    def names_persons(self) -> bool:
        return any(name.endswith(PERSONS_SUFFIX) for name in self.manifest)


class DisclosureVersion(models.Model):
    """A department's identity and duties as handed in (公示稿; YC-R1, YC-R2).

    The tables of `departments` are the working copy. `content` is frozen when it is handed in, so that the
    public sees exactly what was reviewed and approved: the current version.
    """

    class State(models.TextChoices):
        SUBMITTED = "submitted", "待部门审核"
        REVIEWED = "reviewed", "待中心核准"
        APPROVED = "approved", "已公布"
        RETURNED = "returned", "已退回"
        WITHDRAWN = "withdrawn", "已撤回"

    OPEN = (State.SUBMITTED, State.REVIEWED)

    department = models.ForeignKey(
        "departments.Department", verbose_name="单位", on_delete=models.CASCADE, related_name="versions"
    )
    number = models.PositiveIntegerField("第几稿", default=1)
    state = models.CharField("状态", max_length=16, choices=State, default=State.SUBMITTED)
    is_current = models.BooleanField("正在公布", default=False)
    content = models.JSONField("内容", default=dict)
    taken_down = models.JSONField("已撤下的人员", default=list, blank=True)
    submitted_by = _actor("提交人")
    submitted_at = models.DateTimeField("提交时间", null=True, blank=True)
    reviewed_by = _actor("部门审核人")
    reviewed_at = models.DateTimeField("部门审核时间", null=True, blank=True)
    approved_by = _actor("核准人")
    approved_at = models.DateTimeField("公布时间", null=True, blank=True)
    returned_by = _actor("退回人")
    returned_at = models.DateTimeField("退回时间", null=True, blank=True)
    reason = models.TextField("退回原因", blank=True)

    class Meta:
        verbose_name = "公示稿"
        verbose_name_plural = "公示稿"
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["department"],
                condition=models.Q(state__in=["submitted", "reviewed"]),
                name="a_department_has_one_version_waiting",
            ),
            models.UniqueConstraint(
                fields=["department"],
                condition=models.Q(is_current=True),
                name="a_department_shows_one_version",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.department} 第{self.number}稿"

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    def shown(self) -> dict[str, Any]:
        """The content without people who were taken down since."""
        gone = set(self.taken_down)
        people = [one for one in self.content.get("people", []) if one["id"] not in gone]
        sections = [
            {**one, "leader": None, "leader_name": ""} if one["leader"] in gone else one
            for one in self.content.get("sections", [])
        ]
        return {"sections": sections, "people": people}
