"""What of a stored result may be shown in public, by the rules of `evaluations.publication`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from evaluations.models import Result, Round
from evaluations.publication import PublicView, RosterDepartment, RosterPerson, public_view, rules_of
from evaluations.rounds.subject_keys import department_key, person_key, section_key
from evaluations.schemes.stored import policy_of


def public_view_of(
    result: Result, *, with_persons: bool = True, earlier: Sequence[Mapping[str, Any]] = ()
) -> PublicView:
    """`earlier` are the facts of the round's earlier publications, which a correction must not betray."""
    round = result.round
    rules = rules_of(policy_of(result.scheme_version).decide(round.options))
    persons_public = round.persons_public if with_persons else Round.PersonsPublic.NONE
    return public_view(
        result.outcome, result.facts, rules, roster(round), persons_public=persons_public, earlier=earlier
    )


def roster(round: Round) -> list[RosterDepartment]:
    """The frozen list in 机构序列 order; whoever has been taken down is marked as not shown."""
    rows = round.departments.prefetch_related("members__staff_member").order_by("order", "id")
    return [
        RosterDepartment(
            department_key(row.department_id),
            row.name,
            row.peer_group,
            tuple(
                RosterPerson(
                    person_key(member.staff_member_id),
                    member.name,
                    member.post or member.get_kind_display(),
                    section_key(member.section_id),
                    member.staff_member.is_shown,
                )
                for member in row.members.all()
                if member.is_judged
            ),
        )
        for row in rows
    ]
