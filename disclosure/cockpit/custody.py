"""What the custodian of the tally key brings: the answer of the rehearsal, the counts file."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.html import format_html

from surveys import queries

Survey = Any  # surveys.Survey, whose model only surveys may name
MOST_BYTES = 20 * 1024 * 1024


def rehearsal_form(survey: Survey) -> type[forms.Form]:
    """Ask for the answer to this survey's challenge."""

    class RehearsalForm(forms.Form):
        challenge = forms.CharField(
            label="演练口令",
            initial=queries.challenge(survey),
            disabled=True,
            required=False,
            widget=forms.Textarea(attrs={"rows": 4, "readonly": True}),
            help_text="请交保管人在不联网的计算机上解开。",
        )
        rehearsal_answer = forms.CharField(
            label="演练答复", max_length=40, help_text="保管人读出的16位答复；大小写和空格不影响。"
        )

    return RehearsalForm


def counts_form(survey: Survey) -> type[forms.Form]:
    """Ask for the counts file; the bundle it must fit is offered for download."""
    address = reverse("survey-bundle", args=[survey.pk])

    class CountsForm(forms.Form):
        counts = forms.FileField(
            label="计票结果文件（counts.json）",
            help_text=format_html('先<a href="{}">下载计票包</a>交保管人，计票后在这里导入。', address),
        )

        def clean_counts(self) -> object:
            """Refuse what cannot be a counts file by its size alone."""
            file = self.cleaned_data["counts"]
            if file.size > MOST_BYTES:
                raise forms.ValidationError("文件过大，不是计票程序写出的计票结果文件，未作更改。")
            return file

    return CountsForm
