"""What is filled in about typical cases, lists and contacts with firms."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms

from casework.lists.conduct import Entry
from casework.lists.rules import rules
from casework.models import ListEntry
from departments.models import Department
from office.workbench.fields import ConditionalField, MomentField


def _day(label: str, help_text: str = "") -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, help_text=help_text, widget=widget)


class CaseForm(forms.Form):
    title = forms.CharField(label="标题", max_length=80)
    unit = forms.ModelChoiceField(
        Department.objects.filter(is_active=True), label="单位（全称）", empty_label="请选择"
    )
    persons_shown = ConditionalField(
        label="人员",
        max_length=120,
        help_text="写作姓加“某”，几个人用顿号隔开，例如：张某、李某某。只涉及单位的不填写。",
    )
    facts = forms.CharField(
        label="事实和处理",
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="企业写“某企业”；不写反映人、电话、身份证号和统一社会信用代码。",
    )
    decision_number = forms.CharField(label="处理决定文号", max_length=80)
    decided_on = _day("处理决定日期")
    body = forms.CharField(label="决定机关", max_length=80)


class LeaveForm(forms.Form):
    agrees = forms.TypedChoiceField(
        label="意见",
        choices=[("yes", "同意公开"), ("no", "不同意，退回修改")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    opinion = ConditionalField(
        label="退回意见",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="退回的写明需要怎样修改。",
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(label="撤下理由", max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class EntryForm(forms.Form):
    text = forms.CharField(label="内容", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    basis = forms.CharField(label="依据条款", max_length=200, help_text="文件名称、文号和条款。")
    needs_report = forms.BooleanField(label="须报告", required=False, help_text="勾选的，接触企业前须报告。")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tick: Any = self.fields["needs_report"]
        tick.is_conditional = True

    def entry(self) -> Entry:
        data = self.cleaned_data
        return Entry(data["text"], data["basis"], data["needs_report"])


class PublishForm(forms.Form):
    number = forms.CharField(label="文号", max_length=80)
    in_force_from = _day("施行日期", "今天或者以后的日期；此前的行为按上一版判断。")


class MomentForm(forms.Form):
    happens_at = MomentField(label="接触时间", help_text="在此之后提交的，记为事后补报。")


class ContactForm(forms.Form):
    """The entries are those of the day of the contact, so that is asked first."""

    happens_at = MomentField(label="接触时间", widget=forms.HiddenInput())
    firm = forms.CharField(label="企业", max_length=120)
    occasion = forms.CharField(label="事由", max_length=200, help_text="例如：参加企业座谈会。")
    entry = forms.ModelChoiceField(ListEntry.objects.none(), label="清单条目", empty_label="请选择")
    meal = forms.ChoiceField(label="用餐", widget=forms.RadioSelect)

    def __init__(self, *args: Any, entries: list[ListEntry], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        entry: Any = self.fields["entry"]
        entry.queryset = ListEntry.objects.filter(pk__in=[one.pk for one in entries])
        words = {
            one.pk: f"{one.version.get_kind_display()}第{one.number}条　{one.text[:40]}" for one in entries
        }
        entry.label_from_instance = lambda one: words.get(one.pk, str(one))
        meal: Any = self.fields["meal"]
        meal.choices = [(one, one) for one in rules().contacts.meal]


def moment_of(value: object) -> datetime | None:
    """Return the moment that was sent, however a browser writes it; None where it is none."""
    form = MomentForm({"happens_at": value})
    return form.cleaned_data["happens_at"] if form.is_valid() else None
