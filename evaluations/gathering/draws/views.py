"""The page of a round's draws, and the list by which those drawn are given a slip."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from evaluations.gathering.draws.services import DRAWING, draws_of, occasion_for, uses_of, warnings_of
from evaluations.models import Channel, Round
from evaluations.rounds.channels import has_ballot
from evaluations.rounds.page import heading
from office import roles
from office.exports.documents import hand_out
from office.workbench.pages import require, show
from surveys import services as surveys
from surveys.respondents.pools import calling, figures


def _round(round_id: int) -> Round:
    return get_object_or_404(Round.objects.select_related("scheme_version", "survey"), pk=round_id)


@never_cache
@require_safe
def draws(request: HttpRequest, round_id: int) -> HttpResponse:
    """Who is asked in this round: its draws, where they go on to, and what stands against them."""
    user = require(request, "pool.view")
    round_ = _round(round_id)
    found = draws_of(round_)
    may_see = roles.allowed(user, "pool.names")
    return show(
        request,
        "evaluations/gathering/draws/draws.html",
        "抽样",
        **heading(round_),
        rows=[(draw, calling.waiting(draw)) for draw in found],
        uses=uses_of(round_),
        warnings=warnings_of(round_, found) if may_see else [],
        interviews=round_.channels.filter(kind=Channel.Kind.INTERVIEWS),
        has_ballot=has_ballot(round_),
        pools=figures.pools() if round_.state in DRAWING else [],
        occasion=occasion_for(round_),
        may_draw=roles.allowed(user, "pool.draw") and round_.state in DRAWING,
        may_see=may_see,
        may_list=roles.allowed(user, "gathering.enter"),
    )


@require_POST
def invitations(request: HttpRequest, round_id: int, draw_id: int) -> HttpResponse | FileResponse:
    """The list for handing out slips: it names people, and no slip."""
    user = require(request, "pool.names")
    round_ = _round(round_id)
    draw = next((one for one in draws_of(round_) if one.pk == draw_id), None)
    if draw is None or not has_ballot(round_):
        raise Http404
    html = invitations_html(round_, surveys.take_names(draw=draw, acting_user=user))
    return hand_out(html, name=f"{round_.title}凭条发放名单", acting_user=user)


def invitations_html(round_: Round, drawn: list[Any]) -> str:
    groups: dict[str, list[Any]] = {}
    for one in drawn:
        if one.state in calling.ASKED:
            groups.setdefault(str(one.cell), []).append(one.member)
    around = {
        "round": round_,
        "groups": groups,
        "number": sum(map(len, groups.values())),
        "county_name": settings.COUNTY_NAME,
        "demo": settings.DEMO,
    }
    return render_to_string("evaluations/gathering/draws/invitations.html", around)
