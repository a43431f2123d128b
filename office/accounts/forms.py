"""Forms of the office."""

from __future__ import annotations

from typing import Any

from django import forms

from office.accounts import two_persons
from office.models import User
from office.roles import CONFIRMERS, Role

USERNAME = "用于登录，可用字母、数字和 @ . + - _。"
ROLE = "每人一个岗位角色，决定能办理和查看什么；经办与复核、审核须是不同的人。"


class NewUserForm(forms.ModelForm):
    """A new user: no password here, the system makes one for the first login."""

    role = forms.ChoiceField(label="岗位角色", choices=[("", "请选择"), *Role.choices], help_text=ROLE)

    class Meta:
        model = User
        fields = ("username", "first_name", "role")
        help_texts = {"username": USERNAME}


class UserForm(forms.ModelForm):
    """What an administrator changes of a user; password and phone have a page of their own."""

    class Meta:
        model = User
        fields = ("username", "first_name", "role", "email", "is_active")
        labels = {"email": "电子邮箱"}
        help_texts = {
            "email": "仅用于提醒本人登录系统办理，邮件不含业务内容；可不填。",
            "username": USERNAME,
            "role": f"{ROLE}改变以后，本人须重新登录。",
            "is_active": "取消勾选即停用：登录立即失效，不能再登录；资料和审计记录保留。",
        }

    def clean(self) -> dict[str, Any]:
        """Keep one person in office who can agree to what administrators ask for."""
        cleaned = super().clean() or {}
        was = User.objects.filter(pk=self.instance.pk, is_active=True, role__in=CONFIRMERS).first()
        stays = cleaned.get("is_active", True) and cleaned.get("role", was and was.role) in CONFIRMERS
        if was and not stays and two_persons.is_last_confirmer(was):
            raise forms.ValidationError(
                "这是唯一有效的纪检监察或领导小组用户，没有人能确认账户申请，未作任何更改。请先新增另一名。"
            )
        return cleaned
