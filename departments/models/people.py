"""What a department shows: its sections with their duties, and its people."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from django.core.validators import RegexValidator
from django.db import models

from departments.kinds import DISCLOSING, StaffKind, Topic
from departments.models.units import Department
from departments.names.pinyin import name_initials
from departments.names.strokes import stroke_key
from office.files import stored


class Section(models.Model):
    """A section of a department with its duty sheet (科（室）; YC-R2, annex 2)."""

    department = models.ForeignKey(
        Department, verbose_name="单位", on_delete=models.CASCADE, related_name="sections"
    )
    name = models.CharField("科（室）", max_length=60)
    order = models.PositiveIntegerField("顺序", default=0)
    is_leadership = models.BooleanField(
        "局领导", default=False, help_text="单位领导班子所在的栏目，不是业务科室。"
    )
    topic = models.CharField("事项类别", max_length=16, choices=Topic, default=Topic.BUSINESS)
    supervising_leader = models.ForeignKey(
        "departments.StaffMember",
        verbose_name="分管负责人",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="supervised_sections",
    )
    responsibilities = models.TextField("岗位职责", blank=True)
    work_rules = models.TextField("工作制度", blank=True)
    service_words = models.TextField("服务用语", blank=True)

    class Meta:
        verbose_name = "科（室）"
        verbose_name_plural = "科（室）"
        ordering: ClassVar = ["department__order", "order", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["department", "name"], name="a_department_names_a_section_once")
        ]

    def __str__(self) -> str:
        return f"{self.department} {self.name}"


class ServiceItem(models.Model):
    """One matter a section handles (事项清单; annex 2) with procedure and time limit."""

    section = models.ForeignKey(
        Section, verbose_name="科（室）", on_delete=models.CASCADE, related_name="items"
    )
    name = models.CharField("事项名称", max_length=120)
    procedure = models.TextField("办理流程", blank=True)
    time_limit = models.CharField("办理时限", max_length=120, blank=True)
    order = models.PositiveIntegerField("顺序", default=0)

    class Meta:
        verbose_name = "事项"
        verbose_name_plural = "事项"
        ordering: ClassVar = ["section", "order", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["section", "name"], name="a_section_lists_an_item_once")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def steps(self) -> list[str]:
        """Return the procedure step by step: `受理→审核→决定`."""
        return [step for part in re.split(r"→|->|—>|\n", self.procedure) if (step := part.strip())]


class StaffQuerySet(models.QuerySet["StaffMember"]):
    """People, asked in sentences."""

    def shown(self) -> StaffQuerySet:
        """Return the people the public may see: in post, not taken down, in a department in scope (YC-R1)."""
        return self.filter(
            is_shown=True, left_on=None, department__is_active=True, department__kind__in=DISCLOSING
        )


class StaffMember(models.Model):
    """A person shown and, where ticked, judged (工作人员; YC-R1)."""

    department = models.ForeignKey(
        Department, verbose_name="单位", on_delete=models.CASCADE, related_name="staff"
    )
    section = models.ForeignKey(
        Section, verbose_name="科（室）", on_delete=models.PROTECT, related_name="staff"
    )
    name = models.CharField("姓名", max_length=40)
    name_initials = models.CharField("拼音首字母", max_length=40, blank=True, editable=False, db_index=True)
    name_strokes = models.CharField("笔画次序", max_length=61, blank=True, editable=False, db_index=True)
    reading = models.CharField(
        "拼音首字母更正",
        max_length=40,
        blank=True,
        validators=[RegexValidator(r"^[A-Za-z]+$", "拼音首字母只能填写字母，没有保存。请改正后重新保存。")],
        help_text="公众可按拼音首字母查找。系统读错姓名中的多音字时填写，例如 gxm；一般不填。",
    )
    kind = models.CharField("人员类别", max_length=24, choices=StaffKind)
    post = models.CharField("职务（岗位）", max_length=80, blank=True)
    office_phone = models.CharField(
        "办公电话", max_length=40, blank=True, help_text="仅供内部使用，不对外公开。"
    )
    photo = models.ImageField("照片", upload_to="photos/", blank=True, storage=stored.media)
    photo_basis = models.CharField("照片公开依据", max_length=120, blank=True)
    is_judged = models.BooleanField("参加评价", default=True)
    in_post_since = models.DateField("任现职时间", null=True, blank=True)
    left_on = models.DateField("离任时间", null=True, blank=True)
    is_shown = models.BooleanField("对外公示", default=True, help_text="撤下后，公示页面立即不再显示此人。")
    note = models.CharField("备注", max_length=200, blank=True)
    order = models.PositiveIntegerField("顺序", default=0)

    objects = StaffQuerySet.as_manager()

    class Meta:
        verbose_name = "工作人员"
        verbose_name_plural = "工作人员"
        ordering: ClassVar = ["department__order", "section__order", "order", "id"]
        indexes: ClassVar = [models.Index(fields=["department", "name"], name="staff_by_name")]

    def __str__(self) -> str:
        return f"{self.name}（{self.department}）"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep what the public searches by and lists are sorted by in step with the name."""
        self.name_initials = self.reading.lower() or name_initials(self.name)
        self.name_strokes = stroke_key(self.name)
        super().save(*args, **kwargs)

    @property
    def has_public_photo(self) -> bool:
        """Whether the photo may be shown: only with a recorded basis."""
        return bool(self.photo) and bool(self.photo_basis)
