"""Pages of the centre: what is held, what another has to settle, one rating with its judgments and matter."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import BigIntegerField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache

from casework.matters.acceptance import refusal_in_words
from casework.matters.state import State as MatterState
from casework.models import Matter
from office import roles
from office.models import User
from office.workbench import edit_conflicts
from office.workbench.attempt import attempt
from office.workbench.pages import posted, require, show
from ratings.counts.counting import aspects_in_words
from ratings.follow_up.judged import matter_of, to_do
from ratings.judging import queries
from ratings.judging.forms import OpinionForm, ProposalForm
from ratings.judging.services import FITTING, propose_judgment, settle_judgment
from ratings.models import Judgment, Rating, RatingCode
from ratings.rules import all_rules, rules_of

ON_A_PAGE = 200


def _number(text: str) -> int:
    found = int(text) if text.isdecimal() and len(text) < 20 else 0
    return found if found <= BigIntegerField.MAX_BIGINT else 0


def _numbers(texts: Collection[str]) -> list[int]:
    return [found for one in texts if (found := _number(one))]


@never_cache
def held(request: HttpRequest) -> HttpResponse:
    """What is held, by place and reason; each group is judged together."""
    require(request, "rating.judge")
    today = timezone.localdate()
    codes = queries.live_codes(list(all_rules()))
    hall, unit = (_number(request.GET.get(name, "")) for name in ("hall", "unit"))
    because = request.GET.get("because", "")[:60]
    rows = queries.held_ratings(today)
    reasons = sorted(set(rows.order_by().values_list("held_because", flat=True).distinct()))
    if hall:
        rows = rows.filter(code__hall=hall)
    if unit:
        rows = rows.filter(code__unit=unit)
    if because:
        rows = rows.filter(held_because=because)
    groups = queries.held_groups(rows, today)
    return show(
        request,
        "ratings/judging/held.html",
        "暂缓计入的评价",
        groups=groups,
        number=sum(one.number for one in groups),
        halls=list({one.hall_id: one.hall for one in codes if one.hall}.values()),
        units=queries.units_of_codes(codes),
        reasons=reasons,
        hall=hall,
        unit=unit,
        because=because,
        waiting=Judgment.objects.filter(state=Judgment.State.PROPOSED).count(),
    )


@never_cache
def held_group(request: HttpRequest, code_id: int) -> HttpResponse:
    """The held ratings of one place, of one reason if asked for: those ticked are judged together."""
    user = require(request, "rating.judge")
    found = RatingCode.objects.select_related("window__hall", "unit", "hall")
    code = get_object_or_404(found.filter(rules_id__in=all_rules()), pk=code_id)
    because = request.GET.get("because", "")[:60]
    rows = queries.held_ratings(timezone.localdate()).filter(code=code)
    if because:
        rows = rows.filter(held_because=because)
    rules = rules_of(code.rules_id)
    form = ProposalForm(posted(request), rules=rules, codes=queries.live_codes([code.rules_id]))
    ticked = _numbers(request.POST.getlist("rating"))
    if form.is_valid():
        with attempt(request, f"已提出{len(ticked)}条评价的认定，由另一人认定后生效。") as done:
            propose_judgment(ratings=ticked, proposal=form.proposal(), now=timezone.now(), acting_user=user)
        if done:
            return redirect("ratings:held")
    return show(
        request,
        "ratings/judging/held_group.html",
        f"{code}：暂缓计入",
        code=code,
        because=because,
        rows=list(rows.order_by("day", "pk")[:ON_A_PAGE]),
        number=rows.count(),
        ticked=ticked,
        form=form,
        rules=rules,
    )


@never_cache
def judgments(request: HttpRequest) -> HttpResponse:
    """What somebody proposed and another has to settle."""
    user = require(request, "rating.judge")
    form = OpinionForm(posted(request))
    chosen = set(_numbers(request.POST.getlist("judgment")))
    if form.is_valid() and _settled(request, chosen, form, user):
        return redirect("ratings:judgments")
    groups = queries.open_groups()
    return show(
        request,
        "ratings/judging/judgments.html",
        "待认定的评价",
        groups=[
            (one, one.first.proposed_by_id != user.pk, form if one.first.pk in chosen else None)
            for one in groups
        ],
    )


def _settled(request: HttpRequest, chosen: Collection[int], form: OpinionForm, user: User) -> bool:
    given = form.cleaned_data
    said = "已同意，认定生效。" if given["agrees"] else "已记录不同意，评价维持原状。"
    with attempt(request, said) as done:
        settle_judgment(
            judgments=chosen,
            agrees=given["agrees"],
            opinion=given["opinion"],
            now=timezone.now(),
            acting_user=user,
        )
    return bool(done)


@never_cache
def rating(request: HttpRequest, rating_id: int) -> HttpResponse:
    """One rating: what was judged about it, the matter it became, and what may be proposed."""
    user = require(request, "rating.judge", "rating.watch")
    people = ("code__window__hall", "code__unit", "moved_from__window__hall", "moved_from__unit")
    past = Rating.objects.filter(day__lt=timezone.localdate(), code__rules_id__in=all_rules())
    one = get_object_or_404(past.select_related(*people), pk=rating_id)
    may_judge = roles.allowed(user, "rating.judge")
    rules = rules_of(one.code.rules_id)
    matter = matter_of(one)
    told = one.judgments.select_related("proposed_by", "settled_by", "rating__code", "to_code__window__hall")
    past_ones = list(told.select_related("to_code__unit"))
    waiting = next((each for each in past_ones if each.state == Judgment.State.PROPOSED), None)
    if may_judge and request.method == "POST" and _acted(request, one, user):
        return redirect("ratings:rating", one.pk)
    return show(
        request,
        "ratings/judging/rating.html",
        f"评价：{one.level}",
        rating=one,
        aspects=aspects_in_words(rules, one.aspects),
        rules=rules,
        may_judge=may_judge,
        may_open=matter is not None and roles.allowed(user, "matter.view"),
        judgments=[(each, queries.act_in_words(each), queries.reason_label(each)) for each in past_ones],
        waiting=waiting,
        is_mine=waiting is not None and waiting.proposed_by_id == user.pk,
        opinion=OpinionForm(posted(request) if waiting else None),
        form=None if waiting or not may_judge else _form(request, one),
        matter=matter,
        refused=refusal_in_words(matter) if matter and matter.state == MatterState.REFUSED else "",
        to_do=to_do(one, matter) if matter else "",
        seen_mark=edit_conflicts.page_mark(request, _seen(one)),
    )


def _form(request: HttpRequest, one: Rating) -> ProposalForm:
    """A form that offers what fits the state; what the matter was refused for is filled in."""
    rules = rules_of(one.code.rules_id)
    initial = _said_by_the_matter(one, matter_of(one))
    codes = [each for each in queries.live_codes([one.code.rules_id]) if each.pk != one.code_id]
    form = ProposalForm(posted(request), rules=rules, codes=codes, initial=initial)
    act: Any = form.fields["act"]
    act.choices = [(each.value, each.label) for each in Judgment.Act if one.state in FITTING[each]]
    return form


def _said_by_the_matter(one: Rating, matter: Matter | None) -> dict[str, str]:
    """Return the judgment that follows from a matter that was not accepted; empty where none does."""
    if matter is None or matter.state != MatterState.REFUSED or one.state != Rating.State.COUNTED:
        return {}
    reason = rules_of(one.code.rules_id).excluding.reason_of(matter.refusal)
    if reason is None or one.moved_from_id is not None:
        return {}
    act = Judgment.Act.MOVE if reason.moves else Judgment.Act.EXCLUDE
    words = f"事项{matter.number}不予受理：{matter.refusal_reason}"
    return {"act": act, "reason": "" if reason.moves else reason.id, "words": words[:300]}


def _seen(one: Rating) -> list[Any]:
    """What the page showed: where the rating stands, and what was judged about it."""
    stored = Rating.objects.values_list("state", "code_id").get(pk=one.pk)
    return [*stored, *Judgment.objects.filter(rating=one.pk).order_by("pk").values_list("pk", "state")]


def _acted(request: HttpRequest, one: Rating, user: User) -> bool:
    if "agrees" in request.POST:
        opinion = OpinionForm(request.POST)
        chosen = _numbers(request.POST.getlist("judgment"))
        return opinion.is_valid() and _settled(request, chosen, opinion, user)
    form = _form(request, one)
    if not form.is_valid():
        return False
    with (
        attempt(request, "已提出，由另一人认定后生效。") as done,
        edit_conflicts.unchanged(request, one, _seen),
    ):
        propose_judgment(ratings=[one.pk], proposal=form.proposal(), now=timezone.now(), acting_user=user)
    return bool(done)
