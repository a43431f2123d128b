"""The draws of a round: made for it, and what stands against handing out slips by them."""

from __future__ import annotations

from django.urls import reverse

from evaluations.models import Channel, Round, RoundDraw
from evaluations.rounds.channels import has_ballot
from evaluations.rounds.services import slips_in
from evaluations.rounds.state import at_step
from office.errors import Refused
from surveys.respondents.pools import calling, drawing
from surveys.respondents.pools.calling import PoolDraw
from surveys.respondents.pools.occasions import Occasion

State = Round.State
OF_ROUND = "round-"
DRAWING = (State.DRAFT, State.FROZEN, State.PREPARED, State.OPEN)
Kind = Channel.Kind


def draws_of(round: Round) -> list[PoolDraw]:
    """Return the draws made for a round, or with its ballot's fingerprint, the first one first."""
    return calling.draws_of(round.survey_id, round.draws.values_list("draw", flat=True))


def occasion_for(round: Round) -> Occasion:
    """Describe a round to the page that draws; its draw is tied to it in the same transaction."""

    def attach(draw: PoolDraw) -> None:
        current = at_step(round, *DRAWING, to="抽取样本")
        if draw.survey_id not in (None, current.survey_id):
            raise Refused("所选评价表不是本轮的评价表", "请选本轮的评价表，或选“没有评价表”。")
        RoundDraw.objects.create(round=current, draw=draw)

    return Occasion(
        key=f"{OF_ROUND}{round.pk}",
        label=round.title,
        url=reverse("cockpit:draws", args=[round.pk]),
        attach=attach,
        survey_id=round.survey_id,
        total=slips_in(round) or _interviews_in(round) or None,
    )


def _interviews_in(round: Round) -> int:
    wanted = round.channels.filter(kind=Kind.INTERVIEWS).values_list("sample_size", flat=True)
    return sum(wanted) * round.departments.count()


def find_occasion(key: str) -> Occasion | None:
    number = key.removeprefix(OF_ROUND)
    if not key.startswith(OF_ROUND) or not (number.isascii() and number.isdecimal() and len(number) < 19):
        return None
    round_ = Round.objects.filter(pk=int(number), state__in=DRAWING).first()
    return occasion_for(round_) if round_ else None


def round_of(draw: PoolDraw) -> tuple[str, str] | None:
    """Return title and page of the round a draw was made for."""
    found = Round.objects.filter(draws__draw=draw).first()
    if found is None and draw.survey_id:
        found = Round.objects.filter(survey=draw.survey_id).first()
    return (found.title, reverse("cockpit:draws", args=[found.pk])) if found else None


def uses_of(round: Round) -> list[str]:
    """What the drawn are asked for in this round, in words."""
    kinds = {one.kind for one in round.channels.all()}
    words = {Kind.BALLOT: "无记名评价（发放凭条）", Kind.INTERVIEWS: "电话和现场调查（列入名单）"}
    return [said for kind, said in words.items() if kind in kinds]


def warnings_of(round: Round, draws: list[PoolDraw]) -> list[str]:
    """What stands against going on with these draws: changed pools, too few slips."""
    said = [
        f"“{draw.pool}”在第{draw.number}次抽样之后有变化（{change}），不影响已抽取的名单"
        for draw in draws
        for change in drawing.changes_since(draw)
    ]
    asked = sum(draw.total for draw in draws)
    planned = slips_in(round)
    if draws and has_ballot(round) and planned < asked:
        said.append(f"已抽取 {asked} 人，只安排了 {planned} 张票，请在制票之前补足票数")
    return said
