"""Send notices, one or a thousand, take them back, and sign for them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from departments.models import Department, Notice
from departments.notices import outgoing
from departments.notices.access import addressed_to
from office import audit, roles
from office.errors import Refused
from office.jobs import services as jobs
from office.models import Job, User

AT_ONCE = 100  # letters to a transaction of the job
KEY = ("source", "source_key", "department_id", "user_id")


@dataclass(frozen=True, slots=True)
class Letter:
    """One notice to be sent: to a unit or to a user, by their numbers; `url` is a path of the workbench."""

    source: str
    source_key: str
    kind: str
    subject: str
    department: int | None = None
    user: int | None = None
    url: str = ""
    due_on: date | None = None

    @property
    def key(self) -> tuple[str, str, int | None, int | None]:
        return (self.source, self.source_key, self.department, self.user)


Learns = Callable[[Notice, datetime, User], None]
_learn: dict[str, Learns] = {}


def learns_of_receipts(source: str) -> Callable[[Learns], Learns]:
    """Register who is told, in the transaction of the receipt, that a notice of `source` was signed for."""

    def register(function: Learns) -> Learns:
        if source in _learn:
            raise RuntimeError(f"two learn of receipts of {source}")
        _learn[source] = function
        return function

    return register


def forget(source: str) -> None:
    """Tell nobody of receipts of `source` any more."""
    _learn.pop(source, None)


@transaction.atomic
def send_notice(*, letter: Letter, now: datetime, acting_user: User | None) -> Notice:
    """Send one notice with the act it tells of; the same one to the same addressee is the one that stands.

    Without `acting_user` it is the system that chases.
    """
    _check([letter], acting_user)
    key = dict(zip(KEY, letter.key, strict=True))
    told = {
        "kind": letter.kind[:40],
        "subject": letter.subject[:200],
        "url": letter.url,
        "due_on": letter.due_on,
    }
    sent = {"sent_at": now, "sent_by": acting_user}
    made, is_new = Notice.objects.get_or_create(**key, defaults={**told, **sent})
    if is_new:
        outgoing.queue([made], now=now)
        audit.record("发送通知", made, acting_user=acting_user, after={"送达": made.addressee})
    return made


@transaction.atomic
def send_notices(*, letters: Sequence[Letter], now: datetime, acting_user: User) -> Job:
    """Send many as one job that tells how far it is; what was sent before it died is not sent again."""
    _check(letters, acting_user)
    told = [{**asdict(one), "due_on": one.due_on and one.due_on.isoformat()} for one in letters]
    arguments = {"letters": told, "at": now.isoformat(), "by": acting_user.pk}
    job = jobs.enqueue("notices.send", arguments, acting_user=acting_user)
    audit.record("发送通知", job, acting_user=acting_user, after={"件数": len(letters)})
    return job


def _check(letters: Sequence[Letter], acting_user: User | None) -> None:
    if acting_user is not None:
        roles.require(acting_user, "notice.send")
    if not letters:
        raise Refused("没有要发送的通知", "请至少选择一个送达单位。")
    for one in letters:
        if (one.department is None) == (one.user is None):
            raise Refused("通知没有写明送达单位或者用户", "请选择一个送达单位或者一名用户。")
        if one.url and not one.url.startswith("/office/"):
            raise Refused("通知的办理页面不在本系统内", "请使用系统内的页面。")
    units = {one.department for one in letters if one.department is not None}
    users = {one.user for one in letters if one.user is not None}
    known = Department.objects.filter(pk__in=units).count() + User.objects.filter(pk__in=users).count()
    if known != len(units) + len(users):
        raise Refused("送达的单位或者用户不存在", "请刷新页面后重新选择。")


def carry_out(arguments: dict[str, Any], progress: Callable[[int, int, str], None]) -> dict[str, Any]:
    """Send what a job lists; each batch is a transaction of its own, and a second time finds it sent."""
    letters = [Letter(**{**one, "due_on": _day(one["due_on"])}) for one in arguments["letters"]]
    by = User.objects.get(pk=arguments["by"])
    at = parse_datetime(arguments["at"]) or timezone.now()
    for first in range(0, len(letters), AT_ONCE):
        with transaction.atomic():
            _write(letters[first : first + AT_ONCE], at, by)
        progress(min(first + AT_ONCE, len(letters)), len(letters), "正在发送通知")
    return {"sent": len(letters)}


def _day(text: str | None) -> date | None:
    return parse_date(text) if text else None


def _write(letters: Sequence[Letter], now: datetime, by: User) -> None:
    """Add what is not there yet; two that send the same at once add one."""
    wanted = {one.source_key for one in letters}
    there = set(Notice.objects.filter(source_key__in=wanted).values_list(*KEY))
    rows = [
        Notice(
            **dict(zip(KEY, one.key, strict=True)),
            kind=one.kind[:40],
            subject=one.subject[:200],
            url=one.url,
            due_on=one.due_on,
            sent_at=now,
            sent_by=by,
        )
        for one in letters
        if one.key not in there
    ]
    Notice.objects.bulk_create(rows, ignore_conflicts=True)
    outgoing.queue(rows, now=now)


@transaction.atomic
def take_back_notices(*, source: str, source_key: str, now: datetime, acting_user: User | None) -> int:
    """Take back what nobody has signed for yet, because what it tells of no longer holds; return how many."""
    if acting_user is not None:
        roles.require(acting_user, "notice.send")
    waiting = Notice.objects.filter(
        source=source, source_key=source_key, received_at=None, taken_back_at=None
    ).select_for_update()
    rows = list(waiting)
    for one in rows:
        one.taken_back_at = now
        one.save(update_fields=["taken_back_at"])
        audit.record("收回通知", one, acting_user=acting_user)
    return len(rows)


@transaction.atomic
def sign_for(*, notice: Notice, now: datetime, acting_user: User) -> Notice:
    """Confirm that a notice came (签收); only its own unit or user may, and once is enough."""
    roles.require(acting_user, "notice.sign")
    own = addressed_to(acting_user).select_related(None).select_for_update()
    found = own.filter(pk=notice.pk).first()
    if found is None:
        raise Refused("这不是送达您或者您所在单位的通知", "请从“我的工作”中打开本单位的通知。")
    if found.taken_back_at:
        raise Refused("这份通知已经收回，不需要签收")
    if found.received_at:
        return found
    found.received_by, found.received_at = acting_user, now
    found.save(update_fields=["received_by", "received_at"])
    audit.record("签收通知", found, acting_user=acting_user, after={"送达": found.addressee})
    if learn := _learn.get(found.source):
        learn(found, now, acting_user)
    return found
