"""What is filled in about episodes, promises, weekly items and the month's review."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from casework.hearings.episodes import Counts
from casework.hearings.rules import rules
from casework.models import Appearance
from departments.models import Department
from office.workbench.fields import ConditionalField


def _day(label: str, help_text: str = "") -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, help_text=help_text, widget=widget)


def _long(label: str, help_text: str = "", most: int = 500) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label=label, help_text=help_text, max_length=most, widget=widget)


def _unit() -> forms.ModelChoiceField[Department]:
    units = Department.objects.filter(is_active=True)
    return forms.ModelChoiceField(units, label="单位", empty_label="请选择")


class EpisodeForm(forms.Form):
    held_on = _day("播出日期")
    medium = forms.ChoiceField(label="媒体")
    theme = forms.CharField(label="主题", max_length=120, help_text="例如：项目审批提速。")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        medium: Any = self.fields["medium"]
        medium.choices = [(one, one) for one in rules().media]


class AppearanceForm(forms.Form):
    unit = _unit()
    post = forms.CharField(label="出场职务", max_length=60, help_text="只写职务，不写姓名。例如：局长。")
    kind = forms.ChoiceField(
        label="出场类型", choices=Appearance.Kind.choices, widget=forms.RadioSelect, initial="answers"
    )


class FilmForm(forms.Form):
    unit = _unit()
    title = forms.CharField(label="片名", max_length=80)
    problem = _long("反映的问题", most=300)


class QuestionForm(forms.Form):
    unit = _unit()
    text = _long("问题", "只写问题，不写提问人。", most=300)
    answer = ConditionalField(
        label="现场答复",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="现场没有答复的不填写。",
    )


class CountsForm(forms.Form):
    size = forms.IntegerField(label="评议团人数", min_value=1, max_value=9999)
    satisfied = forms.IntegerField(min_value=0, max_value=9999)
    fairly = forms.IntegerField(min_value=0, max_value=9999)
    unsatisfied = forms.IntegerField(min_value=0, max_value=9999, help_text="没有表决的不计入以上三项。")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in rules().panel.choices:
            self.fields[name].label = label

    def counts(self) -> Counts:
        data = self.cleaned_data
        return Counts(data["size"], data["satisfied"], data["fairly"], data["unsatisfied"])


class VoteForm(CountsForm):
    unit = _unit()
    field_order = ("unit", "size", "satisfied", "fairly", "unsatisfied")


class PromiseForm(forms.Form):
    unit = _unit()
    text = _long("承诺内容", "写明做什么、做到什么程度。公开页面照此显示，不写姓名。")
    promised_on = _day("承诺日期", "节目中承诺的日期，登记后不能更改。")


class ChangeForm(forms.Form):
    text = _long("新的承诺内容")
    promised_on = _day("新的承诺日期", "是否按时仍以最先承诺的日期为准。")
    reason = _long("变更理由", "随承诺一并公开。", most=300)


class CheckForm(forms.Form):
    passes = forms.TypedChoiceField(
        label="核验结论",
        choices=[("yes", "已兑现"), ("no", "没有兑现，退回继续办理")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    finding = _long("核验情况", "写明怎样核验、看到什么；承诺的核验情况一并公开，不写姓名。")


class PromiseCheckForm(CheckForm):
    evidence = forms.FileField(label="佐证", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        evidence: Any = self.fields["evidence"]
        evidence.is_conditional = True
        evidence.help_text = "认定兑现的必须上传照片或者文件。"


class AccountForm(forms.Form):
    account = _long("办理情况", "写明做了什么、结果怎样。", most=2000)


class ItemForm(forms.Form):
    unit = _unit()
    title = forms.CharField(label="事项", max_length=120)
    text = _long("要求")
    due_on = _day("完成日期")


class ReviewForm(forms.Form):
    unit = _unit()
    word = forms.ChoiceField(label="讲评", widget=forms.RadioSelect)
    text = _long("讲评意见")

    def __init__(self, *args: Any, units: list[Department], words: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        word: Any = self.fields["word"]
        word.choices = [(one, one) for one in words]
        unit: Any = self.fields["unit"]
        unit.queryset = Department.objects.filter(pk__in=[one.pk for one in units])


def week_of(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def month_of(text: str) -> date | None:
    return week_of(f"{text}-01")
