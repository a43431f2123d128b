"""The lists of pools: settings, members, what departments handed in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from departments.access import own_department
from departments.names.wording import person_name, plain
from office.calendar.working_time import after_months
from office.models import User
from office.workbench import start_page
from office.workbench.role_admin import RoleAdmin, without_icons
from office.workbooks.sheets import tidy
from surveys.models import HandedInSample, Pool, PoolMember


@admin.register(Pool)
class PoolAdmin(RoleAdmin):
    """Settings of a pool; its strata and cells come as a workbook."""

    empty_says = "还没有样本库。请导入样本库结构。"
    view_action, edit_action = "pool.view", "pool.edit"
    list_display = fields = ("name", "basis", "most_handed_in", "samples_wanted")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never: its draws and their protocols stay."""
        return False


class MemberForm(forms.ModelForm):
    class Meta:
        model = PoolMember
        fields = ("name", "employer", "unit", "phone", "joined_on", "left_on", "left_reason")
        help_texts = {
            "unit": "在参评单位工作的填写；不参加抽取。",
            "phone": "只供联系使用；退出后删除。",
            "left_on": "不再作为样本的填写，并写明原因。",
        }

    def clean_name(self) -> str:
        return person_name(self.cleaned_data["name"])

    def clean_employer(self) -> str:
        return plain(self.cleaned_data["employer"])

    def clean_phone(self) -> str:
        return tidy(self.cleaned_data["phone"])

    def clean(self) -> dict[str, Any]:
        """Drop the phone number of somebody who left; reckon anew until when a member stays."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        today = timezone.localdate()
        for name in ("joined_on", "left_on"):
            if data.get(name) and data[name] > today:
                self.add_error(name, "日期晚于今天，没有保存。请核对日期。")
        if data.get("left_on") and not data.get("left_reason"):
            self.add_error("left_reason", "退出的须写明退出原因，没有保存。")
        return {**data, "phone": ""} if data.get("left_on") else data

    def save(self, commit: bool = True) -> Any:
        if "joined_on" in self.changed_data:
            months = self.instance.cell.stratum.renewal_months
            self.instance.renew_on = after_months(self.cleaned_data["joined_on"], months)
        return super().save(commit)


@admin.register(PoolMember)
class PoolMemberAdmin(RoleAdmin):
    empty_says = "还没有样本。请导入样本，或在样本库页面补足。"
    view_action, edit_action = "pool.view", "pool.edit"
    form = MemberForm
    list_display = ("name", "stratum", "part", "number", "employer", "renew_on", "left_on")
    # Headings as the importer knows them, so that a list taken out can come back in.
    export_columns = (
        "pool",
        "stratum",
        "part",
        "number",
        "name",
        "employer",
        "unit",
        "phone",
        "joined_on",
        "left_on",
        "left_reason",
    )
    list_select_related = ("pool", "cell__stratum", "unit")
    list_filter = ("pool", "source", ("left_on", admin.EmptyFieldListFilter))
    search_fields = ("name__contains", "number__istartswith", "employer__contains")

    @admin.display(description="类别", ordering="cell__stratum__order")
    def stratum(self, member: PoolMember) -> str:
        return member.cell.stratum.name

    @admin.display(description="细分", ordering="cell__order")
    def part(self, member: PoolMember) -> str:
        return member.cell.name

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never: who comes in is drawn or stands on a list that is imported."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never: a member leaves with a reason, old draws still name them."""
        return False

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        return without_icons(super().formfield_for_dbfield(db_field, request, **kwargs))


@admin.register(HandedInSample)
class HandedInSampleAdmin(RoleAdmin):
    empty_says = "还没有报送样本。"
    view_action = "sample.view"
    list_display = ("name", "code", "department", "period", "matter", "contact", "phone", "is_withdrawn")
    export_columns = (
        "name",
        "code",
        "matter",
        "contact",
        "phone",
        "is_withdrawn",
        "department",
        "period",
        "handed_in_on",
    )
    list_select_related = ("department",)
    list_filter = ("period", "is_withdrawn")
    search_fields = ("name__contains", "code__istartswith")

    def limit(self, queryset: QuerySet[Any], user: User) -> QuerySet[Any]:
        own = own_department(user)
        return queryset if own is None else queryset.filter(department=own)


start_page.add_link(
    "市场主体和镇（街）",
    "查看样本",
    "admin:surveys_poolmember_changelist",
    "pool.view",
    hint="样本库成员：类别、编号、到期日期",
    order=31,
)
start_page.add_link(
    "本单位",
    "查看本单位报送的样本",
    "admin:surveys_handedinsample_changelist",
    "sample.hand_in",
    hint="历次报送的企业",
    order=61,
)
