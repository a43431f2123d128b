"""Officers who serve firms (首席服务官; WY-R1): their links, their visits, what comes of them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from casework.models.matters import Matter
from office.files import stored


class ServiceOfficer(models.Model):
    """An official who is linked with firms, streets, parks (首席服务官): an account, and where it belongs."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name="账户",
        on_delete=models.PROTECT,
        related_name="service_officer",
    )
    unit = models.ForeignKey(
        "departments.Department", verbose_name="所在单位", on_delete=models.PROTECT, related_name="+"
    )
    post = models.CharField("职务", max_length=80, blank=True)
    left_on = models.DateField("离任日期", null=True, blank=True)

    class Meta:
        verbose_name = "首席服务官"
        verbose_name_plural = "首席服务官"
        ordering: ClassVar = ["unit__order", "id"]

    def __str__(self) -> str:
        return f"{self.user}（{self.unit}）"


class CoveredObject(models.Model):
    """A firm, street or park that every quarter is to be visited (挂联对象); its kind is data of the rules.

    `code_mark` is a keyed mark of the code by which the firm confirms visits; the code is stored nowhere.
    """

    kind = models.CharField("类别", max_length=32)
    name = models.CharField("名称", max_length=100)
    credit_code = models.CharField("统一社会信用代码", max_length=18, blank=True)
    town = models.ForeignKey(
        "departments.Town",
        verbose_name="镇（街）",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    address = models.CharField("地址", max_length=120, blank=True)
    active_from = models.DateField("纳入日期")
    ended_on = models.DateField("退出日期", null=True, blank=True)
    code_mark = models.CharField("确认码印记", max_length=64, blank=True, editable=False)
    code_given_at = models.DateTimeField("确认码发放时间", null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "挂联对象"
        verbose_name_plural = "挂联对象"
        ordering: ClassVar = ["kind", "name", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "name"], name="a_covered_object_has_a_name_of_its_own"),
            models.UniqueConstraint(
                fields=["credit_code"], condition=~Q(credit_code=""), name="a_firm_is_covered_once"
            ),
            models.UniqueConstraint(
                fields=["code_mark"], condition=~Q(code_mark=""), name="a_firms_code_opens_one_firm"
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("active_from")),
                name="an_object_ends_after_it_began",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class OfficerLink(models.Model):
    """An officer linked with an object (挂联); `handover_due_at` is promised when it ends."""

    object = models.ForeignKey(
        CoveredObject, verbose_name="挂联对象", on_delete=models.PROTECT, related_name="links"
    )
    officer = models.ForeignKey(
        ServiceOfficer, verbose_name="首席服务官", on_delete=models.PROTECT, related_name="links"
    )
    deputy = models.ForeignKey(
        ServiceOfficer,
        verbose_name="替补",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="deputy_links",
    )
    from_day = models.DateField("挂联日期")
    to_day = models.DateField("解除日期", null=True, blank=True)
    reason = models.CharField("解除原因", max_length=200, blank=True)
    handover_due_at = models.DateTimeField("接任截止", null=True, blank=True)
    handover_why = models.CharField("接任期限说明", max_length=400, blank=True)
    is_provisional = models.BooleanField("待节假日安排确定", default=False)

    class Meta:
        verbose_name = "挂联"
        verbose_name_plural = "挂联"
        ordering: ClassVar = ["-from_day", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(to_day__isnull=True) | Q(to_day__gte=F("from_day")),
                name="a_link_ends_after_it_began",
            ),
            models.CheckConstraint(
                condition=Q(to_day__isnull=True) | Q(handover_due_at__isnull=False),
                name="a_link_that_ended_has_a_handover",
            ),
            models.CheckConstraint(
                condition=Q(deputy__isnull=True) | ~Q(deputy=F("officer")),
                name="nobody_is_their_own_deputy",
            ),
            models.UniqueConstraint(
                fields=["object", "officer"],
                condition=Q(to_day__isnull=True),
                name="an_officer_is_linked_with_an_object_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.object} {self.officer}"


class Visit(models.Model):
    """One visit or contact (走访): by the object's officer, or by others; no name of a person met.

    `counts_on` is the day it counts for: the visit's, or the entry's where it was entered too late.
    """

    class Way(models.TextChoices):
        ON_SITE = "on_site", "上门走访"
        PHONE = "phone", "电话联系"
        MESSAGE = "message", "微信联系"

    class Answer(models.TextChoices):
        WAITING = "waiting", "待企业确认"
        TRUE = "true", "企业确认"
        FALSE = "false", "企业否认"

    object = models.ForeignKey(
        CoveredObject, verbose_name="挂联对象", on_delete=models.PROTECT, related_name="visits"
    )
    officer = models.ForeignKey(
        ServiceOfficer,
        verbose_name="走访的服务官",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="visits",
    )
    unit = models.ForeignKey(
        "departments.Department",
        verbose_name="走访单位",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="不是首席服务官走访的填写。",
    )
    is_own = models.BooleanField("计入服务官", default=False)
    on = models.DateField("走访日期")
    way = models.CharField("方式", max_length=16, choices=Way)
    met = models.CharField("会见人员身份", max_length=32)
    topics = models.JSONField("询问内容", default=list, blank=True)
    has_problem = models.BooleanField("有问题", default=False)
    summary = models.CharField("走访情况", max_length=500, blank=True)
    photo = models.ImageField("照片", storage=stored.private, upload_to="visits/", blank=True)
    reason = models.CharField("频繁走访的理由", max_length=200, blank=True)
    in_month = models.PositiveIntegerField("当月第几次上门", default=0)
    counts_on = models.DateField("计入日期")
    is_late = models.BooleanField("逾期补录", default=False)
    entered_at = models.DateTimeField("录入时间")
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="录入人", on_delete=models.PROTECT, related_name="+"
    )
    answer = models.CharField("企业确认", max_length=16, choices=Answer, default=Answer.WAITING)
    stars = models.PositiveSmallIntegerField("评星", null=True, blank=True)
    answered_on = models.DateField("确认日期", null=True, blank=True)

    class Meta:
        verbose_name = "走访"
        verbose_name_plural = "走访"
        ordering: ClassVar = ["-on", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["object", "on"], name="visits_of_an_object"),
            models.Index(fields=["counts_on", "way"], name="visits_of_a_quarter"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(officer__isnull=False, unit__isnull=True)
                | Q(officer__isnull=True, unit__isnull=False, is_own=False),
                name="a_visit_is_an_officers_or_a_units",
            ),
            models.CheckConstraint(
                condition=Q(stars__isnull=True) | Q(stars__gte=1, stars__lte=5), name="a_visit_has_five_stars"
            ),
            models.CheckConstraint(
                condition=Q(answer="waiting") | Q(answered_on__isnull=False),
                name="a_visit_was_answered_on_a_day",
            ),
            models.CheckConstraint(condition=Q(counts_on__gte=F("on")), name="a_visit_never_counts_before"),
        ]

    def __str__(self) -> str:
        return f"{self.object} {self.on.isoformat()}"

    @property
    def visitor(self) -> str:
        return str(self.officer or self.unit)


