"""The pages of the calendar."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.urls import path

from office.calendar import views as holiday_views
from office.models import Holiday
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
