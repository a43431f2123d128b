"""The pages of the ledger: the list, one entry, what it costs, the duties, a round's channel."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from evaluations.gathering.kinds import kind_of
from evaluations.gathering.ledger import duties, services, workbook
from evaluations.gathering.ledger.book import Ledger, days_of_round, find_ledger, ledgers, rules_of
from evaluations.gathering.ledger.channel import occurrences_of
from evaluations.gathering.ledger.cost import Cost, Reckoning, cost_of, kept_of
from evaluations.gathering.ledger.forms import NotApplicableForm, OccurrenceForm, TickForm, WithdrawForm
from evaluations.gathering.ledger.lists import Filters, periods_there, rows_of, totals
from evaluations.gathering.services import is_open
from evaluations.models import Channel, DutyRecord, NotApplicable, Occurrence
from evaluations.rounds import periods
from evaluations.rounds.page import heading
from evaluations.schemes.stored import scheme_of
from office import roles
from office.calendar.working_time import after_months
from office.files import papers
from office.imports import views as import_views
from office.workbench.attempt import attempt
from office.workbench.pages import posted, require, show
from office.workbooks.writing import XLSX

State = Occurrence.State
PER_PAGE = 50


def _ledger(scheme_id: str) -> Ledger:
    if (ledger := find_ledger(scheme_id)) is None:
        raise Http404
    return ledger


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every scheme that has a ledger, with what waits in it."""
    require(request, "round.view")
    lines = [
        {
            "ledger": ledger,
            "waiting": Occurrence.objects.filter(scheme_id=ledger.scheme_id, state=State.ENTERED).count(),
        }
        for ledger in ledgers()
    ]
    return show(request, "evaluations/gathering/ledger/index.html", "工作台账", lines=lines)


def ledger(request: HttpRequest, scheme_id: str) -> HttpResponse:
    """The list as filtered, and with a period chosen what each unit's entries come to."""
    user = require(request, "round.view")
    found = _ledger(scheme_id)
    may_confirm = roles.allowed(user, "gathering.settle")
    if request.method == "POST":
        require(request, "gathering.settle")
        chosen = Occurrence.objects.filter(scheme_id=scheme_id, pk__in=_numbers(request, "chosen"))
        with attempt(request, "已确认所选记录。"):
            services.confirm_occurrences(occurrences=chosen, now=timezone.now(), acting_user=user)
        return redirect(request.get_full_path())
    today = timezone.localdate()
    there = periods_there(found, today)
    filters = Filters.read(request.GET)
    page = Paginator(filters.of(found), PER_PAGE).get_page(request.GET.get("page"))
    summed = totals(_reckoning(found, filters.period), filters.of(found)) if _may_be_summed(filters) else []
    return show(
        request,
        "evaluations/gathering/ledger/list.html",
        found.scheme.title,
        ledger=found,
        page=page,
        rows=rows_of(found, list(page.object_list)),
        filters=filters,
        units=found.units(),
        rules=found.rules,
        states=State.choices,
        there=there,
        totals=summed,
        may_enter=roles.allowed(user, "gathering.enter"),
        may_confirm=may_confirm and any(_may_confirm(one, user) for one in page.object_list),
        mine=user.pk,
    )


def _may_be_summed(filters: Filters) -> bool:
    return bool(filters.period) and not (filters.value or filters.state)


def _reckoning(ledger: Ledger, period: str) -> Reckoning:
    return Reckoning.on(ledger, periods.days_of(period, ledger.cadence)[0])


def _numbers(request: HttpRequest, name: str) -> list[int]:
    return [int(text) for text in request.POST.getlist(name) if text.isdecimal() and len(text) < 19]


def _may_confirm(one: Occurrence, user: Any) -> bool:
    return one.state == State.ENTERED and one.entered_by_id != user.pk


def enter(request: HttpRequest, scheme_id: str) -> HttpResponse:
    user = require(request, "gathering.enter")
    found = _ledger(scheme_id)
    data = posted(request)
    form = OccurrenceForm(
        data, request.FILES if data is not None else None, ledger=found, initial=request.GET.dict()
    )
    if form.is_valid():
        with attempt(request, "已登记，待另一人确认后计分。") as done:
            one = services.enter_occurrence(
                scheme_id=scheme_id,
                draft=form.draft(),
                evidence=form.cleaned_data["evidence"],
                today=timezone.localdate(),
                now=timezone.now(),
                acting_user=user,
            )
        if done:
            return redirect("cockpit:ledger-entry", one.pk)
    return show(
        request,
        "evaluations/gathering/ledger/new.html",
        "登记台账",
        ledger=found,
        form=form,
        cost_url=reverse("cockpit:ledger-cost", args=[scheme_id]),
    )


