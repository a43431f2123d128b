"""A public view as plain values, so that what was shown once is shown again and never decided anew."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import asdict, replace
from typing import Any

from evaluations.publication.figures import Figure, Share
from evaluations.publication.rules import Saying
from evaluations.publication.view import (
    NONE,
    Likely,
    Node,
    PublicDepartment,
    PublicGroup,
    PublicList,
    PublicPerson,
    PublicSection,
    PublicView,
    SampledPart,
    StratumFigure,
)

Plain = Mapping[str, Any]


def to_plain(view: PublicView) -> dict[str, Any]:
    return asdict(view)


def from_plain(kept: Plain) -> PublicView:
    groups = tuple(
        PublicGroup(one["name"], tuple(map(_department, one["departments"]))) for one in kept["groups"]
    )
    lists = tuple(
        PublicList(one["pool"], tuple(one["best"]), tuple(one["worst"])) for one in kept.get("lists", ())
    )
    return PublicView(**{**kept, "groups": groups, "lists": lists})


def without_people(view: PublicView, gone: Container[str]) -> PublicView:
    """The view without the names of some persons; every other figure stays as it is."""

    def section(one: PublicSection) -> PublicSection:
        return replace(one, persons=tuple(person for person in one.persons if person.id not in gone))

    def department(one: PublicDepartment) -> PublicDepartment:
        return replace(one, sections=tuple(map(section, one.sections)))

    groups = (replace(one, departments=tuple(map(department, one.departments))) for one in view.groups)
    return replace(view, groups=tuple(groups))


def without_persons(view: PublicView) -> PublicView:
    """The view of the departments alone: their figures stay as they were beside their persons'."""
    groups = (
        replace(group, departments=tuple(replace(one, sections=()) for one in group.departments))
        for group in view.groups
    )
    return replace(view, groups=tuple(groups), persons_public=NONE)


def _department(kept: Plain) -> PublicDepartment:
    return PublicDepartment(
        **{
            **kept,
            "figure": Figure(**kept["figure"]),
            "distribution": _rows(Share, kept["distribution"]),
            "strata": _rows(StratumFigure, kept["strata"]),
            "derivation": _node(kept["derivation"]),
            "sections": tuple(map(_section, kept["sections"])),
            "notes": tuple(kept.get("notes", ())),
            "sampled": _rows(SampledPart, kept.get("sampled")),
            "likely": Likely(**kept["likely"]) if kept.get("likely") else None,
        }
    )


def _rows(kind: Any, kept: Any) -> Any:
    return None if kept is None else tuple(kind(**row) for row in kept)


def _node(kept: Plain) -> Node:
    return Node(**{**kept, "parts": tuple(map(_node, kept["parts"]))})


def _section(kept: Plain) -> PublicSection:
    figure = Figure(**kept["figure"]) if kept["figure"] else None
    return PublicSection(**{**kept, "persons": tuple(map(_person, kept["persons"])), "figure": figure})


def _person(kept: Plain) -> PublicPerson:
    return PublicPerson(**{**kept, "figure": Figure(**kept["figure"]), "basis": Saying(**kept["basis"])})
