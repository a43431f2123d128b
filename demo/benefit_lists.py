"""Lists of firms that get an item without a claim: drawn up by one, confirmed by another, some still open."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from django.utils import timezone

from benefits.catalogue.drafting import in_force
from benefits.claims import fixing
from benefits.matching.conditions import matchable
from benefits.matching.writing import write_matches
from benefits.models import Claim, Firm, FixedList
from benefits.rules import rules
from demo.benefits import Claims
from office.jobs.services import Progress

AGO = (70, 30, 1)
"""Days since each list was drawn up; the last one waits to be confirmed."""
WORKING_DAYS_LATER = 2
MOST = 12  # firms of a list; the others are left out, as somebody may who checks them


def note_lists(claims: Claims) -> None:
    for place, days in enumerate(AGO):
        if days < claims.size.days:
            day = claims.diary.today - timedelta(days=days)
            claims.diary.at(day, 10, partial(_draw_up, claims, place))


def _draw_up(claims: Claims, place: int, at: datetime) -> None:
    """Match one item with all firms and draw up those that fit."""
    today = timezone.localdate(at)
    free = [one.category for one in rules()[1].classes.items if one.without_application]
    money = [one.id for one in rules()[1].kinds.items if one.money]
    found = in_force(today).filter(category__in=free, kind__in=money).order_by("item__code")
    version = found[place * 3 % found.count()]
    firms = [(pk, is_cancelled) for pk, is_cancelled in Firm.objects.values_list("pk", "is_cancelled")]
    write_matches(firms, matchable(today, version.pk))
    fitting = list(fixing.who_fits(version, today).values_list("credit_code", flat=True))
    if not fitting:
        return
    fixed = fixing.draw_up_list(
        version=version, leave_out=" ".join(fitting[MOST:]), now=at, acting_user=claims.people["window"]
    )
    claims.diary.after(at, WORKING_DAYS_LATER, partial(_confirm, claims, fixed.pk))


def _confirm(claims: Claims, list_id: int, at: datetime) -> None:
    """What the job does is done at once, in the order of the days; the job then finds nothing left."""
    fixed = fixing.settle_list(
        fixed=FixedList.objects.get(pk=list_id),
        confirms=True,
        opinion="",
        now=at,
        acting_user=claims.people["centre"],
    )
    job = fixing.job_of(fixed)
    if job is None:
        return
    fixing.claim_by_list({"list": fixed.pk}, Progress(job.pk, job.attempts, tell=_quietly))
    for claim in Claim.objects.filter(from_list=fixed).select_related("matter"):
        one = claim.matter.assignments.latest("pk")
        claims.diary.soon(at, claims.chance.randrange(5, 55), partial(claims.sign, claim.pk, one.pk))


def _quietly(*_: object) -> None:
    return None
