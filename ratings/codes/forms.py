"""What is asked to make codes and to end one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from departments.models import Department, Hall
from ratings.codes import making
from ratings.rules import all_rules


def rules_field(**more: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label="评价办法", choices=[(name, rules.title) for name, rules in all_rules().items()], **more
    )


class CodesForm(forms.Form):
    """The codes of one hall, of units, or both; what has a code already is left out."""

    hall = forms.ModelChoiceField(
        label="办事大厅", queryset=Hall.objects.all(), required=False, empty_label="不选大厅"
    )
    of_hall = forms.MultipleChoiceField(
        label="大厅的评价码",
        choices=[("windows", "还没有码的全部在用窗口，一窗一码"), ("wall", "大厅码墙，扫码后选择窗口")],
        required=False,
        initial=["windows", "wall"],
        widget=forms.CheckboxSelectMultiple,
    )
    units = forms.ModelMultipleChoiceField(
        label="单位（门厅）",
        queryset=Department.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    valid_from = forms.DateField(
        label="启用日期",
        initial=timezone.localdate,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, rules_id: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units: Any = self.fields["units"]
        units.queryset = making.units_without(rules_id)

    def wanted(self) -> making.Wanted:
        given = self.cleaned_data
        of_hall = given["of_hall"]
        return making.Wanted(
            hall=given["hall"],
            windows="windows" in of_hall,
            wall="wall" in of_hall,
            units=tuple(given["units"]),
        )


class EndForm(forms.Form):
    reason = forms.CharField(
        label="停用原因",
        max_length=making.LONGEST_REASON,
        help_text="例如：码牌损坏、被人更换、窗口撤销。",
    )
    replace = forms.BooleanField(label="同时换发一个新码", required=False)
