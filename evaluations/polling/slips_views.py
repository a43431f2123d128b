"""The frozen list and the slips plan of a round."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from evaluations.models import Round
from evaluations.polling.forms import SlipsForm
from evaluations.polling.questionnaire import form_of
from evaluations.rounds import services as rounds
from evaluations.rounds.channels import asked_by_ballot, has_ballot
from evaluations.rounds.page import heading
from evaluations.rounds.voters import panels_by_ballot
from evaluations.schemes.stored import scheme_of
from office import roles
from office.models import User
from office.workbench import edit_conflicts
from office.workbench.attempt import attempt
from office.workbench.pages import posted, require, show
from surveys import queries
from surveys.box.forecast import Forecast, what_it_will_show
from surveys.draws import apportion

State = Round.State
EXPECTED_RETURN = (7, 10)  # of ten slips handed out, seven come back
COMPARED = (300, 1000, 3000)


def subjects(request: HttpRequest, round_id: int) -> HttpResponse:
    user = require(request, "round.view")
    round_ = get_object_or_404(Round, pk=round_id)
    may_edit = roles.allowed(user, "round.edit") and round_.state in (State.DRAFT, State.FROZEN)
    if request.method == "POST":
        said = "已锁定参评名单。请核对；制票之前可以重新锁定。"
        with attempt(request, said) as done, edit_conflicts.unchanged(request, round_, _listed):
            rounds.freeze_subjects(round=round_, acting_user=user)
        if done:
            return redirect("cockpit:subjects", round_.pk)
    rows: list[dict[str, Any]] = []
    preview = rounds.list_as_it_would_be(round_) if round_.state == State.DRAFT else {}
    for row in round_.departments.prefetch_related("members"):
        members = preview.get(row.pk) or list(row.members.all())
        judged = sum(member.is_judged for member in members)
        rows.append(
            {"row": row, "members": members, "judged": judged, "out": len(members) - judged},
        )
    context = {
        **heading(round_),
        "rows": rows,
        "may_edit": may_edit,
        "seen_mark": edit_conflicts.page_mark(request, _listed(round_)),
        "is_frozen": round_.state != State.DRAFT,
        "people": sum(len(row["members"]) for row in rows),
        "judged": sum(row["judged"] for row in rows),
        "out": sum(row["out"] for row in rows),
        "next": page_after_freezing(round_, user),
        "by_ballot": has_ballot(round_),
        "judges_persons": scheme_of(round_).judges_persons,
    }
    return show(request, "evaluations/polling/subjects.html", "参评名单", **context)


def page_after_freezing(round_: Round, user: User) -> str:
    """Return the address of the next step, for whoever may do it."""
    if round_.state != State.FROZEN or not roles.allowed(user, "round.edit"):
        return ""
    if has_ballot(round_):
        return reverse("cockpit:slips", args=[round_.pk])
    return reverse("cockpit:act", args=[round_.pk, "begin"])


def _listed(round_: Round) -> list[Any]:
    """Values that must not have changed since the page was shown."""
    rows = round_.departments.order_by("department_id", "members__pk")
    return list(rows.values_list("department_id", "members__pk"))


def _merged(round_: Round, form: SlipsForm, by_kind: list[int]) -> list[str]:
    """Kinds that will be counted as one, by the numbers in the form, saved or not."""
    if round_.survey_id is not None:
        return []
    planned = (
        dict(zip(form.kinds, by_kind, strict=True)) if form.holds_shares else rounds.slips_by_kind(round_)
    )
    return queries.kinds_merged(planned)


def slips(request: HttpRequest, round_id: int) -> HttpResponse:
    """Plan slips by towns and kinds; the page says what that number of voters will be able to show."""
    user = require(request, "round.view")
    round_ = get_object_or_404(Round, pk=round_id)
    may_edit = roles.allowed(user, "round.edit") and round_.state in (State.DRAFT, State.FROZEN)
    form = SlipsForm(posted(request), round=round_)
    if request.method == "POST" and form.is_valid():
        if request.POST.get("do") == "fill":
            form = _filled(request, form, round_)
        else:
            with (
                attempt(request, "已保存票数安排。") as done,
                edit_conflicts.unchanged(request, round_, _planned),
            ):
                if form.holds_shares and form.shares() != round_.shares:
                    rounds.set_shares(round=round_, shares=form.shares(), acting_user=user)
                rounds.plan_slips(round=round_, plan=form.plan(), acting_user=user)
            if done:
                return redirect("cockpit:slips", round_.pk)
    rows, panels = form.rows(), panels_by_ballot(round_)
    total = sum(row["sum"] for row in rows)
    by_kind = [sum(int(row["cells"][at].value() or 0) for row in rows) for at in range(len(form.kinds))]
    context = {
        **heading(round_),
        "form": form,
        "rows": rows,
        "kinds": list(form.kinds.values()),
        "holds_shares": form.holds_shares,
        "fills": not panels,
        "panels": panels,
        "total": total,
        "merged": _merged(round_, form, by_kind),
        "smallest": queries.SMALLEST_STRATUM,
        "by_kind": by_kind,
        "may_edit": may_edit,
        "seen_mark": edit_conflicts.page_mark(request, _planned(round_)),
        "may_prepare": roles.allowed(user, "round.open")
        and round_.state == State.FROZEN
        and bool(round_.slips_plan),
        **forecast(round_, total),
    }
    return show(request, "evaluations/polling/slips.html", "票数安排", **context)


def _planned(round_: Round) -> list[Any]:
    """Values that must not have changed since the page was shown."""
    return list(Round.objects.values_list("shares", "slips_plan").get(pk=round_.pk))


def _filled(request: HttpRequest, form: SlipsForm, round_: Round) -> SlipsForm:
    """Return the form with the grid filled by proportion; nothing is saved yet."""
    total, shares = form.cleaned_data["total"], form.shares()
    if not total:
        messages.error(request, "请先填写票数合计，再按比例填写。表格未作更改。")
        return form
    if sum(shares.values()) != 100:
        messages.error(request, f"三类评价主体的占比合计为{sum(shares.values())}%，应为100%。表格未作更改。")
        return form
    known = queries.voters_by_town()
    voters = {town.pk: known.get(town.pk, {}) for town in form.towns}
    if not form.holds_shares:
        voters = {town: {kind: sum(kinds.values()) for kind in form.kinds} for town, kinds in voters.items()}
    for kind in form.kinds:
        if not any(kinds.get(kind) for kinds in voters.values()):
            voters = {town: {**kinds, kind: 1} for town, kinds in voters.items()}
    plan = apportion.slips_by_town(total, shares, voters)
    data = {**{f"share-{kind}": share for kind, share in shares.items()}, "total": total}
    by = "占比和" if form.holds_shares else ""
    data |= {f"n-{town}-{kind}": number for town, kinds in plan.items() for kind, number in kinds.items()}
    messages.success(request, f"已按{by}各镇（街）市场主体数填写，尚未保存。请核对后保存。")
    filled = SlipsForm(data, round=round_)
    filled.is_valid()
    return filled


def forecast(round_: Round, total: int) -> dict[str, Any]:
    """Return what the planned and other numbers of voters will be able to show (reading 9).

    Only of persons: how many units a voter knows differs too much from round to round.
    """
    form, step = form_of(round_), asked_by_ballot(round_)
    least = step.min_answers if step else 1
    units = len(form["departments"]) if "groups" in form else 0
    judged = [
        sum(len(section["persons"]) for section in department["sections"])
        for department in form["departments"]
    ]
    if not sum(judged):
        unknown = next(choice["id"] for choice in form["choices"] if choice["unknown"])
        return {"forecasts": [], "units": units, "least": least, "unknown": unknown}
    planned = total * EXPECTED_RETURN[0] // EXPECTED_RETURN[1]
    forecasts = [
        what_it_will_show(persons_per_department=judged, voters=voters, min_valid_answers=least)
        for voters in sorted({planned, *COMPARED} - {0})
    ]
    return {
        "forecasts": [{"is_plan": one.voters == planned, "one": one, **_in_words(one)} for one in forecasts],
        "least": least,
        "needed": forecasts[0],
        "planned": planned,
    }


def _in_words(forecast: Forecast) -> dict[str, str]:
    return {
        "mean": f"{forecast.mean_answers:.1f}",
        "median": f"{forecast.median_answers:.1f}",
        "share": f"{forecast.share_reaching * 100:.0f}",
        "withheld": f"{(1 - forecast.share_reaching) * 100:.0f}",
    }
