"""The office's page for the list of supervisors."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from departments.names.wording import person_name, plain
from office.workbench import start_page
from office.workbench.role_admin import RoleAdmin
from office.workbooks.sheets import tidy
from surveys.models import Supervisor


class SupervisorForm(forms.ModelForm):
    class Meta:
        model = Supervisor
        fields = ("name", "organization", "area", "phone", "term_starts", "term_ends", "is_active")
        help_texts = {
            "organization": "没有单位的，填写社区（村）。",
            "area": "市级评价分县（区）聘任的填写，如“市本级”；其他可不填。",
            "phone": "只供评价中心通知使用，不公开。",
            "is_active": "不再担任的，取消勾选；联系电话随即删除。",
        }

    def clean_name(self) -> str:
        """Spell names as the importer does, so that nobody is stored twice; the same for the next three."""
        return person_name(self.cleaned_data["name"])

    def clean_organization(self) -> str:
        return plain(self.cleaned_data["organization"])

    def clean_area(self) -> str:
        return plain(self.cleaned_data["area"])

    def clean_phone(self) -> str:
        return tidy(self.cleaned_data["phone"])

    def clean(self) -> dict[str, Any]:
        """Drop the phone number of somebody no longer in office."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        return cleaned if cleaned.get("is_active") else {**cleaned, "phone": ""}


class AreaFilter(admin.SimpleListFilter):
    title = "所属地区"
    parameter_name = "area"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, str]]:
        areas = Supervisor.objects.exclude(area="").order_by("area").values_list("area", flat=True)
        return [(area, area) for area in areas.distinct()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(area=self.value()) if self.value() else queryset


@admin.register(Supervisor)
class SupervisorAdmin(RoleAdmin):
    empty_says = "还没有监督员。请导入监督员名单，或逐名新增。"
    view_action, edit_action = "supervisor.view", "supervisor.edit"
    form = SupervisorForm
    # Headings as the importer knows them, so that a list taken out can come back in.
    list_display = ("name", "organization", "area", "phone", "term_starts", "term_ends", "is_active")
    list_filter = ("is_active", AreaFilter)
    search_fields = ("name__contains", "organization__contains")


start_page.add_link(
    "监督核查",
    "维护监督员",
    "admin:surveys_supervisor_changelist",
    "supervisor.view",
    hint="姓名、所在单位、聘期、是否在任",
    order=60,
)
start_page.add_link(
    "监督核查",
    "导入监督员",
    "import-supervisors",
    "supervisor.import",
    hint="预览无误后导入",
    order=61,
)
