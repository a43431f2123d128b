"""Ledgers of occurrences for ``deductions``, ``bonus`` and ``adjustments``: what counts how often."""

import unicodedata
from collections.abc import Iterable
from dataclasses import replace

from pydantic import Field

from evaluations.scoring.derivation import Derivation
from evaluations.scoring.facts import Event
from office.definitions.numbers import plain, signed
from office.definitions.rule import Number, Points, Rule, Words


class Item(Rule):
    """A rule of a ledger: points each time, at most ``cap`` in all.

    ``once`` counts any number of occurrences as one. ``optional`` items may not apply to a subject. If an
    occurrence has a title, it must contain one of ``keywords``.
    """

    label: Words
    points: Number
    cap: Points | None = None
    once: bool = False
    optional: bool = False
    keywords: tuple[Words, ...] = ()

    def takes(self, title: str) -> bool:
        """Whether what happened under this title counts."""
        found = folded(title)
        return not (found and self.keywords) or any(folded(word) in found for word in self.keywords)


class PositiveItem(Item):
    """An item with an unsigned amount; the step decides whether it is added or deducted."""

    points: Points = Field(gt=0)


def highest_per_practice(
    items: dict[str, Item], events: dict[str, tuple[Event, ...]]
) -> dict[str, tuple[Event, ...]]:
    """Keep, of all events of one practice, only the one with the most points (the first of several), once.

    The others keep a count of 0. Events without a practice, and events of items without positive points, are
    always kept.
    """
    best: dict[str, tuple[str, int]] = {}
    for key, found in events.items():
        for place, event in enumerate(found):
            if not _competes(items[key], event):
                continue
            name = folded(event.practice)
            if name not in best or items[key].points > items[best[name][0]].points:
                best[name] = (key, place)
    return {
        key: tuple(
            _once(event, counts=best[folded(event.practice)] == (key, place))
            if _competes(items[key], event)
            else event
            for place, event in enumerate(found)
        )
        for key, found in events.items()
    }


def _once(event: Event, *, counts: bool) -> Event:
    return replace(event, count=1 if counts else 0, repeated=event.count - counts)


def _competes(item: Item, event: Event) -> bool:
    return bool(event.practice) and item.points > 0 and event.count > 0


def folded(text: str) -> str:
    """Full and half width, upper and lower case, and spaces are no difference between words."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def entry(
    item: Item, events: Iterable[Event], *, sign: int = 1, vetoing: Iterable[Event] = ()
) -> Derivation | None:
    """The line of one item, or None if nothing happened. ``vetoing`` set off a veto and cost nothing more."""
    counted, left_out, remarks = 0, [], []
    for event in events:
        if not item.takes(event.title):
            left_out.append(f"“{event.title}”不含规定词汇，不计")
            continue
        counted += event.count
        if event.repeated:
            left_out.append(f"“{event.practice}”另有 {event.repeated} 次不计，同一做法只计最高的一次")
        remarks += [remark for remark in (event.remark,) if remark]
    if vetoed := sum(event.count for event in vetoing):
        left_out.append(f"另有 {vetoed} 次已引起一票否决，不再计分")
    if not counted and not left_out:
        return None
    times = min(counted, 1) if item.once else counted
    value = item.points * times
    because = f"{counted} 次，每次 {signed(sign * item.points)} 分"
    if item.once and counted > 1:
        because += "，只计一次"
    if item.cap is not None and value > item.cap:
        value = item.cap
        because += f"，封顶 {plain(item.cap)} 分"
    because += "".join(f"；{why}" for why in left_out)
    because += f"；备注：{'、'.join(remarks)}" if remarks else ""
    return Derivation(item.label, item.clause, sign * value, because, readings=item.readings)
