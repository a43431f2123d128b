"""Comments of a round as its pages need them; what a department may read is decided in `publication`."""

from __future__ import annotations

from dataclasses import dataclass

from evaluations.models import Round
from evaluations.publication.comments import Remark, ShownComments, comments_shown
from evaluations.rounds.subject_keys import department_key, department_of, is_department
from office import roles
from office.models import User
from surveys.comments import queries as comment_queries
from surveys.comments.queries import Progress


@dataclass(frozen=True)
class CommentProgress:
    """How far the comments of all departments of a round are; no rows before the tally."""

    rows: list[Progress]

    @property
    def by_department(self) -> list[tuple[int | None, Progress]]:
        """Return the rows with their departments; words about a whole peer group have none."""
        return [
            (department_of(row.department) if is_department(row.department) else None, row)
            for row in self.rows
        ]

    @property
    def received(self) -> int:
        return sum(row.matters + row.suggestions for row in self.rows)

    @property
    def to_word(self) -> int:
        return sum(row.to_word for row in self.rows)

    @property
    def to_confirm(self) -> int:
        return sum(row.to_confirm for row in self.rows)

    @property
    def settled(self) -> int:
        return sum(row.settled for row in self.rows)


def progress_of(round: Round) -> CommentProgress:
    return CommentProgress(comment_queries.progress(round.survey) if round.survey else [])


def comments_for_reader(user: User, round: Round, department_id: int) -> ShownComments | None:
    """What stands beside the result; None for who may not read comments there."""
    if roles.allowed(user, "comment.view") or roles.allowed(user, "comment.view_own"):
        return comments_for_department(round, department_id)
    return None


def comments_for_department(round: Round, department_id: int) -> ShownComments:
    if round.survey is None:
        return comments_shown([])
    found = comment_queries.remarks_of(round.survey, department_key(department_id))
    return comments_shown(
        [Remark(each.kind, each.topic, each.paraphrase, is_decided=each.is_settled) for each in found],
        topics=comment_queries.topics_of(round.survey) if found else (),
    )
