"""What is asked before an identity is opened."""

from __future__ import annotations

from typing import Any

from django import forms

from casework.models import Reporter
from casework.reporters import opening
from departments.models import Department


class OpeningForm(forms.Form):
    reason = forms.CharField(
        label="理由",
        max_length=opening.LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="写明为什么需要查看；不要写反映人的姓名和电话。按月报纪检监察机关。",
    )
    given_to = forms.ModelChoiceField(
        label="提供给承办单位",
        queryset=Department.objects.none(),
        required=False,
        empty_label="不提供，仅评价中心使用",
        help_text="可不填。只列出正在承办的单位。",
    )

    def __init__(self, *args: Any, reporter: Reporter, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units: Any = self.fields["given_to"]
        running = reporter.matter.assignments.filter(state__in=opening.RUNNING)
        units.queryset = Department.objects.filter(pk__in=running.values("unit"))


class PhoneForm(forms.Form):
    phone = forms.CharField(
        label="电话号码",
        max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
        help_text="只比对印记，不打开任何人的身份。",
    )
