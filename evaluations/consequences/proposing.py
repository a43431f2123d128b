"""What a result proposes becomes rows of the register, once the appeals have ended.

A corrected result is compared with what stands in the register: what it proposes as well is kept, what it
proposes no longer is withdrawn, what is new is added. So nothing counts twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from departments.kinds import StaffKind
from evaluations.consequences.history import note
from evaluations.consequences.measures import measures_of
from evaluations.consequences.numbers import one_at_a_time
from evaluations.models import Disposition, DispositionEvent, Result, RoundDepartment, RoundMember
from evaluations.results.outcome import StoredConsequence, StoredOutcome
from evaluations.rounds import periods
from evaluations.rounds.subject_keys import department_key, person_key
from evaluations.scoring.measures import Measure
from office.errors import Refused
from office.models import User

State, Act = Disposition.State, DispositionEvent.Act
HAD_EFFECT = frozenset({State.SERVED, State.IN_FORCE, State.FULFILLED, State.LAPSED})

Key = tuple[int, int | None, str, str, str]
_OF_OTHERS = ("supervisor_of_section", "own_section", "principal")
_OF_PERSONS = ("self", *_OF_OTHERS)


@dataclass(frozen=True, slots=True)
class Proposed:
    """One thing that a result proposes for one unit or person."""

    subject: RoundDepartment
    member: RoundMember | None
    target: str
    word: str
    kind: str
    cause: StoredConsequence
    points: Decimal | None
    points_are_total: bool

    @property
    def key(self) -> Key:
        person = self.member.staff_member_id if self.member else None
        return _key(self.subject.department_id, person, self.target, self.cause.rule, self.word)

    @property
    def because(self) -> str:
        """Why, and whose grade or place it was: a person is reached by the unit's as well as by their own."""
        whose = "本人" if self.target == "self" else "单位"
        return f"{whose}{self.cause.because}"


def proposed_by(result: Result) -> Iterator[Proposed]:
    """Everything of a stored result that belongs into the register."""
    subjects = StoredOutcome.of(result).subjects
    measures = measures_of(result)
    for row in result.round.departments.prefetch_related("members"):
        subject = subjects.get(department_key(row.department_id))
        if subject is None:
            continue
        people = {person_key(one.staff_member_id): one for one in row.members.all()}
        causes = [(cause, "") for cause in subject.consequences]
        causes += [(cause, key) for key, one in subject.members.items() for cause in one.consequences]
        for cause, own in causes:
            for target, member in _addressed(cause, own, people):
                yield from _words(row, cause, target, member, measures)


def _addressed(
    cause: StoredConsequence, own: str, people: dict[str, RoundMember]
) -> Iterator[tuple[str, RoundMember | None]]:
    """Each target with the person it means; a principal whom no list names stays to be named."""
    members = [people[key] for key in cause.members if key in people]
    for target in cause.targets:
        if target not in _OF_PERSONS:
            yield target, None
    if not members and "principal" in cause.targets:
        yield "principal", None
    for member in members:
        if person_key(member.staff_member_id) == own:
            yield "self", member
        elif member.kind == StaffKind.PRINCIPAL_LEADER and "principal" in cause.targets:
            yield "principal", member
        else:
            others = [one for one in cause.targets if one in _OF_OTHERS]
            yield next((one for one in others if one != "principal"), "principal"), member


def _words(
    row: RoundDepartment,
    cause: StoredConsequence,
    target: str,
    member: RoundMember | None,
    measures: dict[str, Measure],
) -> Iterator[Proposed]:
    total = cause.points_to_date
    points = total if total is not None else cause.annual_points
    for place, word in enumerate(cause.proposes or [cause.label]):
        measure = measures.get(word)
        if measure and measure.kind == "proceeding":
            continue
        counts = points is not None and target == "department" and place == 0
        yield Proposed(
            subject=row,
            member=member,
            target=target,
            word=word,
            kind=measure.kind if measure else "reference",
            cause=cause,
            points=_decimal(points) if counts and points else None,
            points_are_total=counts and total is not None,
        )


def _decimal(points: str) -> Decimal:
    exact = Fraction(points)
    return Decimal(exact.numerator) / Decimal(exact.denominator)


