"""A thin copy of the result in force, for accounts over many years: whole outcomes are too long to read."""

from __future__ import annotations

from collections.abc import Iterator

from evaluations.models import Result, Standing
from evaluations.results.outcome import StoredMember, StoredOutcome
from evaluations.rounds import periods
from evaluations.rounds.subject_keys import department_key, person_key


def keep(result: Result) -> None:
    """Write how this result leaves everybody in its round; what an earlier one left goes."""
    Standing.objects.filter(round=result.round).delete()
    Standing.objects.bulk_create(_rows(result), batch_size=500)


def _rows(result: Result) -> Iterator[Standing]:
    subjects = StoredOutcome.of(result).subjects
    ends = periods.last_day(result.round.period) or result.computed_at.date()
    for row in result.round.departments.filter(is_judged=True).prefetch_related("members"):
        subject = subjects.get(department_key(row.department_id))
        if subject is None:
            continue
        around = {"result": result, "round": result.round, "subject": row, "department_id": row.department_id}
        when = {"year": ends.year, "ends_on": ends}
        yield Standing(**around, **when, **_told(subject), score=subject.score or "")
        for member in row.members.all():
            one = subject.members.get(person_key(member.staff_member_id))
            if one and (one.grade or one.listed):
                yield Standing(**around, **when, **_told(one), staff_member_id=member.staff_member_id)


def _told(one: StoredMember) -> dict[str, object]:
    return {"grade": one.grade or "", "rank": one.rank, "listed": one.listed or ""}
