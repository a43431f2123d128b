"""What the demo's first page need not wait for; until it is there the start page says so."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.urls import reverse

from evaluations.models import Round
from office.jobs.services import Progress, handles
from office.models import Job, User
from office.roles import INSIDE
from office.workbench import start_page

KIND = "demo.other_rounds"
FIRST = "fangcheng-2022"


@handles(KIND, "载入示范县其余各轮")
@transaction.atomic
def hold_other_rounds(arguments: dict[str, Any], progress: Progress) -> None:
    from demo import afterwards, policies, seed  # noqa: PLC0415 - once, by one worker; not at every start

    if Round.objects.filter(scheme_version__scheme_id=FIRST).exists():
        return
    people = {user.username: user for user in User.objects.all()}
    if Round.objects.exists():  # the fourth quarter, which voters can try
        seed.hold_third_quarter(people)
    policies.OtherPolicies(people, policies.PASSPHRASE).hold()
    afterwards.show(people)


@start_page.reminds(*sorted(INSIDE))
def still_loading(user: User) -> Iterator[start_page.Reminder]:
    if job := Job.objects.filter(kind=KIND).exclude(state=Job.State.DONE).first():
        failed = job.state == Job.State.FAILED
        note = job.message if failed else "约需一至两分钟；完成后刷新本页，各轮列在“办理评价轮次”中。"
        text = "示范县其余各轮没有载入" if failed else "示范县其余各轮正在载入"
        yield start_page.Reminder(text, reverse("cockpit:rounds"), note, is_late=failed)
