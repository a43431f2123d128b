"""What a town fills in for a sitting; the services decide whether it may be."""

from __future__ import annotations

from typing import Any

from django import forms

from departments.models import Town
from surveys.models import BatchCount, Sitting, SlipBatch
from surveys.sittings.day import Counted, batches_for
from surveys.sittings.figures import Cell, left_before
from surveys.sittings.planning import When, substitutes_for

MOST = 10_000
REQUIRED = {"required": "请填写此项。"}


def number(label: str, initial: int | None = None) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=0,
        max_value=MOST,
        initial=initial,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "required": f"请填写{label}，没有的填0。",
            "invalid": f"{label}应为整数。",
            "min_value": f"{label}不能小于0。",
            "max_value": f"{label}不能超过{MOST}。",
        },
    )


class WhenForm(forms.Form):
    town = forms.ModelChoiceField(
        Town.objects.none(), label="镇（街）", empty_label=None, error_messages=REQUIRED
    )
    date = forms.DateField(
        label="日期",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages=REQUIRED,
    )
    begins = forms.TimeField(
        label="开始时间",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages=REQUIRED,
    )
    place = forms.CharField(label="地点", max_length=80, error_messages=REQUIRED)
    inquiries = forms.CharField(
        label="咨询电话", max_length=40, required=False, help_text="印在通知上，可不填。"
    )

    def __init__(self, *args: Any, towns: list[Town], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if len(towns) > 1:
            self.fields["town"].queryset = Town.objects.filter(pk__in=[town.pk for town in towns])  # type: ignore[attr-defined]
        else:
            del self.fields["town"]

    def when(self) -> When:
        data = self.cleaned_data
        return When(data["date"], data["begins"], data["place"], data["inquiries"])


class DrawForm(forms.Form):
    def __init__(self, *args: Any, cells: tuple[Cell, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cells = cells
        for cell in cells:
            pk, name = cell.stratum.pk, cell.stratum.name
            self.fields[f"invited-{pk}"] = number(f"{name}邀请数", cell.left)
            self.fields[f"substitutes-{pk}"] = number(f"{name}候补数", substitutes_for(cell.left))

    def rows(self) -> list[dict[str, Any]]:
        return [
            {
                "cell": cell,
                "invited": self[f"invited-{cell.stratum.pk}"],
                "substitutes": self[f"substitutes-{cell.stratum.pk}"],
            }
            for cell in self.cells
        ]

    def wanted(self) -> dict[int, tuple[int, int]]:
        """{stratum: (invited, substitutes)}."""
        data = self.cleaned_data
        keys = [cell.stratum.pk for cell in self.cells]
        return {pk: (data[f"invited-{pk}"], data[f"substitutes-{pk}"]) for pk in keys}


class WitnessForm(forms.Form):
    first_witness = forms.CharField(label="监票人一", max_length=40, error_messages=REQUIRED)
    second_witness = forms.CharField(label="监票人二", max_length=40, error_messages=REQUIRED)
    no_judged_official = forms.BooleanField(label="已确认会场内没有参评单位的工作人员", required=False)


COUNTED = {"received": "领取", "handed_out": "发出", "returned": "结余退回", "spoiled": "损毁"}


class CountsForm(forms.Form):
    def __init__(self, *args: Any, sitting: Sitting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.batches: list[SlipBatch] = batches_for(sitting)
        known = {row.batch_id: row for row in sitting.counts.all()}
        before = left_before(sitting)
        for batch in self.batches:
            row = known.get(batch.pk)
            left = before[batch.pk][1] if batch.pk in before else batch.size
            for name, label in COUNTED.items():
                proposed = left if name == "received" else None
                self.fields[f"{name}-{batch.pk}"] = number(label, _of(row, name, proposed))

    def rows(self) -> list[dict[str, Any]]:
        return [
            {"batch": batch, "fields": [self[f"{name}-{batch.pk}"] for name in COUNTED]}
            for batch in self.batches
        ]

    def counts(self) -> dict[int, Counted]:
        """{batch: what was counted}."""
        data = self.cleaned_data
        return {
            batch.pk: Counted(**{name: data[f"{name}-{batch.pk}"] for name in COUNTED})
            for batch in self.batches
        }


def _of(row: BatchCount | None, name: str, proposed: int | None) -> int | None:
    return getattr(row, name) if row is not None else proposed


class FinishForm(forms.Form):
    helped = number("协助不便使用手机的评价人（人）", 0)
    remarks = forms.CharField(
        label="情况说明",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="写入纪要。清点不符、缺席较多等情况在此说明；不得写明任何评价人的评价内容。",
    )
    despite_faults = forms.BooleanField(label="清点不符，已重新清点，情况属实", required=False)


class ReopenForm(forms.Form):
    reason = forms.CharField(label="更正理由", max_length=200, error_messages=REQUIRED)
