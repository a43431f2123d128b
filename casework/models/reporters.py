"""Who reported a matter: apart from it, encrypted, opened only with a reason."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models

from casework.models.matters import Matter


class Reporter(models.Model):
    """Name, phone and whatever else says who reported (反映人), as one encrypted text.

    `phone_mark` is keyed and finds the same phone again; without the server's secret it says nothing.
    """

    matter = models.OneToOneField(
        Matter, verbose_name="事项", on_delete=models.PROTECT, related_name="reporter"
    )
    sealed = models.TextField("密封的身份", editable=False)
    phone_mark = models.CharField("电话印记", max_length=64, blank=True, editable=False, db_index=True)
    may_be_named = models.BooleanField("可向承办单位提供身份", default=False)

    class Meta:
        verbose_name = "反映人"
        verbose_name_plural = "反映人"

    def __str__(self) -> str:
        return f"{self.matter.number}的反映人"


class SentForm(models.Model):
    """A form of the public page that has come in (已提交的表单): sent twice, it makes no second matter.

    `mark` is keyed: it tells neither the form's key nor the query code that follows from it.
    """

    mark = models.CharField("表单印记", max_length=64, unique=True, editable=False)
    matter = models.OneToOneField(
        Matter, verbose_name="事项", on_delete=models.PROTECT, related_name="sent_form"
    )

    class Meta:
        verbose_name = "已提交的表单"
        verbose_name_plural = "已提交的表单"

    def __str__(self) -> str:
        return f"{self.matter.number}的表单"


class ReporterOpening(models.Model):
    """One look at who reported (查看反映人身份): by whom, why; listed to the inspectorate, never edited."""

    reporter = models.ForeignKey(
        Reporter, verbose_name="反映人", on_delete=models.PROTECT, related_name="openings"
    )
    at = models.DateTimeField("时间")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="查看人", on_delete=models.PROTECT, related_name="+"
    )
    reason = models.CharField("理由", max_length=200)
    given_to = models.ForeignKey(
        "departments.Department",
        verbose_name="提供给",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="经反映人同意，提供给承办单位的填写。",
    )

    class Meta:
        verbose_name = "查看反映人身份"
        verbose_name_plural = "查看反映人身份"
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.by} {self.reporter}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert once; that somebody looked is never edited."""
        if self.pk is not None:
            raise TypeError("that somebody looked at a reporter is never edited")
        super().save(*args, **kwargs)
