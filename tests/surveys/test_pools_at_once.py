"""Two people at one pool: a purpose is drawn for once, a substitute steps in once, on either database."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from office.errors import Refused
from surveys import services
from surveys.models import DrawnMember, PoolDraw
from surveys.respondents.pools import drawing
from tests.kit import pools

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]


def at_once(*acts: Callable[[], object]) -> list[str]:
    """What each of these said, started together, each in a thread of its own."""
    start = Barrier(len(acts))

    def said(act: Callable[[], object]) -> str:
        start.wait()
        try:
            act()
        except Refused as refused:
            return refused.message
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(len(acts)) as threads:
        return sorted(threads.map(said, acts))


def test_of_two_draws_for_one_purpose_the_second_is_refused() -> None:
    """GY-R3"""
    pool = pools.small_pool()
    listed = drawing.Listing.of(pool).hash()
    user = pools.centre()

    def draw() -> None:
        services.draw_from_pool(
            pool=pool,
            wanted=pools.wanted(10),
            expected_hash=listed,
            now=timezone.now(),
            acting_user=user,
        )

    first, second = at_once(draw, draw)
    assert first == ""
    assert second.startswith("已经为这一用途抽取过，不能重抽，未作任何更改。")
    assert PoolDraw.objects.get().drawn.filter(is_reserve=False).count() == 10


def test_of_two_who_replace_one_member_the_second_is_refused() -> None:
    """POOL-01: one substitute is used, not two."""
    draw = pools.drawn_from(pools.small_pool(), 10)
    user, victim = pools.centre(), draw.drawn.filter(cell__name="城区")[0]

    def replace() -> None:
        services.replace_drawn(drawn=victim, reason="拒访", now=timezone.now(), acting_user=user)

    first, second = at_once(replace, replace)
    assert first == ""
    assert second.startswith("只能替换应访的样本，未作任何更改。")
    assert DrawnMember.objects.filter(state=DrawnMember.State.STEPPED_IN).count() == 1
    assert drawing.faults_of(draw) == []
