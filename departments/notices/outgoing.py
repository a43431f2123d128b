"""The word outside that something waits: off by default, never with content, one an hour to each.

What fails is tried again later and later; after the last try the administrator sees it. No act waits for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import F, Max, Q
from django.urls import reverse
from django.utils import timezone

from departments.models import Membership, Notice, Nudge
from departments.notices import messenger
from office.jobs import services as jobs
from office.models import Job, User
from office.roles import DEPARTMENT, Role

Channel, State = Nudge.Channel, Nudge.State
BUNDLED = timedelta(hours=1)
FIRST_WAIT = timedelta(minutes=5)  # and twice as long after each further failure
MOST_TRIES = 6
SUBJECT = "待办提醒"


def text() -> str:
    """All that ever leaves the house: that something waits, and where to sign in."""
    return f"您有一项待办，请登录系统查看：{settings.PUBLIC_ORIGIN}{reverse('admin:login')}"


def channels() -> list[Nudge.Channel]:
    """Return the channels that are turned on."""
    on = {Channel.MAIL: settings.NOTICE_MAIL, Channel.MESSENGER: bool(settings.NOTICE_WEBHOOK)}
    return [channel for channel, is_on in on.items() if is_on]


def queue(notices: Iterable[Notice], *, now: datetime) -> None:
    """Note whom to tell, in the transaction of the sending; nothing while no channel is on."""
    rows = list(notices)
    on = channels()
    if not (on and rows):
        return
    new: list[Nudge] = []
    if Channel.MAIL in on:
        new += _mails(_readers(rows), now)
    if Channel.MESSENGER in on:
        last = Nudge.objects.filter(channel=Channel.MESSENGER).aggregate(last=Max("sent_at"))["last"]
        new.append(Nudge(channel=Channel.MESSENGER, due_at=_not_before(last, now)))
    Nudge.objects.bulk_create(new, ignore_conflicts=True)  # who has one waiting gets no second


def _readers(rows: list[Notice]) -> set[int]:
    """The users of the units, those of sections and windows being their department's; towns' organizers."""
    units = {one.department_id for one in rows} - {None}
    users = {one.user_id for one in rows if one.user_id is not None}
    stand = Q(user__role__in=DEPARTMENT) & (Q(department__in=units) | Q(department__parts__in=units))
    stand |= Q(user__role=Role.TOWN_ORGANIZER, town__unit__in=units)
    return users | set(Membership.objects.filter(stand).values_list("user", flat=True))


def _mails(readers: set[int], now: datetime) -> Iterator[Nudge]:
    reached = User.objects.filter(pk__in=readers, is_active=True).exclude(email="")
    sent = Nudge.objects.filter(channel=Channel.MAIL, user__in=readers, sent_at__gt=now - BUNDLED)
    last = dict(sent.order_by().values_list("user").annotate(Max("sent_at")))
    for pk in reached.values_list("pk", flat=True):
        yield Nudge(channel=Channel.MAIL, user_id=pk, due_at=_not_before(last.get(pk), now))


def _not_before(last: datetime | None, now: datetime) -> datetime:
    return max(now, last + BUNDLED) if last else now


@transaction.atomic
def start(*, now: datetime) -> Job | None:
    """Start the job that sends what is due, unless one is at it."""
    busy = Job.objects.filter(kind="notices.nudge", state__in=[Job.State.QUEUED, Job.State.RUNNING])
    if not _due(now).exists() or busy.exists():
        return None
    return jobs.enqueue("notices.nudge", {}, acting_user=None)


def _due(now: datetime) -> Any:
    return Nudge.objects.filter(state=State.WAITING, due_at__lte=now, channel__in=channels())


def send_due(progress: Callable[[int, int, str], None]) -> dict[str, Any]:
    """Send what is due; each try is noted before it is made, so that a killed worker repeats none at once."""
    waiting = list(_due(timezone.now()).select_related("user").order_by("due_at", "pk"))
    sent, away = 0, ""
    with closing(get_connection(timeout=settings.EMAIL_TIMEOUT)) as post:
        if any(one.channel == Channel.MAIL for one in waiting):
            away = _reach(post)
        for number, one in enumerate(waiting, 1):
            wait = FIRST_WAIT * 2**one.tries
            tried = Nudge.objects.filter(pk=one.pk, state=State.WAITING, tries=one.tries)
            if tried.update(tries=F("tries") + 1, due_at=timezone.now() + wait):
                sent += _try(one, post, away)
            progress(number, len(waiting), "正在发送外发提醒")
    return {"sent": sent, "failed": len(waiting) - sent}


def _reach(post: Any) -> str:
    """Connect once; say what is wrong, so that a thousand do not wait for a server that is away."""
    try:
        post.open()
    except (OSError, ValueError) as error:
        return _in_words(error)
    return ""


def _in_words(error: Exception) -> str:
    return f"{type(error).__name__}：{error}"[:200]


def _try(one: Nudge, post: Any, away: str) -> bool:
    if fault := _fault_of(one, post, away):
        over = one.tries + 1 >= MOST_TRIES
        state = State.FAILED if over else State.WAITING
        Nudge.objects.filter(pk=one.pk).update(fault=fault, state=state)
        return False
    Nudge.objects.filter(pk=one.pk).update(state=State.SENT, sent_at=timezone.now(), fault="")
    return True


def _fault_of(one: Nudge, post: Any, away: str) -> str:
    """Send it; smtplib's faults and those of sockets and certificates are OSErrors."""
    try:
        if one.user is None:
            messenger.post(settings.NOTICE_WEBHOOK, text(), timeout=settings.EMAIL_TIMEOUT)
        elif not (away or one.user.email):
            return "没有电子邮箱"
        elif not away:
            EmailMessage(SUBJECT, text(), to=[one.user.email], connection=post).send()
    except (OSError, ValueError) as error:
        if one.user is not None:
            post.close()  # the next one begins with a fresh connection
        return _in_words(error)
    return away if one.user is not None else ""
