"""The tables of judging, of what a round gathers, and of what is recorded all year."""

from evaluations.models.consequences import (
    DecisionNumber,
    Disposition,
    DispositionEvent,
    DispositionPaper,
)
from evaluations.models.corrections import Correction
from evaluations.models.draws import RoundDraw
from evaluations.models.gathering import Channel, Entry, NotApplicable
from evaluations.models.interviews import Interview, InterviewCall
from evaluations.models.judging import Appeal, Result, Round, RoundDepartment, RoundMember, SchemeVersion
from evaluations.models.ledger import DutyRecord, Occurrence
from evaluations.models.sheets import Marker, MarkSheet, Panel, PanelAct, SheetReading

__all__ = [
    "Appeal",
    "Channel",
    "Correction",
    "DecisionNumber",
    "Disposition",
    "DispositionEvent",
    "DispositionPaper",
    "DutyRecord",
    "Entry",
    "Interview",
    "InterviewCall",
    "MarkSheet",
    "Marker",
    "NotApplicable",
    "Occurrence",
    "Panel",
    "PanelAct",
    "Result",
    "Round",
    "RoundDepartment",
    "RoundDraw",
    "RoundMember",
    "SchemeVersion",
    "SheetReading",
]
