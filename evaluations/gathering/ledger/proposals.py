"""Ended matters propose entries (JL (7), (10); FC −10): taken over or set aside here, once per matter.

A procedure's `evidence` says which endings propose what. Proposals follow the matter: what a review turns
round is withdrawn, here and in the ledger, unless a round has already counted it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.utils import timezone

from casework.models import Assignment, Matter, MatterEvent
from casework.procedure.parts import Evidence
from casework.procedure.words import TRACE_LABELS, Trace
from departments.models import Department
from evaluations.gathering.ledger import services
from evaluations.gathering.ledger.book import ITEM, Ledger, LedgerRule, find_ledger
from evaluations.models import MatterProposal, Occurrence
from office import audit, roles
from office.errors import Refused
from office.models import User

State = MatterProposal.State
Act = MatterEvent.Act
TRACES = {Trace.SUPERVISED: Act.SUPERVISED, Trace.REOPENED: Act.REOPENED, Trace.RETURNED: Act.RETURNED}
CHANGED = "事项办理结论已改变"


@dataclass(frozen=True)
class Proposed:
    """What a matter proposes as it stands."""

    ledger: Ledger
    rule: LedgerRule
    unit: Department
    day: date
    why: str

    @property
    def key(self) -> tuple[str, str, int]:
        return self.ledger.scheme_id, self.rule.key, self.unit.pk


def proposed_by(matter: Matter) -> Iterator[Proposed]:
    """Yield what a closed matter proposes; a unit that no scheme judges is left out."""
    if matter.state != Matter.State.CLOSED or matter.closed_at is None:
        return
    for evidence in matter.procedure.evidence:
        ledger = find_ledger(evidence.scheme)
        rule = ledger.rules.get(f"{ITEM}:{evidence.rule}") if ledger else None
        if ledger is None or rule is None or not _holds(matter, evidence):
            continue
        scoped = {unit.pk: unit for unit in ledger.units()}
        day = timezone.localdate(matter.closed_at)
        for unit in dict.fromkeys(_units(matter, evidence)):
            known = scoped.get(unit.pk) or (scoped.get(unit.parent_id) if unit.parent_id else None)
            if known is not None:
                yield Proposed(ledger, rule, known, day, _why(matter, evidence))


def _holds(matter: Matter, evidence: Evidence) -> bool:
    """Whether all that the procedure names is there: finding, outcome, trace, answers."""
    if evidence.findings and matter.finding not in evidence.findings:
        return False
    if evidence.outcomes and matter.outcome not in evidence.outcomes:
        return False
    if any(str(matter.fields.get(name, "")) not in answers for name, answers in evidence.fields.items()):
        return False
    return not evidence.traces or bool(_traces(matter, evidence))


def _traces(matter: Matter, evidence: Evidence) -> list[MatterEvent]:
    """Return the events that are traces; of what was supervised those for one of the named clocks."""
    acts = [TRACES[trace] for trace in evidence.traces]
    events = matter.events.filter(act__in=acts).select_related("assignment__unit")
    wanted = set(evidence.clocks)
    return [one for one in events if not wanted or wanted.intersection(one.data.get("clocks", ()))]


def _units(matter: Matter, evidence: Evidence) -> list[Department]:
    """A trace was left by whoever handled it; a finding is about the unit that was complained about.

    What was reopened is laid on the unit in charge. A limit that is no unit's own, such as that of the
    assignment, is laid on nobody.
    """
    if not evidence.traces and matter.about is not None:
        return [matter.about]
    traces = _traces(matter, evidence)
    if found := [event.assignment.unit for event in traces if event.assignment]:
        return found
    if evidence.traces and not any(event.act == Act.REOPENED for event in traces):
        return []
    gone = (Assignment.State.HANDED_BACK, Assignment.State.TAKEN_BACK)
    leads = matter.assignments.filter(is_lead=True).exclude(state__in=gone).select_related("unit")
    return [one.unit for one in leads.order_by("-pk")[:1]]


def _why(matter: Matter, evidence: Evidence) -> str:
    said = [one.label for one in matter.procedure.findings if one.id == matter.finding]
    outcome = matter.procedure.outcome(matter.outcome)
    said += [outcome.label] if outcome and evidence.outcomes else []
    said += [TRACE_LABELS[trace] for trace in evidence.traces]
    return f"{matter.procedure.desk}：{'、'.join(said)}（{evidence.source}）"[:300]


@transaction.atomic
def follow(matter: Matter, *, now: datetime) -> None:
    """Bring the proposals of a matter to what it proposes now."""
    wanted = {one.key: one for one in proposed_by(matter)}
    for kept in MatterProposal.objects.select_for_update(of=("self",)).filter(matter=matter):
        found = wanted.pop((kept.scheme_id, kept.rule, kept.department_id), None)
        if found is not None:
            _again(kept, found)
        elif kept.state == State.WAITING:
            kept.state, kept.reason = State.WITHDRAWN, CHANGED
            kept.save()
        elif kept.state == State.TAKEN and matter.state == Matter.State.CLOSED:
            _take_back(kept, now)
    for new in wanted.values():
        MatterProposal.objects.create(
            matter=matter,
            scheme_id=new.ledger.scheme_id,
            rule=new.rule.key,
            department=new.unit,
            day=new.day,
            why=new.why,
        )


def _again(kept: MatterProposal, found: Proposed) -> None:
    """What was withdrawn when the matter was reopened waits again when it ends the same way."""
    if kept.state in (State.WITHDRAWN, State.WAITING):
        kept.state, kept.reason, kept.occurrence = State.WAITING, "", None
        kept.day, kept.why = found.day, found.why
        kept.save()


def _take_back(kept: MatterProposal, now: datetime) -> None:
    """Withdraw the entry; one that a round has counted is left to whoever corrects the round."""
    entry = kept.occurrence
    if entry is not None and entry.state != Occurrence.State.WITHDRAWN:
        if services.round_that_took(entry) is not None:
            kept.state, kept.reason = State.STALE, f"{CHANGED}，记录已计入轮次，请按更正程序处理"
            kept.save()
            return
        entry.state, entry.withdrawn_at, entry.withdrawn_reason = Occurrence.State.WITHDRAWN, now, CHANGED
        entry.save(update_fields=["state", "withdrawn_at", "withdrawn_reason"])
        after = {"状态": Occurrence.State.WITHDRAWN.label, "原因": f"{CHANGED}（{kept.matter.number}）"}
        audit.record("撤回台账", entry, acting_user=None, after=after)
    kept.state, kept.reason = State.WITHDRAWN, CHANGED
    kept.save()


@receiver(post_save, sender=Matter)
def _matter_was_saved(instance: Matter, *, update_fields: Any = None, **_: Any) -> None:
    settled = instance.state == Matter.State.CLOSED or instance.times_reopened
    if update_fields is None and settled and instance.procedure.evidence:
        follow(instance, now=timezone.now())


# --- What the reviewer does ----------------------------------------------------------------------------


def waiting_for(scheme_id: str) -> QuerySet[MatterProposal]:
    rows = MatterProposal.objects.filter(scheme_id=scheme_id, state__in=(State.WAITING, State.STALE))
    return rows.select_related("matter__version", "department", "occurrence")


@transaction.atomic
def take_over(*, proposal: MatterProposal, now: datetime, acting_user: User) -> Occurrence:
    """Enter and confirm what a matter proposes: found by whoever ended it, confirmed by somebody else."""
    roles.require(acting_user, "gathering.settle")
    one, ledger = _waiting(proposal)
    finder = _who_ended(one.matter)
    if finder is None or finder.pk == acting_user.pk:
        raise Refused("认定事项办理结果的人员不能确认由此提出的记录", "请由另一名复核人员处理。")
    draft = services.Draft(
        department=one.department,
        value=f"{ITEM}:{one.rule}",
        day=one.day,
        practice=one.matter.number,
        title=one.matter.title,
        remark=one.why,
    )
    if faults := services.faults_of(ledger, draft, today=timezone.localdate(now)):
        raise Refused("这一线索不能计入台账", "请核对：", faults=[text for _, text in faults])
    entry = draft.made(one.scheme_id)
    entry.entered_by, entry.entered_at = finder, now
    entry.save()
    audit.record("登记台账", entry, acting_user=finder, after=services.in_words(entry, ledger.rules))
    services.confirm_occurrences(occurrences=[entry], now=now, acting_user=acting_user)
    entry.refresh_from_db()
    one.occurrence = entry
    _settle(one, State.TAKEN, reason="", now=now, by=acting_user)
    return entry


@transaction.atomic
def set_aside(*, proposal: MatterProposal, reason: str, now: datetime, acting_user: User) -> MatterProposal:
    """Leave it out of the ledger, with a reason."""
    roles.require(acting_user, "gathering.settle")
    one, _ = _waiting(proposal)
    if not reason.strip():
        raise Refused("没有写明不计入的理由", "请写明理由。")
    return _settle(one, State.SET_ASIDE, reason=reason.strip()[:300], now=now, by=acting_user)


def _waiting(proposal: MatterProposal) -> tuple[MatterProposal, Ledger]:
    rows = MatterProposal.objects.select_for_update(of=("self",)).select_related(
        "matter__version", "department"
    )
    one = rows.get(pk=proposal.pk)
    if one.state != State.WAITING:
        raise Refused(f"这一线索{one.get_state_display()}，不能再处理", "请刷新页面查看。")
    ledger = find_ledger(one.scheme_id)
    if ledger is None:
        raise Refused("该评价方案没有启用，或没有台账", "请刷新页面后重新选择。")
    return one, ledger


def _who_ended(matter: Matter) -> User | None:
    events = matter.events.filter(act=Act.CLOSED).exclude(by=None).select_related("by")
    last = events.order_by("-pk").first()
    return last.by if last else None


def _settle(
    one: MatterProposal, state: MatterProposal.State, *, reason: str, now: datetime, by: User
) -> MatterProposal:
    one.state, one.reason, one.settled_by, one.settled_at = state, reason, by, now
    one.save()
    after = {"事项": one.matter.number, "状态": state.label} | ({"理由": reason} if reason else {})
    audit.record("处理台账线索", one, acting_user=by, after=after)
    return one
