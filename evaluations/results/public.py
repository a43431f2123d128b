"""What of a stored result may be shown in public, by the rules of `evaluations.publication`."""

from __future__ import annotations

from collections.abc import Sequence

from evaluations.models import Result, Round
from evaluations.publication import (
    PublicView,
    RosterDepartment,
    RosterPerson,
    Rules,
    Shown,
    UnitRules,
    grades_of,
    public_view,
    rules_of,
    unit_view,
    with_likely,
)
from evaluations.rounds.subject_keys import department_key, person_key, section_key
from evaluations.schemes.stored import policy_of


def public_view_of(
    result: Result,
    *,
    persons_public: str = "",
    earlier: Sequence[Shown] = (),
    remarks: bool = False,
    likely: bool = False,
) -> PublicView:
    """What the round's own choice of persons allows, or another `persons_public`.

    `earlier` are the round's earlier publications, which a correction must not betray. `remarks`: also what
    the office noted on a unit, for its own people. `likely`: with how sure each score is.
    """
    found = _view(result, persons_public or result.round.persons_public, earlier, remarks=remarks)
    if not likely:
        return found
    rules = rules_of_result(result) if judges_persons(result) else unit_rules_of(result)
    return with_likely(found, rules, grades_of(policy_of(result.scheme_version).decide(result.round.options)))


def public_beside_earlier(result: Result, *, remarks: bool = False, likely: bool = False) -> PublicView:
    """What the public reads of it once it is published, beside all that was served of the round before."""
    served = result.round.results.exclude(signed_off_by=None).filter(number__lt=result.number)
    seen: list[Shown] = []
    for one in served.order_by("number"):
        one.round = result.round
        seen.append(Shown(one.outcome, one.facts, public_view_of(one, earlier=seen)))
    return public_view_of(result, earlier=seen, remarks=remarks, likely=likely)


def _view(result: Result, persons_public: str, earlier: Sequence[Shown], *, remarks: bool) -> PublicView:
    round = result.round
    listed = [one for one in roster(round) if one.id in result.outcome["subjects"]]
    if not judges_persons(result):
        return unit_view(
            result.outcome,
            result.facts,
            unit_rules_of(result),
            listed,
            earlier=earlier,
            ballots=result.ballots,
            remarks=remarks,
        )
    return public_view(
        result.outcome,
        result.facts,
        rules_of_result(result),
        listed,
        persons_public=persons_public,
        earlier=earlier,
        ballots=result.ballots,
    )


def judges_persons(result: Result) -> bool:
    return policy_of(result.scheme_version).defaults.judges_persons


def unit_rules_of(result: Result) -> UnitRules:
    """Which parts are secret follows from the channels that the round gathered them in."""
    policy = policy_of(result.scheme_version)
    channels = list(result.round.channels.all())
    kinds = {one.need: one.kind for one in channels}
    public_from = [one.public_from for one in channels if one.public_from is not None]
    return UnitRules(policy, policy.decide(result.round.options), kinds, max(public_from, default=None))


def rules_of_result(result: Result) -> Rules:
    return rules_of(policy_of(result.scheme_version).decide(result.round.options))


def roster(round: Round) -> list[RosterDepartment]:
    """The frozen list in 机构序列 order; who has been taken down stays on it."""
    rows = round.departments.prefetch_related("members").order_by("order", "id")
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
                )
                for member in row.members.all()
                if member.is_judged
            ),
        )
        for row in rows
    ]
