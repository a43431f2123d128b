"""The audit's pages, for the inspectorate: entries, sealed blocks, the head of the chain."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html_join
from django.views.decorators.http import require_POST

from office import dates
from office.auditing import chain as audit_chain
from office.models import AuditBlock, AuditEntry
from office.workbench import start_page
from office.workbench.pages import require
from office.workbench.role_admin import RoleAdmin


class WordFilter(admin.SimpleListFilter):
    """Filters by a column of words; which ones there are is looked up once in ten minutes.

    To gather them anew for each page would read the whole audit.
    """

    column = ""
    remembered = 600

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        words = cache.get_or_set(f"audit-{self.column}", self._words, self.remembered)
        chosen = self.value()
        return [(word, word) for word in sorted({*(words or []), *([chosen] if chosen else [])})]

    def _words(self) -> list[str]:
        entries = AuditEntry.objects.order_by(self.column).values_list(self.column, flat=True)
        return list(entries.distinct())

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(**{self.column: self.value()}) if self.value() else queryset


class VerbFilter(WordFilter):
    """By what was done."""

    title, parameter_name, column = "动作", "verb", "verb"


class ObjectTypeFilter(WordFilter):
    """By what it was done to."""

    title, parameter_name, column = "对象类型", "object_type", "object_type"


@admin.register(AuditEntry)
class AuditAdmin(RoleAdmin):
    """Who did what, when (操作审计): read-only, for the inspectorate."""

    empty_says = "还没有操作记录。用户办理业务以后，谁在何时做了什么会列在这里。"
    view_action = "audit.view"
    export_action = "audit.export"
    change_list_template = "admin/office/auditentry/change_list.html"
    list_display = (
        "at",
        "actor_name",
        "role",
        "verb",
        "object_type",
        "object_label",
        "changes",
        "address",
    )
    list_filter = ("role", VerbFilter, ObjectTypeFilter)
    # Chinese has no upper and lower case, and asking for neither saves most of the time of a long audit.
    search_fields = ("actor_name__contains", "object_label__contains", "verb__contains")
    date_hierarchy = "at"
    list_display_links = ("at",)
    fields = (
        "at",
        "actor_name",
        "role",
        "verb",
        "object_type",
        "object_id",
        "object_label",
        "changes",
        "address",
        "block",
    )
    readonly_fields = fields

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return super().changelist_view(request, {"head": audit_chain.head(), **(extra_context or {})})

    def get_urls(self) -> list[Any]:
        check = self.admin_site.admin_view(self.verify_view)
        return [path("verify/", check, name="office_auditentry_verify"), *super().get_urls()]

    @method_decorator(require_POST)
    def verify_view(self, request: HttpRequest) -> HttpResponse:
        """Start checking the chain; the worker does it, since a county's audit of years takes a while."""
        audit_chain.start_check(acting_user=require(request, self.view_action))
        messages.success(request, "已开始核验，结果请在“后台任务”中查看。")
        return HttpResponseRedirect(reverse("admin:office_job_changelist"))

    @admin.display(description="变更内容")
    def changes(self, entry: AuditEntry) -> str:
        names = [*entry.after, *(name for name in entry.before if name not in entry.after)]
        lines = ((name, worded(entry.before.get(name)), worded(entry.after.get(name))) for name in names)
        return (
            format_html_join(
                "",
                "<div>{}：{}</div>",
                ((name, f"{old} → {new}" if name in entry.before else new) for name, old, new in lines),
            )
            or "—"
        )


def worded(value: Any) -> str:
    if value in (None, "", [], {}):
        return "（空）"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(worded(item) for item in value)
    if isinstance(value, dict):
        return "；".join(f"{key} {worded(item)}" for key, item in value.items())
    return dates.of_iso(value) if isinstance(value, str) else str(value)


@admin.register(AuditBlock)
class AuditBlockAdmin(RoleAdmin):
    """The sealed blocks (审计存证块): their digests, to be noted elsewhere."""

    empty_says = "尚未存证。有新的操作记录后，系统每五分钟存证一次。"
    view_action = "audit.view"
    export_action = "audit.export"
    list_display = ("number", "sealed_at", "count", "digest")
    fields = ("number", "sealed_at", "count", "previous", "digest")
    readonly_fields = fields


start_page.add_link(
    "监督核查",
    "查阅操作审计",
    "admin:office_auditentry_changelist",
    "audit.view",
    hint="谁在何时何处做了什么；导出、核验",
    order=20,
)
start_page.add_link(
    "监督核查",
    "查看审计存证",
    "admin:office_auditblock_changelist",
    "audit.view",
    hint="逐块校验值，可另行记录备查",
    order=30,
)
