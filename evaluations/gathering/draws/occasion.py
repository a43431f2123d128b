"""Tell the room of respondents which rounds a draw can be made for."""

from __future__ import annotations

from evaluations.gathering.draws.services import find_occasion, round_of
from surveys.respondents.pools import occasions

occasions.told_by(find_occasion, round_of)
