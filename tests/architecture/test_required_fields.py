"""A line that a service refuses when it is empty never says 可不填: every form of the house is looked at."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module

from django import forms
from django.apps import apps
from django.conf import settings

from office.workbench.fields import ConditionalField

ROOMS = (
    "office",
    "departments",
    "casework",
    "surveys",
    "ratings",
    "benefits",
    "evaluations",
    "reports",
    "disclosure",
)
REALLY_OPTIONAL = {
    *(f"ConditionForm.{name}" for name in ("says", "label", "test", "value")),  # an empty row is left out
    *(f"PaperForm.{name}" for name in ("name", "copies")),
    "GuideForm.higher_number",
    "ClaimForm.text",  # most claims need no words beside their papers
    "AppealForm.round_member",  # an appeal may be about the unit alone
    "ExtractForm.name",  # empty: the unit is asked about
    "ExtractForm.letter",  # who came in person brings none
    "AppealForm.papers",
    "ClearingForm.staff_member",  # the unit itself is cleared
    "ClearingForm.disposition",  # the report led to no consequence
    "RiskForm.decision_at",  # not decided yet
    "ApplyForm.report",  # the grounds may stand alone
    "AppealForm.received_at",  # empty: lodged on the page itself
    "DueForm.due_on",  # empty: without a limit
    "OccurrenceForm.title",  # where something was printed, endorsed, or shown by a paper
    "OccurrenceForm.practice",
    "OccurrenceForm.remark",
    "OccurrenceForm.veto",
    "OccurrenceForm.evidence",
    "FollowForm.new_units",  # none of the new units is judged
    "ProblemsForm.chosen",  # nothing that is offered, but one of its own
    "TickForm.came_on",  # empty: today
    "TickForm.unit",  # none: the service says so
    "ArrangeForm.questions",  # empty: one question for all
    "RecheckForm.remark",
    "CallForm.days",  # an enterprise may not remember
    "CallForm.cost",
    "CallForm.papers",
    "CallForm.remark",
    "ListedForm.matter",
    "DrawForm.leave_out",  # everybody who fits is listed
    "DrawForm.survey",  # empty: those present call numbers
    "DrawForm.place",
    *(f"CodesForm.{name}" for name in ("hall", "of_hall", "units")),  # none at all: the service says so
    "RoundForm.questions",  # empty: one question for all
    "SlipsForm.total",  # only to fill the grid by proportion
    "StaffForm.photo",  # a person may be listed without one
    "PromiseCheckForm.evidence",  # its help text says when it is needed; a promise not kept has none
    "FinishForm.remarks",  # minutes may have nothing to remark
    "MarkerForm.unit",  # a leader is of no unit that is judged
    "MarkerForm.account",  # empty: marks on paper
    *(f"DecideForm.{name}" for name in ("amount", "takes_effect_on")),  # asked for where it is granted
    "MoneyForm.remark",  # a correction below nothing is refused without one
    "AnnexForm.department",  # empty: all departments
    "PaperForm.serial",  # empty: the next number
    *(f"FilterForm.{name}" for name in ("q", "kind", "body", "year", "state")),  # to search by
    "SheetsForm.department",  # likewise; its label says so
    "ObjectForm.town",  # a park may lie in none
    "ObjectForm.address",
    "OfficerForm.post",
    "LinkForm.deputy",  # not every officer has one
    *(
        f"{form}.{name}"  # a visit without a remark, a photo; a problem without a wish, about no unit
        for form in ("VisitForm", "CentreVisitForm")
        for name in ("summary", "photo", "wish", "about", "own_deed", "may_be_named", "by_unit", "officer")
    ),
    "OpeningForm.given_to",  # empty: given to no unit
    "JudgeForm.cause",
    "AssignForm.demands",
    *(f"{form}.proofs" for form in ("WithFiles", "ReplyForm", "CompleteForm")),  # words may do
    "ReplyForm.promised_on",  # nothing follows the reply
    "TakenOverForm.their_number",  # not every authority numbers what it takes over
    # Either of the two groups: the form asks for what the chosen way needs.
    "PrepareForm.key_file",
    "PrepareForm.key_text",
    "PrepareForm.passphrase",
    "PrepareForm.again",
    # Either of the two: shown without 可不填, the form asks for one of them.
    "ProposalForm.paraphrase",
    "ProposalForm.reason",
    "SeveralForm.paraphrase",
    "SeveralForm.reason",
    "UserForm.first_name",  # a name is no condition of signing in
    "NewUserForm.first_name",
}


def _forms() -> Iterator[type[forms.BaseForm]]:
    import_module(settings.ROOT_URLCONF)
    assert apps.ready
    waiting: list[type[forms.BaseForm]] = [forms.BaseForm]
    while waiting:
        form = waiting.pop()
        waiting.extend(form.__subclasses__())
        if form.__module__.partition(".")[0] in ROOMS and form.__module__.partition(".")[2]:
            yield form


def test_lines_without_which_a_service_refuses_are_marked() -> None:
    found = {
        f"{form.__name__}.{name}": field
        for form in _forms()
        for name, field in getattr(form, "declared_fields", {}).items()
        if not field.required and not isinstance(field, forms.BooleanField)
    }
    free = {name for name, field in found.items() if not isinstance(field, ConditionalField)}
    said_optional = {name for name, field in found.items() if "可不填" in str(field.help_text)}
    assert free - said_optional <= REALLY_OPTIONAL, "say in the help text in which case a line may be empty"
    assert not {name for name in said_optional if isinstance(found[name], ConditionalField)}
    assert "RoundForm.persons_public_decision" in found
    assert all(field.help_text for field in found.values() if isinstance(field, ConditionalField))
