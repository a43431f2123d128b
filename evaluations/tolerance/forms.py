"""What is filled in for risk reports, applications for tolerance and names that are cleared."""

from __future__ import annotations

from typing import Any

from django import forms

from departments.models import Department, StaffMember
from evaluations.models import Clearing, Disposition, RiskReport, ToleranceCase
from evaluations.scoring.tolerating import Tolerance
from evaluations.tolerance.clearing import Finding
from evaluations.tolerance.services import TOLERATED
from office.workbench.fields import ConditionalField, MomentField

TEXTS = ("matter", "basis", "ways", "risk", "measures", "decided_by")


def _day(label: str, help_text: str = "") -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, help_text=help_text, widget=widget)


def _long(label: str, help_text: str = "") -> forms.CharField:
    return forms.CharField(label=label, help_text=help_text, widget=forms.Textarea(attrs={"rows": 3}))


class RiskForm(forms.Form):
    department = forms.ModelChoiceField(Department.objects.none(), label="单位", empty_label=None)
    matter = forms.CharField(label="事项", max_length=120)
    basis = _long("依据", "法律、政策和上级要求。")
    ways = _long("备选办法")
    risk = _long("风险")
    measures = _long("防范措施")
    decided_by = forms.CharField(label="决策机构（会议）", max_length=120)
    decision_at = MomentField(
        label="决策时间",
        required=False,
        help_text="尚未决策的不填写，决策之后再登记。在决策之后报备的，记为事后补报，不单独作为容错依据。",
    )

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["department"]
        field.queryset = units


class DecisionTimeForm(forms.Form):
    decision_at = MomentField(label="决策时间", help_text="登记后不能更改。")


class ApplyForm(forms.Form):
    report = forms.ModelChoiceField(
        RiskReport.objects.none(),
        label="风险报备",
        required=False,
        help_text="决策之前的报备可以作为依据；事后补报不单独作为依据。",
    )
    grounds = ConditionalField(
        label="申请理由",
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="写明事情经过、为何应当容错；没有事前报备的必须填写。",
    )

    def __init__(self, *args: Any, reports: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["report"]
        field.queryset = reports
        field.label_from_instance = lambda one: f"{one.matter}（{one.kind}）"


class SettleForm(forms.Form):
    """A finding for each test of the scheme, then the decision of the body."""

    outcome = forms.TypedChoiceField(
        label="决定",
        choices=[(one.value, one.label) for one in (*TOLERATED, ToleranceCase.State.REFUSED)],
        coerce=ToleranceCase.State,
        widget=forms.RadioSelect,
    )
    reasons = _long("理由")
    body = forms.ChoiceField(label="决定机关")
    number = forms.CharField(label="决定文号", max_length=80)
    decided_on = _day("决定日期")

    def __init__(self, *args: Any, rule: Tolerance, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        body: Any = self.fields["body"]
        body.choices = [(one, one) for one in rule.decided_by]
        tests = {f"test-{one.id}": _long(one.label, one.question) for one in rule.tests}
        self.fields = {**tests, **self.fields}

    def findings(self) -> dict[str, str]:
        return {
            name.removeprefix("test-"): text
            for name, text in self.cleaned_data.items()
            if name.startswith("test-")
        }


class ClearingForm(forms.Form):
    staff_member = forms.ModelChoiceField(
        StaffMember.objects.none(),
        label="本人",
        required=False,
        help_text="为单位正名的不必选择。",
    )
    disposition = forms.ModelChoiceField(
        Disposition.objects.none(),
        label="据此作出的处置",
        required=False,
        help_text="失实举报引起处置的，选择该处置；积分、亮牌和结果由新的结果更正。",
    )
    report_number = forms.CharField(
        label="举报件编号", max_length=80, help_text="封存，只有纪检监察机关看得到。"
    )
    finding = forms.TypedChoiceField(label="查核结论", choices=Finding.choices, coerce=Finding)
    found_on = _day("查实日期")
    harm = _long("造成的影响")
    harm_circle = forms.TypedChoiceField(
        label="影响范围",
        choices=Clearing.Circle.choices,
        coerce=int,
        help_text="澄清的范围不大于影响的范围。",
    )
    consented_on = _day("本人同意日期", "本人不同意的，不澄清正名。")

    def __init__(self, *args: Any, unit: Department, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        staff: Any = self.fields["staff_member"]
        staff.queryset = StaffMember.objects.filter(department=unit)
        rows: Any = self.fields["disposition"]
        rows.queryset = Disposition.objects.filter(department=unit).select_related("subject")


class UnitForm(forms.Form):
    unit = forms.ModelChoiceField(Department.objects.all(), label="单位", empty_label="请选择")


class ClearForm(forms.Form):
    way = forms.ChoiceField(label="方式", choices=Clearing.Way.choices)
    circle = forms.TypedChoiceField(label="澄清范围", choices=Clearing.Circle.choices, coerce=int)
    cleared_on = _day("澄清日期")


class VisitForm(forms.Form):
    visited_on = _day("回访日期")
    visit = _long("回访情况")


class FalseForm(forms.Form):
    number = forms.CharField(
        label="诬告认定文号", max_length=80, help_text="纪检监察机关认定诬告的文号；错告不追究，不登记。"
    )
