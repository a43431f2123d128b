"""Acts when units have answered: tell the reporter, close, withdraw."""

from __future__ import annotations

from typing import Any

from django import forms

from casework.desk.acts import Act, ActForm, Case, choices, reason_field
from casework.matters import closing
from casework.matters.state import OPEN, State
from casework.procedure.words import Stage


class TellForm(ActForm):
    text = reason_field("告知内容", "写明办理结果；反映人凭编号和查询码可以看到。", longest=1000)


class Tell(Act):
    name, label, done = "tell", "告知反映人", "已告知反映人。"
    is_next, stage, form_class = True, Stage.TELLING, TellForm

    def fits(self, case: Case) -> bool:
        return case.state == State.COMPLETED and case.procedure.has(Stage.TELLING)

    def run(self, case: Case, told: dict[str, Any], common: dict[str, Any]) -> None:
        closing.tell_reporter(matter=case.matter, **told, **common)


class CloseForm(ActForm):
    outcome = forms.ChoiceField(label="办理结果", widget=forms.RadioSelect)
    finding = forms.ChoiceField(label="是否属实")

    def prepare(self) -> None:
        rows: Any = self.fields
        procedure = self.case.procedure
        rows["outcome"].choices = [(one.id, f"{one.label}：{one.says}") for one in procedure.outcomes]
        rows["outcome"].initial = next(
            (one.proposed_outcome for one in self.case.given if one.is_lead and one.proposed_outcome), None
        )
        if procedure.findings:
            rows["finding"].choices = choices((one.id, one.label) for one in procedure.findings)
        else:
            del rows["finding"]


class Close(Act):
    name, label, done = "close", "办结", "已办结。"
    stage, form_class = Stage.CLOSED, CloseForm

    def fits(self, case: Case) -> bool:
        return case.state in (State.REPLIED, State.COMPLETED, State.CALLING)

    def run(self, case: Case, told: dict[str, Any], common: dict[str, Any]) -> None:
        closing.close_matter(matter=case.matter, **told, **common)


class WithdrawForm(ActForm):
    reason = reason_field("撤回说明", "写明反映人何时、以什么方式提出撤回，不写姓名和电话。", longest=300)


class Withdraw(Act):
    name, label, done = "withdraw", "反映人撤回", "已登记撤回。"
    form_class = WithdrawForm

    def fits(self, case: Case) -> bool:
        return case.state in OPEN and case.procedure.withdrawal is not None

    def run(self, case: Case, told: dict[str, Any], common: dict[str, Any]) -> None:
        closing.withdraw_matter(matter=case.matter, **told, **common)


ACTS: tuple[Act, ...] = (Tell(), Close(), Withdraw())
