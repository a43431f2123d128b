"""All towns' sittings of a round on one page: quota, drift, what to do before the close (YC-R5, YC-R6)."""

from __future__ import annotations

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from evaluations.models import Round
from evaluations.polling import missing_voters
from evaluations.polling import shares as returns
from evaluations.polling.slips_views import forecast
from evaluations.rounds.page import heading
from evaluations.rounds.services import slips_in
from evaluations.rounds.state import survey_of
from office import roles
from office.workbench import edit_conflicts
from office.workbench.attempt import attempt
from office.workbench.pages import posted, require, show
from office.workbooks.sheets import check_size
from surveys import queries
from surveys import services as surveys
from surveys.sittings import figures as sitting_figures

S = Round.State


class ContactsForm(forms.Form):
    """The list of entities that dealt with the judged departments."""

    contacts = forms.FileField(
        label="办事往来名单（工作簿，含“统一社会信用代码”一列）",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
        error_messages={"required": "请选择工作簿。"},
    )


def sittings(request: HttpRequest, round_id: int) -> HttpResponse:
    """Show the towns with their sittings; take in a list of recent business."""
    user = require(request, "round.view")
    round_ = get_object_or_404(
        Round.objects.select_related("survey", "scheme_version").filter(survey__isnull=False), pk=round_id
    )
    survey = survey_of(round_)
    may_prefer = roles.allowed(user, "sitting.prefer") and round_.state in (S.PREPARED, S.OPEN)
    form = ContactsForm(posted(request), request.FILES or None)
    if request.method == "POST":
        require(request, "sitting.prefer")
        if form.is_valid():
            file: UploadedFile = form.cleaned_data["contacts"]
            with attempt(request, "已导入办事往来名单，此后的抽取优先邀请名单中的市场主体。") as done:
                # Compared before the writing, outside a transaction: reading the workbook takes too long
                # for one, and every list that was ever imported is kept.
                check_size(file.size or 0)
                latest = survey.contact_lists.first()
                edit_conflicts.refuse_changed(request, latest or survey, latest and latest.pk)
                surveys.keep_contact_list(
                    survey=survey, content=file.read(), file_name=file.name or "", acting_user=user
                )
            if done:
                return redirect("cockpit:sittings", round_.pk)
    rows = sitting_figures.towns(survey)
    counted = bool(survey.counts)
    turnout = queries.turnout(survey) if round_.state == S.OPEN else None
    back = returns.returns_of(round_, returns.returned(round_, turnout, counted=counted))
    controls = surveys.sitting_controls(survey)
    contact_list = survey.contact_lists.first()
    context = {
        **heading(round_),
        "survey": survey,
        "rows": rows,
        "goes_on": round_.state in (S.PREPARED, S.OPEN),
        "may_edit": roles.allowed(user, "sitting.edit"),
        "turnout": turnout,
        "counted": counted,
        "returns": back,
        "advice": missing_voters.advice(back, rows, returns.tolerance_of(round_)) if turnout else [],
        "without": [row.town for row in rows if not row.sittings],
        "faults": [said for _, said, holds in controls if not holds],
        "contact_list": contact_list,
        "seen_mark": edit_conflicts.page_mark(request, contact_list and contact_list.pk),
        "form": form,
        "may_prefer": may_prefer,
        **(forecast(round_, slips_in(round_)) if round_.state == S.PREPARED else {}),
    }
    return show(request, "evaluations/polling/sittings.html", "各镇（街）集中打票", **context)
