"""What the centre fills in for a draw from a pool."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import RegexValidator

from office.workbench.fields import ConditionalField
from surveys.draws.stratified import Reserve
from surveys.models import Survey
from surveys.respondents.pools.drawing import Wanted
from surveys.respondents.pools.occasions import Occasion

REQUIRED = {"required": "请填写此项。"}
MOST = 100_000
RESERVES = [("100", "与名额相同（每细分至少2名）"), ("50", "名额的一半（每细分至少2名）")]


class TotalForm(forms.Form):
    total = forms.IntegerField(
        label="抽取总数",
        min_value=1,
        max_value=MOST,
        initial=300,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={"required": "请填写抽取总数。", "invalid": "抽取总数应为整数。"},
    )


CALLED = RegexValidator(r"^[0-9]{1,9}\Z", "请填写不超过9位的数字。")


class DrawForm(TotalForm):
    """`survey` gives the seed; without one the two people present call a number each."""

    title = forms.CharField(
        label="用途",
        max_length=120,
        error_messages=REQUIRED,
        help_text="例如“2026年第三次集中评价”。每一用途只能抽取一次。",
    )
    survey = forms.ModelChoiceField(
        Survey.objects.none(),
        label="评价表",
        required=False,
        empty_label="没有评价表（电话、走访等）",
        help_text="选评价表的，抽取码由其定稿时公布的防伪指纹产生；没有评价表的，由系统随机数和在场两人所报数字产生。",
    )
    reserve = forms.ChoiceField(label="候补", choices=RESERVES)
    place = forms.CharField(label="抽取地点", max_length=80, required=False)
    first_present = forms.CharField(label="在场人", max_length=40, error_messages=REQUIRED)
    second_present = forms.CharField(label="在场人（二）", max_length=40, error_messages=REQUIRED)
    first_called = ConditionalField(
        label="在场人所报数字",
        validators=[CALLED],
        help_text="没有评价表时必须填写，当场报出。",
    )
    second_called = ConditionalField(
        label="在场人（二）所报数字",
        validators=[CALLED],
        help_text="没有评价表时必须填写，当场报出。",
    )
    list_hash = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        going_on = Survey.objects.filter(state__in=Survey.GOING_ON)
        self.fields["survey"].queryset = going_on  # type: ignore[attr-defined]
        self.fields["total"].widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("survey") is None:
            for name in ("first_called", "second_called"):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, "没有评价表的，请在场人各报一个数字。")
        return data

    def wanted(self, occasion: Occasion | None = None) -> Wanted:
        data = self.cleaned_data
        return Wanted(
            title=data["title"].strip(),
            total=data["total"],
            reserve=Reserve(percent=int(data["reserve"])),
            survey=data["survey"],
            place=data["place"].strip(),
            present=(data["first_present"].strip(), data["second_present"].strip()),
            called=(data["first_called"], data["second_called"]),
            occasion=occasion,
        )


class ReplaceForm(forms.Form):
    drawn = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label="替换原因", max_length=100, error_messages={"required": "请填写替换原因。"}
    )
