"""What a scheme may say that no shipped scheme says, tried in a small one."""

import re
from pathlib import Path
from typing import Any

import pytest

from evaluations.scoring import facts_from, parse_scheme, score_round
from evaluations.scoring.derivation import Derivation
from evaluations.scoring.report import derivation_lines
from tests.scoring.test_broken_input import BASE

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "adding-a-scheme.md"


def small(replace: dict[str, str], subject: dict[str, Any], **options: Any) -> Derivation:
    """The score of one unit under the small scheme, so changed."""
    text = BASE
    for old, new in replace.items():
        assert old in text, old
        text = text.replace(old, new)
    policy = parse_scheme(text)
    data = {"period": "2024", "options": options, "subjects": {"a": subject}}
    return score_round(policy, facts_from(data, policy)).subjects["a"].derivation


BONUS = {
    "only_if: {way: other}, kind: bonus": "kind: bonus, "
    "per_practice: {option: way, cases: {plain: all, other: highest}}",
    "points: 2, cap: 6}": "points: 2, cap: 6}, medal: {label: 奖牌, clause: 三, says: 加。, points: 3}",
    "score: {subject: total": "score: {subject: other",
}
PRACTICES = {
    "praise": [{"practice": "一窗"}, {"practice": "一窗"}, {"practice": "帮办"}, {}],
    "medal": [{"practice": "一窗"}],
}


@pytest.mark.parametrize(("way", "points"), [("plain", 6 + 3), ("other", 2 + 2 + 3)])
def test_a_bonus_may_count_only_the_highest_of_each_practice(way: str, points: int) -> None:
    """JL-R5 by another reading: four times 表扬 capped at 6 and a medal; or of 一窗 the medal alone, with
    帮办 and the one that names no practice.
    """
    found = small(BONUS, {"occurrences": PRACTICES}, way=way)
    assert found.exact == points
    assert found.because == f"加 {points} 分"


def test_a_bonus_stops_at_its_cap() -> None:
    found = small(BONUS, {"occurrences": {"praise": 3, "medal": 2}})
    assert (found.exact, found.because) == (10, "加 12 分，封顶 10 分")
    at_cap = small(BONUS | {"points: 3}": "points: 4}"}, {"occurrences": {"praise": 3, "medal": 1}})
    assert (at_cap.exact, at_cap.because) == (10, "加 10 分")


TAKEN = {
    "kind: ballot_mean, clause: 二, says: 平均。, label: 得分, source: ballot, scale: words, "
    "questions: {overall: {label: 总体}}, min_answers": "kind: answer_deductions, clause: 二, says: 扣。, "
    "label: 得分, source: ballot, scale: words, full: 10, min_answers",
    "choices: {满意: 100, 不满意: 30}": "choices: {满意: 0, 不满意: 1}",
    "score: {subject: total": "score: {subject: ballot",
    "default: 10,": "default: 1,",
}


@pytest.mark.parametrize(
    ("bad", "score", "because"),
    [
        (9, 1, "10 分逐份扣减：不满意 9×1"),
        (10, 0, "10 分逐份扣减：不满意 10×1"),
        (11, 0, "10 分逐份扣减：不满意 11×1；应扣 11 分，扣完为止"),
    ],
)
def test_points_off_end_at_nought_where_the_scheme_names_no_floor(bad: int, score: int, because: str) -> None:
    found = small(TAKEN, {"answers": {"ballot": {"overall": {"满意": 1, "不满意": bad}}}})
    assert (found.exact, found.because) == (score, because)
    assert list(derivation_lines(found, 2)) == [f"得分　{score}.00　［二］{because}　口径 1"]


def test_the_parts_that_the_guide_shows_load() -> None:
    blocks = re.findall(r"```yaml\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    (shown,) = [block for block in blocks if block.startswith("strata:")]
    for own, other in {"beside: department": "beside: ballot", "[satisfied]": "[daily]"}.items():
        shown = shown.replace(own, other)
    text = re.sub(r"^grades:\n(?: .*\n)+|^ranking:.*\n", "", BASE, flags=re.MULTILINE)
    text = text.replace("[好]", "[优秀]").replace("\nconsequences:", f"\n{shown}consequences:")
    scheme = parse_scheme(text).defaults
    assert scheme.grades is not None
    assert scheme.grades.names() == ["优秀", "达标", "不达标"]
    assert scheme.streaks is not None
    assert scheme.streaks.without_result == "skipped"
