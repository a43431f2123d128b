"""What is asked for a yearly account: who asks about whom, and the number under which a package went."""

from __future__ import annotations

from typing import Any

from django import forms

from departments.models import Department, StaffMember
from evaluations.account.answering import Request


class ExtractForm(forms.Form):
    """A named request about a unit or a person of it."""

    department = forms.ModelChoiceField(
        label="单位", queryset=Department.objects.bodies().order_by("order", "id"), empty_label="请选择"
    )
    name = forms.CharField(
        label="人员姓名",
        max_length=40,
        required=False,
        help_text="查询单位的，留空；查询人员的，填写姓名全称。",
    )
    asked_by_body = forms.CharField(label="查询机关", max_length=80)
    asked_by_person = forms.CharField(label="查询人", max_length=40)
    purpose = forms.CharField(label="用途", max_length=200, help_text="例如：拟提任征求意见。")
    letter = forms.CharField(label="来函文号", max_length=80, required=False, help_text="没有来函的，留空。")
    asked_on = forms.DateField(label="查询日期", widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        name, unit = cleaned.get("name", "").strip(), cleaned.get("department")
        cleaned["staff_member"] = None
        if name and unit:
            found = list(StaffMember.objects.filter(department=unit, name=name)[:2])
            if len(found) != 1:
                why = f"{unit}没有名为{name}的人员" if not found else f"{unit}有不止一名{name}"
                self.add_error("name", f"{why}，请核对；重名的请在人员名册中区分后查询。")
            else:
                cleaned["staff_member"] = found[0]
        return cleaned

    def request(self) -> Request:
        return Request(**{name: value for name, value in self.cleaned_data.items() if name != "name"})


class ReportForm(forms.Form):
    """That a package went to the superior body."""

    body = forms.CharField(widget=forms.HiddenInput, max_length=80)
    number = forms.CharField(label="报送文号", max_length=80)
    sent_on = forms.DateField(label="报送日期", widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
