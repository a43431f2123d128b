"""Results for those inside; a department's people see their own department's."""

from __future__ import annotations

from pathlib import Path

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST, require_safe

from departments.access import own_units
from evaluations.models import Result, Round, RoundDepartment
from evaluations.polling.custody_views import download, with_box
from evaluations.remarks.shown import comments_for_reader
from evaluations.results import explained
from evaluations.results.changes import changes, changes_since_replaced
from evaluations.results.outcome import StoredOutcome
from evaluations.results.own import own_page
from evaluations.results.public import judges_persons
from evaluations.results.room import room_of
from evaluations.results.score_sheet import score_sheet
from evaluations.results.services import current_result
from evaluations.rounds import periods
from evaluations.rounds.page import heading
from evaluations.rounds.state import SERVED_STATES, survey_of
from evaluations.rounds.subject_keys import department_key
from evaluations.schemes.clauses import clauses_of
from evaluations.schemes.stored import policy_of
from office import roles
from office.errors import Refused
from office.models import User
from office.workbench.pages import require, show, signed_in
from surveys import queries
from surveys import services as surveys

State = Round.State


def _result(round_: Round) -> Result:
    try:
        return current_result(round_)
    except Refused as refusal:
        raise Http404(str(refusal)) from refusal


def result(request: HttpRequest, round_id: int, number: int | None = None) -> HttpResponse:
    """The result in force, or an earlier one by its number, with what the next one changed."""
    user = require(request, "result.view")
    round_ = get_object_or_404(Round.objects.select_related("survey"), pk=round_id)
    current = _result(round_)
    found = current if number is None else get_object_or_404(round_.results, number=number)
    found.round = round_
    is_current = found.pk == current.pk
    scheme = policy_of(found.scheme_version).defaults
    rows = explained.ranking(found)
    persons = judges_persons(found)
    context = {
        **heading(round_),
        "result": found,
        "rows": rows,
        "judges_persons": persons,
        "pools": [] if persons else explained.pools(found, rows),
        "has_grades": scheme.grades is not None,
        "has_lists": any(row.listed for row in rows),
        "has_answers": any(row.subject.valid_answers is not None for row in rows),
        "approval": scheme.approval,
        "channels": [] if persons else explained.channels(found),
        "has_corrected": any(row.corrected for row in rows),
        "has_ballots": any(row.ballots is not None for row in rows),
        "lists": explained.lists(found),
        "warnings": StoredOutcome.of(found).warnings,
        "readings": explained.readings(found),
        "document": scheme.document,
        "may_sign_off": roles.allowed(user, "round.sign_off")
        and is_current
        and round_.state == State.COMPUTED,
        "may_approve": scheme.approval is not None
        and roles.allowed(user, "round.approve")
        and is_current
        and round_.state == State.SIGNED_OFF,
        "is_current": is_current,
        "room": room_of(found, rows),
        "may_return": roles.allowed(user, "round.return")
        and is_current
        and round_.state in (State.COMPUTED, State.SIGNED_OFF, State.APPROVED),
        "may_preview": is_current and (round_.state != State.PUBLISHED or round_.is_being_corrected),
        "changes": changes_since_replaced(found) if is_current else changes(found, current),
        "may_download": roles.allowed(user, "result.download"),
        "earlier": round_.results.exclude(pk=found.pk),
        "key_on_server": bool(round_.survey and round_.survey.key_on_server),
        "explained": queries.explained(round_.survey) if round_.survey else [],
    }
    return show(request, "evaluations/results/result.html", "评价结果", **context)


def result_department(request: HttpRequest, round_id: int, department_id: int) -> HttpResponse:
    round_ = get_object_or_404(Round.objects.select_related("survey"), pk=round_id)
    user = reader_of(request, round_, department_id)
    found = _result(round_)
    found.round = round_
    row = row_of(found, department_id)
    sees_all = roles.allowed(user, "result.view")
    context = {
        **heading(round_),
        "key_on_server": bool(round_.survey and round_.survey.key_on_server),
        "department": row,
        "result": found,
        **(explained.department_page(found, row) if sees_all else own_page(found, row)),
        "comments": comments_for_reader(user, round_, department_id) if round_.survey_id else None,
        "may_see_all": sees_all,
        "may_appeal": roles.allowed(user, "appeal.lodge") and round_.state == State.SERVED,
    }
    page = "result_department" if sees_all else "own_department"
    if not judges_persons(found):
        page = "result_unit" if sees_all else "own_unit"
    return show(request, f"evaluations/results/{page}.html", row.name, **context)


def score_sheet_page(request: HttpRequest, round_id: int, department_id: int) -> HttpResponse:
    """The sheet as it is handed to the unit (FC-R12); its people may read it from service on."""
    round_ = get_object_or_404(Round.objects.select_related("survey"), pk=round_id)
    user = reader_of(request, round_, department_id)
    found = _result(round_)
    found.round = round_
    row = row_of(found, department_id)
    if judges_persons(found):
        raise Http404
    return show(
        request,
        "evaluations/results/score_sheet.html",
        f"{row.name}评分表",
        **heading(round_),
        department=row,
        result=found,
        sheet=score_sheet(found, department_key(department_id)),
        may_see_all=roles.allowed(user, "result.view"),
    )


def reader_of(request: HttpRequest, round_: Round, department_id: int) -> User:
    """Those inside read at any time, a department's people their own result from service on."""
    user = signed_in(request)
    if roles.allowed(user, "result.view"):
        return user
    is_own = roles.allowed(user, "result.view_own") and own_units(user).filter(pk=department_id).exists()
    if not (is_own and round_.state in SERVED_STATES):
        raise PermissionDenied
    return user


def row_of(result: Result, department_id: int) -> RoundDepartment:
    """Return a unit that the result judges; one that was taken off the list has no page of its own."""
    row = get_object_or_404(RoundDepartment, round=result.round_id, department__id=department_id)
    if department_key(department_id) not in result.outcome["subjects"]:
        raise Http404(f"{row.name}不再参评：{row.reason_not_judged}")
    return row


def own(request: HttpRequest) -> HttpResponse:
    user = require(request, "result.view_own")
    units = own_units(user)
    found = RoundDepartment.objects.filter(department__in=units, round__state__in=SERVED_STATES)
    listed = list(found.select_related("round").order_by("-round_id", "order", "pk"))
    rows = [{"row": row, "period": periods.in_words(row.round.period)} for row in listed]
    return show(
        request,
        "evaluations/results/own.html",
        "本单位评价结果",
        rows=rows,
        belongs=units.exists(),
        has_parts=len({row.department_id for row in listed}) > 1,
    )


@require_POST
def results_bundle(request: HttpRequest, round_id: int) -> HttpResponseBase:
    """Hand out sealed ballots with counts, facts, scheme and outcome to the inspectorate, which verifies."""
    user = require(request, "survey.results_bundle")
    round_ = with_box(round_id)

    def take() -> Path:
        number = current_result(round_).number
        return surveys.hand_over_results(survey=survey_of(round_), number=number, acting_user=user)

    return download(request, round_, take, "verify")


@require_safe
def clauses(request: HttpRequest, round_id: int) -> HttpResponse:
    """What each clause says in our own words, with its source: where every clause of a result leads."""
    require(request, "round.view", "result.view_own")
    round_ = get_object_or_404(Round.objects.select_related("scheme_version"), pk=round_id)
    policy = policy_of(round_.scheme_version)
    scheme = policy.decide(round_.options)
    context = {**heading(round_), "document": scheme.document, "clauses": clauses_of(policy, scheme)}
    return show(request, "evaluations/results/clauses.html", "条款", **context)
