"""Two people at one matter at the same moment: one act is done, the other refused, nothing by halves."""

from __future__ import annotations

import pytest

from casework.matters import merging
from casework.matters.events import Act
from casework.matters.following import follow_the_clocks
from casework.models import Clock, Matter
from tests.casework.desk import Desk, at
from tests.kit.at_once import DONE, at_once

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]
WHEN = "2026-03-02T09:00"


def counted(matter: Matter, act: str) -> int:
    return matter.events.filter(act=act).count()


def test_of_two_at_once_one_accepts_signs_replies_and_closes() -> None:
    """WY-R5."""
    desk = Desk()
    matter = desk.register(WHEN).matter
    done, refused = at_once(*[lambda: desk.accept(matter, WHEN)] * 2)
    assert (done, "待研判" in refused) == (DONE, True)
    desk.judge(matter, "yellow", WHEN)
    done, refused = at_once(*[lambda: desk.assign(matter, WHEN)] * 2)
    assert (done, "已经交办" in refused) == (DONE, True)
    assignment = matter.assignments.get()
    done, refused = at_once(*[lambda: desk.sign(assignment, WHEN)] * 2)
    assert (done, "办理中" in refused) == (DONE, True)
    done, refused = at_once(*[lambda: desk.reply(assignment, WHEN)] * 2)
    assert (done, "已回复" in refused) == (DONE, True)
    desk.complete(assignment, WHEN)
    done, refused = at_once(*[lambda: desk.close(Matter.objects.get(pk=matter.pk), WHEN)] * 2)
    assert (done, "已办结" in refused) == (DONE, True)
    for act in (Act.ACCEPTED, Act.ASSIGNED, Act.SIGNED, Act.REPLIED, Act.CLOSED):
        assert counted(matter, act) == 1, act
    assert not Clock.objects.filter(matter=matter, state__in=("running", "stopped")).exists()


def test_two_that_are_merged_into_each_other_at_once_leave_one() -> None:
    """WY-R5: no circle, no ring of waiting."""
    desk = Desk()
    first, second = (desk.register(WHEN).matter for _ in range(2))
    merge = {"now": at(WHEN), "acting_user": desk.clerk}
    done, _ = at_once(
        lambda: merging.merge_matter(matter=first, into=second, **merge),
        lambda: merging.merge_matter(matter=second, into=first, **merge),
    )
    assert done == DONE
    assert Matter.objects.filter(state="merged").count() == 1


def test_two_jobs_at_once_chase_once() -> None:
    """WY-R5: the job may overtake itself."""
    desk = Desk()
    matter = desk.assigned(WHEN, "yellow").matter
    later = at("2026-03-20T09:00")
    at_once(lambda: follow_the_clocks(later), lambda: follow_the_clocks(later))
    assert counted(matter, Act.ROSE) == counted(matter, Act.REFERRED) == counted(matter, Act.SUPERVISED) == 1
    assert counted(matter, Act.CHASED) == 2, "first contact and reply"
