"""Properties that hold whatever the counts: found by Hypothesis over every scheme."""

import copy
import json
from contextlib import suppress
from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from evaluations.scoring import (
    InvalidInputError,
    facts_from,
    load_scheme,
    scheme_ids,
    score_facts,
    score_round,
)
from evaluations.scoring.derivation import Derivation
from evaluations.scoring.example import example
from evaluations.scoring.ranking import ListSize, Ranking, lists, ranks
from office.definitions.numbers import exact, half_up, plain, shown

YC, FC, JL, GY = (
    load_scheme(s) for s in ("yuncheng-2023", "fangcheng-2022", "jilin-jkq-2021", "guangyuan-2022")
)
WORDS = ("满意", "比较满意", "基本满意", "不满意", "不了解情况")
ITEMS = [*JL.defaults.step("daily").items]
BONUS = [*JL.defaults.step("bonus").items]
LOOSE = {"min_valid_answers": 1, "min_answers_per_department": 1}

counts = st.fixed_dictionaries({word: st.integers(0, 40) for word in WORDS})
roles = st.sampled_from(["section_head", "other_leader", "staff"])
members = st.lists(st.tuples(roles, counts), min_size=1, max_size=5)
departments = st.lists(members, min_size=1, max_size=6)


def yuncheng(rows: list[Any], **options: Any) -> dict[str, Any]:
    """Facts of departments d0, d1 … with members m0, m1 …"""
    subjects = {
        f"d{at}": {
            "members": {
                f"m{n}": {"role": role, "answers": {"ballot": {"overall": dict(row)}}}
                for n, (role, row) in enumerate(people)
            }
        }
        for at, people in enumerate(rows)
    }
    return {"period": "2023-Q3", "options": LOOSE | options, "subjects": subjects}


def number(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text)


@given(departments, st.data())
def test_one_more_satisfied_answer_never_lowers(rows: list[Any], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(rows) - 1))
    who = data.draw(st.integers(0, len(rows[at]) - 1))
    before = score_facts(YC, yuncheng(rows))["subjects"][f"d{at}"]
    better = [list(people) for people in rows]
    role, row = better[at][who]
    better[at][who] = (role, row | {"满意": row["满意"] + 1})
    after = score_facts(YC, yuncheng(better))["subjects"][f"d{at}"]
    old, new = (number(one["members"][f"m{who}"]["exact"]) for one in (before, after))
    assert new is not None
    assert old is None or new >= old
    if old is not None:  # the same persons count before and after, so the department cannot fall either
        assert number(after["exact"]) >= number(before["exact"])


@given(departments, st.integers(1, 500))
def test_not_knowing_changes_nothing(rows: list[Any], more: int) -> None:
    other = [
        [(role, row | {"不了解情况": row["不了解情况"] + more}) for role, row in people] for people in rows
    ]
    before, after = (score_facts(YC, yuncheng(one))["subjects"] for one in (rows, other))
    for key, subject in before.items():
        for what in ("score", "exact", "grade", "rank", "withheld", "valid_answers", "consequences"):
            assert subject[what] == after[key][what]


@given(departments, st.randoms(use_true_random=False))
def test_order_does_not_matter(rows: list[Any], random: Any) -> None:
    facts = yuncheng(rows)
    shuffled = json.loads(json.dumps(facts))
    for subject in shuffled["subjects"].values():
        people = list(subject["members"].items())
        random.shuffle(people)
        subject["members"] = dict(people)
        for member in subject["members"].values():
            row = list(member["answers"]["ballot"]["overall"].items())
            random.shuffle(row)
            member["answers"]["ballot"]["overall"] = dict(row)
    subjects = list(shuffled["subjects"].items())
    random.shuffle(subjects)
    shuffled["subjects"] = dict(subjects)
    before, after = (score_facts(YC, one)["subjects"] for one in (facts, shuffled))
    for key, subject in before.items():
        assert {k: subject[k] for k in ("exact", "grade", "rank")} == {
            k: after[key][k] for k in ("exact", "grade", "rank")
        }


