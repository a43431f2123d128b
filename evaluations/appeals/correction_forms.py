"""Forms of the page on which a served or published result is corrected."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

from evaluations.appeals.forms import choose
from evaluations.gathering.services import label_of
from evaluations.models import Appeal, Channel, Round, RoundDepartment, RoundMember


class WithdrawForm(forms.Form):
    round_member = forms.ModelChoiceField(
        label="人员", queryset=RoundMember.objects.none(), empty_label="请选择"
    )
    reason = forms.CharField(label="不再参评的原因", max_length=120)

    def __init__(self, *args: Any, units: QuerySet[RoundDepartment], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members = RoundMember.objects.filter(is_judged=True, round_department__in=units)
        choose(self.fields["round_member"], members.select_related("round_department"))


class WithdrawUnitForm(forms.Form):
    unit = forms.ModelChoiceField(label="单位", queryset=RoundDepartment.objects.none(), empty_label="请选择")
    unit_reason = forms.CharField(label="不再参评的原因", max_length=120)

    def __init__(self, *args: Any, units: QuerySet[RoundDepartment], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["unit"]
        field.queryset = units


class ProposeForm(forms.Form):
    """Which data of which unit is gathered again; what voters said in secret never is."""

    subject = forms.ModelChoiceField(
        label="单位", queryset=RoundDepartment.objects.none(), empty_label="请选择"
    )
    channel = forms.ModelChoiceField(
        label="更正的数据", queryset=Channel.objects.none(), empty_label="请选择"
    )
    because = forms.CharField(
        label="更正原因", max_length=200, help_text="例如：申诉属实，11月新闻稿件漏计2篇，须补记。"
    )

    def __init__(self, *args: Any, round: Round, units: QuerySet[RoundDepartment], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        subject: Any = self.fields["subject"]
        subject.queryset = units
        channel: Any = self.fields["channel"]
        channel.queryset = channels_to_correct(round)
        channel.label_from_instance = label_of


def channels_to_correct(round: Round) -> QuerySet[Channel]:
    rows = round.channels.exclude(kind=Channel.Kind.BALLOT)
    return rows.select_related("round__scheme_version")


class LeaveForm(forms.Form):
    """An upheld appeal that calls for no correction."""

    appeal = forms.ModelChoiceField(label="申诉", queryset=Appeal.objects.none(), empty_label="请选择")
    why = forms.CharField(
        label="不必更正的原因", max_length=200, help_text="例如：已向申诉单位说明计分办法，得分无误。"
    )

    def __init__(self, *args: Any, appeals: QuerySet[Appeal], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["appeal"]
        field.queryset = appeals
        field.label_from_instance = lambda one: f"{one.round_department.name}：{one.text[:40]}"
