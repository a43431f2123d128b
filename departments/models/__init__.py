"""Who is judged, what they show, where they sit, and what they have to do."""

from departments.models.notices import Notice, Nudge
from departments.models.people import Section, ServiceItem, StaffMember
from departments.models.towns import Town, TownAlias
from departments.models.units import Department, DepartmentAlias, UnitGroup
from departments.models.windows import Hall, Window, window_title
from departments.models.work import Membership, Task, TaskProgress

__all__ = [
    "Department",
    "DepartmentAlias",
    "Hall",
    "Membership",
    "Notice",
    "Nudge",
    "Section",
    "ServiceItem",
    "StaffMember",
    "Task",
    "TaskProgress",
    "Town",
    "TownAlias",
    "UnitGroup",
    "Window",
    "window_title",
]
