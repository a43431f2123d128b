"""What all acts on a rectification share: the locked row, who acts for the unit, the note of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.urls import reverse

from departments.access import own_units
from departments.notices.services import Letter, send_notice
from evaluations.models import Rectification, RectificationEvent, RectificationItem
from office import roles
from office.errors import Refused
from office.models import User
from office.roles import CENTRE

State, ItemState, Act = Rectification.State, RectificationItem.State, RectificationEvent.Act
RUNNING = (State.PLANNING, State.HANDED_IN, State.UNDER_WAY)


def locked(rectification: Rectification, *at: Rectification.State, to: str) -> Rectification:
    """Return the row for update; whoever is second sees what the first one did."""
    rows = Rectification.objects.select_for_update(of=("self",)).select_related("department", "disposition")
    one = rows.get(pk=rectification.pk)
    if one.state not in at:
        raise Refused(f"这项整改目前为“{one.get_state_display()}”，不能{to}", "请刷新页面查看。")
    return one


def locked_item(
    item: RectificationItem, *at: Rectification.State, to: str
) -> tuple[Rectification, RectificationItem]:
    """Lock the whole rectification: its state follows from that of its items."""
    one = locked(item.rectification, *at, to=to)
    found = RectificationItem.objects.filter(rectification=one, pk=item.pk).first()
    if found is None:
        raise Refused(f"这个问题已移出，不能{to}", "请刷新页面查看。")
    found.rectification = one
    return one, found


def require_side_of_the_unit(one: Rectification, user: User) -> None:
    """Only the unit acts for itself; the centre enters it for a unit that has no account."""
    roles.require(user, "rectification.plan")
    if user.role not in CENTRE and not own_units(user).filter(pk=one.department_id).exists():
        raise Refused("这不是本单位的整改，不能办理", "请从“我的工作”打开本单位的整改。")


def require_text(text: str, what: str, longest: int) -> str:
    said = text.strip()
    if not said:
        raise Refused(f"没有填写{what}", f"请填写{what}后重新提交。")
    if len(said) > longest:
        raise Refused(f"{what}超过{longest}字", "请缩短后重新提交。")
    return said


def note(
    one: Rectification,
    act: RectificationEvent.Act,
    *,
    now: datetime,
    by: User | None,
    text: str = "",
    item: RectificationItem | None = None,
) -> None:
    RectificationEvent.objects.create(rectification=one, item=item, act=act, at=now, by=by, text=text[:1000])


def tell_the_unit(
    one: Rectification, what: str, subject: str, *, key: str, due_on: date, now: datetime, by: User | None
) -> None:
    """Serve a notice on the unit, to be signed for; who may send none has the system send it."""
    letter = Letter(
        source="rectification",
        source_key=f"{one.pk}-{key}",
        kind=what,
        subject=subject,
        department=one.department_id,
        url=reverse("cockpit:rectification", args=[one.pk]),
        due_on=due_on,
    )
    send_notice(letter=letter, now=now, acting_user=by if roles.allowed(by, "notice.send") else None)


def authors_of(rows: Iterable[RectificationItem]) -> set[int]:
    """Whoever planned, asked or handed in evidence: none of them checks it."""
    items = list(rows)
    found = {one.planned_by_id for one in items} | {one.asked_by_id for one in items}
    found |= {paper.handed_in_by_id for one in items for paper in one.papers.all()}
    return {pk for pk in found if pk is not None}
