"""Items of the catalogue, each in versions: what a firm may get, on which conditions, by which papers."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from departments.models import Department

LONGEST = 2000


def by_user(label: str) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=label,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )


class BenefitItem(models.Model):
    """An item of the catalogue (惠企政策事项), with what its versions say and the published number above."""

    code = models.CharField("事项编号", max_length=32, unique=True)
    higher_number = models.CharField("上级平台编号", max_length=60, blank=True)

    class Meta:
        verbose_name = "惠企政策事项"
        verbose_name_plural = "惠企政策事项"
        ordering: ClassVar = ["code"]

    def __str__(self) -> str:
        return self.code


class ItemVersion(models.Model):
    """One version of an item and its guide (事项版本、办事指南), in force from a day to another.

    Drafted by the department, approved by somebody else at the window, published by that; never edited after.
    The version of the day of the claim holds for the claim. One that was ended (停止) holds until the day
    before `ended_on`; one that was ended before it began never holds. `own_valid_to` is what its guide said
    when it was published; a later version ends it earlier (`valid_to`).
    """

    class State(models.TextChoices):
        DRAFT = "draft", "草稿"
        SUBMITTED = "submitted", "待审核"
        PUBLISHED = "published", "已发布"
        ENDED = "ended", "已停止"

    item = models.ForeignKey(
        BenefitItem, verbose_name="事项", on_delete=models.PROTECT, related_name="versions"
    )
    number = models.PositiveIntegerField("版本号")
    state = models.CharField("状态", max_length=16, choices=State, default=State.DRAFT)
    name = models.CharField("事项名称", max_length=120)
    category = models.CharField("政策类别", max_length=32)
    kind = models.CharField("兑现内容", max_length=32)
    level = models.CharField("政策层级", max_length=32)
    department = models.ForeignKey(
        Department, verbose_name="主管部门", on_delete=models.PROTECT, related_name="benefit_items"
    )
    section = models.CharField("承办科室", max_length=60, blank=True)
    document_title = models.CharField("政策文件", max_length=160)
    document_number = models.CharField("文号", max_length=60, blank=True)
    clause = models.CharField("条款", max_length=60)
    audience = models.CharField("适用对象", max_length=300)
    area = models.CharField("适用地区", max_length=80, blank=True)
    standard = models.TextField("兑现标准", max_length=LONGEST)
    ceiling = models.DecimalField("上限（元）", max_digits=14, decimal_places=2, null=True, blank=True)
    way = models.CharField("兑现方式", max_length=120, blank=True)
    steps = models.TextField("办理流程", max_length=LONGEST)
    limit_count = models.PositiveIntegerField("指南时限", null=True, blank=True)
    limit_unit = models.CharField("时限单位", max_length=16, blank=True)
    valid_from = models.DateField("生效日期")
    valid_to = models.DateField("失效日期", null=True, blank=True)
    own_valid_to = models.DateField("指南载明的失效日期", null=True, blank=True, editable=False)
    claims_from = models.DateField("申报开始", null=True, blank=True)
    claims_to = models.DateField("申报截止", null=True, blank=True)
    fund = models.CharField("资金来源", max_length=120, blank=True)
    contact_phone = models.CharField("咨询电话", max_length=40)
    watch_phone = models.CharField("监督电话", max_length=40, blank=True)
    higher_number = models.CharField("上级平台编号", max_length=60, blank=True)
    drafted_by = by_user("起草人")
    approved_by = by_user("审核人")
    published_on = models.DateField("发布日期", null=True, blank=True)
    returned_why = models.CharField("退回原因", max_length=300, blank=True)
    ended_on = models.DateField("停止日期", null=True, blank=True)
    ended_why = models.CharField("停止原因", max_length=300, blank=True)

    class Meta:
        verbose_name = "事项版本"
        verbose_name_plural = "事项版本"
        ordering: ClassVar = ["item__code", "-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["item", "number"], name="an_item_numbers_a_version_once"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="a_version_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(ceiling=None) | Q(ceiling__gt=0), name="a_ceiling_is_above_nothing"
            ),
            models.CheckConstraint(
                condition=~Q(approved_by=F("drafted_by")), name="nobody_approves_their_own_item"
            ),
            models.CheckConstraint(
                condition=~Q(state="ended") | Q(ended_on__isnull=False),
                name="an_ended_version_ended_on_a_day",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class LevelShare(models.Model):
    """What one level of government bears of an item (分担比例), in percent; those of a version sum to 100."""

    version = models.ForeignKey(
        ItemVersion, verbose_name="事项版本", on_delete=models.CASCADE, related_name="level_shares"
    )
    level = models.CharField("层级", max_length=32)
    percent = models.DecimalField("比例（%）", max_digits=5, decimal_places=2)

    class Meta:
        verbose_name = "分担比例"
        verbose_name_plural = "分担比例"
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version", "level"], name="a_level_bears_one_share"),
            models.CheckConstraint(
                condition=Q(percent__gt=0) & Q(percent__lte=100), name="a_share_is_a_percentage"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.level} {self.percent}%"


class Condition(models.Model):
    """One condition of a version (申报条件): by a label of the rules where it can be matched, else words."""

    class Test(models.TextChoices):
        IS = "is", "为"
        ONE_OF = "one_of", "为其中之一"
        AT_LEAST = "at_least", "不少于"
        AT_MOST = "at_most", "不多于"
        SINCE = "since", "不早于"
        UNTIL = "until", "不晚于"
        WORDS = "words", "由窗口核对"

    version = models.ForeignKey(
        ItemVersion, verbose_name="事项版本", on_delete=models.CASCADE, related_name="conditions"
    )
    label = models.CharField("标签", max_length=32, blank=True)
    test = models.CharField("判断", max_length=16, choices=Test, default=Test.WORDS)
    value = models.CharField("取值", max_length=200, blank=True)
    says = models.CharField("条件", max_length=300)
    order = models.PositiveIntegerField("顺序", default=0)

    class Meta:
        verbose_name = "申报条件"
        verbose_name_plural = "申报条件"
        ordering: ClassVar = ["order", "id"]

    def __str__(self) -> str:
        return self.says


class NeededPaper(models.Model):
    """One paper that a claim needs (申报材料); one that may be waived is looked up by the office."""

    version = models.ForeignKey(
        ItemVersion, verbose_name="事项版本", on_delete=models.CASCADE, related_name="papers"
    )
    name = models.CharField("材料名称", max_length=120)
    copies = models.PositiveIntegerField("份数", default=1)
    may_be_waived = models.BooleanField("可以免提交", default=False)
    order = models.PositiveIntegerField("顺序", default=0)

    class Meta:
        verbose_name = "申报材料"
        verbose_name_plural = "申报材料"
        ordering: ClassVar = ["order", "id"]

    def __str__(self) -> str:
        return self.name
