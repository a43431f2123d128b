"""A questionnaire put to voters, and the shares of the voters."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from django.db import models


class Survey(models.Model):
    """One questionnaire put to voters with sealed ballots (评价表): frozen form, strata, keys.

    It knows nothing of rounds. `form` is what the centre put together; `public` is the canonical
    text of everything a phone relies on (form and keys), fixed when the survey is frozen and
    never changed again. `database_faults`: how the database was set against the promise of the ballot,
    at the opening or later; None before. `counts` is what the tally wrote:
    {stratum kind: {subject id: {question id: {choice: count}}}}.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "筹备中"
        FROZEN = "frozen", "已定稿"
        OPEN = "open", "评价进行中"
        CLOSED = "closed", "已截止"
        COUNTED = "counted", "已计票"
        VOID = "void", "已作废"

    GOING_ON: ClassVar = (State.FROZEN, State.OPEN)
    OVER: ClassVar = (State.CLOSED, State.COUNTED)

    public_id = models.CharField("评价表编号", max_length=40, unique=True)
    title = models.CharField("评价表名称", max_length=120)
    key_on_server = models.BooleanField("计票密钥存于服务器", default=False)
    state = models.CharField("状态", max_length=16, choices=State, default=State.DRAFT)
    allow_revote = models.BooleanField("截止前可改票", default=True)
    closes = models.CharField("截止时间（文字）", max_length=40, blank=True)
    form = models.JSONField("评价表内容", default=dict, blank=True)
    public = models.TextField("定稿", blank=True)
    fingerprint = models.CharField("防伪指纹", max_length=26, blank=True)
    tally_public_key = models.CharField("计票公钥", max_length=64, blank=True)
    tally_key_file = models.JSONField("加密的计票私钥", default=dict, blank=True)
    rehearsal = models.JSONField("开箱演练", default=dict, blank=True)
    box_public_key = models.CharField("票箱公钥", max_length=64, blank=True)
    code_root = models.CharField("票码清单摘要", max_length=64, blank=True)
    bundle_digest = models.CharField(
        "计票包校验值", max_length=64, blank=True, help_text="截止后写出时记下。"
    )
    paper_finished = models.BooleanField("纸质票已录完", default=False)
    database_faults = models.JSONField("数据库设置不合要求之处", null=True, blank=True)
    turnout = models.JSONField("参评人数", default=dict, blank=True)
    counts = models.JSONField("计票结果", default=dict, blank=True)
    comments = models.JSONField("意见建议", default=dict, blank=True)
    controls = models.JSONField("清点核对", default=dict, blank=True)

    class Meta:
        verbose_name = "评价表"
        verbose_name_plural = "评价表"
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return self.title

    def frozen(self) -> dict[str, Any]:
        return dict(json.loads(self.public))


class Stratum(models.Model):
    """A share of the voters (评价主体类别; YC-R5): one ballot key each.

    Kinds with too few slips are merged before keys are made; `kind` then joins them by `+`.
    """

    survey = models.ForeignKey(Survey, verbose_name="评价表", on_delete=models.CASCADE, related_name="strata")
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
