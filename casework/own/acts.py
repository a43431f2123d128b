"""What a unit may do with an assignment now: each act has its form and its service."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django import forms

from casework.matters import assigning, extending, files, handling, stopping
from casework.matters.beside import Aside, Step
from casework.matters.clocks import Reckoner
from casework.matters.state import HANDLED
from casework.models import Assignment, Matter, MatterFile
from casework.models.matters import LONGEST_TEXT
from casework.own.standing import Row, Standing
from casework.procedure import Procedure
from casework.procedure.words import Event, Stage
from office.calendar import days
from office.models import User
from office.workbench.fields import ConditionalField, FilesField

Each = Assignment.State
PROOFS = "照片或者 PDF，最多 {most} 份；不要出现反映人信息。"


@dataclass(frozen=True)
class Case:
    """An assignment as one user of its unit sees it."""

    row: Row
    user: User
    now: datetime

    @property
    def one(self) -> Assignment:
        return self.row.assignment

    @property
    def matter(self) -> Matter:
        return self.row.matter

    @property
    def procedure(self) -> Procedure:
        return self.row.procedure

    def at(self, *states: Assignment.State) -> bool:
        of_this_round = self.one.cycle == self.matter.times_reopened
        return of_this_round and self.one.state in states and self.matter.state in HANDLED


class ActForm(forms.Form):
    def __init__(self, *args: Any, case: Case, **options: Any) -> None:
        super().__init__(*args, **options)
        self.case = case
        self.prepare()

    def prepare(self) -> None:
        """Fill in choices and words that hang on the case."""


class Act(ABC):
    name: ClassVar[str]
    label: ClassVar[str]
    done: ClassVar[str]
    is_next: ClassVar[bool] = False
    step: ClassVar[Step | None] = None
    form_class: ClassVar[type[ActForm]] = ActForm

    @abstractmethod
    def fits(self, case: Case) -> bool:
        """Whether the state allows it now."""

    def hint(self, case: Case) -> str:
        """Say before it is done what follows from it."""
        del case
        return ""

    def form(self, case: Case, data: Any = None, sent: Any = None) -> ActForm:
        return self.form_class(data, sent, case=case, prefix=self.name)

    @abstractmethod
    def run(self, case: Case, told: dict[str, Any], common: dict[str, Any]) -> None:
        """Call the service; `common` holds assignment, `now` and `acting_user`."""


def _area(rows: int, longest: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "maxlength": longest})


class Sign(Act):
    name, label, done = "sign", "签收", "已签收。"
    is_next = True

    def fits(self, case: Case) -> bool:
        return case.at(Each.WAITING) and case.procedure.has(Stage.SIGNING)

    def run(self, case: Case, told: dict[str, Any], common: dict[str, Any]) -> None:
        assigning.sign_for_assignment(**common)


def _may_handle(case: Case) -> bool:
    return case.at(Each.IN_HAND) or (case.at(Each.WAITING) and not case.procedure.has(Stage.SIGNING))


class Contact(Act):
    name, label, done = "contact", "登记已联系反映人", "已登记联系情况。"

    def fits(self, case: Case) -> bool:
        asked = any(Event.CONTACTED in rule.ends for rule in case.procedure.clocks)
        return asked and _may_handle(case) and case.one.contacted_at is None

    def hint(self, case: Case) -> str:
        return "没有提供反映人身份的，请通过交办的窗口或者中心联系，联系之后在此登记。"

    def run(self, case: Case, told: dict[str, Any], common: dict[str, Any]) -> None:
        handling.note_contact(**common)


class WithFiles(ActForm):
    """A form that takes photos and papers as proof."""

    proofs = FilesField(label="佐证材料", required=False, allow_empty_file=True)

    def prepare(self) -> None:
        most = self.case.procedure.intake.most_files
        field: Any = self.fields["proofs"]
        field.help_text = PROOFS.format(most=most)
        field.widget.attrs["accept"] = "image/jpeg,image/png,image/webp,application/pdf"


class ReplyForm(WithFiles):
    reply = forms.CharField(
        label="办理情况",
        max_length=LONGEST_TEXT,
        widget=_area(5, LONGEST_TEXT),
        help_text="写明做了什么、结果怎样。",
    )
    outcome = forms.ChoiceField(label="办理结果", widget=forms.RadioSelect)
    law = ConditionalField(label="依据条款", max_length=300, help_text="依法不予支持等结果，写明依据。")
    promised_on = forms.DateField(
        label="后续承诺日",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="还有后续事项的，写明哪一天前办成。",
    )
    field_order = ("reply", "outcome", "law", "promised_on", "proofs")

    def prepare(self) -> None:
        super().prepare()
        rows: Any = self.fields
        procedure = self.case.procedure
        offered = [one for one in procedure.outcomes if one.id not in _of_the_centre(procedure)]
        rows["outcome"].choices = [(one.id, f"{one.label}：{one.says}") for one in offered]
        lawful = [one.label for one in offered if "law" in one.needs]
        if lawful:
            rows["law"].help_text = f"结果为“{'”“'.join(lawful)}”的，写明法律、法规或者文件的名称和条款。"
        else:
            del rows["law"]
        if not procedure.has(Stage.FOLLOW_UP):
            del rows["promised_on"]


def _of_the_centre(procedure: Procedure) -> set[str | None]:
    """Outcomes that only the centre comes to: nobody was reached, nothing was supplemented."""
    call, supplement = procedure.call_back, procedure.supplement
    return {call.not_reached if call else None, supplement.unanswered if supplement else None}


class Reply(Act):
    name, label, done = "reply", "回复", "已回复。"
    is_next, form_class, step = True, ReplyForm, Event.REPLIED

    def fits(self, case: Case) -> bool:
        return _may_handle(case)

    def run(self, case: Case, told: dict[str, Any], common: dict[str, Any]) -> None:
        _with_proofs(case, told, common, handling.reply_to_assignment)


class CompleteForm(WithFiles):
    completion = forms.CharField(
        label="后续办理情况",
        max_length=LONGEST_TEXT,
        widget=_area(4, LONGEST_TEXT),
        help_text="写明后续事项怎样办成。",
    )
    field_order = ("completion", "proofs")


class Complete(Act):
    name, label, done = "complete", "登记办成", "已登记办成。"
    is_next, form_class, step = True, CompleteForm, Event.COMPLETED

    def fits(self, case: Case) -> bool:
        return case.at(Each.REPLIED) and case.procedure.has(Stage.FOLLOW_UP)

    def run(self, case: Case, told: dict[str, Any], common: dict[str, Any]) -> None:
        _with_proofs(case, told, common, handling.complete_assignment)


def _with_proofs(case: Case, told: dict[str, Any], common: dict[str, Any], act: Any) -> None:
    """Do the act and store what proves it, both or neither."""
    read = files.read_uploads(told.pop("proofs"), most=case.procedure.intake.most_files, papers=True)
    with files.storing() as names:
        act(**told, **common)
        files.add_files(
            matter=case.matter,
            files=read,
            kind=MatterFile.Kind.PROOF,
            names=names,
            now=common["now"],
            assignment=case.one,
            acting_user=common["acting_user"],
        )


class ExtendForm(ActForm):
    clock = forms.ChoiceField(label="时限", widget=forms.RadioSelect)
    reason = forms.CharField(
        label="延期理由",
        max_length=500,
        widget=_area(3, 500),
        help_text="写明为什么不能按期办完、打算何时办完。",
    )

    def prepare(self) -> None:
        field: Any = self.fields["clock"]
        field.choices = [(str(one.clock.pk), _of_limit(one)) for one in _extensible(self.case)]
        if len(field.choices) == 1:
            field.initial = field.choices[0][0]


def _of_limit(standing: Standing) -> str:
    return f"{standing.clock.label}（{standing.clock.due_in_words}）"


def _extensible(case: Case) -> list[Standing]:
    rule = case.procedure.extension
    return [
        one
        for one in case.row.limits
        if rule
        and one.clock.rule in rule.clocks
        and one.clock.extended < rule.times
        and not one.is_asked
        and not one.is_late
    ]


class Extend(Act):
    name, label, done = "extend", "申请延期", "已申请延期，请等待决定；决定之前原时限仍然有效。"
    form_class = ExtendForm

    def fits(self, case: Case) -> bool:
        return case.at(Each.WAITING, Each.IN_HAND, Each.REPLIED) and bool(_extensible(case))

    def hint(self, case: Case) -> str:
        rule = case.procedure.extension
        return rule.says if rule else ""

    def run(self, case: Case, told: dict[str, Any], common: dict[str, Any]) -> None:
        clock = next(one.clock for one in case.row.limits if str(one.clock.pk) == told["clock"])
        extending.ask_extension(clock=clock, reason=told["reason"], **common)


class ReasonForm(ActForm):
    reason = forms.CharField(label="退回理由", max_length=500, widget=_area(3, 500))


class HandBack(Act):
    name, label, done = "hand-back", "退回", "已退回。"
    form_class = ReasonForm

    def fits(self, case: Case) -> bool:
        rule = case.procedure.hand_back
        if rule is None or not case.at(Each.WAITING, Each.IN_HAND):
            return False
        limit = Reckoner().clock.limit(days.local(case.one.assigned_at), rule.within.span)
        return limit.is_met_by(days.local(case.now))

    def hint(self, case: Case) -> str:
        rule = case.procedure.hand_back
        if rule is None:
            return ""
        limit = Reckoner().clock.limit(days.local(case.one.assigned_at), rule.within.span)
        return f"{rule.says}本次可退回至 {limit.end_in_words}。"

    def run(self, case: Case, told: dict[str, Any], common: dict[str, Any]) -> None:
        assigning.hand_back(**told, **common)


class SupplementForm(ActForm):
    what = forms.CharField(label="须补正的内容", max_length=500, widget=_area(3, 500))


class AskSupplement(Act):
    name, label, done = "supplement", "通知补正", "已通知补正，有关时限停计。"
    step, form_class = Aside.SUPPLEMENT_ASKED, SupplementForm

    def fits(self, case: Case) -> bool:
        return (
            case.procedure.supplement is not None and case.at(Each.IN_HAND) and not case.matter.stops.exists()
        )

    def hint(self, case: Case) -> str:
        rule = case.procedure.supplement
        return rule.says if rule else ""

    def run(self, case: Case, told: dict[str, Any], common: dict[str, Any]) -> None:
        assignment = common.pop("assignment")
        stopping.ask_supplement(matter=assignment.matter, **told, **common)


ACTS: tuple[Act, ...] = (Sign(), Reply(), Complete(), Contact(), Extend(), HandBack(), AskSupplement())