@given(departments)
def test_renaming_subjects_changes_nothing(rows: list[Any]) -> None:
    facts = yuncheng(rows)
    renamed = facts | {"subjects": {f"x{key}": one | {"name": key} for key, one in facts["subjects"].items()}}
    before, after = (score_facts(YC, one) for one in (facts, renamed))
    for key, subject in before["subjects"].items():
        assert after["subjects"][f"x{key}"] == subject
    assert after["lists"] == before["lists"]


@given(departments)
def test_scores_stay_on_the_scale_and_ranks_agree_with_them(rows: list[Any]) -> None:
    subjects = score_facts(YC, yuncheng(rows))["subjects"].values()
    scored = [
        (number(one["score"]), one["rank"], one["grade"]) for one in subjects if one["score"] is not None
    ]
    for score, rank, grade in scored:
        assert 30 <= score <= 100
        assert rank == 1 + sum(1 for other, _, _ in scored if other > score)
        bands = [("优秀", 90), ("良好", 80), ("合格", 70), ("一般", 60), ("不合格", 0)]
        assert grade == next(name for name, low in bands if score >= low)
    for one in subjects:
        assert (one["score"] is None) == (one["rank"] is None) == (one["withheld"] is not None)


@given(departments)
def test_a_department_equals_its_parts(rows: list[Any]) -> None:
    for subject in score_facts(YC, yuncheng(rows, pooled_below=0))["subjects"].values():
        parts = [number(one["exact"]) for one in subject["members"].values() if one["exact"] is not None]
        if parts:
            assert number(subject["exact"]) == sum(parts) / len(parts)


@given(st.dictionaries(st.sampled_from(ITEMS), st.integers(0, 9)), st.sampled_from(ITEMS))
def test_one_more_deduction_never_raises_and_the_block_holds(occurred: dict[str, int], item: str) -> None:
    more = occurred | {item: occurred.get(item, 0) + 1}
    before, after = (_daily(one) for one in (occurred, more))
    assert 0 <= after.exact <= before.exact <= 40
    taken = -sum((part.exact for part in before.parts), Fraction(0))
    assert before.exact == max(40 - taken, 0)


def _daily(occurred: dict[str, int]) -> Derivation:
    data = {"period": "2021", "subjects": {"a": {"group": "基层单位", "occurrences": occurred}}}
    return score_round(JL, facts_from(data, JL)).subjects["a"].derivation.parts[0]


@given(st.dictionaries(st.sampled_from(BONUS), st.integers(0, 9)), st.sampled_from(BONUS))
def test_bonus_stays_under_its_caps_and_never_falls(occurred: dict[str, int], item: str) -> None:
    more = occurred | {item: occurred.get(item, 0) + 1}
    data = [
        {"period": "2021", "subjects": {"a": {"group": "基层单位", "occurrences": o}}}
        for o in (occurred, more)
    ]
    before, after = (score_round(JL, facts_from(one, JL)).subjects["a"].derivation.parts[2] for one in data)
    assert 0 <= before.exact <= after.exact <= 10
    zone = [part.exact for part in after.parts if part.label == "区级媒体报道"]
    assert all(points <= 3 for points in zone)


@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 60), st.sampled_from(["count", "rate"]))
def test_points_off_stay_within_the_block(good: int, fair: int, bad: int, method: str) -> None:
    def score(*row: int) -> Fraction | None:
        answers = {"enterprises": {"overall": dict(zip(("满意", "基本满意", "不满意"), row, strict=True))}}
        data = {
            "period": "2022-Q1",
            "options": {"deduction_method": method},
            "subjects": {"a": {"answers": answers}},
        }
        return score_round(FC, facts_from(data, FC)).subjects["a"].derivation.parts[2].exact

    found, worse = score(good, fair, bad), score(good, fair, bad + 1)
    assert (found is None) == (good + fair + bad == 0)
    assert worse is not None
    assert 0 <= worse <= (20 if found is None else found)


