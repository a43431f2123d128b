"""Forms around an appeal."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

from evaluations.models import Appeal, Round, RoundDepartment, RoundMember
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
        choose(self.fields["round_member"], members.select_related("round_department"))
        if len(departments) == 1:  # nothing to choose
            units.initial = departments[0]
            units.widget = forms.HiddenInput()


class WithdrawForm(forms.Form):
    round_member = forms.ModelChoiceField(label="人员", queryset=RoundMember.objects.none())
    reason = forms.CharField(label="不再参评的原因", max_length=120)

    def __init__(self, *args: Any, round: Round, upheld: QuerySet[Appeal], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members = RoundMember.objects.filter(is_judged=True)
        if round.state == Round.State.PUBLISHED:  # what is published is being corrected
            members = members.filter(round_department__round=round)
        else:
            members = members.filter(round_department__in=upheld.values("round_department"))
        choose(self.fields["round_member"], members.select_related("round_department"))


def choose(field: Any, members: Any) -> None:
    field.queryset = members
    field.label_from_instance = lambda one: f"{one.round_department.name}　{one.name}（{one.section_name}）"


class LeaveForm(forms.Form):
    """An upheld appeal that calls for no correction of the list."""

    appeal = forms.ModelChoiceField(label="申诉", queryset=Appeal.objects.none())
    why = forms.CharField(
        label="不必更正名单的原因", max_length=200, help_text="例如：已向申诉单位说明计分办法，得分无误。"
    )

    def __init__(self, *args: Any, appeals: QuerySet[Appeal], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["appeal"]
        field.queryset = appeals
        field.label_from_instance = lambda one: f"{one.round_department.name}：{one.text[:40]}"


class DecisionForm(forms.Form):
    upheld = forms.TypedChoiceField(
        label="复核结论",
        choices=[("no", Appeal.State.REJECTED.label), ("yes", Appeal.State.UPHELD.label)],
        coerce=lambda word: word == "yes",
        widget=forms.RadioSelect,
    )
    decision = forms.CharField(label="理由", widget=forms.Textarea(attrs={"rows": 4}))
