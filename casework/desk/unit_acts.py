"""Acts while units have a matter in hand: send back, take back, extend, supplement, sort anew, press."""

from __future__ import annotations

from typing import Any

from django import forms

from casework.desk.acts import Act, ActForm, AssignmentForm, Case, reason_field
from casework.matters import assigning, extending, handling, lateness, parties, recoloring, stopping
from casework.matters.beside import Aside
from casework.matters.state import ANSWERED, HANDLED, OPEN, State
from casework.models import Assignment, Clock
from casework.procedure.words import Party, Stage
from office.workbench.fields import ConditionalField

Each = Assignment.State


class SettleExtensionForm(ActForm):
    clock: Any
    grants = forms.TypedChoiceField(
        label="决定",
        choices=[("yes", "同意延期"), ("no", "不同意")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    opinion = ConditionalField(
        label="理由", max_length=500, help_text="不同意的，写明理由，承办单位可以看到。"
    )

    def prepare(self) -> None:
        rows = {str(one.pk): one for one in asked_for(self.case)}
        field = forms.TypedChoiceField(
            label="延期申请",
            choices=[(key, _in_words(one, self.case)) for key, one in rows.items()],
            coerce=rows.__getitem__,
            widget=forms.RadioSelect,
            initial=next(iter(rows), None),
        )
        self.fields = {"clock": field, **self.fields}


def asked_for(case: Case) -> list[Clock]:
    return [one for one in case.running if one.asked_at is not None]


def _in_words(clock: Clock, case: Case) -> str:
    units = {one.pk: one.unit.name for one in case.assignments}
    unit = units.get(clock.assignment_id, "") if clock.assignment_id else ""
    return f"{unit}“{clock.label}”（{clock.due_in_words}截止）：{clock.asked_reason}"


class SettleExtension(Act):
    name, label, done = "extension", "决定延期申请", "已决定延期申请。"
    is_next, action, form_class = True, "matter.extend", SettleExtensionForm

    def fits(self, case: Case) -> bool:
        return bool(asked_for(case)) and case.procedure.extension is not None

    def bar(self, case: Case) -> str:
        rule = case.procedure.extension
        granting = [one for one in rule.granted_by if one != Party.UNIT] if rule else []
        if not parties.is_one_of(case.user, granting):
            return f"由{parties.in_words(granting)}办理"
        return super().bar(case)

    def run(self, case: Case, told: dict[str, Any], common: dict[str, Any]) -> None:
        extending.settle_extension(**told, **common)


class ReturnForm(AssignmentForm):
    reason = reason_field("退回理由", "写明还缺什么，承办单位可以看到。")

    def fitting(self) -> list[Assignment]:
        return replied(self.case)


def replied(case: Case) -> list[Assignment]:
    return [one for one in case.given if one.state in (Each.REPLIED, Each.COMPLETED)]


class ReturnReply(Act):
    name, label, done = "return", "退回重新办理", "已退回，原时限继续计算。"
    stage, form_class = Stage.ASSIGNMENT, ReturnForm

    def fits(self, case: Case) -> bool:
        return case.state in (*HANDLED, *ANSWERED) and bool(replied(case))

    def run(self, case: Case, told: dict[str, Any], common: dict[str, Any]) -> None:
        handling.return_reply(**told, **common)


class TakeBackForm(AssignmentForm):
    reason = reason_field("收回理由")

    def fitting(self) -> list[Assignment]:
        return in_hand(self.case)


def in_hand(case: Case) -> list[Assignment]:
    return [one for one in case.given if one.state in (Each.WAITING, Each.IN_HAND)]


class TakeBack(Act):
    name, label, done = "take-back", "收回交办", "已收回，可以重新交办。"
    stage, form_class = Stage.ASSIGNMENT, TakeBackForm

    def fits(self, case: Case) -> bool:
        return case.state in HANDLED and bool(in_hand(case))

    def run(self, case: Case, told: dict[str, Any], common: dict[str, Any]) -> None:
        assigning.take_back(**told, **common)


class SupplementForm(ActForm):
    what = reason_field("须补正的内容", "一次写明全部内容；规程允许停计的时限从今天起停计。")


class AskSupplement(Act):
    name, label, done = "supplement", "通知补正", "已通知补正，有关时限停计。"
    step, form_class = Aside.SUPPLEMENT_ASKED, SupplementForm

    def fits(self, case: Case) -> bool:
        stopped = any(one.stops for one in case.procedure.clocks)
        return stopped and case.state in stopping.WHILE and not case.matter.stops.exists()

    def run(self, case: Case, told: dict[str, Any], common: dict[str, Any]) -> None:
        stopping.ask_supplement(matter=case.matter, **told, **common)


class SupplementReceived(Act):
    name, label, done = "supplemented", "已收到补正", "已登记，时限从明天起继续计算。"
    is_next, step = True, Aside.SUPPLEMENTED

    def fits(self, case: Case) -> bool:
        return case.state in stopping.WHILE and case.matter.stops.filter(last=None).exists()

    def run(self, case: Case, told: dict[str, Any], common: dict[str, Any]) -> None:
        stopping.supplement_received(matter=case.matter, **common)


class CategoryForm(ActForm):
    category = forms.ChoiceField(widget=forms.RadioSelect)
    reason = reason_field("调整理由", "时限按新的类别从原起点计算。")

    def prepare(self) -> None:
        field: Any = self.fields["category"]
        sorts = self.case.procedure.categories
        field.label = sorts.label
        others = (one for one in sorts.items if one.id != self.case.matter.category)
        field.choices = [(one.id, f"{one.label}：{one.says}") for one in others]


class ChangeCategory(Act):
    name, label, done = "category", "调整类别", "已调整类别。"
    form_class = CategoryForm

    def fits(self, case: Case) -> bool:
        return len(case.procedure.categories.items) > 1 and case.state in recoloring.WHILE

    def run(self, case: Case, told: dict[str, Any], common: dict[str, Any]) -> None:
        recoloring.change_category(matter=case.matter, **told, **common)


class PressForm(AssignmentForm):
    text = reason_field("要求", "写明何时以前做什么，不写反映人的姓名和电话。", longest=300)

    def fitting(self) -> list[Assignment]:
        return owing(self.case)


def owing(case: Case) -> list[Assignment]:
    return [one for one in case.given if one.state in lateness.OWES]


class Chase(Act):
    name, label, done = "chase", "催办", "已催办，承办单位会收到通知。"
    form_class = PressForm

    def fits(self, case: Case) -> bool:
        return case.state in HANDLED and bool(owing(case))

    def run(self, case: Case, told: dict[str, Any], common: dict[str, Any]) -> None:
        lateness.chase(**told, **common)


class SuperviseForm(PressForm):
    def fitting(self) -> list[Assignment]:
        return late_ones(self.case)


def late_ones(case: Case) -> list[Assignment]:
    late = {one.assignment_id for one in case.running if one.is_over(case.now)}
    return [one for one in owing(case) if one.pk in late]


class Supervise(Act):
    name, label, done = "supervise", "督办", "已督办，承办单位会收到通知。"
    form_class = SuperviseForm

    def fits(self, case: Case) -> bool:
        return case.state in HANDLED and bool(late_ones(case))

    def run(self, case: Case, told: dict[str, Any], common: dict[str, Any]) -> None:
        lateness.supervise(**told, **common)


class ReferForm(ActForm):
    reason = reason_field("提交的缘由", "写明需要领导小组决定什么。", longest=200)


class Refer(Act):
    name, label, done = "refer", "提交领导小组", "已提交领导小组。"
    form_class = ReferForm

    def fits(self, case: Case) -> bool:
        may = case.state in OPEN and case.state not in (State.REVIEWING, State.REFERRED)
        return may and case.matter.referred_at is None

    def run(self, case: Case, told: dict[str, Any], common: dict[str, Any]) -> None:
        lateness.refer(matter=case.matter, **told, **common)


ACTS: tuple[Act, ...] = (
    SettleExtension(),
    SupplementReceived(),
    Chase(),
    Supervise(),
    ReturnReply(),
    TakeBack(),
    AskSupplement(),
    ChangeCategory(),
    Refer(),
)
