"""Official papers as they were issued: their numbers, their content, and who may issue under which head."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models

WRITTEN_LATER = {"state", "withdrawn_on", "withdrawn_by", "withdrawn_reason"}


class IssuingBody(models.Model):
    """A body that issues papers (制文机关): its 代字 begins every number, one row of numbers a year."""

    name = models.CharField("机关名称", max_length=80, unique=True, help_text="落款和版记按此署名，写全称。")
    code = models.CharField(
        "发文机关代字",
        max_length=20,
        unique=True,
        help_text="如“某营商办”，文号即“某营商办〔2026〕1号”。",
    )
    red_head = models.BooleanField(
        "可以使用红头",
        default=False,
        help_text="经批准可以使用红色发文机关标志的机关才选；其他机关只印标题。",
    )
    mark = models.CharField(
        "发文机关标志",
        max_length=40,
        blank=True,
        help_text="公文红头上的文字；空着的，用机关名称加“文件”。信函一律用机关名称。",
    )
    printed_by = models.CharField(
        "印发机关", max_length=80, blank=True, help_text="版记所署的印发机关；空着的，用机关名称。"
    )
    is_active = models.BooleanField("在用", default=True)

    class Meta:
        verbose_name = "制文机关"
        verbose_name_plural = "制文机关"
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.name


class OfficialDocument(models.Model):
    """A paper with its number (公文): never edited; a faulty one is withdrawn, and its number stays used.

    `content` is all that is printed (reports.documents.content), `sha256` its digest. `about` and
    `about_id` say what it was made from (a result, an appeal, a disposition …).
    """

    class State(models.TextChoices):
        ISSUED = "issued", "已制发"
        WITHDRAWN = "withdrawn", "已撤回"

    kind = models.CharField("文种", max_length=32)
    body = models.ForeignKey(
        IssuingBody, verbose_name="制文机关", on_delete=models.PROTECT, related_name="documents"
    )
    year = models.PositiveIntegerField("年份")
    serial = models.PositiveIntegerField("序号")
    number = models.CharField("文号", max_length=60)
    title = models.CharField("标题", max_length=200)
    issued_on = models.DateField("成文日期")
    content = models.JSONField("内容")
    sha256 = models.CharField("内容摘要", max_length=64)
    check_code = models.CharField("校验码", max_length=20, unique=True)
    state = models.CharField("状态", max_length=16, choices=State, default=State.ISSUED)
    about = models.CharField("所涉事项", max_length=24)
    about_id = models.PositiveBigIntegerField("所涉事项编号")
    unit = models.ForeignKey(
        "departments.Department",
        verbose_name="所涉单位",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    concerns_person = models.BooleanField("涉及个人", default=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="制文人", on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField("制文时间")
    withdrawn_on = models.DateField("撤回日期", null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="撤回人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    withdrawn_reason = models.CharField("撤回原因", max_length=200, blank=True)

    class Meta:
        verbose_name = "公文"
        verbose_name_plural = "公文"
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["about", "about_id"], name="documents_about_something")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["body", "year", "serial"], name="a_number_is_given_once"),
            models.CheckConstraint(condition=models.Q(serial__gte=1), name="numbers_begin_at_one"),
            models.CheckConstraint(
                condition=models.Q(state="issued") | ~models.Q(withdrawn_reason=""),
                name="nothing_is_withdrawn_without_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert once; afterwards only the withdrawal is written."""
        written = kwargs.get("update_fields")
        if self.pk is not None and (not isinstance(written, list) or set(written) - WRITTEN_LATER):
            raise TypeError("a document is never edited; it is withdrawn, and another one issued")
        super().save(*args, **kwargs)
