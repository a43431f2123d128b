"""Reminders of mark sheets: to fill in the own one, to key one from paper, to agree to an opening."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils import timezone

from evaluations.gathering.services import CORRECTING, GATHERING
from evaluations.gathering.sheets.panels import GOOD_FOR
from evaluations.models import Channel, Marker, MarkSheet, PanelAct
from office import roles
from office.models import User
from office.roles import Role
from office.workbench import start_page

State, Keying = MarkSheet.State, MarkSheet.Keying
OPEN = Q(
    marker__panel__channel__kind=Channel.Kind.SHEETS,
    marker__panel__channel__state=Channel.State.OPEN,
    marker__panel__channel__round__state__in=(*GATHERING, *CORRECTING),
)


@start_page.reminds(*sorted(roles.PERMISSIONS["sheets.mark"] - {Role.CENTRE_OPERATOR}))
def sheets_to_fill_in(user: User) -> Iterator[start_page.Reminder]:
    rows = MarkSheet.objects.filter(
        OPEN, marker__account=user, marker__panel__opened_at=None, state=State.DUE
    ).select_related("marker__panel__channel__round")
    for sheet in rows:
        channel = sheet.marker.panel.channel
        text = f"填写“{sheet.marker.panel.label}”打分表"
        late = bool(channel.due_on and channel.due_on < timezone.localdate())
        yield start_page.Reminder(
            text,
            reverse("cockpit:sheets-mark", args=[sheet.pk]),
            channel.round.title,
            late,
            until=channel.due_on,
        )


@start_page.reminds(Role.PAPER_CLERK, Role.CENTRE_REVIEWER)
def sheets_to_key(user: User) -> Iterator[start_page.Reminder]:
    turns = (
        [Keying.REVIEW] if user.role == Role.CENTRE_REVIEWER else [Keying.NONE, Keying.ONCE, Keying.DIFFERENT]
    )
    rows = (
        MarkSheet.objects.filter(OPEN, marker__way=Marker.Way.PAPER, state=State.SUBMITTED, keying__in=turns)
        .exclude(marker__panel__opened_at=None)
        .exclude(readings__reader=user)
        .values(channel=F("marker__panel__channel"), title=F("marker__panel__channel__round__title"))
        .annotate(n=Count("pk"))
        .order_by("channel")
    )
    verb = "裁定" if user.role == Role.CENTRE_REVIEWER else "录入"
    for row in rows:
        address = reverse("cockpit:sheets-keying", args=[row["channel"]])
        yield start_page.Reminder(f"{verb}{row['n']}张纸质打分表", address, row["title"])


@start_page.reminds(*sorted(roles.PERMISSIONS["sheets.unseal"]))
def acts_to_sign(user: User) -> Iterator[start_page.Reminder]:
    """The first of two has signed; somebody else has an hour."""
    fresh = PanelAct.objects.filter(second=None, first_at__gt=timezone.now() - GOOD_FOR).exclude(first=user)
    for act in fresh.select_related("first", "panel__channel__round"):
        channel = act.panel.channel
        text = f"与{act.first}一同{act.get_act_display()}“{act.panel.label}”打分表"
        yield start_page.Reminder(text, reverse("cockpit:sheets", args=[channel.pk]), channel.round.title)


start_page.add_link(
    "评价轮次",
    "我的打分表",
    "cockpit:sheets-mine",
    "sheets.mark",
    hint="填写和查看本人的打分表",
    order=45,
)
