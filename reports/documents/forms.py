"""Forms of papers: what a kind asks for, under which number, why one is withdrawn, which to list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from reports.documents import kinds
from reports.documents.content import MOST_SERIAL
from reports.documents.kinds import Ask, Given
from reports.models import IssuingBody, OfficialDocument

LONGEST_ANSWER = 4000


def _day(**attributes: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(widget=widget, error_messages={"required": "请填写日期。"}, **attributes)


class PaperForm(forms.Form):
    """Body, day and number, and what the kind of paper asks for."""

    body = forms.ModelChoiceField(
        IssuingBody.objects.filter(is_active=True),
        label="制文机关",
        empty_label="请选择",
        error_messages={"required": "请选择制文机关。"},
    )
    on = _day(label="成文日期", help_text="文号的年份按成文日期。")
    serial = forms.IntegerField(
        label="文号序号",
        required=False,
        min_value=1,
        max_value=MOST_SERIAL,
        help_text="空着的，按机关和年份顺序编号；已用过和已撤回的文号不能再用。",
    )

    def __init__(self, *args: Any, asks: Sequence[Ask], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asks = asks
        self.initial = {"on": today, **self.initial}
        bodies: Any = self.fields["body"]
        if bodies.queryset.count() == 1:
            self.initial.setdefault("body", bodies.queryset.first())
        for ask in asks:
            self.fields[ask.name] = forms.CharField(
                label=ask.label,
                required=ask.required,
                initial=ask.initial,
                help_text=ask.help,
                max_length=LONGEST_ANSWER,
                widget=forms.Textarea(attrs={"rows": ask.rows}) if ask.rows > 1 else forms.TextInput(),
                error_messages={"required": f"请填写{ask.label}。"},
            )

    @property
    def given(self) -> Given:
        data = self.cleaned_data
        answers = {ask.name: data.get(ask.name, "") for ask in self.asks}
        return Given(data["body"], data["on"], answers)


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label="撤回原因",
        max_length=200,
        widget=forms.TextInput(attrs={"size": 60}),
        error_messages={"required": "请写明撤回原因。"},
    )


class FilterForm(forms.Form):
    q = forms.CharField(
        label="文号或标题",
        required=False,
        max_length=60,
    )
    kind = forms.ChoiceField(
        label="文种",
        required=False,
    )
    body = forms.ModelChoiceField(
        IssuingBody.objects.all(),
        label="制文机关",
        required=False,
        empty_label="全部",
    )
    year = forms.IntegerField(
        label="年份",
        required=False,
        min_value=2000,
        max_value=2999,
    )
    state = forms.ChoiceField(
        label="状态",
        required=False,
        choices=[("", "全部"), *OfficialDocument.State.choices],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["kind"]
        choice.choices = [("", "全部"), *((one.kind, one.label) for one in kinds.PAPERS.values())]