@given(st.integers(0, 100), st.integers(0, 100), st.integers(0, 40))
def test_the_weighted_total_equals_its_parts(best: int, worst: int, realtime: int) -> None:
    answers: dict[str, Any] = {"scheduled": {"policy": {"非常满意": best, "非常不满意": worst}}}
    answers["realtime"] = {"duty": {"满意": realtime}}
    data = {"period": "2023-1", "subjects": {"a": {"group": "县区", "answers": answers}}}
    total = score_round(GY, facts_from(data, GY)).subjects["a"].derivation
    scheduled, live = total.parts
    if scheduled.exact is None:
        assert total.exact is None
    elif realtime < 30:
        assert total.exact == scheduled.exact
    else:
        assert total.exact == scheduled.exact * Fraction(80, 100) + live.exact * Fraction(20, 100)


@given(st.lists(st.integers(0, 6), max_size=14), st.integers(0, 5), st.integers(0, 5))
def test_lists_hold_the_best_and_the_worst(points: list[int], best: int, worst: int) -> None:
    scores = {f"u{at}": (Fraction(one),) for at, one in enumerate(points)}
    found = lists(scores, Ranking(clause="一", says="排名。"), ListSize(best=best, worst=worst))
    assert not set(found.best) & set(found.worst)
    if len(set(points)) > 1:
        assert len(found.best) >= min(best, len(points)) or best == 0
        outside = [one for key, one in scores.items() if key not in found.best]
        assert all(scores[key] >= other for key in found.best for other in outside)
        inside = [one for key, one in scores.items() if key not in found.worst and key not in found.best]
        assert all(scores[key] <= other for key in found.worst for other in inside)
        for name, size in ((found.best, best), (found.worst, worst)):
            assert len(name) <= size or set(name) & set(found.to_confirm)
    else:
        assert (found.best, found.worst) == ([], [])
    assert ranks(scores) == {key: 1 + sum(o > one for o in scores.values()) for key, one in scores.items()}


@given(st.fractions(min_value=-1000, max_value=1000), st.integers(0, 4))
def test_rounding_is_half_up_and_writing_is_exact(value: Fraction, places: int) -> None:
    rounded = half_up(value, places)
    assert abs(rounded - value) * 10**places <= Fraction(1, 2)
    if abs(rounded - value) * 10**places == Fraction(1, 2):
        assert abs(rounded) > abs(value)
    assert Fraction(shown(value, places)) == rounded
    assert Fraction(plain(value)) == value
    if "/" not in plain(value):
        assert exact(plain(value)) == value


def test_a_decimal_is_written_out_however_long_it_is() -> None:
    """No step on the way is a binary float."""
    for value in (Fraction(1, 2 * 5**30), Fraction(1, 5 * 2**70), Fraction(10**20 + 1, 2)):
        assert Fraction(plain(value)) == value
        assert "/" not in plain(value)


EXAMPLES = {scheme: example(load_scheme(scheme)) for scheme in scheme_ids()}
anything = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 200) | st.floats(allow_nan=False) | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=4), inner, max_size=2),
    max_leaves=4,
)


@given(st.sampled_from(sorted(EXAMPLES)), st.data())
def test_whatever_stands_anywhere_in_the_facts_it_scores_or_is_refused(
    scheme: str, data: st.DataObject
) -> None:
    facts = copy.deepcopy(EXAMPLES[scheme])
    node: Any = facts
    while True:
        keys = list(node) if isinstance(node, dict) else list(range(len(node)))
        key = data.draw(st.sampled_from(keys))
        if not isinstance(node[key], dict | list) or not node[key] or data.draw(st.integers(0, 3)) == 0:
            break
        node = node[key]
    node[key] = data.draw(anything)
    with suppress(InvalidInputError):
        json.dumps(score_facts(load_scheme(scheme), facts))
