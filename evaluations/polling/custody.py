"""The sealed box of a round: who keeps its key, what is public of it, what can be downloaded."""

from __future__ import annotations

from dataclasses import dataclass

from evaluations.models import Round
from office import roles
from office.models import User
from surveys import queries


@dataclass(frozen=True)
class Custody:
    """What the pages of a round show of its box."""

    board: queries.Board
    challenge: str
    has_bundle: bool
    result: int | None  # the number of the signed-off result whose bundle is there
    may_take: bool
    may_verify: bool


def custody_of(round: Round, user: User) -> Custody | None:
    """Return None before slips are made."""
    survey = round.survey
    board = queries.board(survey.public_id) if survey else None
    if survey is None or board is None:
        return None
    signed = round.results.filter(replaced_by=None, signed_off_at__isnull=False).first()
    number = signed.number if signed and queries.has_results_bundle(survey, signed.number) else None
    return Custody(
        board=board,
        challenge="" if survey.key_on_server else queries.challenge(survey),
        has_bundle=bool(board.bundle),
        result=number,
        may_take=roles.allowed(user, "survey.bundle"),
        may_verify=roles.allowed(user, "survey.results_bundle"),
    )
