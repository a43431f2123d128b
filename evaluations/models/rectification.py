"""Rectification (整改): what a unit puts right after a decision, item by item, until another checked it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models

from evaluations.models.consequences import Disposition
from office.files import stored


def _whoever(name: str) -> models.ForeignKey[Any, Any]:
    """Return a column for the user who did something; empty until it is done."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=name,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )


class Rectification(models.Model):
    """One unit's rectification after one decision (整改事项).

    The limits that counted stand here with their days; whether it is late follows from the day alone.
    """

    class State(models.TextChoices):
        PLANNING = "planning", "待报方案"
        HANDED_IN = "handed_in", "方案待审"
        UNDER_WAY = "under_way", "整改中"
        CLOSED = "closed", "已销号"
        ENDED = "ended", "已终止"

    disposition = models.OneToOneField(
        Disposition, verbose_name="处置事项", on_delete=models.PROTECT, related_name="rectification"
    )
    department = models.ForeignKey(
        "departments.Department", verbose_name="责任单位", on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField("状态", max_length=16, choices=State, default=State.PLANNING)
    notice_on = models.DateField("通报日期", help_text="期限从次日起算。")
    plan_working_days = models.PositiveIntegerField("报方案工作日数")
    done_days = models.PositiveIntegerField("完成天数")
    look_back_days = models.PositiveIntegerField("回头看天数")
    supervision_days = models.PositiveIntegerField("逾期转督办工作日数")
    leading_group_days = models.PositiveIntegerField("逾期提交领导小组工作日数")
    limits_decision = models.CharField("另定期限的依据", max_length=80, blank=True)
    plan_due_at = models.DateTimeField("整改方案截止")
    done_due_at = models.DateTimeField("完成截止")
    is_provisional = models.BooleanField(
        "期限待定", default=False, help_text="期限涉及的年度还没有节假日安排，录入后重新推算。"
    )
    rests_on = models.JSONField("期限依据", default=dict, help_text="推算期限所用的起点、日历和办公时间。")
    begun_by = _whoever("启动人")
    begun_at = models.DateTimeField("启动时间")
    plan_handed_in_by = _whoever("方案报送人")
    plan_handed_in_at = models.DateTimeField("方案报送时间", null=True, blank=True)
    plan_checked_by = _whoever("方案审核人")
    plan_checked_at = models.DateTimeField("方案审核时间", null=True, blank=True)
    plan_opinion = models.CharField("方案审核意见", max_length=500, blank=True)
    closed_on = models.DateField("全部销号日期", null=True, blank=True)
    ended_on = models.DateField("终止日期", null=True, blank=True)
    ended_reason = models.CharField("终止原因", max_length=500, blank=True)

    class Meta:
        verbose_name = "整改事项"
        verbose_name_plural = "整改事项"
        ordering: ClassVar = ["-notice_on", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["state", "done_due_at"], name="rectifications_by_state"),
            models.Index(fields=["department"], name="rectifications_of_a_unit"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(plan_checked_by=models.F("plan_handed_in_by")),
                name="nobody_checks_their_own_plan",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="ended")
                | models.Q(ended_on__isnull=False) & ~models.Q(ended_reason=""),
                name="a_rectification_ends_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.department}整改（{self.disposition.register_number} {self.disposition.word}）"


class RectificationItem(models.Model):
    """One problem and what is done about it (整改任务), one row of the 整改台账.

    What does not hold when somebody looks back stays as it was closed, and a new item `reopens` it.
    """

    class Source(models.TextChoices):
        RESULT = "result", "评价结果"
        LEDGER = "ledger", "工作台账"
        REMARK = "remark", "意见建议"
        CENTRE = "centre", "评价中心提出"
        LOOK_BACK = "look_back", "回头看"

    class State(models.TextChoices):
        OPEN = "open", "未销号"
        ASKED = "asked", "申请销号"
        CLOSED = "closed", "已销号"
        HELD = "held", "回头看合格"
        REOPENED = "reopened", "回头看不合格"

    rectification = models.ForeignKey(
        Rectification, verbose_name="整改事项", on_delete=models.PROTECT, related_name="items"
    )
    number = models.PositiveIntegerField("序号")
    problem = models.CharField("问题", max_length=500)
    source_kind = models.CharField("来源种类", max_length=16, choices=Source)
    source = models.CharField("来源", max_length=200, blank=True)
    leader = models.CharField("责任领导", max_length=80, blank=True)
    leader_member = models.ForeignKey(
        "departments.StaffMember",
        verbose_name="责任领导（名册）",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    person = models.CharField("责任人", max_length=80, blank=True)
    person_member = models.ForeignKey(
        "departments.StaffMember",
        verbose_name="责任人（名册）",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    measures = models.CharField("整改措施", max_length=1000, blank=True)
    goal = models.CharField("整改目标", max_length=500, blank=True)
    due_on = models.DateField("完成时限", null=True, blank=True)
    planned_by = _whoever("填报人")
    state = models.CharField("状态", max_length=16, choices=State, default=State.OPEN)
    progress = models.CharField("进展情况", max_length=1000, blank=True)
    done_on = models.DateField("完成日期", null=True, blank=True)
    asked_by = _whoever("申请人")
    asked_at = models.DateTimeField("申请时间", null=True, blank=True)
    checked_by = _whoever("核验人")
    checked_at = models.DateTimeField("核验时间", null=True, blank=True)
    opinion = models.CharField("核验意见", max_length=500, blank=True)
    closed_on = models.DateField("销号日期", null=True, blank=True)
    look_back_on = models.DateField("应回头看日期", null=True, blank=True)
    looked_back_on = models.DateField("回头看日期", null=True, blank=True)
    looked_back_by = _whoever("回头看人")
    look_back_opinion = models.CharField("回头看意见", max_length=500, blank=True)
    reopens = models.OneToOneField(
        "self",
        verbose_name="重开的任务",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="reopened_as",
    )

    class Meta:
        verbose_name = "整改任务"
        verbose_name_plural = "整改任务"
        ordering: ClassVar = ["rectification", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["rectification", "number"], name="a_number_is_given_once_in_a_rectification"
            ),
            models.CheckConstraint(
                condition=~models.Q(checked_by=models.F("asked_by")),
                name="nobody_checks_their_own_rectification",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["open", "asked"])
                | models.Q(closed_on__isnull=False, checked_by__isnull=False) & ~models.Q(opinion=""),
                name="an_item_is_closed_by_somebody_with_an_opinion",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rectification}第{self.number}项"


class RectificationEvent(models.Model):
    """What happened in a rectification, by whom (整改记录): added, never changed.

    `once` names what the clock alone brings about, so that it is written a single time.
    """

    class Act(models.TextChoices):
        BEGUN = "begun", "启动整改"
        PROBLEM = "problem", "列入问题"
        DROPPED = "dropped", "移出问题"
        PLANNED = "planned", "填写措施"
        HANDED_IN = "handed_in", "报送方案"
        ACCEPTED = "accepted", "同意方案"
        RETURNED = "returned", "退回方案"
        PROGRESS = "progress", "填报进展"
        EVIDENCE = "evidence", "提交佐证"
        ASKED = "asked", "申请销号"
        NOT_CLOSED = "not_closed", "退回销号申请"
        CLOSED = "closed", "核验销号"
        HELD = "held", "回头看合格"
        REOPENED = "reopened", "回头看不合格，重新整改"
        LATE = "late", "逾期"
        CHASED = "chased", "催办"
        SUPERVISED = "supervised", "督办"
        TO_LEADING_GROUP = "to_leading_group", "提交领导小组"
        ENDED = "ended", "终止整改"
        RECKONED = "reckoned", "重新推算期限"

    rectification = models.ForeignKey(
        Rectification, verbose_name="整改事项", on_delete=models.PROTECT, related_name="events"
    )
    item = models.ForeignKey(
        RectificationItem,
        verbose_name="整改任务",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="events",
    )
    act = models.CharField("办理", max_length=20, choices=Act)
    at = models.DateTimeField("时间")
    by = _whoever("办理人")
    text = models.CharField("说明", max_length=1000, blank=True)
    once = models.CharField("只记一次", max_length=60, blank=True)

    class Meta:
        verbose_name = "整改记录"
        verbose_name_plural = "整改记录"
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["rectification", "once"],
                condition=~models.Q(once=""),
                name="what_the_clock_brings_is_noted_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.rectification} {self.get_act_display()}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert once; what happened is never edited."""
        if self.pk is not None:
            raise TypeError("what happened in a rectification is never edited")
        super().save(*args, **kwargs)


class RectificationPaper(models.Model):
    """Evidence that a problem was put right (整改佐证)."""

    item = models.ForeignKey(
        RectificationItem, verbose_name="整改任务", on_delete=models.PROTECT, related_name="papers"
    )
    file = models.FileField("文件", storage=stored.private, upload_to="rectification/", max_length=200)
    file_name = models.CharField("文件名", max_length=120)
    note = models.CharField("说明", max_length=200, blank=True)
    handed_in_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="提交人", on_delete=models.PROTECT, related_name="+"
    )
    handed_in_at = models.DateTimeField("提交时间")

    class Meta:
        verbose_name = "整改佐证"
        verbose_name_plural = "整改佐证"
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.item} {self.file_name}"
