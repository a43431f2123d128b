"""A matter, whom it was assigned to, and everything that happened to it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models

from casework.models.procedures import ProcedureVersion
from casework.procedure import Procedure
from office.files import stored

LONGEST_TEXT = 5000


def by_user(label: str) -> Any:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=label,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )


class Matter(models.Model):
    """Something that somebody must settle by a day (事项), under the version of its procedure.

    State changes only through the services of `casework.matters`. Who reported it is no part of it.
    """

    class State(models.TextChoices):
        HELD = "held", "待核"
        REGISTERED = "registered", "待受理"
        REFUSING = "refusing", "拟不予受理"
        REFUSED = "refused", "不予受理"
        ACCEPTED = "accepted", "待研判"
        JUDGED = "judged", "待交办"
        ASSIGNED = "assigned", "办理中"
        REPLIED = "replied", "已回复"
        COMPLETED = "completed", "待告知"
        CALLING = "calling", "待回访"
        CLOSING = "closing", "待办结"
        REFERRED = "referred", "提交领导小组"
        CLOSED = "closed", "已办结"
        REVIEWING = "reviewing", "复核中"
        WITHDRAWN = "withdrawn", "已撤回"
        MERGED = "merged", "已并案"
        TRANSFERRED = "transferred", "已移送"

    version = models.ForeignKey(
        ProcedureVersion, verbose_name="办理规程", on_delete=models.PROTECT, related_name="matters"
    )
    procedure_id = models.CharField("规程编号", max_length=64)
    year = models.PositiveIntegerField("年度")
    serial = models.PositiveIntegerField("序号")
    number = models.CharField("编号", max_length=40, unique=True)
    higher_number = models.CharField("上级平台编号", max_length=60, blank=True)
    source = models.CharField("来源", max_length=32, help_text="规程所列渠道。")
    state = models.CharField("状态", max_length=16, choices=State, default=State.REGISTERED)
    title = models.CharField("事项名称", max_length=120)
    text = models.TextField("反映内容", max_length=LONGEST_TEXT)
    fields = models.JSONField("登记项目", default=dict, blank=True)
    about = models.ForeignKey(
        "departments.Department",
        verbose_name="涉及单位",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="matters_about",
    )
    plate = models.ForeignKey(
        "casework.Plate",
        verbose_name="监督评议牌",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="matters",
    )
    is_anonymous = models.BooleanField("匿名", default=False)
    code_mark = models.CharField("查询码印记", max_length=64, blank=True, editable=False)
    text_mark = models.CharField("内容印记", max_length=64, blank=True, editable=False, db_index=True)
    category = models.CharField("类别", max_length=32)
    first_category = models.CharField("最初类别", max_length=32)
    received_at = models.DateTimeField("收到时间")
    received_on = models.DateField("收到日期")
    accepted_at = models.DateTimeField("受理时间", null=True, blank=True)
    accepted_by_silence = models.BooleanField("逾期视为受理", default=False)
    refusal = models.CharField("不予受理事由", max_length=64, blank=True)
    refusal_reason = models.CharField("不予受理说明", max_length=500, blank=True)
    refusal_proposed_by = by_user("提出不予受理")
    refusal_confirmed_by = by_user("审核不予受理")
    opinion = models.CharField("研判意见", max_length=500, blank=True)
    cause = models.CharField("原因类别", max_length=40, blank=True)
    finding = models.CharField("是否属实", max_length=32, blank=True)
    outcome = models.CharField("办理结果", max_length=32, blank=True)
    countersigned_by = by_user("会签人")
    times_reopened = models.PositiveIntegerField("重办次数", default=0)
    hand_backs = models.PositiveIntegerField("退回次数", default=0)
    referred_at = models.DateTimeField("提交领导小组时间", null=True, blank=True)
    referred_why = models.CharField("提交领导小组的缘由", max_length=200, blank=True)
    satisfaction = models.CharField("回访评价", max_length=40, blank=True)
    is_satisfied = models.BooleanField("是否满意", null=True, blank=True)
    is_reached = models.BooleanField("回访接通", null=True, blank=True)
    is_solved = models.BooleanField("已解决", default=False)
    told_at = models.DateTimeField("告知时间", null=True, blank=True)
    closed_at = models.DateTimeField("办结时间", null=True, blank=True)
    # What runs out first of its clocks, kept by `casework.matters.due` so that lists can be sorted by it.
    next_due_at = models.DateTimeField("最近截止", null=True, blank=True, editable=False)
    merged_into = models.ForeignKey(
        "self",
        verbose_name="并入",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="merged_ones",
    )
    follows = models.ForeignKey(
        "self",
        verbose_name="关联的原事项",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="followed_by",
    )
    registered_by = by_user("登记人")

    class Meta:
        verbose_name = "事项"
        verbose_name_plural = "事项"
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(fields=["procedure_id", "state", "-id"], name="matters_by_state"),
            models.Index(fields=["about", "received_on"], name="matters_about_a_unit"),
            models.Index(fields=["higher_number"], name="matters_by_higher_number"),
            models.Index(
                fields=["referred_at"],
                condition=models.Q(referred_at__isnull=False),
                name="matters_that_were_referred",
            ),
            models.Index(fields=["next_due_at", "id"], name="matters_by_what_is_due"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["procedure_id", "year", "serial"], name="a_matter_has_its_own_serial"
            ),
            models.UniqueConstraint(
                fields=["procedure_id", "higher_number"],
                condition=~models.Q(higher_number=""),
                name="a_higher_number_counts_once",
            ),
            models.CheckConstraint(
                condition=~models.Q(merged_into=models.F("id")), name="no_matter_is_merged_with_itself"
            ),
            models.CheckConstraint(
                condition=models.Q(refusal_confirmed_by__isnull=True)
                | ~models.Q(refusal_confirmed_by=models.F("refusal_proposed_by")),
                name="a_refusal_is_confirmed_by_another",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="referred") | models.Q(referred_at__isnull=False),
                name="what_was_referred_has_its_moment",
            ),
            models.CheckConstraint(
                condition=models.Q(state="merged", merged_into__isnull=False)
                | ~models.Q(state="merged") & models.Q(merged_into__isnull=True),
                name="a_merged_matter_has_one_that_goes_on",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.shown_title}"

    @property
    def is_passed_on(self) -> bool:
        """Whether it was transferred: from then on the house shows its number and days alone."""
        return self.state == self.State.TRANSFERRED

    @property
    def shown_title(self) -> str:
        return "（已移送，内容不再显示）" if self.is_passed_on else self.title

    @property
    def procedure(self) -> Procedure:
        return self.version.procedure

    @property
    def category_label(self) -> str:
        return self.procedure.category(self.category)


class Assignment(models.Model):
    """A matter given to one unit (交办), with its clocks; what it answers stays with it."""

    class State(models.TextChoices):
        WAITING = "waiting", "待签收"
        IN_HAND = "in_hand", "办理中"
        REPLIED = "replied", "已回复"
        COMPLETED = "completed", "已办成"
        HANDED_BACK = "handed_back", "已退回"
        TAKEN_BACK = "taken_back", "已收回"

    matter = models.ForeignKey(
        Matter, verbose_name="事项", on_delete=models.PROTECT, related_name="assignments"
    )
    unit = models.ForeignKey(
        "departments.Department",
        verbose_name="承办单位",
        on_delete=models.PROTECT,
        related_name="assignments",
    )
    cycle = models.PositiveIntegerField("第几次办理", default=0)
    is_lead = models.BooleanField("主办", default=True)
    state = models.CharField("状态", max_length=16, choices=State, default=State.WAITING)
    demands = models.CharField("办理要求", max_length=500, blank=True)
    assigned_at = models.DateTimeField("交办时间")
    assigned_by = by_user("交办人")
    signed_at = models.DateTimeField("签收时间", null=True, blank=True)
    signed_by = by_user("签收人")
    contacted_at = models.DateTimeField("联系反映人时间", null=True, blank=True)
    replied_at = models.DateTimeField("回复时间", null=True, blank=True)
    replied_by = by_user("回复人")
    reply = models.TextField("办理情况", max_length=LONGEST_TEXT, blank=True)
    law = models.CharField("依据条款", max_length=300, blank=True)
    promised_on = models.DateField("后续承诺日", null=True, blank=True)
    proposed_outcome = models.CharField("拟办理结果", max_length=32, blank=True)
    completed_at = models.DateTimeField("办成时间", null=True, blank=True)
    completion = models.TextField("后续办理情况", max_length=LONGEST_TEXT, blank=True)
    ended_reason = models.CharField("退回（收回）理由", max_length=500, blank=True)
    ended_at = models.DateTimeField("退回（收回）时间", null=True, blank=True)

    class Meta:
        verbose_name = "交办"
        verbose_name_plural = "交办"
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [models.Index(fields=["unit", "state"], name="assignments_of_a_unit")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["matter", "unit", "cycle"],
                condition=models.Q(state__in=["waiting", "in_hand", "replied", "completed"]),
                name="a_unit_has_a_matter_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.matter.number} {self.unit}"


class MatterEvent(models.Model):
    """What happened to a matter, by whom and why (办理记录): added, never changed.

    Nothing in `text` says who reported: units read it.
    """

    class Act(models.TextChoices):
        HELD = "held", "列为待核"
        RELEASED = "released", "核实放行"
        REGISTERED = "registered", "登记"
        ACCEPTED = "accepted", "受理"
        REFUSAL_PROPOSED = "refusal_proposed", "提出不予受理"
        REFUSAL_RETURNED = "refusal_returned", "不同意不予受理"
        REFUSED = "refused", "不予受理"
        JUDGED = "judged", "研判"
        ASSIGNED = "assigned", "交办"
        SIGNED = "signed", "签收"
        HANDED_BACK = "handed_back", "退回"
        TAKEN_BACK = "taken_back", "收回交办"
        CONTACTED = "contacted", "联系反映人"
        STOPPED = "stopped", "通知补正"
        RESUMED = "resumed", "补正完成"
        EXTENSION_ASKED = "extension_asked", "申请延期"
        EXTENDED = "extended", "同意延期"
        EXTENSION_REFUSED = "extension_refused", "不同意延期"
        REPLIED = "replied", "回复"
        COMPLETED = "completed", "办成"
        RETURNED = "returned", "退回重新办理"
        COUNTERSIGNED = "countersigned", "会签"
        TOLD = "told", "告知反映人"
        CALLED = "called", "回访未接通"
        CALLED_BACK = "called_back", "回访"
        REOPENED = "reopened", "重办"
        REFERRED = "referred", "提交领导小组"
        DECIDED = "decided", "领导小组批示"
        REMINDED = "reminded", "提醒"
        CHASED = "chased", "催办"
        SUPERVISED = "supervised", "督办"
        ROSE = "rose", "升牌"
        RECOLORED = "recolored", "调整类别"
        MERGED = "merged", "并案"
        REPEATED = "repeated", "重复反映"
        TRANSFERRED = "transferred", "移送"
        TAKEN_OVER = "taken_over", "移送接收"
        WITHDRAWN = "withdrawn", "撤回"
        REVIEW_ASKED = "review_asked", "申请复核"
        REVIEWED = "reviewed", "复核决定"
        OPENED = "opened", "查看反映人身份"
        CLOSED = "closed", "办结"
        NOTED = "noted", "备注"

    matter = models.ForeignKey(Matter, verbose_name="事项", on_delete=models.PROTECT, related_name="events")
    assignment = models.ForeignKey(
        Assignment,
        verbose_name="交办",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="events",
    )
    act = models.CharField("办理", max_length=24, choices=Act)
    at = models.DateTimeField("时间")
    by = by_user("办理人")
    text = models.CharField("说明", max_length=1000, blank=True)
    data = models.JSONField("数据", default=dict, blank=True)

    class Meta:
        verbose_name = "事项办理记录"
        verbose_name_plural = "事项办理记录"
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [models.Index(fields=["act", "at"], name="matter_events_by_act")]

    def __str__(self) -> str:
        return f"{self.matter.number} {self.get_act_display()}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert once; what happened is never edited."""
        if self.pk is not None:
            raise TypeError("what happened to a matter is never edited")
        super().save(*args, **kwargs)


