"""Who is judged: departments, sections, their people, towns."""

from __future__ import annotations

import re
from datetime import date
from typing import ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models

from departments.kinds import DISCLOSING, WITHIN_A_UNIT, StaffKind, Topic, UnitKind
from departments.names.pinyin import name_initials
from departments.names.strokes import stroke_key
from office import dates
from office.files import stored


class DepartmentQuerySet(models.QuerySet["Department"]):
    """Units, asked in sentences."""

    def disclosing(self) -> DepartmentQuerySet:
        """Return the units that show identity and duties: towns, counties, windows and the like have none."""
        return self.filter(kind__in=DISCLOSING)

    def bodies(self) -> DepartmentQuerySet:
        """Return the units that stand by themselves, which a workbook may name as somebody's 单位."""
        return self.exclude(kind__in=WITHIN_A_UNIT)


class Department(models.Model):
    """A unit in scope of an evaluation (单位/部门; YC-R4), of whatever kind (GY-R2, JL-R1, WY-R8, WY-R9)."""

    name = models.CharField("单位名称", max_length=80, unique=True)
    order = models.PositiveIntegerField("机构序列", default=0, help_text="数字小的排在前面。")
    kind = models.CharField(
        "单位类别",
        max_length=16,
        choices=UnitKind,
        default=UnitKind.DEPARTMENT,
        help_text="只有机关部门公示身份和职责；其他类别的单位只参加以其分组为对象的评价。",
    )
    peer_group = models.CharField(
        "系列（分组）",
        max_length=40,
        default="县直部门",
        help_text="在某个评价方案中分组不同的，在下方“各方案分组”中填写。",
    )
    parent = models.ForeignKey(
        "self",
        verbose_name="所属单位",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="parts",
        help_text="科室、服务窗口所在的单位；乡镇街道等可填所属县区。",
    )
    town = models.OneToOneField(
        "departments.Town",
        verbose_name="对应的镇（街）",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="unit",
        help_text="乡镇街道作为评价对象时，选择组织评价的是哪个镇（街）。",
    )
    superior = models.CharField("上级主管部门", max_length=80, blank=True, help_text="垂直管理单位填写。")
    is_active = models.BooleanField("在评价范围内", default=True)

    objects = DepartmentQuerySet.as_manager()

    class Meta:
        verbose_name = "单位"
        verbose_name_plural = "单位"
        ordering: ClassVar = ["order", "id"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Keep sections and windows inside a unit that stands by itself."""
        if self.parent_id is None and self.kind in WITHIN_A_UNIT:
            raise ValidationError({"parent": f"{self.get_kind_display()}须填写所属单位。"})
        if self.parent is not None and (self.parent.pk == self.pk or self.parent.kind in WITHIN_A_UNIT):
            raise ValidationError({"parent": "所属单位不能是本单位、科室或服务窗口，请重新选择。"})
        if self.town_id is not None and self.kind != UnitKind.TOWN:
            raise ValidationError({"town": "只有乡镇街道可以对应镇（街），请留空或更改单位类别。"})


class UnitGroup(models.Model):
    """The group of a unit in one scheme (各方案分组), where it is not the unit's own `peer_group`."""

    department = models.ForeignKey(
        Department, verbose_name="单位", on_delete=models.CASCADE, related_name="groups"
    )
    scheme_id = models.CharField("方案编号", max_length=64)
    group = models.CharField("分组", max_length=40)

    class Meta:
        verbose_name = "方案分组"
        verbose_name_plural = "各方案分组"
        ordering: ClassVar = ["scheme_id", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["department", "scheme_id"],
                name="a_scheme_groups_a_unit_once",
                violation_error_message="同一方案只能填写一个分组。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.department} {self.group}"


class DepartmentAlias(models.Model):
    """Another name under which a workbook may mention a department (单位别名)."""

    department = models.ForeignKey(
        Department, verbose_name="单位", on_delete=models.CASCADE, related_name="aliases"
    )
    name = models.CharField("别名", max_length=80, unique=True)

    class Meta:
        verbose_name = "单位别名"
        verbose_name_plural = "单位别名"

    def __str__(self) -> str:
        return self.name


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

    def save(self, *args: object, **kwargs: object) -> None:
        """Keep what the public searches by and lists are sorted by in step with the name."""
        self.name_initials = self.reading.lower() or name_initials(self.name)
        self.name_strokes = stroke_key(self.name)
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    @property
    def has_public_photo(self) -> bool:
        """Whether the photo may be shown: only with a recorded basis."""
        return bool(self.photo) and bool(self.photo_basis)


class Town(models.Model):
    """A town or street that organizes the sittings (镇街; YC-R6)."""

    name = models.CharField("镇（街）", max_length=40, unique=True)
    order = models.PositiveIntegerField("顺序", default=0)

    class Meta:
        verbose_name = "镇（街）"
        verbose_name_plural = "镇（街）"
        ordering: ClassVar = ["order", "id"]

    def __str__(self) -> str:
        return self.name


class TownAlias(models.Model):
    """Another name under which a workbook may mention a town (镇街别名)."""

    town = models.ForeignKey(Town, verbose_name="镇（街）", on_delete=models.CASCADE, related_name="aliases")
    name = models.CharField("别名", max_length=40, unique=True)

    class Meta:
        verbose_name = "镇街别名"
        verbose_name_plural = "镇街别名"

    def __str__(self) -> str:
        return self.name


class Hall(models.Model):
    """A service hall (政务服务大厅): where windows stand, and when they are open."""

    name = models.CharField("大厅名称", max_length=60, unique=True)
    town = models.ForeignKey(
        Town,
        verbose_name="镇（街）",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="halls",
        help_text="镇（街）便民服务中心填写。",
    )
    address = models.CharField("地址", max_length=120, blank=True)
    hours = models.CharField("办公时间", max_length=120, blank=True, help_text="例如：工作日9:00—17:00。")
    order = models.PositiveIntegerField("顺序", default=0)

    class Meta:
        verbose_name = "办事大厅"
        verbose_name_plural = "办事大厅"
        ordering: ClassVar = ["order", "id"]

    def __str__(self) -> str:
        return self.name


class Window(models.Model):
    """A service window of a hall (服务窗口; WY-R9); as one who is judged it is a unit, its `unit`."""

    department = models.ForeignKey(
        Department, verbose_name="进驻单位", on_delete=models.PROTECT, related_name="windows"
    )
    hall = models.ForeignKey(Hall, verbose_name="办事大厅", on_delete=models.PROTECT, related_name="windows")
    number = models.CharField("窗口号", max_length=12)
    name = models.CharField("窗口名称", max_length=40, help_text="例如：不动产登记。")
    matters = models.TextField("办理事项", blank=True, help_text="每行一项。")
    is_active = models.BooleanField("在用", default=True, help_text="撤销的窗口取消勾选，不再列入评价。")
    unit = models.OneToOneField(
        Department, verbose_name="参评单位", on_delete=models.PROTECT, related_name="window", editable=False
    )

    class Meta:
        verbose_name = "服务窗口"
        verbose_name_plural = "服务窗口"
        ordering: ClassVar = ["hall__order", "hall_id", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["hall", "number"],
                name="a_hall_numbers_a_window_once",
                violation_error_message="该大厅已有这一窗口号，没有保存。请核对。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.hall}{window_title(self.number)}（{self.name}）"


def window_title(number: str) -> str:
    """Return the number of a window as people say it: `3号窗口`, `A12号窗口`, `综合窗口`."""
    return number if number.endswith("窗口") else f"{number.removesuffix('号')}号窗口"


class Membership(models.Model):
    """Where a user belongs (用户归属): a department's officer sees only that department."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, verbose_name="用户", on_delete=models.CASCADE, related_name="membership"
    )
    department = models.ForeignKey(
        Department,
        verbose_name="单位",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="memberships",
    )
    town = models.ForeignKey(
        Town,
        verbose_name="镇（街）",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="memberships",
    )

    class Meta:
        verbose_name = "用户归属"
        verbose_name_plural = "用户归属"

    def __str__(self) -> str:
        return f"{self.user} → {self.department or self.town or '—'}"


class Task(models.Model):
    """Something a department or a town has to do by a day (任务; YC-R16)."""

    title = models.CharField("任务", max_length=120)
    detail = models.TextField("要求", blank=True)
    department = models.ForeignKey(
        Department,
        verbose_name="责任单位",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="tasks",
    )
    town = models.ForeignKey(
        Town,
        verbose_name="责任镇（街）",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="tasks",
    )
    starts_on = models.DateField("开始日期")
    due_on = models.DateField("完成期限", db_index=True)
    percent = models.PositiveSmallIntegerField("进度（%）", default=0, editable=False)
    done_on = models.DateField("完成日期", null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "任务"
        verbose_name_plural = "任务"
        ordering: ClassVar = ["due_on", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(department__isnull=False, town__isnull=True)
                | models.Q(department__isnull=True, town__isnull=False),
                name="a_task_has_one_owner",
                violation_error_message="请在责任单位和责任镇（街）中选择一个，没有保存。",
            ),
            models.CheckConstraint(
                condition=models.Q(due_on__gte=models.F("starts_on")),
                name="a_task_is_due_after_its_start",
                violation_error_message="完成期限不能早于开始日期，没有保存。",
            ),
            models.CheckConstraint(condition=models.Q(percent__lte=100), name="a_task_is_done_at_a_hundred"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def owner(self) -> str:
        return str(self.department or self.town)

    def state_in_words(self, today: date) -> str:
        """Say in words whether it is done, late, or how many days are left."""
        if self.done_on:
            late = "（逾期）" if self.done_on > self.due_on else ""
            return f"{dates.day(self.done_on)}完成{late}"
        days = (self.due_on - today).days
        if days < 0:
            return f"已逾期 {-days} 天"
        if today < self.starts_on:
            return "尚未开始"
        return "今天到期" if days == 0 else f"还有 {days} 天"


class TaskProgress(models.Model):
    """What its owner reported about a task on one day (任务进展; YC-R16); never changed afterwards."""

    task = models.ForeignKey(Task, verbose_name="任务", on_delete=models.CASCADE, related_name="progress")
    at = models.DateTimeField("填报时间")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="填报人", on_delete=models.PROTECT, related_name="+"
    )
    percent = models.PositiveSmallIntegerField("进度（%）")
    note = models.TextField("进展情况")

    class Meta:
        verbose_name = "任务进展"
        verbose_name_plural = "任务进展"
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.task} {self.percent}%"
