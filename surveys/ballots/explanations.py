"""The file of named persons' explanations of broken controls, for the custodian and for verifiers."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from surveys.ballots import plain_json
from surveys.ballots.control import Control
from surveys.ballots.encoding import Malformed
from surveys.ballots.shapes import misfit

FORMAT = "sanliang-explanations/1"
NAME = "explanations.json"
UNREADABLE = "核对说明文件不完整或不属于本轮评价，请使用评价中心导出的原件。"
_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_FILE = {
    "format": str,
    "survey": str,
    "explanations": [dict.fromkeys(("key", "said", "text", "by", "on"), str)],
    "further": [{"key": str, "said": str, "holds": bool, "explainable?": bool, "uncounted?": bool}],
}


class ExplanationFault(ValueError):  # noqa: N818 - says what it is
    """The file cannot be read or belongs to another survey; the message is Chinese."""


def day(on: str) -> str:
    """A day as it is read; what is none stays."""
    if found := _DAY.fullmatch(on):
        year, month, date = found.groups()
        return f"{year}年{int(month)}月{int(date)}日"
    return on


@dataclass(frozen=True)
class Explanation:
    """Who explained which control how; `said` is the control's sentence with its numbers then."""

    key: str
    said: str
    text: str
    by: str
    on: str

    def __str__(self) -> str:
        return f"{self.said}。说明：{self.text}（{self.by}，{day(self.on)}）"


@dataclass(frozen=True)
class Explanations:
    """A file of explanations; `further` are the server's controls that no bundle can contain."""

    given: tuple[Explanation, ...] = ()
    further: tuple[Control, ...] = field(default=())

    @property
    def explained(self) -> dict[str, str]:
        return {one.key: one.said for one in self.given}

    def of(self, control: Control) -> Explanation | None:
        """The explanation of a broken control, if it may be explained and the numbers are unchanged."""
        fitting = (one for one in self.given if (one.key, one.said) == (control.key, control.said))
        return next(fitting, None) if control.explainable and not control.holds else None


def write(survey: str, given: Iterable[Explanation], further: Iterable[Control]) -> bytes:
    content = {
        "format": FORMAT,
        "survey": survey,
        "explanations": [vars(one) for one in given],
        "further": [vars(one) for one in further],
    }
    return json.dumps(content, ensure_ascii=False, indent=1).encode()


def read(content: bytes, survey: str) -> Explanations:
    """Raises ExplanationFault for malformed input and for another survey."""
    try:
        found = plain_json.parse(content)
        if misfit(found, _FILE) is not None or (found["format"], found["survey"]) != (FORMAT, survey):
            raise ExplanationFault(UNREADABLE)
        given = tuple(Explanation(**entry) for entry in found["explanations"])
        further = tuple(Control(**entry) for entry in found["further"])
    except (Malformed, TypeError) as fault:  # names that no such entry has
        raise ExplanationFault(UNREADABLE) from fault
    return Explanations(given, further)