class MatterFile(models.Model):
    """A file of a matter (附件): handed in by the reporter, or by a unit as proof; no metadata."""

    class Kind(models.TextChoices):
        REPORTED = "reported", "反映材料"
        PROOF = "proof", "办理佐证"

    matter = models.ForeignKey(Matter, verbose_name="事项", on_delete=models.PROTECT, related_name="files")
    assignment = models.ForeignKey(
        Assignment, verbose_name="交办", null=True, blank=True, on_delete=models.PROTECT, related_name="files"
    )
    kind = models.CharField("种类", max_length=16, choices=Kind)
    file = models.FileField("文件", storage=stored.private, upload_to="matters/", max_length=200)
    name = models.CharField("名称", max_length=120)
    to_unit = models.BooleanField("承办单位可见", default=True)
    added_on = models.DateField("提交日期")
    added_by = by_user("提交人")

    class Meta:
        verbose_name = "事项附件"
        verbose_name_plural = "事项附件"
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.name


class CallBack(models.Model):
    """One try to reach the reporter (回访), with what was answered."""

    matter = models.ForeignKey(
        Matter, verbose_name="事项", on_delete=models.PROTECT, related_name="call_backs"
    )
    cycle = models.PositiveIntegerField("第几次办理", default=0)
    at = models.DateTimeField("时间")
    on = models.DateField("日期")
    by = by_user("回访人")
    way = models.CharField("方式", max_length=40)
    is_reached = models.BooleanField("接通")
    answers = models.JSONField("回答", default=dict, blank=True)
    remark = models.CharField("说明", max_length=300, blank=True)

    class Meta:
        verbose_name = "回访"
        verbose_name_plural = "回访"
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.matter.number} 回访"
