"""The sheets that go to a unit with a matter: 交办单 and 督办单, without a word of who reported."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.urls import reverse

from benefits.queries import claim_of
from casework.models import Assignment, Clock, MatterEvent
from office import dates
from reports.documents.content import Content, Field, Fields, Form
from reports.documents.kinds import Ask, Given, Paper, Subject, register, register_subject
from reports.documents.services import About

ASSIGNMENT = "matter_assignment"
COLOR_WORDS = {"red": "红", "yellow": "黄", "blue": "蓝"}
Act = MatterEvent.Act


@dataclass(frozen=True)
class Sheet:
    """`acts`: the events the sheet rests on, none for the assignment itself."""

    title: str
    acts: tuple[MatterEvent.Act, ...] = ()

    def last(self, one: Assignment) -> MatterEvent | None:
        found = [event for event in one.events.all() if event.act in self.acts]
        return max(found, key=lambda event: event.pk, default=None)


ASSIGNED, SUPERVISED = Sheet("交办单"), Sheet("督办单", (Act.CHASED, Act.SUPERVISED))


def sheet_content(sheet: Sheet, one: Assignment, given: Given) -> Content:
    """What the unit must do, by when and why; its answer has room on the same sheet."""
    matter, procedure = one.matter, one.matter.procedure
    word = sheet.title[:2]
    category = f"{procedure.categories.label}：{matter.category_label}"
    return Content(
        form=Form.RECORD,
        title=f"{procedure.office}{sheet.title}",
        issuer=procedure.office,
        on=given.on,
        blocks=(
            Fields(
                (
                    (Field("事项编号", matter.number), Field("类别", _boxes(one) or category)),
                    (Field(f"{word}单位", procedure.office), Field("承办单位", one.unit.name)),
                    (
                        Field("协办单位", given.text("helpers")),
                        Field("收到日期", dates.day(matter.received_on)),
                    ),
                    (Field("事项名称", matter.title),),
                    (Field("反映内容", given.text("matter"), 2),),
                    (Field("办理时限", given.text("until"), 2),),
                    (Field(f"{word}要求", given.text("demands"), 2),),
                    (Field("领导批示", lines=2),),
                    (Field("签收人", str(one.signed_by or "")), Field("签收时间", _moment(one.signed_at))),
                    (Field("办理结果", one.reply, 3),),
                    (Field("佐证材料"),),
                    (Field("核验人"), Field("办结时间", _moment(matter.closed_at))),
                )
            ),
        ),
    )


def _boxes(one: Assignment) -> str:
    """The three colors with the one that holds ticked; none where the procedure has no colors."""
    colors = {item.id: item.color for item in one.matter.procedure.categories.items}
    color = colors.get(one.matter.category, "none")
    if color not in COLOR_WORDS:
        return ""
    return "　".join(f"{'☑' if key == color else '□'}{word}" for key, word in COLOR_WORDS.items())


def _moment(at: datetime | None) -> str:
    return dates.moment(at) if at else ""


def _asks(sheet: Sheet, one: Assignment) -> list[Ask]:
    event = sheet.last(one)
    return [
        Ask("matter", "反映内容", help="只写事项，不写反映人。", initial=one.matter.text, rows=5),
        Ask("until", "办理时限", initial=limits_in_words(one), rows=2),
        Ask(
            "demands",
            f"{sheet.title[:2]}要求",
            initial=event.text if event else one.demands,
            rows=3,
            required=False,
        ),
        Ask("helpers", "协办单位", initial=helpers_of(one), rows=1, required=False),
    ]


def limits_in_words(one: Assignment) -> str:
    """Each limit that runs for the unit, in the sentence that explains it."""
    running = (
        clock for clock in one.clocks.all() if clock.state in (Clock.State.RUNNING, Clock.State.STOPPED)
    )
    return "\n".join(f"{clock.label}：{clock.why}。" for clock in running)


def helpers_of(one: Assignment) -> str:
    gone = (Assignment.State.HANDED_BACK, Assignment.State.TAKEN_BACK)
    others = (
        other.unit.name
        for other in one.matter.assignments.all()
        if other.pk != one.pk and other.cycle == one.cycle and other.state not in gone
    )
    return "、".join(others) if one.is_lead else ""


def answers_of(sheet: Sheet, one: Assignment) -> dict[str, str]:
    """What the data suggest, for sheets that are printed many at once."""
    return {ask.name: ask.initial for ask in _asks(sheet, one)}


def _why_not(sheet: Sheet, one: Assignment) -> str:
    if one.state == Assignment.State.TAKEN_BACK:
        return "这一交办已经收回，不制发文书。"
    if not sheet.acts or sheet.last(one):
        return ""
    return "还没有催办或者督办。请先在事项页面办理。"


def _has_no_notice(one: Assignment) -> bool:
    """A claim has a notice of its own in place of the sheet (`reports.papers.benefits`)."""
    return claim_of(one.matter) is None


def _find(pk: int) -> Assignment | None:
    rows = Assignment.objects.select_related("matter__version", "unit", "signed_by")
    return rows.filter(pk=pk).first()


register_subject(
    ASSIGNMENT,
    Subject(
        label="交办事项",
        find=_find,
        said=str,
        url=lambda found: reverse("casework:matter", args=[found.matter_id]),
        concerns=lambda found: About(ASSIGNMENT, found.pk, found.unit),
    ),
)
for _kind, _sheet in (("matter_assignment", ASSIGNED), ("matter_supervision", SUPERVISED)):
    register(
        Paper(
            kind=_kind,
            label=_sheet.title,
            about=ASSIGNMENT,
            build=partial(sheet_content, _sheet),
            asks=partial(_asks, _sheet),
            why_not=partial(_why_not, _sheet),
            fits=_has_no_notice if _sheet is ASSIGNED else lambda _: True,
        )
    )
