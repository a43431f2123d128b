"""Forms of the actions on a round."""

from __future__ import annotations

from django import forms


class NothingForm(forms.Form):
    """An action that asks nothing."""


class ReasonForm(forms.Form):
    reason = forms.CharField(label="重新计算的原因", max_length=200, required=False)


class EndAppealsForm(forms.Form):
    """The number of the decision is needed only where the appeal days end early."""

    waiver_decision = forms.CharField(
        label="提前公布的批准文号",
        max_length=120,
        required=False,
        help_text="申诉期已满的不必填写。申诉期未满而经批准提前公布的，填写批准文件的文号。",
    )
