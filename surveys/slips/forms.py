"""What is scanned or typed of one slip."""

from __future__ import annotations

from django import forms


class SlipForm(forms.Form):
    text = forms.CharField(
        label="凭条二维码或投票码",
        max_length=400,
        widget=forms.TextInput(
            attrs={"autofocus": True, "autocomplete": "off", "spellcheck": "false", "autocapitalize": "off"}
        ),
        help_text="用扫描枪扫描凭条上的二维码，扫描后自动登记；没有扫描枪的，输入凭条上的16位投票码。",
    )
