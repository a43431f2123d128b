"""The register of consequences: filled when the appeals end."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from evaluations.consequences import proposing
from evaluations.models import Round
from evaluations.results import standings
from evaluations.results.services import current_result
from evaluations.rounds.state import at_step
from office import audit, roles
from office.errors import Refused
from office.models import User

ENDED = (Round.State.APPEALS_ENDED, Round.State.PUBLISHED)


@transaction.atomic
def register_consequences(*, round: Round, now: datetime, acting_user: User) -> Round:
    """Put what the result in force proposes into the register (处置登记); nothing has effect by that.

    Called with the end of the appeals, and once for a round whose appeals ended under an earlier version.
    """
    roles.require(acting_user, "round.end_appeals")
    current = at_step(round, *ENDED, to="登记处置建议")
    if current.is_being_corrected and current.state == Round.State.PUBLISHED:
        raise Refused("本轮次正在更正公布，不能登记处置建议", "请先办完更正。")
    result = current_result(current)
    standings.keep(result)
    added, kept, withdrawn = proposing.register(result, now=now, acting_user=acting_user)
    after = {"第几次结果": result.number, "新提出": added, "仍然成立": kept, "撤销": withdrawn}
    audit.record("登记处置建议", current, acting_user=acting_user, after=after)
    return current


def waits_to_be_registered(round: Round) -> bool:
    """Whether its appeals ended under an earlier version, and what it proposes is registered nowhere."""
    if round.state not in ENDED or round.is_being_corrected or round.dispositions.exists():
        return False
    return next(proposing.proposed_by(current_result(round)), None) is not None
