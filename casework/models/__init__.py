"""Matters, their assignments, clocks and call-backs; who reported them lies apart."""

from casework.models.clocks import Clock, Stop
from casework.models.matters import Assignment, CallBack, Matter, MatterEvent, MatterFile
from casework.models.places import Plate
from casework.models.procedures import ProcedureVersion
from casework.models.reporters import Reporter, ReporterOpening
from casework.models.steps import Review, Transfer

__all__ = [
    "Assignment",
    "CallBack",
    "Clock",
    "Matter",
    "MatterEvent",
    "MatterFile",
    "Plate",
    "ProcedureVersion",
    "Reporter",
    "ReporterOpening",
    "Review",
    "Stop",
    "Transfer",
]
