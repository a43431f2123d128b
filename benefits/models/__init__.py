"""The catalogue of benefits, firms with their labels, claims, decisions and what was paid from which pool."""

from benefits.models.catalogue import Condition, Item, ItemVersion, Paper
from benefits.models.claims import Claim, ClaimPaper, Decision
from benefits.models.firms import Firm, FirmLabel
from benefits.models.lists import FixedList, Match
from benefits.models.payments import Payment, Pool, PoolEntry, Share

__all__ = [
    "Claim",
    "ClaimPaper",
    "Condition",
    "Decision",
    "Firm",
    "FirmLabel",
    "FixedList",
    "Item",
    "ItemVersion",
    "Match",
    "Paper",
    "Payment",
    "Pool",
    "PoolEntry",
    "Share",
]
