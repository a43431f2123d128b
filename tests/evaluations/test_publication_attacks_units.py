"""Attacks on how sure the scores of units are: with what pages show, and with corrections."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest

from evaluations.publication import PublicView, Shown, UnitRules, grades_of, with_likely
from evaluations.publication.view import Node
from evaluations.scoring.loading import load_scheme
from tests.evaluations.test_publication_units import (
    FANGCHENG,
    JILIN,
    WUYANG,
    after,
    monitored,
    shown_of,
    voted,
)
from tests.evaluations.unit_rounds import marked, panel

GROUP = next(iter(load_scheme(WUYANG).defaults.subjects.groups))


def sure(scheme_id: str, seen: Shown, kinds: Mapping[str, str] | None = None) -> PublicView:
    policy = load_scheme(scheme_id)
    rules = UnitRules(policy, policy.defaults, kinds or {})
    return with_likely(seen.view, rules, grades_of(policy.defaults))


def face(view: PublicView) -> str:
    """All that pages show but how sure the scores are."""
    return repr([replace(one, likely=None, sampled=None) for one in view.departments])


def said(view: PublicView) -> list[Any]:
    return [one.likely for one in view.departments]


def votes() -> Iterator[dict[str, Any]]:
    """Of 40 to 49 a whole number is shown; of 100 to 199 in one band, times the same shares, an exact one."""
    for n in range(40, 50):
        for bad in range(4, 9):
            for fair in (12, 13):
                yield {**voted(GROUP, n - bad - fair, fair, bad), "group": GROUP}
    for times in range(10, 20):
        yield {**voted(GROUP, 6 * times, 3 * times, times), "group": GROUP}


def polls() -> Iterator[dict[str, Any]]:
    for times in range(1, 10):
        yield monitored(8 * times, times, times)


def test_attack_votes_from_how_sure_a_score_is() -> None:
    """Units that look alike are equally sure, whoever answered what and however many they were."""
    for scheme_id, cases, least in ((WUYANG, votes(), 40), (FANGCHENG, polls(), 2)):
        seen: dict[str, list[Any]] = {}
        alike = 0
        for one in cases:
            view = sure(scheme_id, shown_of(scheme_id, {"d1": one}))
            alike += face(view) in seen
            assert seen.setdefault(face(view), said(view)) == said(view)
            assert None not in said(view)
        assert alike >= least, scheme_id


def test_attack_a_unit_served_alone_from_the_ranks_its_neighbours_may_have() -> None:
    """What is withheld of one moves nobody else's interval or range of ranks."""
    dice = random.Random(6)  # noqa: S311 - made-up answers
    seen: dict[str, list[Any]] = {}
    alike = 0
    for _ in range(60):
        hidden = monitored(dice.randint(1, 3), dice.randint(0, 1), 0)
        view = sure(FANGCHENG, shown_of(FANGCHENG, {"d1": hidden, "d2": monitored(80, 10, 10)}))
        silent = next(one for one in view.departments if one.id == "d1")
        assert silent.figure.score is silent.likely is silent.sampled is None
        alike += face(view) in seen
        assert seen.setdefault(face(view), said(view)) == said(view)
    assert alike > 20


@pytest.mark.parametrize(("moved", "is_shown"), [(0, True), (2, False), (20, True)])
def test_attack_a_voter_from_the_intervals_before_and_after_a_correction(moved: int, is_shown: bool) -> None:
    first = shown_of(WUYANG, {"d1": {**voted("", 60, 20, 20), "group": GROUP}})
    said_before = Shown(first.outcome, first.facts, sure(WUYANG, first))
    again = {"d1": {**voted("", 60 - moved, 20, 20), "group": GROUP}}
    second = after(WUYANG, again, [said_before])
    assert second.view == after(WUYANG, again, [first]).view, "intervals change nothing of what is hidden"
    (found,) = sure(WUYANG, second).departments
    assert (found.figure.score is not None) is is_shown
    assert (found.likely is not None) is is_shown
    assert (found.sampled is not None) is is_shown


def test_an_interval_stands_on_parts_as_their_pages_say_them() -> None:
    """Never on a finer value, and on no part that is not shown alone."""
    for scheme_id, units in (
        (WUYANG, {"d1": {**voted("", 20, 10, 10), "group": GROUP}}),
        (FANGCHENG, {"d1": monitored(8, 1, 1)}),
        (JILIN, {"d1": marked(panel(26, 25, 24, 25, 26, 27, 20))}),
    ):
        (found,) = shown_of(scheme_id, units).view.departments
        values = {node.value for node in _all(found.derivation)}
        assert found.sampled is not None, scheme_id
        assert {one.value for one in found.sampled} <= values, scheme_id


def test_a_score_of_whole_counts_has_no_doubt_of_sampling() -> None:
    """JL-R4: panels mark whole, nobody else might have; low and high are the score."""
    view = sure(JILIN, shown_of(JILIN, {"d1": marked(panel(26, 25, 24, 25, 26, 27, 20))}))
    (found,) = view.departments
    assert found.sampled == ()
    assert found.likely is not None
    assert found.likely.low == found.likely.high == found.figure.score


def _all(node: Node) -> list[Node]:
    return [node, *(one for part in node.parts for one in _all(part))]
