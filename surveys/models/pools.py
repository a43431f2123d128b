"""Pools of people who may be asked (广元 一, 方城 四(二)), and draws from them; never related to slips."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from surveys.models.entities import EntityKind, MarketEntity
from surveys.models.supervisors import Supervisor
from surveys.models.survey import Survey


class Pool(models.Model):
    """A pool of respondents (样本库; GY-R1): strata with sub-cells whose sizes are data."""

    name = models.CharField("样本库名称", max_length=60, unique=True)
    basis = models.CharField("依据", max_length=200, blank=True, help_text="文件名称和条款。")
    most_handed_in = models.PositiveSmallIntegerField(
        "报送样本上限（%）",
        default=50,
        validators=[MaxValueValidator(100)],
        help_text="各细分中，由单位报送的样本最多占应有人数的百分之几；其余从市场主体名录随机抽取。",
    )
    samples_wanted = models.PositiveSmallIntegerField(
        "每单位每季度应报样本", default=20, help_text="不足的在报送情况中标明。"
    )

    class Meta:
        verbose_name = "评价样本库"
        verbose_name_plural = "评价样本库"
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.name


class PoolStratum(models.Model):
    """A stratum of a pool (类别), with where its members come from and how long they stay."""

    class Source(models.TextChoices):
        REGISTER = "register", "市场主体名录"
        SUPERVISORS = "supervisors", "监督员名单"
        LIST = "list", "推荐名单"

    pool = models.ForeignKey(Pool, verbose_name="样本库", on_delete=models.CASCADE, related_name="strata")
    name = models.CharField("类别", max_length=40)
    order = models.PositiveSmallIntegerField("顺序", default=0)
    source = models.CharField("来源", max_length=16, choices=Source, default=Source.LIST)
    renewal_months = models.PositiveSmallIntegerField(
        "更新周期（月）", default=12, validators=[MinValueValidator(1), MaxValueValidator(60)]
    )

    class Meta:
        verbose_name = "样本类别"
        verbose_name_plural = "样本类别"
        ordering: ClassVar = ["pool", "order", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["pool", "name"], name="a_pool_has_a_stratum_once")
        ]

    def __str__(self) -> str:
        return self.name


class PoolCell(models.Model):
    """A sub-cell of a stratum (细分): how many members it should have, and which entities may fill it."""

    stratum = models.ForeignKey(
        PoolStratum, verbose_name="类别", on_delete=models.CASCADE, related_name="cells"
    )
    name = models.CharField("细分", max_length=40, blank=True)
    size = models.PositiveIntegerField("应有人数")
    order = models.PositiveSmallIntegerField("顺序", default=0)
    entity_kind = models.CharField("主体类型", max_length=16, choices=EntityKind, blank=True)
    town = models.ForeignKey(
        "departments.Town",
        verbose_name="所属镇（街）",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        verbose_name = "样本细分"
        verbose_name_plural = "样本细分"
        ordering: ClassVar = ["stratum__pool", "stratum__order", "stratum", "order", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["stratum", "name"], name="a_stratum_has_a_cell_once")
        ]

    def __str__(self) -> str:
        return f"{self.stratum.name}（{self.name}）" if self.name else self.stratum.name


class PoolMember(models.Model):
    """One of a pool (样本): from the register, the supervisors, a list, or handed in by a department.

    `number` is the credit code or an own number; a protocol names nobody otherwise. `unit` is the judged
    department the member works for: such a member stays in the pool and out of every draw.
    """

    class Source(models.TextChoices):
        REGISTER = "register", "市场主体名录"
        SUPERVISORS = "supervisors", "监督员名单"
        LIST = "list", "推荐名单"
        HANDED_IN = "handed_in", "单位报送"

    pool = models.ForeignKey(Pool, verbose_name="样本库", on_delete=models.CASCADE, related_name="members")
    cell = models.ForeignKey(PoolCell, verbose_name="细分", on_delete=models.PROTECT, related_name="members")
    number = models.CharField("编号", max_length=40)
    name = models.CharField("姓名（名称）", max_length=120)
    employer = models.CharField("所在单位", max_length=120, blank=True)
    unit = models.ForeignKey(
        "departments.Department",
        verbose_name="所属参评单位",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    phone = models.CharField("联系电话", max_length=40, blank=True)
    source = models.CharField("来源", max_length=16, choices=Source, default=Source.LIST)
    entity = models.ForeignKey(
        MarketEntity,
        verbose_name="市场主体",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    supervisor = models.ForeignKey(
        Supervisor, verbose_name="监督员", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    joined_on = models.DateField("入库日期")
    renew_on = models.DateField("到期日期")
    left_on = models.DateField("退出日期", null=True, blank=True)
    left_reason = models.CharField("退出原因", max_length=100, blank=True)

    class Meta:
        verbose_name = "样本"
        verbose_name_plural = "样本"
        ordering: ClassVar = ["pool", "id"]
        indexes: ClassVar = [models.Index(fields=["pool", "renew_on"], name="members_due")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["pool", "number"],
                condition=Q(left_on=None),
                name="a_number_is_once_in_a_pool",
                violation_error_message="该样本库中已有这个编号的样本，没有保存。请核对编号。",
            ),
            models.CheckConstraint(
                condition=Q(left_on=None) | Q(phone=""), name="who_left_a_pool_has_no_telephone_number"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class HandedInSample(models.Model):
    """An enterprise that a department handed in to be asked (报送样本; FC-R13); part of no draw by itself.

    Whether it came into a pool stands nowhere here: its department could prepare whom it expects to be asked.
    A draw keeps which samples named its members; no page of a department reads that.
    """

    department = models.ForeignKey(
        "departments.Department", verbose_name="报送单位", on_delete=models.CASCADE, related_name="+"
    )
    period = models.CharField("季度", max_length=16)
    code = models.CharField("统一社会信用代码", max_length=18)
    name = models.CharField("企业名称", max_length=120)
    matter = models.CharField("办理事项", max_length=120, blank=True)
    contact = models.CharField("联系人", max_length=40, blank=True)
    phone = models.CharField("联系电话", max_length=40)
    handed_in_on = models.DateField("报送日期")
    is_withdrawn = models.BooleanField("已撤回", default=False)

    class Meta:
        verbose_name = "报送样本"
        verbose_name_plural = "报送样本"
        ordering: ClassVar = ["-period", "department__order", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["department", "period", "code"], name="a_department_hands_in_an_enterprise_once"
            )
        ]

    def __str__(self) -> str:
        return self.name


class PoolDraw(models.Model):
    """A draw from a pool (抽样); made once and never edited, `protocol` is what `verify_draw` reads."""

    pool = models.ForeignKey(Pool, verbose_name="样本库", on_delete=models.PROTECT, related_name="draws")
    survey = models.ForeignKey(
        Survey, verbose_name="评价表", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    number = models.PositiveIntegerField("次序")
    title = models.CharField("用途", max_length=120)
    total = models.PositiveIntegerField("抽取总数")
    drawn_at = models.DateTimeField("抽取时间")
    drawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="抽取人", on_delete=models.PROTECT, related_name="+"
    )
    seed = models.CharField("抽取码", max_length=200)
    list_hash = models.CharField("名单摘要", max_length=64)
    protocol = models.JSONField("抽取记录", default=dict, blank=True)

    class Meta:
        verbose_name = "抽样"
        verbose_name_plural = "抽样"
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["pool", "number"], name="a_pool_numbers_a_draw_once"),
            models.UniqueConstraint(fields=["pool", "title"], name="a_pool_is_drawn_from_once_for_a_title"),
            models.UniqueConstraint(
                fields=["pool", "survey"],
                condition=~Q(survey=None),
                name="a_pool_is_drawn_from_once_for_a_survey",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pool}第{self.number}次抽样"


class DrawnMember(models.Model):
    """A member as a draw found them (应访样本): drawn or in reserve, at a place that nobody chooses."""

    class State(models.TextChoices):
        DRAWN = "drawn", "应访"
        RESERVE = "reserve", "候补"
        STEPPED_IN = "stepped_in", "已递补"
        REPLACED = "replaced", "已替换"

    draw = models.ForeignKey(PoolDraw, verbose_name="抽样", on_delete=models.CASCADE, related_name="drawn")
    member = models.ForeignKey(PoolMember, verbose_name="样本", on_delete=models.PROTECT, related_name="+")
    cell = models.ForeignKey(PoolCell, verbose_name="细分", on_delete=models.PROTECT, related_name="+")
    is_reserve = models.BooleanField("候补名单", default=False)
    place = models.PositiveIntegerField("顺序号")
    state = models.CharField("状态", max_length=16, choices=State, default=State.DRAWN)
    replaced_by = models.OneToOneField(
        "self",
        verbose_name="递补者",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="stands_in_for",
    )
    reason = models.CharField("替换原因", max_length=100, blank=True)
    replaced_at = models.DateTimeField("替换时间", null=True, blank=True)
    samples = models.ManyToManyField(
        HandedInSample, verbose_name="报送情况", blank=True, related_name="+"
    )  # as they stood at the draw: about which unit this one is asked

    class Meta:
        verbose_name = "应访样本"
        verbose_name_plural = "应访样本"
        ordering: ClassVar = ["draw", "cell__stratum__order", "cell__order", "cell", "is_reserve", "place"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["draw", "member"], name="a_draw_names_a_member_once")
        ]

    def __str__(self) -> str:
        return str(self.member)
