"""What is sent inside: a notice with its receipt, and the word outside that something waits."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from departments.models.units import Department
from office import dates


class Notice(models.Model):
    """Something sent to a unit or a user, who confirms that it came (站内通知).

    `source` and `source_key` are the sender's own words for what it is about: the same addressee gets the
    same thing once, however often it is sent.
    """

    source = models.CharField("来源", max_length=24)
    source_key = models.CharField("来源编号", max_length=64)
    department = models.ForeignKey(
        Department,
        verbose_name="送达单位",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="notices",
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="送达用户",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="notices",
    )
    kind = models.CharField("类别", max_length=40)
    subject = models.CharField("事由", max_length=200)
    url = models.CharField("办理页面", max_length=200, blank=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="发送人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    sent_at = models.DateTimeField("发送时间")
    due_on = models.DateField("签收期限", null=True, blank=True)
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="签收人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    received_at = models.DateTimeField("签收时间", null=True, blank=True)
    taken_back_at = models.DateTimeField("收回时间", null=True, blank=True)

    class Meta:
        verbose_name = "通知"
        verbose_name_plural = "通知"
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(fields=["department", "received_at"], name="notices_of_a_unit"),
            models.Index(fields=["user", "received_at"], name="notices_of_a_user"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(department__isnull=False, user__isnull=True)
                | Q(department__isnull=True, user__isnull=False),
                name="a_notice_has_one_addressee",
            ),
            models.CheckConstraint(
                condition=Q(received_by__isnull=True, received_at__isnull=True)
                | Q(received_by__isnull=False, received_at__isnull=False),
                name="a_receipt_has_a_name_and_a_time",
            ),
            models.UniqueConstraint(
                fields=["source", "source_key", "department"],
                condition=Q(department__isnull=False),
                name="a_unit_is_told_once",
            ),
            models.UniqueConstraint(
                fields=["source", "source_key", "user"],
                condition=Q(user__isnull=False),
                name="a_user_is_told_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}：{self.subject}"

    @property
    def addressee(self) -> str:
        return str(self.department or self.user)

    def is_late(self, today: date) -> bool:
        open_ = self.received_at is None and self.taken_back_at is None
        return open_ and self.due_on is not None and self.due_on < today

    def state_in_words(self, today: date) -> str:
        if self.received_at:
            return "已签收"
        if self.taken_back_at:
            return "已收回"
        if self.due_on and self.due_on < today:
            return f"逾期 {(today - self.due_on).days} 天未签收"
        return f"待签收，限{dates.day(self.due_on)}前" if self.due_on else "待签收"


class Nudge(models.Model):
    """A word sent outside the system that something waits in it, without saying what (外发提醒).

    By e-mail it goes to one user, by the messenger to a group; whoever has one waiting gets no second.
    """

    class Channel(models.TextChoices):
        MAIL = "mail", "电子邮件"
        MESSENGER = "messenger", "即时通讯"

    class State(models.TextChoices):
        WAITING = "waiting", "待发送"
        SENT = "sent", "已发送"
        FAILED = "failed", "未送出"

    channel = models.CharField("渠道", max_length=16, choices=Channel)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="用户",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
    )
    state = models.CharField("状态", max_length=16, choices=State, default=State.WAITING)
    due_at = models.DateTimeField("下次发送时间")
    tries = models.PositiveSmallIntegerField("已尝试次数", default=0)
    sent_at = models.DateTimeField("送出时间", null=True, blank=True)
    fault = models.CharField("未送出的原因", max_length=200, blank=True)

    class Meta:
        verbose_name = "外发提醒"
        verbose_name_plural = "外发提醒"
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["state", "due_at"], name="nudges_to_send")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(state="waiting", channel="mail"),
                name="one_mail_waits_for_a_user",
            ),
            models.UniqueConstraint(
                fields=["channel"],
                condition=Q(state="waiting", channel="messenger"),
                name="one_message_waits_for_the_group",
            ),
            models.CheckConstraint(
                condition=Q(channel="mail", user__isnull=False) | Q(channel="messenger", user__isnull=True),
                name="mail_goes_to_a_user",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()}：{self.user or '群'}"
