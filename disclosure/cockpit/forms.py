"""What the centre fills in on its way through a round."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils import timezone

from departments.models import Department, Town
from evaluations import periods, schemes
from evaluations.models import Appeal, Round, RoundDepartment, RoundMember, SchemeVersion
from evaluations.scoring.options import Option
from evaluations.services.preparing import KINDS

WHOLE_YEAR = "year"
DateInput = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class RoundForm(forms.Form):
    """Create a round, with the readings of its scheme that it may choose otherwise."""

    title = forms.CharField(label="轮次名称", max_length=120)
    year = forms.IntegerField(label="年份", min_value=2020, max_value=2100)
    part = forms.ChoiceField(
        label="期别", choices=[(key or WHOLE_YEAR, word) for key, word in periods.PARTS.items()]
    )
    base_date = forms.DateField(
        label="名单基准日",
        widget=DateInput,
        help_text="以这一天的名册确定谁参加评价；任现职不满三个月的不参评。",
    )
    persons_public = forms.ChoiceField(
        label="个人结果公布范围",
        choices=Round.PersonsPublic,
        widget=forms.RadioSelect,
        initial=Round.PersonsPublic.TOP_GRADES,
        help_text="未公布姓名的人员，公示页一律写“结果已送达本人”。",
    )
    persons_public_decision = forms.CharField(
        label="公布依据（文号）", max_length=120, required=False, help_text="选择“不公布个人结果”时可不填。"
    )
    questions = forms.CharField(
        label="评价问题",
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        help_text="每行一个问题，对每名人员逐一询问。留空即只问一个总体问题，以科室的事项类别为题。",
    )

    def __init__(self, *args: Any, version: SchemeVersion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.policy = schemes.policy_of(version)
        answers = {name: reading.answer for reading in self.policy.readings for name in reading.options}
        for name, option in self.policy.options.items():
            if field := option_field(option, answers.get(name, "")):
                self.fields[f"option-{name}"] = field
        today = timezone.localdate()
        self.fields["year"].initial = today.year
        self.fields["part"].initial = f"Q{(today.month + 2) // 3}"
        self.fields["base_date"].initial = today

    def plain_fields(self) -> Iterator[forms.BoundField]:
        """Yield the fields of every round."""
        return (field for field in self if not field.name.startswith("option-"))

    def option_fields(self) -> Iterator[forms.BoundField]:
        """Yield the readings that may be chosen otherwise."""
        return (field for field in self if field.name.startswith("option-"))

    def period(self) -> str:
        """Return the period as stored."""
        part = self.cleaned_data["part"]
        return periods.of(self.cleaned_data["year"], "" if part == WHOLE_YEAR else part)

    def overrides(self) -> dict[str, Any]:
        """Return the options that differ from the scheme's defaults."""
        chosen = {}
        for name, option in self.policy.options.items():
            value = self.cleaned_data.get(f"option-{name}")
            if value is not None and option.normal(value) != option.normal(option.default):
                chosen[name] = option.normal(value)
        return chosen


def option_field(option: Option, reading: str) -> forms.Field | None:
    """Return the form field of an option; weights are set in the scheme's file only."""
    if option.type == "choice":
        return forms.ChoiceField(
            label=option.label,
            choices=list(option.choices.items()),
            initial=option.default,
            help_text=reading,
        )
    if option.type == "yes_no":
        return forms.BooleanField(
            label=option.label, initial=option.default, required=False, help_text=reading
        )
    if option.type in ("whole", "number"):
        return forms.DecimalField(
            label=option.label,
            initial=option.default,
            help_text=reading,
            min_value=None if option.at_least is None else int(option.at_least),
            max_value=None if option.at_most is None else int(option.at_most),
            max_digits=6,
            decimal_places=0 if option.type == "whole" else 2,
        )
    return None


class DepartmentsForm(forms.Form):
    """Tick the departments that are judged (YC-R4)."""

    departments = forms.ModelMultipleChoiceField(
        label="参评单位",
        queryset=Department.objects.filter(is_active=True),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "至少选择一个参评单位，未作任何更改。"},
    )


