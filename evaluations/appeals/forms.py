"""Forms around an appeal."""

from __future__ import annotations

from typing import Any

from django import forms

from evaluations.models import Appeal, RoundDepartment, RoundMember
from office.files import papers


class AppealForm(forms.Form):
    round_department = forms.ModelChoiceField(label="单位", queryset=RoundDepartment.objects.none())
    round_member = forms.ModelChoiceField(
        label="人员",
        queryset=RoundMember.objects.none(),
        required=False,
        help_text="只对单位结果有异议的不必选择。",
    )
    text = forms.CharField(label="申诉事项和理由", widget=forms.Textarea(attrs={"rows": 5}))
    paper = forms.FileField(
        label="附件", required=False, widget=forms.ClearableFileInput(attrs={"accept": papers.ACCEPT})
    )

    def __init__(self, *args: Any, departments: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["paper"].help_text = papers.says()
        members = RoundMember.objects.filter(round_department__in=departments, is_judged=True)
        units: Any = self.fields["round_department"]
        units.queryset = departments
        if members.exists():
            choose(self.fields["round_member"], members.select_related("round_department"))
        else:  # a round that judges units alone
            del self.fields["round_member"]
        if len(departments) == 1:  # nothing to choose
            units.initial = departments[0]
            units.widget = forms.HiddenInput()


def choose(field: Any, members: Any) -> None:
    field.queryset = members
    field.label_from_instance = lambda one: f"{one.round_department.name}　{one.name}（{one.section_name}）"


class DecisionForm(forms.Form):
    upheld = forms.TypedChoiceField(
        label="复核结论",
        choices=[("no", Appeal.State.REJECTED.label), ("yes", Appeal.State.UPHELD.label)],
        coerce=lambda word: word == "yes",
        widget=forms.RadioSelect,
    )
    decision = forms.CharField(label="理由", widget=forms.Textarea(attrs={"rows": 4}))
