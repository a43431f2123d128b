"""The county with its round in a state that a test starts from; each state is built once a session."""

from __future__ import annotations

from collections.abc import Callable

from evaluations import services
from evaluations.models import Round
from tests.evaluations.county import KINDS_IN_TURN, OPENED, County, fresh, ordinary_ballots
from tests.evaluations.custodian import Custodian
from tests.kit.publishing import publish, run_waiting_jobs, varied_ballots
from tests.kit.stored_states import stored

WRITTEN = "办证跑了三趟才受理"  # the remark on ballots whose key the custodian keeps


def _cast(county: County, round_: Round) -> Round:
    county.vote_all(ordinary_ballots())
    return round_


def _publish(county: County, round_: Round) -> Round:
    publish(round_, county)
    return fresh(round_)


STEPS: dict[str, Callable[[County, Round], Round]] = {
    "frozen": County.freeze,
    "prepared": County.prepare,
    "opened": County.open,
    "voted": _cast,
    "closed": County.close,
    "counted": County.tally,
    "computed": County.compute,
    "signed_off": County.sign_off,
    "served": County.serve,
    "appeals_ended": County.end_appeals,
    "published": _publish,
}
STATES = ("founded", "created", *STEPS)
WITH_VOTES = STATES[STATES.index("voted") :]
OFFLINE = ("prepared offline", "opened offline", "closed offline")


@stored
def county_at(state: str, *, varied: bool = False) -> County:
    """Ten ordinary ballots are cast; `varied` ones, too, where a result is to be shown with numbers."""
    if state == "founded":
        return County()
    before = STATES[STATES.index(state) - 1]
    county = county_at(before, varied=varied and before in WITH_VOTES)
    county.round = county.create() if state == "created" else STEPS[state](county, county.round)
    if varied and state == "voted":
        county.vote_all(varied_ballots())
    return county


@stored
def county_with(custodian: Custodian, state: str) -> County:
    """The custodian keeps the tally key; ordinary and varied ballots are cast before the close."""
    if state == "prepared offline":
        county = county_at("frozen")
        county.round = county.prepare(county.round, custodian.public_key.decode())
    elif state == "opened offline":
        county = county_with(custodian, "prepared offline")
        answer = custodian.answer(county.survey.rehearsal["challenge"])
        county.round = services.open_round(
            round=county.round, rehearsal_answer=answer, today=OPENED, acting_user=county.operator
        )
    else:
        county = county_with(custodian, "opened offline")
        for number, answers in enumerate([*ordinary_ballots(), *varied_ballots()]):
            remark = WRITTEN if answers.get("乙科员一") == "不满意" else ""
            county.vote(answers, KINDS_IN_TURN[number % 5], remark=remark)
        county.round = county.close(county.round)
        run_waiting_jobs()  # the worker writes the bundle
    return county
