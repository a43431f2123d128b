"""The register on start pages: to decide, to serve, to check, overdue; for the unit to hand in."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone

from evaluations.consequences.lists import overdue
from evaluations.consequences.reach import own, visible
from evaluations.models import Disposition, DispositionPaper
from evaluations.models.consequences import SERVED
from office import roles
from office.models import User
from office.workbench import start_page

State, Paper = Disposition.State, DispositionPaper.State


@start_page.reminds(*sorted(roles.PERMISSIONS["register.view"]))
def register_waits(user: User) -> Iterator[start_page.Reminder]:
    """One query: how much waits for this user, by the next act."""
    today, page = timezone.localdate(), reverse("cockpit:register")
    handed = DispositionPaper.objects.filter(state=Paper.HANDED_IN).exclude(handed_in_by=user)
    counted = visible(user).aggregate(
        decide=Count("pk", Q(state=State.PROPOSED)),
        serve=Count("pk", Q(state=State.DECIDED)),
        check=Count("pk", Q(state__in=SERVED, pk__in=handed.values("disposition"))),
        late=Count("pk", overdue(today)),
        restore=Count("pk", Q(restore_flagged=True)),
    )
    if counted["late"] and roles.allowed(user, "register.check"):
        yield start_page.Reminder(
            f"{counted['late']} 项处置的履行材料逾期", f"{page}?overdue=1", "请催办。", is_late=True
        )
    if counted["restore"] and roles.allowed(user, "register.decide"):
        text = f"{counted['restore']} 项处置生效后被撤销，须恢复"
        yield start_page.Reminder(text, f"{page}?mine=1", "恢复之后登记恢复情况。", is_late=True)
    for act, permission, said, state in (
        ("decide", "register.decide", "项处置待决定", f"?state={State.PROPOSED}"),
        ("serve", "register.serve", "项处置已决定，待送达", f"?state={State.DECIDED}"),
        ("check", "register.check", "项处置的履行材料待核收", "?mine=1"),
    ):
        if counted[act] and roles.allowed(user, permission):
            yield start_page.Reminder(f"{counted[act]} {said}", f"{page}{state}")


@start_page.reminds(*sorted(roles.PERMISSIONS["register.view_own"]))
def unit_hands_in(user: User) -> Iterator[start_page.Reminder]:
    today, page = timezone.localdate(), reverse("cockpit:register-own")
    late = Q(papers__due_on__lt=today)
    to_hand_in = Q(state__in=SERVED, papers__state__in=(Paper.DUE, Paper.RETURNED))
    counted = own(user).aggregate(
        hand_in=Count("papers", to_hand_in),
        late=Count("papers", to_hand_in & late),
    )
    if counted["hand_in"]:
        note = f"其中 {counted['late']} 份已逾期。" if counted["late"] else ""
        text = f"{counted['hand_in']} 份履行材料待提交"
        yield start_page.Reminder(text, page, note, is_late=bool(counted["late"]))


start_page.add_link(
    "结果运用",
    "查看处置登记",
    "cockpit:register",
    "register.view",
    hint="处置建议、决定、送达、履行和期满",
    order=25,
    words={"register.decide": "登记处置决定", "register.serve": "送达处置决定"},
)
start_page.add_link(
    "本单位",
    "查看本单位处置事项",
    "cockpit:register-own",
    "register.view_own",
    hint="送达本单位的处置决定、签收、提交材料",
    order=75,
)
