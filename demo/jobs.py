"""What the demo's first page need not wait for; until it is there the start page says so."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from casework.matters.clocks import one_calendar
from casework.models import Matter
from evaluations.models import Round
from office.jobs.services import Progress, enqueue, handles
from office.models import Job, User
from office.roles import INSIDE
from office.workbench import start_page

KIND = "demo.other_rounds"
MATTERS = "demo.matters"
OWN, THIRD_QUARTER = "yuncheng-2023", "2026-Q3"
WHAT = {
    KIND: ("示范县其余各轮", "cockpit:rounds", "办理评价轮次"),
    MATTERS: ("示范县一年的事项", "casework:matters", "事项办理"),
}


@handles(KIND, "载入示范县其余各轮")
def hold_other_rounds(arguments: dict[str, Any], progress: Progress) -> None:
    """Hold one round a transaction: who signs in meanwhile waits for one. What is there is not held again."""
    from demo import afterwards, policies, seed  # noqa: PLC0415 - once, by one worker; not at every start

    people = {user.username: user for user in User.objects.all()}
    steps = policies.OtherPolicies(people, policies.PASSPHRASE).steps()
    there = set(Round.objects.values_list("scheme_version__scheme_id", flat=True))
    own = set(Round.objects.filter(scheme_version__scheme_id=OWN).values_list("period", flat=True))
    if own and THIRD_QUARTER not in own:  # beside the fourth quarter, which voters can try
        with transaction.atomic():
            seed.hold_third_quarter(people)
    for done, (scheme, hold) in enumerate(steps.items(), start=1):
        if scheme not in there:
            with transaction.atomic():
                hold()
                if done == len(steps):
                    afterwards.show(people)
        progress(done, len(steps))
    if arguments.get("and_the_year"):  # one after the other: together they would wait for one database
        enqueue(MATTERS, {}, acting_user=None)


@handles(MATTERS, "载入示范县一年的事项")
def hold_a_year_of_matters(arguments: dict[str, Any], progress: Progress | None) -> None:
    """One matter after the other, so that people can sign in and work meanwhile."""
    from demo import benefit_year, benefits, desks, diary, matters, ratings  # noqa: PLC0415 - once, by one worker

    if Matter.objects.exists():
        return
    people = {user.username: user for user in User.objects.all()}
    now = timezone.now()
    with one_calendar(), diary.beside_others():
        year = matters.YearOfMatters(people, now, progress)
        year.hold()
        desks.hold_desks(people, now)
        ratings.hold_ratings(people, now, year)
        benefit_year.hold_benefits(people, year.officers, now, benefits.Size())


@start_page.reminds(*sorted(INSIDE))
def still_loading(user: User) -> Iterator[start_page.Reminder]:
    for job in Job.objects.filter(kind__in=WHAT).exclude(state=Job.State.DONE):
        failed = job.state == Job.State.FAILED
        what, page, where = WHAT[job.kind]
        note = job.message if failed else f"约需几分钟；完成后刷新本页，列在“{where}”中。"
        text = f"{what}没有载入" if failed else f"{what}正在载入"
        yield start_page.Reminder(text, reverse(page), note, is_late=failed)