class SlipsForm(forms.Form):
    """Shares of the kinds and a grid of slips, towns by kinds (YC-R5, YC-R6)."""

    total = forms.IntegerField(label="票数合计", min_value=1, max_value=100_000, required=False)

    def __init__(self, *args: Any, round: Round, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.towns = list(Town.objects.all())
        for kind, label in KINDS.items():
            self.fields[f"share-{kind}"] = forms.IntegerField(
                label=label, min_value=0, max_value=100, initial=round.shares.get(kind, 0)
            )
        for town in self.towns:
            planned = round.slips_plan.get(str(town.pk), {})
            for kind, label in KINDS.items():
                field = forms.IntegerField(
                    label=f"{town}{label}票数",
                    min_value=0,
                    max_value=50_000,
                    initial=planned.get(kind, 0),
                    required=False,
                )
                self.fields[f"n-{town.pk}-{kind}"] = field

    def shares(self) -> dict[str, int]:
        """Return the shares as filled in."""
        return {kind: self.cleaned_data[f"share-{kind}"] for kind in KINDS}

    def plan(self) -> dict[int, dict[str, int]]:
        """Return the slips as filled in; an empty cell is 0."""
        return {
            town.pk: {kind: self.cleaned_data[f"n-{town.pk}-{kind}"] or 0 for kind in KINDS}
            for town in self.towns
        }

    def share_fields(self) -> list[forms.BoundField]:
        """Return the three shares."""
        return [self[f"share-{kind}"] for kind in KINDS]

    def rows(self) -> list[dict[str, Any]]:
        """Return the grid, a row for each town."""
        rows = []
        for town in self.towns:
            cells = [self[f"n-{town.pk}-{kind}"] for kind in KINDS]
            rows.append({"town": town, "cells": cells, "sum": sum(int(cell.value() or 0) for cell in cells)})
        return rows


class NothingForm(forms.Form):
    """An act that asks nothing."""


class ReasonForm(forms.Form):
    """Why a result is computed again."""

    reason = forms.CharField(label="重新计算的原因", max_length=200, required=False)


class EndAppealsForm(forms.Form):
    """The end of the appeal days, or the decision that ends them early."""

    waiver_decision = forms.CharField(
        label="提前公布的批准文号",
        max_length=120,
        required=False,
        help_text="申诉期已满的不必填写。申诉期未满而经批准提前公布的，填写批准文件的文号。",
    )


class AppealForm(forms.Form):
    """Lodge an appeal."""

    round_department = forms.ModelChoiceField(label="单位", queryset=RoundDepartment.objects.none())
    round_member = forms.ModelChoiceField(
        label="人员",
        queryset=RoundMember.objects.none(),
        required=False,
        help_text="只对单位结果有异议的不必选择。",
    )
    text = forms.CharField(label="申诉事项和理由", widget=forms.Textarea(attrs={"rows": 5}))

    def __init__(self, *args: Any, departments: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members = RoundMember.objects.filter(round_department__in=departments, is_judged=True)
        self.fields["round_department"].queryset = departments  # type: ignore[attr-defined]
        choose(self.fields["round_member"], members.select_related("round_department"))
        if len(departments) == 1:
            self.fields["round_department"].initial = departments[0]


class WithdrawForm(forms.Form):
    """Take a person off the judged list after an upheld appeal."""

    round_member = forms.ModelChoiceField(label="人员", queryset=RoundMember.objects.none())
    reason = forms.CharField(label="不再参评的原因", max_length=120)

    def __init__(self, *args: Any, round: Round, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        upheld = round.appeals.filter(state=Appeal.State.UPHELD).values("round_department")
        members = RoundMember.objects.filter(round_department__in=upheld, is_judged=True)
        choose(self.fields["round_member"], members.select_related("round_department"))


def choose(field: Any, members: Any) -> None:
    """Offer these persons by department and section."""
    field.queryset = members
    field.label_from_instance = lambda one: f"{one.round_department.name}　{one.name}（{one.section_name}）"


class DecisionForm(forms.Form):
    """Decide an appeal."""

    upheld = forms.TypedChoiceField(
        label="复核结论",
        choices=[("no", Appeal.State.REJECTED.label), ("yes", Appeal.State.UPHELD.label)],
        coerce=lambda word: word == "yes",
        widget=forms.RadioSelect,
    )
    decision = forms.CharField(label="理由", widget=forms.Textarea(attrs={"rows": 4}))
