"""The tables of judging, of what a round gathers, and of what is recorded all year."""

from evaluations.models.account import AccountExtract, Standing, SuperiorReport
from evaluations.models.appeals import Appeal, AppealPaper
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
from evaluations.models.judging import Result, Round, RoundDepartment, RoundMember, SchemeVersion
from evaluations.models.ledger import DutyRecord, Occurrence
from evaluations.models.proposals import MatterProposal
from evaluations.models.rectification import (
    Rectification,
    RectificationEvent,
    RectificationItem,
    RectificationPaper,
)
from evaluations.models.sheets import Marker, MarkSheet, Panel, PanelAct, SheetReading
from evaluations.models.tolerance import Clearing, RiskReport, ToleranceCase

__all__ = [
    "AccountExtract",
    "Appeal",
    "AppealPaper",
    "Channel",
    "Clearing",
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
    "MatterProposal",
    "NotApplicable",
    "Occurrence",
    "Panel",
    "PanelAct",
    "Rectification",
    "RectificationEvent",
    "RectificationItem",
    "RectificationPaper",
    "Result",
    "RiskReport",
    "Round",
    "RoundDepartment",
    "RoundDraw",
    "RoundMember",
    "SchemeVersion",
    "SheetReading",
    "Standing",
    "SuperiorReport",
    "ToleranceCase",
]
