"""The register of what follows from results: proposed by the scheme, decided by the body with the power."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.db import models

from evaluations.models.judging import Result, Round, RoundDepartment
from evaluations.scoring.consequences import TARGET_LABELS
from evaluations.scoring.measures import KIND_LABELS
from office import dates
from office.files import stored

OF_PERSONS = ("self", "supervisor_of_section", "principal", "own_section")
RUNNING = ("served", "in_force", "fulfilled")
SERVED = (*RUNNING, "lapsed")


def effect_in_words(since: date | None, until: date | None) -> str:
    """Say when something has effect; what was decided after its year had ended has none left."""
    if since is None or until is None:
        return ""
    if since > until:
        return f"已随{until.year}年度终了失效"
    return f"{dates.day(since)}至{dates.day(until)}"


class Dispositions(models.QuerySet["Disposition"]):
    """Questions about the register whose answer hangs on the day, not on a job that ran in the night."""

    def on(self, day: date) -> Dispositions:
        """Each with `state_now`, its state on this day."""
        lapsed = models.Q(state__in=RUNNING, effect_until__lt=day)
        begun = models.Q(state="served", effect_from__lte=day, effect_until__gte=day)
        return self.annotate(
            state_now=models.Case(
                models.When(lapsed, then=models.Value("lapsed")),
                models.When(begun, then=models.Value("in_force")),
                default=models.F("state"),
            )
        )

    def in_force_on(self, day: date) -> Dispositions:
        """What was served and has its effect on this day; nothing that was withdrawn."""
        return self.filter(state__in=SERVED, effect_from__lte=day, effect_until__gte=day)


class DecisionNumber(models.Model):
    """The number of a decision (决定文号): one body gives it once; what is withdrawn keeps it."""

    body = models.CharField("决定机关", max_length=80)
    number = models.CharField("决定文号", max_length=80)
    decided_on = models.DateField("决定日期")

    class Meta:
        verbose_name = "决定文号"
        verbose_name_plural = "决定文号"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["body", "number"], name="a_body_gives_a_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.body} {self.number}"


class Disposition(models.Model):
    """One thing that a result proposed for one unit or person (处置事项), and what became of it.

    Without decision number and date it has no effect and nothing is printed. It is never deleted: what a
    corrected result takes back stays, marked withdrawn. Points stand on one row only, that of the unit.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", "待决定"
        SET_ASIDE = "set_aside", "不予实施"
        DECIDED = "decided", "已决定"
        SERVED = "served", "已送达"
        IN_FORCE = "in_force", "影响期内"
        FULFILLED = "fulfilled", "已履行"
        LAPSED = "lapsed", "已期满"
        WITHDRAWN = "withdrawn", "已撤销"

    class Way(models.TextChoices):
        HAND = "hand", "直接送达"
        SYSTEM = "system", "系统送达"
        POST = "post", "邮寄送达"
        LEFT = "left", "留置送达"

    register_year = models.PositiveIntegerField("登记年度")
    register_serial = models.PositiveIntegerField("登记序号")
    result = models.ForeignKey(
        Result, verbose_name="所依据的结果", on_delete=models.PROTECT, related_name="dispositions"
    )
    round = models.ForeignKey(
        Round, verbose_name="轮次", on_delete=models.PROTECT, related_name="dispositions"
    )
    subject = models.ForeignKey(
        RoundDepartment, verbose_name="参评单位", on_delete=models.PROTECT, related_name="dispositions"
    )
    department = models.ForeignKey(
        "departments.Department", verbose_name="单位", on_delete=models.PROTECT, related_name="+"
    )
    staff_member = models.ForeignKey(
        "departments.StaffMember",
        verbose_name="本人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    person_name = models.CharField("姓名", max_length=40, blank=True)
    person_post = models.CharField("时任职务", max_length=80, blank=True)
    target = models.CharField("对象", max_length=32, choices=list(TARGET_LABELS.items()))
    rule = models.CharField("规则编号", max_length=64)
    label = models.CharField("处置建议", max_length=120)
    clause = models.CharField("条款", max_length=40)
    because = models.CharField("起因", max_length=500)
    word = models.CharField("处置", max_length=80)
    kind = models.CharField("种类", max_length=24, choices=list(KIND_LABELS.items()))
    points = models.DecimalField("考核分", max_digits=7, decimal_places=2, null=True, blank=True)
    points_are_total = models.BooleanField("为当年累计数", default=False)
    points_by_decision = models.BooleanField("分值由决定确定", default=False)
    year = models.PositiveIntegerField("考核年度", help_text="轮次结束所在的年度。")
    state = models.CharField("状态", max_length=16, choices=State, default=State.PROPOSED)
    proposed_on = models.DateField("提出日期")
    body = models.CharField("决定机关", max_length=80, blank=True)
    number = models.CharField("决定文号", max_length=80, blank=True)
    decided_on = models.DateField("决定日期", null=True, blank=True)
    authority = models.CharField(
        "授权依据", max_length=200, blank=True, help_text="由方案所列以外的机关决定的，写明依据。"
    )
    terms = models.CharField("决定内容", max_length=300, blank=True)
    named_by_decision = models.BooleanField("决定时确定人员", default=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="登记人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    reason = models.CharField("理由", max_length=500, blank=True, help_text="不予实施或撤销的理由。")
    served_on = models.DateField("送达日期", null=True, blank=True)
    served_way = models.CharField("送达方式", max_length=16, choices=Way, blank=True)
    received_by = models.CharField("签收人", max_length=80, blank=True)
    received_on = models.DateField("签收日期", null=True, blank=True)
    refusal = models.CharField("拒收事由", max_length=200, blank=True)
    witness = models.CharField("见证人", max_length=80, blank=True)
    effect_from = models.DateField("影响期起", null=True, blank=True)
    effect_until = models.DateField("影响期止", null=True, blank=True)
    fulfilled_on = models.DateField("履行日期", null=True, blank=True)
    withdrawn_on = models.DateField("撤销日期", null=True, blank=True)
    withdrawn_number = models.CharField(
        "撤销（解除）文号",
        max_length=80,
        blank=True,
        help_text="由决定机关撤销、解除的；由更正后的结果撤回的没有。",
    )
    withdrawn_by_result = models.ForeignKey(
        Result,
        verbose_name="撤销它的结果",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="withdrawn_dispositions",
    )
    restore_flagged = models.BooleanField(
        "履行后被撤销", default=False, help_text="撤销时已经履行或生效，须由决定机关另行恢复。"
    )

    objects = Dispositions.as_manager()

    class Meta:
        verbose_name = "处置事项"
        verbose_name_plural = "处置事项"
        ordering: ClassVar = ["-register_year", "-register_serial"]
        indexes: ClassVar = [
            models.Index(fields=["department", "year"], name="dispositions_of_a_year"),
            models.Index(fields=["staff_member", "year"], name="dispositions_of_a_person"),
            models.Index(fields=["state"], name="dispositions_by_state"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["register_year", "register_serial"], name="a_register_number_is_given_once"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["proposed", "set_aside", "withdrawn"])
                | ~models.Q(number="") & ~models.Q(body="") & models.Q(decided_on__isnull=False),
                name="nothing_has_effect_without_number_body_and_day",
            ),
        ]

    def __str__(self) -> str:
        whom = "" if self.target == "department" else self.whom
        return f"{self.register_number} {self.subject.name}{whom} {self.word}"

    @property
    def register_number(self) -> str:
        return f"{self.register_year}-{self.register_serial:04d}"

    @property
    def whom(self) -> str:
        """The person, else whoever of the unit the rule means."""
        return self.person_name or self.get_target_display()

    @property
    def is_about_a_person(self) -> bool:
        return self.target in OF_PERSONS

    @property
    def effect_in_words(self) -> str:
        return effect_in_words(self.effect_from, self.effect_until)

    @property
    def waits_for_receipt(self) -> bool:
        """Served, and the unit has not signed for it; what was left with a witness needs no signature."""
        signs = self.state in SERVED and self.received_on is None
        return signs and self.served_way != self.Way.LEFT


class DispositionEvent(models.Model):
    """What happened to a disposition, by whom and why (办理记录): added, never changed."""

    class Act(models.TextChoices):
        PROPOSED = "proposed", "提出建议"
        KEPT = "kept", "更正后仍然成立"
        DECIDED = "decided", "登记决定"
        SET_ASIDE = "set_aside", "不予实施"
        SERVED = "served", "送达"
        RECEIVED = "received", "签收"
        PAPER = "paper", "提交材料"
        ACCEPTED = "accepted", "核收材料"
        RETURNED = "returned", "退回材料"
        FULFILLED = "fulfilled", "履行完毕"
        LAPSED = "lapsed", "期满"
        WITHDRAWN = "withdrawn", "撤销"
        TOLERANCE = "tolerance", "容错"
        RESTORED = "restored", "恢复"

    disposition = models.ForeignKey(
        Disposition, verbose_name="处置事项", on_delete=models.PROTECT, related_name="events"
    )
    act = models.CharField("办理", max_length=16, choices=Act)
    at = models.DateTimeField("时间")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="办理人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    text = models.CharField("说明", max_length=500, blank=True)

    class Meta:
        verbose_name = "办理记录"
        verbose_name_plural = "办理记录"
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.disposition} {self.get_act_display()}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert once; what happened is never edited."""
        if self.pk is not None:
            raise TypeError("what happened to a disposition is never edited")
        super().save(*args, **kwargs)


class DispositionPaper(models.Model):
    """A paper that a measure asks for (履行材料): handed in by the unit, accepted by somebody else."""

    class State(models.TextChoices):
        DUE = "due", "待提交"
        HANDED_IN = "handed_in", "待核收"
        ACCEPTED = "accepted", "已核收"
        RETURNED = "returned", "已退回"

    disposition = models.ForeignKey(
        Disposition, verbose_name="处置事项", on_delete=models.PROTECT, related_name="papers"
    )
    label = models.CharField("材料", max_length=80)
    due_on = models.DateField("期限", null=True, blank=True)
    state = models.CharField("状态", max_length=16, choices=State, default=State.DUE)
    file = models.FileField(
        "文件", storage=stored.private, upload_to="dispositions/", max_length=200, blank=True
    )
    file_name = models.CharField("文件名", max_length=120, blank=True)
    handed_in_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="提交人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    handed_in_at = models.DateTimeField("提交时间", null=True, blank=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="核收人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    checked_at = models.DateTimeField("核收时间", null=True, blank=True)
    opinion = models.CharField("核收意见", max_length=200, blank=True)

    class Meta:
        verbose_name = "履行材料"
        verbose_name_plural = "履行材料"
        ordering: ClassVar = ["due_on", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(checked_by=models.F("handed_in_by")),
                name="nobody_accepts_their_own_paper",
            )
        ]

    def __str__(self) -> str:
        return f"{self.disposition} {self.label}"
