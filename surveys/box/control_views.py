"""The inspectorate's pages: the controls of a box, and explanations of broken ones."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from office import roles
from office.models import User
from office.workbench.attempt import attempt
from office.workbench.pages import require, show
from surveys.box import controls, explaining
from surveys.box.controls import Checked
from surveys.box.public_board import board_of
from surveys.models import Survey
from surveys.slips import returned, taking_back

GROUPS = (
    ("codes", "票码清单"),
    ("credentials", "票箱"),
    ("trackers", "票箱"),
    ("ballots", "票箱"),
    ("per_key", "各票种：选票与凭条"),
    ("batch", "各批次：印制、发放与使用"),
    ("returned", "各批次：退回的凭条"),
    ("paper", "纸质票"),
    ("packet", "纸质票"),
    ("sitting", "现场评价"),
)
OTHERS = "其他核对"


class ExplanationForm(forms.Form):
    key = forms.CharField(widget=forms.HiddenInput, max_length=80)
    text = forms.CharField(
        label="情况说明",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="写明原因和查实经过。说明将署名，随结果公布并写入核验包，请勿写入评价人的姓名和联系方式。",
    )


@require_GET
def survey_list(request: HttpRequest) -> HttpResponse:
    user = require(request, "control.view")
    surveys = Survey.objects.exclude(state=Survey.State.DRAFT)
    may_return = roles.allowed(user, "slip.return")
    return show(
        request, "surveys/box/control_surveys.html", "核对情况", surveys=surveys, may_return=may_return
    )


@dataclass(frozen=True)
class Row:
    checked: Checked
    form: ExplanationForm | None


@require_http_methods(["GET", "POST"])
def survey_controls(request: HttpRequest, survey_id: int) -> HttpResponse:
    """Show every control with its numbers; before the close only those of slips."""
    user = require(request, "control.explain" if request.method == "POST" else "control.view")
    survey = get_object_or_404(Survey.objects.exclude(state=Survey.State.DRAFT), pk=survey_id)
    sent = ExplanationForm(request.POST) if request.method == "POST" else None
    if sent and sent.is_valid() and _explained(request, survey, sent, user):
        return redirect("survey-controls", survey_id=survey.pk)
    batches = returned.batch_rows(survey)
    found = controls.checked(survey, controls.controls_of(survey, batches))
    may_explain = roles.allowed(user, "control.explain")
    return show(
        request,
        "surveys/box/controls.html",
        f"{survey.title}：核对情况",
        survey=survey,
        board=board_of(survey),
        batches=batches,
        groups=_grouped(found),
        in_the_way=[_row(one, sent, may_explain) for one in found if one.blocks],
        broken=sum(not one.control.holds for one in found),
        uncounted=sum(one.control.uncounted for one in found),
        total=len(found),
        taken_back=taking_back.who_took_back(survey),
        may_count=roles.allowed(user, "slip.count") and survey.state == Survey.State.OPEN,
        explained=[one for one in found if one.explanation],
        may_see_changes=roles.allowed(user, "survey.results_bundle"),
        may_return=roles.allowed(user, "slip.return"),
        may_replace=roles.allowed(user, "slip.hold") or roles.allowed(user, "slip.replace"),
        is_closed=survey.state in Survey.OVER,
        explanations_name=_name_of(survey),
    )


def _explained(request: HttpRequest, survey: Survey, form: ExplanationForm, user: User) -> bool:
    with attempt(request, "已登记说明。说明将随结果公布，并写入核验包。") as done:
        explaining.explain_control(survey=survey, **form.cleaned_data, now=timezone.now(), acting_user=user)
    return bool(done)


def _row(one: Checked, sent: ExplanationForm | None, may_explain: bool) -> Row:
    if not (may_explain and one.may_be_explained):
        return Row(one, None)
    key = one.control.key
    is_sent = sent is not None and sent.data.get("key") == key
    return Row(one, sent if is_sent else ExplanationForm(initial={"key": key}, auto_id=f"{key}-%s"))


def _group_of(one: Checked) -> str:
    start = one.control.key.partition(":")[0]
    return next((title for prefix, title in GROUPS if start.startswith(prefix)), OTHERS)


def _grouped(found: list[Checked]) -> list[tuple[str, list[Checked]]]:
    order = [*dict.fromkeys(title for _, title in GROUPS), OTHERS]
    ordered = sorted(found, key=lambda one: order.index(_group_of(one)))
    return [(title, list(rows)) for title, rows in groupby(ordered, key=_group_of)]


@require_GET
def explanations(request: HttpRequest, survey_id: int) -> HttpResponse:
    require(request, "control.view")
    survey = get_object_or_404(Survey, pk=survey_id)
    response = HttpResponse(controls.explanations_file(survey), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{_name_of(survey)}"'
    return response


def _name_of(survey: Survey) -> str:
    return f"explanations-{survey.public_id}.json"
