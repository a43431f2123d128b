"""The office's page for the sample library of market entities (YC-R5)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest

from departments.access import own_town
from departments.models import Town
from departments.names.wording import plain
from office.models import User
from office.workbench import start_page
from office.workbench.role_admin import RoleAdmin, without_icons
from office.workbooks.credit_codes import fault_of, read_code
from surveys.models import MarketEntity


class EntityForm(forms.ModelForm):
    class Meta:
        model = MarketEntity
        fields = ("code", "name", "kind", "town", "contact", "phone", "industry", "is_active")

    def clean_code(self) -> str:
        code = read_code(self.cleaned_data["code"])
        if fault := fault_of(code):
            raise forms.ValidationError(f"统一社会信用代码有误，没有保存。{fault[1]}")
        return code

    def clean_name(self) -> str:
        return plain(self.cleaned_data["name"])


@admin.register(MarketEntity)
class MarketEntityAdmin(RoleAdmin):
    empty_says = "还没有市场主体。请导入市场主体样本库，或逐户新增。"
    view_action, edit_action = "entity.view", "entity.edit"
    form = EntityForm
    list_display = ("name", "code", "kind", "town", "contact", "phone", "is_active")
    # Headings as the importer knows them, so that a list taken out can come back in.
    export_columns = ("name", "code", "kind", "town", "contact", "phone", "industry", "is_active")
    list_select_related = ("town",)
    list_filter = ("kind", ("town", admin.RelatedOnlyFieldListFilter), "is_active")
    # A part of the name as it is written, or how the code begins: 200,000 rows are looked through.
    search_fields = ("name__contains", "code__istartswith")

    def limit(self, queryset: QuerySet[Any], user: User) -> QuerySet[Any]:
        own = own_town(user)
        return queryset if own is None else queryset.filter(town=own)

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        kwargs["queryset"] = Town.objects.order_by("order", "id")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        return without_icons(super().formfield_for_dbfield(db_field, request, **kwargs))


start_page.add_link(
    "市场主体和镇（街）",
    "查看市场主体",
    "admin:surveys_marketentity_changelist",
    "entity.view",
    hint="样本库：名称、代码、类型、所属镇（街）",
    order=10,
    words={"entity.edit": "维护市场主体"},
)
start_page.add_link(
    "市场主体和镇（街）",
    "导入市场主体样本库",
    "import-entities",
    "entity.import",
    hint="预览无误后导入",
    order=20,
)
