"""A day's numbers of a hall, one field a window."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from departments.models import Hall, Window
from office.workbench.fields import ConditionalField
from ratings.incoming.served import LONGEST_REASON, MOST
from ratings.models import Served


def yesterday() -> date:
    return timezone.localdate() - timedelta(days=1)


class DayForm(forms.Form):
    hall = forms.ModelChoiceField(label="办事大厅", queryset=Hall.objects.all(), empty_label=None)
    day = forms.DateField(
        label="日期",
        initial=yesterday,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class NumbersForm(forms.Form):
    """One field for each window in use; an empty one leaves what is stored, which few may correct."""

    def __init__(
        self,
        *args: Any,
        windows: list[Window],
        stored: dict[int, Served],
        may_correct: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.windows = windows
        for window in windows:
            served = stored.get(window.pk)
            self.fields[f"number-{window.pk}"] = forms.IntegerField(
                label=str(window),
                required=False,
                disabled=served is not None and not may_correct,
                min_value=0,
                max_value=MOST,
                initial=served.number if served else None,
                widget=forms.NumberInput(attrs={"inputmode": "numeric", "aria-label": f"{window}办件量"}),
            )

        if stored and may_correct:
            self.fields["reason"] = ConditionalField(
                label="更正理由",
                max_length=LONGEST_REASON,
                help_text="更正已填报的办件量须写明核对了什么。",
            )

    def rows(self) -> list[tuple[Window, Any]]:
        return [(window, self[f"number-{window.pk}"]) for window in self.windows]

    def reason(self) -> str:
        return str(self.cleaned_data.get("reason", ""))

    def numbers(self) -> dict[int, int]:
        given = {window.pk: self.cleaned_data.get(f"number-{window.pk}") for window in self.windows}
        return {pk: number for pk, number in given.items() if number is not None}
