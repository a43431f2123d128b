"""From counts to a result in force: computed, signed off by another person, served."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet

from evaluations.models import Appeal, Channel, Correction, Result, Round
from evaluations.polling.services import refuse_broken_controls
from evaluations.results import appeal_days
from evaluations.results.facts import facts_of
from evaluations.results.recompute import judge
from evaluations.rounds.state import at_step, locked
from evaluations.schemes.stored import policy_of
from evaluations.scoring import canonical
from evaluations.scoring.scheme import Approval
from office import audit, roles
from office.calendar import days
from office.errors import Refused
from office.jobs import services as jobs
from office.models import User
from surveys import queries

State = Round.State


def current_result(round: Round) -> Result:
    """Return the result that no other replaces."""
    with_it = ("scheme_version", "round", "computed_by", "signed_off_by", "approved_by")
    result = round.results.filter(replaced_by=None).select_related(*with_it).first()
    if result is None:
        raise Refused("本轮次还没有计算结果", "请先计算。")
    return result


@transaction.atomic
def compute_round(*, round: Round, now: datetime, acting_user: User, reason: str = "") -> Result:
    """Judge the counted round and store facts, outcome and derivations (YC-R10, YC-R11).

    Nothing is edited: computing again, such as after an appeal was upheld, makes a new result that names the
    one it replaces and the reason, and it needs sign-off and service again.
    """
    roles.require(acting_user, "round.compute")
    steps = [State.CLOSED, State.COMPUTED, State.SERVED]
    if locked(round.pk).is_being_corrected:
        steps.append(State.PUBLISHED)
    current = at_step(round, *steps, to="计算结果")
    replaced = current.results.filter(replaced_by=None).first()
    if current.state == State.SERVED:
        _refuse_the_same_again(replaced)
    if waiting := Correction.objects.filter(result=replaced, agreed_by=None).count():
        raise Refused(f"还有{waiting}项更正等待另一人同意，不能重新计算", "请先同意，或撤下。")
    if replaced and not reason.strip():
        raise Refused("本轮次已有计算结果，重新计算须填写原因", "请填写原因后再计算。")
    facts = canonical(facts_of(current))
    refuse_broken_controls(current)
    result = Result.objects.create(
        round=current,
        number=current.results.count() + 1,
        replaces=replaced,
        reason=reason.strip(),
        scheme_version=current.scheme_version,
        facts=facts,
        outcome=judge(current.scheme_version, facts),
        ballots=queries.touched(current.survey) if current.survey else None,
        computed_by=acting_user,
        computed_at=now,
    )
    current.state = State.COMPUTED
    appeal_days.forget(current)
    current.save(update_fields=["state", *appeal_days.PROMISED])
    audit.record(
        "计算结果", result, acting_user=acting_user, after={"第几次结果": result.number, "原因": reason}
    )
    return result


def _refuse_the_same_again(served: Result | None) -> None:
    """A served result is computed again only after a correction; else it would come out the same."""
    if waiting := Appeal.objects.filter(result=served, state=Appeal.State.LODGED).count():
        raise Refused(f"还有{waiting}件申诉没有复核，不能重新计算", "请先全部复核，再一并更正。")
    if uncorrected(served).exists():
        raise Refused(
            "有申诉已采纳，但还没有更正，现在重新计算，结果不会改变",
            "请复核人员先办理更正；不必更正的，注明原因。",
        )
    if not calling_for_result(served).exists():
        raise Refused("结果已经送达，没有因采纳申诉而作更正，不能重新计算")


def upheld_against(result: Result | None) -> QuerySet[Appeal]:
    """Return the upheld appeals against this very result; those against an earlier one are dealt with."""
    return Appeal.objects.filter(result=result, state=Appeal.State.UPHELD)


def uncorrected(result: Result | None) -> QuerySet[Appeal]:
    return upheld_against(result).filter(correction="")


def appeals_wait_for(round: Round) -> str:
    """Return what appeals against the served result wait for.

    `decide`, `correct`, `settle` (channels opened again), `compute` or nothing.
    """
    return appeals_wait_in([round]).get(round.pk, "")


def appeals_wait_in(rounds: Iterable[Round]) -> dict[int, str]:
    """Return what appeals wait for by round, where they wait; two queries for any number of rounds."""
    served = [one.pk for one in rounds if one.state == State.SERVED]
    current = Appeal.objects.filter(round__in=served, result__replaced_by=None)
    appeals: dict[int, list[Appeal]] = {}
    for one in current.only("round", "state", "correction", "calls_for_result") if served else ():
        appeals.setdefault(one.round_id, []).append(one)
    upheld = [key for key, found in appeals.items() if any(one.state == Appeal.State.UPHELD for one in found)]
    again = _corrections_of(upheld) if upheld else {}
    return {key: _waits_for(found, again.get(key, [])) for key, found in appeals.items()}


def _waits_for(appeals: list[Appeal], again: list[tuple[int | None, str]]) -> str:
    if any(one.state == Appeal.State.LODGED for one in appeals):
        return "decide"
    if any(one.state == Appeal.State.UPHELD and not one.correction for one in appeals):
        return "correct"
    if any(agreed_by is None for agreed_by, _ in again):
        return "correct"
    if any(channel == Channel.State.OPEN for _, channel in again):
        return "settle"
    return "compute" if any(one.calls_for_result for one in appeals) else ""


def is_gathered_again(round: Round) -> bool:
    """Whether a channel that two persons opened to correct the result still has to be settled."""
    found = _corrections_of([round.pk]).get(round.pk, [])
    return any(by is not None and channel == Channel.State.OPEN for by, channel in found)


def _corrections_of(rounds: list[int]) -> dict[int, list[tuple[int | None, str]]]:
    """Who agreed to each correction of the results in force, and the state of its channel, by round."""
    rows = Correction.objects.filter(result__round__in=rounds, result__replaced_by=None)
    found: dict[int, list[tuple[int | None, str]]] = {}
    for key, by, state in rows.values_list("result__round", "agreed_by", "channel__state"):
        found.setdefault(key, []).append((by, state))
    return found


def calling_for_result(result: Result | None) -> QuerySet[Appeal]:
    return upheld_against(result).filter(calls_for_result=True)


@transaction.atomic
def begin_correction(*, round: Round, reason: str, decision: str, acting_user: User) -> Round:
    """Allow the list and the result of a published round to be corrected.

    What is published stands until the correction has gone the same way: computed, signed off by another
    person, served, appeals, published with the next number.
    """
    roles.require(acting_user, "round.publish")
    current = at_step(round, State.PUBLISHED, to="更正公布")
    if current.is_being_corrected:
        raise Refused("本轮次的更正公布已经开始", "请先办理更正，再重新计算。")
    if not reason.strip() or not decision.strip():
        raise Refused("更正公布须有原因和批准文号", "请写明更正原因，填写批准文件的文号。")
    current.correction_reason, current.correction_decision = reason.strip(), decision.strip()
    current.save(update_fields=["correction_reason", "correction_decision"])
    after = {"原因": current.correction_reason, "批准文号": current.correction_decision}
    audit.record("开始更正公布", current, acting_user=acting_user, after=after)
    return current


@transaction.atomic
def sign_off_round(*, round: Round, now: datetime, acting_user: User) -> Result:
    """Sign the result off; never the person who computed it (reading 10)."""
    roles.require(acting_user, "round.sign_off")
    current = at_step(round, State.COMPUTED, to="审定结果")
    result = current_result(current)
    if result.computed_by_id == acting_user.pk:
        raise Refused("计算人不能审定自己计算的结果", "请由另一位有审定权限的人员审定。")
    result.signed_off_by = acting_user
    result.signed_off_at = now
    result.save(update_fields=["signed_off_by", "signed_off_at"])
    current.state = State.SIGNED_OFF
    current.save(update_fields=["state"])
    audit.record("审定结果", result, acting_user=acting_user, after={"计算人": str(result.computed_by)})
    if current.survey_id:
        jobs.enqueue("evaluations.results_bundle", {"result": result.pk}, acting_user=acting_user)
    return result


def approval_of(round: Round) -> Approval | None:
    """Return who approves the results after the sign-off; None where the scheme asks for nobody."""
    return policy_of(round.scheme_version).defaults.approval


@transaction.atomic
def approve_round(*, round: Round, now: datetime, acting_user: User) -> Result:
    """Approve a result that was signed off, where the scheme asks for it; by a third person (JL-R9)."""
    roles.require(acting_user, "round.approve")
    current = at_step(round, State.SIGNED_OFF, to="批准结果")
    approval = approval_of(current)
    if approval is None:
        raise Refused("本轮次的评价方案没有规定由领导小组批准", "请直接送达结果。")
    result = current_result(current)
    if acting_user.pk in (result.computed_by_id, result.signed_off_by_id):
        raise Refused("计算人、审定人不能批准自己经手的结果", "请由领导小组的另一位人员批准。")
    result.approved_by, result.approved_at = acting_user, now
    result.save(update_fields=["approved_by", "approved_at"])
    current.state = State.APPROVED
    current.save(update_fields=["state"])
    after = {"批准机构": approval.by, "依据": approval.clause, "审定人": str(result.signed_off_by)}
    audit.record("批准结果", result, acting_user=acting_user, after=after)
    return result


@transaction.atomic
def return_result(*, round: Round, reason: str, now: datetime, acting_user: User) -> Result:
    """Send a result back before it is served; it has to be computed again."""
    roles.require(acting_user, "round.return")
    current = at_step(round, State.COMPUTED, State.SIGNED_OFF, State.APPROVED, to="退回结果")
    if not reason.strip():
        raise Refused("没有写明退回原因", "请写明需要核对或更正之处。")
    result = current_result(current)
    result.returned_by, result.returned_at, result.return_reason = acting_user, now, reason.strip()
    result.save(update_fields=["returned_by", "returned_at", "return_reason"])
    current.state = State.CLOSED
    current.save(update_fields=["state"])
    audit.record("退回结果", result, acting_user=acting_user, after={"退回原因": reason.strip()})
    return result


def sent_back(round: Round) -> str:
    """Say who sent the latest result back and why; empty unless it waits to be computed again."""
    last = in_force([round]).get(round.pk) if round.state == State.CLOSED else None
    return said_sent_back(last) if last else ""


def said_sent_back(result: Result) -> str:
    if result.returned_by is None:
        return ""
    return f"第{result.number}次结果已由{result.returned_by}退回：{result.return_reason}"


def in_force(rounds: Iterable[Round]) -> dict[int, Result]:
    """Return the results in force by round, in one query and without what they were computed from."""
    rows = Result.objects.filter(round__in=[one.pk for one in rounds], replaced_by=None)
    with_it = rows.select_related("returned_by").defer("facts", "outcome", "ballots")
    return {one.round_id: one for one in with_it}


@transaction.atomic
def serve_round(*, round: Round, today: date, acting_user: User) -> Round:
    """Serve the result on departments and persons; the days for appeals begin, as the scheme has them."""
    roles.require(acting_user, "round.serve")
    current = at_step(round, State.SIGNED_OFF, State.APPROVED, to="送达结果")
    approval = approval_of(current)
    if approval and current.state == State.SIGNED_OFF:
        raise Refused("结果还没有经领导小组批准，不能送达", f"请先报{approval.by}批准。")
    current.served_on = today
    appeal_days.promise(current, days.clock())
    current.state = State.SERVED
    current.save(update_fields=["state", *appeal_days.PROMISED])
    after = {
        "送达日期": today.isoformat(),
        "申诉截止": f"{current.appeals_until}" + ("（暂定）" if current.appeals_provisional else ""),
    }
    audit.record("送达结果", current, acting_user=acting_user, after=after)
    return current
