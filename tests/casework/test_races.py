"""Two people at one matter at the same moment: one act is done, the other refused, nothing by halves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial

import pytest

from casework.hearings import episodes, weeks
from casework.lists import conduct
from casework.matters import acceptance, merging, registration
from casework.matters.events import Act
from casework.matters.following import follow_the_clocks
from casework.models import Clock, Episode, Matter
from office.models import User
from office.roles import Role
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


def test_two_who_enter_the_same_thing_first_get_a_refusal_in_words() -> None:
    """WY-R6, WY-R2: nothing is there yet that could be locked; a constraint alone says nothing readable."""
    desk = Desk()
    episode = {"held_on": date(2026, 3, 2), "medium": "电视", "theme": "项目审批提速"}
    counts = episodes.Counts(70, 41, 18, 9)
    by = (desk.operator, desk.reviewer)

    def race(act: Callable[[User], object]) -> str:
        done, refused = at_once(*[partial(act, user) for user in by])
        assert done == DONE
        return refused

    assert "已经登记" in race(lambda user: episodes.enter_episode(**episode, acting_user=user))
    vote = {"episode": Episode.objects.get(), "unit": desk.unit, "counts": counts, "now": at(WHEN)}
    assert "再次录入" in race(lambda user: episodes.key_vote(**vote, acting_user=user))
    assert "正在起草" in race(lambda user: conduct.begin_version(kind="positive", acting_user=user))
    item = weeks.plan_item(
        week=date(2026, 2, 23),
        unit=desk.unit,
        title="清理闲置窗口",
        text="按要求整改。",
        due_on=date(2026, 2, 27),
        acting_user=desk.operator,
    )
    assert "已经删除" in race(lambda user: weeks.drop_item(item=item, acting_user=user))


def test_of_two_at_once_one_confirms_a_refusal_or_lets_a_held_matter_count() -> None:
    """WY-R5."""
    desk = Desk()
    third = User.objects.create_user("third", role=Role.CENTRE_OPERATOR)
    matter = desk.register(WHEN, "guangyuan-complaints").matter
    told = {"now": at(WHEN), "matter": matter}
    refusal = matter.procedure.intake.refusals[0].id
    acceptance.propose_refusal(**told, refusal=refusal, reason="已经起诉。", acting_user=desk.operator)
    settle = [
        partial(acceptance.settle_refusal, **told, agrees=agrees, opinion="材料已经补齐", acting_user=user)
        for agrees, user in ((True, desk.reviewer), (False, third))
    ]
    done, refused = at_once(*settle)
    assert (done, "不能审核不予受理" in refused) == (DONE, True)
    held = desk.register(WHEN, held="内容相同").matter
    release = partial(registration.release_held, matter=held, now=at(WHEN), acting_user=desk.clerk)
    done, refused = at_once(release, release)
    assert (done, "不能放行" in refused) == (DONE, True)
    assert held.clocks.count() == 1
