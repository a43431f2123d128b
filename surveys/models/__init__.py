"""Asking people: market entities, supervisors, surveys with keys, slips, ballots, sittings."""

from surveys.models.ballots import Ballot, Slip, SlipBatch
from surveys.models.comments import Comment
from surveys.models.controls import ControlExplanation
from surveys.models.entities import EntityKind, MarketEntity
from surveys.models.paper import PaperReading, PaperSheet
from surveys.models.pools import (
    DrawnMember,
    HandedInSample,
    Pool,
    PoolCell,
    PoolDraw,
    PoolMember,
    PoolStratum,
)
from surveys.models.sittings import BatchCount, ContactList, Invitation, Sitting
from surveys.models.supervisors import Supervisor
from surveys.models.survey import Stratum, Survey

__all__ = [
    "Ballot",
    "BatchCount",
    "Comment",
    "ContactList",
    "ControlExplanation",
    "DrawnMember",
    "EntityKind",
    "HandedInSample",
    "Invitation",
    "MarketEntity",
    "PaperReading",
    "PaperSheet",
    "Pool",
    "PoolCell",
    "PoolDraw",
    "PoolMember",
    "PoolStratum",
    "Sitting",
    "Slip",
    "SlipBatch",
    "Stratum",
    "Supervisor",
    "Survey",
]
