"""All towns' sittings of a round on one page: quota, drift, what to do before the close (YC-R5, YC-R6)."""

from __future__ import annotations

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from disclosure.cockpit import drift, steps
from disclosure.cockpit.preparing_views import forecast
from disclosure.cockpit.views import posted, require, returned, show
from evaluations import returns
from evaluations.models import Round
from evaluations.progress import survey_of
from evaluations.services.preparing import slips_in
from office import roles, stale
from office.answers import tried
from office.workbooks import check_size
from surveys import queries, sitting_figures
from surveys import services as surveys

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

            def keep() -> None:
                # Only asked before: reading the workbook takes too long for a transaction, and every list
                # that was ever imported is kept.
                check_size(file.size or 0)
                latest = survey.contact_lists.first()
                stale.refuse_changed(request, latest or survey, latest and latest.pk)
                surveys.keep_contact_list(
                    survey=survey, content=file.read(), file_name=file.name or "", acting_user=user
                )

            if tried(request, keep, "已导入办事往来名单，此后的抽取优先邀请名单中的市场主体。"):
                return redirect("cockpit:sittings", round_.pk)
    rows = sitting_figures.towns(survey)
    counted = bool(survey.counts)
    turnout = queries.turnout(survey) if round_.state == S.OPEN else None
    back = returns.returns_of(round_, returned(round_, turnout, counted=counted))
    controls = surveys.sitting_controls(survey)
    contact_list = survey.contact_lists.first()
    context = {
        **steps.heading(round_),
        "survey": survey,
        "rows": rows,
        "goes_on": round_.state in (S.PREPARED, S.OPEN),
        "may_edit": roles.allowed(user, "sitting.edit"),
        "turnout": turnout,
        "counted": counted,
        "returns": back,
        "advice": drift.advice(back, rows, returns.tolerance_of(round_)) if turnout else [],
        "without": [row.town for row in rows if not row.sittings],
        "faults": [said for _, said, holds in controls if not holds],
        "contact_list": contact_list,
        "seen_mark": stale.page_mark(request, contact_list and contact_list.pk),
        "form": form,
        "may_prefer": may_prefer,
        **(forecast(round_, slips_in(round_)) if round_.state == S.PREPARED else {}),
    }
    return show(request, "sittings", "各镇（街）集中打票", **context)
