"""What is filled in anew for a round that is made from the last one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from departments.models import Department
from evaluations.models import Round
from evaluations.planning.following import Carried, Wanted, next_period, title_for
from evaluations.rounds import periods
from evaluations.rounds.forms import WHOLE_YEAR, DateInput
from evaluations.schemes.stored import policy_of


class FollowForm(forms.Form):
    title = forms.CharField(label="轮次名称", max_length=120)
    year = forms.IntegerField(label="年份", min_value=2020, max_value=2100)
    part = forms.ChoiceField(label="期别")
    base_date = forms.DateField(
        label="名单基准日", widget=DateInput, help_text="以这一天的名册和单位信息确定参评名单。"
    )
    persons_public_decision = forms.CharField(
        label="公布依据（文号）",
        max_length=120,
        help_text="上一轮的文号，请核对或改填。",
        error_messages={"required": "公布个人结果须有依据，请填写批准文件的文号。"},
    )
    new_units = forms.ModelMultipleChoiceField(
        label="列入新增的单位",
        queryset=Department.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="上一轮没有、现在属于本方案分组的单位；不参评的取消勾选。",
    )
    expected = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, carried: Carried, period: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        previous = carried.previous
        period = period if periods.is_period(period) else next_period(previous)
        cadence = policy_of(carried.version).defaults.cadence.rounds_per_year
        parts = periods.parts_for(cadence)
        year, _, part = (period or str(timezone.localdate().year)).partition("-")
        if part not in parts:
            parts = {**parts, part: periods.part_in_words(part)}
        periods_offered: Any = self.fields["part"]
        periods_offered.choices = [(key or WHOLE_YEAR, word) for key, word in parts.items()]
        begin = {
            "year": int(year),
            "part": part or WHOLE_YEAR,
            "title": title_for(previous, period or periods.of(int(year), part)),
            "base_date": timezone.localdate(),
            "persons_public_decision": previous.persons_public_decision,
            "new_units": [unit.pk for unit in carried.new_units],
            "expected": carried.digest(),
        }
        for name, value in begin.items():
            self.fields[name].initial = value
        if carried.persons_public == Round.PersonsPublic.NONE:
            del self.fields["persons_public_decision"]
        if carried.new_units:
            new = Department.objects.filter(pk__in=[unit.pk for unit in carried.new_units])
            units_offered: Any = self.fields["new_units"]
            units_offered.queryset = new
        else:
            del self.fields["new_units"]

    def wanted(self) -> Wanted:
        data = self.cleaned_data
        part = data["part"]
        return Wanted(
            title=data["title"],
            period=periods.of(data["year"], "" if part == WHOLE_YEAR else part),
            base_date=data["base_date"],
            persons_public_decision=data.get("persons_public_decision", ""),
            new_units=frozenset(unit.pk for unit in data.get("new_units", ())),
        )
