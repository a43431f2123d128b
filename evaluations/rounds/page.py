"""What every page of a round has above its content."""

from __future__ import annotations

from typing import Any

from evaluations.models import Round
from evaluations.rounds import periods


def heading(round: Round) -> dict[str, Any]:
    return {"round": round, "period": periods.in_words(round.period)}
