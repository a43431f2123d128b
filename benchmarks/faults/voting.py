"""Votes under a fault: what was accepted is stored and counted, once, and every receipt is in the box.

Voters send the very same bytes again after 0.5–1.5 s, as the page's 重试 does, until an answer comes.
"""

# ruff: noqa: PLC0415 - Django must be set up before anything of it is imported
# ruff: noqa: S311 - chance for a benchmark

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any

from benchmarks import votes
from benchmarks.faults.world import World, descendants, kill

AT_ONCE = 32
VOTES = 480
PERSONS = 72
FIRST = 20  # votes before the fault: one that fell before all votes would prove nothing
PAUSE = (0.4, 1.6)  # seconds between two voters of one phone, so that the faults fall among votes
GIVES_UP = 90.0
AGAIN = {429, 500, 502, 503, 504}
Fault = Callable[[World], Awaitable[int]]


class Poll:
    """One survey, its voters, and what they were answered."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.office = votes.users()
        self.survey, slips = votes.opened(self.office, VOTES, PERSONS)
        self.phones = [votes.made(self.survey, slip) for slip in slips]
        self.receipts: dict[str, str] = {}
        self.words: Counter[str] = Counter()
        self.other: Counter[str] = Counter()
        self.given_up: list[str] = []
        self.accepted_at: list[float] = []
        self.enough = asyncio.Event()

    async def take_place(self, fault: Fault) -> int:
        """Let all vote; the fault happens among them. Return how often it did."""
        waiting = iter(self.phones)
        happening = asyncio.create_task(self._once_they_vote(fault))
        await asyncio.gather(*(self._voters(waiting) for _ in range(AT_ONCE)))
        return await happening

    async def _once_they_vote(self, fault: Fault) -> int:
        await self.enough.wait()
        return await fault(self.world)

    async def _voters(self, waiting: Any) -> None:
        line = Line(self.world.web.port)
        for phone in waiting:
            await asyncio.sleep(random.uniform(*PAUSE))
            try:
                await self._vote(line, phone)
            except NotAcceptedError as refusal:
                self.given_up.append(str(refusal))
        line.close()

    async def _vote(self, line: Line, phone: dict[str, Any]) -> None:
        from surveys.ballots.encoding import to_b64

        phone["phone"].take(await self._until_answered(line, "/v/redeem", phone["redeem"]))
        cast = {**phone["cast"], "sig": to_b64(phone["phone"].signature)}
        answer = await self._until_answered(line, "/v/cast", cast)
        self.receipts[answer["tracker"]] = answer["receipt"]
        self.words.update(phone["words"])
        self.accepted_at.append(time.monotonic())
        if len(self.receipts) >= FIRST:
            self.enough.set()

    async def _until_answered(self, line: Line, path: str, body: dict[str, Any]) -> dict[str, Any]:
        deadline = time.monotonic() + GIVES_UP
        while time.monotonic() < deadline:
            try:
                status, answer = await asyncio.wait_for(line.post(path, body), 15)
            except (OSError, EOFError, ValueError, StopIteration, RuntimeError, TimeoutError):
                line.close()
                self.other["none"] += 1
            else:
                if status == 200:
                    return dict(answer)
                self.other[str(status)] += 1
                if status not in AGAIN:
                    raise NotAcceptedError(f"{path}: {status} {answer}")
            await asyncio.sleep(random.uniform(0.5, 1.5))
        raise NotAcceptedError(f"{path}: no answer in {GIVES_UP:.0f} s")

    def counted(self) -> dict[str, Any]:
        """Close, count with the key, and compare box, counts and receipts with what phones were told."""
        from surveys import services
        from surveys.ballots.encoding import from_b64
        from surveys.box import bundles
        from surveys.models import Ballot
        from tests.kit.receipts import receipt_holds

        stored = Ballot.objects.filter(stratum__survey=self.survey).count()
        services.close_survey(survey=self.survey, acting_user=self.office)
        tallied = services.tally_survey(
            survey=self.survey, passphrase=votes.PASSPHRASE, acting_user=self.office
        )
        box = Counter(bundles.read(self.survey).trackers())
        key = from_b64(self.survey.frozen()["box_key"])
        bad = sum(
            not receipt_holds(key, self.survey.public_id, tracker, from_b64(receipt))
            for tracker, receipt in self.receipts.items()
        )
        gaps = [
            later - earlier for earlier, later in zip(self.accepted_at, self.accepted_at[1:], strict=False)
        ]
        return {
            "accepted": len(self.receipts),
            "stored": stored,
            "counted": sum(tallied.controls["ballots"].values()),
            "lost": len(self.receipts.keys() - box.keys()),
            "doubled": sum(times - 1 for times in box.values()) + len(box.keys() - self.receipts.keys()),
            "bad_receipts": bad,
            "words_agree": self.words == votes.words_in(tallied.counts),
            "given_up": self.given_up[:5],
            "other_answers": dict(self.other),
            "longest_gap": round(max(gaps, default=0), 1),
        }


class NotAcceptedError(Exception):
    """What a voter was told."""


class Line:
    """A phone's connection, made again when it broke."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.streams: tuple[Any, Any] | None = None

    async def post(self, path: str, body: dict[str, Any]) -> tuple[int, Any]:
        if self.streams is None:
            self.streams = await asyncio.open_connection("127.0.0.1", self.port)
        return await votes.post(*self.streams, path, body)

    def close(self) -> None:
        if self.streams:
            self.streams[1].close()
        self.streams = None