class VisitProblem(models.Model):
    """A problem heard on a visit (走访问题): the matter it became, and who stays its owner."""

    visit = models.OneToOneField(Visit, verbose_name="走访", on_delete=models.PROTECT, related_name="problem")
    matter = models.OneToOneField(
        Matter, verbose_name="事项", on_delete=models.PROTECT, related_name="visit_problem"
    )
    owner = models.ForeignKey(
        ServiceOfficer, verbose_name="负责的服务官", on_delete=models.PROTECT, related_name="problems"
    )
    level = models.CharField("困难程度", max_length=32)
    wish = models.CharField("企业诉求", max_length=300, blank=True)
    may_be_named = models.BooleanField("企业同意公开名称", default=False)
    is_late = models.BooleanField("逾期上报", default=False)

    class Meta:
        verbose_name = "走访问题"
        verbose_name_plural = "走访问题"
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return self.matter.number


class OfficerDeed(models.Model):
    """What the officer himself did for a problem (服务官所做): added, never changed."""

    problem = models.ForeignKey(
        VisitProblem, verbose_name="走访问题", on_delete=models.PROTECT, related_name="deeds"
    )
    officer = models.ForeignKey(
        ServiceOfficer, verbose_name="首席服务官", on_delete=models.PROTECT, related_name="deeds"
    )
    on = models.DateField("日期")
    text = models.CharField("做了什么", max_length=300)

    class Meta:
        verbose_name = "服务官所做"
        verbose_name_plural = "服务官所做"
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.text

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert once; what was done is never edited."""
        if self.pk is not None:
            raise TypeError("what an officer did is never edited")
        super().save(*args, **kwargs)


class FirmQuestionnaire(models.Model):
    """Questions about needs (需求调查表), by version: a change is a new version, answers keep theirs."""

    title = models.CharField("名称", max_length=80)
    version = models.PositiveIntegerField("版本")
    questions = models.JSONField("问题")
    is_active = models.BooleanField("在用", default=True)
    made_at = models.DateTimeField("制定时间")

    class Meta:
        verbose_name = "需求调查表"
        verbose_name_plural = "需求调查表"
        ordering: ClassVar = ["-version"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version"], name="a_questionnaire_version_is_unique"),
            models.UniqueConstraint(
                fields=["is_active"],
                condition=Q(is_active=True),
                name="one_questionnaire_is_in_use",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}（第{self.version}版）"


class FirmAnswer(models.Model):
    """What a firm answered (调查表答复): on the officer's phone, or on its own (`officer` is None)."""

    questionnaire = models.ForeignKey(
        FirmQuestionnaire, verbose_name="需求调查表", on_delete=models.PROTECT, related_name="answers"
    )
    object = models.ForeignKey(
        CoveredObject, verbose_name="挂联对象", on_delete=models.PROTECT, related_name="answers"
    )
    officer = models.ForeignKey(
        ServiceOfficer,
        verbose_name="代填的服务官",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    on = models.DateField("日期")
    answers = models.JSONField("答复")

    class Meta:
        verbose_name = "调查表答复"
        verbose_name_plural = "调查表答复"
        ordering: ClassVar = ["-on", "-id"]

    def __str__(self) -> str:
        return f"{self.object} {self.questionnaire}"

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Return each question of its version with the answer."""
        asked = [one["label"] for one in self.questionnaire.questions]
        return list(zip(asked, self.answers, strict=False))
