"""Supervisors of the business environment; never related to slips or ballots."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q


class Supervisor(models.Model):
    """An appointed supervisor (营商环境监督员, 特邀监督员; 吉林经开区 三(二)2(4), 方城 annex, 广元 一).

    Known by name and organization. The telephone number is kept as long as the appointment lasts.
    """

    name = models.CharField("姓名", max_length=40)
    organization = models.CharField("所在单位", max_length=120)
    # 广元 一 counts them by the county that put them forward; elsewhere it stays blank.
    area = models.CharField("所属地区", max_length=40, blank=True)
    phone = models.CharField("联系电话", max_length=40, blank=True)
    term_starts = models.DateField("聘期开始", null=True, blank=True)
    term_ends = models.DateField("聘期结束", null=True, blank=True)
    is_active = models.BooleanField("在任", default=True)

    class Meta:
        verbose_name = "监督员"
        verbose_name_plural = "监督员"
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["name", "organization"],
                name="one_supervisor_of_a_name_in_an_organization",
                violation_error_message="该单位已有同名的监督员，没有保存。确是两个人的，请在姓名后注明，如“（一）”“（二）”。",
            ),
            models.CheckConstraint(
                condition=Q(term_ends__gte=F("term_starts")),
                name="a_supervisors_term_ends_after_it_starts",
                violation_error_message="聘期结束早于聘期开始，没有保存。请核对日期。",
            ),
            models.CheckConstraint(
                condition=Q(is_active=True) | Q(phone=""), name="who_left_has_no_telephone_number"
            ),
        ]

    def __str__(self) -> str:
        return self.name
