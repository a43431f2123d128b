"""Comments of a round as its pages need them; what a department may read is decided in `publication`."""

from __future__ import annotations

from dataclasses import dataclass

from evaluations.models import Round
from evaluations.publication.comments import Remark, ShownComments, comments_shown
from office import roles
from office.models import User
from surveys.comments import queries as comment_queries
from surveys.comments.queries import Progress


@dataclass(frozen=True)
class Summary:
    """All departments of a round together."""

    rows: list[Progress]

    @property
    def received(self) -> int:
        """All remarks."""
        return sum(row.matters + row.suggestions for row in self.rows)

    @property
    def to_word(self) -> int:
        """Remarks that wait for the first person."""
        return sum(row.to_word for row in self.rows)

    @property
    def to_confirm(self) -> int:
        """Remarks that wait for the second person."""
        return sum(row.to_confirm for row in self.rows)

    @property
    def settled(self) -> int:
        """Remarks that two persons have agreed on."""
        return sum(row.settled for row in self.rows)


def summary(round: Round) -> Summary:
    """How far the comments of a round are; empty before the tally."""
    return Summary(comment_queries.progress(round.survey) if round.survey else [])


def shown_to(user: User, round: Round, department_id: int) -> ShownComments | None:
    """The same beside the result, for those who may read it there."""
    if roles.allowed(user, "comment.view") or roles.allowed(user, "comment.view_own"):
        return shown_to_department(round, department_id)
    return None


def shown_to_department(round: Round, department_id: int) -> ShownComments:
    """What the people of a department read about it."""
    if round.survey is None:
        return comments_shown([])
    found = comment_queries.remarks_of(round.survey, f"d{department_id}")
    return comments_shown(
        [Remark(each.kind, each.topic, each.paraphrase, is_decided=each.is_settled) for each in found],
        topics=comment_queries.topics_of(round.survey) if found else (),
    )
