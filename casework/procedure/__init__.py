"""Proceedings as data: stages, clocks, colors, questions of one desk. Pure: no Django, no clock.

procedure = load_procedure("wuyang-unresolved-matters")
procedure.clock("reply").span_for("yellow")
"""

from casework.procedure.form import Procedure
from casework.procedure.loading import PROCEDURES, load_procedure, parse_procedure, procedure_ids

__all__ = ["PROCEDURES", "Procedure", "load_procedure", "parse_procedure", "procedure_ids"]
