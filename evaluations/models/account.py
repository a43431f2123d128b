"""The yearly account: how rounds left units and people, what was answered of it, what was handed on."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from evaluations.models.consequences import Disposition
from evaluations.models.judging import Result, Round, RoundDepartment


class Standing(models.Model):
    """How a unit or a person came out of a round (评定情况): a thin copy of the result in force.

    Written again with every result that comes into force; the result is the authority.
    """

    result = models.ForeignKey(
        Result, verbose_name="评价结果", on_delete=models.PROTECT, related_name="standings"
    )
    round = models.ForeignKey(Round, verbose_name="轮次", on_delete=models.PROTECT, related_name="standings")
    subject = models.ForeignKey(
        RoundDepartment, verbose_name="参评单位", on_delete=models.PROTECT, related_name="standings"
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
    year = models.PositiveIntegerField("年度", help_text="轮次结束所在的年度。")
    ends_on = models.DateField("周期最后一天")
    grade = models.CharField("等次", max_length=40, blank=True)
    score = models.CharField("得分", max_length=24, blank=True)
    rank = models.PositiveIntegerField("名次", null=True, blank=True)
    listed = models.CharField("名单", max_length=8, blank=True)

    class Meta:
        verbose_name = "评定情况"
        verbose_name_plural = "评定情况"
        ordering: ClassVar = ["ends_on", "id"]
        indexes: ClassVar = [
            models.Index(fields=["year", "staff_member"], name="standings_of_a_year"),
            models.Index(fields=["department", "ends_on"], name="standings_of_a_unit"),
            models.Index(fields=["staff_member", "ends_on"], name="standings_of_a_person"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["subject"],
                condition=Q(staff_member__isnull=True),
                name="a_unit_stands_once_in_a_round",
            ),
            models.UniqueConstraint(
                fields=["subject", "staff_member"],
                condition=Q(staff_member__isnull=False),
                name="a_person_stands_once_in_a_round",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.round}"


class AccountExtract(models.Model):
    """What was answered to a named request about a unit or a person (任职查询回复): kept as it was."""

    register_year = models.PositiveIntegerField("登记年度")
    register_serial = models.PositiveIntegerField("登记序号")
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
    about = models.CharField("查询对象", max_length=130)
    asked_by_body = models.CharField("查询机关", max_length=80)
    asked_by_person = models.CharField("查询人", max_length=40)
    purpose = models.CharField("用途", max_length=200)
    letter = models.CharField("来函文号", max_length=80, blank=True)
    asked_on = models.DateField("查询日期")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="办理人", on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField("办理时间")
    content = models.JSONField("回复内容", default=dict)

    class Meta:
        verbose_name = "任职查询回复"
        verbose_name_plural = "任职查询回复"
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["register_year", "register_serial"], name="an_extract_number_is_given_once"
            ),
            models.CheckConstraint(
                condition=~(Q(asked_by_body="") | Q(asked_by_person="") | Q(purpose="")),
                name="an_extract_has_somebody_who_asked_and_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.register_number} {self.about}"

    @property
    def register_number(self) -> str:
        return f"{self.register_year}-{self.register_serial:03d}"


class SuperiorReport(models.Model):
    """That results of vertical units were handed to their superior body (报送上级), with number and day."""

    year = models.PositiveIntegerField("年度")
    superior_body = models.CharField("上级主管部门", max_length=80)
    number = models.CharField("报送文号", max_length=80, unique=True)
    sent_on = models.DateField("报送日期")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="登记人", on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField("登记时间")
    dispositions = models.ManyToManyField(
        Disposition, verbose_name="报送的处置事项", related_name="superior_reports"
    )

    class Meta:
        verbose_name = "报送上级记录"
        verbose_name_plural = "报送上级记录"
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~(Q(superior_body="") | Q(number="")), name="a_report_has_a_body_and_a_number"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.superior_body} {self.number}"
