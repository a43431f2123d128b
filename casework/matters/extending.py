"""Extend a limit (延期): asked before it runs out, granted by whom the procedure names, never by the unit."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from casework.matters import parties
from casework.matters.clocks import OPEN, Reckoner, rule_of
from casework.matters.events import Act, note
from casework.matters.state import HANDLED, at_state, locked_assignment
from casework.models import Assignment, Clock, Matter
from casework.procedure.parts import Extension
from casework.procedure.words import Party
from office import roles
from office.calendar.deadlines import Ends, Span, Unit
from office.errors import Refused
from office.models import User

Each = Assignment.State


@transaction.atomic
def ask_extension(
    *, assignment: Assignment, clock: Clock, reason: str, now: datetime, acting_user: User
) -> Clock:
    """Ask for more time; once the limit has run out there is none to be had."""
    roles.require(acting_user, "matter.handle")
    parties.require_own(acting_user, assignment.unit)
    if not reason.strip():
        raise Refused("没有写明延期理由", "请写明为什么不能按期办完。")
    matter = at_state(assignment.matter, *HANDLED, to="申请延期")
    current = locked_assignment(assignment, matter, Each.WAITING, Each.IN_HAND, Each.REPLIED, to="申请延期")
    found = _running(matter, clock)
    if found.assignment_id not in {None, current.pk}:
        raise Refused("这一时限不属于本单位的交办", "请刷新页面后重新选择。")
    rule = _rule(matter, found)
    if found.asked_at is not None:
        raise Refused("延期申请已经提出，正在等待决定", f"请等待{parties.in_words(rule.granted_by)}决定。")
    if found.extended >= rule.times:
        raise Refused(f"按规程最多延期{rule.times}次，已经用完", "请在期限内办理。")
    if found.is_over(now):
        raise Refused(f"期限已过，不能再申请延期（{found.why}）", "请尽快办理并回复。")
    found.asked_at, found.asked_by, found.asked_reason = now, acting_user, reason.strip()[:500]
    found.save(update_fields=["asked_at", "asked_by", "asked_reason"])
    text = f"{found.label}：{found.asked_reason}"
    note(matter, Act.EXTENSION_ASKED, now=now, by=acting_user, assignment=current, text=text)
    return found


@transaction.atomic
def settle_extension(
    *, clock: Clock, grants: bool, opinion: str = "", now: datetime, acting_user: User
) -> Clock:
    """Grant or refuse an extension that was asked for in time; the reporter's page tells of it."""
    roles.require(acting_user, "matter.extend")
    matter = at_state(clock.matter, *HANDLED, to="决定延期")
    found = _running(matter, clock)
    rule = _rule(matter, found)
    granted_by = [one for one in rule.granted_by if one != Party.UNIT]
    if not parties.is_one_of(acting_user, granted_by):
        raise Refused(
            f"按规程，延期由{parties.in_words(granted_by)}决定", f"请转告{parties.in_words(granted_by)}。"
        )
    parties.require_no_part(acting_user, matter)
    if found.asked_at is None:
        raise Refused("没有待决定的延期申请", "请刷新页面，查看最新情况。")
    found.asked_at = None
    if not grants:
        if not opinion.strip():
            raise Refused("没有写明不同意的理由", "请写明理由，承办单位会看到。")
        found.save(update_fields=["asked_at"])
        act, text = Act.EXTENSION_REFUSED, f"{found.label}：{opinion.strip()}"
    else:
        _extend(found, _longer(matter, rule, found))
        act, text = Act.EXTENDED, f"{found.label}延至{found.due_in_words}"
    note(matter, act, now=now, by=acting_user, assignment=found.assignment, text=text)
    return found


def _running(matter: Matter, clock: Clock) -> Clock:
    found = Clock.objects.select_for_update(of=("self",)).filter(pk=clock.pk, matter=matter).first()
    if found is None or found.state not in OPEN:
        raise Refused("这一时限已经结束，不能延期", "请刷新页面，查看最新情况。")
    return found


def _rule(matter: Matter, clock: Clock) -> Extension:
    rule = matter.procedure.extension
    if rule is None or clock.rule not in rule.clocks or not rule.times:
        raise Refused(f"按规程，“{clock.label}”不能延期", "请在期限内办理。")
    return rule


def _longer(matter: Matter, rule: Extension, clock: Clock) -> Span:
    """Return the whole limit with the extension in it: as long again, or as the procedure allows at most."""
    if rule.by == "at_most" and clock.rule in rule.at_most:
        return rule.at_most[clock.rule].span
    kept = rule_of(matter.procedure, clock)
    span = kept.span_for(matter.category) if kept else None
    added = span.count if span and str(span.unit) == clock.unit else clock.count
    return Span(clock.count + (added or 1), Unit(clock.unit), Ends(clock.ends))


def _extend(clock: Clock, span: Span) -> None:
    clock.first_due_at = clock.first_due_at or clock.due_at
    was = clock.due_at
    clock.count, clock.unit, clock.ends = span.count, str(span.unit), str(span.ends)
    clock.extended += 1
    clock.reminded, clock.followed = 0, []
    Reckoner().put(clock)
    if was and clock.due_at and clock.due_at <= was:
        raise Refused("延期以后的期限并不更长", "请不同意这一申请，并写明规程允许的最长期限。")
    clock.save()
