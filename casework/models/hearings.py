"""Hearings on air (媒体问政), what was promised there, what is assigned weekly and reviewed monthly."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from casework.models.clocks import Clock
from casework.models.matters import Matter
from office import dates
from office.files import stored


def _by(label: str, *, null: bool = False) -> Any:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=label,
        null=null,
        blank=null,
        on_delete=models.PROTECT,
        related_name="+",
    )


def _unit(related: str) -> Any:
    return models.ForeignKey(
        "departments.Department", verbose_name="单位", on_delete=models.PROTECT, related_name=related
    )


class Episode(models.Model):
    """One hearing on air (媒体问政一期; WY-R6)."""

    held_on = models.DateField("播出日期")
    medium = models.CharField("媒体", max_length=40)
    theme = models.CharField("主题", max_length=120)
    entered_by = _by("登记人")

    class Meta:
        verbose_name = "媒体问政"
        verbose_name_plural = "媒体问政"
        ordering: ClassVar = ["-held_on", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["held_on", "theme"], name="an_episode_is_entered_once")
        ]

    def __str__(self) -> str:
        return self.theme


class Appearance(models.Model):
    """A unit on the stage, by a post and never by a name: it answers on policy, or shows its own problem."""

    class Kind(models.TextChoices):
        ANSWERS = "answers", "解答政策、承诺服务"
        EXPOSES = "exposes", "自曝问题、承诺整改"

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="appearances")
    unit = _unit("appearances")
    post = models.CharField("出场职务", max_length=60, help_text="只写职务，不写姓名。例如：局长。")
    kind = models.CharField("出场类型", max_length=16, choices=Kind)

    class Meta:
        verbose_name = "出场单位"
        verbose_name_plural = "出场单位"
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["episode", "unit", "post"], name="a_post_appears_once")
        ]

    def __str__(self) -> str:
        return f"{self.unit}{self.post}"


class Film(models.Model):
    """A film shown in an episode (暗访短片): which unit, which problem."""

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="films")
    unit = _unit("films")
    title = models.CharField("片名", max_length=80)
    problem = models.CharField("反映的问题", max_length=300)

    class Meta:
        verbose_name = "短片"
        verbose_name_plural = "短片"
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.title


class HallQuestion(models.Model):
    """A question from the hall (现场提问); who asked is not kept."""

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="questions")
    unit = _unit("hall_questions")
    text = models.CharField("问题", max_length=300)
    answer = models.CharField("现场答复", max_length=500, blank=True)

    class Meta:
        verbose_name = "现场提问"
        verbose_name_plural = "现场提问"
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.text[:40]


class PanelVote(models.Model):
    """The panel's closed ballot on one unit (评议团表决): counts alone, keyed by one and again by another."""

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="votes")
    unit = _unit("panel_votes")
    size = models.PositiveIntegerField("评议团人数")
    satisfied = models.PositiveIntegerField("满意")
    fairly = models.PositiveIntegerField("基本满意")
    unsatisfied = models.PositiveIntegerField("不满意")
    keyed_by = _by("录入人")
    keyed_at = models.DateTimeField("录入时间")
    confirmed_by = _by("复核人", null=True)
    confirmed_at = models.DateTimeField("复核时间", null=True, blank=True)

    class Meta:
        verbose_name = "评议团表决"
        verbose_name_plural = "评议团表决"
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["episode", "unit"], name="a_panel_votes_once_on_a_unit"),
            models.CheckConstraint(
                condition=models.Q(
                    size__gte=models.F("satisfied") + models.F("fairly") + models.F("unsatisfied")
                ),
                name="no_more_votes_than_the_panel_has",
            ),
            models.CheckConstraint(
                condition=models.Q(confirmed_by__isnull=True) | ~models.Q(confirmed_by=models.F("keyed_by")),
                name="a_vote_is_confirmed_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.episode} {self.unit}"

    @property
    def cast(self) -> int:
        return self.satisfied + self.fairly + self.unsatisfied


class Promise(models.Model):
    """What a unit promised on air (公开承诺; WY-R6), never overwritten.

    A change is a new promise that follows the one before, with a reason; `first` is the first of them, which
    alone has the matter and its clock and by whose day all are judged. `done_on` is written on the first
    when the office has checked it with evidence.
    """

    episode = models.ForeignKey(
        Episode, verbose_name="媒体问政", on_delete=models.PROTECT, related_name="promises"
    )
    unit = _unit("promises")
    text = models.CharField("承诺内容", max_length=500)
    promised_on = models.DateField("承诺日期")
    follows = models.OneToOneField(
        "self",
        verbose_name="变更的承诺",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="followed_by",
    )
    first = models.ForeignKey(
        "self",
        verbose_name="最先的承诺",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="later_ones",
    )
    reason = models.CharField("变更理由", max_length=300, blank=True)
    matter = models.OneToOneField(
        Matter, verbose_name="事项", null=True, blank=True, on_delete=models.PROTECT, related_name="promise"
    )
    clock = models.OneToOneField(
        Clock, verbose_name="时限", null=True, blank=True, on_delete=models.PROTECT, related_name="promise"
    )
    done_on = models.DateField("兑现日期", null=True, blank=True)
    entered_by = _by("登记人")
    entered_at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = "公开承诺"
        verbose_name_plural = "公开承诺"
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["first", "id"], name="promises_of_a_chain")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(
                    follows__isnull=True, first__isnull=True, matter__isnull=False, clock__isnull=False
                )
                | (
                    models.Q(follows__isnull=False, first__isnull=False, matter__isnull=True)
                    & models.Q(clock__isnull=True, done_on__isnull=True)
                    & ~models.Q(reason="")
                ),
                name="a_changed_promise_follows_with_a_reason",
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit}：{self.text[:40]}"

    @property
    def due_on(self) -> date:
        """The day the first promise ran to; one on a day off ends on the next working day."""
        return due_day(self.clock) or self.promised_on


