"""Keying paper after the close: two clerks blind to each other, a third where they differ, then the reviewer.

Who keys the first, second or third time is not chosen: a clerk types a sheet's number and reads the
sheet. Nobody is told what another read. Where the third agrees with neither, the centre's reviewer
reads the sheet, and what the reviewer reads stands.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import QuerySet

from office import audit, roles
from office.errors import Refused
from surveys import paper_numbers
from surveys.ballots import paper
from surveys.ballots.paper_reading import Reading, agreed
from surveys.models import PaperReading, PaperSheet, Stratum, Survey

if TYPE_CHECKING:
    from office.models import User

State = PaperSheet.State
LONGEST = 500  # characters in each of the two lines for words
NOT_KEYED = "未作登记，已填内容仍在屏幕上。"


@dataclass(frozen=True)
class Typed:
    """What a clerk typed, as it came."""

    code: str
    kind: str
    marks: str = ""
    matter: str = ""
    suggestion: str = ""


def require_turn(*, survey: Survey, number: str, acting_user: User) -> PaperSheet:
    """The sheet of a typed number, if it is this clerk's turn to read it; else refuse by name."""
    survey = _keyed_now(survey)
    return _turn(survey, PaperSheet.objects.all(), number, acting_user)


def key_sheet(*, survey: Survey, number: str, typed: Typed, acting_user: User) -> PaperSheet:
    """Take in one reading of a sheet; two that agree settle it."""
    with transaction.atomic():
        survey = _keyed_now(survey)
        sheet = _turn(survey, PaperSheet.objects.select_for_update(), number, acting_user)
        reading = _reading(survey, typed)
        strata = dict(Stratum.objects.filter(survey=survey).values_list("key_id", "pk"))
        decides = sheet.state == State.REVIEW
        PaperReading.objects.create(sheet=sheet, reader=acting_user, **_fields(reading, strata))
        _move_on(sheet, reading, strata, decides=decides)
        audit.record("裁定纸质票" if decides else "录入纸质票", sheet, acting_user=acting_user)
    return sheet


def _keyed_now(survey: Survey) -> Survey:
    survey = Survey.objects.only("state", "paper_finished", "public").get(pk=survey.pk)
    if survey.state != Survey.State.CLOSED:
        raise Refused(f"打票截止后、计票前才能录入纸质票，{NOT_KEYED}")
    if survey.paper_finished:
        raise Refused(f"本次纸质票录入已经结束，{NOT_KEYED}请将未录入的测评表交评价中心。")
    return survey


TURNS = {
    State.LABEL: ("paper.key", "录入"),
    State.ONCE: ("paper.key", "录入"),
    State.DIFFERENT: ("paper.settle", "由第三人录入"),
    State.REVIEW: ("paper.decide", "由评价中心复核人员裁定"),
}


def _turn(survey: Survey, sheets: QuerySet[PaperSheet], number: str, user: User) -> PaperSheet:
    wanted = paper_numbers.number_in(number)
    sheet = sheets.filter(survey=survey, number=wanted).first()
    if sheet is None:
        raise Refused(f"没有印制过编号{wanted}，{NOT_KEYED}请核对编号；确实不符的，请交评价中心。")
    if sheet.state == State.SETTLED:
        raise Refused(f"编号{wanted}的测评表已经核定，不需要再录，{NOT_KEYED}请录下一张。")
    if PaperReading.objects.filter(sheet=sheet, reader=user).exists():
        raise Refused(f"编号{wanted}的测评表您已经录过，须由另一人再录，{NOT_KEYED}请录下一张。")
    action, whose = TURNS[State(sheet.state)]
    if not roles.allowed(user, action):
        raise Refused(f"编号{wanted}的测评表须{whose}，{NOT_KEYED}请另行放置。")
    return sheet


def _reading(survey: Survey, typed: Typed) -> Reading:
    code = paper_numbers.typed(typed.code)
    place = paper_numbers.codes(survey.public).get(code)
    if place is None:
        raise Refused(
            f"没有表号“{typed.code.strip()[:20]}”，{NOT_KEYED}请对照测评表右上角的表号；不是本次测评表的，请交评价中心。"
        )
    if typed.kind not in (paper.VALID, paper.SPOILED):
        raise Refused(f"票面情况不明，{NOT_KEYED}请重新录入。")
    marks = typed.marks if typed.kind == paper.VALID else ""
    cells = paper_numbers.cells(survey.public)[place.department]
    if typed.kind == paper.VALID and not paper.marks_fit(marks, cells, paper_numbers.choices(survey.public)):
        raise Refused(f"这张测评表应有{cells}项，每项一个数字，{NOT_KEYED}请逐项核对。")
    words = [typed.matter.strip(), typed.suggestion.strip()]
    if max(map(len, words)) > LONGEST:
        raise Refused(f"具体事项、意见建议各不超过{LONGEST}字，{NOT_KEYED}请摘要录入。")
    return Reading(place.key, place.department, typed.kind, marks, *words)


def _fields(reading: Reading, strata: dict[str | None, int]) -> dict[str, object]:
    fields = reading._asdict()
    return {"stratum_id": strata[fields.pop("key")], **fields}


def _move_on(sheet: PaperSheet, reading: Reading, strata: dict[str | None, int], *, decides: bool) -> None:
    """Settle the sheet where two readings agree; otherwise say who reads it next."""
    keys = {pk: key for key, pk in strata.items()}
    rows = PaperReading.objects.filter(sheet=sheet).values_list(
        "stratum_id", "department", "kind", "marks", "matter", "suggestion"
    )
    readings = [Reading(keys[stratum] or "", *rest) for stratum, *rest in rows]
    settled = reading if decides else agreed(readings)
    if settled:
        for name, value in _fields(settled, strata).items():
            setattr(sheet, name, value)
        sheet.state = State.SETTLED
    else:
        sheet.state = {1: State.ONCE, 2: State.DIFFERENT}.get(len(readings), State.REVIEW)
    sheet.save()
