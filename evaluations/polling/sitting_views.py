"""All towns' sittings of a round on one page: quota, shares, what to do before the close (YC-R5, YC-R6)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from evaluations.models import Round
from evaluations.polling import missing_voters
from evaluations.polling.shares import shares_of, tolerance_of, votes_of
from evaluations.polling.slips_views import forecast
from evaluations.rounds.page import heading
from evaluations.rounds.services import slips_in
from evaluations.rounds.state import survey_of
from office import roles
from office.workbench import edit_conflicts
from office.workbench.attempt import attempt
from office.workbench.pages import posted, require, show, signed_in
from office.workbooks.sheets import check_size
from surveys import queries
from surveys import services as surveys
from surveys.sittings import figures as sitting_figures

State = Round.State


class ContactsForm(forms.Form):
    """The list of entities that dealt with the judged departments."""

    contacts = forms.FileField(
        label="办事往来名单（工作簿，含“统一社会信用代码”一列）",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
        error_messages={"required": "请选择工作簿。"},
    )


def sittings(request: HttpRequest, round_id: int) -> HttpResponse:
    user = require(request, "round.view")
    round_ = get_object_or_404(
        Round.objects.select_related("survey", "scheme_version").filter(survey__isnull=False), pk=round_id
    )
    goes_on = round_.state in (State.PREPARED, State.OPEN)
    form = ContactsForm(posted(request), request.FILES or None)
    if request.method == "POST":
        require(request, "sitting.prefer")
        if form.is_valid() and _import_contacts(request, round_, form.cleaned_data["contacts"]):
            return redirect("cockpit:sittings", round_.pk)
    rows = sitting_figures.towns(survey_of(round_))
    context = {
        **heading(round_),
        "survey": round_.survey,
        "rows": rows,
        "goes_on": goes_on,
        "may_edit": roles.allowed(user, "sitting.edit"),
        "without": [row.town for row in rows if not row.sittings],
        "faults": [said for _, said, holds in surveys.sitting_controls(survey_of(round_)) if not holds],
        "form": form,
        "may_prefer": goes_on and roles.allowed(user, "sitting.prefer"),
        **_contact_list(request, survey_of(round_)),
        **_shares(round_, rows),
        **(forecast(round_, slips_in(round_)) if round_.state == State.PREPARED else {}),
    }
    return show(request, "evaluations/polling/sittings.html", "各镇（街）现场评价", **context)


def _import_contacts(request: HttpRequest, round_: Round, file: UploadedFile) -> bool:
    user, survey = signed_in(request), survey_of(round_)
    with attempt(request, "已导入办事往来名单，此后的抽取优先邀请名单中的市场主体。") as done:
        # Compared before the writing, outside a transaction: reading the workbook takes too long
        # for one, and every list that was ever imported is kept.
        check_size(file.size or 0)
        latest = survey.contact_lists.first()
        edit_conflicts.refuse_changed(request, latest or survey, latest and latest.pk)
        kept = surveys.keep_contact_list(
            survey=survey, content=file.read(), file_name=file.name or "", acting_user=user
        )
        for note in kept.notes:
            messages.warning(request, note)
    return bool(done)


def _contact_list(request: HttpRequest, survey: Any) -> dict[str, Any]:
    latest = survey.contact_lists.first()
    return {
        "contact_list": latest,
        "seen_mark": edit_conflicts.page_mark(request, latest and latest.pk),
    }


def _shares(round_: Round, rows: list[sitting_figures.TownRow]) -> dict[str, Any]:
    """How the votes are shared among the kinds, and what to do where one is short while the box is open."""
    survey = survey_of(round_)
    counted = bool(survey.counts)
    turnout = queries.turnout(survey) if round_.state == State.OPEN else None
    shares = shares_of(round_, votes_of(round_, turnout, counted=counted))
    return {
        "turnout": turnout,
        "counted": counted,
        "returns": shares,
        "advice": missing_voters.advice(shares, rows, tolerance_of(round_)) if turnout else [],
    }
