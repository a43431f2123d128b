"""What is asked to make plates and to end one."""

from __future__ import annotations

from django import forms
from django.utils import timezone

from casework.models import Plate
from casework.plates import placing


class PlatesForm(forms.Form):
    kind = forms.ChoiceField(label="地点类别", choices=Plate.Kind.choices)
    valid_from = forms.DateField(
        label="启用日期",
        initial=timezone.localdate,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    places = forms.CharField(
        label="放置地点",
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=f"每行一个地点，一处一块，一次最多{placing.MOST_AT_ONCE}块。例如：城东工业园北门。",
    )


class EndForm(forms.Form):
    reason = forms.CharField(
        label="停用原因",
        max_length=placing.LONGEST_REASON,
        help_text="例如：牌面损坏、被人更换、地点撤销。",
    )
    replace = forms.BooleanField(label="同时换发一块新牌", required=False, initial=True)
