"""What the acts of a round ask for."""

from __future__ import annotations

from django import forms


class NothingForm(forms.Form):
    """An act that asks nothing."""


class ReasonForm(forms.Form):
    """Why a result is computed again."""

    reason = forms.CharField(label="重新计算的原因", max_length=200, required=False)


class EndAppealsForm(forms.Form):
    """The end of the appeal days, or the decision that ends them early."""

    waiver_decision = forms.CharField(
        label="提前公布的批准文号",
        max_length=120,
        required=False,
        help_text="申诉期已满的不必填写。申诉期未满而经批准提前公布的，填写批准文件的文号。",
    )
