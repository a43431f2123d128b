"""Keying paper after the close: two clerks blind to each other, a third where they differ, then the reviewer.

Who keys the first, second or third time is not chosen: a clerk types a sheet's number and reads the
sheet. Nobody is told what another read. Where the third agrees with neither, the centre's reviewer
reads the sheet, and what the reviewer reads stands.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from django.db import transaction
from django.db.models import QuerySet

from office import audit, roles
from office.errors import Refused
from surveys.ballots import paper
from surveys.ballots.paper_reading import Reading, agreed
from surveys.models import PaperReading, PaperSheet, Stratum, Survey
from surveys.paper import numbers

if TYPE_CHECKING:
    from office.models import User

State = PaperSheet.State
BLANK, NO_MARK = "-", "x"
"""Typed for a mark that is not there, and for what cannot be read as one mark."""
LONGEST = 500  # characters in each of the two lines for words
READ = ("stratum__key_id", "department", "kind", "marks", "matter", "suggestion")
OF_SURVEY = ("survey__state", "survey__paper_finished", "survey__fingerprint")


@dataclass(frozen=True)
class Typed:
    code: str
    kind: str
    marks: str = ""
    matter: str = ""
    suggestion: str = ""


def require_turn(*, survey_id: int, number: str, acting_user: User) -> PaperSheet:
    return _turn(survey_id, PaperSheet.objects.all(), number, acting_user)[0]


def key_sheet(*, survey_id: int, number: str, typed: Typed, acting_user: User) -> PaperSheet:
    """Take in one reading of a sheet; two that agree settle it."""
    with transaction.atomic():
        locked = PaperSheet.objects.select_for_update(of=("self",))
        sheet, earlier = _turn(survey_id, locked, number, acting_user)
        form = _form(survey_id, sheet.survey.fingerprint)
        reading = _reading(form.public, typed)
        decides = sheet.state == State.REVIEW
        PaperReading.objects.create(sheet=sheet, reader=acting_user, **_fields(reading, form))
        _move_on(sheet, [*earlier, reading], form, decides=decides)
        audit.record("裁定纸质票" if decides else "录入纸质票", sheet, acting_user=acting_user)
    return sheet


class Form(NamedTuple):
    """What never changes once a survey is frozen; read once, because it is long."""

    public: str
    strata: dict[str, int]


@lru_cache(maxsize=8)
def _form(survey_id: int, fingerprint: str) -> Form:
    survey = Survey.objects.only("public").get(pk=survey_id, fingerprint=fingerprint)
    strata = Stratum.objects.filter(survey=survey_id, key_id__isnull=False).values_list("key_id", "pk")
    return Form(survey.public, {str(key): pk for key, pk in strata})


def _require_keying(survey: Survey) -> None:
    if survey.state != Survey.State.CLOSED:
        raise Refused("评价截止后、计票前才能录入纸质票")
    if survey.paper_finished:
        raise Refused("本次纸质票录入已经结束", "请将未录入的测评表交评价中心。")


TURNS = {
    State.LABEL: ("paper.key", "录入"),
    State.ONCE: ("paper.key", "录入"),
    State.DIFFERENT: ("paper.settle", "由第三人录入"),
    State.REVIEW: ("paper.decide", "由评价中心复核人员裁定"),
}


def _turn(
    survey_id: int, sheets: QuerySet[PaperSheet], typed: str, user: User
) -> tuple[PaperSheet, list[Reading]]:
    sheet = _sheet(survey_id, sheets, typed)
    _require_keying(sheet.survey)
    number = sheet.number
    if sheet.state == State.SETTLED:
        raise Refused(f"编号{number}的测评表已经核定，不需要再录", "请录下一张。")
    rows = list(PaperReading.objects.filter(sheet=sheet).values_list("reader_id", *READ))
    if any(reader == user.pk for reader, *_ in rows):
        raise Refused(f"编号{number}的测评表您已经录过，须由另一人再录", "请录下一张。")
    action, whose = TURNS[State(sheet.state)]
    if not roles.allowed(user, action):
        raise Refused(f"编号{number}的测评表须{whose}", "请另行放置。")
    return sheet, [Reading(key or "", *rest) for _, key, *rest in rows]


def _sheet(survey_id: int, sheets: QuerySet[PaperSheet], typed: str) -> PaperSheet:
    """The sheet with what has to be known of its survey, without the survey's long texts."""
    digits = numbers.typed(typed)
    if len(digits) == numbers.DIGITS + 1:
        narrow = sheets.select_related("survey").only("number", "state", *OF_SURVEY)
        for sheet in narrow.filter(survey__id=survey_id, number=int(digits)):
            return sheet
    _require_keying(Survey.objects.only("state", "paper_finished").get(pk=survey_id))
    number = numbers.number_in(typed)
    raise Refused(f"没有印制过编号{number}", "请核对编号；确实不符的，请交评价中心。")


def _reading(public: str, typed: Typed) -> Reading:
    code = numbers.typed(typed.code)
    place = numbers.codes(public).get(code)
    if place is None:
        raise Refused(
            f"没有表号“{typed.code.strip()[:20]}”",
            "请对照测评表右上角的表号；不是本次测评表的，请交评价中心。",
        )
    if typed.kind not in (paper.VALID, paper.SPOILED):
        raise Refused("票面情况不明", "请重新录入。")
    marks = _keys(public, place.key, typed.marks) if typed.kind == paper.VALID else ""
    cells = numbers.cells(public)[place.department]
    if typed.kind == paper.VALID and not numbers.notation(public).fit(marks, cells):
        raise Refused(f"这张测评表应有{cells}项，每项一个数字", "请逐项核对。")
    words = [typed.matter.strip(), typed.suggestion.strip()]
    if max(map(len, words)) > LONGEST:
        raise Refused(f"具体事项、意见建议各不超过{LONGEST}字", "请摘要录入。")
    return Reading(place.key, place.department, typed.kind, marks, *words)


def _keys(public: str, key: str, typed: str) -> str:
    """What was typed as a sheet keeps it; marks are typed as such, with commas between them."""
    places = numbers.places_of_marks(public).get(key)
    if places is None:
        return typed
    notation = numbers.notation(public)
    known = {mark: notation.key(place) for mark, place in places.items()}
    known |= {BLANK: notation.blank, NO_MARK: notation.double}
    marks = [one.strip() for one in typed.split(",")]
    if strange := [f"第{at}项：{one[:10]}" for at, one in enumerate(marks, start=1) if one not in known]:
        listed = list(places)
        raise Refused(
            f"有{len(strange)}项不是可用的分数（{listed[-1]}至{listed[0]}分）", "请核对：", faults=strange
        )
    return "".join(known[one] for one in marks)


def _fields(reading: Reading, form: Form) -> dict[str, object]:
    fields = reading._asdict()
    return {"stratum_id": form.strata[fields.pop("key")], **fields}


def _move_on(sheet: PaperSheet, readings: list[Reading], form: Form, *, decides: bool) -> None:
    changed = ["state"]
    width = numbers.notation(form.public).width
    settled = readings[-1] if decides else agreed(readings, width=width)
    if settled:
        fields = _fields(settled, form)
        for name, value in fields.items():
            setattr(sheet, name, value)
        sheet.state = State.SETTLED
        changed += fields
    else:
        sheet.state = {1: State.ONCE, 2: State.DIFFERENT}.get(len(readings), State.REVIEW)
    sheet.save(update_fields=changed)
