"""Merge duplicates (并案): one matter goes on, and everybody who reported it follows that one."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from casework.matters import beside
from casework.matters.closing import end_as
from casework.matters.events import Act, note
from casework.matters.state import HANDLED, State, locked_in_order, require_state
from casework.models import Matter
from office import roles
from office.errors import Refused
from office.models import User

MERGED = (State.HELD, State.REGISTERED, State.ACCEPTED, State.JUDGED, *HANDLED)
GOES_ON = (
    State.REGISTERED,
    State.ACCEPTED,
    State.JUDGED,
    *HANDLED,
    State.COMPLETED,
    State.CALLING,
    State.REFERRED,
)


@transaction.atomic
def merge_matter(*, matter: Matter, into: Matter, now: datetime, acting_user: User) -> Matter:
    """Join a matter to another that is open; return the one that goes on."""
    roles.require(acting_user, "matter.run")
    if matter.pk == into.pk:
        raise Refused("事项不能并入自身", "请选择另一事项。")
    both = locked_in_order((matter.pk, into.pk))
    ended, kept = both[matter.pk], both[into.pk]
    require_state(ended, *MERGED, to="并案")
    require_state(kept, *GOES_ON, to="作为并案的主事项")
    beside.merged_beside(ended, kept, acting_user)
    ended.merged_into = kept
    end_as(ended, State.MERGED, now=now)
    ended.merged_ones.update(merged_into=kept)
    note(ended, Act.MERGED, now=now, by=acting_user, text=f"并入{kept.number}")
    note(kept, Act.MERGED, now=now, by=acting_user, text=f"{ended.number}并入本事项")
    return kept


def surviving(matter: Matter) -> Matter:
    """Return the matter in which a merged one goes on; any other is itself."""
    return matter.merged_into or matter
