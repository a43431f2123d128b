"""Open who reported a matter: the centre alone, with a reason, listed to the inspectorate."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet

from casework.models import Assignment, Matter, MatterEvent, Reporter, ReporterOpening
from casework.reporters.sealing import opened
from departments.access import belongs_to
from departments.models import Department
from office import audit, roles
from office.errors import Refused
from office.models import User

LEAST_REASON = 6
LEAST_WITHOUT_TICK = 15
LONGEST_REASON = 200
RUNNING = (
    Assignment.State.WAITING,
    Assignment.State.IN_HAND,
    Assignment.State.REPLIED,
    Assignment.State.COMPLETED,
)


@transaction.atomic
def open_reporter(
    *,
    reporter: Reporter,
    reason: str,
    given_to: Department | None = None,
    now: datetime,
    acting_user: User,
) -> dict[str, str]:
    """Return name, phone and firm, and write down who looked and why; none of it is written down.

    A unit is given them where the reporter ticked it, else only with the ground for it.
    """
    roles.require(acting_user, "reporter.open")
    matter = reporter.matter
    why = " ".join(reason.split())
    if matter.is_passed_on:
        raise Refused("本事项已移送，反映人身份不再查看", "确有需要的，向接收机关提出。")
    _check_own(matter, acting_user)
    _check_reason(why)
    if given_to is not None:
        _check_unit(reporter, given_to, why)
    found = opened(reporter)
    for value in filter(None, found.values()):  # a refusal would confirm a guess, and leave no trace
        why = why.replace(value, "〔反映人〕")
    ReporterOpening(reporter=reporter, at=now, by=acting_user, reason=why, given_to=given_to).save()
    _note(matter, given_to, now, acting_user)
    return found


def _check_own(matter: Matter, user: User) -> None:
    """Nobody of a unit that is reported or that handles the matter looks at who reported it."""
    units = {matter.about_id, *matter.assignments.values_list("unit", flat=True)}
    if any(unit is not None and belongs_to(user, unit) for unit in units):
        raise Refused("本事项涉及您所在的单位", "请由评价中心其他人员办理。")


def _check_reason(why: str) -> None:
    if len(why) < LEAST_REASON:
        raise Refused("没有写明查看反映人身份的理由", f"请写明为什么需要，至少{LEAST_REASON}个字。")
    if len(why) > LONGEST_REASON:
        raise Refused(f"理由超过{LONGEST_REASON}字", "请写得简短一些。")


def _check_unit(reporter: Reporter, unit: Department, why: str) -> None:
    if not reporter.matter.assignments.filter(unit=unit, state__in=RUNNING).exists():
        raise Refused(f"{unit}没有在办这一事项", "只能提供给正在承办的单位。")
    if not reporter.may_be_named and len(why) < LEAST_WITHOUT_TICK:
        to_do = f"请写明何时、怎样征得反映人同意，或者提供的依据，至少{LEAST_WITHOUT_TICK}个字。"
        raise Refused("反映人没有勾选“可向承办单位提供身份”", to_do)


def _note(matter: Matter, given_to: Department | None, now: datetime, user: User) -> None:
    """Units read events and the audit names no reporter: neither holds the reason."""
    act = MatterEvent.Act.OPENED
    text = f"提供给{given_to}" if given_to else ""
    MatterEvent(matter=matter, act=act, at=now, by=user, text=text).save()
    after = {"编号": matter.number, **({"提供给": str(given_to)} if given_to else {})}
    audit.record(act.label, matter, acting_user=user, after=after)


def openings_of(month: date) -> QuerySet[ReporterOpening]:
    """Return who looked at whom in a month: what the inspectorate is told, and nothing of any identity."""
    found = ReporterOpening.objects.filter(at__year=month.year, at__month=month.month)
    return found.select_related("by", "given_to", "reporter__matter__version").order_by("at", "id")
