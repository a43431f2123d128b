"""The workbench: the stock admin with our name, our roles and a start page of tasks."""

from __future__ import annotations

from functools import partial
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.forms import AdminAuthenticationForm
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path
from django.utils.functional import SimpleLazyObject
from django.views.i18n import JavaScriptCatalog

from office.accounts import passwords
from office.workbench import start_page


class LoginForm(AdminAuthenticationForm):
    """Log in with a name and a password; whoever has a role may enter."""

    error_messages = {
        "invalid_login": "用户名或密码不正确，请重新输入（区分大小写）。如忘记密码，请联系系统管理员。",
        "inactive": "该用户已停用。如需恢复，请联系系统管理员。",
    }

    def clean(self) -> dict[str, Any]:
        """Let the public password of the demo in nowhere else, should its data be used on."""
        if not settings.DEMO and self.cleaned_data.get("password") == passwords.OF_THE_DEMO:
            raise ValidationError(
                "这是演示账户的公开密码，正式系统中不能使用。请联系系统管理员重设密码。", code="demo_password"
            )
        return super().clean()

    def confirm_login_allowed(self, user: Any) -> None:
        """Refuse users without a role: they could see nothing."""
        if not user.is_active:
            raise ValidationError(self.error_messages["inactive"], code="inactive")
        if not user.role:
            raise ValidationError("该用户还没有岗位角色，暂不能登录。请联系系统管理员设置。", code="no_role")


class Workbench(admin.AdminSite):
    """The admin site of the house."""

    site_header = "三亮工作台"
    site_title = "三亮工作台"
    index_title = "我的工作"
    login_form = LoginForm
    enable_nav_sidebar = False
    site_url = "/"
    empty_value_display = "—"

    def has_permission(self, request: HttpRequest) -> bool:
        user = request.user
        return user.is_authenticated and user.is_active and bool(user.role)

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        user: Any = request.user
        reminders, panels = start_page.reminders_and_panels(user)
        menu = start_page.menu_for(user)
        shown = {
            "reminders": reminders[: start_page.SHOWN_AT_ONCE],
            "count": len(reminders),
            "further": reminders[start_page.SHOWN_AT_ONCE :],
            "panels": panels,
            "menu": menu,
            "unfolded": start_page.unfolded(menu),
        }
        return super().index(request, {**shown, **(extra_context or {})})

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> Any:
        """Made when somebody reads it: Django asks for it on every page, and only the start page shows it."""
        return SimpleLazyObject(partial(super().get_app_list, request, app_label))

    def i18n_javascript(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Give the admin's scripts their words, ours (`office/locale`) before Django's."""
        catalog = JavaScriptCatalog(packages=["django.contrib.admin", "office"])
        return catalog.get(request)

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Take only pages made for the workbench: those that libraries bring speak English."""
        from office.workbench.role_admin import RoleAdmin  # noqa: PLC0415 - needs the apps

        if admin_class is not None and issubclass(admin_class, RoleAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def get_urls(self) -> list[URLResolver | URLPattern]:
        from office.accounts import confirming_views  # noqa: PLC0415 - needs the apps
        from office.accounts import views as account_views  # noqa: PLC0415 - needs the apps
        from office.exports import views as export_views  # noqa: PLC0415 - needs the apps
        from office.jobs import views as job_views  # noqa: PLC0415 - needs the apps
        from office.workbench import manual_views  # noqa: PLC0415 - needs the apps

        own: list[tuple[str, Any, str]] = [
            ("account/", account_views.account, "account"),
            ("account/token/", account_views.token, "account-token"),
            ("account/verify/", account_views.verify, "account-verify"),
            ("account/phone/", account_views.phone, "account-phone"),
            ("account/recovery-codes/", account_views.recovery_codes, "account-recovery-codes"),
            ("account/sessions/end/", account_views.end_session, "account-end-session"),
            ("account/password/", account_views.change_password, "password_change"),
            ("account-requests/", confirming_views.account_requests, "account-requests"),
            ("jobs/<int:job_id>/progress/", job_views.progress, "job-progress"),
            ("exports/", export_views.exports, "exports"),
            ("exports/<int:job_id>.xlsx", export_views.download, "export-download"),
            ("exports/<int:job_id>.pdf", export_views.document, "document-download"),
            ("manuals/", manual_views.index, "manuals"),
            ("manuals/<slug:slug>/", manual_views.manual, "manual"),
            ("manuals/images/<str:name>", manual_views.image, "manual-image"),
        ]
        pages = [path(route, self.admin_view(view), name=name) for route, view, name in own]
        stock = [entry for entry in super().get_urls() if not _is_stock_password_page(entry)]
        return [*pages, *stock]

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Sign in and begin the session's record."""
        from office.accounts import views as account_views  # noqa: PLC0415 - needs the apps

        response = super().login(request, extra_context)
        if request.method == "POST" and response.status_code == HTTPStatus.FOUND:
            account_views.begin_session(request, request.user)  # type: ignore[arg-type] # has just signed in
        return response

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        from office.accounts import services as accounts  # noqa: PLC0415 - needs the apps

        if request.method == "POST" and request.user.is_authenticated:
            accounts.record_sign_out(user=request.user)
        return super().logout(request, extra_context)


def _is_stock_password_page(entry: URLResolver | URLPattern) -> bool:
    return getattr(entry, "name", None) in {"password_change", "password_change_done"}
