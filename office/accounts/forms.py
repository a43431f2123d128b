"""Forms of the office."""

from __future__ import annotations

from django import forms

from office.models import User
from office.roles import Role

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
        fields = ("username", "first_name", "role", "is_active")
        help_texts = {
            "username": USERNAME,
            "role": f"{ROLE}改变以后，本人须重新登录。",
            "is_active": "取消勾选即停用：登录立即失效，不能再登录；资料和审计记录保留。",
        }
