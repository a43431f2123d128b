"""Matters, their assignments, clocks and call-backs; who reported them lies apart."""

from casework.models.clocks import Clock, Stop
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
from casework.models.lists import ContactReport, ListEntry, ListVersion, TypicalCase
from casework.models.figures import MonthFigures
from casework.models.incoming import HigherRecord
from casework.models.matters import Assignment, CallBack, Matter, MatterEvent, MatterFile
from casework.models.places import Plate
from casework.models.procedures import ProcedureVersion
from casework.models.reporters import Reporter, ReporterOpening, SentForm

__all__ = [
    "Appearance",
    "Assignment",
    "CallBack",
    "Clock",
    "ContactReport",
    "Episode",
    "Film",
    "HallQuestion",
    "ListEntry",
    "ListVersion",
    "Matter",
    "MatterEvent",
    "MatterFile",
    "MonthReview",
    "PanelVote",
    "HigherRecord",
    "Matter",
    "MatterEvent",
    "MatterFile",
    "MonthFigures",
    "Plate",
    "ProcedureVersion",
    "Promise",
    "PromiseCheck",
    "Reporter",
    "ReporterOpening",
    "SentForm",
    "Stop",
    "TypicalCase",
    "UnitReview",
    "WeeklyItem",
]