def register(result: Result, *, now: datetime, acting_user: User) -> tuple[int, int, int]:
    """Bring the register in line with this result: how many were added, kept, withdrawn; the round is locked.

    Idempotent: the same result once more changes nothing.
    """
    today = timezone.localdate(now)
    rows = Disposition.objects.select_for_update(of=("self",)).filter(round=result.round).order_by("pk")
    # What its body lifted was decided on, and is not proposed anew.
    standing = {_key_of(one): one for one in rows if one.withdrawn_by_result_id is None}
    wanted = _joined(proposed_by(result))
    kept = [one for key, one in standing.items() if key in wanted and _same(one, wanted[key][0])]
    gone = [one for one in standing.values() if one not in kept and one.state != State.WITHDRAWN]
    new = [one for key, one in wanted.items() if key not in standing or standing[key] in gone]
    _withdraw(gone, result, now, acting_user)
    _note_kept([one for one in kept if one.result_id != result.pk], result, now, acting_user)
    _add(new, result, today, now, acting_user)
    return len(new), len(kept), len(gone)


def _joined(proposed: Iterable[Proposed]) -> dict[Key, list[Proposed]]:
    """What reaches a person for several reasons is one disposition with all of them."""
    found: dict[Key, list[Proposed]] = {}
    for one in proposed:
        found.setdefault(one.key, []).append(one)
    return found


def _key_of(one: Disposition) -> Key:
    person = None if one.named_by_decision else one.staff_member_id
    return _key(one.department_id, person, one.target, one.rule, one.word)


def _key(department: int, person: int | None, target: str, rule: str, word: str) -> Key:
    return (department, person, word, "", "") if person else (department, None, word, target, rule)


def _same(standing: Disposition, proposed: Proposed) -> bool:
    """Whether nothing that counts differs: other points are another disposition."""
    points = None if standing.points_by_decision else standing.points
    same = (points, standing.points_are_total) == (proposed.points, proposed.points_are_total)
    return same and standing.kind == proposed.kind


def _withdraw(gone: list[Disposition], result: Result, now: datetime, acting_user: User) -> None:
    reason = f"第{result.number}次结果不再提出"
    for one in gone:
        one.restore_flagged = one.state in HAD_EFFECT
        one.state, one.withdrawn_on, one.withdrawn_by_result = (
            State.WITHDRAWN,
            timezone.localdate(now),
            result,
        )
        one.reason = reason
    fields = ["restore_flagged", "state", "withdrawn_on", "withdrawn_by_result", "reason"]
    Disposition.objects.bulk_update(gone, fields)
    note(gone, Act.WITHDRAWN, reason, now=now, by=acting_user)


def _note_kept(kept: list[Disposition], result: Result, now: datetime, acting_user: User) -> None:
    for one in kept:
        one.result = result
    Disposition.objects.bulk_update(kept, ["result"])
    note(kept, Act.KEPT, f"第{result.number}次结果仍然提出", now=now, by=acting_user)


def _add(new: list[list[Proposed]], result: Result, today: date, now: datetime, acting_user: User) -> None:
    one_at_a_time()
    last = Disposition.objects.filter(register_year=today.year).aggregate(last=Max("register_serial"))
    ends = periods.last_day(result.round.period) or today
    rows = [
        Disposition(
            register_year=today.year,
            register_serial=serial,
            result=result,
            round=result.round,
            subject=one.subject,
            department_id=one.subject.department_id,
            staff_member_id=one.member.staff_member_id if one.member else None,
            person_name=one.member.name if one.member else "",
            person_post=(one.member.post or one.member.get_kind_display()) if one.member else "",
            target=one.target,
            rule=one.cause.rule,
            label=one.cause.label,
            clause=one.cause.clause,
            because="；".join(dict.fromkeys(each.because for each in causes))[:500],
            word=one.word,
            kind=one.kind,
            points=one.points,
            points_are_total=one.points_are_total,
            year=ends.year,
            proposed_on=today,
        )
        for serial, (one, causes) in enumerate(((each[0], each) for each in new), (last["last"] or 0) + 1)
    ]
    try:
        with transaction.atomic():
            made = Disposition.objects.bulk_create(rows)
    except IntegrityError as error:
        raise Refused("另一轮次刚刚登记了处置建议，登记号已被使用", "请重新办理，登记号自动顺延。") from error
    note(made, Act.PROPOSED, now=now, by=acting_user)
