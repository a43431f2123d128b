"""Contacts with firms, reported by whoever has them: a help to decide, no watch list (WY-R2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from casework.lists import conduct
from casework.lists.rules import rules
from casework.models import ContactReport, ListEntry, ListVersion
from office import audit, roles
from office.calendar import days
from office.errors import Refused
from office.models import User

Kind = ContactReport.Kind


@dataclass(frozen=True)
class Contact:
    happens_at: datetime
    firm: str
    occasion: str
    entry: ListEntry
    meal: str


@transaction.atomic
def report_contact(*, contact: Contact, now: datetime, acting_user: User) -> ContactReport:
    """Report one's own contact: before it, or afterwards within the time of the rules; later is flagged.

    It is never refused for being late: what is not reported helps nobody.
    """
    roles.require(acting_user, "contact.report")
    if not contact.firm.strip() or not contact.occasion.strip():
        raise Refused("没有填写企业或者事由", "请补填后再提交。")
    if contact.meal not in rules().contacts.meal:
        raise Refused("没有这一用餐方式", f"请选择：{'、'.join(rules().contacts.meal)}。")
    day = days.local(contact.happens_at).date()
    if contact.entry not in entries_on(contact.happens_at):
        raise Refused("这一条目在接触当日不在施行的清单中", "请选择接触当日有效版本中须报告的条目。")
    kind, why = Kind.BEFORE, ""
    if now > contact.happens_at:
        limit = days.clock().limit(day, rules().contacts.late_within.span)
        kind = Kind.AFTER if limit.is_met_by(days.local(now)) else Kind.LATE
        why = limit.why("接触")[:400]
    report = ContactReport(
        reported_by=acting_user,
        reported_at=now,
        happens_at=contact.happens_at,
        kind=kind,
        why=why,
        firm=contact.firm.strip(),
        occasion=contact.occasion.strip(),
        entry=contact.entry,
        meal=contact.meal,
    )
    report.save()
    audit.record("报告接触企业", report, acting_user=acting_user, after={"性质": kind.label})
    return report


def entries_on(moment: datetime) -> list[ListEntry]:
    """Return the entries that ask for a report, of the versions in force on the day of a contact."""
    day = days.local(moment).date()
    versions = (conduct.version_on(kind, day) for kind in ListVersion.Kind.values)
    return [
        one
        for version in versions
        if version is not None
        for one in version.entries.all()
        if one.needs_report
    ]


def contacts_for(user: User) -> QuerySet[ContactReport]:
    """Return one's own; all for the inspectorate; none of anybody else's for anybody else."""
    found = ContactReport.objects.select_related("entry__version", "reported_by")
    if roles.allowed(user, "contact.view_all"):
        return found
    if roles.allowed(user, "contact.report"):
        return found.filter(reported_by=user)
    return found.none()
