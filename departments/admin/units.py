"""Units of every kind, their other names, and their groups under single schemes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest

from departments.access import own_department
from departments.kinds import UnitKind
from departments.models import Department, DepartmentAlias, UnitGroup
from departments.units.groups import schemes
from office.models import User
from office.workbench import start_page
from office.workbench.role_admin import RoleAdmin, RoleInline, without_icons


class DepartmentAliasInline(RoleInline):
    model = DepartmentAlias
    view_action, edit_action = "department.view", "department.edit"


class UnitGroupForm(forms.ModelForm):
    """Schemes by their titles; a group that the scheme has."""

    scheme_id = forms.ChoiceField(label="评价方案")

    class Meta:
        model = UnitGroup
        fields = ("scheme_id", "group")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.schemes = {one.scheme_id: one for one in schemes()}
        choices = [(one.scheme_id, one.title) for one in self.schemes.values()]
        kept = self.instance.scheme_id
        more = [(kept, f"{kept}（未启用）")] if kept and kept not in self.schemes else []
        offered: Any = self.fields["scheme_id"]
        offered.choices = [*choices, *more]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        scheme = self.schemes.get(data.get("scheme_id", ""))
        written = data.get("group", "")
        if scheme is not None and written:
            key = scheme.group(written)
            if key is None:
                self.add_error("group", f"该方案的分组有：{'、'.join(scheme.groups.values())}。请核对。")
            else:
                data["group"] = key
        return data


class UnitGroupInline(RoleInline):
    """Groups under single schemes; elsewhere the plain group counts."""

    model = UnitGroup
    form = UnitGroupForm
    view_action, edit_action = "department.view", "department.edit"


OF_A_WINDOW = ("name", "kind", "parent", "town", "is_active")


@admin.register(Department)
class DepartmentAdmin(RoleAdmin):
    """Departments (单位) in 机构序列 order; the centre keeps the list (YC-R4)."""

    empty_says = "还没有单位。导入人员名册（附件1、附件2）时一并新增，或逐个新增。"
    view_action, edit_action = "department.view", "department.edit"
    list_display = ("name", "order", "kind", "peer_group", "superior", "people", "is_active")
    list_filter = ("is_active", "kind", "peer_group")
    search_fields = ("name", "aliases__name")
    fields = ("name", "order", "kind", "peer_group", "parent", "town", "superior", "is_active")
    inlines = (UnitGroupInline, DepartmentAliasInline)
    export_columns = (
        *("name", "order", "kind", "peer_group", "groups_in_words", "parent", "superior"),
        *("other_names", "people", "is_active"),
    )

    def limit(self, queryset: QuerySet[Any], user: User) -> QuerySet[Any]:
        """A department's people see it and the sections and windows that are judged as its parts."""
        own = own_department(user)
        return queryset if own is None else queryset.filter(Q(pk=own) | Q(parent=own))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        found = super().get_queryset(request).select_related("parent").annotate(people_count=Count("staff"))
        return found.prefetch_related("groups", "aliases") if request.path.endswith("/export/") else found

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """What a window says of itself is changed at the window."""
        return OF_A_WINDOW if obj is not None and obj.kind == UnitKind.WINDOW else ()

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        if db_field.name == "parent":
            kwargs["queryset"] = Department.objects.bodies().order_by("order", "id")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """A window is made with its hall and number, elsewhere."""
        if db_field.name == "kind":
            kwargs["choices"] = [one for one in UnitKind.choices if one[0] != UnitKind.WINDOW]
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        return without_icons(super().formfield_for_dbfield(db_field, request, **kwargs))

    @admin.display(description="各方案分组")
    def groups_in_words(self, department: Department) -> str:
        titles = {one.scheme_id: one.title for one in schemes()}
        found = department.groups.all()
        return "；".join(f"{titles.get(one.scheme_id, one.scheme_id)}：{one.group}" for one in found)

    @admin.display(description="别名")
    def other_names(self, department: Department) -> str:
        return "、".join(alias.name for alias in department.aliases.all())

    @admin.display(description="人数", ordering="people_count")
    def people(self, department: Any) -> int:
        return int(department.people_count)


start_page.add_link(
    "单位和人员",
    "查看单位",
    "admin:departments_department_changelist",
    "department.view",
    hint="类别、机构序列、系列（分组）、上级主管部门、别名",
    order=40,
    words={"department.edit": "维护单位"},
)