@require_safe
def cost(request: HttpRequest, scheme_id: str) -> JsonResponse:
    """What an entry would cost, as far as the form is filled in: lines to show beside it."""
    require(request, "gathering.enter")
    found = _ledger(scheme_id)
    form = OccurrenceForm(request.GET, ledger=found)
    form.is_valid()
    if not {"department", "item", "day"} <= form.cleaned_data.keys():
        return JsonResponse({"lines": [], "warnings": []})
    data = {name: form.cleaned_data.get(name) or "" for name in ("practice", "title", "remark", "veto")}
    draft = services.Draft(
        department=form.cleaned_data["department"],
        value=form.cleaned_data["item"],
        day=form.cleaned_data["day"],
        count=form.cleaned_data.get("count") or 1,
        again_reason=form.cleaned_data.get("again_reason") or "",
        **data,
    )
    if faults := services.faults_of(found, draft, today=timezone.localdate()):
        return JsonResponse({"lines": [], "warnings": [text for _, text in faults]})
    one = draft.made(scheme_id)
    told = _told(found, one)
    twin = None if draft.again_reason.strip() else services.twin_of(one)
    return JsonResponse(
        {
            "lines": told.lines,
            "warnings": [f"{services.same_case(twin)}。{services.IF_ANOTHER}"] if twin else [],
        }
    )


def _told(ledger: Ledger, one: Occurrence) -> Cost:
    reckoning = Reckoning.on(ledger, one.day)
    kept = [other for other in kept_of(reckoning, one.department) if other.pk != one.pk]
    return cost_of(reckoning, one.department.peer_group, kept, one)


def entry(request: HttpRequest, occurrence_id: int) -> HttpResponse:
    """One entry: what it says, what it costs, and what the second person does with it."""
    user = require(request, "round.view")
    one = get_object_or_404(
        Occurrence.objects.select_related("department", "entered_by", "confirmed_by", "withdrawn_by"),
        pk=occurrence_id,
    )
    found = _ledger(one.scheme_id)
    may_withdraw = one.state != State.WITHDRAWN and (
        roles.allowed(user, "gathering.settle") or roles.allowed(user, "gathering.enter")
    )
    form = WithdrawForm(posted(request) if "withdraw" in request.POST else None)
    if "confirm" in request.POST:
        with attempt(request, "已确认。") as done:
            services.confirm_occurrences(occurrences=[one], now=timezone.now(), acting_user=user)
        if done:
            return redirect("cockpit:ledger-entry", one.pk)
    elif form.is_valid():
        with attempt(request, "已撤回。") as done:
            services.withdraw_occurrence(
                occurrence=one, reason=form.cleaned_data["reason"], now=timezone.now(), acting_user=user
            )
        if done:
            return redirect("cockpit:ledger-entry", one.pk)
    [row] = rows_of(found, [one])
    return show(
        request,
        "evaluations/gathering/ledger/entry.html",
        f"台账记录{one.pk}",
        ledger=found,
        row=row,
        one=one,
        veto=(found.scheme.veto.events.get(one.veto, one.veto) if found.scheme.veto else ""),
        cost=_told(found, one).lines if row.rule and one.state != State.WITHDRAWN else [],
        form=form,
        may_confirm=roles.allowed(user, "gathering.settle") and _may_confirm(one, user),
        may_withdraw=may_withdraw,
        confirmers=roles.in_words("gathering.settle"),
    )


@require_safe
def evidence(request: HttpRequest, occurrence_id: int) -> FileResponse:
    """The file, always to be saved: a browser runs nothing that somebody handed in."""
    require(request, "round.view")
    one = get_object_or_404(Occurrence.objects.exclude(evidence=""), pk=occurrence_id)
    return papers.answer(one.evidence, one.evidence_name)


@require_safe
def export(request: HttpRequest, scheme_id: str) -> HttpResponse:
    user = require(request, "round.view")
    found = _ledger(scheme_id)
    filters = Filters.read(request.GET)
    content = workbook.exported(ledger=found, rows=rows_of(found, filters.of(found)), acting_user=user)
    answer = HttpResponse(content, content_type=XLSX)
    answer["Content-Disposition"] = "attachment; filename*=UTF-8''%E5%B7%A5%E4%BD%9C%E5%8F%B0%E8%B4%A6.xlsx"
    return answer


