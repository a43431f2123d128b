"""The pages of the calendar and the opening hours."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models, transaction
from django.http import HttpRequest
from django.urls import path

from office.calendar import provisional
from office.calendar import views as holiday_views
from office.calendar.working_time import read_shifts
from office.models import Holiday, OfficeHours
from office.workbench import start_page
from office.workbench.role_admin import RoleAdmin


@admin.register(Holiday)
class HolidayAdmin(RoleAdmin):
    """The State Council's calendar (节假日与调休)."""

    empty_says = "还没有节假日。请导入当年的节假日安排，否则不能推算工作日期限。"
    view_action, edit_action = "calendar.view", "calendar.edit"
    list_display = ("day", "name", "is_working_day")
    list_filter = ("is_working_day",)
    date_hierarchy = "day"

    def get_urls(self) -> list[Any]:
        page = self.admin_site.admin_view(holiday_views.import_holidays)
        return [path("import/", page, name="import-holidays"), *super().get_urls()]

    def save_model(self, request: HttpRequest, obj: models.Model, form: Any, change: bool) -> None:
        with transaction.atomic():
            super().save_model(request, obj, form, change)
            provisional.settle()


class OfficeHoursForm(forms.ModelForm):
    def clean_shifts(self) -> str:
        try:
            shifts = read_shifts(self.cleaned_data["shifts"])
        except ValueError as fault:
            raise forms.ValidationError(str(fault)) from fault
        return ", ".join(map(str, shifts))


@admin.register(OfficeHours)
class OfficeHoursAdmin(RoleAdmin):
    """Opening hours with the day from which they hold; limits that were promised stay."""

    empty_says = "还没有办公时间，期限暂按 09:00-12:00、13:00-17:00 推算。"
    view_action, edit_action = "calendar.view", "calendar.edit"
    form = OfficeHoursForm
    list_display = ("place_in_words", "valid_from", "shifts")

    @admin.display(description="场所", ordering="place")
    def place_in_words(self, one: OfficeHours) -> str:
        return one.place or "全县机关"


start_page.add_link(
    "系统管理",
    "查看节假日",
    "admin:office_holiday_changelist",
    "calendar.view",
    hint="推算申诉期等工作日期限的依据",
    order=120,
    words={"calendar.edit": "维护节假日"},
)
start_page.add_link(
    "系统管理",
    "导入节假日",
    "admin:import-holidays",
    "calendar.edit",
    hint="日期、名称、是否上班，预览无误后导入",
    order=121,
)
start_page.add_link(
    "系统管理",
    "查看办公时间",
    "admin:office_officehours_changelist",
    "calendar.view",
    hint="推算下班截止和工作小时的依据",
    order=122,
    words={"calendar.edit": "维护办公时间"},
)
