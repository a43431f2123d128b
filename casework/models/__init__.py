"""Matters, their assignments, clocks and call-backs; who reported them lies apart."""

from casework.models.clocks import Clock, Stop
from casework.models.figures import MonthFigures
from casework.models.hearings import (
    Appearance,
    Episode,
    Film,
    HallQuestion,
    MonthReview,
    PanelVote,
    Promise,
    PromiseCheck,
    UnitReview,
    WeeklyItem,
)
from casework.models.incoming import HigherRecord
from casework.models.lists import ContactReport, ListEntry, ListVersion, TypicalCase
from casework.models.matters import Assignment, CallBack, Matter, MatterEvent, MatterFile
from casework.models.officers import (
    CoveredObject,
    FirmAnswer,
    FirmQuestionnaire,
    OfficerDeed,
    OfficerLink,
    ServiceOfficer,
    Visit,
    VisitProblem,
)
from casework.models.places import Plate
from casework.models.procedures import ProcedureVersion
from casework.models.reporters import Reporter, ReporterOpening, SentForm
from casework.models.steps import Review, Transfer

__all__ = [
    "Appearance",
    "Assignment",
    "CallBack",
    "Clock",
    "ContactReport",
    "CoveredObject",
    "Episode",
    "Film",
    "FirmAnswer",
    "FirmQuestionnaire",
    "HallQuestion",
    "HigherRecord",
    "ListEntry",
    "ListVersion",
    "Matter",
    "MatterEvent",
    "MatterFile",
    "MonthFigures",
    "MonthReview",
    "OfficerDeed",
    "OfficerLink",
    "PanelVote",
    "Plate",
    "ProcedureVersion",
    "Promise",
    "PromiseCheck",
    "Reporter",
    "ReporterOpening",
    "Review",
    "SentForm",
    "ServiceOfficer",
    "Stop",
    "Transfer",
    "TypicalCase",
    "UnitReview",
    "Visit",
    "VisitProblem",
    "WeeklyItem",
]
