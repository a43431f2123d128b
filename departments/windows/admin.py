"""The office's lists of halls and service windows; a department's people see their own windows (WY-R9)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Count, QuerySet
from django.http import HttpRequest

from departments.access import own_department
from departments.models import Department, Hall, Window
from departments.windows import services
from office.errors import Refused
from office.models import User
from office.workbench import start_page
from office.workbench.role_admin import RoleAdmin, without_icons


class HallForm(forms.ModelForm):
    class Meta:
        model = Hall
        fields = ("name", "town", "address", "hours", "order")

    def clean(self) -> dict[str, Any]:
        """Its windows bear its name in rounds: ask whether they could bear a new one."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("name") and self.instance.pk:
            hall = Hall(name=data["name"])
            try:
                for window in Window.objects.filter(hall=self.instance.pk):
                    window.hall = hall
                    services.check_name(window)
            except Refused as refusal:
                raise ValidationError(str(refusal)) from refusal
        return data


@admin.register(Hall)
class HallAdmin(RoleAdmin):
    form = HallForm
    view_action, edit_action = "window.view", "window.edit"
    list_display = ("name", "town", "address", "hours", "window_count")
    list_select_related = ("town",)
    search_fields = ("name", "address")
    fields = ("name", "town", "address", "hours", "order")
    empty_says = "还没有办事大厅。导入服务窗口时一并新增，或逐个新增。"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).annotate(windows_found=Count("windows"))

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        return without_icons(super().formfield_for_dbfield(db_field, request, **kwargs))

    @admin.display(description="窗口数", ordering="windows_found")
    def window_count(self, hall: Any) -> int:
        return int(hall.windows_found)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """A hall that is renamed renames the units of its windows."""
        with transaction.atomic():
            super().save_model(request, obj, form, change)
            for window in Window.objects.filter(hall=obj.pk).select_related("hall", "department", "unit"):
                services.keep(window)


class WindowForm(forms.ModelForm):
    class Meta:
        model = Window
        fields = ("hall", "number", "name", "department", "matters", "is_active")

    def clean(self) -> dict[str, Any]:
        """Ask whether the unit that goes with the window could be stored, before anything is."""
        data: dict[str, Any] = super().clean() or {}
        if all(data.get(name) for name in ("hall", "number", "name", "department")):
            given = {name: data[name] for name in ("hall", "number", "name")}
            try:
                services.check_name(Window(unit_id=self.instance.unit_id, **given))
            except Refused as refusal:
                raise ValidationError(str(refusal)) from refusal
        return data


@admin.register(Window)
class WindowAdmin(RoleAdmin):
    """Windows by hall and number; one out of use stays, because rounds judged it."""

    view_action, edit_action = "window.view", "window.edit"
    form = WindowForm
    empty_says = "还没有服务窗口。导入服务窗口名单，或逐个新增。"
    list_display = ("hall", "number", "name", "department", "is_active")
    list_display_links = ("number", "name")
    list_select_related = ("hall", "department", "unit")
    list_filter = ("hall", "is_active", ("department", admin.RelatedOnlyFieldListFilter))
    search_fields = ("name", "number", "department__name", "matters")
    export_columns = ("hall", "number", "name", "department", "matters", "is_active")

    def limit(self, queryset: QuerySet[Any], user: User) -> QuerySet[Any]:
        own = own_department(user)
        return queryset if own is None else queryset.filter(department=own)

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Nobody: a window that was given up is no longer in use."""
        return False

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        if db_field.name == "department":
            kwargs["queryset"] = Department.objects.bodies().order_by("order", "id")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        return without_icons(super().formfield_for_dbfield(db_field, request, **kwargs))

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Store the window with its unit."""
        with transaction.atomic():
            services.keep(obj)
            super().save_model(request, obj, form, change)


start_page.add_link(
    "单位和人员",
    "查看办事大厅",
    "admin:departments_hall_changelist",
    "window.view",
    hint="名称、地址、办公时间",
    order=42,
    words={"window.edit": "维护办事大厅"},
)
start_page.add_link(
    "单位和人员",
    "查看服务窗口",
    "admin:departments_window_changelist",
    "window.view",
    hint="大厅、窗口号、进驻单位、办理事项",
    order=43,
    words={"window.edit": "维护服务窗口"},
)
