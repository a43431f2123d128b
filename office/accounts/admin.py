"""The pages of users."""

from __future__ import annotations

from typing import Any, ClassVar

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.db.models import Exists, OuterRef, QuerySet, Subquery, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.utils.http import content_disposition_header

from office.accounts import letters, second_factor, two_persons
from office.accounts import services as accounts
from office.accounts import views as account_views
from office.accounts.forms import NewUserForm, UserForm
from office.errors import Refused
from office.exports import documents
from office.models import Phone, User
from office.workbench import start_page
from office.workbench.pages import require, show, signed_in
from office.workbench.role_admin import RoleAdmin

WAITS = (
    "这个岗位角色须由第二人确认：账户暂不能登录，一次性密码的申请已提交。"
    "请纪检监察或领导小组人员在工作台确认，确认后在“账户安全”中重设一次性密码。"
)


@admin.register(User)
class UserAdmin(RoleAdmin, DjangoUserAdmin):
    """Users with their one role (用户); they are retired, never deleted, since the audit names them."""

    view_action = edit_action = "account.manage"
    list_display: tuple[Any, ...] = (
        "username",
        "first_name",
        "role",
        "is_active",
        "last_login",
        "has_phone",
        "login_state",
    )
    export_columns = ("username", "first_name", "role", "is_active", "last_login")
    actions = ("first_passwords_as_pdf", "first_passwords")
    list_filter = ("role", "is_active")
    search_fields = ("username", "first_name")
    ordering = ("username",)
    inlines: ClassVar[list[Any]] = []
    fieldsets = ((None, {"fields": ("username", "first_name", "role", "email", "is_active")}),)
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

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """Ask for phones and wrong passwords of the whole list at once."""
        phones = Phone.objects.filter(user=OuterRef("pk"), confirmed=True)
        lately = timezone.now() - settings.AXES_COOLOFF_TIME
        wrong = AccessAttempt.objects.filter(username=OuterRef("username"), attempt_time__gt=lately)
        summed = wrong.order_by().values("username").annotate(n=Sum("failures_since_start")).values("n")
        return super().get_queryset(request).annotate(phone=Exists(phones), wrong=Subquery(summed))

    @admin.display(description="动态口令")
    def has_phone(self, user: Any) -> str:
        if user.phone:
            return "已绑定"
        return "未绑定" if second_factor.is_required(user) else "不要求"

    @admin.display(description="登录状态")
    def login_state(self, user: Any) -> str:
        if (user.wrong or 0) >= settings.AXES_FAILURE_LIMIT:
            return "已锁定"
        if not user.has_usable_password():
            return "未发放密码"
        return "待更改密码" if user.must_change_password else "正常"

    @admin.action(description="发放一次性密码，下载通知单（PDF）", permissions=["change"])
    def first_passwords_as_pdf(self, request: HttpRequest, queryset: QuerySet[User]) -> HttpResponse | None:
        """Send all letters as one file, which is not kept here."""
        try:
            content = letters.hand_out_as_pdf(users=queryset, acting_user=signed_in(request))
        except Refused as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return None
        disposition = content_disposition_header(True, "一次性密码通知单.pdf") or "attachment"
        headers = {"Content-Disposition": disposition, "Cache-Control": "no-store"}
        return HttpResponse(content, content_type=documents.PDF, headers=headers)

    @admin.action(description="发放一次性密码，在页面上显示", permissions=["change"])
    def first_passwords(self, request: HttpRequest, queryset: QuerySet[User]) -> HttpResponse | None:
        """Show the letters once; they are printed from the browser and stored nowhere."""
        try:
            handed_out = accounts.hand_out_first_passwords(users=queryset, acting_user=signed_in(request))
        except Refused as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return None
        response = show(request, "office/accounts/letters.html", "一次性密码通知单", letters=handed_out)
        response["Cache-Control"] = "no-store"
        return response

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never: untick 有效 instead."""
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        """Keep administrators from changing their own role or shutting themselves out."""
        return ("role", "is_active") if obj is not None and obj == request.user else ()

    def get_urls(self) -> list[Any]:
        page = self.admin_site.admin_view(self.account_view)
        stock = [entry for entry in super().get_urls() if entry.name != "auth_user_password_change"]
        return [path("<path:object_id>/account/", page, name="office_user_account"), *stock]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Give a new user a one-time password; end the sessions of one whose role or state changed."""
        if not change:
            obj.new_password = accounts.give_one_time_password(obj)
        super().save_model(request, obj, form, change)
        handed_over = {"role", "is_active"} & set(form.changed_data)
        if change and handed_over:
            accounts.end_sessions(user=obj, acting_user=signed_in(request))
        if (handed_over or not change) and obj.is_active and two_persons.is_needed(obj):
            two_persons.shut_until_agreed(user=obj, acting_user=signed_in(request))
            messages.warning(request, WAITS)

    def response_add(
        self, request: HttpRequest, obj: User, post_url_continue: str | None = None
    ) -> HttpResponse:
        if not obj.has_usable_password():
            return redirect("admin:office_user_account", obj.pk)
        return account_views.show_password(request, obj, obj.new_password)  # type: ignore[attr-defined] # from save_model, nowhere stored

    def account_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        require(request, "account.manage")
        user = self.get_object(request, unquote(object_id))
        if not isinstance(user, User):
            raise Http404
        return account_views.account_of(request, user)


start_page.add_link(
    "系统管理",
    "管理用户",
    "admin:office_user_changelist",
    "account.manage",
    hint="新增用户、设置岗位角色和所属单位、停用用户",
)
