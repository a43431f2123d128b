"""YC-R8: what a department may read of the comments on it."""

from __future__ import annotations

import pytest

from evaluations.publication.comments import Remark, comments_shown


def remarks(
    matters: int, suggestions: int = 0, *, topic: str = "服务态度", words: str = "等候时间长"
) -> list[Remark]:
    kinds = ["matter"] * matters + ["suggestion"] * suggestions
    return [Remark(kind, topic, f"{words}{number}", is_decided=True) for number, kind in enumerate(kinds)]


@pytest.mark.parametrize(
    ("matters", "suggestions", "shown"),
    [(4, 0, False), (5, 0, True), (0, 4, False), (0, 5, True), (4, 4, False), (5, 4, True)],
)
def test_five_of_a_kind_are_the_least(matters: int, suggestions: int, shown: bool) -> None:
    """YC-R8: matter and suggestion of one voter are two remarks, so they are not added."""
    found = comments_shown(remarks(matters, suggestions))
    assert found.is_shown is shown
    assert (len(found.matters), len(found.suggestions)) == ((matters, suggestions) if shown else (0, 0))
    assert bool(found.topics) is shown


def test_nothing_before_everything_is_decided() -> None:
    waiting = Remark("matter", "", "", is_decided=False)
    found = comments_shown([*remarks(9), waiting])
    assert not found.is_shown
    assert (found.topics, found.matters) == ((), ())


@pytest.mark.parametrize(("number", "said"), [(4, "少于5条"), (5, "5条")])
def test_a_topic_shows_its_number_from_five_on(number: int, said: str) -> None:
    few = remarks(number, topic="监管监督")
    found = comments_shown([*few, *remarks(6)], topics=["审批服务", "监管监督", "服务态度"])
    assert found.topics == (("监管监督", said), ("服务态度", "6条"))


def test_withheld_words_are_counted_and_not_shown() -> None:
    withheld = Remark("matter", "其他", "", is_decided=True)
    found = comments_shown([*remarks(4), withheld])
    assert found.is_shown
    assert len(found.matters) == 4
    assert dict(found.topics)["其他"] == "少于5条"


def test_the_same_words_stand_once() -> None:
    alike = [Remark("matter", "其他", "等候时间长", is_decided=True)] * 5
    found = comments_shown(alike)
    assert found.matters == ("等候时间长",)
    assert found.topics == (("其他", "5条"),)


def test_without_comments_a_note_says_so() -> None:
    assert comments_shown([]).note == "没有收到对本单位的意见建议。"
