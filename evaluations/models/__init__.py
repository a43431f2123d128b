"""The tables of judging, of what a round gathers, and of what is recorded all year."""

from evaluations.models.gathering import Channel, Entry, NotApplicable
from evaluations.models.interviews import Interview, InterviewCall
from evaluations.models.judging import Appeal, Result, Round, RoundDepartment, RoundMember, SchemeVersion
from evaluations.models.ledger import Occurrence

__all__ = [
    "Appeal",
    "Channel",
    "Entry",
    "Interview",
    "InterviewCall",
    "NotApplicable",
    "Occurrence",
    "Result",
    "Round",
    "RoundDepartment",
    "RoundMember",
    "SchemeVersion",
]
