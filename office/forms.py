"""Forms of the office."""

from __future__ import annotations

from typing import Any

from django import forms

from office.models import User
from office.roles import Role


class NewUserForm(forms.ModelForm):
    """A new user: no password here, the system makes one for the first login."""

    class Meta:
        model = User
        fields = ("username", "last_name", "first_name", "role")
        help_texts = {"username": "用于登录，可用字母、数字和 @ . + - _。"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].required = True
        self.fields["role"].choices = Role.choices  # type: ignore[attr-defined]