def calendar(request: HttpRequest, scheme_id: str) -> HttpResponse:
    """What is due in a month, and from whom it came."""
    user = require(request, "round.view")
    found = _ledger(scheme_id)
    today = timezone.localdate()
    first = _month(request.GET.get("month", ""), today)
    last = after_months(first, 1) - timedelta(days=1)
    if request.method == "POST":
        require(request, "gathering.enter")
        _tick(request, found, user)
        return redirect(request.get_full_path())
    return show(
        request,
        "evaluations/gathering/ledger/calendar.html",
        "定期报送",
        ledger=found,
        month=periods.in_words(first.isoformat()[:7]),
        before=after_months(first, -1).isoformat()[:7],
        after=after_months(first, 1).isoformat()[:7],
        dues=duties.due_in(found, first, last, today),
        today=today,
        latest=today.isoformat(),
        may_enter=roles.allowed(user, "gathering.enter"),
    )


def _month(text: str, today: Any) -> Any:
    year, _, month = text.partition("-")
    if year.isdecimal() and month.isdecimal() and 2000 <= int(year) < 2100 and 1 <= int(month) <= 12:
        return today.replace(year=int(year), month=int(month), day=1)
    return today.replace(day=1)


def _tick(request: HttpRequest, ledger: Ledger, user: Any) -> None:
    if undone := request.POST.get("undo"):
        record = get_object_or_404(DutyRecord, pk=undone, scheme_id=ledger.scheme_id)
        with attempt(request, "已撤销。"):
            duties.take_back_tick(record=record, acting_user=user)
        return
    form = TickForm(request.POST)
    if not form.is_valid():
        raise Http404
    named: dict[str, Any] = {
        "scheme_id": ledger.scheme_id,
        "duty_id": form.cleaned_data["duty"],
        "period": form.cleaned_data["period"],
        "departments": form.cleaned_data["unit"],
        "today": timezone.localdate(),
        "now": timezone.now(),
        "acting_user": user,
    }
    if "late" in request.POST:
        with attempt(request, "已提出未按时报送的记录，待另一人确认后计分。"):
            duties.propose_late(**named)
    else:
        with attempt(request, "已登记报送。"):
            duties.tick_off(came_on=form.day() or timezone.localdate(), **named)


def channel(request: HttpRequest, channel_id: int) -> HttpResponse:
    """A round's ledger: what counts, what waits, and what does not apply to whom."""
    user = require(request, "round.view")
    found = get_object_or_404(
        Channel.objects.select_related("round__scheme_version", "round__survey"),
        pk=channel_id,
        kind=Channel.Kind.LEDGER,
    )
    round_ = found.round
    scheme = scheme_of(round_)
    optional = [rule for rule in rules_of(scheme).values() if rule.optional]
    may_enter = is_open(found) and roles.allowed(user, "gathering.enter")
    data = posted(request)
    form = NotApplicableForm(
        data if data is not None and "mark" in data else None,
        subjects=round_.departments.all(),
        scheme=scheme,
        optional=optional,
    )
    if data is not None:
        require(request, "gathering.enter")
        if _marked(request, found, form, user):
            return redirect("cockpit:ledger-channel", found.pk)
    marks = NotApplicable.objects.filter(subject__round=round_).select_related("subject", "entered_by")
    labels = {rule.key: rule.label for rule in rules_of(scheme).values() if not rule.is_veto}
    first, last = days_of_round(round_)
    return show(
        request,
        "evaluations/gathering/ledger/channel.html",
        "工作台账",
        **heading(round_),
        channel=found,
        progress=kind_of(found).progress(found),
        first=first,
        last=last,
        scheme_id=round_.scheme_version.scheme_id,
        totals=totals(Reckoning.of(round_), occurrences_of(found).select_related("department")),
        marks=[(mark, labels.get(mark.item, mark.item)) for mark in marks],
        optional=optional,
        form=form,
        may_enter=may_enter,
        has_ledger=find_ledger(round_.scheme_version.scheme_id) is not None,
    )


def _marked(request: HttpRequest, channel: Channel, form: NotApplicableForm, user: Any) -> bool:
    if undone := request.POST.get("undo"):
        mark = get_object_or_404(NotApplicable, pk=undone, subject__round=channel.round_id)
        with attempt(request, "已取消不适用。"):
            services.apply_again(channel=channel, mark=mark, acting_user=user)
        return True
    if not form.is_valid():
        return False
    with attempt(request, "已标明不适用。") as done:
        services.mark_not_applicable(channel=channel, **form.cleaned_data, acting_user=user)
    return bool(done)


@require_http_methods(["GET", "POST"])
@never_cache
def import_ledger(request: HttpRequest) -> HttpResponse:
    return import_views.page(request, workbook.IMPORT)
