"""Matters, their assignments, clocks and call-backs; who reported them lies apart."""

from casework.models.clocks import Clock, Stop
from casework.models.figures import MonthFigures
from casework.models.incoming import HigherRecord
from casework.models.matters import Assignment, CallBack, Matter, MatterEvent, MatterFile
from casework.models.places import Plate
from casework.models.procedures import ProcedureVersion
from casework.models.reporters import Reporter, ReporterOpening

__all__ = [
    "Assignment",
    "CallBack",
    "Clock",
    "HigherRecord",
    "Matter",
    "MatterEvent",
    "MatterFile",
    "MonthFigures",
    "Plate",
    "ProcedureVersion",
    "Reporter",
    "ReporterOpening",
    "Stop",
]
