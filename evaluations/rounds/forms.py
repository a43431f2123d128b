"""What the centre fills in on its way through a round."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from departments.models import Department
from evaluations.models import Channel, Round, SchemeVersion
from evaluations.rounds import periods
from evaluations.schemes.stored import ballot_step, policy_of
from evaluations.scoring.gathering import SERVING, Gathering, Need
from evaluations.scoring.options import Option
from office.workbench.fields import ConditionalField

WHOLE_YEAR = "year"
OF_SLIPS = "选“无记名评价”的，用凭条打分，每个单位只打总分，不分方面，也不区分是否评本单位。"
DateInput = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class RoundForm(forms.Form):
    """Create a round, with the readings of its scheme that it may choose otherwise."""

    title = forms.CharField(label="轮次名称", max_length=120)
    year = forms.IntegerField(label="年份", min_value=2020, max_value=2100)
    part = forms.ChoiceField(label="期别")
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
    persons_public_decision = ConditionalField(
        label="公布依据（文号）",
        max_length=120,
        help_text="公布个人结果的批准文件；选择“不公布个人结果”时不必填写。",
    )
    intervals_public = forms.BooleanField(
        label="公布得分的可能范围",
        required=False,
        initial=True,
        help_text="公示页在得分旁写出95%可能范围、等次稳定还是接近界线；只用已公布的数字推算。",
    )
    questions = forms.CharField(
        label="评价问题",
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        help_text="每行一个问题，对每名人员逐一询问。留空即只问一个总体问题，以科室的事项类别为题。",
    )

    again_reason = ConditionalField(
        label="同一周期再建一轮的原因",
        max_length=200,
        help_text="同一方案、同一周期已有轮次时必须填写；没有的不必填写。",
    )

    def __init__(
        self,
        *args: Any,
        version: SchemeVersion,
        kept: Round | None = None,
        period: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.policy = policy_of(version)
        answers = {name: reading.answer for reading in self.policy.readings for name in reading.options}
        for name, option in self.policy.options.items():
            if field := option_field(option, answers.get(name, "")):
                self.fields[f"option-{name}"] = field
        if not self.policy.defaults.judges_persons:
            for name in ("persons_public", "persons_public_decision"):
                del self.fields[name]
        self._fit_questions()
        self._add_channels()
        today = timezone.localdate()
        self.fields["year"].initial = today.year
        self.fields["base_date"].initial = today
        self._offer_parts(kept.period.partition("-")[2] if kept else None, today)
        if kept is not None:
            self._begin_with(kept)
        elif periods.is_period(period):
            self._begin_in(period)

    def _offer_parts(self, kept: str | None, today: date) -> None:
        """Offer what the scheme's cadence has, and what a round already has."""
        cadence = self.policy.defaults.cadence.rounds_per_year
        parts = periods.parts_for(cadence)
        if kept is not None and kept not in parts:
            parts = {**parts, kept: periods.part_in_words(kept)}
        field: Any = self.fields["part"]
        field.choices = [(part or WHOLE_YEAR, word) for part, word in parts.items()]
        now = periods.containing(today, cadence).partition("-")[2] if cadence else _quarter(today)
        field.initial = now or WHOLE_YEAR

    def _begin_in(self, period: str) -> None:
        year, _, part = period.partition("-")
        self.fields["year"].initial, self.fields["part"].initial = int(year), part or WHOLE_YEAR

    def _fit_questions(self) -> None:
        """Offer own questions only where the scheme's ballot takes others than its own."""
        needs = self.policy.defaults.needs()
        kinds = {need: rule.channels if rule else SERVING[need.kind] for need, rule in needs}
        sources = [need.name for need, may in kinds.items() if need.kind == "answers" and "ballot" in may]
        step = ballot_step(self.policy.defaults, sources)
        if step is None or step.other_questions != "allowed":
            del self.fields["questions"]
        elif step.level != "member":
            asked = "、".join(f"“{question.label}”" for question in step.questions.values())
            self.fields["questions"].help_text = f"每行一个问题，对每个评价单位逐一询问。留空即问{asked}。"

    def _add_channels(self) -> None:
        """One choice for each need that may be gathered in several ways."""
        for need, rule in self.policy.defaults.needs():
            kinds = rule.channels if rule else SERVING[need.kind]
            if len(kinds) > 1:
                labels = dict(Channel.Kind.choices)
                self.fields[f"channel-{need.key}"] = forms.ChoiceField(
                    label=f"{need.label}的取数渠道",
                    choices=[(kind, labels[kind]) for kind in kinds],
                    help_text=_why_and_how(need, kinds, rule),
                )

    def _begin_with(self, kept: Round) -> None:
        year, _, part = kept.period.partition("-")
        begin = {
            "title": kept.title,
            "year": year,
            "part": part or WHOLE_YEAR,
            "base_date": kept.base_date,
            "persons_public": kept.persons_public,
            "persons_public_decision": kept.persons_public_decision,
            "intervals_public": kept.intervals_public,
            "questions": "\n".join(kept.questions),
            **{f"channel-{one.need}": one.kind for one in kept.channels.all()},
            **{f"option-{name}": value for name, value in kept.options.items()},
        }
        for name, value in begin.items():
            if name in self.fields:
                self.fields[name].initial = value

    def clean(self) -> dict[str, Any]:
        """Ask for the number of the decision where persons are to be named."""
        data = super().clean() or {}
        named = data.get("persons_public") not in (None, Round.PersonsPublic.NONE)
        if named and not data.get("persons_public_decision", "").strip():
            self.add_error("persons_public_decision", "公布个人结果须有依据，请填写批准文件的文号。")
        return data

    def plain_fields(self) -> Iterator[forms.BoundField]:
        return (field for field in self if not field.name.startswith(("option-", "channel-")))

    def channel_fields(self) -> Iterator[forms.BoundField]:
        return (field for field in self if field.name.startswith("channel-"))

    def option_fields(self) -> Iterator[forms.BoundField]:
        return (field for field in self if field.name.startswith("option-"))

    def given(self) -> dict[str, Any]:
        """Return what the services that create and change a round take."""
        data = self.cleaned_data
        as_filled_in = ("title", "base_date", "again_reason")
        return {
            **{name: data[name] for name in as_filled_in},
            "persons_public": data.get("persons_public", Round.PersonsPublic.NONE),
            "persons_public_decision": data.get("persons_public_decision", ""),
            "intervals_public": data["intervals_public"],
            "channels": {
                name.removeprefix("channel-"): value
                for name, value in data.items()
                if name.startswith("channel-")
            },
            "period": self.period(),
            "options": self.overrides(),
            "questions": data.get("questions", "").splitlines(),
        }

    def period(self) -> str:
        part = self.cleaned_data["part"]
        return periods.of(self.cleaned_data["year"], "" if part == WHOLE_YEAR else part)

    def overrides(self) -> dict[str, Any]:
        chosen = {}
        for name, option in self.policy.options.items():
            value = self.cleaned_data.get(f"option-{name}")
            if value is not None and option.normal(value) != option.normal(option.default):
                chosen[name] = option.normal(value)
        return chosen


def _why_and_how(need: Need, kinds: Sequence[str], rule: Gathering | None) -> str:
    said = f"{rule.who}：{rule.says}（{rule.clause}）" if rule else ""
    by_slip = need.kind == "panel" and Channel.Kind.BALLOT in kinds
    return f"{said}{OF_SLIPS}" if by_slip else said


def _quarter(day: date) -> str:
    return f"Q{(day.month + 2) // 3}"


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
    departments = forms.ModelMultipleChoiceField(
        label="参评单位",
        queryset=Department.objects.filter(is_active=True),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "至少选择一个参评单位，未作任何更改。"},
    )
