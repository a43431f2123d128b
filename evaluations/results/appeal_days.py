"""Until when a served result may be appealed against, as the scheme says; promised at service."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from evaluations.models import Round
from evaluations.schemes.stored import scheme_of
from evaluations.scoring.appealing import Appeals
from office import audit, dates
from office.calendar import days, provisional
from office.calendar.deadlines import Clock, Ends, Span, is_in_time

WHO = {"unit": "单位", "person": "个人"}


@dataclass(frozen=True)
class Term:
    """The end of the appeal days for units or for persons; `closes` None is 24:00."""

    who: str
    last_day: date
    closes: time | None
    why: str

    @property
    def whose(self) -> str:
        return WHO[self.who]

    @property
    def end_in_words(self) -> str:
        return f"{dates.day(self.last_day)} " + (f"{self.closes:%H:%M}" if self.closes else "24:00")

    def is_met_by(self, moment: datetime) -> bool:
        return is_in_time(days.local(moment), self.last_day, self.closes)


def rule_of(round: Round) -> Appeals:
    return scheme_of(round).appealing


def promise(round: Round, clock: Clock) -> None:
    """Set the end of the appeal days from the day of service, with what it rests on; the caller saves."""
    rule = rule_of(round)
    if round.served_on is None:
        raise ValueError("a result that is not served has no appeal days")
    rests_on = {}
    for who, ends in rule.lodged_by.items():
        limit = clock.limit(round.served_on, Span(rule.working_days, ends=Ends(ends)))
        rests_on[who] = {
            **limit.rests_on(),
            "closes": limit.closes and limit.closes.isoformat("minutes"),
            "why": limit.why("送达"),
        }
        round.appeals_until, round.appeals_provisional = limit.last_day, limit.is_provisional
    round.appeals_rest_on = rests_on


def forget(round: Round) -> None:
    round.served_on = round.appeals_until = None
    round.appeals_rest_on, round.appeals_provisional = {}, False


PROMISED = ["served_on", "appeals_until", "appeals_rest_on", "appeals_provisional"]


def terms_of(round: Round) -> list[Term]:
    """Return the end for each who may appeal; promised before ends of day were kept: 24:00 for all."""
    if round.appeals_until is None:
        return []
    kept = round.appeals_rest_on or {who: {"closes": None, "why": ""} for who in rule_of(round).lodged_by}
    return [
        Term(who, round.appeals_until, one["closes"] and time.fromisoformat(one["closes"]), one["why"])
        for who, one in kept.items()
    ]


def days_in_words(round: Round) -> str:
    """Say how long and until which hour, before anything is served."""
    rule = rule_of(round)
    ends = {"office": "到下班为止", "citizen": "到24时为止"}
    said = "，".join(f"{WHO[who]}{ends[end]}" for who, end in rule.lodged_by.items())
    return f"自次日起{rule.working_days}个工作日为申诉期，最后一日{said}。"


@provisional.settles
def settle(clock: Clock) -> None:
    """Settle the appeal days that hung on a year without a calendar; those that still do stay."""
    waiting = Round.objects.select_for_update().filter(state=Round.State.SERVED, appeals_provisional=True)
    for round_ in waiting.order_by("pk"):
        before = round_.appeals_until
        promise(round_, clock)
        if round_.appeals_provisional or before is None or round_.appeals_until is None:
            continue
        round_.save(update_fields=PROMISED)
        audit.record(
            "确定申诉截止日",
            round_,
            acting_user=None,
            before={"暂定截止": before.isoformat()},
            after={"申诉截止": round_.appeals_until.isoformat()},
        )
