"""Change the category of a matter (调整类别), or let it rise; the first one is kept."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from casework.matters import clocks, parties
from casework.matters.clocks import Reckoner
from casework.matters.events import Act, note
from casework.matters.state import State, at_state
from casework.models import Matter
from office import roles
from office.errors import Refused
from office.models import User

WHILE = (State.JUDGED, State.ASSIGNED, State.REPLIED, State.COMPLETED, State.CALLING, State.CLOSING)


@transaction.atomic
def change_category(
    *, matter: Matter, category: str, reason: str, now: datetime, acting_user: User
) -> Matter:
    """Sort a matter anew with a reason; its running limits follow, and none ends before this moment."""
    roles.require(acting_user, "matter.run")
    procedure = matter.procedure
    if category not in {one.id for one in procedure.categories.items}:
        raise Refused(f"没有这一{procedure.categories.label}", "请刷新页面后重新选择。")
    if not reason.strip():
        raise Refused("没有写明调整的理由", "请写明理由。")
    current = at_state(matter, *WHILE, to=f"调整{procedure.categories.label}")
    parties.require_no_part(acting_user, current)
    if current.category == category:
        raise Refused(f"本事项已经是{current.category_label}", "请选择另一类。")
    before = current.category_label
    current.category = category
    current.save(update_fields=["category"])
    clocks.changed(current, now=now, reckoner=Reckoner())
    text = f"{before}调整为{current.category_label}：{reason.strip()}"
    note(current, Act.RECOLORED, now=now, by=acting_user, text=text)
    return current
