"""Asking people: market entities, a survey with its strata and keys, slips, ballots.

Never stored with a slip or a ballot: time, address, user agent, session, user, a sequential id, a
foreign key from one to the other or to an entity, the raw code, readable answers; with a ballot
also town and batch.
"""

from __future__ import annotations

import json
from typing import Any, ClassVar

from django.db import models

from surveys.fields import RandomKey


class EntityKind(models.TextChoices):
    """The kinds of market entity that share a round (市场主体类型; YC-R5)."""

    PRIVATE = "private", "民营企业"
    SOLE_TRADER = "sole_trader", "个体工商户"
    NON_PRIVATE = "non_private", "非民营企业"


class MarketEntity(models.Model):
    """A company or shopkeeper who may be asked (市场主体); has no relation to slips."""

    code = models.CharField("统一社会信用代码", max_length=18, unique=True)
    name = models.CharField("市场主体名称", max_length=120)
    kind = models.CharField("主体类型", max_length=16, choices=EntityKind)
    town = models.ForeignKey(
        "departments.Town", verbose_name="所属镇（街）", on_delete=models.PROTECT, related_name="+"
    )
    contact = models.CharField("联系人", max_length=40, blank=True)
    phone = models.CharField("联系电话", max_length=40, blank=True)
    industry = models.CharField("行业", max_length=40, blank=True)
    is_active = models.BooleanField("可邀请", default=True)

    class Meta:
        verbose_name = "市场主体"
        verbose_name_plural = "市场主体"
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [models.Index(fields=["town", "kind"], name="entities_of_a_town")]

    def __str__(self) -> str:
        return self.name


