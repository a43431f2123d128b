"""What the window fills in about a firm: its code and name, and what it knows by each label."""

from __future__ import annotations

from typing import Any

from django import forms

from benefits.firms.labels import NO, YES, known_of
from benefits.firms.register_rows import LONGEST_NAME
from benefits.models import Firm
from benefits.rules import Label, rules

UNKNOWN = ("", "未知")


class FirmForm(forms.Form):
    credit_code = forms.CharField(label="统一社会信用代码", max_length=30, help_text="18位，照营业执照填写。")
    name = forms.CharField(label="企业名称", max_length=LONGEST_NAME, help_text="营业执照上的全称。")


def label_field(rule: Label) -> forms.Field:
    """The field that asks for a label; empty where it is not known."""
    if rule.type in ("yes_no", "choice"):
        choices = [UNKNOWN, *((one, one) for one in rule.choices or (YES, NO))]
        return forms.ChoiceField(label=rule.label, choices=choices, required=False)
    kind = "date" if rule.type == "date" else "text"
    attributes = {"type": kind} | ({"inputmode": "decimal"} if rule.type == "number" else {})
    return forms.CharField(
        label=rule.label, required=False, max_length=30, widget=forms.TextInput(attrs=attributes)
    )


class LabelsForm(forms.Form):
    """Every label of the rules with what is known now."""

    def __init__(self, data: Any, *, firm: Firm) -> None:
        super().__init__(data, initial=known_of(firm))
        for one in rules()[1].labels.items:
            self.fields[one.id] = label_field(one)
