"""Judging: scheme versions, rounds with their frozen subjects, stored results."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models

from departments.kinds import StaffKind, Topic


class SchemeVersion(models.Model):
    """A scheme as loaded from its file at one moment (评价方案): text and hash, never edited."""

    scheme_id = models.CharField("方案编号", max_length=64)
    title = models.CharField("方案名称", max_length=200)
    sha256 = models.CharField("方案摘要", max_length=64, unique=True)
    text = models.TextField("方案全文")
    is_active = models.BooleanField("启用", default=False)

    class Meta:
        verbose_name = "评价方案"
        verbose_name_plural = "评价方案"
        ordering: ClassVar = ["scheme_id", "-id"]

    def __str__(self) -> str:
        return self.title


class Round(models.Model):
    """One evaluation from creation to publication (轮次); its state changes only in services."""

    class State(models.TextChoices):
        DRAFT = "draft", "筹备"
        FROZEN = "frozen", "名单已锁定"
        PREPARED = "prepared", "已制票"
        OPEN = "open", "评价进行中"
        CLOSED = "closed", "已截止"
        COMPUTED = "computed", "已计算"
        SIGNED_OFF = "signed_off", "已审定"
        APPROVED = "approved", "领导小组已批准"
        SERVED = "served", "已送达，申诉期内"
        APPEALS_ENDED = "appeals_ended", "申诉期已结束"
        PUBLISHED = "published", "已公布"
        VOID = "void", "已作废"

    class PersonsPublic(models.TextChoices):
        """Which persons the public result sheet names (reading 11)."""

        ALL = "all", "全部人员"
        TOP_GRADES = "top_grades", "仅优秀、良好人员"
        NONE = "none", "不公布个人结果"

    title = models.CharField("轮次名称", max_length=120)
    period = models.CharField("周期", max_length=16, help_text="例如 2026-Q3；全年即 2026。")
    scheme_version = models.ForeignKey(SchemeVersion, verbose_name="评价方案", on_delete=models.PROTECT)
    options = models.JSONField("口径调整", default=dict, blank=True)
    survey = models.OneToOneField(
        "surveys.Survey",
        verbose_name="评价表",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    state = models.CharField("状态", max_length=16, choices=State, default=State.DRAFT)
    base_date = models.DateField("名单基准日")
    questions = models.JSONField(
        "评价问题",
        default=list,
        blank=True,
        help_text="每人被问的问题；留空即一个总体问题，以科室事项类别为题。",
    )
    shares = models.JSONField("评价主体占比", default=dict, help_text="类别 → 百分比（三类合计 100）。")
    slips_plan = models.JSONField(
        "各镇街票数", default=dict, blank=True, help_text="镇街编号 → 类别 → 票数。"
    )
    persons_public = models.CharField(
        "个人结果公布范围", max_length=16, choices=PersonsPublic, default=PersonsPublic.TOP_GRADES
    )
    persons_public_decision = models.CharField("公布依据（文号）", max_length=120, blank=True)
    intervals_public = models.BooleanField("公布得分的可能范围", default=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="创建人", on_delete=models.PROTECT, related_name="+"
    )
    closes_at = models.DateTimeField("截止时间", null=True, blank=True)
    opened_on = models.DateField("开始评价", null=True, blank=True)
    closed_on = models.DateField("截止评价", null=True, blank=True)
    served_on = models.DateField("送达日期", null=True, blank=True)
    appeals_until = models.DateField("申诉截止", null=True, blank=True)
    appeals_rest_on = models.JSONField(
        "申诉期限的依据",
        default=dict,
        blank=True,
        help_text="谁（unit、person）→ 起算、期限、日历和办公时间的版本。",
    )
    appeals_provisional = models.BooleanField("申诉截止暂定", default=False)
    appeals_waiver_decision = models.CharField("提前公布依据（文号）", max_length=120, blank=True)
    published_at = models.DateTimeField("公布时间", null=True, blank=True)  # the first time
    correction_reason = models.CharField("更正公布的原因", max_length=200, blank=True)
    correction_decision = models.CharField("更正公布的批准文号", max_length=120, blank=True)
    void_reason = models.CharField("作废原因", max_length=200, blank=True)

    class Meta:
        verbose_name = "轮次"
        verbose_name_plural = "轮次"
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return self.title

    @property
    def is_being_corrected(self) -> bool:
        """Whether a published result is being corrected; until the correction is published, it stands."""
        return bool(self.correction_decision)


class RoundDepartment(models.Model):
    """A unit judged in a round (参评单位), as it stood when the list was frozen."""

    round = models.ForeignKey(
        Round, verbose_name="轮次", on_delete=models.CASCADE, related_name="departments"
    )
    department = models.ForeignKey(
        "departments.Department", verbose_name="单位", on_delete=models.PROTECT, related_name="+"
    )
    name = models.CharField("单位名称", max_length=80)
    peer_group = models.CharField("系列（分组）", max_length=40)
    superior_body = models.CharField("上级主管部门", max_length=80, blank=True)
    order = models.PositiveIntegerField("机构序列", default=0)
    is_judged = models.BooleanField("参加评价", default=True)
    reason_not_judged = models.CharField("不参评原因", max_length=120, blank=True)

    class Meta:
        verbose_name = "参评单位"
        verbose_name_plural = "参评单位"
        ordering: ClassVar = ["order", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["round", "department"], name="a_round_judges_a_department_once")
        ]

    def __str__(self) -> str:
        return self.name


class RoundMember(models.Model):
    """A person on the frozen list of a round (参评人员), as they stood on the base date."""

    round_department = models.ForeignKey(
        RoundDepartment, verbose_name="参评单位", on_delete=models.CASCADE, related_name="members"
    )
    staff_member = models.ForeignKey(
        "departments.StaffMember", verbose_name="工作人员", on_delete=models.PROTECT, related_name="+"
    )
    name = models.CharField("姓名", max_length=40)
    kind = models.CharField("人员类别", max_length=24, choices=StaffKind)
    post = models.CharField("职务（岗位）", max_length=80, blank=True)
    section = models.ForeignKey(
        "departments.Section", verbose_name="科（室）", on_delete=models.PROTECT, related_name="+"
    )
    section_name = models.CharField("科（室）名称", max_length=60)
    topic = models.CharField("事项类别", max_length=16, choices=Topic)
    supervises = models.JSONField("分管科室编号", default=list, blank=True)
    is_judged = models.BooleanField("参加评价", default=True)
    reason_not_judged = models.CharField("不参评原因", max_length=120, blank=True)
    order = models.PositiveIntegerField("顺序", default=0)

    class Meta:
        verbose_name = "参评人员"
        verbose_name_plural = "参评人员"
        ordering: ClassVar = ["round_department__order", "order", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["round_department", "staff_member"], name="a_round_lists_a_person_once"
            )
        ]

    def __str__(self) -> str:
        return self.name


SIGN_OFF = {"signed_off_by", "signed_off_at"}
APPROVAL = {"approved_by", "approved_at"}
SENT_BACK = {"returned_by", "returned_at", "return_reason"}
WRITTEN_LATER = SIGN_OFF | APPROVAL | SENT_BACK


class Result(models.Model):
    """What was computed for a round (评价结果): never edited; a correction is a new one.

    Keeps scheme text and hash (through `scheme_version`), facts and the whole outcome with every
    derivation, so that it can be recomputed at any time.
    """

    round = models.ForeignKey(Round, verbose_name="轮次", on_delete=models.PROTECT, related_name="results")
    number = models.PositiveIntegerField("第几次结果", default=1)
    replaces = models.OneToOneField(
        "self",
        verbose_name="更正的结果",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="replaced_by",
    )
    reason = models.CharField("更正原因", max_length=200, blank=True)
    scheme_version = models.ForeignKey(SchemeVersion, verbose_name="评价方案", on_delete=models.PROTECT)
    facts = models.JSONField("评价事实")
    outcome = models.JSONField("评价结论与推导")
    ballots = models.JSONField(
        "评价过各单位的选票张数", null=True, help_text="按单位，不足10张的不列；由旧版本计票的为空。"
    )
    computed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="计算人", on_delete=models.PROTECT, related_name="+"
    )
    computed_at = models.DateTimeField("计算时间")
    signed_off_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="审定人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    signed_off_at = models.DateTimeField("审定时间", null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="批准人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    approved_at = models.DateTimeField("批准时间", null=True, blank=True)
    returned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="退回人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    returned_at = models.DateTimeField("退回时间", null=True, blank=True)
    return_reason = models.CharField("退回原因", max_length=200, blank=True)

    class Meta:
        verbose_name = "评价结果"
        verbose_name_plural = "评价结果"
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["round", "number"], name="a_round_numbers_a_result_once"),
            models.CheckConstraint(
                condition=~models.Q(signed_off_by=models.F("computed_by")),
                name="nobody_signs_off_their_own_computation",
            ),
            models.CheckConstraint(
                condition=~(
                    models.Q(approved_by=models.F("computed_by"))
                    | models.Q(approved_by=models.F("signed_off_by"))
                ),
                name="nobody_approves_what_they_computed_or_checked",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round} 第{self.number}次结果"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert once; afterwards only sign-off and approval, or why it was sent back, are written."""
        written = kwargs.get("update_fields")
        if self.pk is not None and (not isinstance(written, list) or set(written) - WRITTEN_LATER):
            raise TypeError("a result is never edited; a correction is a new one")
        super().save(*args, **kwargs)
