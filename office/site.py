"""The workbench: the stock admin with our name, our roles and a start page of tasks."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.forms import AdminAuthenticationForm
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.template.response import TemplateResponse

from office import desk
from office.models import User


class LoginForm(AdminAuthenticationForm):
    """Log in with a name and a password; whoever has a role may enter."""

    error_messages = {
        "invalid_login": "用户名或密码不正确，请重新输入（区分大小写）。如忘记密码，请联系系统管理员。",
        "inactive": "该用户已停用。如需恢复，请联系系统管理员。",
    }

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

    def has_permission(self, request: HttpRequest) -> bool:
        """Let in every active user with a role; what each may do stands in the table of roles."""
        user = request.user
        return isinstance(user, User) and user.is_active and bool(user.role)

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """Show the tasks of the user's role instead of a list of tables."""
        tasks = list(desk.tasks_of(request.user)) if isinstance(request.user, User) else []
        return super().index(request, {"tasks": tasks, **(extra_context or {})})
