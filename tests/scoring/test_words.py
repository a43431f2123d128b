"""The codes of an outcome in words, with a scheme at hand and without."""

import pytest

from evaluations.scoring import load_scheme
from evaluations.scoring.texts import flag_in_words, withheld_in_words

SCHEME = load_scheme("guangyuan-2022").defaults


@pytest.mark.parametrize(
    ("flag", "alone", "named"),
    [
        ("vetoed", "一票否决", "一票否决"),
        ("carried:realtime", "“realtime”缺项，其权重由其余部分承担", "“实时评价”缺项，其权重由其余部分承担"),
        ("overflow:other", "“other”已扣完，超出部分不再扣", "“other”已扣完，超出部分不再扣"),
        ("anything", "anything", "anything"),
    ],
)
def test_flags_are_told_in_words(flag: str, alone: str, named: str) -> None:
    assert (flag_in_words(flag), flag_in_words(flag, SCHEME)) == (alone, named)


@pytest.mark.parametrize(
    ("reason", "alone", "named"),
    [
        ("no_valid_answers", "样本不足（没有有效票）", "样本不足（没有有效票）"),
        ("nobody_judged", "没有直接评价的人员，不计分", "没有直接评价的人员，不计分"),
        ("missing_part:scheduled", "缺少“scheduled”，暂不计分", "缺少“集中评价”，暂不计分"),
        ("missing_part:strata", "缺少“strata”，暂不计分", "缺少“strata”，暂不计分"),
        ("anything", "anything", "anything"),
    ],
)
def test_a_missing_score_is_explained_in_words(reason: str, alone: str, named: str) -> None:
    assert (withheld_in_words(reason), withheld_in_words(reason, SCHEME)) == (alone, named)
