"""The pages of a round as a whole: its steps, and the actions that lead from one to the next."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from evaluations.cockpit.deadlines import until_of
from evaluations.cockpit.round_actions import ACTS, act_of, form_of
from evaluations.cockpit.round_progress import Step, steps_of
from evaluations.consequences.lists import follows_of
from evaluations.gathering.draws.services import uses_of
from evaluations.models import Channel, Round
from evaluations.polling.custody import custody_of
from evaluations.polling.services import may_cancel
from evaluations.polling.shares import shares_of, votes_of
from evaluations.remarks.shown import progress_of
from evaluations.results.changes import changes_since_replaced
from evaluations.results.explained import ranking
from evaluations.results.room import room_of
from evaluations.results.services import appeals_wait_for, current_result, is_gathered_again, sent_back
from evaluations.rounds import periods
from evaluations.rounds.channels import has_ballot, needs_of
from evaluations.rounds.page import heading
from evaluations.rounds.services import slips_by_kind, slips_in
from evaluations.rounds.state import ENDED
from evaluations.rounds.views import chosen_departments
from evaluations.schemes.stored import policy_of
from office import dates, roles
from office.workbench import edit_conflicts
from office.workbench.attempt import attempt
from office.workbench.pages import posted, require, show
from surveys import queries

State = Round.State
LATE_PAGES = ("/channels/", "/result/", "/appeals/")
"""Pages of what comes after the sittings."""
BEFORE_SERVICE = (State.COMPUTED, State.SIGNED_OFF, State.APPROVED)


def rounds(request: HttpRequest) -> HttpResponse:
    user = require(request, "round.view")
    found = Round.objects.select_related("scheme_version")
    rows = [{"round": one, "period": periods.in_words(one.period)} for one in found]
    return show(
        request,
        "evaluations/cockpit/rounds.html",
        "评价轮次",
        rows=rows,
        may_create=roles.allowed(user, "round.edit"),
    )


def round_page(request: HttpRequest, round_id: int) -> HttpResponse:
    user = require(request, "round.view")
    rows = Round.objects.select_related("scheme_version", "survey", "created_by")
    round_ = get_object_or_404(rows.prefetch_related("channels"), pk=round_id)
    survey = round_.survey
    counted = bool(survey and queries.counts(survey))
    turnout = queries.turnout(survey) if survey and round_.state == State.OPEN else None
    context = {
        **heading(round_),
        "steps": steps_of(
            round_,
            user,
            counted=counted,
            notes=_notes(round_),
            paper_keyed=queries.paper_keyed(survey) if survey else None,
            appeals=appeals_wait_for(round_),
        ),
        "judges_persons": policy_of(round_.scheme_version).defaults.judges_persons,
        "turnout": turnout,
        "returns": shares_of(round_, votes_of(round_, turnout, counted=counted)),
        "is_open": bool(survey) and round_.state == State.OPEN,
        "counted": counted,
        "controls": queries.controls(survey) if survey and counted else {},
        "custody": custody_of(round_, user),
        "custodian_page": queries.custodian_page_digest(),
        "comments": progress_of(round_) if counted else None,
        "may_edit": roles.allowed(user, "round.edit") and round_.state in (State.DRAFT, State.FROZEN),
        "may_see_draws": roles.allowed(user, "pool.view") and bool(uses_of(round_)),
        "may_follow": roles.allowed(user, "round.edit") and round_.state != State.VOID,
        "may_void": round_.state not in ENDED and may_cancel(round_, user),
        "may_return": roles.allowed(user, "round.return") and round_.state in BEFORE_SERVICE,
        "publication": _publication(round_),
        "until": until_of(round_, user),
    }
    context |= _now(round_, context["steps"])
    context["links"] = _links(round_, context["looks"], may_see_draws=context["may_see_draws"])
    context["facts"] = _facts(round_) if round_.state == State.PUBLISHED else []
    context["follows"] = follows_of(round_, user)
    context["may_correct_published"] = (
        roles.allowed(user, "round.publish")
        and round_.state == State.PUBLISHED
        and not round_.is_being_corrected
    )
    context["may_correct_list"] = roles.allowed(user, "appeal.decide")
    context["gathers_again"] = round_.is_being_corrected and is_gathered_again(round_)
    context["may_compute"] = roles.allowed(user, "round.compute")
    return show(request, "evaluations/cockpit/round.html", round_.title, **context)


def _now(round_: Round, steps: list[Step]) -> dict[str, Any]:
    """The current step apart from those done and those to come; what it lacks and until when."""
    place = next((place for place, step in enumerate(steps) if step.stage == "now"), len(steps))
    return {
        "now": steps[place] if place < len(steps) else None,
        "place": place + 1,
        "done": steps[:place],
        "looks": list(
            {step.look: (step.look_label, step.look) for step in steps[:place] if step.look}.values()
        ),
        "later": steps[place + 1 :],
        "missing": _missing(round_),
    }


def _links(round_: Round, looks: list[tuple[str, str]], *, may_see_draws: bool) -> list[tuple[str, str]]:
    """What was made on the way, in the order in which it was made."""
    found = list(looks)
    place = next((place for place, (_, url) in enumerate(found) if url.endswith(LATE_PAGES)), len(found))
    between = [("抽样", reverse("cockpit:draws", args=[round_.pk]))] if may_see_draws else []
    if round_.survey_id:
        between.append(("各镇（街）现场评价", reverse("cockpit:sittings", args=[round_.pk])))
    return found[:place] + between + found[place:]


def _facts(round_: Round) -> list[tuple[str, str]]:
    """A finished round in a few figures and days, in the order of its way."""
    judged = round_.departments.filter(is_judged=True).count()
    facts = [("参评", f"{judged}个单位")]
    if planned := slips_in(round_):
        facts.append(("安排票数", f"{planned}张"))
    if round_.opened_on and round_.closed_on:
        begun, ended = dates.day(round_.opened_on), dates.day(round_.closed_on)
        facts.append(("评价" if round_.survey_id else "收集数据", f"{begun}至{ended}"))
    if round_.served_on:
        facts.append(("送达", dates.day(round_.served_on)))
    if round_.appeals_until:
        facts.append(("申诉截止", dates.day(round_.appeals_until)))
    appeals = round_.appeals.count()
    facts.append(("申诉", f"{appeals}件" if appeals else "没有申诉"))
    if round_.published_at:
        facts.append(("公布", dates.day(round_.published_at)))
    return facts


def _missing(round_: Round) -> list[str]:
    """What has to be there before the current step can be left, as far as others have to do it."""
    found = []
    if round_.state in (State.OPEN, State.CLOSED):
        needs = needs_of(round_)
        waiting = [
            needs[one.need].label
            for one in round_.channels.all()
            if one.kind != Channel.Kind.BALLOT and one.state == Channel.State.OPEN and one.need in needs
        ]
        if waiting:
            found.append(f"还没有办结的取数渠道：{'、'.join(waiting)}。")
    if round_.state == State.OPEN and round_.survey is not None:
        found += queries.still_open(round_.survey)
    if round_.state == State.FROZEN and round_.survey is None and has_ballot(round_) and not slips_in(round_):
        found.append("还没有安排各镇（街）的票数。")
    return found


def _publication(round_: Round) -> Any:
    if round_.state != State.PUBLISHED:
        return None
    return round_.publications.filter(is_current=True, rendered_at__isnull=False).first()


def _notes(round_: Round) -> dict[str, str]:
    departments = round_.departments.count()
    notes = {"departments": f"{departments} 个单位" if departments else "尚未选定"}
    notes["subjects"] = f"名单基准日 {dates.day(round_.base_date)}"
    if round_.state == State.CLOSED:
        notes["compute"] = sent_back(round_)
    if planned := slips_in(round_):
        notes["slips"] = f"共 {planned} 张"
    for page, day, said in (
        ("open", round_.opened_on, "开始于 {}"),
        ("begin", round_.opened_on, "开始于 {}"),
        ("close", round_.closed_on, "截止于 {}"),
        ("end", round_.closed_on, "结束于 {}"),
        ("serve", round_.served_on, "送达于 {}"),
        ("end-appeals", round_.appeals_until, "申诉截止日 {}"),
    ):
        if day:
            notes[page] = said.format(dates.day(day))
    if round_.published_at:
        notes["publish"] = f"公布于 {dates.day(round_.published_at)}"
    if round_.opened_on:
        notes["channels"] = _gathered(round_)
    return notes


def _gathered(round_: Round) -> str:
    """How many channels beside the ballot are done, and which are not, by name."""
    needs = needs_of(round_)
    found = [one for one in round_.channels.all() if one.kind != Channel.Kind.BALLOT]
    waiting = [needs[one.need].label for one in found if one.state == Channel.State.OPEN]
    done = f"已办结 {len(found) - len(waiting)} 项，共 {len(found)} 项"
    return f"{done}。未办结：{'、'.join(waiting)}" if waiting else done


def act(request: HttpRequest, round_id: int, slug: str) -> HttpResponse:
    """Ask once, then do one action of a round."""
    if slug not in ACTS:
        raise Http404
    user = require(request, ACTS[slug].action)
    round_ = get_object_or_404(Round.objects.select_related("survey"), pk=round_id)
    chosen = act_of(slug, round_)
    require(request, chosen.action)
    now = timezone.now()
    form = form_of(slug, round_, now)(posted(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        with attempt(request, chosen.done) as done:
            # Compared before the action, which checks the round's state in a transaction of its own.
            edit_conflicts.refuse_changed(request, round_, _built_on(round_))
            chosen.work(round_, form.cleaned_data, user, now)
        if done:
            return redirect("cockpit:round", round_.pk)
    around = {**heading(round_), "act": chosen, "form": form, "slug": slug}
    around["warnings"] = _warnings(slug, round_, now)
    around["look"] = _look_before(slug, round_)
    around["seen_mark"] = edit_conflicts.page_mark(request, _built_on(round_))
    around["custody"] = custody_of(round_, user)
    around["custodian_page"] = queries.custodian_page_digest()
    return show(request, "evaluations/cockpit/act.html", chosen.title, **around)


def _warnings(slug: str, round_: Round, now: datetime) -> list[str]:
    """Say what speaks against the action now."""
    if slug == "prepare":
        return _merged(round_)
    if slug == "publish":
        return _unread(round_)
    if slug == "serve" and round_.state in BEFORE_SERVICE:  # the others show the result with its warnings
        result = current_result(round_)
        return list(room_of(result, ranking(result)).warnings)
    return _still_going_on(round_, now) if slug == "close" else []


def _merged(round_: Round) -> list[str]:
    why = f"其中有的不足{queries.SMALLEST_STRATUM}张，单独计票会暴露评价人。不愿合并的，请先调整票数安排。"
    kinds = queries.kinds_merged(slips_by_kind(round_))
    return [f"{one}合并为一个类别计票：{why}" for one in kinds]


def _unread(round_: Round) -> list[str]:
    found = progress_of(round_)
    count = found.to_word + found.to_confirm
    told = f"还有{count}条意见没有办完（待概括{found.to_word}条，待复核{found.to_confirm}条）。"
    lost = "公布当夜，意见原文全部销毁，此后只剩遮盖后的文字；有关单位在办完之前看不到任何意见。"
    return [told + lost] if count else []


def _still_going_on(round_: Round, now: datetime) -> list[str]:
    if round_.survey is None:
        return []
    warnings = queries.still_open(round_.survey)
    if round_.closes_at and now < round_.closes_at:
        warnings.insert(0, f"凭条上印的截止时间是{round_.survey.closes}，现在还没有到。")
    return warnings


def _look_before(slug: str, round_: Round) -> dict[str, Any]:
    """Return the result that is signed off, approved or sent back, as its page shows it."""
    if slug not in ("sign-off", "approve", "return") or round_.state not in BEFORE_SERVICE:
        return {}
    result = current_result(round_)
    scheme, rows = policy_of(result.scheme_version).defaults, ranking(result)
    return {
        "result": result,
        "rows": rows,
        "room": room_of(result, rows),
        "changes": changes_since_replaced(result),
        "judges_persons": scheme.judges_persons,
        "has_grades": scheme.grades is not None,
        "approval": scheme.approval if slug == "approve" else None,
    }


def _built_on(round_: Round) -> list[Any]:
    """Values that must not have changed since the page was shown."""
    results = round_.results.order_by("pk").values_list("pk", flat=True)
    return [list(Round.objects.values_list().get(pk=round_.pk)), chosen_departments(round_), list(results)]
