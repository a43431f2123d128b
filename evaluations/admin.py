"""Schemes in the workbench: shown and activated, never edited (they are files under review)."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from evaluations import services
from evaluations.gathering.sheets import marker_admin  # noqa: F401 - registers itself
from evaluations.models import SchemeVersion
from evaluations.schemes import page as scheme_page
from office.workbench import start_page
from office.workbench.role_admin import RoleAdmin


@admin.register(SchemeVersion)
class SchemeVersionAdmin(RoleAdmin):
    """Loaded schemes (评价方案)."""

    empty_says = "还没有评价方案。请联系系统管理员在服务器上载入方案。"
    view_action = "scheme.view"
    list_display = ("title", "is_active", "fingerprint")
    list_filter = ("is_active",)
    fields = readonly_fields = ("title",)  # the page shows the whole scheme instead
    change_form_template = "admin/evaluations/schemeversion/change_form.html"
    actions = ("activate",)

    @admin.display(description="校验值（前12位）")
    def fingerprint(self, version: SchemeVersion) -> str:
        return version.sha256[:12]

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        context["scheme"] = scheme_page.shown(context["original"])
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.action(description="启用所选方案版本", permissions=["activate"])
    def activate(self, request: HttpRequest, queryset: QuerySet[SchemeVersion]) -> None:
        """New rounds use the chosen versions from now on."""
        for version in queryset:
            services.activate_scheme(version=version, acting_user=request.user)  # type: ignore[arg-type]
            self.message_user(request, f"已启用：{version}（{version.sha256[:12]}）", messages.SUCCESS)

    def has_activate_permission(self, request: HttpRequest) -> bool:
        return self._may(request, "scheme.activate")


start_page.add_link(
    "评价轮次",
    "查看评价方案",
    "admin:evaluations_schemeversion_changelist",
    "scheme.view",
    hint="条款、计分规则和口径",
    order=30,
)
