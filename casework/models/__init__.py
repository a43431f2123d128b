"""Matters, their assignments, clocks and call-backs; who reported them lies apart."""

from casework.models.clocks import Clock, Stop
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
from casework.models.reporters import Reporter, ReporterOpening

__all__ = [
    "Assignment",
    "CallBack",
    "Clock",
    "CoveredObject",
    "FirmAnswer",
    "FirmQuestionnaire",
    "Matter",
    "MatterEvent",
    "MatterFile",
    "OfficerDeed",
    "OfficerLink",
    "Plate",
    "ProcedureVersion",
    "Reporter",
    "ReporterOpening",
    "ServiceOfficer",
    "Stop",
    "Visit",
    "VisitProblem",
]
