"""Forms of returning a version and of taking a person down."""

from __future__ import annotations

from django import forms


class ReturnForm(forms.Form):
    reason = forms.CharField(
        label="退回原因",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=500,
        error_messages={"required": "请填写退回原因，没有退回。"},
    )


class TakeDownForm(forms.Form):
    reason = forms.CharField(
        label="撤下原因",
        max_length=200,
        help_text="例如：调离、退休、本人撤回照片同意。",
        error_messages={"required": "请填写撤下原因，没有撤下。"},
    )
