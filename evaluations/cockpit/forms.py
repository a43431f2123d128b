"""Forms of the actions on a round."""

from __future__ import annotations

from django import forms

from office.workbench.fields import ConditionalField


class NothingForm(forms.Form):
    """An action that asks nothing."""


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="重新计算的原因",
        max_length=200,
        error_messages={"required": "本轮次已有计算结果，重新计算须填写原因。"},
    )


class ClosingTimeForm(forms.Form):
    closes_at = forms.DateTimeField(
        label="截止时间",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        help_text="显示在评价页面上；提前截止须说明原因。",
    )


class EarlyCloseForm(forms.Form):
    """The moment printed on the slips has not come yet."""

    early_reason = forms.CharField(
        label="提前截止的原因",
        max_length=200,
        error_messages={"required": "凭条上印的截止时间还没有到，提前截止须填写原因。"},
    )


class VoidForm(forms.Form):
    reason = forms.CharField(label="作废原因", max_length=200)
    sure = forms.BooleanField(label="我确认作废本轮次，作废后不能恢复")


class ReturnForm(forms.Form):
    reason = forms.CharField(
        label="退回原因", max_length=200, help_text="写明需要核对或更正之处，经办人员按此办理。"
    )


class EndAppealsForm(forms.Form):
    """The number of the decision is needed only where the appeal days end early."""

    waiver_decision = ConditionalField(
        label="提前公布的批准文号",
        max_length=120,
        help_text="申诉期已满的不必填写。申诉期未满而经批准提前公布的，填写批准文件的文号。",
    )
