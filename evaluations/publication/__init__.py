"""What may be shown to whom: the one place that decides what the public sees of a result.

Pages, PDFs and the hall screen render what `public_view` returns and nothing else. Inside (department,
person, centre, inspectorate) every number unfolds completely; for the public these rules hold:

- A person's figure needs `k` answers (10, never below 5), else 样本不足.
- The number of answers is shown as a band, from 50 on a narrower one for units than for persons. Below 50
  answers a score is a whole number; below 20 answers that are nearly unanimous only the grade is shown, and
  a department with such a person is shown by its grade.
- A distribution needs 30 answers; its shares are rounded (whole percents, steps of 5 below 100 answers).
- A split by stratum needs `k` answers in every stratum, all strata or none; never stratum by town.
- How sure a score is follows from what is shown alone (`likely`).
- No withheld score can be derived from what is shown (`guard`), and no voter's answer from the
  difference between two publications (`corrections`).
"""

from evaluations.publication.corrections import isolating
from evaluations.publication.figures import Figure, Share, band, turnout_shown, wide_band
from evaluations.publication.likely import grades_of, with_likely
from evaluations.publication.persons import public_view
from evaluations.publication.rules import Rules, rules_of
from evaluations.publication.unit_parts import UnitRules
from evaluations.publication.units import unit_view
from evaluations.publication.view import (
    Likely,
    Node,
    PublicDepartment,
    PublicGroup,
    PublicList,
    PublicPerson,
    PublicSection,
    PublicView,
    RosterDepartment,
    RosterPerson,
    Shown,
    StratumFigure,
)

__all__ = [
    "Figure",
    "Likely",
    "Node",
    "PublicDepartment",
    "PublicGroup",
    "PublicList",
    "PublicPerson",
    "PublicSection",
    "PublicView",
    "RosterDepartment",
    "RosterPerson",
    "Rules",
    "Share",
    "Shown",
    "StratumFigure",
    "UnitRules",
    "band",
    "grades_of",
    "isolating",
    "public_view",
    "rules_of",
    "turnout_shown",
    "unit_view",
    "wide_band",
    "with_likely",
]
