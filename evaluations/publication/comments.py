"""What a department may read of the comments on it (YC-R8): paraphrases and topics, from five comments on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

LEAST_COMMENTS = 5


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment after review: its kind and topic, and the words to show (empty: withheld)."""

    kind: str
    topic: str
    words: str
    is_decided: bool


@dataclass(frozen=True, slots=True)
class ShownComments:
    """What the department reads: a note why nothing is shown, or topics and paraphrases."""

    note: str
    topics: tuple[tuple[str, str], ...] = ()
    matters: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()

    @property
    def is_shown(self) -> bool:
        return not self.note


def comments_shown(remarks: Sequence[Remark], *, topics: Sequence[str] = ()) -> ShownComments:
    """What may be shown of `remarks`, in the given order, which must be random.

    A voter's matter and suggestion are two remarks, so the larger of the two kinds has to reach five.
    Nothing is shown before all are decided: a reader who watched remarks appear one by one would learn more
    than from all at once. A topic with fewer than five remarks is shown without its number.
    """
    kinds = Counter(remark.kind for remark in remarks)
    if not remarks:
        return ShownComments("没有收到对本单位的意见建议。")
    if max(kinds.values()) < LEAST_COMMENTS:
        return ShownComments(f"意见建议少于{LEAST_COMMENTS}条，为保护评价人，不予反馈。")
    if not all(remark.is_decided for remark in remarks):
        return ShownComments("意见建议正在整理。全部复核完毕后，在这里一并反馈。")
    numbers = Counter(remark.topic for remark in remarks)
    known = [*topics, *sorted(set(numbers) - set(topics))]
    return ShownComments(
        "",
        tuple((topic, _in_words(numbers[topic])) for topic in known if numbers[topic]),
        _words(remarks, "matter"),
        _words(remarks, "suggestion"),
    )


def _words(remarks: Sequence[Remark], kind: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each.words for each in remarks if each.kind == kind and each.words))


def _in_words(number: int) -> str:
    return f"{number}条" if number >= LEAST_COMMENTS else f"少于{LEAST_COMMENTS}条"
