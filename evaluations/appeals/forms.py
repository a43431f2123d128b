"""Forms around an appeal."""

from __future__ import annotations

from typing import Any

from django import forms

from evaluations.models import Appeal, RoundDepartment, RoundMember
from office.files import papers
from office.workbench.fields import FilesField, MomentField


class AppealForm(forms.Form):
    round_department = forms.ModelChoiceField(label="单位", queryset=RoundDepartment.objects.none())
    round_member = forms.ModelChoiceField(
        label="人员",
        queryset=RoundMember.objects.none(),
        required=False,
        help_text="本人没有账号，由单位或评价中心代为登记的，选择本人；只对单位结果有异议的不必选择。",
    )
    text = forms.CharField(label="申诉事项和理由", widget=forms.Textarea(attrs={"rows": 5}))
    papers = FilesField(label="材料", required=False)
    received_at = MomentField(
        label="书面收到的时间",
        required=False,
        help_text="书面提出的，填写收到的日期和时间，据此判断是否逾期；在本页提出的不填写。",
    )

    def __init__(self, *args: Any, departments: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        uploads: Any = self.fields["papers"]
        uploads.help_text = f"可以选择多份。{papers.says()}"
        uploads.widget.attrs["accept"] = papers.ACCEPT
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
    outcome = forms.TypedChoiceField(
        label="复核结论", choices=Appeal.Outcome.choices, coerce=Appeal.Outcome, widget=forms.RadioSelect
    )
    findings = forms.CharField(label="查明情况", widget=forms.Textarea(attrs={"rows": 4}))
    decision = forms.CharField(label="理由", widget=forms.Textarea(attrs={"rows": 4}))
