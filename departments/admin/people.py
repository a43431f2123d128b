"""Sections with their duties, and people."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models, transaction
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html

from departments.access import own_department
from departments.forms import SectionForm, StaffForm
from departments.kinds import DISCLOSING
from departments.models import Department, Section, ServiceItem, StaffMember
from departments.names.wording import LEADERS
from office.models import User
from office.workbench import start_page
from office.workbench.role_admin import RoleAdmin, RoleInline, without_icons


class OfDepartment(RoleAdmin):
    """Rows that belong to a department: its people see and touch their own only (YC-R1, YC-R2)."""

    view_action, edit_action = "roster.view", "roster.edit"
    delete_action = "roster.delete"

    def limit(self, queryset: QuerySet[Any], user: User) -> QuerySet[Any]:
        own = own_department(user)
        return queryset if own is None else queryset.filter(department=own)

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        """Offer, and accept, only what lies in the user's own department."""
        queryset = self._choices(db_field.name)
        own = own_department(request.user)
        if own is not None:
            queryset = queryset.filter(**{"pk" if queryset.model is Department else "department": own})
            if db_field.name == "department":
                kwargs.setdefault("initial", own)
        kwargs["queryset"] = queryset
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        return without_icons(super().formfield_for_dbfield(db_field, request, **kwargs))

    def response_add(self, request: HttpRequest, obj: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().response_add(request, obj, *args, **kwargs)
        self._say_next_step(request, obj)
        return response

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        response = super().response_change(request, obj)
        self._say_next_step(request, obj)
        return response

    def _say_next_step(self, request: HttpRequest, obj: Any) -> None:
        if obj.department.kind not in DISCLOSING:
            return
        address = reverse("review:department", args=[obj.department_id])
        text = '修改涉及公示内容的，公示页面在提交并核准后更新。<a href="{}">提交公示</a>'
        self.message_user(request, format_html(text, address))

    def _choices(self, name: str) -> QuerySet[Any]:
        if name == "department":
            return Department.objects.bodies().order_by("order", "id")
        if name == "section":
            return Section.objects.select_related("department").order_by("department__order", "order", "id")
        leaders = StaffMember.objects.filter(kind__in=LEADERS, left_on=None).select_related("department")
        return leaders.order_by("department__order", "order", "id")


class ServiceItemInline(RoleInline):
    model = ServiceItem
    view_action, edit_action = "roster.view", "roster.edit"
    fields = ("order", "name", "procedure", "time_limit")

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name == "procedure":
            kwargs["widget"] = forms.Textarea(attrs={"rows": 2, "cols": 32})
        elif db_field.name in ("name", "time_limit"):
            kwargs["widget"] = forms.TextInput(attrs={"size": 22})
        return super().formfield_for_dbfield(db_field, request, **kwargs)


@admin.register(Section)
class SectionAdmin(OfDepartment):
    """Sections (科室) with their duty sheets (YC-R2)."""

    empty_says = "还没有科（室）。导入岗位职责公示表（附件2），或逐个新增。"
    form = SectionForm
    list_display = ("name", "department", "topic", "leader", "item_count")
    list_select_related = ("department", "supervising_leader")
    list_filter = (("department", admin.RelatedOnlyFieldListFilter), "topic")
    search_fields = ("name", "department__name")
    ordering = ("department__order", "order", "id")
    inlines = (ServiceItemInline,)
    fieldsets = (
        (
            None,
            {"fields": ("department", "name", "order", "is_leadership", "topic", "supervising_leader")},
        ),
        ("职责公示（附件2）", {"fields": ("responsibilities", "work_rules", "service_words")}),
    )

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(db_field, models.TextField) and field is not None:
            field.widget.attrs["rows"] = 5
        return field

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).annotate(items_found=Count("items"))

    @admin.display(description="分管负责人")
    def leader(self, section: Section) -> str:
        return section.supervising_leader.name if section.supervising_leader else "—"

    @admin.display(description="事项数", ordering="items_found")
    def item_count(self, section: Section) -> int:
        """How many matters the duty sheet lists; headed so that no import takes figures for matters."""
        return section.items_found  # type: ignore[attr-defined]


