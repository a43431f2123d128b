"""A paper goes to its unit inside, to be signed for; the notice keeps who signed, and when (送达)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from departments.models import Notice
from departments.notices import services as notices
from departments.notices.services import Letter
from office import audit, roles
from office.calendar import days
from office.calendar.deadlines import Span
from office.errors import Refused
from office.models import User
from reports.models import OfficialDocument

SOURCE = "document"
SIGN_WITHIN = Span(3)


def why_not(document: OfficialDocument) -> str:
    """Say why a paper does not go out inside; nothing where it may."""
    if document.state == OfficialDocument.State.WITHDRAWN:
        return f"{document.number}已经撤回"
    if document.concerns_person:
        return "涉及个人的公文不经系统发送"
    return "" if document.unit else "这件公文没有受送达单位"


def notice_of(document: OfficialDocument) -> Notice | None:
    rows = Notice.objects.filter(source=SOURCE, source_key=str(document.pk))
    return rows.select_related("received_by", "department").first()


@transaction.atomic
def send_document(*, document: OfficialDocument, now: datetime, acting_user: User) -> Notice:
    """Send a paper to its unit, once; the unit signs for it inside."""
    roles.require(acting_user, "document.issue")
    current = OfficialDocument.objects.select_for_update(of=("self",)).get(pk=document.pk)
    if why := why_not(current):
        raise Refused(why, "请打印后送达，并制发送达回证。")
    letter = Letter(
        source=SOURCE,
        source_key=str(current.pk),
        kind="公文送达",
        subject=str(current),
        department=current.unit_id,
        url=reverse("document-page", args=[current.pk]),
        due_on=days.clock().limit(timezone.localdate(now), SIGN_WITHIN).last_day,
    )
    notice = notices.send_notice(letter=letter, now=now, acting_user=acting_user)
    audit.record("送达公文", current, acting_user=acting_user, after={"送达": notice.addressee})
    return notice


def take_back(document: OfficialDocument, now: datetime) -> None:
    """Nobody need sign for a paper that was withdrawn."""
    notices.take_back_notices(source=SOURCE, source_key=str(document.pk), now=now, acting_user=None)
