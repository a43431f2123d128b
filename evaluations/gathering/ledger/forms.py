"""What is filled in for an entry of the ledger, and on the calendar of duties."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from departments.models import Department
from evaluations.gathering.ledger.book import Ledger
from evaluations.gathering.ledger.services import LENGTHS, MOST_AT_ONCE, Draft
from evaluations.models import RoundDepartment
from evaluations.scoring.scheme import Scheme
from office.files import papers
from office.workbench.fields import ConditionalField

DateInput = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
WITHDRAWING = "撤回后不再计分，记录和原因保留。"


class OccurrenceForm(forms.Form):
    """One entry: who, under which rule, on which day, with what behind it."""

    department = forms.ModelChoiceField(Department.objects.none(), label="单位", empty_label="请选择")
    item = forms.ChoiceField(label="项目")
    day = forms.DateField(
        label="发生日期", widget=DateInput, help_text="按事情发生的日期计入评价周期，不能晚于今天。"
    )
    count = forms.IntegerField(label="次数", initial=1, min_value=1, max_value=MOST_AT_ONCE)
    title = forms.CharField(
        label="标题", required=False, max_length=LENGTHS["title"], help_text="报道等有标题的，照原标题填写。"
    )
    practice = forms.CharField(
        label="做法（事项）",
        required=False,
        max_length=LENGTHS["practice"],
        help_text="同一做法获多次表扬推广的，写法要一致，系统据此判断是否只计一次。",
    )
    remark = forms.CharField(
        label="备注", required=False, max_length=LENGTHS["remark"], widget=forms.Textarea(attrs={"rows": 3})
    )
    veto = forms.ChoiceField(
        label="引起的一票否决",
        required=False,
        help_text="扣分的事同时引起一票否决的，在此注明，按方案口径不再重复扣分。",
    )
    evidence = forms.FileField(label="佐证材料", required=False)
    again_reason = ConditionalField(
        label="确为另一件的说明",
        max_length=LENGTHS["again_reason"],
        help_text="同一单位、项目、日期、标题（做法）已登记过的必须填写；没有的不必填写。",
    )

    def __init__(self, *args: Any, ledger: Ledger, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = [unit.pk for unit in ledger.units()]
        _choices_of_units(self.fields["department"], units)
        blocks: dict[str, list[tuple[str, str]]] = {}
        for value, rule in ledger.rules.items():
            said = f"{rule.label}（{rule.clause}，{rule.figures()}）"
            blocks.setdefault(rule.heading, []).append((value, said))
        _choices(self.fields["item"], [("", "请选择"), *blocks.items()])
        self.fields["day"].widget.attrs["max"] = timezone.localdate().isoformat()
        self.fields["evidence"].help_text = papers.says()
        self.fields["evidence"].widget.attrs["accept"] = papers.ACCEPT
        if ledger.scheme.veto:
            _choices(self.fields["veto"], [("", "没有引起"), *ledger.scheme.veto.events.items()])
        else:
            del self.fields["veto"]

    def draft(self) -> Draft:
        data = {name: value for name, value in self.cleaned_data.items() if name not in {"evidence", "item"}}
        return Draft(value=self.cleaned_data["item"], **data)


def _choices(field: Any, choices: list[Any]) -> None:
    field.choices = choices


def _choices_of_units(field: Any, units: list[int]) -> None:
    field.queryset = Department.objects.filter(pk__in=units)


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label="撤回的原因", max_length=200, widget=forms.Textarea(attrs={"rows": 2}), help_text=WITHDRAWING
    )


class NotApplicableForm(forms.Form):
    subject = forms.ModelChoiceField(RoundDepartment.objects.none(), label="单位", empty_label="请选择")
    item = forms.ChoiceField(label="项目", help_text="只列出方案写明“各相关部门”的项目。")
    reason = forms.CharField(label="不适用的原因", max_length=200)

    def __init__(self, *args: Any, subjects: Any, scheme: Scheme, optional: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["subject"]
        field.queryset = subjects
        said = [(rule.key, f"{rule.label}（{rule.clause}）") for rule in optional]
        _choices(self.fields["item"], [("", "请选择"), *said])


class TickForm(forms.Form):
    """Which units a duty came from, or did not; `act` is the button."""

    duty = forms.CharField(widget=forms.HiddenInput)
    period = forms.CharField(widget=forms.HiddenInput)
    came_on = forms.DateField(label="报送日期", widget=DateInput, required=False)
    unit = forms.ModelMultipleChoiceField(Department.objects.all(), required=False)

    def day(self) -> date | None:
        found: date | None = self.cleaned_data["came_on"]
        return found