@admin.register(StaffMember)
class StaffAdmin(OfDepartment):
    """People (工作人员) as annex 1 shows them (YC-R1)."""

    empty_says = "还没有工作人员。导入人员身份公示表（附件1），或逐人新增。"
    form = StaffForm
    list_display = (
        "called",
        "department",
        "section_name",
        "kind",
        "post",
        "is_judged",
        "is_shown",
        "left_on",
    )
    list_select_related = ("department", "section")
    list_filter = (
        ("department", admin.RelatedOnlyFieldListFilter),
        "kind",
        "is_judged",
        "is_shown",
        ("left_on", admin.EmptyFieldListFilter),
    )
    search_fields = ("name", "name_initials")
    ordering = ("department__order", "section__order", "order", "id")
    readonly_fields = ("current_photo", "is_shown")  # taken down and put back with a reason
    fieldsets = (
        (None, {"fields": ("department", "section", "name", "kind", "post", "order")}),
        ("照片", {"fields": ("current_photo", "photo", "photo_basis", "remove_photo")}),
        ("评价和公示", {"fields": ("is_judged", "in_post_since", "left_on", "is_shown")}),
        ("内部信息", {"fields": ("office_phone", "reading", "note")}),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Who is judged is the centre's decision (reading 3), not the department's own."""
        own = own_department(request.user)
        return self.readonly_fields if own is None else (*self.readonly_fields, "is_judged")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Show the photo without ways to change it to users who may only view."""
        if self.has_change_permission(request, obj):
            return self.fieldsets
        ways = {"photo", "remove_photo"}
        return [
            (title, {**options, "fields": [name for name in options["fields"] if name not in ways]})
            for title, options in self.fieldsets
        ]

    @admin.display(description="姓名", ordering="name_strokes")
    def called(self, person: StaffMember) -> str:
        return person.name

    @admin.display(description="科（室）", ordering="section__order")
    def section_name(self, person: StaffMember) -> str:
        return person.section.name

    @admin.display(description="现有照片")
    def current_photo(self, person: StaffMember) -> str:
        """Show what is stored; the file itself has no public address."""
        if not person.pk or not person.photo:
            return "尚未上传"
        address = reverse("staff-photo", args=[person.pk])
        return format_html('<img src="{}" alt="现有照片" height="160">', address)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save, and once that holds remove the photo that was replaced."""
        before = form.initial.get("photo")
        super().save_model(request, obj, form, change)
        if before and str(before) != str(obj.photo):
            storage, name = obj.photo.storage, str(before)
            transaction.on_commit(lambda: storage.delete(name))


start_page.add_link(
    "单位和人员",
    "查看工作人员",
    "admin:departments_staffmember_changelist",
    "roster.view",
    hint="姓名、岗位、照片，离任和公示",
    order=10,
    words={"roster.edit": "维护工作人员"},
)
start_page.add_link(
    "单位和人员",
    "查看科（室）职责",
    "admin:departments_section_changelist",
    "roster.view",
    hint="岗位职责、工作制度、办理事项、服务用语",
    order=20,
    words={"roster.edit": "维护科（室）职责"},
)
start_page.add_link(
    "单位和人员",
    "导入人员名册",
    "import-roster",
    "roster.import",
    hint="人员身份公示表（附件1）和岗位职责公示表（附件2）",
    order=30,
)
start_page.add_link(
    "单位和人员",
    "导入本单位名册",
    "import-own-roster",
    "roster.import_own",
    hint="本单位的附件1和附件2，预览无误后导入",
    order=30,
)
start_page.add_link(
    "单位和人员",
    "导入照片",
    "import-photos",
    "roster.edit",
    hint="压缩包（.zip），每张照片以“部门_姓名.jpg”命名",
    order=32,
)
