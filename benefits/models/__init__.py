"""The catalogue of benefits, firms with their labels, claims, decisions and what was paid from which pool."""

from benefits.models.catalogue import BenefitItem, Condition, ItemVersion, LevelShare, NeededPaper
from benefits.models.claims import Claim, ClaimDecision, ClaimPaper
from benefits.models.firms import Firm, FirmLabel
from benefits.models.lists import FixedList, ListedFirm, Match
from benefits.models.notices import MonthNotice, NoticePublication
from benefits.models.payments import FundEntry, FundPool, FundShare, Payment

__all__ = [
    "BenefitItem",
    "Claim",
    "ClaimDecision",
    "ClaimPaper",
    "Condition",
    "Firm",
    "FirmLabel",
    "FixedList",
    "FundEntry",
    "FundPool",
    "FundShare",
    "ItemVersion",
    "LevelShare",
    "ListedFirm",
    "Match",
    "MonthNotice",
    "NeededPaper",
    "NoticePublication",
    "Payment",
]
