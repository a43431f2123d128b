"""Every word that facts may use under a scheme: gathered from its steps, and used to check, describe and
exemplify.
"""

from dataclasses import fields

from evaluations.scoring.scheme import Scheme
from evaluations.scoring.steps.step import Needs


def vocabulary(scheme: Scheme) -> Needs:
    """All that the scheme's steps read, in one."""
    total = Needs()
    for step in scheme.steps:
        needs = step.needs()
        for part in fields(Needs):
            mine, theirs = getattr(total, part.name), getattr(needs, part.name)
            for key, need in theirs.items():
                mine.setdefault(key, need)
    return total
