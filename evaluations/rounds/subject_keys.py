"""Keys of what is scored, as ballots, facts and outcomes have them: one letter and the primary key."""

from __future__ import annotations

_DEPARTMENT, _SECTION, _PERSON = "d", "s", "p"


def department_key(department_id: int) -> str:
    return f"{_DEPARTMENT}{department_id}"


def section_key(section_id: int) -> str:
    return f"{_SECTION}{section_id}"


def person_key(staff_member_id: int) -> str:
    return f"{_PERSON}{staff_member_id}"


def is_department(key: str) -> bool:
    return key.startswith(_DEPARTMENT)


def department_of(key: str) -> int:
    if not key.startswith(_DEPARTMENT):
        raise ValueError(f"{key} is not the key of a department")
    return int(key.removeprefix(_DEPARTMENT))
