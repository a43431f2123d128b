"""A round while people are asked: slips made, box opened and closed, ballots counted."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from evaluations.models import Round
from evaluations.polling.photos import photos_for
from evaluations.polling.questionnaire import form_of
from evaluations.rounds.channels import asked_by_ballot, holds_shares
from evaluations.rounds.services import slips_in
from evaluations.rounds.state import ENDED, at_step, survey_of
from evaluations.rounds.voters import panels_by_ballot
from evaluations.schemes.stored import policy_of
from office import audit, dates, roles
from office.errors import Refused
from office.models import User
from surveys import queries
from surveys import services as surveys

State = Round.State
# Below this nobody may set how many answers make a score: so few would point at voters (reading 9).
FEWEST_ANSWERS = 5


@transaction.atomic
def prepare_ballot(
    *,
    round: Round,
    acting_user: User,
    passphrase: str = "",
    custodian_key: str = "",
    closes_at: datetime | None = None,
    now: datetime | None = None,
) -> Round:
    """Fix questionnaire, options and slips, make the keys; from here on slips can be printed.

    `custodian_key` is the public half of the key that the inspectorate keeps offline. With a
    `passphrase` instead the server keeps the tally key, and asks for the passphrase again at opening
    and counting.
    """
    roles.require(acting_user, "round.open")
    current = at_step(round, State.FROZEN, to="制票")
    check_floors(current)
    if not slips_in(current):
        raise Refused("还没有安排各镇（街）的票数", "请先填写票数安排。")
    if closes_at and now and closes_at <= now:
        raise Refused("截止时间已过，不能制票", "请填写今后的日期和时间。")
    survey = surveys.create_survey(
        title=current.title,
        shares=dict(current.shares) if holds_shares(current) else {},
        closes=dates.moment(closes_at) if closes_at else "",
        panels={one.id: one.who for one in panels_by_ballot(current)},
        acting_user=acting_user,
    )
    surveys.set_form(
        survey=survey, form=form_of(current), published_photos=photos_for(current), acting_user=acting_user
    )
    plan = {int(town): dict(kinds) for town, kinds in current.slips_plan.items()}
    surveys.prepare_slips(survey=survey, plan=plan, acting_user=acting_user)
    current.survey = surveys.freeze_survey(
        survey=survey, passphrase=passphrase, custodian_key=custodian_key, acting_user=acting_user
    )
    current.state, current.closes_at = State.PREPARED, closes_at
    current.save(update_fields=["survey", "state", "closes_at"])
    after = {"票数合计": slips_in(current), "截止时间": survey.closes}
    audit.record("制票", current, acting_user=acting_user, after=after)
    return current


@transaction.atomic
def set_closing_time(*, round: Round, closes_at: datetime, now: datetime, acting_user: User) -> Round:
    """Set the end of a vote that was prepared without one."""
    roles.require(acting_user, "round.open")
    current = at_step(round, State.PREPARED, State.OPEN, to="设定截止时间")
    if closes_at <= now:
        raise Refused("截止时间已过，没有设定", "请填写今后的日期和时间。")
    surveys.set_closing(survey=survey_of(current), closes=dates.moment(closes_at), acting_user=acting_user)
    current.closes_at = closes_at
    current.save(update_fields=["closes_at"])
    after = {"截止时间": dates.moment(closes_at)}
    audit.record("设定截止时间", current, acting_user=acting_user, after=after)
    return current


def check_floors(round: Round) -> None:
    """Refuse an option below the floor that protects voters; what a scheme fixes the publication guards."""
    policy, step = policy_of(round.scheme_version), asked_by_ballot(round)
    name = policy.option_behind(step.id, "min_answers") if step else ""
    if step and name and step.min_answers < FEWEST_ANSWERS:
        raise Refused(
            "有口径低于保护评价人的最低要求，不能制票和开始评价",
            "请新建轮次，并调整下列口径：",
            faults=[f"{policy.options[name].label}：现为{step.min_answers}，最低为{FEWEST_ANSWERS}"],
        )


@transaction.atomic
def open_round(
    *, round: Round, today: date, acting_user: User, passphrase: str = "", rehearsal_answer: str = ""
) -> Round:
    """Open the box (YC-R6), once whoever holds the tally key has shown that it opens ballots."""
    roles.require(acting_user, "round.open")
    current = at_step(round, State.PREPARED, to="开始评价")
    check_floors(current)
    surveys.open_survey(
        survey=survey_of(current),
        passphrase=passphrase,
        rehearsal_answer=rehearsal_answer,
        acting_user=acting_user,
    )
    current.state = State.OPEN
    current.opened_on = today
    current.save(update_fields=["state", "opened_on"])
    audit.record("开始评价", current, acting_user=acting_user, after={"开始评价": today.isoformat()})
    return current


@transaction.atomic
def close_round(
    *,
    round: Round,
    today: date,
    acting_user: User,
    now: datetime | None = None,
    early_reason: str = "",
) -> Round:
    """Close the box: no ballot after it. Before the moment printed on the slips it takes a reason."""
    roles.require(acting_user, "round.close")
    current = at_step(round, State.OPEN, to="截止评价")
    early = bool(now and current.closes_at and now < current.closes_at)
    if early and not early_reason.strip():
        raise Refused(
            f"凭条上印的截止时间是{current.survey.closes if current.survey else ''}，现在还没有到",
            "确需提前截止的，请填写原因。",
        )
    surveys.close_survey(survey=survey_of(current), acting_user=acting_user)
    current.state = State.CLOSED
    current.closed_on = today
    current.save(update_fields=["state", "closed_on"])
    after = {"截止评价": today.isoformat(), **({"提前截止的原因": early_reason.strip()} if early else {})}
    audit.record("截止评价", current, acting_user=acting_user, after=after)
    return current


def may_cancel(round: Round, user: User) -> bool:
    if round.survey_id is None and roles.allowed(user, "round.edit"):
        return True
    return roles.allowed(user, "round.cancel")


@transaction.atomic
def cancel_round(*, round: Round, reason: str, acting_user: User) -> Round:
    """Give a round up for good, at any stage before publication.

    From the slips on it takes a reviewer or the leading group: the one who runs a vote does not end it alone.
    """
    current = at_step(round, *(state for state in State if state not in ENDED), to="作废轮次")
    if not may_cancel(current, acting_user):
        raise Refused("本轮次不能由您作废", f"制票之后由{roles.in_words('round.cancel')}人员办理。")
    if not reason.strip():
        raise Refused("没有写明作废原因", "请写明原因。")
    before = current.get_state_display()
    if current.survey:
        surveys.void_survey(survey=current.survey, acting_user=acting_user)
    current.state, current.void_reason = State.VOID, reason.strip()
    current.save(update_fields=["state", "void_reason"])
    after = {"状态": current.get_state_display(), "作废原因": current.void_reason}
    audit.record("作废轮次", current, acting_user=acting_user, before={"状态": before}, after=after)
    return current


@transaction.atomic
def tally_round(*, round: Round, passphrase: str, acting_user: User) -> Round:
    """Count the ballots on this server with the passphrase (the weaker mode, labelled as such)."""
    roles.require(acting_user, "survey.tally")
    current = at_step(round, State.CLOSED, to="计票")
    surveys.tally_survey(survey=survey_of(current), passphrase=passphrase, acting_user=acting_user)
    audit.record("计票", current, acting_user=acting_user)
    return current


@transaction.atomic
def import_counts(*, round: Round, content: bytes, acting_user: User, reason: str = "") -> Round:
    """Take in what the custodian counted and signed offline, checked against bundle and signature."""
    roles.require(acting_user, "survey.import")
    current = at_step(round, State.CLOSED, to="导入计票结果")
    surveys.import_counts(survey=survey_of(current), content=content, reason=reason, acting_user=acting_user)
    audit.record("导入计票结果", current, acting_user=acting_user)
    return current


def refuse_broken_controls(round: Round) -> None:
    """A box whose controls do not hold, or whose bundle is no longer the one counted, gives no result."""
    if round.survey is None:  # scored from other evidence: there is no box
        return
    faults = queries.control_faults(round.survey)
    if faults:
        raise Refused(
            "清点核对不成立，不能继续", "请逐项查明原因，由纪检监察人员说明后再办理：", faults=faults
        )
