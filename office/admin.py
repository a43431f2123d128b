"""The office's own pages: users, audit, background jobs, the calendar."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.utils.html import format_html

from office import (
    account_views,
    accounts,
    desk,
    holiday_views,
    jobs,
)
from office.errors import Refused
from office.forms import NewUserForm, UserForm
from office.models import Holiday, Job, User
from office.role_admin import RoleAdmin


@admin.register(User)
class UserAdmin(RoleAdmin, DjangoUserAdmin):
    """Users with their one role (用户); they are retired, never deleted, since the audit names them."""

    view_action = edit_action = "account.manage"
    list_display = ("username", "first_name", "role", "is_active", "last_login")
    list_filter = ("role", "is_active")
    search_fields = ("username", "first_name")
    ordering = ("username",)
    inlines: ClassVar[list[Any]] = []
    fieldsets = ((None, {"fields": ("username", "first_name", "role", "is_active")}),)
    add_fieldsets = (
        (
            None,
            {
                "fields": ("username", "first_name", "role"),
                "description": "保存后显示一次性密码，请交给本人；本人首次登录时须设置自己的密码。",
            },
        ),
    )
    add_form = NewUserForm
    form = UserForm
    add_form_template = "admin/change_form.html"
    change_form_template = "admin/office/user/change_form.html"
    filter_horizontal = ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never: untick 有效 instead."""
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        """Keep administrators from changing their own role or shutting themselves out."""
        return ("role", "is_active") if obj is not None and obj == request.user else ()

    def get_urls(self) -> list[Any]:
        """Replace the stock password page by that of the account."""
        page = self.admin_site.admin_view(self.account_view)
        stock = [entry for entry in super().get_urls() if entry.name != "auth_user_password_change"]
        return [path("<path:object_id>/account/", page, name="office_user_account"), *stock]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Give a new user a one-time password; end the sessions of one whose role or state changed."""
        if not change:
            obj.new_password = accounts.give_one_time_password(obj)
        super().save_model(request, obj, form, change)
        if change and {"role", "is_active"} & set(form.changed_data):
            accounts.end_sessions(user=obj, acting_user=request.user)  # type: ignore[arg-type]

    def response_add(
        self, request: HttpRequest, obj: User, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Show the one-time password, this once."""
        return account_views.show_password(request, obj, obj.new_password)  # type: ignore[attr-defined]

    def account_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show and serve the security of one account."""
        user = self.get_object(request, unquote(object_id))
        if not self.has_change_permission(request, user):
            raise PermissionDenied
        if not isinstance(user, User):
            raise Http404
        return account_views.account_of(request, user)


@admin.register(Job)
class JobAdmin(RoleAdmin):
    """Background work (后台任务): how far it is, and a second try for what failed."""

    empty_says = "还没有后台任务。生成页面、整理票箱等工作开始以后，进度会列在这里。"
    view_action = "job.view"
    list_display = ("label", "state", "progress", "said", "created_by", "created_at", "finished_at")
    list_filter = ("state",)
    list_select_related = ("created_by",)
    fields = (
        "label",
        "state",
        "progress",
        "said",
        "attempts",
        "starter",
        "created_at",
        "finished_at",
    )
    readonly_fields = fields
    actions = ("retry",)

    @admin.display(description="发起人")
    def starter(self, job: Job) -> str:
        """Name only: the page of a user is the administrator's."""
        return str(job.created_by or "系统")

    @admin.display(description="任务", ordering="kind")
    def label(self, job: Job) -> str:
        """Return the task's Chinese name."""
        return f"{jobs.LABELS.get(job.kind, '后台任务')}（{job.pk}）"

    @admin.display(description="进度")
    def progress(self, job: Job) -> str:
        """Show a bar with its numbers."""
        if not job.total:
            return "—"
        return format_html(
            '<progress max="{0}" value="{1}"></progress> {1}/{0}', job.total, min(job.done, job.total)
        )

    @admin.display(description="说明")
    def said(self, job: Job) -> str:
        """Say why a job stopped, or what it found; names that only programs read stay away."""
        found = (f"{name}：{value}" for name, value in job.outcome.items() if not name.isascii())
        return (job.state == Job.State.DONE and "；".join(found)) or job.message or "—"

    @admin.action(description="重新运行所选任务", permissions=["retry"])
    def retry(self, request: HttpRequest, queryset: QuerySet[Job]) -> None:
        """Send failed jobs again."""
        for job in queryset:
            try:
                jobs.retry(job=job, acting_user=request.user)  # type: ignore[arg-type]
            except Refused as refusal:
                self.message_user(request, f"{self.label(job)}：{refusal}", messages.ERROR)
            else:
                self.message_user(request, f"{self.label(job)}：已重新排队。")

    def has_retry_permission(self, request: HttpRequest) -> bool:
        """Ask the table of roles."""
        return self._may(request, "job.retry")


@admin.register(Holiday)
class HolidayAdmin(RoleAdmin):
    """The State Council's calendar (节假日与调休)."""

    empty_says = "还没有节假日。请导入当年的节假日安排，否则不能推算工作日期限。"
    view_action, edit_action = "calendar.view", "calendar.edit"
    list_display = ("day", "name", "is_working_day")
    list_filter = ("is_working_day",)
    date_hierarchy = "day"

    def get_urls(self) -> list[Any]:
        """Add the import."""
        page = self.admin_site.admin_view(holiday_views.import_holidays)
        return [path("import/", page, name="import-holidays"), *super().get_urls()]


desk.offer(
    "系统管理",
    "管理用户",
    "admin:office_user_changelist",
    "account.manage",
    hint="新增用户、设置岗位角色和所属单位、停用用户",
)
desk.offer(
    "系统管理",
    "查看后台任务",
    "admin:office_job_changelist",
    "job.view",
    hint="进度、未完成的任务、重新运行",
    order=110,
)
desk.offer(
    "系统管理",
    "查看节假日",
    "admin:office_holiday_changelist",
    "calendar.view",
    hint="推算申诉期等工作日期限的依据",
    order=120,
    words={"calendar.edit": "维护节假日"},
)
desk.offer(
    "系统管理",
    "导入节假日",
    "admin:import-holidays",
    "calendar.edit",
    hint="日期、名称、是否上班，预览无误后导入",
    order=121,
)
