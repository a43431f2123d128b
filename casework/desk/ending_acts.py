"""Acts when units have answered: tell the reporter, call, countersign, close; and the side ways out."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

from casework.desk.acts import Act, ActForm, Case, choices, reason_field
from casework.matters import calling, closing, merging, repeats, reviewing, transferring
from casework.matters.state import ANSWERED, OPEN, State, to_be_called
from casework.models import Matter, Review
from casework.procedure.parts import Question
from casework.procedure.words import Stage
from office.workbench.fields import ConditionalField

MOST_NAMED = 5


class TellForm(ActForm):
    text = reason_field("告知内容", "写明办理结果；反映人凭编号和查询码可以看到。", longest=1000)


class Tell(Act):
    name, label, done = "tell", "告知反映人", "已告知反映人。"
    is_next, stage, form_class = True, Stage.TELLING, TellForm

    def fits(self, case: Case) -> bool:
        return case.state == State.COMPLETED and case.procedure.has(Stage.TELLING)

    def run(self, case: Case, told: dict[str, Any], common: dict[str, Any]) -> None:
        closing.tell_reporter(matter=case.matter, **told, **common)


class CallForm(ActForm):
    """The questions of the procedure; they are answered only where somebody was reached."""

    matter: Any
    way = forms.CharField(label="方式", max_length=40, initial="电话")
    is_reached = forms.TypedChoiceField(
        label="是否接通",
        choices=[("yes", "接通"), ("no", "没有接通")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    remark = forms.CharField(
        label="说明", max_length=300, required=False, help_text="不写反映人的姓名和电话。"
    )

    def prepare(self) -> None:
        rule = self.case.procedure.call_back
        rows = {str(one.pk): one for one in to_be_called(self.case.matter)}
        whom = forms.TypedChoiceField(
            label="回访哪件事项的反映人",
            choices=[(key, one.number) for key, one in rows.items()],
            coerce=rows.__getitem__,
            widget=forms.RadioSelect if len(rows) > 1 else forms.HiddenInput,
            initial=next(iter(rows), None),
        )
        self.questions = rule.questions if rule else ()
        asked = {f"answer_{one.id}": _question(one) for one in self.questions}
        remark = self.fields.pop("remark")
        self.fields = {"matter": whom, **self.fields, **asked, "remark": remark}

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or self.cleaned_data
        answers = {one.id: told.pop(f"answer_{one.id}", "") for one in self.questions}
        missing = [one for one in self.questions if one.choices and not answers[one.id]]
        if told.get("is_reached"):
            for one in missing:
                self.add_error(f"answer_{one.id}", "请选择；反映人没有回答的，在说明中写明并登记为没有接通。")
        return {**told, "answers": {name: answer for name, answer in answers.items() if answer}}


def _question(one: Question) -> forms.Field:
    if not one.choices:
        return ConditionalField(label=one.label, max_length=500)
    pairs = [(word, word) for word in one.choices]
    return forms.ChoiceField(label=one.label, choices=pairs, required=False, widget=forms.RadioSelect)


class Call(Act):
    name, label, done = "call", "登记回访", "已登记回访。"
    is_next, stage, form_class = True, Stage.CALL_BACK, CallForm

    def fits(self, case: Case) -> bool:
        return case.state == State.CALLING

    def run(self, case: Case, told: dict[str, Any], common: dict[str, Any]) -> None:
        calling.note_call(**told, **common)


class Countersign(Act):
    name, label, done = "countersign", "会签", "已会签。"
    is_next, action = True, "matter.countersign"

    def fits(self, case: Case) -> bool:
        proposed = (case.procedure.outcome(one.proposed_outcome) for one in case.given)
        needed = any(one is not None and "countersign" in one.needs for one in proposed)
        return needed and case.state in ANSWERED and case.matter.countersigned_by_id is None

    def run(self, case: Case, told: dict[str, Any], common: dict[str, Any]) -> None:
        closing.countersign(matter=case.matter, **common)


class CloseForm(ActForm):
    outcome = forms.ChoiceField(label="办理结果", widget=forms.RadioSelect)
    finding = forms.ChoiceField(label="是否属实")

    def prepare(self) -> None:
        rows: Any = self.fields
        procedure = self.case.procedure
        rows["outcome"].choices = [(one.id, f"{one.label}：{one.says}") for one in procedure.outcomes]
        proposed = (one.proposed_outcome for one in self.case.given if one.is_lead)
        rows["outcome"].initial = next((one for one in proposed if one), None)
        if procedure.findings:
            rows["finding"].choices = choices((one.id, one.label) for one in procedure.findings)
        else:
            del rows["finding"]


class Close(Act):
    name, label, done = "close", "办结", "已办结。"
    is_next, stage, form_class = True, Stage.CLOSED, CloseForm

    def fits(self, case: Case) -> bool:
        return case.state == State.CLOSING

    def run(self, case: Case, told: dict[str, Any], common: dict[str, Any]) -> None:
        closing.close_matter(matter=case.matter, **told, **common)


class WithdrawForm(ActForm):
    reason = reason_field("撤回说明", "写明反映人何时、以什么方式提出撤回，不写姓名和电话。", longest=300)


class Withdraw(Act):
    name, label, done = "withdraw", "反映人撤回", "已登记撤回。"
    form_class = WithdrawForm

    def fits(self, case: Case) -> bool:
        return closing.may_be_withdrawn(case.matter)

    def run(self, case: Case, told: dict[str, Any], common: dict[str, Any]) -> None:
        closing.withdraw_matter(matter=case.matter, **told, **common)


class MergeForm(ActForm):
    into = forms.CharField(label="并入的事项编号", max_length=40)

    def prepare(self) -> None:
        likely = _likely(self.case.matter)[:MOST_NAMED]
        if named := "、".join(f"{one.number}（{one.shown_title}）" for one in likely):
            self.fields["into"].help_text = f"可能重复：{named}。"

    def clean_into(self) -> Matter:
        return _other(self.cleaned_data["into"], self.case.matter)


def _other(number: str, than: Matter) -> Matter:
    found = Matter.objects.filter(number=number.strip().upper()).exclude(pk=than.pk).first()
    if found is None:
        raise forms.ValidationError("没有这一编号的其他事项，请核对。")
    return found


def _likely(matter: Matter) -> QuerySet[Matter]:
    return repeats.possible_duplicates(matter).filter(state__in=merging.GOES_ON).order_by("-pk")


class Merge(Act):
    name, label, done = "merge", "并案", "已并案。"
    form_class = MergeForm

    def fits(self, case: Case) -> bool:
        return case.state in merging.MERGED

    def run(self, case: Case, told: dict[str, Any], common: dict[str, Any]) -> None:
        merging.merge_matter(matter=case.matter, **told, **common)


class EarlierForm(ActForm):
    earlier = forms.CharField(label="原事项编号", max_length=40)

    def clean_earlier(self) -> Matter:
        return _other(self.cleaned_data["earlier"], self.case.matter)


class RefuseRepeat(Act):
    name, label, done = "repeat", "按重复反映处理", "已按重复反映处理。"
    hint = "原事项已经办结、又没有新情况的，告知原办理结果。"
    form_class = EarlierForm

    def fits(self, case: Case) -> bool:
        rule = case.procedure.repeats
        undecided = case.state in (State.REGISTERED, State.HELD)
        return undecided and rule is not None and rule.decided == "refuse"

    def run(self, case: Case, told: dict[str, Any], common: dict[str, Any]) -> None:
        repeats.refuse_repeat(matter=case.matter, **told, **common)


class AgainForm(EarlierForm):
    new_evidence = reason_field("新的情况或者证据")


class TakeUpAgain(Act):
    name, label, done = "again", "关联原事项", "已关联原事项，由其他承办人办理。"
    hint = "原事项已经办结、现在有新情况的，作为新事项受理。"
    form_class = AgainForm

    def fits(self, case: Case) -> bool:
        rule = case.procedure.repeats
        undecided = case.state in (State.REGISTERED, State.HELD)
        return undecided and (rule is None or rule.new_evidence == "new")

    def run(self, case: Case, told: dict[str, Any], common: dict[str, Any]) -> None:
        repeats.take_up_again(matter=case.matter, **told, **common)


class TransferForm(ActForm):
    to = forms.ChoiceField(label="接收机关", widget=forms.RadioSelect)
    reason = reason_field("移送理由", "不写反映人的姓名和电话。")
    letter_number = forms.CharField(label="移送函编号", max_length=60)

    def prepare(self) -> None:
        rule = self.case.procedure.transfer
        field: Any = self.fields["to"]
        field.choices = list(rule.to.items()) if rule else []


class Transfer(Act):
    name, label, done = "transfer", "移送", "已移送。"
    form_class = TransferForm

    def fits(self, case: Case) -> bool:
        may = case.state in OPEN and case.state != State.REVIEWING
        return may and case.procedure.transfer is not None

    def run(self, case: Case, told: dict[str, Any], common: dict[str, Any]) -> None:
        transferring.transfer_matter(matter=case.matter, **told, **common)


class TakenOverForm(ActForm):
    their_number = forms.CharField(label="接收编号", max_length=60, required=False)
    received_by = forms.CharField(label="接收签字人", max_length=60, help_text="按签收的移送函填写。")


class TakenOver(Act):
    name, label, done = "taken-over", "登记移送接收", "已登记移送接收。"
    is_next, form_class = True, TakenOverForm

    def fits(self, case: Case) -> bool:
        transfer = getattr(case.matter, "transfer", None)
        return case.state == State.TRANSFERRED and transfer is not None and transfer.received_at is None

    def run(self, case: Case, told: dict[str, Any], common: dict[str, Any]) -> None:
        transferring.note_taken_over(matter=case.matter, **told, **common)


class AskReviewForm(ActForm):
    reason = reason_field("申请复核的理由", "按反映人的申请填写，不写姓名和电话。")


class AskReview(Act):
    name, label, done = "ask-review", "登记复核申请", "已登记复核申请。"
    action, form_class = "matter.register", AskReviewForm

    def fits(self, case: Case) -> bool:
        may = case.procedure.review is not None and case.state in reviewing.REVIEWED
        return may and not hasattr(case.matter, "review")

    def run(self, case: Case, told: dict[str, Any], common: dict[str, Any]) -> None:
        reviewing.ask_review(matter=case.matter, **told, **common)


class DecideReviewForm(ActForm):
    decision = forms.ChoiceField(label="复核决定", choices=Review.Decision.choices, widget=forms.RadioSelect)
    opinion = reason_field("复核意见", "写明理由和依据，反映人可以看到。")


class DecideReview(Act):
    name, label, done = "review", "作出复核决定", "已作出复核决定。"
    is_next, action, form_class = True, "matter.review", DecideReviewForm

    def fits(self, case: Case) -> bool:
        return case.state == State.REVIEWING

    def bar(self, case: Case) -> str:
        had_part = case.matter.events.filter(by=case.user).exclude(act__in=reviewing.NO_PART).exists()
        return super().bar(case) or ("由没有参与办理本事项的人员办理" if had_part else "")

    def run(self, case: Case, told: dict[str, Any], common: dict[str, Any]) -> None:
        reviewing.decide_review(review=case.matter.review, **told, **common)


ACTS: tuple[Act, ...] = (
    Tell(),
    Call(),
    Close(),
    TakenOver(),
    DecideReview(),
    Countersign(),
    Merge(),
    RefuseRepeat(),
    TakeUpAgain(),
    Transfer(),
    Withdraw(),
    AskReview(),
)
