"""The pages of a sitting (现场评价; YC-R6): one page with the steps of the day, one to tick who came."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from io import BytesIO
from itertools import groupby
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from departments.access import own_town
from office import dates, roles
from office.calendar import days
from office.errors import Refused
from office.exports.documents import hand_out
from office.models import User
from office.workbench import edit_conflicts, start_page
from office.workbench.attempt import attempt
from office.workbench.pages import posted, require, show
from office.workbooks.writing import XLSX
from surveys.models import BatchCount, Sitting, Survey
from surveys.sittings import day, documents, figures, planning
from surveys.sittings.forms import CountsForm, DrawForm, FinishForm, ReopenForm, WhenForm, WitnessForm

State = Sitting.State


def _open_to(user: User) -> QuerySet[Sitting]:
    found = Sitting.objects.select_related("survey", "town")
    own = own_town(user)
    return found if own is None else found.filter(town=own)


@require_GET
def sittings(request: HttpRequest) -> HttpResponse:
    user = require(request, "sitting.view")
    found = Survey.objects.exclude(state=Survey.State.DRAFT)[:4]
    own = own_town(user)
    surveys = [
        {
            "survey": survey,
            "rows": figures.towns(survey, own_town=own),
            "goes_on": survey.state in Survey.GOING_ON,
        }
        for survey in found
        if survey.state in Survey.GOING_ON or survey.sittings.exists()
    ]
    return show(
        request,
        "surveys/sittings/sittings.html",
        "现场评价",
        surveys=surveys,
        may_edit=roles.allowed(user, "sitting.edit"),
        is_town=own is not None,
    )


@require_http_methods(["GET", "POST"])
def new_sitting(request: HttpRequest, survey_id: int) -> HttpResponse:
    user = require(request, "sitting.edit")
    survey = get_object_or_404(Survey.objects.exclude(state=Survey.State.DRAFT), pk=survey_id)
    towns = [row.town for row in figures.towns(survey, own_town=own_town(user))]
    if not towns:
        messages.error(request, "本轮没有给本镇（街）安排票数，暂不能安排现场评价。请与评价中心联系。")
        return redirect("sittings")
    form = WhenForm(
        posted(request), towns=towns, initial={"town": request.GET.get("town"), "begins": "09:00"}
    )
    if form.is_valid():
        with attempt(request, "已安排。下一步：抽取邀请名单。") as done:
            made = planning.plan_sitting(
                survey=survey,
                town=form.cleaned_data.get("town") or towns[0],
                when=form.when(),
                today=timezone.localdate(),
                acting_user=user,
            )
        if done:
            return redirect("sitting", made.pk)
    return show(request, "surveys/sittings/when.html", "安排现场评价", form=form, survey=survey, towns=towns)


@require_http_methods(["GET", "POST"])
def change_sitting(request: HttpRequest, sitting_id: int) -> HttpResponse:
    user = require(request, "sitting.edit")
    sitting = get_object_or_404(_open_to(user), pk=sitting_id)
    if request.POST.get("do") == "cancel":
        return _cancel(request, sitting, user)
    initial = {name: getattr(sitting, name) for name in ("date", "begins", "place", "inquiries")}
    form = WhenForm(posted(request), towns=[sitting.town], initial=initial)
    if form.is_valid():
        with (
            attempt(request, "已修改。请通知已邀请的市场主体。") as done,
            edit_conflicts.unchanged(request, sitting, stored_when),
        ):
            planning.change_sitting(
                sitting=sitting, when=form.when(), today=timezone.localdate(), acting_user=user
            )
        if done:
            return redirect("sitting", sitting.pk)
    return show(
        request,
        "surveys/sittings/when.html",
        f"{sitting}：修改安排",
        form=form,
        sitting=sitting,
        survey=sitting.survey,
        towns=[sitting.town],
        seen_mark=edit_conflicts.page_mark(request, stored_when(sitting)),
    )


def _cancel(request: HttpRequest, sitting: Sitting, user: User) -> HttpResponse:
    with attempt(request, "已撤销。"), edit_conflicts.unchanged(request, sitting, stored_when):
        planning.cancel_sitting(sitting=sitting, acting_user=user)
    return redirect("sittings")


def _shown(one: Sitting, counts: Iterable[BatchCount]) -> dict[str, Any]:
    """What each form of a sitting shows to be changed, or builds on."""
    witnesses = [one.first_witness, one.second_witness, one.no_judged_official]
    counted = [[row.batch_id, row.received, row.handed_out, row.returned, row.spoiled] for row in counts]
    lists = one.survey.contact_lists.values_list("pk", flat=True)[:1] if one.state == State.PLANNED else []
    return {
        "when": [one.date, one.begins, one.place, one.inquiries],
        "draw": list(lists),
        "witnesses": witnesses,
        "counts": counted,
        "finish": [one.helped, one.remarks, one.attended, witnesses, counted],
        "reopen": [one.state],
    }


def _stored(sitting: Sitting, form: str) -> Any:
    """The same as it is stored by now; a sitting that somebody took back shows nothing."""
    one = Sitting.objects.select_related("survey").filter(pk=sitting.pk).first()
    return one and _shown(one, one.counts.order_by("batch__number"))[form]


stored_when = partial(_stored, form="when")


def day_warning(sitting: Sitting) -> str:
    """What to know of the day after the work calendar; a missing calendar is said, not guessed."""
    if sitting.date < timezone.localdate():
        passed = f"{dates.day(sitting.date)}已经过去。"
        if sitting.state == State.PLANNED:
            return f"{passed}请先修改时间和地点，再抽取名单、发出通知。"
        return f"{passed}尚未举行的，请修改时间和地点，并重新通知；已经举行的，请登记后办结。"
    calendar = days.calendar()
    if not calendar.knows(sitting.date.year):
        return f"系统中还没有{sitting.date.year}年的节假日安排，请自行核对{dates.day(sitting.date)}是否上班。"
    if not calendar.works(sitting.date):
        return f"{dates.day(sitting.date)}不是工作日，请核对日期。"
    return ""


@require_http_methods(["GET", "POST"])
@never_cache
def sitting(request: HttpRequest, sitting_id: int) -> HttpResponse:
    user = require(request, "sitting.view")
    one = get_object_or_404(_open_to(user), pk=sitting_id)
    step = request.POST.get("do", "")
    step_forms = _forms(one, step, request)
    if request.method == "POST":
        require(request, "sitting.reopen" if step == "reopen" else "sitting.edit")
        if step not in step_forms:
            raise Http404
        form = step_forms[step]
        if form.is_valid() and _done(request, one, step, form, user):
            return redirect("sitting", one.pk)
    counts = list(one.counts.select_related("batch__stratum").order_by("batch__number"))
    return show(
        request,
        "surveys/sittings/sitting.html",
        str(one),
        **_about(one, counts),
        forms=step_forms,
        marks=edit_conflicts.page_marks(request, _shown(one, counts), sent=step),
        may_edit=roles.allowed(user, "sitting.edit"),
        may_reopen=roles.allowed(user, "sitting.reopen"),
    )


def _about(one: Sitting, counts: list[BatchCount]) -> dict[str, Any]:
    return {
        "sitting": one,
        "survey": one.survey,
        "when": documents.when_in_words(one),
        "day_warning": day_warning(one) if one.state != State.HELD else "",
        "notice": documents.notice(one),
        "groups": _groups(one, {str(stratum.pk): stratum.name for stratum in one.survey.strata.all()}),
        "counts": counts,
        "faults": figures.faults_of(one) if counts else [],
        "box_is_open": one.survey.state in Survey.GOING_ON,
    }


def _forms(one: Sitting, bound: str, request: HttpRequest) -> dict[str, forms.Form]:
    def data(name: str) -> Any:
        return request.POST if bound == name else None

    if one.state == State.PLANNED:
        return {"draw": DrawForm(data("draw"), cells=figures.cells_of(one))}
    if one.state == State.HELD:
        return {"reopen": ReopenForm(data("reopen"))}
    witnesses = {name: getattr(one, name) for name in WitnessForm.base_fields}
    finish = {"helped": one.helped or 0, "remarks": one.remarks}
    return {
        "witnesses": WitnessForm(data("witnesses"), initial=witnesses),
        "counts": CountsForm(data("counts"), sitting=one),
        "finish": FinishForm(data("finish"), initial=finish),
    }


STEPS: dict[str, tuple[Callable[..., Any], str]] = {
    "draw": (planning.draw_invitations, "已抽取邀请名单。下一步：下载名单，逐户通知。"),
    "witnesses": (day.record_witnesses, "已登记监票人。下一步：登记到场。"),
    "counts": (day.record_batch_counts, "已登记凭条清点。"),
    "finish": (day.finish_sitting, "本场已办结。请打印纪要，由监票人签名。"),
    "reopen": (day.reopen_sitting, "已重新打开。请通知镇（街）更正后再办结。"),
}


def _done(request: HttpRequest, one: Sitting, do: str, form: Any, user: User) -> bool:
    """Call the one service of a step and say what came of it."""
    service, said = STEPS[do]
    data = form.cleaned_data
    if do == "counts":
        data = {"counts": form.counts()}
    if do == "draw":
        data = {"wanted": form.wanted()}
    shown = partial(_stored, form=do)
    with attempt(request, said) as done, edit_conflicts.unchanged(request, one, shown):
        came_of_it = service(sitting=one, acting_user=user, **data)
    if done and do == "counts" and came_of_it:
        messages.warning(request, "清点不符，逐项见下方。数字已登记，请重新清点。")
    return bool(done)


def _groups(one: Sitting, names: dict[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "name": names.get(key, ""),
            "invited": invited,
            "substitutes": substitutes,
            "came": one.attended.get(key, [0, 0])[0],
            "stepped_in": one.attended.get(key, [0, 0])[1],
        }
        for key, (invited, substitutes) in one.invited.items()
    ]


@require_http_methods(["GET", "POST"])
@never_cache
def attendance(request: HttpRequest, sitting_id: int) -> HttpResponse:
    """Tick who came; never who took which slip, never when."""
    user = require(request, "sitting.edit")
    one = get_object_or_404(_open_to(user), pk=sitting_id)
    if request.method == "POST":
        ticked = _numbers(request.POST.getlist("there"))
        before = _numbers(request.POST.get("before", "").split())
        with attempt(request, "已登记到场。") as done:
            day.record_attendance(
                sitting=one, arrived=ticked - before, taken_back=before - ticked, acting_user=user
            )
        if done:
            return redirect("sitting-attendance", one.pk)
    invitations = list(one.invitations.select_related("entity", "stratum"))
    groups = [
        {"stratum": stratum, "kind": "候补" if substitute else "正选", "rows": list(rows)}
        for (stratum, substitute), rows in groupby(
            invitations, key=lambda row: (row.stratum, row.is_substitute)
        )
    ]
    return show(
        request,
        "surveys/sittings/attendance.html",
        f"{one}：登记到场",
        sitting=one,
        groups=groups,
        before=" ".join(str(row.pk) for row in invitations if row.has_arrived),
        may_tick=one.state == State.DRAWN,
    )


def _numbers(words: list[str]) -> set[int]:
    return {int(word) for word in words if word.isdecimal() and len(word) < 19}


TYPESET = {
    "list.pdf": ("签到表", documents.list_html),
    "notices.pdf": ("通知", documents.notices_html),
}


@require_POST
def document(request: HttpRequest, sitting_id: int, name: str) -> HttpResponse | FileResponse:
    """Hand out a list, notices or the minutes; lists are noted in the audit."""
    user = require(request, "sitting.view")
    one = get_object_or_404(_open_to(user), pk=sitting_id)
    if name == "minutes.pdf" and one.state == State.HELD:
        html = documents.minutes_html(one, today=timezone.localdate())
        return hand_out(html, name=f"{one}纪要", acting_user=user)
    if name != "list.xlsx" and name not in TYPESET:
        raise Http404
    try:
        found = day.take_invitations(sitting=one, acting_user=user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("sitting", one.pk)
    if name in TYPESET:
        title, make = TYPESET[name]
        return hand_out(make(one, found), name=f"{one}{title}", acting_user=user)
    content = BytesIO(documents.list_workbook(one, found))
    response = FileResponse(content, as_attachment=True, filename=f"{one}邀请名单.xlsx", content_type=XLSX)
    response["Cache-Control"] = "no-store"
    return response


start_page.add_link(
    "评价轮次",
    "查看现场评价",
    "sittings",
    "sitting.view",
    hint="安排场次、抽取名单、登记到场和清点、纪要",
    order=45,
    words={"sitting.edit": "办理现场评价"},
)