class Survey(models.Model):
    """One questionnaire put to voters with sealed ballots (问卷): frozen form, strata, keys.

    It knows nothing of rounds. `form` is what the centre put together; `public` is the canonical
    text of everything a phone relies on (form and keys), fixed when the survey is frozen and
    never changed again. `counts` is what the tally wrote:
    {stratum kind: {subject id: {question id: {choice: count}}}}.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "筹备中"
        FROZEN = "frozen", "已定稿"
        OPEN = "open", "打票中"
        CLOSED = "closed", "已截止"
        COUNTED = "counted", "已计票"

    public_id = models.CharField("问卷编号", max_length=40, unique=True)
    title = models.CharField("问卷名称", max_length=120)
    key_on_server = models.BooleanField("计票密钥存于服务器", default=False)
    state = models.CharField("状态", max_length=16, choices=State, default=State.DRAFT)
    allow_revote = models.BooleanField("截止前可改票", default=True)
    closes = models.CharField("截止时间（文字）", max_length=40, blank=True)
    form = models.JSONField("问卷内容", default=dict, blank=True)
    public = models.TextField("定稿", blank=True)
    fingerprint = models.CharField("防伪指纹", max_length=26, blank=True)
    tally_public_key = models.CharField("计票公钥", max_length=64, blank=True)
    tally_key_file = models.JSONField("加密的计票私钥", default=dict, blank=True)
    rehearsal = models.JSONField("开箱演练", default=dict, blank=True)
    box_public_key = models.CharField("票箱公钥", max_length=64, blank=True)
    code_root = models.CharField("票码清单摘要", max_length=64, blank=True)
    turnout = models.JSONField("参评人数", default=dict, blank=True)
    counts = models.JSONField("计票结果", default=dict, blank=True)
    comments = models.JSONField("意见建议", default=dict, blank=True)
    controls = models.JSONField("清点核对", default=dict, blank=True)

    class Meta:
        verbose_name = "问卷"
        verbose_name_plural = "问卷"
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return self.title

    def frozen(self) -> dict[str, Any]:
        """Form and keys as they were frozen (定稿)."""
        return dict(json.loads(self.public))


class Stratum(models.Model):
    """A share of the voters (评价主体类别; YC-R5): one ballot key each.

    Kinds with too few slips are merged before keys are made; `kind` then joins them by `+`.
    """

    survey = models.ForeignKey(Survey, verbose_name="问卷", on_delete=models.CASCADE, related_name="strata")
    name = models.CharField("类别", max_length=60)
    kind = models.CharField("主体类型", max_length=60)
    share = models.PositiveSmallIntegerField("占比（%）")
    key_id = models.CharField("票种", max_length=4, null=True, blank=True, unique=True)
    modulus = models.TextField("发证公钥", blank=True)
    order = models.PositiveSmallIntegerField("顺序", default=0)

    class Meta:
        verbose_name = "评价主体类别"
        verbose_name_plural = "评价主体类别"
        ordering: ClassVar = ["survey", "order", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["survey", "kind"], name="a_survey_has_a_kind_once")
        ]

    def __str__(self) -> str:
        return self.name


class SlipBatch(models.Model):
    """At most 500 slips of one stratum for one town (票据批次); printing again voids it."""

    survey = models.ForeignKey(Survey, verbose_name="问卷", on_delete=models.CASCADE, related_name="batches")
    stratum = models.ForeignKey(
        Stratum, verbose_name="类别", on_delete=models.CASCADE, related_name="batches"
    )
    town = models.ForeignKey(
        "departments.Town", verbose_name="镇（街）", on_delete=models.PROTECT, related_name="+"
    )
    number = models.PositiveIntegerField("批次号")
    size = models.PositiveIntegerField("票数")
    is_printed = models.BooleanField("已印制", default=False)
    returned = models.PositiveIntegerField("未发退回", default=0)
    spoiled = models.PositiveIntegerField("损毁", default=0)
    is_void = models.BooleanField("已作废", default=False)

    class Meta:
        verbose_name = "票据批次"
        verbose_name_plural = "票据批次"
        ordering: ClassVar = ["survey", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["survey", "number"], name="a_survey_numbers_a_batch_once"),
            models.CheckConstraint(
                condition=models.Q(size__gte=1, size__lte=500), name="a_batch_has_at_most_500_slips"
            ),
            models.CheckConstraint(
                condition=models.Q(size__gte=models.F("returned") + models.F("spoiled")),
                name="a_batch_takes_back_no_more_than_it_printed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.town} {self.stratum} 第{self.number}批"

    @property
    def handed_out(self) -> int:
        """Slips that went to voters (发出)."""
        return self.size - self.returned - self.spoiled


class Slip(models.Model):
    """The right to one ballot (票据/投票码): the code's keyed hash and a state, nothing else."""

    class State(models.TextChoices):
        UNUSED = "unused", "未使用"
        REDEEMED = "redeemed", "已兑票"
        PAPER = "paper", "换纸质票"
        VOID = "void", "作废"

    id = RandomKey()
    batch = models.ForeignKey(SlipBatch, verbose_name="批次", on_delete=models.CASCADE, related_name="slips")
    code_hash = models.BinaryField("票码摘要", max_length=32, unique=True)
    blinded_hash = models.BinaryField("盲化值摘要", max_length=32, null=True)
    state = models.CharField("状态", max_length=16, choices=State, default=State.UNUSED)

    class Meta:
        verbose_name = "票据"
        verbose_name_plural = "票据"

    def __str__(self) -> str:
        return self.get_state_display()


class Ballot(models.Model):
    """One sealed ballot (选票): no way back to slip, batch, town or person."""

    id = RandomKey()
    stratum = models.ForeignKey(
        Stratum, verbose_name="类别", on_delete=models.CASCADE, related_name="ballots"
    )
    credential = models.BinaryField("凭证", max_length=32, unique=True)
    prefix = models.BinaryField("随机前缀", max_length=32)
    signature = models.BinaryField("盲签名", max_length=256)
    seq = models.BigIntegerField("序号")
    sealed = models.BinaryField("密封内容")
    credential_signature = models.BinaryField("凭证签名", max_length=64)

    class Meta:
        verbose_name = "选票"
        verbose_name_plural = "选票"

    def __str__(self) -> str:
        return "选票"