class PromiseCheck(models.Model):
    """The office's check of a promise that the unit reported as done (核验): with evidence, never edited."""

    promise = models.ForeignKey(
        Promise, verbose_name="公开承诺", on_delete=models.PROTECT, related_name="checks"
    )
    passes = models.BooleanField("已兑现")
    reported_on = models.DateField("单位报告日期")
    finding = models.CharField("核验情况", max_length=500)
    evidence = models.FileField(
        "佐证", storage=stored.private, upload_to="promises/", max_length=200, blank=True
    )
    evidence_name = models.CharField("佐证名称", max_length=120, blank=True)
    at = models.DateTimeField("核验时间")
    by = _by("核验人")

    class Meta:
        verbose_name = "承诺核验"
        verbose_name_plural = "承诺核验"
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["promise"], condition=models.Q(passes=True), name="a_promise_is_done_once"
            ),
            models.CheckConstraint(
                condition=models.Q(passes=False) | ~models.Q(evidence=""),
                name="a_promise_is_done_with_evidence",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.promise}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert once; what was checked is never edited."""
        if self.pk is not None:
            raise TypeError("the check of a promise is never edited")
        super().save(*args, **kwargs)


class WeeklyItem(models.Model):
    """An item of one week (周交办事项; WY-R6): planned first, then assigned as a matter with its limit."""

    week = models.DateField("周", help_text="这一周的星期一。")
    unit = _unit("weekly_items")
    title = models.CharField("事项", max_length=120)
    text = models.CharField("要求", max_length=500)
    due_on = models.DateField("完成日期")
    matter = models.OneToOneField(
        Matter,
        verbose_name="事项",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="weekly_item",
    )
    clock = models.OneToOneField(
        Clock,
        verbose_name="时限",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="weekly_item",
    )
    entered_by = _by("登记人")
    assigned_by = _by("交办人", null=True)
    assigned_on = models.DateField("交办日期", null=True, blank=True)
    done_on = models.DateField("完成报告日期", null=True, blank=True)
    finding = models.CharField("核实情况", max_length=300, blank=True)
    checked_by = _by("核实人", null=True)

    class Meta:
        verbose_name = "周交办事项"
        verbose_name_plural = "周交办事项"
        ordering: ClassVar = ["-week", "id"]
        indexes: ClassVar = [models.Index(fields=["week", "unit"], name="items_of_a_week")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(checked_by__isnull=True)
                | (
                    ~models.Q(checked_by=models.F("entered_by"))
                    & ~models.Q(checked_by=models.F("assigned_by"))
                ),
                name="an_item_is_checked_by_another",
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def last_day(self) -> date:
        return due_day(self.clock) or self.due_on


class UnitReview(models.Model):
    """What the month's review says of one unit (月讲评): a word of the rules and a text."""

    month = models.DateField("月份", help_text="这个月的第一天。")
    unit = _unit("monthly_reviews")
    word = models.CharField("讲评", max_length=16)
    text = models.CharField("讲评意见", max_length=500)
    entered_by = _by("登记人")
    entered_at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = "月讲评"
        verbose_name_plural = "月讲评"
        ordering: ClassVar = ["-month", "unit__order", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["month", "unit"], name="a_unit_is_reviewed_once_a_month")
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.unit}"


class MonthReview(models.Model):
    """A month's review that is over (讲评会): its figures as they were, for the minutes."""

    month = models.DateField("月份", unique=True)
    held_on = models.DateField("讲评日期")
    figures = models.JSONField("数据", default=dict)
    ended_by = _by("结束人")
    ended_at = models.DateTimeField("结束时间")

    class Meta:
        verbose_name = "讲评会"
        verbose_name_plural = "讲评会"
        ordering: ClassVar = ["-month"]

    def __str__(self) -> str:
        return f"{dates.month(self.month)}讲评会"


def due_day(clock: Clock | None) -> date | None:
    """The day a clock was promised for; an extension moves nothing here."""
    due: datetime | None = (clock.first_due_at or clock.due_at) if clock else None
    return timezone.localdate(due) if due else None