async def in_thread(act: Callable[[], object]) -> None:
    await asyncio.get_running_loop().run_in_executor(None, act)


async def twice(act: Callable[[], Awaitable[None]]) -> int:
    for _ in range(2):
        await asyncio.sleep(4)
        await act()
    return 2


async def worker_killed(world: World) -> int:
    for _ in range(3):
        await asyncio.sleep(4)
        kill(random.choice(descendants(world.web.pid)))
    return 3


async def web_killed(world: World) -> int:
    async def act() -> None:
        await in_thread(world.web.kill)
        await asyncio.sleep(2)
        await in_thread(world.web.start)

    return await twice(act)


async def database_stopped(world: World) -> int:
    async def act() -> None:
        await in_thread(world.postgresql.stop_at_once)
        await asyncio.sleep(3)
        await in_thread(world.postgresql.start)

    return await twice(act)


async def backend_killed(world: World) -> int:
    async def act() -> None:
        kill(random.choice(world.postgresql.backends()))

    return await twice(act)


async def redis_killed(world: World) -> int:
    async def act() -> None:
        await in_thread(world.redis.kill)
        await asyncio.sleep(6)
        await in_thread(world.redis.start)

    return await twice(act)


async def clock_jumps(world: World) -> int:
    jumps = (7200.0, -7200.0, 40 * 86400.0, 0.0)
    for seconds in jumps:
        await asyncio.sleep(3)
        world.set_clock(seconds)
    return len(jumps)


async def disk_full(world: World) -> int:
    async def act() -> None:
        with world.full_disk():
            await asyncio.sleep(6)

    return await twice(act)


async def backups(world: World) -> int:
    async def act(number: int) -> None:
        done = await asyncio.to_thread(world.manage, "backup", str(world.folder / f"backup-{number}.zip"))
        if done.returncode:
            raise RuntimeError(f"the backup failed: {done.stderr[-400:]}")

    for number in range(2):
        await asyncio.sleep(3)
        await act(number)
    return 2


def run(world: World, fault: Fault) -> dict[str, Any]:
    """The whole of one run; `ok` says whether everything agrees."""
    world.ready()
    from django.db import connections

    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    poll = Poll(world)
    world.web.start()
    connections.close_all()
    happened = asyncio.run(poll.take_place(fault))
    with contextlib.suppress(Exception):
        connections.close_all()
    found = poll.counted()
    agree = found["accepted"] == found["stored"] == found["counted"] == VOTES
    faults = found["lost"] + found["doubled"] + found["bad_receipts"] + len(found["given_up"])
    return {"ok": agree and not faults and found["words_agree"], "happened": happened, **found}
