"""Box against slips (清点核对): every control of a survey, which are broken, who explained them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from django.utils import timezone

from surveys.ballots.bundle import Bundle
from surveys.ballots.control import Control, unexplained
from surveys.ballots.controls import controls
from surveys.ballots.explanations import Explanation, write
from surveys.box import bundles
from surveys.box.paper_trail_controls import paper_trail_controls
from surveys.models import ControlExplanation, Survey
from surveys.slips.returned import BatchRow


@dataclass(frozen=True)
class Checked:
    control: Control
    explanation: ControlExplanation | None

    @property
    def blocks(self) -> bool:
        return bool(unexplained([self.control], self._explained()))

    @property
    def may_be_explained(self) -> bool:
        return self.blocks and self.control.explainable

    @property
    def verdict(self) -> str:
        if self.control.uncounted:
            return "未清点"
        if self.control.holds:
            return "相符"
        return "不相符" if self.blocks else "不相符，已说明"

    def _explained(self) -> dict[str, str]:
        return {self.explanation.key: self.explanation.said} if self.explanation else {}


def controls_of(survey: Survey, rows: list[BatchRow] | None = None) -> list[Control]:
    """All controls as of now: those of the closed box, and those known outside it.

    `rows`: the batches with what was scanned of them, where they are at hand.
    """
    path = bundles.path_of(survey)
    in_the_box = _of_bundle(str(path), path.stat().st_mtime_ns) if path.exists() else ()
    return [*in_the_box, *paper_trail_controls(survey, rows)]


@lru_cache(maxsize=8)
def _of_bundle(path: str, written: int) -> tuple[Control, ...]:
    """A written bundle never changes; reading a large one takes seconds."""
    return tuple(controls(Bundle(Path(path))))


def checked(survey: Survey, found: list[Control] | None = None) -> list[Checked]:
    given = {(one.key, one.said): one for one in explanations(survey)}
    found = controls_of(survey) if found is None else found
    return [Checked(one, given.get((one.key, one.said))) for one in found]


def explanations(survey: Survey) -> list[ControlExplanation]:
    return list(ControlExplanation.objects.filter(survey=survey).select_related("user"))


def uncounted(survey: Survey) -> int:
    """How many controls could not be made, since nobody counted what they compare."""
    return sum(one.uncounted for one in controls_of(survey))


def explained(survey: Survey) -> list[Explanation]:
    return [
        Explanation(one.key, one.said, one.text, str(one.user), timezone.localdate(one.at).isoformat())
        for one in explanations(survey)
    ]


@dataclass(frozen=True)
class Published:
    """An explanation as everybody reads it: which numbers, but not how many slips of a town were used."""

    about: str
    text: str
    by: str
    on: date


PUBLIC_WORDS = {
    "per_key_replaced": "选票多于没有换发的已用凭条",
    "batch_codes": "票码与印制的张数不符",
    "batch_used": "已用凭条多于登记发出的凭条",
    "batch_sum": "发出、退回和损毁的张数之和与印制的张数不符",
    "batch_returned": "扫描退回的凭条多于登记退回的凭条",
    "returned_scanned": "扫描退回的凭条多于登记退回的凭条",
    "returned_redeemed": "作为未用退回的凭条中有已经使用的",
    "sitting_late": "清点数在截止之后登记，没有写入计票包",
    "sitting_counted": "截止时尚未办结",
}


def published_explanations(survey: Survey) -> list[Published]:
    """What was explained, for the announcement: a town's numbers stay inside."""
    return [
        Published(_about(one), one.text, str(one.user), timezone.localdate(one.at))
        for one in explanations(survey)
    ]


def _about(one: ControlExplanation) -> str:
    place, mark, _ = one.said.partition("：")
    words = PUBLIC_WORDS.get(one.key.partition(":")[0], "登记的数字不符")
    return f"{place}{mark}{words}" if mark else words


def explanations_file(survey: Survey) -> bytes:
    """The same as a file for the custodian and whoever verifies, with what no bundle can hold."""
    return write(survey.public_id, explained(survey), paper_trail_controls(survey))


def blocking(survey: Survey, found: list[Control]) -> list[Control]:
    """The broken controls that nobody explained: neither tally nor publication goes on."""
    return unexplained(found, {one.key: one.said for one in explanations(survey)})
