"""Acts until a matter is with its units: accept or refuse, judge, assign, sort anew."""

from __future__ import annotations

from typing import Any

from django import forms

from casework.desk import fields
from casework.desk.acts import Act, ActForm, Case, choices, reason_field
from casework.matters import acceptance, assigning, registration
from casework.matters.state import State
from casework.procedure.words import Stage
from departments.kinds import WITHIN_A_UNIT
from office.workbench.fields import ConditionalField


class Release(Act):
    name, label, done = "release", "放行，开始计时", "已放行，开始计时。"
    action = "matter.register"
    is_next = True

    def fits(self, case: Case) -> bool:
        return case.state == State.HELD

    def run(self, case: Case, told: dict[str, Any], common: dict[str, Any]) -> None:
        registration.release_held(matter=case.matter, **common)


class Accept(Act):
    name, label, done = "accept", "受理", "已受理。"
    is_next, stage = True, Stage.ACCEPTANCE

    def fits(self, case: Case) -> bool:
        return case.state == State.REGISTERED and case.procedure.has(Stage.ACCEPTANCE)

    def run(self, case: Case, told: dict[str, Any], common: dict[str, Any]) -> None:
        acceptance.accept_matter(matter=case.matter, **common)


class RefusalForm(ActForm):
    refusal = forms.ChoiceField(label="不予受理事由", widget=forms.RadioSelect)
    reason = reason_field("理由", "写明具体理由，反映人凭查询码可以看到。")

    def prepare(self) -> None:
        rules = self.case.procedure.intake.refusals
        field: Any = self.fields["refusal"]
        field.choices = [(one.id, f"{one.label}（{one.go_to.removesuffix('。')}）") for one in rules]


class ProposeRefusal(Act):
    name, label, done = "refuse", "不予受理", "已提出不予受理。"
    stage, form_class = Stage.ACCEPTANCE, RefusalForm

    def fits(self, case: Case) -> bool:
        may = case.state in (State.REGISTERED, State.HELD) and case.procedure.has(Stage.ACCEPTANCE)
        return may and bool(case.procedure.intake.refusals)

    def run(self, case: Case, told: dict[str, Any], common: dict[str, Any]) -> None:
        acceptance.propose_refusal(matter=case.matter, **told, **common)


class SettleForm(ActForm):
    agrees = forms.TypedChoiceField(
        label="审核结论",
        choices=[("yes", "同意不予受理"), ("no", "不同意，退回受理")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    opinion = ConditionalField(label="意见", max_length=300, help_text="不同意的，写明理由。")


class SettleRefusal(Act):
    name, label, done = "settle", "审核不予受理", "已审核。"
    is_next, form_class = True, SettleForm

    def fits(self, case: Case) -> bool:
        return case.state == State.REFUSING

    def bar(self, case: Case) -> str:
        if case.matter.refusal_proposed_by_id == case.user.pk:
            return "由提出人以外的人员办理"
        return super().bar(case)

    def run(self, case: Case, told: dict[str, Any], common: dict[str, Any]) -> None:
        acceptance.settle_refusal(matter=case.matter, **told, **common)


class JudgeForm(ActForm):
    category = forms.ChoiceField(widget=forms.RadioSelect)
    cause = forms.ChoiceField(label="原因类别", required=False)
    opinion = reason_field("研判意见")

    def prepare(self) -> None:
        rows: Any = self.fields
        sorts = self.case.procedure.categories
        rows["category"].label = sorts.label
        rows["category"].choices = [(one.id, f"{one.label}：{one.says}") for one in sorts.items]
        rows["category"].initial = self.case.matter.category
        if causes := self.case.procedure.causes:
            rows["cause"].choices = choices((one, one) for one in causes)
        else:
            del rows["cause"]


class Judge(Act):
    name, label, done = "judge", "研判", "已研判。"
    is_next, stage, form_class = True, Stage.JUDGING, JudgeForm

    def fits(self, case: Case) -> bool:
        return case.state == State.ACCEPTED

    def run(self, case: Case, told: dict[str, Any], common: dict[str, Any]) -> None:
        acceptance.judge_matter(matter=case.matter, **told, **common)


MOST_HELPING = 3
TO_ASSIGN = "units-to-assign"


class AssignForm(ActForm):
    """The unit in charge and those that help, by name; once given, further ones help."""

    demands = forms.CharField(
        label="办理要求", max_length=500, required=False, widget=fields.area(2), help_text="印在交办单上。"
    )

    def prepare(self) -> None:
        self.units = fields.responsible_units()
        first = not self.case.given
        rows: dict[str, forms.Field] = {
            "lead": self._unit("主办单位" if first else "协办单位", required=True)
        }
        for number in range(1, MOST_HELPING + 1) if first else ():
            rows[f"helping_{number}"] = self._unit(f"协办单位{number}", required=False)
        if first:
            rows["lead"].initial = self._named()
        self.fields = {**rows, **self.fields}

    def _unit(self, label: str, *, required: bool) -> fields.UnitField:
        return fields.UnitField(label=label, units=self.units, names_id=TO_ASSIGN, required=required)

    def _named(self) -> str:
        about = self.case.matter.about
        if about is not None and about.kind in WITHIN_A_UNIT:
            about = about.parent
        return about.name if about else ""

    def chosen(self) -> list[Any]:
        names = ["lead", *(f"helping_{number}" for number in range(1, MOST_HELPING + 1))]
        return [self.cleaned_data[name] for name in names if self.cleaned_data.get(name)]

    def clean(self) -> dict[str, Any]:
        super().clean()
        return {"units": self.chosen(), "demands": self.cleaned_data.get("demands", "")}


class Assign(Act):
    name, label, done = "assign", "交办", "已交办，开始计时。"
    stage, form_class = Stage.ASSIGNMENT, AssignForm
    is_next = True

    def fits(self, case: Case) -> bool:
        return case.state == State.JUDGED

    def run(self, case: Case, told: dict[str, Any], common: dict[str, Any]) -> None:
        assigning.assign_matter(matter=case.matter, **told, **common)


class AssignFurther(Assign):
    name, label, done = "assign-further", "增加协办单位", "已交办协办单位。"
    is_next = False

    def fits(self, case: Case) -> bool:
        return case.state == State.ASSIGNED


ACTS: tuple[Act, ...] = (
    Release(),
    Accept(),
    SettleRefusal(),
    Judge(),
    Assign(),
    ProposeRefusal(),
    AssignFurther(),
)
