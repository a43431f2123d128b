"""Do a matter once more (重办), by somebody else; after that it goes up."""

from __future__ import annotations

from datetime import datetime

from casework.matters import clocks
from casework.matters.clocks import Reckoner
from casework.matters.events import Act, note
from casework.matters.state import State
from casework.models import Matter
from office.models import User

UNSATISFIED = "回访不满意"


def after_dissatisfaction(matter: Matter, *, now: datetime) -> None:
    """Reopen as often as the procedure says, then refer; what was answered before stays as it was."""
    rule = matter.procedure.reopening
    if rule is None:
        return
    if matter.times_reopened >= rule.times:
        refer(matter, f"重办{matter.times_reopened}次后{UNSATISFIED}", now=now, by=None)
        return
    reopen(matter, UNSATISFIED, now=now, by=None, category=rule.category)


def reopen(
    matter: Matter, why: str, *, now: datetime, by: User | None, category: str | None = None
) -> Matter:
    """Let a matter be assigned anew as another round; the former assignments are kept with their answers."""
    clocks.void(matter.clocks.filter(state__in=clocks.OPEN), now=now)
    matter.times_reopened += 1
    matter.category = category or matter.category
    matter.state = State.JUDGED
    matter.outcome = matter.finding = ""
    matter.is_solved, matter.closed_at, matter.countersigned_by = False, None, None
    matter.save()
    text = f"{why}，第{matter.times_reopened}次重办，{matter.category_label}"
    note(matter, Act.REOPENED, now=now, by=by, text=text)
    clocks.begin_again(matter, Act.REOPENED.label, now=now, reckoner=Reckoner())
    return matter


def refer(matter: Matter, why: str, *, now: datetime, by: User | None) -> Matter:
    """Let a matter wait for the leading group: nobody handles it until they decide."""
    matter.state, matter.referred_at, matter.referred_why = State.REFERRED, now, why[:200]
    matter.save(update_fields=["state", "referred_at", "referred_why"])
    note(matter, Act.REFERRED, now=now, by=by, text=matter.referred_why)
    return matter
