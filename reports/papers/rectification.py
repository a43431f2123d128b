"""What a unit must put right: the notice with its list of problems, the sheets of a chase (交办、督办)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from django.urls import reverse
from django.utils import timezone

from departments.models import Notice
from evaluations.models import Disposition, Rectification, RectificationEvent, RectificationItem
from office import dates
from reports.documents.content import (
    Align,
    Attachment,
    Column,
    Content,
    Field,
    Fields,
    Form,
    Heading,
    Paragraph,
    Table,
)
from reports.documents.kinds import Ask, Given, Paper, Subject, register, register_subject
from reports.documents.services import About
from reports.papers import register as entries
from reports.papers.register import DISPOSITION

RECTIFICATION = "rectification"
COLORS = "□红　□黄　□蓝"
BY_THE_UNIT = "由责任单位在整改方案中提出"
PROBLEM_COLUMNS = (
    Column("序号", 2),
    Column("问题", 7, Align.LEFT),
    Column("来源", 4, Align.LEFT),
    Column("要求采取的措施", 6, Align.LEFT),
    Column("责任单位、责任人", 5),
    Column("完成时限", 4),
)
Act, ItemState = RectificationEvent.Act, RectificationItem.State


# --- The notice -----------------------------------------------------------------------------------


def rectification_notice(found: Disposition, given: Given) -> Content:
    one = entries.rectification_of(found)
    rows = _listed(one) if one else _written(found, given)
    return Content(
        form=Form.LETTER,
        title=f"关于{found.subject.name}限期整改的通知书",
        issuer=given.body.name,
        on=given.on,
        mark=given.body.name,
        addressee=found.subject.name,
        blocks=(
            Paragraph(
                f"依据{entries.clause_of(found)}和{entries.decided(found)}，现就{found.round.title}"
                "反映的问题（见附件），要求你单位限期整改。"
            ),
            Heading(1, "整改期限"),
            Paragraph(given.text("limits")),
            Heading(1, "核验"),
            Paragraph(given.text("checking")),
            Heading(1, "逾期的处理"),
            Paragraph(given.text("late")),
        ),
        attachments=(Attachment("整改问题清单", (Table(PROBLEM_COLUMNS, tuple(rows)),)),),
        copies=tuple(given.lines("copies")),
    )


def _listed(one: Rectification) -> Iterator[tuple[str, ...]]:
    """The problems as the rectification lists them; what the unit has yet to plan is left to its plan."""
    unit, last_day = one.disposition.subject.name, timezone.localdate(one.done_due_at)
    for item in one.items.all():
        people = "、".join(dict.fromkeys(filter(None, (item.leader, item.person))))
        yield (
            str(item.number),
            item.problem,
            item.source or item.get_source_kind_display(),
            item.measures or BY_THE_UNIT,
            f"{unit}\n{people}" if people else unit,
            dates.day(item.due_on or last_day),
        )


def _written(found: Disposition, given: Given) -> Iterator[tuple[str, ...]]:
    """One problem a line: 问题｜来源｜措施｜责任人｜时限, of a measure whose scheme keeps no list."""
    for place, line in enumerate(given.lines("problems"), start=1):
        parts = [part.strip() for part in line.replace("|", "｜").split("｜")]
        problem, source, measures, person, until = (parts + [""] * 5)[:5]
        unit = f"{found.subject.name}\n{person}" if person else found.subject.name
        yield str(place), problem, source, measures, unit, until


def _notice_asks(found: Disposition) -> list[Ask]:
    one = entries.rectification_of(found)
    plan, done = entries.limits(found)
    late = "逾期没有完成的，先予督办；仍不完成的，报领导小组处理。"
    if one:
        late = (
            f"逾期满{one.supervision_days}个工作日没有完成的，予以督办；"
            f"满{one.leading_group_days}个工作日仍没有完成的，提交领导小组处理。"
        )
    problems = Ask(
        "problems",
        "整改问题",
        help="每行一个问题，各栏用“｜”隔开：问题｜来源｜要求采取的措施｜责任人｜完成时限。不写评价人，不写举报人。",
        initial=f"{found.because.rstrip('。')}｜{found.round.title}｜｜｜",
        rows=6,
    )
    return [
        *([] if one else [problems]),
        Ask(
            "limits",
            "整改期限",
            initial=f"{plan}前报送整改方案，{done}前完成整改。" if plan else "　年　月　日前完成整改。",
            rows=2,
        ),
        Ask(
            "checking",
            "核验办法",
            initial="整改由责任人以外的人员凭佐证材料逐项核验，核验通过后销号。",
            rows=2,
        ),
        Ask("late", "逾期的处理", initial=late, rows=2),
        entries.copies(),
    ]


def _no_notice(found: Disposition) -> str:
    if why := entries.not_decided(found):
        return why
    one = entries.rectification_of(found)
    if one is None:
        return ""
    if one.state == Rectification.State.ENDED:
        return "这项整改已经终止，不制发文书。"
    return "" if one.items.exists() else "还没有列出整改问题。请先在整改页面列入问题。"


# --- The sheets of a chase ------------------------------------------------------------------------


@dataclass(frozen=True)
class Sheet:
    """A sheet rests on what the centre did in the rectification: without the act there is no sheet."""

    title: str
    act: RectificationEvent.Act

    def last(self, one: Rectification) -> RectificationEvent | None:
        return one.events.filter(act=self.act).order_by("pk").last()


ASSIGNED, SUPERVISED = Sheet("交办单", Act.CHASED), Sheet("督办单", Act.SUPERVISED)


def chase_sheet(sheet: Sheet, one: Rectification, given: Given) -> Content:
    """The unit sees the matter, never who reported it."""
    items = list(one.items.prefetch_related("papers").select_related("checked_by"))
    signed_by, signed_at = _receipt(sheet, one)
    checked = list(dict.fromkeys(str(item.checked_by) for item in items if item.checked_by))
    return Content(
        form=Form.RECORD,
        title=sheet.title,
        issuer=given.body.name,
        on=given.on,
        blocks=(
            Fields(
                (
                    (Field("等级", COLORS), Field("依据文号", one.disposition.number)),
                    (Field(f"{sheet.title[:2]}单位", given.body.name), Field("承办单位", _unit(one))),
                    (Field("协办单位", given.text("helpers")), Field("办理时限", given.text("until"))),
                    (Field(f"{sheet.title[:2]}事项", given.text("matter"), 4),),
                    (Field("办理要求", given.text("demands"), 3),),
                    (Field("领导批示", lines=3),),
                    (Field("签收人", signed_by), Field("签收时间", signed_at)),
                    (Field("办理结果", _lines(items, "progress"), 5),),
                    (Field("佐证材料", _evidence(items), 3),),
                    (Field("核验意见", _lines(items, "opinion"), 3),),
                    (
                        Field("核验人", "、".join(checked)),
                        Field("办结时间", dates.day(one.closed_on) if one.closed_on else ""),
                    ),
                )
            ),
        ),
    )


def _unit(one: Rectification) -> str:
    return one.disposition.subject.name


def _lines(items: list[RectificationItem], name: str) -> str:
    return "\n".join(f"{item.number}. {said}" for item in items if (said := getattr(item, name)))


def _evidence(items: list[RectificationItem]) -> str:
    names = ((item.number, "、".join(paper.file_name for paper in item.papers.all())) for item in items)
    return "\n".join(f"{number}. {said}" for number, said in names if said)


def _receipt(sheet: Sheet, one: Rectification) -> tuple[str, str]:
    """Who signed for the notice of the act that the sheet rests on, and when; empty until then."""
    event = sheet.last(one)
    if event is None:
        return "", ""
    key = f"{one.pk}-{sheet.act}-{timezone.localdate(event.at)}"
    notice = Notice.objects.filter(source="rectification", source_key=key).exclude(received_by=None)
    found = notice.select_related("received_by").first()
    if found is None or found.received_at is None:
        return "", ""
    return str(found.received_by), dates.moment(found.received_at)


def _sheet_asks(sheet: Sheet, one: Rectification) -> list[Ask]:
    event = sheet.last(one)
    open_ones = [item for item in one.items.all() if item.state in (ItemState.OPEN, ItemState.ASKED)]
    matter = "\n".join(
        f"{item.number}. {item.problem.rstrip('。')}"
        + (f"（应于{dates.day(item.due_on)}前完成）。" if item.due_on else "。")
        for item in open_ones
    )
    if not matter:
        matter = f"报送整改方案（应于{dates.moment(one.plan_due_at)}前报送）。"
    return [
        Ask("matter", f"{sheet.title[:2]}事项", help="只写事项，不写反映人。", initial=matter, rows=4),
        Ask("demands", "办理要求", initial=event.text if event else "", rows=3),
        Ask("until", "办理时限", help="写明日期和时刻，如“2026年3月5日17:00前”。", rows=1),
        Ask("helpers", "协办单位", help="没有的，空着。", rows=1, required=False),
    ]


def _no_sheet(sheet: Sheet, one: Rectification) -> str:
    if one.state == Rectification.State.ENDED:
        return "这项整改已经终止，不制发文书。"
    if sheet.last(one):
        return ""
    return f"还没有登记{sheet.act.label}。请先在整改页面办理{sheet.act.label}。"


register_subject(
    RECTIFICATION,
    Subject(
        label="整改",
        find=lambda pk: (
            Rectification.objects.select_related("disposition__subject", "department").filter(pk=pk).first()
        ),
        said=str,
        url=lambda found: reverse("cockpit:rectification", args=[found.pk]),
        concerns=lambda found: About(
            RECTIFICATION, found.pk, found.department, found.disposition.is_about_a_person
        ),
    ),
)
register(
    Paper(
        kind="rectification_notice",
        label="整改通知书",
        about=DISPOSITION,
        build=rectification_notice,
        asks=_notice_asks,
        why_not=_no_notice,
        fits=entries.must_rectify,
    )
)
for _kind, _sheet in (("assignment_sheet", ASSIGNED), ("supervision_sheet", SUPERVISED)):
    register(
        Paper(
            kind=_kind,
            label=_sheet.title,
            about=RECTIFICATION,
            build=partial(chase_sheet, _sheet),
            asks=partial(_sheet_asks, _sheet),
            why_not=partial(_no_sheet, _sheet),
        )
    )
