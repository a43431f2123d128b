"""Every name and word that facts may use under a scheme, collected from its steps.

Facts are checked against it, and ``describe`` and ``example`` are made from it.
"""

from dataclasses import fields

from evaluations.scoring.scheme import Scheme
from evaluations.scoring.steps.step import Needs


def vocabulary(scheme: Scheme) -> Needs:
    total = Needs()
    for step in scheme.steps:
        needs = step.needs()
        for part in fields(Needs):
            mine, theirs = getattr(total, part.name), getattr(needs, part.name)
            for key, need in theirs.items():
                mine.setdefault(key, need)
    return total
